"""The overview of an evaluation, or of a cohort of it: all that a report says.

`overview` computes and never renders; the documents beside it render and never compute.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from mispredict.core.errors import MispredictError
from mispredict.core.options import choice, names
from mispredict.core.results import Result, Source
from mispredict.report import about as facts
from mispredict.report import errors, figures, quality
from mispredict.report.findings import findings, in_short
from mispredict.report.shapes import (
    About,
    Average,
    Baseline,
    CalibrationPart,
    CardsPart,
    ClassRow,
    ConfusionPart,
    CurvePart,
    ErrorClassRow,
    Examples,
    Figure,
    Finding,
    Note,
    Seconds,
    SlicesPart,
    SpreadPart,
    TaskFacts,
    ThresholdPart,
)
from mispredict.report.slices import slices
from mispredict.report.subject import Evaluated, Subject

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate

T = TypeVar("T")
PARTS = (
    "metrics", "baselines", "confusion", "calibration", "curves", "threshold", "error classes",
    "mistakes", "near misses", "slices", "cards", "spread",
)  # fmt: skip
_ON_METRICS = {"baselines", "confusion", "calibration", "curves", "threshold"}
_BESIDE = {"all rows": "baselines", "previous model": "baselines"}


@dataclass(frozen=True)
class Overview(Result):
    """Summary of an evaluation, bounded in size whatever its rows.

    A part that does not apply to the task, or lacks what it needs, is None or empty, and `notes`
    say what would bring it. `findings` say each part in a sentence. The frame is the headline
    metrics.
    """

    source: Source
    about: About
    task: TaskFacts
    figures: tuple[Figure, ...]
    classes: tuple[ClassRow, ...]
    averages: tuple[Average, ...]
    confusion: ConfusionPart | None
    calibration: CalibrationPart | None
    curves: tuple[CurvePart, ...]
    threshold: ThresholdPart | None
    baselines: tuple[Baseline, ...]
    warning: str
    error_classes: tuple[ErrorClassRow, ...]
    mistakes: Examples | None
    near_misses: Examples | None
    slices: SlicesPart | None
    cards: CardsPart | None
    spread: SpreadPart | None
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    seconds: tuple[Seconds, ...]

    row_type: ClassVar[type] = Figure
    title: ClassVar[str] = "Overview"

    @property
    def rows(self) -> tuple[Figure, ...]:
        """The headline metrics."""
        return self.figures

    def finding(self, part: str) -> Finding | None:
        """What a part says in a sentence, if it says anything."""
        return next((item for item in self.findings if item.part == part), None)

    @property
    def in_short(self) -> tuple[Finding, ...]:
        """The findings without those that only repeat another one."""
        return in_short(self)

    def __str__(self) -> str:
        from mispredict.report.text import render_text

        return render_text(self)

    def _repr_html_(self) -> str:
        from mispredict.report.html import render_fragment

        return render_fragment(self)


@dataclass
class _Parts:
    """Computes parts one by one; what fails to apply becomes a note, what is not wanted None."""

    wanted: frozenset[str]
    notes: list[Note] = field(default_factory=list)
    seconds: list[Seconds] = field(default_factory=list)

    def get(self, part: str, compute: Callable[[], T]) -> T | None:
        if _BESIDE.get(part, part) not in self.wanted:
            return None
        start = time.perf_counter()
        try:
            return compute()
        except MispredictError as error:
            self.notes.append(Note(f"{part}: {error.message}", error.hint))
            return None
        finally:
            self.seconds.append(Seconds(part, time.perf_counter() - start))


def overview(
    evaluation: Evaluated,
    where: str | Predicate | None = None,
    parts: Sequence[str] | None = None,
) -> Overview:
    """Summary of an evaluation, or of the rows of a cohort.

    Args:
        evaluation: what it is about.
        where: a cohort of it.
        parts: some of `PARTS`, the others are left empty; those that stand on the metrics
            (baselines, calibration, curves) come with them.

    Raises:
        BadOption: there is no such part.
        BadPredicate: `where` cannot be parsed.
        UnknownColumn: `where` names a column that there is not.
        EmptyCohort: no row meets `where`.
    """
    wanted = _wanted(parts)
    subject = Subject.of(evaluation, where)
    get = _Parts(wanted, list(facts.notes(subject)))
    made = _quality(subject, get)
    found = _errors(subject, get)
    draft = Overview(
        source=evaluation.source(subject.where, subject.n),
        about=facts.about(subject),
        task=facts.task_facts(subject),
        findings=(),
        notes=tuple(get.notes),
        seconds=tuple(get.seconds),
        **made,
        **found,
    )
    return replace(draft, findings=tuple(findings(draft)))


def _wanted(parts: Sequence[str] | None) -> frozenset[str]:
    """Names of the parts to compute."""
    if parts is None:
        return frozenset(PARTS)
    given = {name.replace("_", " ") for name in names("parts", parts, hint="parts=['metrics']")}
    for name in given:
        choice("parts", name, PARTS)
    return frozenset(given | ({"metrics"} if given & _ON_METRICS else set()))


def _quality(subject: Subject, parts: _Parts) -> dict[str, Any]:
    """How good the model is."""
    measured = parts.get("metrics", lambda: figures.measured(subject))
    if measured is None:
        return dict(_NO_QUALITY)
    constants, warning = parts.get("baselines", lambda: quality.baselines(subject, measured)) or (
        (),
        "",
    )
    whole = parts.get("all rows", lambda: quality.whole_evaluation(subject)) or ()
    previous = parts.get("previous model", lambda: quality.previous(subject)) or ()
    return {
        "figures": figures.headline(measured),
        "classes": figures.class_rows(subject, measured) if subject.task.classes else (),
        "averages": figures.averages(measured),
        "confusion": parts.get("confusion", lambda: quality.confusion(subject)),
        "calibration": parts.get("calibration", lambda: quality.calibration(subject, measured)),
        "curves": parts.get("curves", lambda: quality.curves(subject, measured)) or (),
        "threshold": parts.get("threshold", lambda: quality.threshold(subject)),
        "baselines": (*whole, *previous, *constants),
        "warning": warning,
    }


def _errors(subject: Subject, parts: _Parts) -> dict[str, Any]:
    """Where the model is wrong."""
    cards = parts.get("cards", lambda: errors.cards(subject))
    telling = (*cards.mispredictive, *cards.predictive) if cards else ()
    likely = tuple(dict.fromkeys(card.column for card in telling))
    return {
        "error_classes": parts.get("error classes", lambda: errors.error_classes(subject)) or (),
        "mistakes": parts.get("mistakes", lambda: errors.mistakes(subject, likely)),
        "near_misses": parts.get("near misses", lambda: errors.near_misses(subject, likely)),
        "slices": parts.get("slices", lambda: slices(subject)),
        "cards": cards,
        "spread": parts.get("spread", lambda: errors.spread(subject)),
    }


_NO_QUALITY: dict[str, Any] = {
    "figures": (),
    "classes": (),
    "averages": (),
    "confusion": None,
    "calibration": None,
    "curves": (),
    "threshold": None,
    "baselines": (),
    "warning": "",
}
