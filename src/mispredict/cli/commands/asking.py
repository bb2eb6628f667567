"""`what-if` and `counterfactual`: the model asked about rows that are not in the data."""

from __future__ import annotations

from typing import Any

import click

from mispredict.cli import answers
from mispredict.cli.group import Command
from mispredict.cli.options import evaluation_argument
from mispredict.cli.output import give
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
@click.option("--trust", is_flag=True, help="Load a pickle, which can run any code.")
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
