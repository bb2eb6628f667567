"""`metrics`, `confusion`, `calibration`, `threshold`: how good a model is."""

from __future__ import annotations

import click

from mispredict.cli import views
from mispredict.cli.group import Command
from mispredict.cli.options import evaluation_argument, limit_option, where_option
from mispredict.cli.output import done, give, record_of
from mispredict.cli.settings import Settings
from mispredict.core.errors import BadOption


@click.command("metrics", cls=Command)
@evaluation_argument
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="One line per value or bin; several cross. Or cohorts.",
)
@where_option
@click.option(
    "--metric", "-m", "metrics", multiple=True, metavar="NAME", help="Such as recall[Exited]."
)
@limit_option(50, "cohorts")
@click.pass_obj
def metrics(
    settings: Settings,
    evaluation: str | None,
    by: tuple[str, ...],
    where: str | None,
    metrics: tuple[str, ...],
    limit: int,
) -> None:
    """Every metric with n and interval, overall or per cohort.

    EVALUATION is model/dataset, each with or without @version, or one of the two names; by
    default the newest.
    """
    with settings.evaluation(evaluation, where) as found:
        table = found.metrics(by=list(by) or None, where=where, metrics=list(metrics) or None)
        give(settings, table, lambda result: views.metrics(result, limit, is_by=bool(by)))


@click.command("confusion", cls=Command)
@evaluation_argument
@where_option
@click.pass_obj
def confusion(settings: Settings, evaluation: str | None, where: str | None) -> None:
    """How often each label gets each prediction."""
    with settings.evaluation(evaluation, where) as found:
        give(settings, found.confusion(where), views.confusion)


@click.command("calibration", cls=Command)
@evaluation_argument
@where_option
@click.option(
    "--bins", type=click.IntRange(1, 100), default=15, show_default=True, help="Of confidence."
)
@click.pass_obj
def calibration(settings: Settings, evaluation: str | None, where: str | None, bins: int) -> None:
    """Whether the model is right as often as it is sure."""
    with settings.evaluation(evaluation, where) as found:
        give(settings, found.calibration(where, bins=bins), views.calibration)


@click.command("threshold", cls=Command)
@evaluation_argument
@where_option
@click.option("--cost-fp", type=float, default=1.0, show_default=True, help="Of a false alarm.")
@click.option("--cost-fn", type=float, default=1.0, show_default=True, help="Of a miss.")
@click.option(
    "--review", type=float, nargs=2, metavar="LOW HIGH", help="Probabilities that people decide."
)
@click.option("--cost-review", type=float, default=0.0, show_default=True, help="Of one such row.")
@click.option(
    "--decide",
    type=click.FloatRange(0, 1),
    metavar="T",
    help="Record the threshold that was chosen.",
)
@click.option("--who", default="", help="Who decided.")
@click.option("--reason", default="", help="Why.")
@click.pass_obj
def threshold(
    settings: Settings,
    evaluation: str | None,
    where: str | None,
    cost_fp: float,
    cost_fn: float,
    review: tuple[float, float] | None,
    cost_review: float,
    decide: float | None,
    who: str,
    reason: str,
) -> None:
    """What each threshold on the positive class would cost.

    With --decide, --who and --reason the chosen threshold is recorded for the model.
    """
    if decide is None and (who or reason):
        raise BadOption("--who and --reason belong to a decision.", hint="--decide 0.4")
    with settings.evaluation(evaluation, where) as found:
        if decide is not None:
            made = found.decide_threshold(decide, who=who, reason=reason)
            said = f"Recorded: {made.name} decides at {decide:g}, by {who}: {reason}"
            done(settings, record_of(made), said)
            return
        table = found.thresholds(
            cost_fp=cost_fp, cost_fn=cost_fn, review=review, cost_review=cost_review, where=where
        )
        give(settings, table, views.thresholds)
