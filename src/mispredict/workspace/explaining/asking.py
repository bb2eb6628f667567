"""An evaluation's model, ready to be asked about rows that are not in the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, ModelError
from mispredict.core.ids import Ref
from mispredict.core.options import number, shown, whole
from mispredict.core.results import Source, plain
from mispredict.core.schema import ColumnType
from mispredict.explain.counterfactuals.search_calls import Asker, Budget
from mispredict.explain.counterfactuals.search_space import Space
from mispredict.models.sheet import Sheet

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from mispredict.models.caching import AnswerCache, Cache
    from mispredict.models.protocol import Model
    from mispredict.workspace.view import View

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_SHOWN = 20  # rows that are named one by one


@dataclass(frozen=True)
class Bounds:
    """How much a model is asked, and how: rows (`tries`), seconds, the seed of draws."""

    tries: int | None = None
    seconds: float | None = None
    seed: int = 0
    trust: bool = False
    progress: Callable[[int, int], None] | None = None
    cancel: Callable[[], bool] | None = None

    def __post_init__(self) -> None:
        if self.tries is not None:
            whole("tries", self.tries, 1)
        if self.seconds is not None:
            number("seconds", self.seconds, 0, is_above=True)
        whole("seed", self.seed, 0)


@dataclass(frozen=True)
class Given:
    """What a model is given: its columns for all rows, and in which types it gets them."""

    of: View
    table: pa.Table
    used: tuple[str, ...] | None
    categories: tuple[str, ...]

    def frame(self, rows: Numbers) -> pd.DataFrame:
        """Rows as the model is given them."""
        return self.sheet.frame(rows)

    @cached_property
    def sheet(self) -> Sheet:
        """All rows, held so that some are quickly taken."""
        return Sheet(self.table, self.categories)

    @property
    def types(self) -> dict[str, ColumnType]:
        schema = self.of.dataset.schema
        return {name: schema[name].type for name in self.table.column_names}


@dataclass(frozen=True)
class Inputs(Given):
    """What a model is given, and the model."""

    model: Model

    def matrix(self, rows: Numbers) -> Floats:
        """Rows of the space."""
        import pyarrow as pa

        if not len(self.space):
            return np.empty((len(rows), 0))
        return self.space.encode(self.table.select(list(self.space.names)).take(pa.array(rows)))

    @cached_property
    def space(self) -> Space:
        """The features that the model takes and that can be varied."""
        names = [n for n in self.table.column_names if self.used is None or n in self.used]
        return Space.of(self.table.select(names), self.types)

    def asker(self, bounds: Bounds, rows: int = 1) -> Asker:
        """An asker of the model whose answers are kept in the workspace."""
        tries = None if bounds.tries is None else bounds.tries * max(rows, 1)
        return Asker(
            self.model,
            self.of.task,
            budget=Budget(rows=tries, seconds=bounds.seconds),
            pages=partial(_pages, self.of, self.model),
            predicted=lambda: self.of.table.column("prediction").unique().to_pylist(),
            progress=bounds.progress,
            cancel=bounds.cancel,
        )


def inputs_of(of: View, *, trust: bool = False) -> Inputs:
    """The evaluation's model, ready to be asked, with the inputs of all rows.

    Raises:
        ModelError: only predictions are known, or the model was in another process.
    """
    model = model_of(of, trust=trust)
    kept = vars(of).get("_inputs")  # goes with the evaluation, whose rows never change
    if not isinstance(kept, Inputs) or kept.model is not model:
        kept = vars(of)["_inputs"] = _read_inputs(of, model)
    return kept


def given_of(of: View) -> Given:
    """The inputs of all rows, where there is no model that says which of them it takes."""
    return _read(of, ())


def _read_inputs(of: View, model: Model) -> Inputs:
    given = _read(of, tuple(str(name) for name in model.describe().get("columns") or ()))
    return Inputs(of, given.table, given.used, given.categories, model)


def _read(of: View, named: tuple[str, ...]) -> Given:
    schema = of.dataset.schema
    wanted = {*of.dataset.inputs, *named}
    chosen = [column for column in schema if column.name in wanted]
    table = of.dataset.read([column.name for column in chosen]).combine_chunks()
    categories = [column.name for column in chosen if column.origin.startswith("dictionary")]
    is_named = bool(named) and set(named) <= set(schema.names)
    return Given(of, table, named if is_named else None, tuple(categories))


def model_of(of: View, *, trust: bool = False) -> Model:
    """The evaluation's model, which must be one that can be called."""
    if of.version.spec.get("how") == "predictions":
        name, data = Ref.parse(of.model).name, of.dataset.name
        raise ModelError(
            f"model {of.model!r} cannot be asked about other rows.",
            known="Only its predictions are known (ws.add_predictions), not the model.",
            hint=f"ws.add_model({name!r}, model), then ws.evaluate({name!r}, {data!r})",
        )
    return of.workspace.model(of.model, trust=trust)


def row_number(of: View, row: Any) -> int:
    """The number of a row: a whole number is one, a text is the row's id."""
    if isinstance(row, str):
        return _row_of_id(of, row)
    try:
        found = None if isinstance(row, bool) else int(np.asarray(row).item())
    except (TypeError, ValueError):
        found = None
    if found is None or found != row or not 0 <= found < of.n:
        has_id = f"; row='an id' looks in {of.dataset.id!r}" if of.dataset.id else ""
        raise BadOption(
            f"there is no row {shown(row)}.",
            known=f"Rows go from 0 to {of.n - 1:,}{has_id}.",
            hint=f"row={f'{str(row)!r}' if of.dataset.id and found is not None else 0}",
        )
    return found


def row_numbers(of: View, rows: Any, where: Any, sample: int | None, seed: int) -> Numbers:
    """Numbers of the rows that are asked about: the given ones, or a sample of a cohort."""
    if rows is not None:
        if where is not None:
            raise BadOption(
                "give either row or where.",
                known="Both were given.",
                hint="row=7, or where='NOT correct'",
            )
        is_one = isinstance(rows, str) or np.ndim(rows) == 0
        found = [row_number(of, row) for row in ([rows] if is_one else list(rows))]
        return np.array(list(dict.fromkeys(found)), dtype=np.int64)
    mask = of._some(where)
    numbers = np.arange(of.n) if mask is None else np.flatnonzero(mask)
    if sample is not None and whole("sample", sample, 1) < len(numbers):
        numbers = np.sort(np.random.default_rng(seed).choice(numbers, sample, replace=False))
    return numbers


def id_of(of: View, row: int) -> Any:
    """The id of a row; its number where rows have none."""
    return plain(of.table.column(of.dataset.id, True)[row].as_py()) if of.dataset.id else row


def label_of(of: View, row: int) -> Any:
    """The label of a row, None without one."""
    return of.table.column("label")[row].as_py() if "label" in of.fields.reserved else None


def said_codes(of: View) -> npt.NDArray[np.int64]:
    """What the evaluation predicted of each row, as places in its classes; -1 for nothing."""
    if not of.task.is_classification:
        return np.full(of.n, -1)
    return of.table.class_codes("prediction").astype(np.int64)


def source_of(of: View, row: Any, where: Any, n: int) -> Source:
    """What an answer about these rows stands on."""
    if row is None:
        return Source(of.ref, of.source(where, n).where, n)
    found = row_numbers(of, row, None, None, 0)
    shown_rows = ", ".join(map(str, found[:_SHOWN]))
    if len(found) == 1:
        return Source(of.ref, f"row = {shown_rows}", 1)
    more = ", …" if len(found) > _SHOWN else ""
    return Source(of.ref, f"row IN ({shown_rows}{more})", n)


def _row_of_id(of: View, row: str) -> int:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not of.dataset.id:
        raise BadOption(
            f"there is no row {shown(row)}.",
            known="The dataset has no id, so rows are known by their number.",
            hint="row=0",
        )
    ids = of.table.column(of.dataset.id, True).cast(pa.string())
    found = int(pc.index(ids, pa.scalar(row)).as_py())
    if found < 0:
        raise BadOption(
            f"no row has the {of.dataset.id} {shown(row)}.",
            known=f"The first is {ids[0].as_py()!r}.",
            hint=f"another id, or the number of a row, from 0 to {of.n - 1:,}",
        )
    return found


class Aside:
    """What searches asked, apart from what evaluations did: those pages are as large as the data.

    Bytes stay in memory for as long as one search takes.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._read: dict[str, bytes | None] = {}

    def get(self, key: str) -> bytes | None:
        if key not in self._read:
            self._read[key] = self._cache.get(f"{key}/asked")
        return self._read[key]

    def put(self, key: str, data: bytes) -> object:
        self._read[key] = data
        return self._cache.put(f"{key}/asked", data)


def _pages(of: View, model: Model, frame: pd.DataFrame) -> AnswerCache | None:
    from mispredict.models.running import pages_of

    return pages_of(model, of.task, frame, Aside(of.workspace.store.cache))
