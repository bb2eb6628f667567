"""Perturbations done to values: in batches, with draws that belong to rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.cells import is_alike
from mispredict.core.errors import BadOption
from mispredict.core.options import names as names_of
from mispredict.core.options import number, whole
from mispredict.perturb.draws import Draws
from mispredict.perturb.reference import Reference
from mispredict.perturb.registry import Chain, Names, Perturbation, chain_of
from mispredict.perturb.texts import Texts, arrow_of

if TYPE_CHECKING:
    import pandas as pd

Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
BATCH = 4_096  # texts at once: their bytes and places stay in the processor's cache
STRENGTH = 0.3
_OF = {"image": "images", "audio": "sounds"}


@dataclass(frozen=True, eq=False)
class Altered:
    """Values after a change, in the form they were given; `is_changed` says which differ.

    `columns` are those of a frame in which rows differ.
    """

    after: Any
    is_changed: Bools
    name: str
    keeps_label: bool
    strength: float
    seed: int
    columns: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.is_changed)


def apply(
    names: Names,
    values: Any,
    strength: float = STRENGTH,
    seed: int = 0,
    *,
    rows: Any = None,
    columns: Sequence[str] | str | None = None,
    reference: Reference | None = None,
    **options: Any,
) -> Altered:
    """The values changed by perturbations, one after the other.

    A row is changed alike whatever rows are beside it: draws belong to the seed and the row's
    number. At strength 0 nothing changes, at any other at least one place of each row that has
    one, and what changes at a strength also changes at a higher one.

    Args:
        names: a name, "a | b", a list, or perturbations.
        values: texts (a list, array, Series or Arrow array), or a frame.
        strength: from 0 to 1; what it means is said by each perturbation.
        seed: of the draws.
        rows: numbers of the rows; from 0 by default.
        columns: of a frame, those to change; by default all that the perturbation can.
        reference: what is known of the frame's columns; by default what the frame says.
        options: keywords of the perturbations.

    Raises:
        UnknownName: there is no such perturbation.
        BadOption: a value out of its range, or an option that none of them has.

    Example:
        >>> apply("typo_swap", ["a wonderful film"], strength=0.1).after
        ['a wonderufl film']
    """
    chain = chain_of(names)
    strength = number("strength", strength, 0, 1)
    whole("seed", seed, 0)
    _check_options(chain, options)
    numbers = np.arange(len(values)) if rows is None else np.asarray(rows)
    if len(numbers) != len(values):
        raise BadOption(f"{len(numbers):,} rows for {len(values):,} values.", hint="rows=None")
    job = _Job(chain, strength, seed, numbers, options)
    where: tuple[str, ...] = ()
    if _is_frame(values):
        chosen = None if columns is None else names_of("columns", columns)
        after, changed, where = _frame(job, values, chosen, reference or Reference.of(values))
    else:
        after, changed = _values(job, values)
    return Altered(after, changed, chain.name, chain.keeps_label, strength, seed, where)


@dataclass(frozen=True, eq=False)
class _Job:
    chain: Chain
    strength: float
    seed: int
    rows: Whole
    options: dict[str, Any]

    def draws(self, place: int, at: slice | Whole, column: int = 0) -> Draws:
        """Draws of one of the perturbations for a batch."""
        name = f"{self.chain.parts[place].name}/{place}/{column}"
        return Draws(name, self.seed, self.rows[at])

    def keywords(self, part: Perturbation) -> dict[str, Any]:
        return {key: value for key, value in self.options.items() if key in part.options}


def _values(job: _Job, values: Any) -> tuple[Any, Bools]:
    """Values that are no frame: texts, or whatever images and audio come as."""
    wrong = [part.name for part in job.chain.parts if part.on == "tabular"]
    if wrong:
        raise BadOption(
            f"perturbation {wrong[0]!r} changes rows of a table, not {type(values).__name__}.",
            hint="a pandas frame",
        )
    if any(part.on != "text" for part in job.chain.parts):
        return _others(job, list(values))
    after, changed = _texts(job, values, 0)
    return _as_given(after, values), changed


def _frame(
    job: _Job, frame: pd.DataFrame, columns: Sequence[str] | None, reference: Reference
) -> tuple[pd.DataFrame, Bools, tuple[str, ...]]:
    if columns is not None:
        reference.checked(columns)
    after, changed = frame, np.zeros(len(frame), dtype=bool)
    for place, part in enumerate(job.chain.parts):
        alone = _Job(Chain((part,)), job.strength, job.seed + 7919 * place, job.rows, job.options)
        if part.on == "tabular":
            after = _tabular(alone, after, columns, reference)
        elif part.on != "text":
            after = _other_columns(alone, after, _others_among(part, columns, reference))
        else:
            after = _text_columns(alone, after, _texts_among(part, columns, reference))
    moved = []
    for name in frame.columns:
        before, now = frame[name], after[name]
        if is_same(before.array, now.array):
            continue
        found = differs(before, now)
        if found.any() or before.dtype != now.dtype:
            changed |= found
            moved.append(str(name))
    return after, changed, tuple(moved)


def _texts_among(
    part: Perturbation, columns: Sequence[str] | None, reference: Reference
) -> tuple[str, ...]:
    chosen = reference.named("text") if columns is None else tuple(columns)
    chosen = tuple(name for name in chosen if reference.columns[name].kind in ("text", "category"))
    if not chosen:
        raise BadOption(
            f"perturbation {part.name!r} changes texts, and there is no text column to change.",
            known=f"Columns: {', '.join([*reference.columns][:8])}.",
            hint="columns=['the text column']",
        )
    return chosen


def _others_among(
    part: Perturbation, columns: Sequence[str] | None, reference: Reference
) -> tuple[str, ...]:
    """Columns of images or audio: those that were named, else all that are not plain values."""
    chosen = reference.named("other") if columns is None else tuple(columns)
    if columns is not None and len(chosen) > 1:
        chosen = tuple(name for name in chosen if reference.columns[name].kind == "other")
    if not chosen:
        raise BadOption(
            f"perturbation {part.name!r} changes {_OF[part.on]}, and no column holds any.",
            known=f"Columns: {', '.join([*reference.columns][:8])}.",
            hint=f"columns=['the column of {_OF[part.on]}']",
        )
    return chosen


def _other_columns(job: _Job, frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The frame with images or audio changed; missing ones stay missing."""
    import pandas as pd

    made: dict[str, Any] = {}
    for place, name in enumerate(columns):
        column = frame[name]
        there = np.flatnonzero(column.notna().to_numpy())
        after = column.astype(object).to_numpy(copy=True)
        for at, value in zip(there, _changed(job, list(after[there]), there, place), strict=True):
            after[at] = value
        made[name] = pd.Series(after, index=column.index, name=name, dtype=column.dtype)
    return frame.assign(**made)


def _text_columns(job: _Job, frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    made: dict[str, Any] = {}
    for place, name in enumerate(columns):
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):  # a changed text is no category
            column = column.astype(column.cat.categories.dtype)
        made[name] = _as_given(_texts(job, column, place)[0], column)
    return frame.assign(**made)


def _tabular(
    job: _Job, frame: pd.DataFrame, columns: Sequence[str] | None, reference: Reference
) -> pd.DataFrame:
    part = job.chain.parts[0]
    given = {"columns": columns, "reference": reference}
    keywords = {**job.keywords(part), **{key: given[key] for key in part.given}}
    if job.strength <= 0 or not len(frame):
        return frame
    draws = job.draws(0, slice(None))
    after = part.change(frame, job.strength, draws, **keywords)
    if not _is_frame(after) or len(after) != len(frame):
        raise _nonsense(part, len(frame), after)
    found: pd.DataFrame = after
    return found if after.index.is_(frame.index) else after.set_axis(frame.index)


def _texts(job: _Job, values: Any, column: int) -> tuple[Any, Bools]:
    """The changed texts as an Arrow array in which missing ones are missing, and which differ."""
    import pyarrow as pa
    import pyarrow.compute as pc

    given = arrow_of(values)
    parts = [_text_batch(job, given[at], at, column) for at in _batches(len(given))]
    after = pa.concat_arrays(parts) if parts else given
    changed = pc.fill_null(pc.not_equal(given, after), False)
    if given.null_count:
        after = pc.if_else(pc.is_valid(given), after, None)
    return after, changed.to_numpy(zero_copy_only=False)


def _text_batch(job: _Job, values: Any, at: slice, column: int) -> Any:
    batch: Any = Texts.of(values)
    for place, part in enumerate(job.chain.parts):
        if job.strength <= 0:
            break
        draws, keywords = job.draws(place, at, column), job.keywords(part)
        if part.takes == "texts":
            batch = part.change(batch, job.strength, draws, **keywords)
            continue
        made = part.change(batch.to_list(), job.strength, draws, **keywords)
        if len(made) != len(batch) or not all(isinstance(text, str) for text in made):
            raise _nonsense(part, len(batch), made)
        batch = Texts.of(list(made))
    return batch.to_arrow()


def _others(job: _Job, values: list[Any]) -> tuple[list[Any], Bools]:
    """Images or audio: what is not the very same thing counts as changed."""
    after = _changed(job, values, slice(None))
    changed = [new is not old for old, new in zip(values, after, strict=True)]
    return after, np.array(changed, dtype=bool)


def _changed(job: _Job, values: list[Any], at: slice | Whole, column: int = 0) -> list[Any]:
    """Images or audio of some rows after the perturbations."""
    after = values
    for place, part in enumerate(job.chain.parts):
        if job.strength > 0 and after:
            draws = job.draws(place, at, column)
            made = list(part.change(after, job.strength, draws, **job.keywords(part)))
            if len(made) != len(values):
                raise _nonsense(part, len(values), made)
            after = made
    return after


def differs(before: pd.Series, after: pd.Series) -> Bools:
    """Where two columns differ; missing equals missing."""
    import pandas as pd

    if all(isinstance(c.dtype, np.dtype) and c.dtype.kind in "biuf" for c in (before, after)):
        old, new = before.to_numpy(), after.to_numpy()
        unlike: Bools = old != new
        unlike &= ~((old != old) & (new != new))  # noqa: PLR0124 - NaN
        return unlike
    if any(isinstance(value, np.ndarray) for value in before if before.dtype == object):
        pairs = zip(before, after, strict=True)
        return np.array([not is_alike(old, new) for old, new in pairs], dtype=bool)
    plain = [
        column.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else column
        for column in (before, after)
    ]
    gone = [column.isna().to_numpy() for column in plain]
    same = (plain[0] == plain[1].set_axis(plain[0].index)).fillna(False).to_numpy(dtype=bool)
    found: Bools = ~(same | (gone[0] & gone[1]))
    return found


def is_same(before: Any, now: Any) -> bool:
    """Whether two arrays are one and the same memory, as columns are that nobody touched."""
    if before is now:
        return True
    if type(before) is not type(now) or len(before) != len(now):
        return False
    if hasattr(before, "__arrow_array__") and getattr(before.dtype, "storage", "") == "pyarrow":
        return before.__arrow_array__() is now.__arrow_array__()
    if isinstance(before.dtype, np.dtype):
        views = (np.asarray(before).__array_interface__, np.asarray(now).__array_interface__)
        return views[0] == views[1]
    return False


def _batches(n: int) -> Iterator[slice]:
    return (slice(start, start + BATCH) for start in range(0, n, BATCH))


def _as_given(after: Any, values: Any) -> Any:
    import pandas as pd
    import pyarrow as pa

    if isinstance(values, pd.Series):
        dtype = values.dtype
        found = after.to_pandas()
        return pd.Series(found.to_numpy(object), index=values.index, name=values.name, dtype=dtype)
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return after.cast(values.type)
    if isinstance(values, np.ndarray):
        return after.to_numpy(zero_copy_only=False)
    return after.to_pylist()


def _is_frame(values: Any) -> bool:
    return type(values).__name__ == "DataFrame" and hasattr(values, "iloc")


def _check_options(chain: Chain, options: dict[str, Any]) -> None:
    known = {key for part in chain.parts for key in part.options}
    for key in options:
        if key not in known:
            listed = ", ".join(sorted(known))
            raise BadOption(
                f"{chain.name!r} has no option {key!r}.",
                known=f"Options: {listed}." if known else "It has none.",
                hint="the page of perturbations, which lists the options of each",
            )


def _nonsense(part: Perturbation, n: int, made: Any) -> BadOption:
    count = f"{len(made):,} values" if hasattr(made, "__len__") else f"a {type(made).__name__}"
    return BadOption(
        f"perturbation {part.name!r} gave {count} for {n:,}.",
        known="It gives as many values as it gets, in the same order, texts as texts.",
        hint="a function (values, strength, rng) -> values",
    )
