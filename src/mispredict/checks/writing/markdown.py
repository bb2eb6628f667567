"""Verdicts as Markdown for a pull request: what is wrong first, what passed folded away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mispredict.checks.writing.words import example_lines, interval, reason_of
from mispredict.expectations.verdict import Verdict, Verdicts

LONGEST = 60_000  # letters; a comment on GitHub takes 65,536
_MARKS = {"pass": "✅", "fail": "❌", "unsure": "❔", "error": "💥"}
_WARNED = "⚠️"
_ORDER = ("error", "fail", "unsure", "pass")


def markdown(runs: Sequence[Verdicts]) -> str:
    """The runs as a comment: a table of what did not pass, its examples, and the rest folded."""
    text = "\n".join(line for run in runs for line in _run(run)).rstrip() + "\n"
    if len(text) <= LONGEST:
        return text
    text = "\n".join(line for run in runs for line in _run(run, is_short=True)).rstrip() + "\n"
    if len(text) <= LONGEST:
        return text
    cut = text[: LONGEST - 200].rpartition("\n")[0]
    return f"{cut}\n\n… cut: the comment would be too long. Use --json for all of it.\n"


def _run(run: Verdicts, *, is_short: bool = False) -> Iterator[str]:
    mark = _MARKS["pass" if run.is_passed else "fail"]
    yield f"## {mark} {_text(run.suite or 'Checks')}"
    yield ""
    yield _text(run.summary)
    if run.baseline:
        yield f"Compared with {_text(run.baseline)}."
    wrong = sorted((row for row in run.rows if row.verdict != "pass"), key=_place)
    passed = [row for row in run.rows if row.verdict == "pass"]
    if wrong:
        yield ""
        yield from _table(wrong)
        if not is_short:
            for row in wrong:
                yield from _details(row)
    if passed and not is_short:
        yield ""
        yield f"<details><summary>{len(passed):,} passed</summary>"
        yield ""
        yield from _table(passed)
        yield ""
        yield "</details>"
    if run.skipped:
        yield ""
        yield f"Not run after the first failure: {_text(', '.join(run.skipped))}."
    yield ""


def _place(row: Verdict) -> tuple[bool, int]:
    return not row.blocks, _ORDER.index(row.verdict)


def _table(rows: Sequence[Verdict]) -> Iterator[str]:
    yield "| | check | value | expected | n |"
    yield "|---|---|---|---|---:|"
    for row in rows:
        mark = _MARKS[row.verdict] if row.verdict == "pass" or row.blocks else _WARNED
        cells = (mark, row.check, interval(row), row.expected, f"{row.n:,}" if row.n else "")
        yield f"| {' | '.join(map(_text, cells))} |"


def _details(row: Verdict) -> Iterator[str]:
    yield ""
    yield f"**{_text(row.check)}** ({row.verdict}): {_text(reason_of(row))}"
    lines = list(example_lines(row))
    if lines:
        yield ""
        yield from (f"- {_text(line)}" for line in lines)


def _text(text: str) -> str:
    """The text so that Markdown shows it as it is, in one line."""
    plain = " ".join(text.split())
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = re.sub(r"([\\`*_\[\]|~#])", r"\\\1", plain)
    return plain.replace("@", "@\N{ZERO WIDTH SPACE}") if _mentions(plain) else plain


def _mentions(text: str) -> bool:
    """Whether it would call a person: an @ at the beginning of a word."""
    return bool(re.search(r"(?<![\w])@\w", text))
