"""Verdicts as JUnit XML, which every CI system shows.

It keeps to the strictest of the schemas in use, that of Jenkins (junit-10.xsd), in which a case
has no file and line; so the place of a check is the last line of its text. A check that blocks
and does not pass is a `failure`, one that could not be run an `error`. A check that only warns is
a passed case whose output says what it found, since no form of JUnit has warnings and a failure
would turn the build red.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from mispredict.checks.suites.yaml import Place
from mispredict.checks.writing.words import example_lines, reason_of
from mispredict.expectations.verdict import Verdict, Verdicts

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(
    runs: Sequence[Verdicts],
    places: Sequence[Mapping[str, Place]] = (),
    *,
    started_at: Sequence[str] = (),
) -> str:
    """The runs as one XML document, a `testsuite` each.

    Args:
        runs: verdicts of suites.
        places: where the checks of each suite stand, by name.
        started_at: when each run began, in ISO 8601.
    """
    root = ElementTree.Element("testsuites", {"name": "mispredict"})
    for number, run in enumerate(runs):
        known = places[number] if number < len(places) else {}
        suite = _suite(run, known)
        if number < len(started_at):
            suite.set("timestamp", started_at[number])
        root.append(suite)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", f"{sum(run.seconds for run in runs):.3f}")
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _suite(run: Verdicts, places: Mapping[str, Place]) -> ElementTree.Element:
    blocking = [row for row in run.rows if row.blocks]
    errors = [row for row in blocking if row.verdict == "error"]
    suite = ElementTree.Element(
        "testsuite",
        {
            "name": _clean(run.suite or "checks"),
            "tests": str(len(run.rows) + len(run.skipped)),
            "failures": str(len(blocking) - len(errors)),
            "errors": str(len(errors)),
            "skipped": str(len(run.skipped)),
            "time": f"{run.seconds:.3f}",
        },
    )
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in (("evaluation", run.of), ("baseline", run.baseline)):
        if value:
            ElementTree.SubElement(properties, "property", {"name": name, "value": _clean(value)})
    if not len(properties):
        suite.remove(properties)
    for row in run.rows:
        suite.append(_case(row, run, places.get(row.check)))
    for name in run.skipped:
        case = ElementTree.SubElement(suite, "testcase", _named(run, name, 0.0))
        ElementTree.SubElement(case, "skipped", {"message": "not run after the first failure"})
    return suite


def _case(row: Verdict, run: Verdicts, place: Place | None) -> ElementTree.Element:
    case = ElementTree.Element("testcase", _named(run, row.check, row.seconds))
    lines = [reason_of(row), *example_lines(row), f"seed {row.seed}"]
    details = _clean("\n".join([*lines, *([str(place)] if place is not None else [])]))
    if row.blocks:
        tag = "error" if row.verdict == "error" else "failure"
        said = {"message": _clean(row.sentence), "type": row.verdict}
        ElementTree.SubElement(case, tag, said).text = details
    elif row.verdict != "pass":
        ElementTree.SubElement(case, "system-out").text = f"warning ({row.verdict}): {details}"
    else:
        ElementTree.SubElement(case, "system-out").text = _clean(reason_of(row))
    return case


def _named(run: Verdicts, name: str, seconds: float) -> dict[str, str]:
    suite = _clean(run.suite or "checks")
    return {"classname": suite, "name": _clean(name), "time": f"{seconds:.3f}"}


def _clean(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
