"""`slices`: what a search finds by itself."""

from __future__ import annotations

import click

from mispredict.cli import views
from mispredict.cli.group import Command
from mispredict.cli.options import evaluation_argument, where_option
from mispredict.cli.output import give
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings


@click.command("slices", cls=Command)
@evaluation_argument
@where_option
@click.option("--top", type=click.IntRange(1), default=15, show_default=True, help="Most slices.")
@click.option(
    "--objective",
    metavar="NAME",
    help="What is larger in a slice: error, loss, false_positive[CLASS], false_negative[CLASS], "
    "overconfidence, overprediction, underprediction.",
)
@click.option("--column", "columns", metavar="COLUMN", multiple=True, help="Search only with it.")
@click.option("--skip", metavar="COLUMN", multiple=True, help="Do not search with it.")
@click.option(
    "--conditions",
    type=click.IntRange(1, 4),
    default=3,
    show_default=True,
    help="Most conditions of a slice.",
)
@click.option(
    "--min-share",
    type=click.FloatRange(0, 1),
    default=0.01,
    show_default=True,
    help="Least share of the rows in a slice.",
)
@click.option(
    "--budget-s",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds after which the best found so far is shown.",
)
@click.option(
    "--scoring",
    type=click.Choice(("significance", "sliceline")),
    default="significance",
    show_default=True,
    help="How slices are ranked; sliceline confirms nothing.",
)
@click.option("--alpha", type=float, default=0.95, help="Of SliceLine's score.", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the two halves.")
@click.pass_obj
def slices(  # noqa: PLR0913 - each is a choice of the search
    settings: Settings,
    /,
    evaluation: str | None,
    where: str | None,
    *,
    top: int,
    objective: str | None,
    columns: tuple[str, ...],
    skip: tuple[str, ...],
    conditions: int,
    min_share: float,
    budget_s: float,
    scoring: str,
    alpha: float,
    seed: int,
) -> None:
    """Groups of rows on which the model really fails, worst first.

    Searched on one half of the rows, confirmed on the other, corrected for all that was tried;
    "nothing significant" is an answer.
    """
    with settings.evaluation(evaluation, where) as found, progress_bar("searching") as bar:
        result = found.slices(
            top,
            where,
            objective=objective,
            columns=columns or None,
            skip=skip,
            conditions=conditions,
            min_share=min_share,
            budget_s=budget_s,
            scoring=scoring,
            alpha=alpha,
            seed=seed,
            progress=lambda level, done, total: bar(done, total),
        )
        bar.stop()
        give(settings, result, views.slices)
