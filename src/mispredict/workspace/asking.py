"""What-if, effects and counterfactuals of an evaluation: what the room needs is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, ModelError
from mispredict.core.ids import Ref
from mispredict.core.options import number as number_of
from mispredict.core.options import shown, whole
from mispredict.core.results import Source, plain
from mispredict.core.schema import ColumnType
from mispredict.core.task import TaskKind
from mispredict.explain.search_calls import Asker, Budget
from mispredict.explain.search_space import Space, frame_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from mispredict.explain.counterfactual_limits import Rules
    from mispredict.explain.counterfactuals import Counterfactuals
    from mispredict.explain.what_if import Neighbour, WhatIf
    from mispredict.models.caching import AnswerCache
    from mispredict.models.protocol import Model
    from mispredict.workspace.evaluation import Evaluation

Numbers = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]
_SHOWN = 20  # rows that are named one by one


@dataclass(frozen=True)
class Inputs:
    """What a model is given: its columns for all rows, and in which types it gets them."""

    of: Evaluation
    model: Model
    table: pa.Table
    used: tuple[str, ...] | None
    categories: tuple[str, ...]

    def frame(self, rows: Numbers | None = None) -> pd.DataFrame:
        """Rows as the model is given them."""
        return frame_of(self.table, rows, self.categories)

    @property
    def types(self) -> dict[str, ColumnType]:
        schema = self.of.dataset.schema
        return {name: schema[name].type for name in self.table.column_names}

    def space(self) -> Space:
        """The features that the model takes and that can be varied."""
        names = [n for n in self.table.column_names if self.used is None or n in self.used]
        return Space.of(self.table.select(names), self.types)

    def asker(
        self,
        *,
        budget: Budget | None = None,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Asker:
        """An asker of the model whose answers are kept in the workspace."""
        pages = partial(_pages, self.of, self.model)
        return Asker(
            self.model, self.of.task, budget=budget, pages=pages, progress=progress, cancel=cancel
        )


def inputs_of(of: Evaluation, *, trust: bool = False) -> Inputs:
    """The evaluation's model, ready to be asked, with the inputs of all rows.

    Raises:
        ModelError: only predictions are known, or the model was in another process.
    """
    model = model_of(of, trust=trust)
    named = tuple(str(name) for name in model.describe().get("columns") or ())
    schema = of.dataset.schema
    wanted = {*of.dataset.inputs, *named}
    chosen = [column for column in schema if column.name in wanted]
    table = of.dataset.read([column.name for column in chosen])
    categories = [column.name for column in chosen if column.origin.startswith("dictionary")]
    is_named = bool(named) and set(named) <= set(schema.names)
    return Inputs(of, model, table, named if is_named else None, tuple(categories))


def model_of(of: Evaluation, *, trust: bool = False) -> Model:
    """The evaluation's model, which must be one that can be called."""
    if of.version.spec.get("how") == "predictions":
        name, data = Ref.parse(of.model).name, of.dataset.name
        raise ModelError(
            f"model {of.model!r} cannot be asked about other rows.",
            known="Only its predictions are known (ws.add_predictions), not the model.",
            hint=f"ws.add_model({name!r}, model), then ws.evaluate({name!r}, {data!r})",
        )
    return of.workspace.model(of.model, trust=trust)


def row_number(of: Evaluation, row: Any) -> int:
    """The number of a row: a whole number is one, a text is the row's id."""
    if isinstance(row, str):
        return _row_of_id(of, row)
    try:
        number = None if isinstance(row, bool) else int(np.asarray(row).item())
    except (TypeError, ValueError):
        number = None
    if number is None or number != row or not 0 <= number < of.n:
        has_id = f"; row='an id' looks in {of.dataset.id!r}" if of.dataset.id else ""
        raise BadOption(
            f"there is no row {shown(row)}.",
            known=f"Rows go from 0 to {of.n - 1:,}{has_id}.",
            hint=f"row={f'{str(row)!r}' if of.dataset.id and number is not None else 0}",
        )
    return number


def row_numbers(of: Evaluation, rows: Any, where: Any, sample: int | None, seed: int) -> Numbers:
    """Numbers of the rows that are asked about: the given ones, or a sample of a cohort."""
    if rows is not None:
        is_one = isinstance(rows, str) or np.ndim(rows) == 0
        found = [row_number(of, row) for row in ([rows] if is_one else list(rows))]
        return np.array(found, dtype=np.int64)
    mask = of._some(where)
    numbers = np.arange(of.n) if mask is None else np.flatnonzero(mask)
    if sample is not None and sample < len(numbers):
        numbers = np.sort(np.random.default_rng(seed).choice(numbers, sample, replace=False))
    return numbers


def what_if_of(
    of: Evaluation,
    row: Any,
    changes: Any,
    edits: Mapping[str, Any],
    *,
    unseen: bool,
    trust: bool,
) -> WhatIf:
    """The row as it is and with changes."""
    from mispredict.explain.what_if import Example, find_what_if
    from mispredict.explain.what_if_values import Values

    number = row_number(of, row)
    inputs = inputs_of(of, trust=trust)
    values = Values(inputs.table, of.dataset.schema, of.dataset.ref, unseen=unseen)
    variants = values.variants(changes, edits)
    example = Example(
        number, id_of(of, number), label_of(of, number), inputs.frame(np.array([number]))
    )
    asker = inputs.asker()
    result = find_what_if(
        asker,
        example,
        variants,
        ranges=_ranges(inputs.table, variants),
        nearest=_nearest(inputs, number),
        used=inputs.used,
        source=Source(of.ref, f"row = {number}", 1),
    )
    asker.close()
    return result


def counterfactuals_of(
    of: Evaluation,
    row: Any,
    *,
    where: Any,
    sample: int | None,
    target: Any,
    rules: Rules,
    k: int,
    tries: int,
    seconds: float | None,
    seed: int,
    trust: bool,
    progress: Progress | None,
    cancel: Cancel | None,
) -> Counterfactuals:
    """Counterfactuals of one row, of some, or of a cohort."""
    from mispredict.explain.counterfactual_goal import goal_of
    from mispredict.explain.counterfactual_limits import Limits
    from mispredict.explain.counterfactuals import Reference, Subjects, find_counterfactuals

    k, tries = whole("k", k, 1, 10), whole("tries", tries, 1)
    seed = whole("seed", seed, 0)
    sample = None if sample is None else whole("sample", sample, 1)
    if seconds is not None:
        seconds = number_of("seconds", seconds, 0, is_above=True)
    chosen = row_numbers(of, row, where, sample, seed)
    values = of.table.values("prediction") if of.task.kind is TaskKind.REGRESSION else None
    goal = goal_of(of.task, target, values)
    inputs = inputs_of(of, trust=trust)
    space = inputs.space()
    limits = Limits(space, rules)
    matrix = space.encode(inputs.table)
    subjects = Subjects(
        inputs.frame(chosen), matrix[chosen], chosen, tuple(id_of(of, int(at)) for at in chosen)
    )
    budget = Budget(rows=tries * max(len(chosen), 1), seconds=seconds)
    asker = inputs.asker(budget=budget, progress=progress, cancel=cancel)
    result = find_counterfactuals(
        asker,
        Asker(inputs.model, of.task),
        space,
        limits,
        goal,
        subjects,
        Reference(matrix, said_codes(of), values),
        k=k,
        source=_source_of(of, row, where, len(chosen)),
        seed=seed,
    )
    asker.close()
    return result


def id_of(of: Evaluation, row: int) -> Any:
    """The id of a row; its number where rows have none."""
    return plain(of.table.column(of.dataset.id, True)[row].as_py()) if of.dataset.id else row


def label_of(of: Evaluation, row: int) -> Any:
    """The label of a row, None without one."""
    return of.table.column("label")[row].as_py() if "label" in of.fields.reserved else None


def said_codes(of: Evaluation) -> npt.NDArray[np.int64]:
    """What the evaluation predicted of each row, as places in its classes; -1 for nothing."""
    if not of.task.is_classification:
        return np.full(of.n, -1)
    return of.table.class_codes("prediction").astype(np.int64)


def _source_of(of: Evaluation, row: Any, where: Any, n: int) -> Source:
    if row is None:
        return Source(of.ref, of.source(where, n).where, n)
    found = row_numbers(of, row, None, None, 0)
    shown_rows = ", ".join(map(str, found[:_SHOWN]))
    if len(found) == 1:
        return Source(of.ref, f"row = {shown_rows}", 1)
    more = ", …" if len(found) > _SHOWN else ""
    return Source(of.ref, f"row IN ({shown_rows}{more})", n)


def _nearest(inputs: Inputs, row: int) -> Neighbour | None:
    from mispredict.explain.search_space import differs
    from mispredict.explain.what_if import Change, Neighbour, nearest_unlike

    of, space = inputs.of, inputs.space()
    codes = said_codes(of)
    matrix = space.encode(inputs.table)
    found = nearest_unlike(space, matrix, codes, matrix[row], int(codes[row]))
    if found is None:
        return None
    number, distance = found
    changed = np.flatnonzero(differs(matrix[row], matrix[number]))
    return Neighbour(
        number,
        id_of(of, number),
        distance,
        plain(of.table.column("prediction")[number].as_py()),
        plain(label_of(of, number)),
        tuple(
            Change(
                space.names[at],
                space.features[at].plain(matrix[row, at]),
                space.features[at].plain(matrix[number, at]),
            )
            for at in changed
        ),
    )


def _ranges(table: pa.Table, variants: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Any, Any]]:
    """Least and largest value of the numbers and times that are changed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = {name for changes in variants for name in changes}
    found = {}
    for name in names:
        kind = table[name].type
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_temporal(kind):
            span = pc.min_max(table[name]).as_py()
            found[name] = (span["min"], span["max"])
    return found


def _row_of_id(of: Evaluation, row: str) -> int:
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


def _pages(of: Evaluation, model: Model, frame: pd.DataFrame) -> AnswerCache | None:
    from mispredict.models.running import pages_of

    return pages_of(model, of.task, frame, of.workspace.store.cache)
