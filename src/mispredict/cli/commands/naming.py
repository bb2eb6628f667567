"""`cohort` and `tag`: names for what was found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mispredict.cli import views
from mispredict.cli.failures import writing
from mispredict.cli.group import Group, help_when_alone
from mispredict.cli.options import evaluation_argument, rows_option, where_option
from mispredict.cli.output import done, give, record_of
from mispredict.cli.settings import Settings, some_rows
from mispredict.core.errors import BadOption, UnknownName
from mispredict.core.results import plain
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation, Workspace


@click.group("cohort", cls=Group)
@click.pass_context
def cohort(ctx: click.Context) -> None:
    """Saved cohorts: conditions with a name."""
    help_when_alone(ctx)


@cohort.command("save")
@click.argument("name")
@click.argument("where", metavar="COHORT")
@evaluation_argument
@click.option("--note", default="", help="What it is for.")
@click.pass_obj
def save(settings: Settings, name: str, where: str, evaluation: str | None, note: str) -> None:
    """Save COHORT under NAME, so that cohort('NAME') means it.

    Its names are checked against EVALUATION (by default the newest), where it must select rows.
    """
    with settings.open() as workspace:
        found = _any_evaluation(workspace, evaluation)
        n = some_rows(found, where) if found is not None else None
        predicate = found.predicate(where) if found is not None else where
        made = workspace.save_cohort(name, predicate, note=note)
        rows = f" {counted(n or 0, 'row')} of {found.ref}" if found is not None else ""
        facts = {**record_of(made), "where": made.spec["where"], "n": n}
        done(settings, facts, f"Cohort {made.ref}:{rows} where {made.spec['where']}")


@cohort.command("list")
@click.pass_obj
def list_cohorts(settings: Settings) -> None:
    """The saved cohorts."""
    with settings.open() as workspace:
        give(settings, workspace.cohorts(), views.cohorts)


@cohort.command("show")
@click.argument("name")
@evaluation_argument
@click.pass_obj
def show(settings: Settings, name: str, evaluation: str | None) -> None:
    """What a cohort selects, and how the model does there."""
    with settings.open() as workspace:
        known = {row.name.partition("@")[0]: row for row in workspace.cohorts().rows}
        if name not in known:
            raise UnknownName.of("cohort", name, known, hint="mispredict cohort list")
        chosen = known[name]
        found = _any_evaluation(workspace, evaluation)
        measured = found.metrics(by=[f"cohort('{name}')", "TRUE"]) if found is not None else None
        if settings.json:
            table = measured.to_dict() if measured is not None else None
            facts = {"name": chosen.name, "where": chosen.where, "sentence": chosen.sentence}
            done(settings, {**facts, "note": chosen.note, "metrics": table}, "")
            return
        views.cohort(chosen)
        if measured is not None:
            views.metrics(measured, 0, is_by=True)


@cohort.command("export")
@click.argument("folder")
@click.pass_obj
def export(settings: Settings, folder: str) -> None:
    """Write each saved cohort as a YAML file, to be reviewed with git."""
    with settings.open() as workspace, writing(folder):
        paths = workspace.export_cohorts(folder)
        facts = {"files": [str(path) for path in paths]}
        done(settings, facts, f"Wrote {counted(len(paths), 'file')} into {Path(folder).resolve()}.")


@cohort.command("import")
@click.argument("folder")
@click.pass_obj
def import_(settings: Settings, folder: str) -> None:
    """Save the cohorts of a folder of YAML files: all of them or, on an error, none."""
    with settings.open() as workspace:
        made = workspace.import_cohorts(folder)
        facts = {"cohorts": [record_of(version) for version in made]}
        names = ", ".join(str(version.ref) for version in made)
        done(settings, facts, f"Saved {counted(len(made), 'cohort')}: {names}")


@click.group("tag", cls=Group)
@click.pass_context
def tag(ctx: click.Context) -> None:
    """Tags: rows that were marked."""
    help_when_alone(ctx)


@tag.command("add")
@click.argument("name")
@evaluation_argument
@where_option
@rows_option
@click.pass_obj
def tag_add(
    settings: Settings, name: str, evaluation: str | None, where: str | None, rows: tuple[int, ...]
) -> None:
    """Tag rows as NAME, so that tag('NAME') selects them."""
    _change(settings, name, evaluation, where, rows, is_removed=False)


@tag.command("remove")
@click.argument("name")
@evaluation_argument
@where_option
@rows_option
@click.pass_obj
def tag_remove(
    settings: Settings, name: str, evaluation: str | None, where: str | None, rows: tuple[int, ...]
) -> None:
    """Take the tag NAME from rows."""
    _change(settings, name, evaluation, where, rows, is_removed=True)


@tag.command("list")
@click.pass_obj
def tag_list(settings: Settings) -> None:
    """The tags and how many rows have them."""
    with settings.open() as workspace:
        give(settings, workspace.tags(), views.tags)


@tag.command("set")
@click.argument("name")
@click.option("--ease", type=click.IntRange(1, 5), help="How easy it is to mend, 5 is easiest.")
@click.option("--importance", type=click.IntRange(1, 5), help="How much it matters, 5 is most.")
@click.option("--ceiling", type=float, help="The best value to be expected, such as 0.95.")
@click.option("--note", help="What you think of it.")
@click.pass_obj
def tag_set(settings: Settings, /, name: str, **said: Any) -> None:
    """Say how easy and important the tag NAME is, its ceiling, or a note; `tags` uses it."""
    with settings.open() as workspace:
        given = {key: value for key, value in said.items() if value is not None}
        if not given:
            raise BadOption(
                f"nothing is said of the tag {name!r}.",
                known="It can have an ease, an importance, a ceiling and a note.",
                hint=f"mispredict tag set {name} --importance 4",
            )
        made = workspace.set_tag(name, **given)
        facts = {"tag": name, **plain(made)}
        done(settings, facts, f"Noted for the tag {name!r}: {given}")


def _change(
    settings: Settings,
    name: str,
    evaluation: str | None,
    where: str | None,
    rows: tuple[int, ...],
    *,
    is_removed: bool,
) -> None:
    with settings.open() as workspace:
        found = workspace.evaluation(evaluation)
        if is_removed and name not in {row.name for row in workspace.tags().rows}:
            known = {row.name for row in workspace.tags().rows}
            raise UnknownName.of("tag", name, sorted(known), hint="mispredict tag list")
        if where is not None:
            some_rows(found, where)
        n = workspace.tag(name, found, where=where, rows=rows or None, is_removed=is_removed)
        facts = {"tag": name, "dataset": found.dataset.name, "n": n}
        rows_now, verb = counted(n, "row"), "has" if n == 1 else "have"
        done(settings, facts, f"{rows_now} of {found.dataset.name} {verb} the tag {name!r} now.")


def _any_evaluation(workspace: Workspace, ref: str | None) -> Evaluation | None:
    """The evaluation, or None where none was asked for and there is none."""
    if ref is None and not len(workspace.evaluations()):
        return None
    return workspace.evaluation(ref)
