"""A problem opened from a finding: its cohort, what is expected of it, and the check of that."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption, EmptyCohort, UnknownName
from mispredict.core.ids import Ref
from mispredict.core.options import number, shown
from mispredict.core.predicate import InTag, Predicate, all_of, equals, one_of
from mispredict.core.predicate.others import is_of_model
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.metrics.columns import split_name
from mispredict.metrics.registry import METRICS
from mispredict.review.state import ProblemState, slug

if TYPE_CHECKING:
    from mispredict.expectations.check import Check, Kind
    from mispredict.workspace.evaluation import Evaluation

_KINDS = {
    "SliceRow": "slice",
    "ScoredSlice": "slice",
    "Card": "card",
    "ErrorClass": "error class",
    "Priority": "tag",
    "Cluster": "cluster",
    "Verdict": "check",
    "Check": "check",
    "FailingRow": "row",
    "Cohort": "cohort",
    "Example": "row",
}
_METRICS = {TaskKind.REGRESSION: "mae", TaskKind.SCORE: "loss"}
_MOST = np.iinfo(np.int64).max
_FEW = 100  # pinned rows up to which a check is about exactly these
_LONGEST = 80  # letters of a check's name


@dataclass(frozen=True)
class Found:
    """What a problem is opened from: a cohort or rows, a sentence, perhaps a check."""

    kind: str
    where: str = ""
    rows: tuple[int, ...] = ()
    sentence: str = ""
    check: Check | None = None


def found_of(of: Evaluation, finding: Any, where: Any, rows: Any) -> Found:
    """What was given, as a cohort or rows.

    Raises:
        BadOption: it is nothing that has rows, or more than one was given.
    """
    given = [item for item in (finding, where, rows) if item is not None]
    if len(given) != 1:
        raise BadOption(
            "a problem is opened from one finding, cohort or list of rows.",
            known=f"{len(given)} were given.",
            hint="ev.open_problem(ev.slices().rows[0]), or where='Age > 60', or rows=[0, 7]",
        )
    if rows is not None:
        return _rows(rows)
    if where is not None:
        return Found("cohort", of.predicate(where).text)
    return _from_finding(of, finding)


def first_state(
    of: Evaluation,
    found: Found,
    *,
    title: str,
    metric: str | None,
    target: float | None,
    is_checked: bool,
    facts: Mapping[str, Any],
) -> ProblemState:
    """The problem as it is opened, with its check."""
    where = found.where
    chosen = metric or _METRICS.get(of.task.kind, "accuracy")
    if split_name(chosen)[0] not in METRICS:
        raise UnknownName.of("metric", chosen, METRICS)
    sentence = found.sentence or f"Rows where {of.predicate(where).sentence()}."
    state = ProblemState(
        title=title or title_of(of, found),
        where=where,
        dataset=of.dataset.name,
        model=Ref.parse(of.model).name,
        metric=chosen,
        scale=_scale(of),
        origin={"kind": found.kind, "sentence": sentence, "evaluation": of.ref},
        **{"target": target, **facts},
    )
    if state.users and state.users not in of.dataset.schema:
        of.dataset.schema[state.users]  # which says what there is
    return with_check(of, state, given=found.check) if is_checked else state


def _check_target(metric: str, target: float | None) -> None:
    """Refuse a target that no model can reach, or every one does."""
    if target is None:
        return
    found = METRICS[split_name(metric)[0]]
    if not found.low <= number("target", target) <= found.high:
        raise BadOption(
            f"target={target!r} is no value of {metric}.",
            known=f"It goes from {found.low:g} to {found.high:g}.",
            hint="a target in that range, or none: half way to all other rows",
        )


def with_check(of: Evaluation, state: ProblemState, *, given: Check | None = None) -> ProblemState:
    """The problem with a check that passes when it is mended.

    Its bound is the target, or else half way from what the cohort has to what all other rows
    have: mended is what closes at least half of the gap, in its whole interval. Where the cohort
    is no worse than the rest, it is half way to perfection.
    """
    from mispredict.checks.suites.suite import Suite
    from mispredict.expectations.check import Check

    name = state.title if len(state.title) <= _LONGEST else f"{state.title[: _LONGEST - 1]}…"
    if given is not None:
        made = replace(given, name=name, owner=state.owner or given.owner)
        return replace(state, check=Suite("problem", (made,)).to_yaml())
    _check_target(state.metric, state.target)
    target = state.target if state.target is not None else _target(of, state)
    if target is None:
        return replace(state, check="")
    check = Check(
        name, _kind(of, state, target), tags=("problem",), owner=state.owner,
        reason=state.expected or state.origin.get("sentence", ""),
    )  # fmt: skip
    return replace(state, check=Suite("problem", (check,)).to_yaml())


def name_of(title: str, known: Sequence[str]) -> str:
    """A name for a problem that no other one has."""
    name, number = slug(title), 2
    while name in known:
        name, number = f"{slug(title)}-{number}", number + 1
    return name


def pinned(of: Evaluation, found: Found, name: str) -> Found:
    """The finding as a cohort that holds the same rows for every version of the model.

    Rows that were listed get a tag. So do rows that are all wrong by their very condition
    (`NOT correct`, an error class): of a better model they would be others.
    """
    rows = np.asarray(found.rows, dtype=np.int64)
    if found.where:
        predicate = of.predicate(found.where)
        uses = any(is_of_model(ref.name) for ref in predicate.columns() if not ref.is_input)
        mask = of.mask(predicate)
        wrong = of.target[mask] if "correct" in of.fields.reserved else np.zeros(1)
        if not uses or not mask.any() or not bool((wrong == 1).all()):
            return found
        rows = np.flatnonzero(mask)
    tag = f"problem {name}"
    of.workspace.tag(tag, of, rows=rows)
    sentence = found.sentence
    if found.where:
        sentence = sentence or f"Rows where {of.predicate(found.where).sentence()}."
    sentence = sentence or f"{counted(len(rows), 'row')} that were listed."
    return replace(found, where=InTag(tag).text, rows=(), sentence=sentence)


def _from_finding(of: Evaluation, finding: Any) -> Found:
    if isinstance(finding, (str, Predicate)):
        return Found("cohort", of.predicate(finding).text)
    kind = _KINDS.get(type(finding).__name__, type(finding).__name__.lower())
    if kind == "check":
        return _from_check(of, finding)
    if isinstance(finding, Mapping):
        return _from_mapping(of, finding)
    if kind == "error class":
        return Found(kind, _error_class(of, finding), sentence=_error_sentence(finding))
    where, row = getattr(finding, "where", None), getattr(finding, "row", None)
    row = getattr(finding, "number", row) if kind == "row" else row
    sentence = str(getattr(finding, "sentence", "") or "")
    if isinstance(where, str) and where:
        return Found(kind, of.predicate(where).text, sentence=sentence)
    if isinstance(row, int):
        return Found(kind, rows=(row,), sentence=sentence or f"Row {row:,}.")
    if isinstance(finding, (list, tuple, np.ndarray, range)):
        return _rows(finding)
    raise BadOption(
        f"a problem cannot be opened from {shown(finding)}.",
        known="It is opened from what has a cohort or a row: a slice, card, error class, tag,"
        " check, row numbers, or a cohort's text.",
        hint="ev.open_problem(ev.slices().rows[0])",
    )


def _from_mapping(of: Evaluation, finding: Mapping[str, Any]) -> Found:
    """A finding as JSON has it: `kind`, `where` or `rows`, `sentence`."""
    kind, sentence = str(finding.get("kind", "finding")), str(finding.get("sentence", ""))
    if finding.get("where"):
        return Found(kind, of.predicate(str(finding["where"])).text, sentence=sentence)
    return replace(_rows(finding.get("rows") or ()), kind=kind, sentence=sentence)


def _from_check(of: Evaluation, finding: Any) -> Found:
    """The cohort and the check itself, which the problem takes over."""
    check = finding if hasattr(finding, "kind") and not isinstance(finding.kind, str) else None
    if check is None:
        check = _check_of_verdict(of, finding)
    kind: Kind = check.kind
    terms = [of.predicate(where)] if (where := getattr(kind, "where", None)) else []
    terms += [InTag(tag)] if (tag := getattr(kind, "tag", None)) else []
    sentence = str(getattr(finding, "sentence", "") or check.reason)
    return Found("check", all_of(terms).text, sentence=sentence, check=check)


def _check_of_verdict(of: Evaluation, verdict: Any) -> Check:
    """The check that came to a verdict, from the newest suite that has one of its name."""
    from mispredict.checks.suites.editing import read_suite
    from mispredict.workspace.testing.suites import saved_text, suite_names

    store = of.workspace.store
    for name in suite_names(store):
        written = saved_text(store, name)
        for check in read_suite(written).checks if written else ():
            if check.name == verdict.check and check.kind.name == verdict.kind:
                return check
    raise BadOption(
        f"the check {verdict.check!r} is in no suite of the workspace.",
        known="A verdict alone does not say which rows it is about.",
        hint="ev.open_problem(the check itself), or where='its cohort'",
    )


def _rows(given: Any) -> Found:
    values = np.asarray(given)
    if values.dtype == bool:
        values = np.flatnonzero(values)
    is_number = values.dtype.kind in "iu" and values.size and values.max() <= _MOST
    if values.ndim != 1 or not is_number:
        raise BadOption(
            f"rows={shown(given)} are not numbers of rows.",
            known="Rows are whole numbers from 0.",
            hint="rows=[0, 7]",
        )
    return Found("rows", rows=tuple(int(item) for item in values))


def _error_class(of: Evaluation, row: Any) -> str:
    """All rows of the label, which are right or taken for the wrong class."""
    by_text = {str(name): name for name in of.task.classes}
    label, wrong = by_text[row.label], by_text[row.prediction]
    terms = [equals("label", label)]
    if len(of.task.classes) > 2:
        terms.append(one_of("prediction", [label, wrong]))
    return of.predicate(all_of(terms)).text


def _error_sentence(row: Any) -> str:
    share = f"{counted(row.n, 'row')}, {100 * row.share_of_label:.1f} % of the label"
    return f"{row.label} is taken for {row.prediction}: {share}."


def title_of(of: Evaluation, found: Found) -> str:
    """A title where none was given."""
    words = found.sentence.rstrip(".") if found.kind in ("error class", "rows", "row") else ""
    words = words.partition(": ")[0] if found.kind == "error class" else words
    if not words:
        words = (
            of.predicate(found.where).sentence() if found.where else counted(len(found.rows), "row")
        )
    return words if len(words) <= 2 * _LONGEST else f"{words[: 2 * _LONGEST - 1]}…"


def _scale(of: Evaluation) -> float:
    """The loss that counts as an error of 1: that of a constant predictor, or twice the mean."""
    if "correct" in of.fields.reserved:
        return 1.0
    loss = of.target[~np.isnan(of.target)]
    if of.task.kind is TaskKind.REGRESSION and of.outcomes.label is not None:
        label = of.outcomes.label[~np.isnan(of.outcomes.label)]
        constant = float(np.abs(label - np.median(label)).mean()) if len(label) else 0.0
        if constant > 0:
            return constant
    mean = float(loss.mean()) if len(loss) else 0.0
    return 2 * mean if mean > 0 else 1.0


def _target(of: Evaluation, state: ProblemState) -> float | None:
    """The bound by which the problem is mended; None where its rows say nothing."""
    mask = of.mask(state.where)
    if not mask.any():
        raise EmptyCohort(
            f"no row of {of.ref} meets {state.where}.",
            known=f"The evaluation has {counted(of.n, 'row')}.",
            hint="a wider cohort, or another evaluation",
        )
    cohorts = [state.where, f"NOT ({state.where})"]
    own, rest = (row.value for row in of.metrics(by=cohorts, metrics=[state.metric]).rows)
    found = METRICS[split_name(state.metric)[0]]
    if math.isnan(own) or found.higher_is_better is None:
        return None
    perfect = found.high if found.higher_is_better else found.low
    is_worse = rest > own if found.higher_is_better else rest < own
    goal = rest if is_worse else perfect
    if not math.isfinite(goal) or goal == own:
        return None
    return float(f"{(own + goal) / 2:.3g}")


def _kind(of: Evaluation, state: ProblemState, target: float) -> Kind:
    from mispredict.checks.catalog import KINDS

    is_better = METRICS[split_name(state.metric)[0]].higher_is_better is not False
    bound = {"min": target} if is_better else {"max": target}
    n = int(of.mask(state.where).sum())
    is_exact = n <= _FEW and state.where.startswith("tag(")
    options: dict[str, Any] = {**bound, "exact": True} if is_exact else bound
    return KINDS["metric"](metric=state.metric, where=state.where, **options)  # type: ignore[call-arg]
