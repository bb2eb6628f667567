"""`list`, `show`, `lineage`, `label`, `delete`, `doctor`: what is stored, and its care."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mispredict.cli import views
from mispredict.cli.group import Command
from mispredict.cli.output import done, give, print_json, record_of
from mispredict.cli.settings import Settings
from mispredict.core.errors import BadOption, UnknownName

if TYPE_CHECKING:
    from mispredict.store import Version
    from mispredict.workspace import Workspace

KINDS = ("dataset", "model", "evaluation", "cohort", "tag", "threshold", "run")
_NAMED = ("dataset", "model", "cohort")  # by people; the others are known by what they belong to
LISTED = ("datasets", "models", "evaluations")


@click.command("list", cls=Command)
@click.argument("kind", required=False, type=click.Choice(LISTED), metavar="[KIND]")
@click.pass_obj
def list_(settings: Settings, kind: str | None) -> None:
    """What the workspace holds.

    KIND is datasets, models or evaluations; all of them by default.
    """
    chosen = (kind,) if kind else LISTED
    with settings.open() as workspace:
        found = {name: getattr(workspace, name)() for name in chosen}
        if settings.json:
            print_json({name: entries.to_dict() for name, entries in found.items()})
            return
        for name, entries in found.items():
            views.entries(name, entries)


@click.command("show", cls=Command)
@click.argument("ref")
@click.option("--against", metavar="REF", help="What changed from this version to REF's.")
@click.pass_obj
def show(settings: Settings, ref: str, against: str | None) -> None:
    """The columns of a dataset, or the record of any version.

    REF is a name, name@version, name@label or model/dataset; kind:REF (such as model:churn)
    where a name is used twice.
    """
    with settings.open() as workspace:
        version = find(workspace, ref)
        if against is not None:
            other = find(workspace, against, kind=version.kind)
            difference = workspace.store.diff(version.kind, str(other.ref), str(version.ref))
            give(settings, difference, views.difference)
            return
        dataset = workspace.dataset(str(version.ref)) if version.kind == "dataset" else None
        if settings.json:
            columns = {"columns": dataset.columns.to_dict()} if dataset is not None else {}
            print_json({**record_of(version), **columns})
            return
        views.record(record_of(version))
        if dataset is not None:
            views.columns(dataset.columns)


@click.command("lineage", cls=Command)
@click.argument("ref")
@click.pass_obj
def lineage(settings: Settings, ref: str) -> None:
    """All that a version comes from and all that comes from it."""
    with settings.open() as workspace:
        version = find(workspace, ref)
        give(settings, workspace.store.lineage(version.kind, version.ref), views.lineage)


@click.command("label", cls=Command)
@click.argument("ref")
@click.argument("label")
@click.pass_obj
def label(settings: Settings, ref: str, label: str) -> None:
    """Name a version: NAME@prod then means it."""
    with settings.open() as workspace:
        version = find(workspace, ref)
        made = workspace.store.label(version.kind, version.ref, label)
        done(settings, record_of(made), f"{version.key} is now {version.name}@{label}.")


@click.command("delete", cls=Command)
@click.argument("ref")
@click.option("--force", is_flag=True, help="Even if other versions come from it.")
@click.pass_obj
def delete(settings: Settings, ref: str, force: bool) -> None:
    """Delete a version.

    Its record stays; files that no other version uses go with the next doctor --repair.
    """
    with settings.open() as workspace:
        version = find(workspace, ref)
        gone = workspace.store.delete(version.kind, version.ref, force=force)
        done(settings, record_of(gone), f"Deleted {version.key}.")


@click.command("doctor", cls=Command)
@click.option("--repair", is_flag=True, help="Remove files that no version uses.")
@click.pass_context
def doctor(ctx: click.Context, repair: bool) -> None:
    """Check every stored file; exit code 1 if any is damaged."""
    settings = ctx.find_object(Settings) or Settings()
    with settings.open() as workspace:
        checkup = workspace.doctor(repair=repair)
        give(settings, checkup, views.checkup)
        if not checkup.is_healthy:
            ctx.exit(1)


def find(workspace: Workspace, ref: str, *, kind: str | None = None) -> Version:
    """The stored version that `ref` names, of whatever kind.

    Raises:
        UnknownName: there is none.
        BadOption: it could be of several kinds.
    """
    prefix, colon, rest = ref.partition(":")
    if colon:
        if prefix not in KINDS:
            raise UnknownName.of("kind", prefix, KINDS, hint=f"dataset:{rest}")
        kind, ref = prefix, rest
    if kind == "evaluation" or (kind is None and "/" in ref):
        return workspace.evaluation(ref).version
    if kind is not None:
        return workspace.store.version(kind, ref)
    name = ref.partition("@")[0]
    kinds = [item for item in _NAMED if name in workspace.store.names(item)]
    if not kinds:
        known = [name for item in _NAMED for name in workspace.store.names(item)]
        raise UnknownName.of("version", ref, known, hint="mispredict list")
    if len(kinds) > 1:
        raise BadOption(
            f"{name!r} is the name of several things.",
            known=f"It is a {' and a '.join(kinds)}.",
            hint=f"{kinds[0]}:{ref} or {kinds[1]}:{ref}",
        )
    return workspace.store.version(kinds[0], ref)
