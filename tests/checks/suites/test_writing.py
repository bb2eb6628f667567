"""Verdicts as JUnit XML, Markdown and annotations of GitHub."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.checks.suites.yaml import Place
from mispredict.checks.writing.github import annotated, annotation_of_fault
from mispredict.checks.writing.junit import junit_xml
from mispredict.checks.writing.markdown import LONGEST, markdown
from mispredict.core.errors import BadSuite
from mispredict.expectations.verdict import Changed, FailingRow, Verdict, Verdicts

# Elements and attributes of Jenkins' junit-10.xsd, the required ones with "!".
SCHEMA = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name!", "tests!", "failures!", "errors!", "time", "skipped", "timestamp", "file"},
        {"properties", "testcase", "system-out"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name!", "value!"}, set()),
    "testcase": (
        {"name!", "time", "classname"},
        {"skipped", "error", "failure", "system-out"},
    ),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "skipped": ({"type", "message"}, set()),
    "system-out": (set(), set()),
}
EXAMPLES = (
    FailingRow(row=7, label="yes", prediction="no", probability=0.31),
    FailingRow(row=9, before="yes", prediction="no", changes=(Changed("Age", 60, 61),)),
    FailingRow(inputs=(("text", "good | *day*"),), prediction="negative", note="filled in"),
)


def verdict(name: str, word: str, **other: object) -> Verdict:
    facts = {
        "kind": "metric", "value": 0.75, "low": 0.7, "high": 0.8, "n": 200, "bound": 0.8,
        "seconds": 0.25, "expected": "≥ 0.8", "sentence": f"The accuracy is 0.75, {word}.",
    }  # fmt: skip
    return Verdict(check=name, verdict=word, **{**facts, **other})  # type: ignore[arg-type]


RUN = Verdicts(
    (
        verdict("good enough", "pass"),
        verdict("seniors", "fail", examples=EXAMPLES, failing=12, owner="ana", reason="law."),
        verdict("few", "unsure", n=0, value=math.nan, low=math.nan, high=math.nan),
        verdict("broken", "error", error="x"),
        verdict("hint", "fail", severity="warn"),
    ),
    of="gbm@2/churn@1",
    baseline="gbm@1/churn@1",
    suite="churn-gate",
    seconds=1.5,
    skipped=("last",),
)
PLACES = {"seniors": Place("suites/churn.yaml", 12, 5)}


def assert_valid(element: ElementTree.Element) -> None:
    attributes, children = SCHEMA[element.tag]
    required = {name.rstrip("!") for name in attributes if name.endswith("!")}
    assert required <= set(element.attrib) <= {name.rstrip("!") for name in attributes}
    time = element.get("time", "0")
    assert re.fullmatch(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?", time)
    for child in element:
        assert child.tag in children
        assert_valid(child)


def test_junit_is_valid_and_counts() -> None:
    text = junit_xml([RUN], [PLACES], started_at=["2026-01-02T03:04:05"])
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    root = ElementTree.fromstring(text.encode())
    assert_valid(root)
    (suite,) = root
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "6", "failures": "2", "errors": "1", "skipped": "1",
    }  # fmt: skip
    assert suite.get("timestamp") == "2026-01-02T03:04:05"
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    assert [child.tag for child in cases["good enough"]] == ["system-out"]
    assert [child.tag for child in cases["hint"]] == ["system-out"]
    assert [child.tag for child in cases["broken"]] == ["error"]
    assert [child.tag for child in cases["last"]] == ["skipped"]
    failure = cases["seniors"].find("failure")
    assert failure is not None
    assert failure.attrib == {"message": "The accuracy is 0.75, fail.", "type": "fail"}
    assert failure.text == (
        "The accuracy is 0.75, fail. Owner: ana. Reason: law.\n"
        "row 7; predicted no; label yes; probability 0.31\n"
        "row 9; Age: 60 → 61; predicted yes → no\n"
        "text='good | *day*'; predicted negative; filled in\n"
        "… and 9 more\n"
        "seed 0\n"
        "suites/churn.yaml:12:5"
    )


@settings(deadline=None)  # machines are slow at times
@given(st.text(max_size=40))
def test_junit_holds_any_text(text: str) -> None:
    run = Verdicts((verdict(text, "fail", sentence=text, owner=text),), suite=text, of=text)
    assert_valid(ElementTree.fromstring(junit_xml([run]).encode("utf-8", "surrogatepass")))


def test_several_runs_are_several_suites() -> None:
    root = ElementTree.fromstring(junit_xml([RUN, RUN]).encode())
    assert [suite.get("name") for suite in root] == ["churn-gate", "churn-gate"]
    assert root.get("tests") == "12"


def test_markdown_tells_what_is_wrong_first() -> None:
    lines = markdown([RUN]).splitlines()
    assert lines[0] == "## ❌ churn-gate"
    assert lines[2] == ("gbm@2/churn@1 did not pass: 1 pass, 2 fail, 1 unsure, 1 error, 1 not run.")
    table = lines[lines.index("|---|---|---|---|---:|") + 1 :][:4]
    assert table == [
        "| 💥 | broken | 0.75 [0.7, 0.8] | ≥ 0.8 | 200 |".replace("[", "\\[").replace("]", "\\]"),
        "| ❌ | seniors | 0.75 \\[0.7, 0.8\\] | ≥ 0.8 | 200 |",
        "| ❔ | few |  | ≥ 0.8 |  |",
        "| ⚠️ | hint | 0.75 \\[0.7, 0.8\\] | ≥ 0.8 | 200 |",
    ]
    assert "- text='good \\| \\*day\\*'; predicted negative; filled in" in lines
    assert "<details><summary>1 passed</summary>" in lines
    assert "Not run after the first failure: last." in lines


def test_markdown_of_a_passed_run_is_folded() -> None:
    text = markdown([Verdicts((verdict("a", "pass"),), suite="s", of="m@1/d@1")])
    assert text.startswith("## ✅ s\n\nm@1/d@1 passed: 1 pass.\n\n<details>")


def test_markdown_fits_a_comment() -> None:
    rows = tuple(verdict(f"check {n} {'x' * 300}", "fail") for n in range(400))
    text = markdown([Verdicts(rows, suite="s")])
    assert len(text) <= LONGEST
    assert text.endswith("Use --json for all of it.\n")


def test_markdown_calls_nobody_and_has_no_html() -> None:
    row = verdict("a <b>", "fail", owner="@ana", sentence="x <script> @team gbm@2")
    text = markdown([Verdicts((row,), suite="s")])
    assert "<script>" not in text
    assert "@ana" not in text
    assert "gbm@" in text


def test_annotations_point_at_the_checks() -> None:
    lines = list(annotated(RUN, PLACES))
    assert len(lines) == 4
    assert lines[0] == (
        "::error file=suites/churn.yaml,line=12,col=5,title=seniors%3A fail (gbm@2/churn@1)::"
        "The accuracy is 0.75, fail. Owner: ana. Reason: law.%0A"
        "row 7; predicted no; label yes; probability 0.31%0A"
        "row 9; Age: 60 → 61; predicted yes → no%0A"
        "text='good | *day*'; predicted negative; filled in%0A"
        "… and 9 more"
    )
    assert lines[3].startswith("::warning title=hint%3A fail")


@settings(deadline=None)  # machines are slow at times
@given(st.text(max_size=40))
def test_an_annotation_is_one_line(text: str) -> None:
    run = Verdicts((verdict(text, "fail", sentence=text),), of=text)
    (line,) = annotated(run, {text: Place(text, 1, 1)})
    assert "\n" not in line
    assert "\r" not in line


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (
            "suites/a.yaml:3:9: no kind of check 'x'.",
            "::error file=suites/a.yaml,line=3,col=9,title=suite cannot be used::"
            "no kind of check 'x'.%0AKinds: metric.%0ATry: kind: metric",
        ),
        (
            "no model 'x'.",
            "::error title=suite cannot be used::"
            "no model 'x'.%0AKinds: metric.%0ATry: kind: metric",
        ),
    ],
    ids=["placed", "without place"],
)
def test_a_bad_suite_is_annotated(problem: str, line: str) -> None:
    error = BadSuite(problem, known="Kinds: metric.", hint="kind: metric")
    assert annotation_of_fault(error) == line


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param(1929.0, 93.86054687499995, "x: 1929 → 93.8605", id="six digits"),
        pytest.param(1.0, 1.0000000001, "x: 1.0 → 1.0000000001", id="too near for six"),
        pytest.param("a", None, "x: a → None", id="no number"),
    ],
)
def test_a_change_is_told_in_few_digits(before: object, after: object, said: str) -> None:
    assert str(Changed("x", before, after)) == said
