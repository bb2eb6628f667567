"""Synthetic rows of a dataset: learned from a part, judged by the rest, kept if wanted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.ids import check_name
from mispredict.core.options import names as names_of
from mispredict.core.options import whole
from mispredict.core.results import Source
from mispredict.core.schema import ColumnType, Role
from mispredict.core.task import Task, TaskKind
from mispredict.workspace.perturbing.perturbing import KINDS

if TYPE_CHECKING:
    import numpy.typing as npt

    from mispredict.core.predicate import Predicate
    from mispredict.perturb.synthesis_report import Synthetic
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.workspace import Workspace

_HELD_OUT = 0.2  # share of the rows that is not learned from, to judge by
_LEAST_HELD_OUT = 20
MOST = 1_000_000  # rows that are made at once


def synthetic_of(
    workspace: Workspace,
    data: str,
    n: int | None,
    *,
    where: str | Predicate | None,
    columns: Sequence[str] | None,
    method: Any,
    seed: int,
    name: str | None,
) -> Synthetic:
    """Made-up rows like those of the dataset, or of a cohort of it."""
    whole("seed", seed, 0)
    if name is not None:
        check_name(name)
    of = workspace.dataset(data)
    rows, text = _rows(workspace, of, where)
    result = made_like(of, rows, text, n, columns=columns, method=method, seed=seed)
    return result if name is None else _kept(workspace, of, result, name)


def made_like(
    of: Dataset,
    rows: npt.NDArray[np.int64] | None,
    text: str,
    n: int | None,
    *,
    columns: Sequence[str] | None,
    method: Any,
    seed: int,
) -> Synthetic:
    """Made-up rows like these of a dataset, judged by those that were not learned from.

    Args:
        of: the dataset.
        rows: their numbers; None for all.
        text: the cohort that they are of, to be told.
        n: how many to make; as many as there are without it.
        columns: those to make.
        method: as for `Workspace.synthesise`.
        seed: of the draws.
    """
    from mispredict.perturb.reference import Reference
    from mispredict.perturb.synthesis import synthesise
    from mispredict.perturb.synthesis_report import Synthetic, compared

    started = time.perf_counter()
    used, left_out = _columns(of, columns)
    frame = of.to_frame(used)
    frame = frame if rows is None else frame.iloc[rows].reset_index(drop=True)
    kinds = {name: KINDS.get(of.schema[name].type, "other") for name in used}
    reference = Reference.of(frame, kinds)
    count = max(len(frame), 1) if n is None else whole("n", n, 1, MOST)
    order = np.random.default_rng(seed).permutation(len(frame))
    held = max(_LEAST_HELD_OUT, int(len(frame) * _HELD_OUT))
    learned = frame.iloc[np.sort(order[held:])].reset_index(drop=True)
    made = synthesise(learned, count, method=method, seed=seed, reference=reference)
    facts = compared(learned, frame.iloc[order[:held]], made, reference, seed=seed)
    return Synthetic(
        method=method if isinstance(method, str) else type(method).__name__,
        n=count,
        learned_from=len(learned),
        held_out=held,
        seed=seed,
        left_out=left_out,
        source=Source(of.ref, text, len(frame)),
        seconds=time.perf_counter() - started,
        made=made,
        **facts,
    )


def _kept(workspace: Workspace, of: Dataset, result: Synthetic, name: str) -> Synthetic:
    """The result, its rows stored as a dataset with the roles that the columns have."""
    made = result.frame
    label = of.label if of.label in made else None
    stored = workspace.add_dataset(name, made, label=label)
    return replace(result, kept=stored.ref, made=made)


def _rows(
    workspace: Workspace, of: Dataset, where: str | Predicate | None
) -> tuple[npt.NDArray[np.int64] | None, str]:
    """Numbers of the dataset's rows that meet a cohort of its columns, and the cohort's text."""
    if where is None:
        return None, ""
    from mispredict.core.predicate import Fields, Predicate, parse
    from mispredict.engine.table import Table

    fields = Fields.of(of.schema, {"row": ColumnType.NUMERIC})
    predicate = where.bind(fields) if isinstance(where, Predicate) else parse(where, fields)
    table = Table(
        n=len(of),
        fields=fields,
        task=Task(TaskKind.SCORE),
        load=lambda column, is_input: of.column(column),
        tags=workspace.tag_masks(of),
        cohorts=workspace.cohort_predicates(),
    )
    return np.flatnonzero(table.mask(predicate)), predicate.text


def _columns(of: Dataset, given: Sequence[str] | None) -> tuple[list[str], tuple[str, ...]]:
    """The columns that can be made up, and those that are left out."""
    if given is not None:
        chosen = list(names_of("columns", given))
        for name in chosen:
            of.schema[name]  # which says what there is
    else:
        roles = (Role.ID,)
        chosen = [column.name for column in of.schema if column.role not in roles]
    can = (ColumnType.NUMERIC, ColumnType.CATEGORICAL, ColumnType.BOOLEAN)
    used = [name for name in chosen if of.schema[name].type in can]
    return used, tuple(name for name in of.schema.names if name not in used)
