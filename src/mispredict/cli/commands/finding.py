"""`slices`, `tree`, `clusters`, `tags`, `advice`: what to look at, and what to do first."""

from __future__ import annotations

import click

from mispredict.cli import findings, views
from mispredict.cli.group import Command
from mispredict.cli.options import as_class, evaluation_argument, where_option
from mispredict.cli.output import give
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings
from mispredict.core.errors import BadOption
from mispredict.core.task import Scalar


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
    """Groups of rows on which the model fails, worst first.

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
            progress=lambda level, done, total: bar(done, total) if level else bar.compiling(),
        )
        bar.stop()
        give(settings, result, views.slices)


@click.command("tree", cls=Command)
@evaluation_argument
@where_option
@click.option(
    "--depth", type=click.IntRange(1, 6), default=3, show_default=True, help="Most levels."
)
@click.option("--skip", metavar="COLUMN", multiple=True, help="Do not split by it.")
@click.pass_obj
def tree(
    settings: Settings, evaluation: str | None, where: str | None, depth: int, skip: tuple[str, ...]
) -> None:
    """Nested conditions that part right from wrong.

    Fitted on one half of the rows, measured and pruned on the other; every node is a cohort.
    """
    with settings.evaluation(evaluation, where) as found:
        give(settings, found.error_tree(where, depth=depth, skip=skip), findings.tree)


@click.command("clusters", cls=Command)
@evaluation_argument
@where_option
@click.option("--column", metavar="COLUMN", help="Texts or vectors; the first such by default.")
@click.option(
    "--clusters",
    "n",
    type=click.IntRange(2, 200),
    default=25,
    show_default=True,
    help="How many clusters to make, of which only those that fail are shown.",
)
@click.pass_obj
def clusters(
    settings: Settings, evaluation: str | None, where: str | None, column: str | None, n: int
) -> None:
    """Groups of like texts on which the model fails."""
    with settings.evaluation(evaluation, where) as found:
        give(settings, found.clusters(column, n=n, where=where), findings.clusters)


@click.command("tags", cls=Command)
@evaluation_argument
@where_option
@click.option(
    "--ceiling",
    metavar="VALUE",
    help="The best value to be expected: a number, or 'best model' for the best other model.",
)
@click.option(
    "--annotators",
    metavar="COLUMN",
    multiple=True,
    help="Column with one person's labels; people are the ceiling then.",
)
@click.option(
    "--votes",
    metavar="CLASS=COLUMN",
    multiple=True,
    help="Column with how many people chose the class; people are the ceiling then.",
)
@click.option(
    "--sort",
    type=click.Choice(("gain", "worth")),
    default="gain",
    show_default=True,
    help="By gain, or by gain, importance and ease together.",
)
@click.pass_obj
def tags(
    settings: Settings,
    /,
    evaluation: str | None,
    where: str | None,
    *,
    ceiling: str | None,
    annotators: tuple[str, ...],
    votes: tuple[str, ...],
    sort: str,
) -> None:
    """What to work on first: how much is to gain in each tag.

    The gain is the tag's gap to its ceiling times its share of the data.
    """
    with settings.evaluation(evaluation, where) as found:
        result = found.tags(
            _ceiling(ceiling),
            annotators=annotators or None,
            votes=_votes(votes) or None,
            where=where,
            sort=sort,
        )
        give(settings, result, findings.priorities)


@click.command("advice", cls=Command)
@evaluation_argument
@where_option
@click.pass_obj
def advice(settings: Settings, evaluation: str | None, where: str | None) -> None:
    """Columns beside the inputs that explain the errors."""
    with settings.evaluation(evaluation, where) as found:
        give(settings, found.feature_advice(where), findings.advice)


def _ceiling(text: str | None) -> float | str | None:
    if text is None or text == "best model":
        return text
    try:
        return float(text)
    except ValueError:
        raise BadOption(
            f"ceiling={text!r} is neither a number nor 'best model'.",
            known="It is the best value of the metric to be expected, such as 0.95.",
            hint="--ceiling 0.95",
        ) from None


def _votes(pairs: tuple[str, ...]) -> dict[Scalar, str]:
    votes: dict[Scalar, str] = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not equals:
            raise BadOption(
                f"votes={pair!r} is not CLASS=COLUMN.",
                known="Each class needs the column that counts its votes.",
                hint="--votes yes=votes_yes --votes no=votes_no",
            )
        votes[as_class(name)] = column
    return votes
