"""Verdicts of checks as tables and sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.cli import numbers, table
from mispredict.cli.table import Sheet
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.checks.suites.suite import Suite
    from mispredict.expectations.verdict import Verdict, Verdicts
    from mispredict.workspace.testing.history import CheckHistory, Runs

_STYLES = {"pass": "green", "fail": "bold red", "unsure": "yellow", "error": "bold magenta"}
_WORST_FIRST = ("error", "fail", "unsure")


def verdicts(result: Verdicts) -> None:
    """A line per check, then what is wrong with each that did not pass, then the sum."""
    against = f" · against {result.baseline}" if result.baseline else ""
    sheet = Sheet(f"{result.suite or 'checks'} · {result.of}{against}")
    rows = result.rows
    sheet.add("check", [row.check for row in rows], is_key=True)
    sheet.add("verdict", [_word(row) for row in rows])
    sheet.add("value", [numbers.interval(row.value, row.low, row.high) for row in rows])
    sheet.add("expected", [row.expected for row in rows])
    sheet.number("n", [numbers.count(row.n) for row in rows])
    sheet.number("s", [f"{row.seconds:.1f}" for row in rows])
    sheet.add("kind", [row.kind for row in rows])
    sheet.show()
    for word in _WORST_FIRST:
        for row in result.of_verdict(word):
            _explain(row)
    if result.skipped:
        table.line(f"Not run: {', '.join(result.skipped)}.", style="dim")
    cost = result.cost
    asked = f" The model was asked about {counted(cost.rows, 'row')}." if cost.rows else ""
    style = "bold green" if result.is_passed else "bold red"
    table.line(f"{result.summary} {result.seconds:.1f} s.{asked}", style=style)


def checks(suite: Suite) -> None:
    """A line per check of a suite."""
    from mispredict.checks.suites.options import as_yaml

    sheet = Sheet(suite.name)
    rows = suite.rows
    sheet.add("check", [row.check for row in rows], is_key=True)
    sheet.add("kind", [row.kind for row in rows])
    sheet.add("severity", [row.severity for row in rows])
    sheet.add("tags", [", ".join(row.tags) for row in rows])
    sheet.add("options", [as_yaml(row.options) for row in rows])
    sheet.show()


def runs(result: Runs) -> None:
    """A line per run, the newest first."""
    sheet = Sheet("Runs of suites")
    rows = result.rows
    sheet.add("run", [row.run for row in rows], is_key=True)
    sheet.add("model", [row.model for row in rows])
    sheet.add("dataset", [row.dataset for row in rows])
    sheet.add("outcome", ["passed" if row.is_passed else "did not pass" for row in rows])
    sheet.number("pass", [numbers.count(row.passed) for row in rows])
    sheet.number("fail", [numbers.count(row.failed) for row in rows])
    sheet.number("unsure", [numbers.count(row.unsure) for row in rows])
    sheet.number("error", [numbers.count(row.errors) for row in rows])
    sheet.number("not run", [numbers.count(row.skipped) for row in rows])
    sheet.add("when", [row.created_at for row in rows])
    sheet.show()


def history(result: CheckHistory) -> None:
    """A line per check, a column per model version, and what changed."""
    sheet = Sheet(f"{result.suite} by model version")
    wide = result.wide()
    sheet.add("check", [str(name) for name in wide.index], is_key=True)
    for column in wide.columns:
        title = column if isinstance(column, str) else " on ".join(column)
        sheet.add(title, ["" if value != value else str(value) for value in wide[column]])  # noqa: PLR0124 - NaN
    sheet.show()
    for row in result.regressed:
        table.line(f"{row.check}: pass before, {row.verdict} for {row.model}. {row.sentence}")
    for row in result.fixed:
        table.line(f"{row.check}: {row.before} before, pass for {row.model}.", style="dim")


def _word(row: Verdict) -> str:
    return f"{row.verdict} (warns)" if row.severity == "warn" and not row.is_passed else row.verdict


def _explain(row: Verdict) -> None:
    from mispredict.checks.writing.words import example_lines, reason_of

    table.line()
    table.line(f"{row.verdict}  {row.check}", style=_STYLES[row.verdict])
    table.line(f"  {reason_of(row)}")
    for line in example_lines(row):
        table.line(f"    {line}", style="dim")
