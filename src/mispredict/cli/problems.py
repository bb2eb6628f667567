"""Problems and what changed, as tables and sentences for people."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mispredict.cli import numbers, table
from mispredict.cli.table import Sheet
from mispredict.core.figures import metric_difference, metric_span
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.compare.changed.changed import WhatChanged
    from mispredict.review.results import (
        ProblemHistory,
        ProblemRecord,
        ProblemRow,
        Problems,
        ProblemVersion,
        Triage,
    )

_MOST_NAMED = 3


def problems(result: Problems) -> None:
    """A line per problem, the most urgent first, and how the priority is made."""
    sheet = Sheet(f"Problems{f' · {result.of}' if result.of else ''}")
    rows = result.rows
    sheet.add("problem", [row.problem for row in rows], is_key=True)
    sheet.add("status", [f"{row.status}{' (fixed?)' if row.proposal else ''}" for row in rows])
    sheet.add("priority", [numbers.interval(row.priority, row.low, row.high) for row in rows])
    sheet.number("share", [numbers.percent(row.share) for row in rows])
    sheet.number("error", [numbers.figure(row.error) for row in rows])
    sheet.number("harm", [str(row.harm) for row in rows])
    sheet.add(
        "check", [f"{row.before} → {row.verdict}" if row.before else row.verdict for row in rows]
    )
    sheet.add("owner", [row.owner for row in rows])
    sheet.add("title", [row.title for row in rows])
    sheet.note(result.explanation)
    if result.proposed:
        names = [row.problem for row in rows if row.proposal]
        name = names[0] if len(names) == 1 else "NAME"
        said = "1 passes its" if result.proposed == 1 else f"{result.proposed:,} pass their"
        sheet.note(f'{said} check: mispredict problems edit {name} --status fixed --reason "…"')
    sheet.show()


def problem(result: ProblemRecord) -> None:
    """Everything of one problem."""
    table.heading(f"{result.name} · {result.title}")
    proposed = f", proposed as fixed by {result.proposed_by}" if result.proposal else ""
    table.line(f"{result.status} ({result.status_words}){proposed}")
    for title, text in (
        ("rows", f"{result.sentence}  [{result.where}]"),
        ("what", result.description),
        ("expected", result.expected),
        ("owner", result.owner),
        ("harm", f"{result.harm} of 5: {result.harm_words}"),
        ("priority", _priority(result)),
        ("found as", result.origin.sentence),
        ("check", _check(result)),
        ("note", result.note),
    ):
        if text:
            table.line(f"{title:<9} {text}")
    for pattern in result.patterns:
        sign = "+" if pattern.is_positive else "−"
        figures = (
            f" ({counted(pattern.n, 'row')}, error {numbers.figure(pattern.value)})"
            if pattern.where
            else ""
        )
        table.line(f"{sign} {pattern.text}{figures}")
    for link in result.links:
        table.line(f"{link.site}: {link.title}  {link.url}")
    history(result.rows)
    for comment in result.comments:
        table.line(f"{comment.at}  {comment.who}: {comment.text}")
    table.line(f"Version {result.version}; the last changes:", style="dim")
    for event in result.events[:5]:
        table.line(f"  {event.at}  {event.sentence}", style="dim")


def history(rows: tuple[ProblemVersion, ...], *, is_named: bool = False) -> None:
    """A line per evaluation."""
    sheet = Sheet("By model version")
    if is_named:
        sheet.add("problem", [row.problem for row in rows], is_key=True)
    sheet.add("model", [row.model for row in rows], is_key=True)
    sheet.add("dataset", [row.dataset for row in rows])
    sheet.add("metric", [row.metric for row in rows])
    sheet.add("value", [numbers.interval(row.value, row.low, row.high) for row in rows])
    sheet.number("others", [numbers.figure(row.rest) for row in rows])
    sheet.add("expected", [row.expected for row in rows])
    sheet.add("check", [row.verdict for row in rows])
    sheet.number("n", [numbers.count(row.n) for row in rows])
    sheet.number("priority", [numbers.figure(row.priority) for row in rows])
    sheet.note(of_other_rows(rows))
    sheet.show()


def of_other_rows(rows: tuple[ProblemVersion, ...]) -> str:
    """That figures are of different rows, if they are."""
    datasets = list(dict.fromkeys(row.dataset for row in rows))
    if len(datasets) < 2:
        return ""
    return f"{', '.join(datasets)} are different rows: compare figures within one of them only."


def _priority(result: ProblemRecord) -> str:
    """The sum, and whose: a problem of an old version is judged by the newest one."""
    if result.priority is None:
        return ""
    return f"{result.judged_by} {result.priority.working}".strip().removeprefix("in ")


def _check(result: ProblemRecord) -> str:
    """What its check expects, and of what."""
    if result.check is None:
        return "none"
    of = result.metric if result.check.kind == "metric" and result.metric else result.check.kind
    return f"{of} {result.check.expected}"


def news(rows: tuple[ProblemRow, ...]) -> str:
    """What an evaluation did to problems: which came back, which pass now."""
    back = [row.problem for row in rows if row.status == "reopened" and row.verdict == "fail"]
    passing = [row.problem for row in rows if row.proposal]
    told = [
        f"{_few(names)} {said}"
        for names, said in ((back, "came back"), (passing, "passes now: fixed?"))
        if names
    ]
    return f"Problems: {'; '.join(told)}" if told else ""


def _few(names: list[str]) -> str:
    more = " and others" if len(names) > _MOST_NAMED else ""
    return f"{', '.join(names[:_MOST_NAMED])}{more}"


def all_history(result: ProblemHistory) -> None:
    """A line per problem and evaluation."""
    history(result.rows, is_named=True)


def triage(result: Triage) -> None:
    """What an evaluation changed, in sentences."""
    table.heading(result.summary)
    for row in result.rows:
        table.line(row.sentence, style="" if row.is_changed else "dim")


def changed(result: WhatChanged) -> None:
    """The factors with their parts, then the cohorts that carry them and what was left out."""
    moved = partial(metric_difference, result.metric, low=result.low, high=result.high)
    table.heading(result.verdict)
    sheet = Sheet(f"{result.before} → {result.after}")
    rows = [row for row in result.rows if row.is_changed]
    sheet.add("factor", [row.factor for row in rows], is_key=True)
    sheet.add("part", [result.part_of(row) for row in rows], is_key=True)
    sheet.number("share", [numbers.percent(row.share) for row in rows])
    sheet.add("from", [row.before for row in rows])
    sheet.add("to", [row.after for row in rows])
    sheet.add("what", [row.words for row in rows])
    span = metric_span(result.metric, result.low, result.high)
    sheet.note(f"They add up to {moved(result.difference)} ({span}).")
    for item in result.left_out:
        sheet.note(f"{item.factor}: {item.reason} Try: {item.hint}")
    sheet.note(result.note)
    sheet.show()
    if result.cohorts:
        carried = Sheet("Cohorts that carry it")
        carried.add("cohort", [row.where for row in result.cohorts], is_key=True)
        carried.number("carries", [moved(row.carried) for row in result.cohorts])
        carried.number("by mix", [moved(row.mix) for row in result.cohorts])
        carried.number("before", [numbers.figure(row.value_before) for row in result.cohorts])
        carried.number("after", [numbers.figure(row.value_after) for row in result.cohorts])
        carried.number(
            "share", [_shares(row.share_before, row.share_after) for row in result.cohorts]
        )
        carried.show()


def _shares(before: float, after: float) -> str:
    return f"{100 * before:.1f} → {100 * after:.1f} %"
