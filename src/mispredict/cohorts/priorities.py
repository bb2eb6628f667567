"""What to work on first: each tag's gap to its ceiling, times its share of the data.

The error-analysis table of practitioners, with intervals, a ceiling that may be measured, and
a test that says which gains are more than chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.association import adjusted
from mispredict.cohorts.ceiling import Ceiling
from mispredict.cohorts.gains import (
    NO_CEILING,
    Gain,
    Reference,
    Scale,
    gain_beside,
    gain_to,
)
from mispredict.cohorts.sentences import ALL_OTHERS, PERFECT, explain, priority_sentence
from mispredict.cohorts.tag_settings import MIDDLE, TagSettings
from mispredict.core.errors import BadOption
from mispredict.core.predicate import InTag, all_of, negate
from mispredict.core.results import Result, Source

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
GivenCeiling = float | Ceiling | Mapping[str, float | Ceiling] | None

SORTS = ("gain", "worth")


@dataclass(frozen=True, slots=True)
class Priority:
    """One tag: how much of the data and of the errors it is, and what is to gain in it.

    `gain` = `gap` × `share_of_data`, in points of the metric over all rows, with `low` and
    `high`. `p_adjusted` is of "there is no gap", corrected for all tags; `is_certain` says that
    it is under 5 %. `worth` is gain × importance × ease, where 3 stands in for what is not set.
    """

    tag: str
    n: int
    share_of_data: float
    share_of_errors: float
    error_rate: float
    value: float
    ceiling: float
    gap: float
    gain: float
    low: float
    high: float
    ease: int | None
    importance: int | None
    note: str
    where: str
    error_low: float
    error_high: float
    ceiling_low: float
    ceiling_high: float
    ceiling_n: int
    ceiling_source: str
    p_adjusted: float
    is_certain: bool
    worth: float
    sentence: str


@dataclass(frozen=True)
class Priorities(Result):
    """Tags, most to gain first; `explanation` says how they are sorted and what to mind."""

    rows: tuple[Priority, ...]
    source: Source
    metric: str
    value: float
    explanation: str

    row_type: ClassVar[type] = Priority
    title: ClassVar[str] = "What to work on first"

    _SHOWN: ClassVar[tuple[str, ...]] = (
        "tag", "n", "share_of_data", "share_of_errors", "value", "ceiling", "gap", "gain",
        "low", "high", "ease", "importance", "note",
    )  # fmt: skip

    def __str__(self) -> str:
        if not self.rows:
            return f"{self.title}\n{self.explanation}"
        frame = self.to_frame()[list(self._SHOWN)].round(4)
        return f"{self.title}\n{frame.to_string(index=False)}\n{self.explanation}"

    def _repr_html_(self) -> str:
        from html import escape

        said = f"<p>{escape(self.explanation)}</p>"
        if not self.rows:
            return f"<p><b>{escape(self.title)}</b></p>{said}"
        return f"{super()._repr_html_()}{said}"


@dataclass(frozen=True)
class _Asked:
    """All that is the same for every tag."""

    scale: Scale
    target: Floats
    ceiling: GivenCeiling
    references: Sequence[Reference]
    settings: Mapping[str, TagSettings]
    is_perfect: bool


@dataclass(frozen=True)
class _Measured:
    name: str
    rows: Bools
    where: str
    gain: Gain
    settings: TagSettings = field(default_factory=TagSettings)


def priorities(  # noqa: PLR0913 - each says one thing of the table
    target: Floats,
    tags: Mapping[str, Bools],
    *,
    source: Source,
    metric: str = "accuracy",
    ceiling: GivenCeiling = None,
    references: Sequence[Reference] = (),
    settings: Mapping[str, TagSettings] | None = None,
    weight: Floats | None = None,
    mask: Bools | None = None,
    sort: str = "gain",
    level: float = 0.95,
) -> Priorities:
    """Tags by what the metric over all rows would gain if each reached its ceiling.

    The ceiling of a tag is, in this order: the one given for it by name, the best of the
    references on its rows, the one in its settings, the one given for all. Where no tag has
    one, perfection stands in, so that the order is that of their shares of the errors.

    Args:
        target: 1 for wrong and 0 for right rows, or a loss per row; NaN where undefined.
        tags: rows by tag; they may overlap. Rows in none of them, if any, are `all others`.
        metric: "accuracy" (1 - mean target), or else the name of the mean target.
        ceiling: for all tags, or by tag.
        references: people's or other models' scores of the same rows.
        settings: what a person said of each tag.
        mask: the rows to look at; None for all.
        sort: by "gain", or by "worth": gain × importance × ease.

    Raises:
        BadOption: an accuracy's ceiling outside of 0 to 1, or no such sort.
    """
    if sort not in SORTS:
        raise BadOption.choice("sort", sort, SORTS)
    chosen = np.isfinite(target) if mask is None else mask & np.isfinite(target)
    said = dict(settings or {})
    asked = _asked(target, chosen, metric, ceiling, references, said, weight, level, tags)
    measured = [_measure(asked, *item) for item in _groups(tags, chosen)]
    corrected = adjusted(np.array([item.gain.p for item in measured]))
    rows = [_row(asked, item, p, metric) for item, p in zip(measured, corrected, strict=True)]
    ordered = sorted(rows, key=lambda row: _order(getattr(row, sort)))
    whole = asked.scale.estimate(asked.scale.scores, chosen, level)
    overlap = int((np.sum([item.rows for item in measured], axis=0) > 1).sum())
    explanation = explain(ordered, metric=metric, sort=sort, n=whole.n, overlap=overlap)
    return Priorities(tuple(ordered), source, metric, whole.value, explanation)


def _asked(
    target: Floats,
    chosen: Bools,
    metric: str,
    ceiling: GivenCeiling,
    references: Sequence[Reference],
    settings: Mapping[str, TagSettings],
    weight: Floats | None,
    level: float,
    tags: Mapping[str, Bools],
) -> _Asked:
    is_loss = metric != "accuracy"
    known = target[chosen]
    scores = np.where(chosen, target if is_loss else 1 - target, np.nan)
    usable = np.ones(len(target)) if weight is None else np.nan_to_num(weight)
    is_share = bool(((known >= 0) & (known <= 1)).all())
    scale = Scale(scores, usable, is_share, is_loss, weight is not None, level)
    _check_ceilings(ceiling, settings, is_loss)
    has_any = ceiling is not None or bool(references)
    has_any |= any(settings[tag].ceiling is not None for tag in tags if tag in settings)
    return _Asked(scale, target, ceiling, references, settings, not has_any)


def _check_ceilings(
    ceiling: GivenCeiling, settings: Mapping[str, TagSettings], is_loss: bool
) -> None:
    given = dict(ceiling) if isinstance(ceiling, Mapping) else {"": ceiling}
    told: list[Any] = [*given.values(), *(item.ceiling for item in settings.values())]
    for value in told:
        number = value.value if isinstance(value, Ceiling) else value
        if number is not None and not is_loss and not 0 <= number <= 1:
            raise BadOption(
                f"ceiling={number!r} is not an accuracy.",
                known="An accuracy is between 0 and 1.",
                hint=f"ceiling={number / 100:g}" if 1 < number <= 100 else "ceiling=0.95",
            )


def _groups(tags: Mapping[str, Bools], chosen: Bools) -> Iterator[tuple[str, Bools, str]]:
    """Each tag with its rows and cohort, then the rows without a tag."""
    tagged = np.zeros(len(chosen), dtype=bool)
    for name in tags:
        rows = tags[name] & chosen
        tagged |= rows
        yield name, rows, InTag(name).text
    if len(tags) and not tagged[chosen].all():
        where = all_of([negate(InTag(name)) for name in tags]).text
        yield ALL_OTHERS, chosen & ~tagged, where


def _measure(asked: _Asked, name: str, rows: Bools, where: str) -> _Measured:
    settings = asked.settings.get(name, TagSettings())
    ceiling = _ceiling_of(asked, name, settings)
    if ceiling is None:
        gain = gain_beside(asked.scale, rows, list(asked.references))
    else:
        gain = gain_to(asked.scale, rows, ceiling)
    return _Measured(name, rows, where, gain, settings)


def _ceiling_of(asked: _Asked, name: str, settings: TagSettings) -> Ceiling | None:
    """The tag's ceiling; None where the references give it."""
    given = asked.ceiling
    if isinstance(given, Mapping) and name in given:
        return _as_ceiling(given[name])
    if asked.references:
        return None
    if settings.ceiling is not None:
        return Ceiling.given(settings.ceiling, "set for the tag")
    if given is not None and not isinstance(given, Mapping):
        return _as_ceiling(given)
    if asked.is_perfect:
        return Ceiling.given(0.0 if asked.scale.is_loss else 1.0, PERFECT)
    return NO_CEILING


def _as_ceiling(given: float | Ceiling) -> Ceiling:
    return given if isinstance(given, Ceiling) else Ceiling.given(given)


def _row(asked: _Asked, item: _Measured, p: float, metric: str) -> Priority:
    scale, gain, settings = asked.scale, item.gain, item.settings
    known = np.isfinite(scale.scores)
    share = _ratio(scale.weight[item.rows].sum(), scale.weight[known].sum())
    lost = scale.weight * np.where(known, asked.target, 0.0)
    errors = scale.estimate(asked.target, item.rows, scale.level)
    ease, importance = settings.ease or MIDDLE, settings.importance or MIDDLE
    row = Priority(
        tag=item.name,
        n=int(item.rows.sum()),
        share_of_data=share,
        share_of_errors=_ratio(lost[item.rows].sum(), lost.sum()),
        error_rate=errors.value,
        value=gain.value.value,
        ceiling=gain.ceiling.value,
        gap=gain.gap,
        gain=gain.gain,
        low=gain.low,
        high=gain.high,
        ease=settings.ease,
        importance=settings.importance,
        note=settings.note,
        where=item.where,
        error_low=errors.low,
        error_high=errors.high,
        ceiling_low=gain.ceiling.low,
        ceiling_high=gain.ceiling.high,
        ceiling_n=gain.ceiling.n,
        ceiling_source=gain.ceiling.source,
        p_adjusted=p,
        is_certain=bool(p < 0.05),
        worth=gain.gain * ease * importance,
        sentence="",
    )
    row = replace(row, **{key: value.item() for key, value in _numpy_scalars(row)})
    return replace(row, sentence=priority_sentence(row, metric))


def _numpy_scalars(row: Priority) -> Iterator[tuple[str, Any]]:
    """What would print itself as `np.float64(…)`."""
    for item in fields(row):
        value = getattr(row, item.name)
        if isinstance(value, np.generic):
            yield item.name, value


def _order(value: float) -> tuple[bool, float]:
    """Key that sorts large first and unknown last; equal but for rounding stay in order."""
    is_unknown = not np.isfinite(value)
    return is_unknown, 0.0 if is_unknown else -round(value, 12)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else np.nan
