"""A comparison as Markdown, for a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from mispredict.compare.diff.diff import Comparison, DifferenceSlice, MetricChange, ModelPair
from mispredict.compare.diff.words import after_of, before_of, chance, moved, span_of
from mispredict.core.figures import figure
from mispredict.core.words import counted

_MARKS = {
    "better": "🟢",
    "worse": "🔴",
    "mixed": "🟠",
    "unclear": "⚪",
    "same": "⚪",
    "changed": "⚪",
}
MOST = 15


def markdown(found: Comparison) -> str:
    """The verdict, then tables: metrics, cohorts, slices, rows."""
    parts = [f"## {_MARKS[found.word]} {_escaped(found.verdict)}", ""]
    where = f" where `{found.source.where}`" if found.source.where else ""
    parts += [f"{counted(found.source.n, 'row')} of {found.source.of}{where}.", ""]
    for note in found.notes:
        parts += [f"> {_escaped(note)}", ""]
    for pair in found.pairs:
        parts += _pair(pair, is_alone=len(found.pairs) == 1)
    if found.ensemble:
        told = "; ".join(
            f"{item.name} {figure(item.value, 3)} ({_escaped(item.sentence)})"
            for item in found.ensemble
        )
        parts += [f"Together: {told}.", ""]
    return "\n".join(parts).rstrip() + "\n"


def _pair(pair: ModelPair, *, is_alone: bool) -> list[str]:
    parts = (
        []
        if is_alone
        else [f"### {_MARKS[pair.word]} {pair.model}", "", _escaped(pair.sentence), ""]
    )
    parts += _changes("metric", [(row.metric, row) for row in pair.metrics], pair)
    if pair.regressed or pair.improved:
        parts += [
            "**Where it differs most** (found on one half of the rows, confirmed on the other)",
            "",
        ]
        parts += _slices([*pair.regressed, *pair.improved])
    if pair.cohorts:
        parts += ["**By cohort**, the regressed first", ""]
        rows = [(f"{_code(row.cohort)}, {row.metric}", row) for row in pair.cohorts[:MOST]]
        parts += _changes("cohort", rows, pair)
    told = ", ".join(f"{item.n:,} {item.name.replace('_', ' ')}" for item in pair.groups)
    agreed = pair.agreement
    same = (
        ""
        if agreed.n == 0 or agreed.share != agreed.share
        else (f" Both predict the same for {100 * agreed.share:.1f} % of the rows.")
    )
    parts += [f"Rows: {told}.{same}", ""]
    if pair.search is not None and not (pair.regressed or pair.improved):
        parts += [_escaped(pair.search.note), ""]
    return parts


def _changes(title: str, rows: Sequence[tuple[str, MetricChange]], pair: ModelPair) -> list[str]:
    lines = [
        f"| | {title} | {pair.against} | {pair.model} | difference | 95 % | p | n |",
        "|---|---|--:|--:|--:|---|--:|--:|",
    ]
    for name, row in rows:
        lines.append(
            f"| {_MARKS[row.word]} | {name} | {before_of(row)} | {after_of(row)}"
            f" | {moved(row)} | {span_of(row)} | {_p(row.p_adjusted)} | {row.n:,} |"
        )
    return [*lines, ""]


def _slices(rows: Sequence[DifferenceSlice]) -> list[str]:
    lines = [
        "| | cohort | before | after | difference | 95 % | elsewhere | rows |",
        "|---|---|--:|--:|--:|---|--:|--:|",
    ]
    for row in rows[:MOST]:
        lines.append(
            f"| {_MARKS[row.word]} | {_code(row.where)} | {before_of(row)}"
            f" | {after_of(row)} | {moved(row)} |"
            f" {span_of(row)} | {moved(row, row.rest)} | {row.n:,} |"
        )
    return [*lines, ""]


def _p(value: float) -> str:
    return chance(value).removeprefix("p ").removeprefix("= ")


def _code(text: str) -> str:
    """A cohort as code in a table."""
    return f"`{text.replace('|', '/').replace('`', ' ')}`"


def _escaped(text: str) -> str:
    """Text that no table or mark of Markdown misreads."""
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
