"""Perturbed rows and augmentation advice of an evaluation: what the room needs is here."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import number, shown, whole
from mispredict.core.results import plain
from mispredict.core.schema import ColumnType
from mispredict.core.task import TaskKind
from mispredict.workspace.explaining.asking import (
    Bounds,
    Given,
    Inputs,
    id_of,
    inputs_of,
    row_numbers,
    source_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.explain.counterfactuals.search_answers import Said
    from mispredict.perturb.applying import Altered
    from mispredict.perturb.perturbed import Perturbed, Subjects, Voiced
    from mispredict.perturb.reference import Reference
    from mispredict.workspace.view import View

_LEARNED = 50_000  # rows that spreads and values are learned from
KINDS: Mapping[ColumnType, Any] = {
    ColumnType.NUMERIC: "numeric",
    ColumnType.CATEGORICAL: "category",
    ColumnType.BOOLEAN: "category",
    ColumnType.TEXT: "text",
}


@dataclass(frozen=True)
class Wish:
    """What people want changed: how strongly, in which rows and columns."""

    names: Any
    strength: float = 0.3
    where: Any = None
    rows: Any = None
    columns: Sequence[str] | str | None = None
    limit: int | None = 1000
    tolerance: float | None = None
    options: Mapping[str, Any] | None = None


def perturbed_of(of: View, wish: Wish, bounds: Bounds) -> Perturbed:
    """Rows before and after a perturbation, with what the model says of both."""
    from mispredict.perturb.perturbed import judged

    started = time.perf_counter()
    inputs = inputs_of(of, trust=bounds.trust)
    subjects, altered = altered_of(of, inputs, wish, bounds.seed)
    before, after = voices(inputs, subjects.frame, altered.after, altered.is_changed, bounds)
    return judged(
        subjects,
        altered,
        before,
        after,
        tolerance=_tolerance(of, wish.tolerance),
        limit=len(subjects.numbers),
        source=source_of(of, wish.rows, wish.where, len(subjects.numbers)),
        seconds=time.perf_counter() - started,
    )


def altered_of(of: View, inputs: Given, wish: Wish, seed: int) -> tuple[Subjects, Altered]:
    """The rows that were wished for, as they are and as they are after the change."""
    from mispredict.perturb.applying import apply

    if wish.limit is not None:
        whole("limit", wish.limit, 1)
    chosen = row_numbers(of, wish.rows, wish.where, wish.limit, seed)
    subjects = subjects_of(of, inputs, chosen)
    altered = apply(
        wish.names,
        subjects.frame,
        wish.strength,
        seed,
        rows=chosen,
        columns=columns_of(inputs, wish.names, wish.columns),
        reference=reference_of(inputs),
        **_options(wish.options or {}),
    )
    return subjects, altered


def columns_of(inputs: Given, names: Any, given: Any) -> Any:
    """The columns to change: those given, else of a table those that the model is known to take."""
    from mispredict.perturb.registry import chain_of

    if given is not None or inputs.used is None or "text" in chain_of(names).on:
        return given
    return [name for name in inputs.table.column_names if name in inputs.used]


def subjects_of(of: View, inputs: Given, chosen: npt.NDArray[np.int64]) -> Subjects:
    """The rows as they are, with ids and labels."""
    import pyarrow as pa

    from mispredict.perturb.perturbed import Subjects

    labels: list[Any] = [None] * len(chosen)
    if "label" in of.fields.reserved and of.task.kind is not TaskKind.MULTILABEL:
        labels = of.table.column("label").take(pa.array(chosen)).to_pylist()
    ids = tuple(id_of(of, int(at)) for at in chosen)
    return Subjects(chosen, ids, tuple(map(plain, labels)), inputs.frame(chosen))


def reference_of(inputs: Given) -> Reference:
    """What perturbations may know of the columns: kinds, spreads, values; kept with the inputs."""
    from mispredict.perturb.reference import Reference

    kept = vars(inputs.of).get("_perturbing_reference")
    if isinstance(kept, Reference):
        return kept
    n = inputs.table.num_rows
    rows = np.arange(n)
    if n > _LEARNED:
        rows = np.sort(np.random.default_rng(0).choice(n, _LEARNED, replace=False))
    kinds = {name: KINDS.get(kind, "other") for name, kind in inputs.types.items()}
    made = vars(inputs.of)["_perturbing_reference"] = Reference.of(inputs.frame(rows), kinds)
    return made


def voices(
    inputs: Inputs,
    frame: pd.DataFrame,
    changed: pd.DataFrame,
    moved: npt.NDArray[np.bool_],
    bounds: Bounds,
) -> tuple[Voiced, Voiced]:
    """What the model says of rows before and after; where nothing changed, the same."""
    before = ask(inputs, frame, bounds)
    codes = before.codes
    places = np.flatnonzero(moved)
    after = ask(inputs, changed.iloc[places], bounds)
    said = voiced(before, codes)
    new = voiced(after, codes[places])
    predictions, chances = list(said.predictions), said.probabilities.copy()
    values = None if said.values is None else said.values.copy()
    for place, prediction in zip(places.tolist(), new.predictions, strict=True):
        predictions[place] = prediction
    chances[places] = new.probabilities
    if values is not None and new.values is not None:
        values[places] = new.values
    return said, type(said)(tuple(predictions), chances, values)


def ask(inputs: Inputs, frame: pd.DataFrame, bounds: Bounds) -> Said:
    """What the model says of the rows, remembered by the workspace."""
    asker = inputs.asker(bounds, len(frame))
    said = asker.ask(frame.reset_index(drop=True))
    asker.close()
    return said


def voiced(said: Said, codes: npt.NDArray[np.int64]) -> Voiced:
    """Predictions, and probabilities of the classes with these codes."""
    from mispredict.perturb.perturbed import Voiced

    predictions = tuple(plain(said.prediction(at)) for at in range(len(said)))
    chances = np.full(len(said), np.nan)
    if said.probabilities is not None and len(said):
        known = (codes >= 0) & (codes < said.probabilities.shape[1])
        places = np.flatnonzero(known)
        chances[places] = said.probabilities[places, codes[places]]
    return Voiced(predictions, chances, said.values)


def _tolerance(of: View, given: float | None) -> float:
    """By how much numbers may differ: a tenth of the predictions' deviation by default."""
    if given is not None:
        return number("tolerance", given, 0)
    if of.task.kind is not TaskKind.REGRESSION:
        return 0.0
    return 0.1 * float(np.nanstd(of.table.values("prediction")))


def _options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Options of perturbations; synonyms="wordnet" is WordNet as it is installed."""
    from mispredict.explain.text_changes.synonyms import synonyms_of

    options = dict(given)
    words = options.get("synonyms")
    if isinstance(words, str):
        options["synonyms"] = synonyms_of(None if words.lower() == "wordnet" else words)
    return options


def names_for(of: View, inputs: Inputs) -> tuple[str, ...]:
    """The perturbations that keep the label and change something that the model takes."""
    from mispredict.perturb.registry import PERTURBATIONS

    kinds = {KINDS.get(kind, "other") for kind in inputs.types.values()}
    texts = "text" in kinds
    found = []
    for name in PERTURBATIONS:
        item = PERTURBATIONS[name]
        is_hook = any(default is None for default in item.options.values())
        wanted = ("text",) if texts else ("tabular",)
        if item.keeps_label and item.on in wanted and not (is_hook and item.name == "paraphrase"):
            found.append(name)
    if not found:
        raise BadOption(
            "no perturbation changes what the model takes.",
            known=f"Its inputs: {shown(dict(inputs.types))}.",
            hint="names=['noise']",
        )
    return tuple(found)
