"""What an explanation says of its rows: importance, what misleads, and whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.task import TaskKind
from mispredict.workspace.explaining.cohorts import misled

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.explain.explained import Explained
    from mispredict.explain.faithful import Faithfulness
    from mispredict.explain.importance import Importance
    from mispredict.explain.mispredictive import Case, Columns, Mispredictive
    from mispredict.workspace.explaining.explaining import Explaining

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def importances(found: Explained, rest: Explained | None) -> tuple[Importance, ...]:
    """The importance of every feature or token, beside that of the rest."""
    if found.tokens is not None:
        from mispredict.explain.token_totals import token_columns, token_importances

        least = 1 if len(found) < 20 else 5
        other = None if rest is None else token_columns(rest, least=1)
        return token_importances(token_columns(found, least=least), other)
    from mispredict.explain.importance import importances as of_features

    return of_features(found.features, found.read, None if rest is None else rest.read)


def mispredictive(work: Explaining, found: Explained) -> Mispredictive | None:
    """What misleads the model on these rows; None where nothing is right or wrong."""
    from mispredict.explain.mispredictive import ByFeature, find_mispredictive
    from mispredict.explain.token_totals import token_columns

    case = _case(work, found)
    if case is None:
        return None
    columns: Columns = ByFeature(found.features, found.read)
    is_token = found.tokens is not None
    if is_token:
        columns = token_columns(found)
    result = find_mispredictive(columns, case, source=work.source(found))
    rows = (replace(r, where=misled(work, r.feature, is_token=is_token)) for r in result.rows)
    return replace(result, rows=tuple(rows))


def faithfulness(work: Explaining, found: Explained) -> Faithfulness | None:
    """Whether taking out what matters moves the model, on some of the rows."""
    from mispredict.core.results import Source
    from mispredict.explain.draws import Draws
    from mispredict.explain.faithful import ROWS, find_faithfulness
    from mispredict.explain.sampled import answer_scale
    from mispredict.models.caching import row_keys

    places = np.flatnonzero(found.known)
    if len(places) > ROWS:
        places = np.sort(np.random.default_rng(work.seed).choice(places, ROWS, replace=False))
    numbers = found.rows[places]
    frame = work.frame(numbers)
    asking = asking_of(work, frame, numbers)
    if found.tokens is not None:
        values = _padded([found.weights[at] for at in places.tolist()])
    else:
        values = np.column_stack([found.read(name)[places] for name in found.features])
    return find_faithfulness(
        asking,
        Draws(row_keys(frame), work.seed),
        frame,
        values,
        scale=answer_scale(work.subject),
        source=Source(work.of.ref, "", len(numbers)),
    )


def asking_of(work: Explaining, frame: pd.DataFrame, numbers: Numbers) -> Any:
    """The rows with their columns, or the tokens of their texts, as players."""
    from mispredict.explain.games import TableGame
    from mispredict.explain.sampled import Asking
    from mispredict.explain.tokens import TextGame, TokenExplainer, find_tokens

    explainer = work.choice.explainer
    game: Any = TableGame(frame, work.background.frame) if len(frame) else None
    if isinstance(explainer, TokenExplainer):
        own = [find_tokens(text) for text in frame[explainer.column]]
        game = TextGame(frame, explainer.column, own, work.subject.mask)
    return Asking(work.subject, game, work.targets(numbers))


def errors(found: Explained) -> tuple[float, float]:
    """The largest error of additivity, and the mean half-width of sampling intervals."""
    known = found.known & np.isfinite(found.base)
    total, halves, count = np.zeros(len(found)), 0.0, 0
    if found.tokens is not None:
        total = np.array([np.nansum(own) for own in found.weights])
        joined = np.concatenate(found.halves) if found.halves else np.zeros(0)
        joined = joined[np.isfinite(joined)]
        halves, count = float(joined.sum()), len(joined)
    for name in found.features:
        total = total + np.nan_to_num(found.read(name))
        if found.error is not None:
            half = found.error(name)
            half = half[np.isfinite(half)]
            halves, count = halves + float(half.sum()), count + len(half)
    gap = np.abs(found.output - found.base - total)[known]
    return (float(gap.max()) if len(gap) else float("nan")), (halves / count if count else 0.0)


def mean(values: Floats) -> float:
    """The mean of the known values."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _case(work: Explaining, found: Explained) -> Case | None:
    """What is true of the rows and what the model said of them, as numbers."""
    from mispredict.explain.mispredictive import Case, logit_of

    of, rows, output = work.of, found.rows, found.output
    if "label" not in of.fields.reserved or of.task.kind is TaskKind.MULTILABEL:
        return None
    if of.task.kind is TaskKind.REGRESSION:
        truth = of.table.values("label")[rows]
        over = of.table.values("prediction")[rows] - truth
        side, wrong = np.sign(over), np.isfinite(over)
        if work.choice.explainer.scale == "log of the value":
            truth = np.log(np.where(truth > 0, truth, np.nan))
        return Case(truth, output, output, side, wrong, is_binary=False, is_log_odds=False)
    label, said = (of.table.class_codes(name)[rows] for name in ("label", "prediction"))
    targets, scale = work.targets(rows), work.choice.explainer.scale
    is_chance = scale in ("probability", "share of answers")
    # a class's log-odds move by as much as its score does, all else equal
    logit = logit_of(output) if is_chance else output
    if scale == "score before softmax":
        logit = logit_of(_chance(work, rows, targets))
    return Case(
        np.where(label < 0, np.nan, label == targets),
        output,
        logit,
        np.where(said == targets, 1.0, -1.0),
        (label >= 0) & (label != said),
        is_log_odds=not is_chance,
        has_intercept=work.is_about_one_class,
    )


def _chance(work: Explaining, rows: Numbers, targets: Numbers) -> Floats:
    """The stored probability of each row's class of interest; NaN where there is none."""
    out = np.full(len(rows), np.nan)
    for target in np.unique(targets).tolist():
        said = work.of.outcomes.probability(target)
        if said is not None:
            out[targets == target] = said[rows][targets == target]
    return out


def _padded(parts: Sequence[Floats]) -> Floats:
    out = np.full((len(parts), max((len(part) for part in parts), default=0)), np.nan)
    for at, part in enumerate(parts):
        out[at, : len(part)] = part
    return out
