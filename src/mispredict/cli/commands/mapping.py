"""`map`: rows as points, so that a lasso is a cohort."""

from __future__ import annotations

import click

from mispredict.cli import findings
from mispredict.cli.group import Command
from mispredict.cli.options import evaluation_argument
from mispredict.cli.output import give
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings


@click.command("map", cls=Command)
@evaluation_argument
@click.option("--column", metavar="COLUMN", help="Vectors or texts; the first such by default.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the layout.")
@click.option(
    "--most",
    type=click.IntRange(1, 1_000_000),
    default=100_000,
    show_default=True,
    help="Points in the JSON; wrong rows have half of them.",
)
@click.pass_obj
def map_(
    settings: Settings, evaluation: str | None, column: str | None, seed: int, most: int
) -> None:
    """Rows as points, near to one another where they are alike.

    Afterwards map_x and map_y are columns, and `inside(x1, y1, x2, y2, x3, y3)` is a cohort.
    """
    with settings.evaluation(evaluation, None) as found, progress_bar("map") as bar:
        result = found.map(column, seed=seed, most=most, progress=bar)
        bar.stop()
        give(settings, result, findings.map_)
