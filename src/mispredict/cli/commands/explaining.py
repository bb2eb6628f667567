"""`explain`: what moves a model's answers, for a row, a cohort or all of them."""

from __future__ import annotations

from typing import Any

import click

from mispredict.cli import explanations
from mispredict.cli.commands.asking import as_row
from mispredict.cli.group import Command
from mispredict.cli.options import (
    as_class,
    evaluation_argument,
    limit_option,
    trust_option,
    where_option,
)
from mispredict.cli.output import give
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings
from mispredict.core.errors import BadOption


@click.command("explain", cls=Command)
@evaluation_argument
@where_option
@click.option("--row", metavar="ROW", help="Only this row; 'id:NAME' for the row with that id.")
@click.option("--feature", metavar="COLUMN", help="What the column's values do instead.")
@click.option("--pairs", is_flag=True, help="Which features act together instead.")
@click.option("--method", metavar="NAME", help="How; the best that fits the model by default.")
@click.option("--column", metavar="COLUMN", help="Explain the tokens of this text column.")
@click.option("--target", metavar="CLASS", help="Explain the answers for this class.")
@click.option(
    "--background",
    metavar="ROWS",
    help="Features count as unknown against so many drawn rows; of tokens, the word that stands"
    " for one taken out.",
)
@click.option("--sample", type=click.IntRange(1), help="Explain so many rows, drawn by the seed.")
@click.option(
    "--samples", type=click.IntRange(3), help="Permutations per row, where attributions are drawn."
)
@click.option("--budget", type=click.IntRange(1), help="Most rows that the model may be asked for.")
@click.option(
    "--seconds", type=click.FloatRange(0, min_open=True), help="Most seconds of asking; 60."
)
@limit_option(20, "features")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed.")
@trust_option
@click.pass_obj
def explain(  # noqa: PLR0913 - each is a choice of how to explain
    settings: Settings,
    /,
    evaluation: str | None,
    *,
    where: str | None,
    row: str | None,
    feature: str | None,
    pairs: bool,
    target: str | None,
    background: str | None,
    budget: int | None,
    seconds: float | None,
    limit: int,
    **options: Any,
) -> None:
    """What moves the model's answers, and what misleads it.

    Exact for trees and linear models; sampled, with intervals, for any other model that can be
    called. Afterwards "shap_<feature>" are columns: --where "shap_age > 0.2".
    """
    if row is not None and where is not None:
        raise BadOption("give either --row or --where.", known="A row is one row.", hint="--row 3")
    with settings.evaluation(evaluation, where) as found, progress_bar("explaining") as bar:
        result = found.explain(
            where,
            None if row is None else as_row(row),
            target=None if target is None else as_class(target),
            background=_background(background),
            budget=_budget(budget, seconds),
            progress=bar,
            **options,
        )
        bar.stop()
        if feature is not None:
            give(settings, result.dependence(feature), explanations.dependence)
        elif pairs:
            give(settings, result.interactions(), explanations.interactions)
        elif row is not None:
            give(settings, result.local(), lambda one: explanations.local(one, limit))
        else:
            give(settings, result, lambda all_: explanations.explanation(all_, limit))


def _background(text: str | None) -> int | str | None:
    return int(text) if text is not None and text.isdecimal() else text


def _budget(rows: int | None, seconds: float | None) -> Any:
    from mispredict.explain.counterfactuals.search_calls import Budget

    if rows is None and seconds is None:
        return None
    return Budget(rows=rows, seconds=seconds)
