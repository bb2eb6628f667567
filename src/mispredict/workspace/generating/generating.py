"""Changed rows as people look at them: what there is to change, and what a change does."""

from __future__ import annotations

import ast
import inspect
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from mispredict.core.cells import plain_cell
from mispredict.core.results import Result, Source, plain
from mispredict.core.schema import ColumnType
from mispredict.core.words import counted
from mispredict.workspace.explaining.asking import Bounds, Given, given_of, inputs_of, source_of
from mispredict.workspace.generating.pieces import ChangedCell, changed_cell
from mispredict.workspace.perturbing.perturbing import Wish, altered_of, perturbed_of

if TYPE_CHECKING:
    from mispredict.perturb.registry import Perturbation
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.view import View

_TABULAR = (ColumnType.NUMERIC, ColumnType.CATEGORICAL, ColumnType.BOOLEAN)
_NEEDS_CODE = ("paraphrase",)  # a function of somebody's own, which nobody can send


@dataclass(frozen=True, slots=True)
class PerturbationOption:
    """An option of a perturbation; `default` is null where it depends on the data."""

    name: str
    kind: Literal["number", "text", "truth"]
    default: Any
    says: str


@dataclass(frozen=True, slots=True)
class OfferedPerturbation:
    """A perturbation of something that the evaluation has, with an example of what it does."""

    name: str
    on: str
    keeps_label: bool
    says: str
    options: tuple[PerturbationOption, ...]
    example: str
    gives: str


@dataclass(frozen=True, slots=True)
class ChangeableColumn:
    """A column that can be changed: by perturbations of `on`."""

    name: str
    type: str
    on: str


@dataclass(frozen=True)
class OfferedPerturbations(Result):
    """What can be done to the inputs of an evaluation."""

    rows: tuple[OfferedPerturbation, ...]
    columns_changed: tuple[ChangeableColumn, ...]

    row_type: ClassVar[type] = OfferedPerturbation
    title: ClassVar[str] = "Perturbations"


@dataclass(frozen=True, slots=True)
class PreviewedRow:
    """A changed row, with what the model says before and after; null where it was not asked."""

    row: int
    id: Any
    cells: tuple[ChangedCell, ...]
    label: Any
    prediction: Any
    prediction_after: Any
    probability: float
    probability_after: float
    flipped: bool | None


@dataclass(frozen=True)
class PerturbedPreview(Result):
    """Some changed rows and, where the model was asked, how many predictions are others.

    `share` is that of `flips` among the `altered` rows that the model answered, with its
    interval; `is_asked` says whether there is a model to be asked at all.
    """

    rows: tuple[PreviewedRow, ...]
    perturbation: str
    strength: float
    seed: int
    keeps_label: bool
    is_asked: bool
    n: int
    altered: int
    flips: int
    share: float
    low: float
    high: float
    accuracy: float
    accuracy_after: float
    sentence: str
    note: str
    source: Source
    seconds: float

    row_type: ClassVar[type] = PreviewedRow
    title: ClassVar[str] = "Changed rows"


def offered_perturbations(of: View, *, trust: bool = False) -> OfferedPerturbations:
    """The perturbations that change something of the evaluation's inputs."""
    from mispredict.perturb.registry import PERTURBATIONS

    given = inputs_or_given(of, trust=trust)
    columns = tuple(
        ChangeableColumn(name, kind.value, "text" if kind is ColumnType.TEXT else "tabular")
        for name, kind in given.types.items()
        if (given.used is None or name in given.used)
        and (kind is ColumnType.TEXT or kind in _TABULAR)
    )
    kinds = {column.on for column in columns}
    items = [PERTURBATIONS[name] for name in PERTURBATIONS if name not in _NEEDS_CODE]
    rows = [_offered(item) for item in items if item.on in kinds]
    rows.sort(key=lambda row: (row.on != "text", not row.keeps_label, row.name))
    return OfferedPerturbations(tuple(rows), columns)


def preview(of: Evaluation, wish: Wish, bounds: Bounds, *, shown: int = 10) -> PerturbedPreview:
    """Rows before and after, and the share of predictions that change.

    Of a few rows all are shown, in their order; of many those first whose prediction changed.
    """
    found = perturbed_of(of, wish, bounds)
    rows = list(found.rows)
    if len(rows) <= shown:
        rows.sort(key=lambda row: row.row)
    return PerturbedPreview(
        rows=tuple(
            PreviewedRow(
                row.row,
                row.id,
                tuple(changed_cell(name, row.before[name], row.after[name]) for name in row.after),
                row.label,
                row.prediction,
                row.prediction_after,
                row.probability,
                row.probability_after,
                row.flipped,
            )
            for row in rows[:shown]
        ),
        perturbation=found.perturbation,
        strength=found.strength,
        seed=found.seed,
        keeps_label=found.keeps_label,
        is_asked=True,
        n=found.n,
        altered=found.altered,
        flips=found.flips,
        share=found.share,
        low=found.low,
        high=found.high,
        accuracy=found.accuracy,
        accuracy_after=found.accuracy_after,
        sentence=found.sentence,
        note=found.note,
        source=found.source,
        seconds=found.seconds,
    )


def preview_alone(
    of: Evaluation, wish: Wish, *, seed: int = 0, shown: int = 10
) -> PerturbedPreview:
    """Rows before and after, without a model: what it said before is known, what after is not."""
    started = time.perf_counter()
    subjects, altered = altered_of(of, given_of(of), wish, seed)
    moved = [int(at) for at in np.flatnonzero(altered.is_changed)]
    said = of.table.column("prediction")
    rows = []
    for at in moved[:shown]:
        old, new = subjects.frame.iloc[[at]], altered.after.iloc[[at]]
        number = int(subjects.numbers[at])
        rows.append(
            PreviewedRow(
                number,
                subjects.ids[at],
                tuple(_cells(old, new)),
                subjects.labels[at],
                plain(said[number].as_py()),
                None,
                math.nan,
                math.nan,
                None,
            )
        )
    n = len(subjects.numbers)
    none = math.nan
    return PerturbedPreview(
        tuple(rows), altered.name, altered.strength, altered.seed, altered.keeps_label, False, n,
        len(moved), 0, none, none, none, none, none,
        f"“{altered.name}” at strength {altered.strength:g} changes {len(moved):,} of "
        f"{counted(n, 'row')}.",
        "", source_of(of, wish.rows, wish.where, n), time.perf_counter() - started,
    )  # fmt: skip


def inputs_or_given(of: View, *, trust: bool = False) -> Given:
    """The inputs that the model takes, where it can be asked; else all that there are."""
    from mispredict.core.errors import ModelError

    try:
        return inputs_of(of, trust=trust)
    except ModelError:
        return given_of(of)


def _cells(old: Any, new: Any) -> list[ChangedCell]:
    from mispredict.perturb.applying import differs

    return [
        changed_cell(name, plain_cell(old[name].iloc[0]), plain_cell(new[name].iloc[0]))
        for name in map(str, old.columns)
        if differs(old[name], new[name])[0]
    ]


def _offered(item: Perturbation) -> OfferedPerturbation:
    from mispredict.perturb.examples import examples

    known = examples(item)
    example, gives = _example(*known[0]) if known else ("", "")
    return OfferedPerturbation(
        item.name, item.on, item.keeps_label, item.summary, tuple(_options(item)), example, gives
    )


def _example(source: str, want: str) -> tuple[str, str]:
    """The text before and after, where the example is of one text."""
    try:
        call = ast.parse(source, mode="eval").body
        given = next(n for n in ast.walk(call) if isinstance(n, ast.List))
        [before], [after] = ast.literal_eval(given), ast.literal_eval(want)
    except (StopIteration, SyntaxError, ValueError):
        return "", ""
    return str(before), str(after)


def _options(item: Perturbation) -> list[PerturbationOption]:
    """Those that are numbers, texts or truth values; a function can only be given in Python."""
    hints = {
        name: str(p.annotation) for name, p in inspect.signature(item.change).parameters.items()
    }
    found = []
    for name, default in item.options.items():
        kind: Literal["number", "text", "truth"] | None = None
        if isinstance(default, bool):
            kind = "truth"
        elif isinstance(default, (int, float)) or hints.get(name, "").startswith(("float", "int")):
            kind = "number"
        elif isinstance(default, str):
            kind = "text"
        if kind is not None:
            found.append(PerturbationOption(name, kind, default, _said_of(item, name)))
    return found


def _said_of(item: Perturbation, option: str) -> str:
    """What the docstring says of an option."""
    lines = [line.strip() for line in item.doc.splitlines()]
    return next((line[len(option) + 2 :] for line in lines if line.startswith(f"{option}: ")), "")
