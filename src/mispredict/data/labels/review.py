"""Decisions of several people about labels, and what they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mispredict.core.words import counted
from mispredict.data.labels.results import LabelDecision, LabelDecisions
from mispredict.data.labels.wheres import of_row

WORDS = ("keep", "relabel", "unsure")
CONFLICT = "conflict"
TAKEN_BACK = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What one person decided of one row, and when (ISO 8601).

    `given` was its label then; `is_audit` says that the row was drawn, not picked.
    """

    row: int
    given: Any
    decision: str
    label: Any
    who: str
    when: str
    note: str = ""
    is_audit: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """What all that was said of a row comes to."""

    decision: str
    label: Any
    last: Said
    people: int
    is_audit: bool = False


def settled(log: Iterable[Said]) -> dict[int, Settled]:
    """By row, what its people's last words come to.

    The decision of most people holds; `unsure` is no vote where somebody else decides. Equally
    many for different decisions are a conflict, for another person to settle.
    """
    last: dict[int, dict[str, Said]] = {}
    for said in log:
        people = last.setdefault(said.row, {})
        people.pop(said.who, None)  # so that the order is that of the last words
        if said.decision != TAKEN_BACK:
            people[said.who] = said
    return {row: _settled(list(people.values())) for row, people in last.items() if people}


def _settled(said: Sequence[Said]) -> Settled:
    is_audit = any(item.is_audit for item in said)
    decisive = [item for item in said if item.decision != "unsure"]
    votes = Counter((item.decision, item.label) for item in decisive)
    if not votes:
        return Settled("unsure", None, said[-1], len(said), is_audit)
    first, *others = votes.most_common(2)
    if others and others[0][1] == first[1]:
        return Settled(CONFLICT, None, said[-1], len(said), is_audit)
    decision, label = first[0]
    return Settled(decision, label, said[-1], len(said), is_audit)


def decisions(
    found: Mapping[int, Settled], ids: Mapping[int, Any], *, dataset: str, version: str
) -> LabelDecisions:
    """The decisions as a result, by row."""
    rows = tuple(
        LabelDecision(
            row,
            ids.get(row),
            item.last.given,
            item.decision,
            item.label,
            item.last.who,
            item.last.when,
            item.people,
            item.is_audit,
            item.last.note,
            of_row(row),
        )
        for row, item in sorted(found.items())
    )
    words = Counter(row.decision for row in rows)
    kept, relabelled, unsure, conflicts = (words[word] for word in (*WORDS, CONFLICT))
    parts = [
        f"{count:,} {word}"
        for count, word in (
            (relabelled, "to relabel"),
            (kept, "to keep"),
            (unsure, "unsure"),
            (conflicts, "in conflict"),
        )
        if count
    ]
    said = f"Decisions about {counted(len(rows), 'label')}: {', '.join(parts)}." if parts else ""
    return LabelDecisions(
        rows, dataset, version, kept, relabelled, unsure, conflicts,
        said or "Nothing was decided of any label yet.",
    )  # fmt: skip
