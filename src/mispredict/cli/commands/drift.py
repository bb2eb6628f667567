"""`drift`, `coverage`, `estimate`: rows that are no longer like those before."""

from __future__ import annotations

import click

from mispredict.cli.failures import FAILED, FINE
from mispredict.cli.group import Command
from mispredict.cli.options import where_option
from mispredict.cli.output import give
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings

_REFERENCE_WHERE = click.option(
    "--reference-where", metavar="COHORT", help="Only these rows of the reference."
)
_BY = click.option("--by", metavar="COLUMN", help="In windows of this time, or groups of it.")
_WINDOWS = click.option(
    "--windows", metavar="SPAN", help="hour, day, week, month, quarter, year, or how many."
)


@click.command("drift", cls=Command)
@click.argument("reference")
@click.argument("current")
@where_option
@_REFERENCE_WHERE
@click.option("--column", "columns", metavar="COLUMN", multiple=True, help="Compare only it.")
@_BY
@_WINDOWS
@click.option(
    "--bound",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.05,
    show_default=True,
    help="Distance from which on a difference counts.",
)
@click.option(
    "--cohorts", type=click.IntRange(0, 15), default=5, show_default=True, help="Cohorts to find."
)
@click.option("--joint", is_flag=True, help="Also tell whole rows apart, by a classifier.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of samples and folds.")
@click.option("--fail", is_flag=True, help="Exit with 1 if anything drifts.")
@click.pass_obj
def drift(  # noqa: PLR0913 - each is a choice of the comparison
    settings: Settings,
    /,
    reference: str,
    current: str,
    where: str | None,
    *,
    reference_where: str | None,
    columns: tuple[str, ...],
    by: str | None,
    windows: str | None,
    bound: float,
    cohorts: int,
    joint: bool,
    seed: int,
    fail: bool,
) -> int:
    """How rows of CURRENT differ from REFERENCE's, by column.

    Both are datasets (churn@2) or evaluations (gbm@1/churn@2); with evaluations, columns are
    ranked by what their change adds to the error rate.
    """
    from mispredict.cli import drifting

    with settings.open() as workspace, progress_bar("Comparing") as progress:
        found = workspace.drift(
            reference,
            current,
            columns=columns or None,
            where=where,
            reference_where=reference_where,
            by=by,
            windows=_windows(windows),
            bound=bound,
            cohorts=cohorts,
            joint=joint,
            seed=seed,
            progress=progress,
        )
    give(settings, found, drifting.drift)
    return FAILED if fail and found.is_alarm else FINE


@click.command("coverage", cls=Command)
@click.argument("sides", nargs=-1, required=True, metavar="[REFERENCE] CURRENT")
@where_option
@_REFERENCE_WHERE
@click.option("--column", "columns", metavar="COLUMN", multiple=True, help="Look only at it.")
@click.option(
    "--bound",
    type=click.FloatRange(0, 1),
    default=0.01,
    show_default=True,
    help="Share of uncovered rows from which on there are gaps.",
)
@click.option("--fail", is_flag=True, help="Exit with 1 if there are gaps.")
@click.pass_obj
def coverage(
    settings: Settings,
    sides: tuple[str, ...],
    where: str | None,
    reference_where: str | None,
    columns: tuple[str, ...],
    bound: float,
    fail: bool,
) -> int:
    """Rows of CURRENT that lie where REFERENCE has none.

    With evaluations, also how wrong the model is there. Without REFERENCE it is data of the same
    task and inputs: the version before, else the training data.
    """
    from mispredict.cli import drifting

    if len(sides) > 2:
        raise click.UsageError(f"Got unexpected extra argument ({' '.join(sides[2:])})")
    reference, current = (None, *sides) if len(sides) == 1 else sides
    with settings.open() as workspace:
        found = workspace.coverage(
            reference,
            current,
            columns=columns or None,
            where=where,
            reference_where=reference_where,
            bound=bound,
        )
    give(settings, found, drifting.coverage)
    return FAILED if fail and found.verdict == "gaps" else FINE


@click.command("estimate", cls=Command)
@click.argument("evaluation")
@click.option("--reference", metavar="EVALUATION", help="With labels; EVALUATION by default.")
@where_option
@_REFERENCE_WHERE
@_BY
@_WINDOWS
@click.option("--metric", "metrics", metavar="NAME", multiple=True, help="What to estimate.")
@click.option(
    "--fall",
    type=click.FloatRange(0, 1),
    default=0.02,
    show_default=True,
    help="How much worse than the reference is an alarm.",
)
@click.option("--fail", is_flag=True, help="Exit with 1 on an alarm.")
@click.pass_obj
def estimate(
    settings: Settings,
    /,
    evaluation: str,
    reference: str | None,
    where: str | None,
    reference_where: str | None,
    by: str | None,
    windows: str | None,
    *,
    metrics: tuple[str, ...],
    fall: float,
    fail: bool,
) -> int:
    """Metrics by a model's probabilities, without labels."""
    from mispredict.cli import drifting

    with settings.open() as workspace, progress_bar("Estimating") as progress:
        found = workspace.evaluation(evaluation).estimated_performance(
            reference,
            by=by,
            windows=_windows(windows),
            metrics=metrics or None,
            where=where,
            reference_where=reference_where,
            fall=fall,
            progress=progress,
        )
    give(settings, found, drifting.estimate)
    return FAILED if fail and found.verdict == "alarm" else FINE


def _windows(given: str | None) -> str | int | None:
    return int(given) if given is not None and given.isdecimal() else given
