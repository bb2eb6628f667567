"""`mispredict test` and `mispredict history`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

Run = Callable[..., Any]

GOOD = """\
suite: gate
dataset: churn
model: gbm
parameters: {floor: 0.5}
checks:
  - name: good enough
    kind: metric
    metric: accuracy
    min: ${floor}
    tags: [quick]
  - name: Germans
    kind: metric
    metric: accuracy
    where: Country = 'Germany'
    min: 0.2
"""
BAD = """\
checks:
  - name: perfect
    kind: metric
    metric: accuracy
    min: 0.99
    owner: ana
  - name: few
    kind: metric
    metric: accuracy
    where: Age > 500
    min: 0.5
    severity: warn
"""


@pytest.fixture
def suites(folder: Path) -> Path:
    """The folder `suites` with a suite that passes and one that does not."""
    place = folder / "suites"
    place.mkdir()
    (place / "good.suite.yaml").write_text(GOOD, encoding="utf-8")
    (place / "bad.suite.yaml").write_text(BAD, encoding="utf-8")
    return place


def test_a_suite_that_passes(run: Run, suites: Path) -> None:
    answer = run("test", "suites/good.suite.yaml")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0] == "gate · gbm@1/churn@1"
    assert lines[1].split() == ["check", "verdict", "value", "expected", "n", "s", "kind"]
    assert lines[2].startswith("good enough  pass")
    assert lines[-1].startswith("gbm@1/churn@1 passed: 2 pass.")


def test_a_suite_that_fails(run: Run, suites: Path) -> None:
    answer = run("test", "suites/bad.suite.yaml")
    assert answer.code == 1
    assert "fail  perfect\n" in answer.out
    assert "Owner: ana." in answer.out
    assert "unsure  few\n" in answer.out
    assert "unsure (warns)" in answer.out
    assert "did not pass: 1 fail, 1 unsure." in answer.out.splitlines()[-1]


def test_what_only_warns_is_no_failure(run: Run, suites: Path) -> None:
    assert run("test", "suites/bad.suite.yaml", "--select", "few").code == 0


def test_a_folder_has_suites(run: Run, suites: Path) -> None:
    answer = run("test", "suites", "--json")
    assert answer.code == 1
    assert [item["suite"] for item in answer.json["runs"]] == ["bad", "gate"]
    assert answer.json["is_passed"] is False
    assert run("test", "--json").json["runs"][0]["suite"] == "bad"  # the current folder


def test_json_of_one_suite_is_its_verdicts(run: Run, suites: Path) -> None:
    answer = run("test", "suites/good.suite.yaml", "--json")
    assert answer.code == 0
    assert answer.json["is_passed"] is True
    assert answer.json["counts"] == {"pass": 2, "fail": 0, "unsure": 0, "error": 0}
    row = answer.json["rows"][0]
    assert (row["check"], row["verdict"], row["bound"]) == ("good enough", "pass", 0.5)


def test_selection_and_parameters(run: Run, suites: Path) -> None:
    answer = run("test", "suites", "--select", "quick", "--set", "floor=0.95", "--json")
    assert answer.code == 1
    (made,) = answer.json["runs"]
    assert [(row["check"], row["bound"]) for row in made["rows"]] == [("good enough", 0.95)]


def test_fail_fast_stops(run: Run, suites: Path) -> None:
    answer = run("test", "suites", "--fail-fast")
    assert answer.code == 1
    assert "Not run: few." in answer.out
    assert answer.err == "1 more suites were not run after the first failure.\n"


def test_other_model_data_and_baseline(run: Run, suites: Path, folder: Path) -> None:
    args = ("add", "predictions", "other", "churn", "predictions.csv")
    assert run(*args).code == 0
    asked = ("--model", "other", "--dataset", "churn@1", "--baseline", "gbm@1", "--json")
    answer = run("test", "suites/good.suite.yaml", *asked)
    assert (answer.json["of"], answer.json["baseline"]) == ("other@1/churn@1", "gbm@1/churn@1")


def test_reports_are_written_beside(run: Run, suites: Path, folder: Path) -> None:
    answer = run("test", "suites", "--junit", "junit.xml", "--markdown", "pr.md", "--github")
    assert answer.code == 1
    root = ElementTree.parse(folder / "junit.xml").getroot()
    assert {key: root.get(key) for key in ("tests", "failures")} == {"tests": "4", "failures": "1"}
    assert (folder / "pr.md").read_text("utf-8").startswith("## ❌ bad\n")
    notes = [line for line in answer.out.splitlines() if line.startswith("::")]
    assert len(notes) == 2
    assert notes[0].startswith(
        "::error file=suites/bad.suite.yaml,line=2,col=5,title=perfect%3A fail"
    )
    assert notes[1].startswith("::warning file=suites/bad.suite.yaml,line=7,col=5,title=few")


def test_the_schema_takes_what_runs(run: Run, empty: Path) -> None:
    import yaml

    schema = run("test", "--schema").json
    for text in (GOOD, BAD):
        jsonschema.validate(yaml.safe_load(text), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(GOOD.replace("min:", "mim:")), schema)


@pytest.mark.parametrize(
    ("change", "message", "hint"),
    [
        (
            ("kind: metric", "kind: metrik"),
            "suites/good.suite.yaml:7:11: no kind of check 'metrik'. Kinds like it: 'metric'.",
            "kind: metric",
        ),
        (
            ("Country = 'Germany'", "Contry = 'Germany'"),
            "suites/good.suite.yaml:14:12: no column 'Contry'. Columns like it: 'Country', "
            "'entropy'.",
            "one of these names",
        ),
        (
            ("dataset: churn", "dataset: chrun"),
            "suites/good.suite.yaml:2:10: no dataset 'chrun'. Datasets like it: 'churn'.",
            "mispredict list datasets",
        ),
        (
            ("min: 0.2", "min: lots"),
            "suites/good.suite.yaml:15:10: min must be a number. Here is 'lots'.",
            "min: 0.5",
        ),
        (
            ("min: 0.2", "min: 20"),
            "suites/good.suite.yaml:15:10: min=20 is out of the range of 'accuracy'. "
            "accuracy is from 0 to 1.",
            "min: 0.2",
        ),
        (
            ("parameters:", "include: [good.suite.yaml]\nparameters:"),
            "suites/good.suite.yaml:4:11: 'good.suite.yaml' would include itself. "
            "The way is suites/good.suite.yaml → suites/good.suite.yaml.",
            "leave out this line",
        ),
    ],
    ids=["kind", "column", "dataset", "type", "threshold", "cycle"],
)
def test_bad_suites(
    run: Run, suites: Path, change: tuple[str, str], message: str, hint: str
) -> None:
    path = suites / "good.suite.yaml"
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    answer = run("test", "suites/good.suite.yaml", "--json", "--github")
    assert answer.code == 2
    assert answer.error == {"code": "BadSuite", "message": message, "hint": hint}
    assert answer.out.startswith("::error file=suites/good.suite.yaml,line=")


def test_one_bad_suite_keeps_all_from_running(run: Run, suites: Path) -> None:
    (suites / "worse.suite.yaml").write_text("checks: []\n", encoding="utf-8")
    assert run("test", "suites").code == 2
    assert run("history", "--json").json["rows"] == []


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (
            ("--select", "quik"),
            "no check or tag 'quik'. Names like it: 'quick'.",
            "a tag, the name of a check, or a pattern such as 'seniors*'",
        ),
        (
            ("--set", "flor=1"),
            "no parameter 'flor'. Parameters like it: 'floor'.",
            "'floor'",
        ),
        (
            ("--set", "floor"),
            "--set 'floor' is not NAME=VALUE. It gives a parameter of the suite another value.",
            "--set floor=0.9",
        ),
        (
            ("--model", "lgbm"),
            "no model 'lgbm'. Models like it: 'gbm'.",
            "mispredict list models",
        ),
    ],
    ids=["select", "parameter", "setting", "model"],
)
def test_bad_options(
    run: Run, suites: Path, arguments: tuple[str, ...], message: str, hint: str
) -> None:
    answer = run("test", "suites/good.suite.yaml", *arguments, "--json")
    assert answer.code == 2
    assert answer.error["message"].startswith(message.partition(".")[0])
    assert answer.error["hint"] == hint


def test_nothing_to_test(run: Run, folder: Path) -> None:
    answer = run("test", "--json")
    assert answer.code == 2
    assert answer.error == {
        "code": "BadOption",
        "message": "there is no suite in '.'. Suites in a folder are files NAME.suite.yaml.",
        "hint": "mispredict test FILE, or mispredict propose --out churn.suite.yaml",
    }


def test_two_suites_of_one_name(run: Run, suites: Path) -> None:
    (suites / "again.suite.yaml").write_text(GOOD, encoding="utf-8")
    answer = run("test", "suites")
    assert answer.code == 2
    assert (
        "'suites/good.suite.yaml' and 'suites/again.suite.yaml' are both the suite 'gate'."
        in answer.err
    )


def test_a_place_that_cannot_be_written(run: Run, suites: Path) -> None:
    answer = run("test", "suites/good.suite.yaml", "--junit", "none/junit.xml")
    assert answer.code == 2
    assert "NotWritable: 'none/junit.xml' cannot be written" in answer.err
    assert "No check was run." in answer.err


def test_history(run: Run, suites: Path) -> None:
    run("test", "suites/good.suite.yaml")
    assert run("add", "predictions", "other", "churn", "predictions.csv").code == 0
    run("test", "suites/good.suite.yaml", "--model", "other", "--set", "floor=0.9999")
    listed = run("history")
    assert [line.split()[0] for line in listed.out.splitlines()[2:]] == ["gate@2", "gate@1"]
    rows = run("history", "gate", "--json").json["rows"]
    assert [(row["check"], row["model"], row["verdict"]) for row in rows] == [
        ("good enough", "gbm@1", "pass"),
        ("good enough", "other@1", "fail"),
        ("Germans", "gbm@1", "pass"),
        ("Germans", "other@1", "pass"),
    ]
    shown = run("history", "gate", "--check", "Germans").out.splitlines()
    assert shown[1].split() == ["check", "gbm@1", "other@1"]
    assert shown[2].split() == ["Germans", "pass", "pass"]


def test_history_of_an_unknown_suite(run: Run, folder: Path) -> None:
    answer = run("history", "gate", "--json")
    assert answer.code == 2
    assert answer.error["hint"] == "mispredict history"


def test_a_run_can_be_shown(run: Run, suites: Path) -> None:
    run("test", "suites/good.suite.yaml")
    shown = json.loads(run("show", "run:gate", "--json").out)
    assert shown["spec"]["is_passed"] is True


def test_proposed_checks_pass(run: Run, folder: Path) -> None:
    assert run("cohort", "save", "Germans", "Country = 'Germany'").code == 0
    printed = run("propose", "gbm/churn", "--from", "cohorts")
    assert printed.code == 0
    assert printed.out.startswith("suite: gbm-churn\ndataset: churn\nmodel: gbm\nchecks:\n")
    assert "where: cohort('Germans')" in printed.out
    made = run("propose", "gbm/churn", "--out", "suites/gbm.suite.yaml")
    assert made.out.startswith("Wrote ")
    assert run("test", "suites").code == 0


def test_listing_needs_no_workspace(run: Run, empty: Path) -> None:
    (empty / "a.suite.yaml").write_text(GOOD, encoding="utf-8")
    shown = run("test", "--list")
    assert shown.code == 0
    assert shown.out.splitlines()[2].split()[:3] == ["good", "enough", "metric"]
    (empty / "a.suite.yaml").write_text(GOOD.replace("min:", "mim:"), encoding="utf-8")
    assert run("test", "a.suite.yaml", "--list").code == 2
