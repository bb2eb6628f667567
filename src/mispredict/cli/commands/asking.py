"""`what-if`, `counterfactual`, `text-edits`: a model asked about rows that are not in the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from mispredict.cli import answers
from mispredict.cli.group import Command
from mispredict.cli.options import as_class, evaluation_argument, trust_option, where_option
from mispredict.cli.output import give
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings
from mispredict.core.errors import BadOption

_ROW = "Number of the row; 'id:NAME' for the row with that id."


@click.command("what-if", cls=Command)
@evaluation_argument
@click.option("--row", required=True, metavar="ROW", help=_ROW)
@click.option(
    "--set",
    "edits",
    metavar="COLUMN=VALUE",
    multiple=True,
    required=True,
    help="Another value; once more for another column. The same column again is a variant.",
)
@click.option("--unseen", is_flag=True, help="Allow categories and missing values no row has.")
@trust_option
@click.pass_obj
def what_if(
    settings: Settings,
    /,
    evaluation: str | None,
    *,
    row: str,
    edits: tuple[str, ...],
    unseen: bool,
    trust: bool,
) -> None:
    """Change a row and see what the model says then.

    An empty value is a missing one: --set Balance=
    """
    with settings.evaluation(evaluation) as found:
        result = found.what_if(as_row(row), _edits(edits), unseen=unseen, trust=trust)
        give(settings, result, answers.what_if)


F = TypeVar("F", bound=Callable[..., Any])


def _search_options(function: F) -> F:
    """Options of a search over one row or a cohort."""
    options = (
        click.option("--row", "rows", metavar="ROW", multiple=True, help=_ROW),
        where_option,
        click.option(
            "--sample",
            type=click.IntRange(1),
            default=100,
            show_default=True,
            help="Rows of a cohort that are drawn.",
        ),
        click.option("--target", metavar="CLASS", help="The class that is wanted; any other."),
        click.option(
            "--tries",
            type=click.IntRange(1),
            default=1000,
            show_default=True,
            help="Rows that the model may be asked about for each row.",
        ),
        click.option("--seconds", type=click.FloatRange(0, min_open=True), help="Most seconds."),
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed."),
        trust_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.command("counterfactual", cls=Command)
@evaluation_argument
@_search_options
@click.option("--vary", metavar="COLUMN", multiple=True, help="Only this column may change.")
@click.option("--immutable", metavar="COLUMN", multiple=True, help="This column may not change.")
@click.option(
    "--range",
    "ranges",
    metavar="COLUMN=LOW:HIGH",
    multiple=True,
    help="Bounds of a number; of a category the values that are allowed: COLUMN=VALUE,VALUE.",
)
@click.option("--increase", metavar="COLUMN", multiple=True, help="This number may only grow.")
@click.option("--decrease", metavar="COLUMN", multiple=True, help="This number may only shrink.")
@click.option("--integer", metavar="COLUMN", multiple=True, help="This number stays whole.")
@click.option("-k", "k", type=click.IntRange(1, 10), default=3, show_default=True, help="Answers.")
@click.pass_obj
def counterfactual(
    settings: Settings,
    /,
    evaluation: str | None,
    rows: tuple[str, ...],
    where: str | None,
    target: str | None,
    ranges: tuple[str, ...],
    increase: tuple[str, ...],
    decrease: tuple[str, ...],
    vary: tuple[str, ...],
    **options: Any,
) -> None:
    """Smallest changes that give another prediction.

    Of rows, or of a cohort: then also how often there are any.
    """
    with settings.evaluation(evaluation, where) as found, progress_bar("searching") as bar:
        ways = _ways(increase, decrease)
        result = found.counterfactuals(
            _rows(rows, where),
            where=where,
            target=_target(target),
            vary=vary or None,
            ranges=_ranges(ranges),
            monotone=ways,
            progress=bar,
            **options,
        )
        bar.stop()
        give(settings, result, answers.counterfactuals)


@click.command("text-edits", cls=Command)
@evaluation_argument
@_search_options
@click.option("--column", metavar="COLUMN", help="The text; the first one by default.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(("typo", "synonym", "delete", "insert")),
    multiple=True,
    help="Kind of edit; all that can be had by default.",
)
@click.option("--synonyms", metavar="FOLDER", help="Folder of WordNet's files.")
@click.option(
    "--similarity",
    type=click.FloatRange(0, 1),
    default=0.75,
    show_default=True,
    help="Least similarity to the text as it is.",
)
@click.pass_obj
def text_edits(
    settings: Settings,
    /,
    evaluation: str | None,
    rows: tuple[str, ...],
    where: str | None,
    target: str | None,
    kinds: tuple[str, ...],
    **options: Any,
) -> None:
    """Fewest edits of texts that give another prediction."""
    with settings.evaluation(evaluation, where) as found, progress_bar("searching") as bar:
        result = found.text_edits(
            _rows(rows, where),
            where=where,
            target=_target(target),
            kinds=kinds or None,
            progress=bar,
            **options,
        )
        bar.stop()
        give(settings, result, answers.text_edits)


def as_row(text: str) -> int | str:
    """The row that `7` or `id:C-7` names."""
    if text.startswith("id:"):
        return text.removeprefix("id:")
    if text.isdecimal():
        return int(text)
    raise BadOption(
        f"row={text!r} is no number of a row.",
        known="Rows are numbered from 0; a row's id stands after 'id:'.",
        hint=f"--row id:{text}",
    )


def _edits(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Values by column; a list where a column is given several times."""
    found: dict[str, list[Any]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadOption(
                f"set={pair!r} is not COLUMN=VALUE.",
                known="Each change needs the column and its value.",
                hint="--set Age=35 --set Country=Spain",
            )
        found.setdefault(name, []).append(value or None)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _rows(rows: tuple[str, ...], where: str | None) -> list[int | str] | None:
    if rows and where is not None:
        raise BadOption(
            "give either rows or a cohort.",
            known="Both were given.",
            hint="--row 7, or --where 'NOT correct'",
        )
    return [as_row(text) for text in rows] or None


def _ways(increase: tuple[str, ...], decrease: tuple[str, ...]) -> dict[str, str]:
    """The only way that each number may go."""
    both = [name for name in increase if name in decrease]
    if both:
        raise BadOption(
            f"{both[0]!r} may neither grow nor shrink.",
            known="It was given to --increase and to --decrease.",
            hint=f"--immutable {both[0]}",
        )
    return dict.fromkeys(increase, "increase") | dict.fromkeys(decrease, "decrease")


def _target(text: str | None) -> Any:
    """A class, or of a regression LOW:HIGH."""
    if text is None:
        return None
    low, colon, high = text.partition(":")
    if colon and all(_is_number(end) or not end for end in (low, high)):
        return (float(low) if low else None, float(high) if high else None)
    return as_class(text)


def _ranges(pairs: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        low, colon, high = value.partition(":")
        if not equals or not value:
            raise BadOption(
                f"range={pair!r} is not COLUMN=LOW:HIGH.",
                known="A range has a column and its bounds, or the values that are allowed.",
                hint="--range Age=18:65 --range Country=Spain,France",
            )
        is_span = colon and all(_is_number(end) or not end for end in (low, high))
        ends = tuple(float(end) if end else None for end in (low, high)) if is_span else None
        found[name] = ends or value.split(",")
    return found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
