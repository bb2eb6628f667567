"""Comparisons of models as tables and sentences for people."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from mispredict.cli import numbers, table
from mispredict.cli.output import stands_on
from mispredict.cli.table import Sheet
from mispredict.core.figures import signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mispredict.compare.board import ModelBoard, Reevaluated
    from mispredict.compare.diff.diff import Comparison, MetricChange, ModelPair

_STYLES = {"better": "green", "worse": "bold red", "mixed": "yellow"}
_MOST = 15


def comparison(result: Comparison) -> None:
    """The verdict, then for each model its metrics, the cohorts that differ, and the rows."""
    table.line(result.verdict, style=_STYLES.get(result.word, ""))
    for note in result.notes:
        table.line(note, style="yellow")
    for pair in result.pairs:
        table.line()
        _changes(
            stands_on(
                f"{pair.model} against {pair.against}", replace(result.source, of=pair.evaluation)
            ),
            pair.metrics,
        )
        if pair.cohorts:
            table.line()
            _changes("By cohort, the regressed first", pair.cohorts[:_MOST], has_cohort=True)
        _slices(pair)
        _rows(pair)
    if result.ensemble:
        table.line()
        told = "; ".join(
            f"{i.name} {numbers.figure(i.value)} ({i.sentence})" for i in result.ensemble
        )
        table.line(f"Together: {told}.", style="dim")


def _changes(title: str, rows: Sequence[MetricChange], *, has_cohort: bool = False) -> None:
    sheet = Sheet(title)
    if has_cohort:
        sheet.add("cohort", [row.cohort for row in rows], is_key=True)
    sheet.add("metric", [row.metric for row in rows], is_key=not has_cohort)
    sheet.number("before", [numbers.figure(row.before) for row in rows])
    sheet.number("after", [numbers.figure(row.after) for row in rows])
    sheet.add("difference", [_signed(row.difference, row.low, row.high) for row in rows])
    sheet.number("p", [numbers.chance(row.p_adjusted) for row in rows])
    sheet.number("n", [numbers.count(row.n) for row in rows])
    sheet.add("", [row.word for row in rows])
    sheet.show()


def _slices(pair: ModelPair) -> None:
    found = [*pair.regressed, *pair.improved]
    for item in found:
        table.line()
        table.line(f"{item.word}  {item.where}", style=_STYLES[item.word])
        table.line(f"  {item.sentence}")
    if pair.search is not None:
        table.line()
        table.line(pair.search.note, style="dim")


def _rows(pair: ModelPair) -> None:
    table.line()
    for group in pair.groups:
        where = f'  --where "{group.where}"' if group.where and group.n else ""
        name = group.name.replace("_", " ")
        table.line(f"{name:>10}  {group.n:>9,} rows, {numbers.percent(group.share)}{where}")
    agreed = pair.agreement
    if agreed.n and agreed.share == agreed.share:
        kappa = "" if agreed.kappa != agreed.kappa else f", kappa {numbers.figure(agreed.kappa)}"
        table.line(f"Both predict the same for {numbers.percent(agreed.share)} of the rows{kappa}.")


def board(result: ModelBoard) -> None:
    """A line per model, a column per dataset version, the best of each marked."""
    sheet = Sheet(f"{result.metric} by dataset version")
    sheet.add("model", list(result.models), is_key=True)
    for item in result.datasets:
        cells = []
        for model in result.models:
            row = result.figure(model, item.dataset)
            best = " ●" if row.place == 1 else ""
            cells.append(f"{numbers.interval(row.value, row.low, row.high)}{best}")
        sheet.add(item.dataset, cells)
    sheet.show()
    for item in result.datasets:
        table.line(f"{item.dataset}: {item.sentence}.", style="dim")
    for note in result.notes:
        table.line(note, style="yellow")
    for why in dict.fromkeys(f"{row.model}: {row.why}" for row in result.rows if row.why):
        table.line(why, style="dim")


def reevaluated(result: Reevaluated) -> None:
    """A line per model, with what became of it and why."""
    sheet = Sheet(f"Models on {result.dataset}")
    rows = result.rows
    sheet.add("model", [row.model for row in rows], is_key=True)
    sheet.add("outcome", [row.outcome for row in rows])
    sheet.add("why", [row.why for row in rows])
    sheet.number("s", [f"{row.seconds:.1f}" for row in rows])
    sheet.show()
    table.line(result.summary)


def _signed(value: float, low: float, high: float) -> str:
    """A difference with its interval, signs shown."""
    if not math.isfinite(value):
        return numbers.figure(value)
    places = numbers.decimals(max(abs(value), abs(low) if math.isfinite(low) else 0))
    if not (math.isfinite(low) and math.isfinite(high)):
        return signed(value, places)
    return f"{signed(value, places)} [{signed(low, places)}, {signed(high, places)}]"
