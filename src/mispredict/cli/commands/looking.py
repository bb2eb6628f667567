"""`overview`, `mistakes`, `errors`, `cards`, `rows`: where a model is wrong."""

from __future__ import annotations

import click

from mispredict.cli import overview as overview_view
from mispredict.cli import views
from mispredict.cli.group import Command
from mispredict.cli.options import evaluation_argument, limit_option, where_option
from mispredict.cli.output import give
from mispredict.cli.settings import Settings

ORDERS = ("confidence", "loss", "near")
CARDS = ("value", "token", "stop word", "label", "prediction")


@click.command("overview", cls=Command)
@evaluation_argument
@where_option
@click.pass_obj
def overview(settings: Settings, evaluation: str | None, where: str | None) -> None:
    """The first look: how good it is, and where it is wrong."""
    with settings.evaluation(evaluation, where) as found:
        give(settings, found.overview(where), overview_view.show)


@click.command("mistakes", cls=Command)
@evaluation_argument
@where_option
@click.option(
    "--order",
    type=click.Choice(ORDERS),
    default="confidence",
    show_default=True,
    help="Surest first, largest loss first, or near misses first.",
)
@limit_option(20)
@click.pass_obj
def mistakes(
    settings: Settings, evaluation: str | None, where: str | None, order: str, limit: int
) -> None:
    """Wrong rows, the most confident first."""
    with settings.evaluation(evaluation, where) as found:
        result = found.mistakes(order, where, limit)
        give(settings, result, lambda rows: views.rows(rows, found, "Mistakes"))


@click.command("errors", cls=Command)
@evaluation_argument
@where_option
@limit_option(20, "error classes")
@click.pass_obj
def errors(settings: Settings, evaluation: str | None, where: str | None, limit: int) -> None:
    """Which label is taken for which, most frequent first."""
    with settings.evaluation(evaluation, where) as found:
        give(settings, found.error_classes(where), lambda table: views.errors(table, limit))


@click.command("cards", cls=Command)
@evaluation_argument
@where_option
@click.option("--column", "columns", metavar="COLUMN", multiple=True, help="Only this column.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(CARDS), help="Only this kind.")
@click.option(
    "--top", type=click.IntRange(1), default=20, show_default=True, help="How many to show."
)
@click.pass_obj
def cards(
    settings: Settings,
    evaluation: str | None,
    where: str | None,
    columns: tuple[str, ...],
    kinds: tuple[str, ...],
    top: int,
) -> None:
    """Values and words that go with being wrong, or right."""
    with settings.evaluation(evaluation, where) as found:
        result = found.cards(where, columns=columns or None, kinds=kinds or None, top=top)
        give(settings, result, views.cards)


@click.command("rows", cls=Command)
@evaluation_argument
@where_option
@click.option("--order-by", metavar="COLUMNS", help='Such as "loss DESC, Age".')
@limit_option(20)
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out so many first.")
@click.option(
    "--column",
    "columns",
    metavar="COLUMN",
    multiple=True,
    help="Only these columns, in this order.",
)
@click.pass_obj
def rows(
    settings: Settings,
    evaluation: str | None,
    where: str | None,
    order_by: str | None,
    limit: int,
    offset: int,
    columns: tuple[str, ...],
) -> None:
    """Rows of a cohort, with what the model said of them."""
    with settings.evaluation(evaluation, where) as found:
        result = found.rows(where, order_by, limit, offset, columns or None)
        is_ordered = bool(columns)
        give(settings, result, lambda r: views.rows(r, found, "Rows", is_ordered=is_ordered))
