"""Verdicts as annotations of GitHub Actions, at the lines of the checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mispredict.checks.suites.yaml import Place
from mispredict.checks.writing.words import example_lines, reason_of
from mispredict.core.errors import MispredictError
from mispredict.expectations.verdict import Verdict, Verdicts


def annotated(run: Verdicts, places: Mapping[str, Place]) -> Iterator[str]:
    """A workflow command for each check that did not pass."""
    for row in run.rows:
        if row.verdict != "pass":
            yield _annotation(row, places.get(row.check), run)


def annotation_of_fault(error: MispredictError) -> str:
    """A workflow command for a suite that cannot be read, at its place where it names one."""
    file, line, column, said = _split(error.problem)
    body = "\n".join(
        part for part in (said, error.known, error.hint and f"Try: {error.hint}") if part
    )
    place = Place(file, line, column) if line else None
    return _command("error", "suite cannot be used", body, place)


def _annotation(row: Verdict, place: Place | None, run: Verdicts) -> str:
    level = "error" if row.blocks else "warning"
    title = f"{row.check}: {row.verdict}" + (f" ({run.of})" if run.of else "")
    body = "\n".join([reason_of(row), *example_lines(row, 3)])
    return _command(level, title, body, place)


def _command(level: str, title: str, body: str, place: Place | None) -> str:
    facts = {}
    if place is not None:
        facts = {"file": place.file, "line": str(place.line), "col": str(place.column)}
    facts["title"] = title
    properties = ",".join(f"{name}={_property(value)}" for name, value in facts.items())
    return f"::{level} {properties}::{_data(body)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _split(problem: str) -> tuple[str, int, int, str]:
    """File, line and column that the problem begins with; 0 where it does not."""
    import re

    found = re.match(r"(.+?):(\d+):(\d+): (.*)", problem, re.DOTALL)
    if found is None:
        return "", 0, 0, problem
    return found[1], int(found[2]), int(found[3]), found[4]
