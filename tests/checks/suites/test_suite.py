"""Suites: from YAML to checks and back, and every fault with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from mispredict.checks.catalog import Check
from mispredict.checks.kinds.metric import MetricCheck
from mispredict.checks.suites.checking import Names, check_names
from mispredict.checks.suites.suite import Suite
from mispredict.core.errors import BadOption, BadSuite, UnknownColumn, UnknownName
from mispredict.core.predicate import Fields
from mispredict.core.schema import ColumnType
from mispredict.core.task import Task, TaskKind

CHURN = """\
suite: churn-gate
dataset: churn
model: gbm
baseline: gbm@1
checks:
  - name: good enough
    kind: metric
    metric: accuracy
    min: 0.8
  - name: seniors are served
    kind: metric
    metric: recall[yes]
    min: 0.7
    where: Age > 60 AND City = 'Rome'
    severity: warn
    tags: [fairness, 'yes']
    owner: ana
    reason: 'the regulator asks: why?'
    seed: 3
"""
NAMES = Names(
    of="churn@1",
    fields=Fields(
        {"Age": ColumnType.NUMERIC, "City": ColumnType.CATEGORICAL, "note": ColumnType.TEXT},
        {"label": ColumnType.CATEGORICAL, "prediction": ColumnType.CATEGORICAL},
        ("no", "yes"),
    ),
    task=Task(TaskKind.BINARY, ("no", "yes"), "yes"),
    tags=("reviewed",),
    cohorts=("seniors",),
)


def suite(**options: object) -> Suite:
    """A suite with one check of the metric kind, line by line."""
    lines = [f"  {name}: {value}" for name, value in options.items()]
    head = "checks:\n- kind: metric\n  name: a\n  metric: accuracy\n"
    return Suite.parse(head + "\n".join(lines) + "\n")


def test_yaml_and_suite_say_the_same() -> None:
    made = Suite.parse(CHURN)
    assert made.to_yaml() == CHURN
    assert Suite.parse(made.to_yaml()) == made
    assert made.checks[1] == Check(
        "seniors are served",
        MetricCheck(metric="recall[yes]", min=0.7, where="Age > 60 AND City = 'Rome'"),
        severity="warn",
        tags=("fairness", "yes"),
        owner="ana",
        reason="the regulator asks: why?",
        seed=3,
    )


def test_a_suite_is_a_table_and_json() -> None:
    made = Suite.parse(CHURN)
    assert list(made.to_frame()["check"]) == ["good enough", "seniors are served"]
    assert made.to_dict()["rows"][0] == {
        "check": "good enough",
        "kind": "metric",
        "options": {"metric": "accuracy", "min": 0.8},
        "severity": "block",
        "tags": [],
        "owner": "",
        "reason": "",
        "seed": 0,
    }
    assert "<table" in made._repr_html_()


@pytest.mark.parametrize("text", ["${floor}", "a: b", "#x", "yes", "1", "über", "x\ny", "'", ""])
def test_texts_survive_yaml(text: str) -> None:
    kind = MetricCheck(metric="accuracy", min=0.5)
    made = Suite("a", (Check("b", kind, reason=text, owner=text, tags=(text, "c")),))
    assert Suite.parse(made.to_yaml()) == made


def test_the_name_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "my gate.suite.yaml"
    path.write_text("checks:\n- {name: a, kind: metric, metric: accuracy, min: 0.5}\n")
    assert Suite.load(path).name == "my-gate"
    assert str(Suite.load(path).place("a")) == f"{path}:2:3"


def test_saving_makes_the_folder(tmp_path: Path) -> None:
    path = Suite.parse(CHURN).save(tmp_path / "suites" / "churn.suite.yaml")
    assert Suite.load(path) == Suite.parse(CHURN)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (None, ["good enough", "seniors are served"]),
        ("fairness", ["seniors are served"]),
        ("good enough", ["good enough"]),
        ("seniors*", ["seniors are served"]),
        (["yes", "good*"], ["good enough", "seniors are served"]),
    ],
)
def test_selecting_by_name_tag_or_pattern(words: str | list[str] | None, found: list[str]) -> None:
    assert [check.name for check in Suite.parse(CHURN).select(words).checks] == found


def test_selecting_nothing_is_no_run() -> None:
    with pytest.raises(BadOption, match="names no check"):
        Suite.parse(CHURN).select([])


def test_bounds_between_which_nothing_lies_are_refused() -> None:
    with pytest.raises(BadOption, match=r"min=0\.9 is above max=0\.8"):
        MetricCheck(metric="accuracy", min=0.9, max=0.8)


def test_selecting_what_there_is_not() -> None:
    with pytest.raises(UnknownName) as caught:
        Suite.parse(CHURN).select("fairnes")
    assert str(caught.value) == (
        "no check or tag 'fairnes'.\n"
        "  Names like it: 'fairness'.\n"
        "  Try: a tag, the name of a check, or a pattern such as 'seniors*'"
    )


METRIC = "checks:\n- name: a\n  kind: metric\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "suite: a\n",
            "suite:1:1: the suite has no checks.\n"
            "  Neither it nor a file that it includes has any.\n"
            "  Try: checks: [{name: good enough, kind: metric, metric: accuracy, min: 0.8}]",
        ),
        (
            "suite: a/b\nchecks:\n- {name: a, kind: metric, metric: accuracy, min: 0.5}\n",
            "suite:1:8: 'a/b' cannot be a name.\n"
            "  Names have 1 to 100 letters, digits, '_', '-', '.' or inner spaces.\n"
            "  Try: a_b",
        ),
        (
            "checks:\n- kind: metric\n",
            "suite:2:3: this check has no name.\n"
            "  Verdicts are kept by the names of their checks.\n"
            "  Try: name: seniors are served",
        ),
        (
            "checks:\n- name: a\n  metric: accuracy\n",
            "suite:2:3: the check 'a' has no kind.\n  Kinds: {KINDS}.\n  Try: kind: metric",
        ),
        (
            "checks:\n- name: a\n  kind: metrics\n",
            "suite:3:9: no kind of check 'metrics'.\n"
            "  Kinds like it: 'metric'.\n"
            "  Try: kind: metric",
        ),
        (
            METRIC + "  metric: accuracy\n  mim: 0.8\n",
            "suite:5:3: a check of kind 'metric' has no option 'mim'.\n"
            "  Options like it: 'min'.\n"
            "  Try: min: 0.5",
        ),
        (
            METRIC + "  metric: accuracy\n  set: 3\n",
            "suite:5:3: a check of kind 'metric' has no option 'set'.\n"
            "  Known options: 'metric', 'min', 'max', 'where', 'tag' and 6 more.\n"
            "  Try: leave out 'set'",
        ),
        (
            METRIC + "  metric: accuracy\n  min: 0.9\n  max: 0.8\n",
            "suite:5:8: min=0.9 is above max=0.8.\n"
            "  No value lies between them, so that nothing could pass.\n"
            "  Try: min: 0.8, max: 0.9",
        ),
        (
            METRIC + "  min: 0.8\n",
            "suite:2:3: the check 'a' has no 'metric'.\n"
            "  A check of kind 'metric' needs it: text.\n"
            "  Try: metric: …",
        ),
        (
            METRIC + "  metric: accuracy\n  min: high\n",
            "suite:5:8: min must be a number.\n  Here is 'high'.\n  Try: min: 0.5",
        ),
        (
            METRIC + "  metric: accuracy\n  min: [0.8]\n",
            "suite:5:8: min must be a number.\n  Here is a list of 1.\n  Try: min: 0.5",
        ),
        (
            METRIC + "  metric: accuracy\n  min: .nan\n",
            "suite:5:8: min=nan is out of its range.\n  It is a number.\n  Try: min: 0.5",
        ),
        (
            METRIC + "  metric: accuracy\n  min: 0.8\n  exact: maybe\n",
            "suite:6:10: exact must be true or false.\n  Here is 'maybe'.\n  Try: exact: false",
        ),
        (
            METRIC + "  metric: accuracy\n  min: 0.8\n  severity: fatal\n",
            "suite:6:13: severity must be one of 'block', 'warn'.\n"
            "  Here is 'fatal'.\n"
            "  Try: severity: block",
        ),
        (
            METRIC + "  metric: accuracy\n  min: 0.8\n  seed: 1.5\n",
            "suite:6:9: seed must be a whole number.\n  Here is 1.5.\n  Try: seed: 0",
        ),
        (
            METRIC + "  metric: accuracy\n",
            "suite:2:3: a check of accuracy needs a bound.\n"
            "  Neither min nor max is given.\n"
            "  Try: min: 0.8",
        ),
        (
            "checks:\n- {name: a, kind: metric, metric: accuracy, min: 0.8}\n"
            "- {name: a, kind: metric, metric: f1, min: 0.8}\n",
            "suite:3:10: there is already a check 'a'.\n"
            "  It stands at suite:2:10.\n"
            "  Try: another name, since verdicts are kept by them",
        ),
    ],
    ids=[
        *(
            "no checks",
            "suite's name",
            "no name",
            "no kind",
            "kind",
            "option",
            "unlike any",
            "bounds",
        ),
        "missing option",
        *("type", "list", "NaN", "truth", "choice", "whole number", "bound", "same name"),
    ],
)
def test_bad_suites_say_where(text: str, message: str) -> None:
    from mispredict.checks.catalog import KINDS

    with pytest.raises(BadSuite) as caught:
        Suite.parse(text)
    assert str(caught.value) == message.replace("{KINDS}", ", ".join(KINDS))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"min": 0.8, "where": "Age > 60 AND Citty = 'Rome'"},
            "suite:6:23: no column 'Citty'.\n  Columns like it: 'City'.\n  Try: one of these names",
        ),
        (
            {"min": 0.8, "where": "\"Age > 'old'\""},
            "suite:6:17: Age > 'old' compares a number with a text.\n"
            "  Age is numeric.\n"
            "  Try: Age > 0",
        ),
        (
            {"min": 0.8, "where": "Age >"},
            "suite:6:14: the cohort cannot be read near '>' at character 5.\n"
            "  A condition is: column, comparison, value; "
            "or a function such as has(text, 'phrase').\n"
            "  Try: Geography = 'Germany' AND Age BETWEEN 50 AND 65",
        ),
        (
            {"min": 0.8, "where": "Age > 60 AND cohort('senior')"},
            "suite:6:31: no cohort 'senior'.\n  Cohorts like it: 'seniors'.\n  Try: ws.cohorts()",
        ),
        (
            {"min": 0.8, "where": "tag('review')"},
            "suite:6:10: no tag 'review'.\n  Tags like it: 'reviewed'.\n  Try: ws.tags()",
        ),
        (
            {"min": 0.8, "tag": "review"},
            "suite:6:8: no tag 'review'.\n  Tags like it: 'reviewed'.\n  Try: ws.tags()",
        ),
        (
            {"min": 80},
            "suite:5:8: min=80 is out of the range of 'accuracy'.\n"
            "  accuracy is from 0 to 1.\n"
            "  Try: min: 0.8",
        ),
        (
            {"max": -0.5},
            "suite:5:8: max=-0.5 is out of the range of 'accuracy'.\n"
            "  accuracy is from 0 to 1.\n"
            "  Try: another bound, or another metric",
        ),
    ],
    ids=["column", "type", "open", "cohort", "tag in cohort", "tag", "percent", "negative"],
)
def test_names_that_are_not_there_say_where(options: dict[str, object], message: str) -> None:
    with pytest.raises(BadSuite) as caught:
        check_names(suite(**options), NAMES)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (
            "acuracy",
            "suite:4:11: no metric 'acuracy'.\n  Metrics like it: 'accuracy'.\n  Try: 'accuracy'",
        ),
        (
            "recall[maybe]",
            "suite:4:11: no class 'maybe'.\n  Known classes: 'no', 'yes'.\n  Try: recall[yes]",
        ),
        (
            "rmse",
            "suite:4:11: the metric 'rmse' is not defined for a binary task.\n"
            "  It is for: regression.\n"
            "  Try: accuracy, precision, recall",
        ),
    ],
    ids=["unknown", "class", "task"],
)
def test_metrics_that_are_not_there_say_where(metric: str, message: str) -> None:
    made = Suite.parse(METRIC + f"  metric: {metric}\n  min: 0.5\n")
    with pytest.raises(BadSuite) as caught:
        check_names(made, NAMES)
    assert str(caught.value) == message


def test_a_filled_in_cohort_is_placed_at_its_beginning() -> None:
    text = f"parameters: {{age: 60}}\n{METRIC}  metric: accuracy\n  min: 0.5\n"
    made = Suite.parse(text + "  where: Aage > ${age}\n")
    with pytest.raises(BadSuite, match=r"suite:7:10: no column 'Aage'"):
        check_names(made, NAMES)


def test_a_suite_of_python_names_the_check() -> None:
    made = Suite("a", (Check("b", MetricCheck(metric="accuracy", min=0.5, where="Aage > 1")),))
    with pytest.raises(UnknownColumn) as caught:
        check_names(made, NAMES)
    assert str(caught.value) == (
        "check 'b': no column 'Aage'.\n  Columns like it: 'Age'.\n  Try: one of these names"
    )


def test_a_suite_of_python_has_each_name_once() -> None:
    check = Check("b", MetricCheck(metric="accuracy", min=0.5))
    with pytest.raises(BadOption, match="there are two checks 'b'"):
        Suite("a", (check, check))


def test_good_names_are_silent() -> None:
    check_names(Suite.parse(CHURN), NAMES)
