"""Results as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mispredict.cli import numbers, table
from mispredict.cli.output import stands_on
from mispredict.cli.overview import conditions
from mispredict.cli.table import Sheet
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.cohorts.cards import Cards
    from mispredict.cohorts.errors import ErrorClasses
    from mispredict.cohorts.slices import ScoredSlices, Slices
    from mispredict.metrics.curves import CalibrationTable, ConfusionTable
    from mispredict.metrics.measure import MetricTable
    from mispredict.metrics.threshold import ThresholdRow, ThresholdTable
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.looking.rows import Rows

_MOST_CLASSES = 12


def metrics(result: MetricTable, limit: int = 0, *, is_by: bool = False) -> None:
    """A line per metric or, with `is_by`, per cohort with a column per metric."""
    sheet = Sheet(stands_on("Metrics", result.source))
    if not is_by:
        rows = result.rows
        sheet.add("metric", [row.metric for row in rows], is_key=True)
        sheet.add("value", [numbers.interval(r.value, r.low, r.high) for r in rows], is_key=True)
        sheet.number("n", [numbers.count(row.n) for row in rows])
        sheet.show()
        return
    cohorts = list(dict.fromkeys(row.cohort for row in result.rows))
    shown = cohorts[:limit] if limit else cohorts
    cells = {(row.cohort, row.metric): row for row in result.rows}
    names = list(dict.fromkeys(row.metric for row in result.rows))
    most = dict.fromkeys(shown, 0)
    for row in result.rows:
        if row.cohort in most:
            most[row.cohort] = max(most[row.cohort], row.n)
    sheet.add("cohort", shown, is_key=True)
    sheet.number("n", [numbers.count(most[name]) for name in shown])
    for metric in names:
        found = [cells[name, metric] for name in shown]
        sheet.number(metric, [numbers.interval(row.value, row.low, row.high) for row in found])
    if len(shown) < len(cohorts):
        sheet.note(f"{len(cohorts) - len(shown):,} more cohorts: --limit 0 shows all.")
    sheet.show()


def confusion(result: ConfusionTable) -> None:
    """A matrix of labels and predictions, or a list of pairs where classes are many."""
    classes = list(dict.fromkeys(row.label for row in result.rows))
    counts = {(row.label, row.prediction): row for row in result.rows}
    sheet = Sheet(stands_on("Confusion", result.source))
    if len(classes) <= _MOST_CLASSES:
        sheet.add("label \\ prediction", [numbers.cell(name) for name in classes], is_key=True)
        for name in classes:
            sheet.number(numbers.cell(name), [_counted(counts[label, name]) for label in classes])
        sheet.note("Rows are labels, columns predictions; in brackets the share of the label.")
    else:
        wrong = [row for row in result.rows if row.label != row.prediction and row.n]
        wrong = sorted(wrong, key=lambda row: -row.n)[:30]
        sheet.add("label", [numbers.cell(row.label) for row in wrong], is_key=True)
        sheet.add("prediction", [numbers.cell(row.prediction) for row in wrong], is_key=True)
        sheet.number("n", [numbers.count(row.n) for row in wrong])
        sheet.number("of label", [numbers.percent(row.share_of_label) for row in wrong])
        sheet.note(f"The most frequent errors of {len(classes):,} classes; --json has all pairs.")
    sheet.show()


def _counted(row: Any) -> str:
    return f"{numbers.count(row.n)} ({numbers.percent(row.share_of_label)})"


def calibration(result: CalibrationTable) -> None:
    """A line per bin of confidence."""
    rows = result.rows
    sheet = Sheet(stands_on("Calibration", result.source))
    sheet.add("confidence", [f"{row.low_edge:.2f} – {row.high_edge:.2f}" for row in rows])
    sheet.number("n", [numbers.count(row.n) for row in rows])
    sheet.number("mean confidence", [numbers.figure(row.confidence) for row in rows])
    sheet.number("accuracy", [numbers.interval(r.accuracy, r.low, r.high) for r in rows])
    sheet.number("gap", [numbers.figure(row.confidence - row.accuracy) for row in rows])
    sheet.note(f"ECE {numbers.figure(result.ece)}; a gap above 0 is overconfidence.")
    sheet.show()


def thresholds(result: ThresholdTable) -> None:
    """Every twentieth, the usual and the best threshold."""
    best, usual = result.best, result.usual
    steps = {f"{row.threshold:.3f}": row for row in result.rows if _is_twentieth(row.threshold)}
    steps[f"{best.threshold:.3f}"] = best
    rows = sorted(steps.values(), key=lambda row: row.threshold)
    sheet = Sheet(stands_on("Thresholds", result.source))
    sheet.add("threshold", [_marked(row, best) for row in rows], is_key=True)
    sheet.number("cost per row", [numbers.figure(row.cost) for row in rows])
    sheet.number("precision", [numbers.figure(row.precision) for row in rows])
    sheet.number("recall", [numbers.figure(row.recall) for row in rows])
    for name in ("tp", "fp", "fn", "tn"):
        sheet.number(name, [numbers.count(getattr(row, name)) for row in rows])
    if best.reviewed:
        sheet.number("reviewed", [numbers.percent(row.reviewed) for row in rows])
    change = numbers.interval(best.cost - usual.cost, result.change.low, result.change.high)
    sheet.note(f"Cost of the cheapest less that of 0.5, per row: {change}.")
    sheet.note(f"On new rows it will cost about {numbers.figure(result.optimism)} more per row.")
    sheet.show()


def _marked(row: ThresholdRow, best: ThresholdRow) -> str:
    return f"{row.threshold:.3f}{' cheapest' if row == best else ''}"


def _is_twentieth(value: float) -> bool:
    return abs(value * 20 - round(value * 20)) < 1e-9


def errors(result: ErrorClasses, limit: int) -> None:
    """A line per error class."""
    rows = result.rows[:limit]
    sheet = Sheet(stands_on("Error classes", result.source))
    sheet.add("label → prediction", [row.error_class for row in rows], is_key=True)
    sheet.number("n", [numbers.count(row.n) for row in rows])
    sheet.number("of errors", [numbers.percent(row.share_of_errors) for row in rows])
    shares = [numbers.interval(row.share_of_label, row.low, row.high) for row in rows]
    sheet.number("share of label", shares)
    sheet.number("confidence", [numbers.figure(row.confidence) for row in rows])
    sheet.number("loss", [numbers.figure(row.loss) for row in rows])
    if len(rows) < len(result.rows):
        sheet.note(f"{len(result.rows) - len(rows):,} more error classes: --limit.")
    sheet.note(f"{counted(result.errors, 'error')} in all.")
    sheet.show()


def cards(result: Cards) -> None:
    """Conditions that go with being wrong, then those that go with being right."""
    titles = {
        "mispredictive": "More often wrong where",
        "predictive": "Less often wrong where",
        "": "May be chance",
    }
    for direction, title in titles.items():
        rows = [row for row in result.rows if row.direction == direction]
        if rows:
            conditions(rows, stands_on(title, result.source)).show()
            table.line()
    table.line(
        result.note or f"{counted(result.tested, 'condition was', 'conditions were')} tested.",
        style="dim",
    )


def rows(result: Rows, of: Evaluation, title: str, *, is_ordered: bool = False) -> None:
    """Examples; unless `is_ordered`, the columns that say how the model did come first."""
    names = result.columns
    first = [of.dataset.id or "row", "label", of.dataset.label or ""]
    outcome = ["prediction", "confidence", "loss", "residual", "score"]
    texts = [name for name in names if str(of.fields.columns.get(name, "")) == "text"]
    keys = [name for name in [*first, *outcome] if name in names]
    order = list(dict.fromkeys([*keys, *texts, *names]))
    if of.dataset.label in order and "label" in order:
        order.remove("label")  # the same values under the dataset's own name
    order = list(names) if is_ordered else order
    head = f"{title}: {len(result):,} of {result.total:,}"
    sheet = Sheet(stands_on(head, result.source).replace(f" · {counted(result.total, 'row')}", ""))
    arrow = result.to_arrow()
    for name in order:
        values = arrow[name].to_pylist()
        is_number = bool(values) and all(
            value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))
            for value in values
        )
        if is_number and (name in outcome or name.startswith("p_")):
            sheet.number(name, [numbers.figure(value) for value in values])
        elif is_number:
            sheet.number(name, [numbers.cell(value) for value in values])
        else:
            sheet.add(name, [numbers.cell(value) for value in values])
    sheet.show()


def cohorts(result: Any) -> None:
    """A line per saved cohort."""
    sheet = Sheet("Saved cohorts")
    sheet.add("name", [row.name for row in result.rows], is_key=True)
    sheet.add("where", [row.where for row in result.rows], is_key=True)
    sheet.add("note", [row.note for row in result.rows])
    sheet.show()


def cohort(row: Any) -> None:
    """One saved cohort."""
    table.heading(row.name)
    table.line(f"where     {row.where}")
    table.line(f"in words  {row.sentence}")
    if row.note:
        table.line(f"note      {row.note}")
    table.line()


def tags(result: Any) -> None:
    """A line per tag."""
    sheet = Sheet("Tags")
    sheet.add("tag", [row.name for row in result.rows], is_key=True)
    sheet.add("dataset", [row.dataset for row in result.rows], is_key=True)
    sheet.number("n", [numbers.count(row.n) for row in result.rows])
    sheet.show()


def entries(kind: str, result: Any) -> None:
    """A line per stored version."""
    sheet = Sheet(kind.capitalize())
    sheet.add("name", [row.name for row in result.rows], is_key=True)
    if kind != "models":
        sheet.number("rows", [numbers.count(row.rows) for row in result.rows])
    sheet.add("what", [row.summary for row in result.rows])
    if any(row.labels for row in result.rows):
        sheet.add("labels", [row.labels for row in result.rows])
    sheet.add("made", [row.created_at[:16].replace("T", " ") for row in result.rows])
    sheet.add("by", [row.created_by for row in result.rows])
    sheet.show()
    table.line()


def columns(result: Any) -> None:
    """A line per column of a dataset."""
    sheet = Sheet(stands_on("Columns", result.source))
    sheet.add("column", [row.name for row in result.rows], is_key=True)
    sheet.add("type", [str(row.type) for row in result.rows])
    sheet.add("role", [str(row.role) for row in result.rows])
    sheet.number("missing", [numbers.count(row.missing) for row in result.rows])
    sheet.number("distinct", [numbers.count(row.distinct) for row in result.rows])
    sheet.add("note", [row.note for row in result.rows])
    sheet.show()


def record(facts: dict[str, Any]) -> None:
    """What is known of a version: who, when, from what, with which code and environment."""
    table.heading(f"{facts['kind']} {facts['ref']}")
    code = facts["code"]
    lines = {
        "made": f"{facts['created_at'][:19].replace('T', ' ')} by {facts['created_by']}",
        "labels": ", ".join(facts["labels"]),
        "from": ", ".join(facts["parents"]),
        "code": f"{code['commit'][:12]}{' (changed)' if code['is_dirty'] else ''}" if code else "",
        "content": facts["content"][:16],
        "stored": f"{numbers.size(facts['bytes'])} in {counted(facts['parts'], 'part')}",
        "took": _usage(facts["usage"]),
        "message": facts["message"],
    }
    lines |= {key: _brief(value) for key, value in facts["spec"].items() if key != "schema"}
    lines["environment"] = ", ".join(f"{k} {v}" for k, v in facts["environment"].items())
    for name, text in lines.items():
        if text:
            table.line(f"  {name:<13}{text}")
    table.line()


def difference(result: Any) -> None:
    """A line per value that differs between two versions."""
    sheet = Sheet(f"From {result.before} to {result.after}")
    sheet.add("of", [row.section for row in result.rows])
    sheet.add("key", [row.key for row in result.rows], is_key=True)
    sheet.add("before", [_brief(row.before) for row in result.rows])
    sheet.add("after", [_brief(row.after) for row in result.rows])
    sheet.show()


def lineage(result: Any) -> None:
    """A line per ancestor and descendant, the nearest first."""
    sheet = Sheet(f"Lineage of {result.of}")
    sheet.add(
        "relation", ["comes from" if r.relation == "parent" else "led to" for r in result.rows]
    )
    sheet.number("steps", [str(row.depth) for row in result.rows])
    sheet.add("version", [f"{row.kind}:{row.ref}" for row in result.rows], is_key=True)
    sheet.add("made", [str(row.created_at)[:16] for row in result.rows])
    if any(row.is_deleted for row in result.rows):
        sheet.add("", ["deleted" if row.is_deleted else "" for row in result.rows])
    sheet.show()


def checkup(result: Any) -> None:
    """A line per finding of the doctor."""
    sheet = Sheet("Workspace")
    sheet.add("check", [row.check for row in result.rows])
    sheet.add("verdict", [row.verdict for row in result.rows])
    sheet.add("detail", [row.detail for row in result.rows], is_key=True)
    sheet.show()


def _brief(value: Any) -> str:
    """A value of a record on one line."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key}={_brief(item)}" for key, item in value.items())[:300]
    if isinstance(value, (list, tuple)):
        shown = ", ".join(_brief(item) for item in value[:12])
        return f"{shown} … {len(value):,} in all" if len(value) > 12 else shown
    return numbers.one_line(str(value))[:300]


def _usage(usage: dict[str, float] | None) -> str:
    if not usage:
        return ""
    return (
        f"{usage['wall_s']:.2f} s, {usage['cpu_s']:.2f} s of CPU, "
        f"peak memory {numbers.size(usage['peak_memory_bytes'])}"
    )


def slices(result: Slices | ScoredSlices) -> None:
    """A table of slices, then a sentence for each; or what was searched in vain."""
    from mispredict.cohorts.slices import Slices

    if isinstance(result, Slices):
        _confirmed(result)
    else:
        _scored(result)
    table.line(result.note, style="dim")


def _confirmed(result: Slices) -> None:
    rows = result.rows
    if rows:
        sheet = Sheet(stands_on("Slices", result.source))
        sheet.add("where", [row.where for row in rows], is_key=True)
        sheet.number("n", [numbers.count(row.n) for row in rows])
        sheet.number("value", [numbers.figure(row.value) for row in rows])
        sheet.number("rest", [numbers.figure(row.rest) for row in rows])
        gaps = [numbers.interval(row.difference, row.low, row.high) for row in rows]
        sheet.number("difference", gaps)
        sheet.number("of errors", [numbers.percent(row.share_of_errors) for row in rows])
        sheet.number("gain", [numbers.figure(row.gain) for row in rows])
        sheet.number("p", [numbers.chance(row.p_adjusted) for row in rows])
        sheet.show()
    else:
        table.heading(stands_on("Slices", result.source))
    for place, row in enumerate(rows, start=1):
        table.line(f"{place}. {row.sentence}")
        if row.also:
            table.line(f"   Also: {row.also}.", style="dim")


def _scored(result: ScoredSlices) -> None:
    sheet = Sheet(stands_on("Slices by SliceLine's score", result.source))
    sheet.add("where", [row.where for row in result.rows], is_key=True)
    sheet.number("n", [numbers.count(row.n) for row in result.rows])
    sheet.number("score", [numbers.figure(row.score) for row in result.rows])
    sheet.number("errors", [numbers.figure(row.errors) for row in result.rows])
    sheet.number("value", [numbers.figure(row.value) for row in result.rows])
    sheet.show()
