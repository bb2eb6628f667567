"""Attributions of rows as columns of an evaluation: computed, kept, and read again.

A version of the kind `attributions` has the rows that were explained in one way: by this model,
method, background and seed. Further rows are added as further parts, so that nothing is explained
twice. The newest version gives the columns `shap_<feature>`. Sampled attributions are also kept
by the content of the row, for the evaluations that follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.ids import hash_json
from mispredict.engine.cache import Cache
from mispredict.explain.attributions import Batch
from mispredict.explain.explained import Explained, of_batch

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from mispredict.explain.attributions import Explainer
    from mispredict.models.caching import AnswerCache
    from mispredict.store import Store, Version
    from mispredict.store.parts import Part
    from mispredict.workspace.explaining.explaining import Explaining

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

KIND = "attributions"  # of version that keeps the columns `shap_<feature>`
PREFIX, ERROR = "shap_", "error_"
_FREE_ROWS, _ASKED_ROWS = 32_768, 256  # explained at a time, without and with the model
_COLUMN_BYTES = 256 << 20  # of columns that are kept while a result is made of them
_FIRST_ROWS = 4  # of a model whose speed is not known
_BATCH_SECONDS = 5.0  # of the fewest calls of a batch, so that progress moves
_FOR_ATTRIBUTIONS = 0.8  # of the budget; the rest is for seeing whether they hold
_PART_ROWS = 1 << 18  # explained without the model that a stop may lose
_SMALL_ROWS = 50_000  # below which the parts of a version are written as one, and read once


def stored_attributions(store: Store, evaluation: Version) -> Version | None:
    """The newest attributions of the evaluation's rows that are columns."""
    head = store.head(KIND, evaluation.ref.name)
    if head is None or head.spec["evaluation"] != str(evaluation.ref):
        return None
    return head if head.spec["features"] else None


def column_names(version: Version) -> dict[str, str]:
    """The features by the names of their columns."""
    return {PREFIX + str(name): str(name) for name in version.spec["features"]}


def read_column(store: Store, version: Version, name: str, n: int) -> pa.Array:
    """Attributions of all n rows of the evaluation, NULL where a row is not explained."""
    import pyarrow as pa

    table = store.read_table(version.role("table"), columns=["row", name])
    values = np.full(n, np.nan)
    values[table["row"].to_numpy()] = table[name].to_numpy()
    return pa.array(values, mask=np.isnan(values))


def computed(work: Explaining, numbers: Numbers) -> Explained:
    """The attributions of a few rows, which become no columns."""
    features = work.choice.explainer.features
    batches = list(_batches(work, numbers))
    if not batches:
        return _nothing(work, numbers)
    done = np.concatenate([rows for rows, _ in batches])
    return of_batch(done, features, _joined([batch for _, batch in batches]))


def known(work: Explaining) -> Numbers:
    """Numbers of the rows that are explained in this way already."""
    version = _version(work)
    if version is None:
        return np.zeros(0, np.int64)
    rows = work.of.workspace.store.read_table(version.role("table"), columns=["row"])["row"]
    return np.asarray(rows.to_numpy(), dtype=np.int64)


def add(work: Explaining, numbers: Numbers) -> None:
    """Explain the rows and keep them; on a stop those that are done."""
    before = _version(work)
    parts: list[Part] = []
    try:
        if len(numbers):
            for part in _written(work, numbers):
                parts.append(part)  # one by one: a stop leaves those before it
    finally:
        if parts:
            _commit(work, before, parts)
        elif before is not None:
            _bring_up(work, before)


def read(work: Explaining, numbers: Numbers) -> Explained:
    """The kept attributions of these rows, a feature when it is asked for."""
    store, version = work.of.workspace.store, _version(work)
    explainer = work.choice.explainer
    n = work.of.n
    if version is None:
        return _nothing(work, numbers)
    parts = version.role("table")
    place = np.full(n, -1, dtype=np.int64)
    rows = store.read_table(parts, columns=["row"])["row"].to_numpy()
    place[rows] = np.arange(len(rows))
    at = place[numbers]

    is_small = sum(part.rows for part in parts) <= _SMALL_ROWS
    whole = store.read_table(parts) if is_small else None
    is_in_order = np.array_equal(at, np.arange(len(rows)))
    known: Cache[Floats] = Cache(_COLUMN_BYTES, lambda values: int(values.nbytes))

    def load(name: str) -> Floats:
        table = store.read_table(parts, columns=[name]) if whole is None else whole
        values = table[name].to_numpy()
        if is_in_order:
            return np.asarray(values)
        return np.asarray(np.where(at >= 0, values[np.maximum(at, 0)], np.nan))

    def column(name: str) -> Floats:
        return known.get(name, lambda: load(name))

    base, output = column("base"), column("output")
    if version.spec["tokens"]:
        return _tokens_of(store, parts, numbers, at, base, output)
    has_errors = bool(version.spec["has_errors"])
    return Explained(
        numbers,
        explainer.features,
        base,
        output,
        lambda name: column(PREFIX + name),
        (lambda name: column(ERROR + name)) if has_errors else None,
    )


def _nothing(work: Explaining, numbers: Numbers) -> Explained:
    nothing = np.full(len(numbers), np.nan)
    features = work.choice.explainer.features
    return Explained(numbers, features, nothing, nothing, lambda name: nothing)


def _written(work: Explaining, numbers: Numbers) -> Iterator[Part]:
    """Parts of the explained rows, each when it is full."""
    store, explainer = work.of.workspace.store, work.choice.explainer
    if not work.is_free:
        for rows, batch in _batches(work, numbers):
            yield from store.write_table(_table(explainer, rows, batch))
        return
    for start in range(0, len(numbers), _PART_ROWS):
        part = numbers[start : start + _PART_ROWS]
        batches = _batches(work, part, before=start, total=len(numbers))
        yield from store.write_table(_table(explainer, *each) for each in batches)


def _batches(
    work: Explaining, numbers: Numbers, *, before: int = 0, total: int | None = None
) -> Iterator[tuple[Numbers, Batch]]:
    """The rows in batches, each with its share of the budget, as far as that goes."""
    explainer, caller, every = work.choice.explainer, work.caller, total or len(numbers)
    size = _FREE_ROWS if work.is_free else _ASKED_ROWS
    start = 0
    while start < len(numbers):
        caller.heed_cancel()
        ahead = every - before - start
        rows = numbers[start : start + size]
        if not work.is_free:
            rows = _affordable(work, rows, ahead)
            if not len(rows):
                caller.spend()
                return
            caller.allot(_FOR_ATTRIBUTIONS * len(rows) / ahead)
        yield rows, _explained(work, explainer, rows)
        caller.allot(1)
        start += len(rows)
        _progress(work, before + start, every)


def _affordable(work: Explaining, rows: Numbers, ahead: int) -> Numbers:
    """The first of the rows that the model can be asked about in a few seconds.

    While its speed is not known, few; none where not even one can be paid for.
    """
    explainer, caller = work.choice.explainer, work.caller
    cost = max(explainer.cost(work.frame(rows[:1])), 1)
    if cost > caller.left():
        return rows[:0]
    most = caller.left() / cost
    at_once = caller.rate * _BATCH_SECONDS / cost if caller.rate else _FIRST_ROWS
    return rows[: max(int(min(most, at_once)), 1)]


def _explained(work: Explaining, explainer: Explainer, rows: Numbers) -> Batch:
    """The batch, rows of which the content was explained before from the cache."""
    frame, targets = work.frame(rows), work.targets(rows)
    pages = None if work.is_free else _pages(work, frame)
    if pages is None:
        return explainer.explain(frame, targets)
    from mispredict.explain.keeping import explain_new

    return explain_new(explainer, frame, targets, pages)


def _pages(work: Explaining, frame: pd.DataFrame) -> AnswerCache | None:
    from mispredict.models.caching import AnswerCache, schema_key

    identity = work.fingerprint
    if identity is None:
        return None
    facts = [identity, _way(work), list(work.of.task.classes), schema_key(frame)]
    return AnswerCache(work.of.workspace.store.cache, hash_json(["attributions", *facts]))


def _way(work: Explaining) -> dict[str, Any]:
    """All that decides the attributions beside the model and the rows."""
    explainer = work.choice.explainer
    return {"method": explainer.method, "facts": explainer.facts, "target": work.target}


def _version(work: Explaining) -> Version | None:
    """The newest version of the evaluation's rows explained in this way."""
    store, name = work.of.workspace.store, work.of.version.ref.name
    identity = _identity(work)
    if store.head(KIND, name) is None:
        return None
    versions = [v for v in store.versions(KIND, name) if v.spec["identity"] == identity]
    return max(versions, key=lambda version: version.number, default=None)


def _identity(work: Explaining) -> str:
    explainer = work.choice.explainer
    return hash_json([str(work.of.version.ref), _way(work), list(explainer.features)])


def _commit(work: Explaining, before: Version | None, parts: Sequence[Part]) -> None:
    store, of, explainer = work.of.workspace.store, work.of, work.choice.explainer
    every = [*(before.role("table") if before is not None else ()), *parts]
    if len(every) > 1 and sum(part.rows for part in every) <= _SMALL_ROWS:
        every = store.write_table(store.read_table(every))
    evaluation = str(of.version.ref)
    names = store.read_table(every[:1]).column_names
    version = store.commit(
        KIND,
        of.version.ref.name,
        spec={
            "evaluation": evaluation,
            "identity": _identity(work),
            "features": list(explainer.features),
            "tokens": "tokens" in names,
            "has_errors": any(name.startswith(ERROR) for name in names),
            "scale": explainer.scale,
            **_way(work),
        },
        parts={"table": every},
        parents=(f"evaluation:{evaluation}",),
    )
    of._keep_attributions(version if version.spec["features"] else None)


def _bring_up(work: Explaining, version: Version) -> None:
    """Make the version the evaluation's columns, where it is not the newest."""
    if not version.spec["features"]:
        return
    store, of = work.of.workspace.store, work.of
    head = store.head(KIND, version.ref.name)
    if head is not None and head.number != version.number:
        version = store.commit(
            KIND,
            version.ref.name,
            spec=dict(version.spec),
            parts={"table": list(version.role("table"))},
            parents=version.parents,
        )
    of._keep_attributions(version)


def _table(explainer: Explainer, rows: Numbers, batch: Batch) -> pa.Table:
    import pyarrow as pa

    columns: dict[str, Any] = {"row": rows, "base": batch.base, "output": batch.output}
    if batch.tokens is not None:
        counts = [len(own) for own in batch.tokens]
        errors = np.full_like(batch.values, np.nan) if batch.errors is None else batch.errors
        columns["tokens"] = pa.array(
            [[token.text for token in own] for own in batch.tokens], pa.list_(pa.string())
        )
        for name in ("start", "end"):
            places = [[getattr(token, name) for token in own] for own in batch.tokens]
            columns[name] = pa.array(places, pa.list_(pa.int32()))
        for name, values in (("value", batch.values), ("half", errors)):
            lists = [line[:count] for line, count in zip(values, counts, strict=True)]
            columns[name] = pa.array(lists, pa.list_(pa.float64()))
        return pa.table(columns)
    for at, name in enumerate(explainer.features):
        columns[PREFIX + name] = np.ascontiguousarray(batch.values[:, at])
        if batch.errors is not None:
            columns[ERROR + name] = np.ascontiguousarray(batch.errors[:, at])
    return pa.table(columns)


def _tokens_of(
    store: Store, parts: Sequence[Part], numbers: Numbers, at: Numbers, base: Floats, output: Floats
) -> Explained:
    from mispredict.explain.attributions import Token

    table = store.read_table(parts, columns=["tokens", "start", "end", "value", "half"])
    lists = {name: table[name].take(at[at >= 0]).to_pylist() for name in table.column_names}
    texts: list[tuple[Token, ...]] = []
    weights: list[Floats] = []
    halves: list[Floats] = []
    order = iter(range(len(at)))
    for place in at.tolist():
        if place < 0:
            texts.append(())
            weights.append(np.zeros(0))
            halves.append(np.zeros(0))
            continue
        k = next(order)
        each = zip(lists["tokens"][k], lists["start"][k], lists["end"][k], strict=True)
        texts.append(tuple(Token(*item) for item in each))
        weights.append(np.array(lists["value"][k], dtype=np.float64))
        halves.append(np.array(lists["half"][k], dtype=np.float64))
    return Explained(
        numbers, (), base, output, lambda name: np.zeros(0), None, tuple(texts), tuple(weights),
        tuple(halves),
    )  # fmt: skip


def _joined(batches: Sequence[Batch]) -> Batch:
    """The batches one below the other."""
    if len(batches) == 1:
        return batches[0]
    most = max(batch.values.shape[1] for batch in batches)

    def wide(array: Floats) -> Floats:
        gap = most - array.shape[1]
        return np.pad(array, ((0, 0), (0, gap)), constant_values=np.nan) if gap else array

    errors = [wide(batch.errors) for batch in batches if batch.errors is not None]
    tokens = [batch.tokens for batch in batches if batch.tokens is not None]
    return Batch(
        np.concatenate([wide(batch.values) for batch in batches]),
        np.concatenate([batch.base for batch in batches]),
        np.concatenate([batch.output for batch in batches]),
        np.concatenate(errors) if errors else None,
        tuple(own for part in tokens for own in part) if tokens else None,
    )


def _progress(work: Explaining, done: int, total: int) -> None:
    if work.wish.progress is not None:
        work.wish.progress(done, total)
