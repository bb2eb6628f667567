"""`data`: health, checks, duplicates, leaks, conflicts and differences of datasets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mispredict.cli.commands import labelling
from mispredict.cli.failures import FAILED, FINE
from mispredict.cli.group import Group, help_when_alone
from mispredict.cli.options import imported_function, limit_option
from mispredict.cli.output import done, give
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings
from mispredict.cli.terminal import echo
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.workspace import Dataset, Workspace

_NEAR = click.option(
    "--near",
    type=click.FloatRange(0, 1, min_open=True),
    default=1.0,
    show_default=True,
    help="Least likeness that counts; 1 is the same.",
)
_COLUMNS = click.option(
    "--column", "columns", multiple=True, metavar="COLUMN", help="Compare these alone."
)
_FAIL = click.option("--fail", is_flag=True, help="Exit with 1 if anything is found.")


@click.group("data", cls=Group)
@click.pass_context
def data(ctx: click.Context) -> None:
    """Look into the data under a model."""
    help_when_alone(ctx)


@data.command("health")
@click.argument("dataset", required=False)
@click.option("--reference", metavar="DATASET", help="Data to compare with.")
@click.option("--evaluation", metavar="EVALUATION", help="Say what each finding costs there.")
@_FAIL
@click.pass_obj
def health(
    settings: Settings,
    dataset: str | None,
    reference: str | None,
    evaluation: str | None,
    fail: bool,
) -> int:
    """What is wrong with DATASET, what costs most first; the newest by default."""
    from mispredict.cli import inspecting

    with settings.open() as workspace, progress_bar("Looking over the data") as progress:
        found = _dataset(workspace, dataset).health(reference, evaluation, progress=progress)
    give(settings, found, inspecting.health)
    return FAILED if fail and found.rows else FINE


@data.command("propose")
@click.argument("dataset", required=False)
@click.option("--reference", metavar="DATASET", help="Learn the bounds from other data.")
@click.option("--out", "-o", metavar="FILE", help="Write the suite there instead of printing it.")
@click.pass_obj
def propose(
    settings: Settings, dataset: str | None, reference: str | None, out: str | None
) -> None:
    """Make a suite of checks that data like DATASET pass.

    Run it with: mispredict test FILE --dataset NAME; as a gate with: mispredict add dataset
    NAME SOURCE --gate FILE.
    """
    with settings.open() as workspace:
        suite = _dataset(workspace, dataset).propose_checks(reference)
    if out is None:
        give(settings, suite, lambda made: echo(made.to_yaml(), nl=False))
        return
    path = suite.save(Path(out).expanduser())
    facts = {"path": str(path), "checks": len(suite)}
    done(settings, facts, f"Wrote {counted(len(suite), 'check')} to {path}.")


@data.command("duplicates")
@click.argument("dataset", required=False)
@_NEAR
@_COLUMNS
@click.option("--against", metavar="DATASET", help="Find rows that are there too.")
@click.option(
    "--embedding",
    metavar="MODULE:FUNCTION",
    help="Compare by the cosine of what it makes of the one COLUMN's values.",
)
@limit_option(20, "groups")
@_FAIL
@click.pass_obj
def duplicates(
    settings: Settings,
    dataset: str | None,
    near: float,
    columns: tuple[str, ...],
    against: str | None,
    embedding: str | None,
    limit: int,
    fail: bool,
) -> int:
    """Rows of DATASET that are the same, or nearly so.

    Texts are compared by the runs of letters that they share, a column of vectors by their
    cosine, other rows by the columns in which they agree.
    """
    from mispredict.cli import inspecting

    with settings.open() as workspace, progress_bar("Comparing rows") as progress:
        found = _dataset(workspace, dataset).duplicates(
            near,
            columns or None,
            against,
            embedding=None if embedding is None else imported_function(embedding),
            limit=limit,
            progress=progress,
        )
    give(settings, found, inspecting.duplicates)
    return FAILED if fail and found.groups else FINE


@data.command("conflicts")
@click.argument("dataset", required=False)
@_NEAR
@_COLUMNS
@limit_option(20, "groups")
@_FAIL
@click.pass_obj
def conflicts(
    settings: Settings,
    dataset: str | None,
    near: float,
    columns: tuple[str, ...],
    limit: int,
    fail: bool,
) -> int:
    """Rows of DATASET with the same inputs and different labels."""
    from mispredict.cli import inspecting

    with settings.open() as workspace:
        found = _dataset(workspace, dataset).conflicts(near, columns or None, limit=limit)
    give(settings, found, inspecting.conflicts)
    return FAILED if fail and found.groups else FINE


@data.command("leakage")
@click.argument("dataset", required=False)
@click.option("--against", metavar="DATASET", help="What a model learned from.")
@click.option("--group", metavar="COLUMN", help="Its values should not be in both.")
@click.option("--time", metavar="COLUMN", help="Of when a row happened.")
@click.option(
    "--near-vectors",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.95,
    show_default=True,
    help="Least cosine of vectors that count as nearly the same.",
)
@_FAIL
@click.pass_obj
def leakage(
    settings: Settings,
    dataset: str | None,
    against: str | None,
    group: str | None,
    time: str | None,
    near_vectors: float,
    fail: bool,
) -> int:
    """Ways in which a model can know the right answers of DATASET beforehand."""
    from mispredict.cli import inspecting

    with settings.open() as workspace, progress_bar("Looking for leaks") as progress:
        found = _dataset(workspace, dataset).leakage(
            against, group, time, near_vectors=near_vectors, progress=progress
        )
    give(settings, found, inspecting.leakage)
    return FAILED if fail and found.found else FINE


@data.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--key", metavar="COLUMN", help="By which rows are matched; the id by default.")
@click.option("--by", multiple=True, metavar="COLUMN", help="Count by this column, or cohort.")
@limit_option(10, "changed rows")
@_FAIL
@click.pass_obj
def diff(
    settings: Settings,
    before: str,
    after: str,
    key: str | None,
    by: tuple[str, ...],
    limit: int,
    fail: bool,
) -> int:
    """What changed from BEFORE to AFTER: rows, columns, cohorts."""
    from mispredict.cli import inspecting

    with settings.open() as workspace:
        found = workspace.dataset(after).diff(before, key, by or None, limit=limit)
    give(settings, found, inspecting.diff)
    return FAILED if fail and not found.is_same else FINE


data.add_command(labelling.labels)


def _dataset(workspace: Workspace, name: str | None) -> Dataset:
    """The dataset of that name, or the one that was stored last."""
    if name is not None:
        return workspace.dataset(name)
    from mispredict.core.errors import UnknownName

    entries: Any = workspace.store.versions("dataset")
    if not entries:
        raise UnknownName(
            "there is no dataset yet.",
            known=f"Workspace: {workspace.store.root}.",
            hint="mispredict add dataset churn churn.csv --label Exited",
        )
    newest = max(entries, key=lambda item: (item.created_at, str(item.ref)))
    return workspace.dataset(str(newest.ref))
