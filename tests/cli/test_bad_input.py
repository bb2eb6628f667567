"""Bad input: three-part text, exit code 2, and the workspace as it was."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Write = Callable[[Path], object]
HEAD = "customer,Age,Exited\n"
GOOD = HEAD + "".join(f"{n},{20 + n},{'yes' if n % 3 else 'no'}\n" for n in range(12))


def text(content: str, encoding: str = "utf-8") -> Write:
    """Writer of a file with this content."""
    return lambda path: path.write_bytes(content.encode(encoding))


def state(folder: Path, run: Any) -> tuple[object, list[str]]:
    """What the workspace lists, and its files (but for SQLite's own and what is a cache)."""
    root = folder / ".mispredict"
    files = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
    kept = [name for name in files if not name.startswith(("catalog.sqlite-", "cache/"))]
    return run("list", "--json").json, sorted(kept)


def refused(folder: Path, run: Any, *arguments: str) -> dict[str, str]:
    """The error of a command that must be refused and change nothing."""
    before = state(folder, run)
    said = run(*arguments)
    assert (said.code, said.out) == (2, ""), said.err
    first, *rest = said.err.splitlines()
    code, colon, problem = first.partition(": ")
    assert code.isidentifier()
    assert colon
    assert problem
    assert any(line.startswith("  ") for line in rest), f"no second part: {said.err}"
    assert "Traceback" not in said.err
    assert state(folder, run) == before
    error: dict[str, str] = run(*arguments, "--json").error
    assert set(error) == {"code", "message", "hint"}
    assert error["code"] == code
    return error


DATASETS: dict[str, tuple[str, Write | None, list[str], str, str]] = {
    "missing file": ("none.csv", None, [], "BadDataset", "there is no file"),
    "empty file": ("a.csv", text(""), [], "BadDataset", "is empty"),
    "header only": ("a.csv", text(HEAD), [], "BadDataset", "has no rows"),
    "duplicate columns": (
        "a.csv",
        text("customer,Age,Age\n1,2,3\n4,5,6\n"),
        [],
        "BadDataset",
        "columns named 'Age'",
    ),
    "duplicated ids": (
        "a.csv",
        text(GOOD + "3,44,yes\n"),
        ["--id", "customer"],
        "BadDataset",
        "repeats",
    ),
    "missing ids": (
        "a.csv",
        text(GOOD + ",44,yes\n"),
        ["--id", "customer"],
        "BadDataset",
        "missing",
    ),
    "label absent": ("a.csv", text(GOOD), ["--label", "Exit"], "UnknownColumn", "'Exited'"),
    "label constant": (
        "a.csv",
        text(GOOD.replace(",no", ",yes")),
        ["--label", "Exited"],
        "BadLabel",
        "one value only",
    ),
    "label with an unseen class": (
        "a.csv",
        text(GOOD),
        ["--label", "Exited", "--class", "yes", "--class", "maybe"],
        "BadLabel",
        "'no'",
    ),
    "infinities": ("a.csv", text(GOOD + "99,inf,yes\n"), [], "BadDataset", "infinity"),
    "latin-1": (
        "a.csv",
        text(GOOD + "99,44,f\u00e9v\n", "latin-1"),
        [],
        "BadDataset",
        "not text in utf-8",
    ),
    "an encoding that there is not": (
        "a.csv",
        text(GOOD),
        ["--encoding", "klingon"],
        "BadOption",
        "klingon",
    ),
    "not Parquet": ("a.parquet", text("hello"), [], "BadDataset", "Parquet"),
    "not JSON": ("a.jsonl", text("{'a': 1}\n"), [], "BadDataset", "JSON"),
    "an unknown ending": ("a.xyz", text(GOOD), [], "BadDataset", "unknown ending"),
    "an unknown type": ("a.csv", text(GOOD), ["--type", "Age=number"], "BadOption", "numeric"),
    "a type of an unknown column": (
        "a.csv",
        text(GOOD),
        ["--type", "Agee=numeric"],
        "UnknownColumn",
        "Age",
    ),
}


@pytest.mark.parametrize("case", DATASETS.values(), ids=DATASETS)
def test_bad_datasets(case: tuple[Any, ...], folder: Path, run: Any) -> None:
    name, write, options, code, words = case
    if write is not None:
        write(folder / name)
    error = refused(folder, run, "add", "dataset", "bad", name, *options)
    assert error["code"] == code
    assert words in error["message"]


@pytest.mark.parametrize("case", list(DATASETS.values())[:5], ids=list(DATASETS)[:5])
def test_a_bad_first_dataset_leaves_no_workspace(
    case: tuple[Any, ...], empty: Path, run: Any
) -> None:
    name, write, options, code, _ = case
    if write is not None:
        write(empty / name)
    before = sorted(empty.iterdir())
    said = run("add", "dataset", "bad", name, *options, "--json")
    assert (said.code, said.error["code"]) == (2, code)
    assert sorted(empty.iterdir()) == before


def answers(*changes: tuple[str, str], columns: str = "customer,prediction,yes,no") -> Write:
    """Writer of predictions for all customers, with some words of the file replaced."""

    def write(path: Path) -> None:
        rows = [f"{5_000 + n},{'yes' if n % 2 else 'no'},0.25,0.75" for n in range(240)]
        content = "\n".join([columns, *rows])
        for old, new in changes:
            assert old in content
            content = content.replace(old, new, 1)
        path.write_text(content)

    return write


PREDICTIONS: dict[str, tuple[Write | None, str, str]] = {
    "missing file": (None, "BadDataset", "there is no file"),
    "empty file": (text(""), "BadDataset", "is empty"),
    "header only": (text("customer,prediction\n"), "BadDataset", "has no rows"),
    "probabilities not of sum 1": (answers(("0.25,0.75", "0.9,0.9")), "BadPredictions", "1.8"),
    "negative probabilities": (answers(("0.25,0.75", "-0.5,1.5")), "BadPredictions", "-0.5"),
    "unknown ids": (answers(("5003,", "9999,")), "BadPredictions", "9999"),
    "duplicated ids": (answers(("5003,", "5004,")), "BadPredictions", "5004"),
    "an unknown class": (answers(("5001,yes", "5001,maybe")), "BadPredictions", "maybe"),
    "no prediction": (answers(columns="customer,guess,a,b"), "BadPredictions", "prediction"),
    "rows left out": (text("customer,prediction\n5000,yes\n"), "BadPredictions", ""),
}


@pytest.mark.parametrize("case", PREDICTIONS.values(), ids=PREDICTIONS)
def test_bad_predictions(case: tuple[Any, ...], folder: Path, run: Any) -> None:
    write, code, words = case
    if write is not None:
        write(folder / "p.csv")
    error = refused(folder, run, "add", "predictions", "new", "churn", "p.csv")
    assert (error["code"], words in error["message"]) == (code, True), error


def test_probabilities_of_the_wrong_width(folder: Path, run: Any) -> None:
    rows = ({"customer": 5_000 + n, "probabilities": [0.2, 0.3, 0.5]} for n in range(240))
    (folder / "p.jsonl").write_text("\n".join(map(json.dumps, rows)))
    error = refused(folder, run, "add", "predictions", "new", "churn", "p.jsonl")
    assert error["code"] == "BadPredictions"
    assert "3 probabilities" in error["message"]


ASKED: dict[str, tuple[list[str], str, str]] = {
    "unknown column": (["metrics", "--by", "Contry"], "UnknownColumn", "Country"),
    "unknown column in a cohort": (["rows", "--where", "Agee > 3"], "UnknownColumn", "Age"),
    "unknown metric": (["metrics", "-m", "acuracy"], "UnknownName", "accuracy"),
    "unknown class": (["metrics", "-m", "recall[Yes]"], "UnknownName", "yes"),
    "unknown evaluation": (["metrics", "chrn"], "UnknownName", "chrn"),
    "unknown dataset": (["evaluate", "gbm", "chrn"], "UnknownName", "churn"),
    "unknown version": (["show", "churn@9"], "UnknownName", "churn@9"),
    "unknown thing": (["lineage", "chrn"], "UnknownName", "churn"),
    "unknown cohort": (["cohort", "show", "x"], "UnknownName", "no cohort"),
    "unknown tag": (["tag", "remove", "x", "--row", "1"], "UnknownName", "no tag"),
    "a model that is only predictions": (["evaluate", "gbm", "churn"], "ModelError", "called"),
    "a cohort that matches nothing": (["overview", "--where", "Age > 999"], "EmptyCohort", "240"),
    "metrics of nothing": (["metrics", "--where", "Age > 999"], "EmptyCohort", "240"),
    "rows of nothing": (["rows", "--where", "Age > 999"], "EmptyCohort", "240"),
    "a saved cohort of nothing": (
        ["cohort", "save", "x", "Age > 999"],
        "EmptyCohort",
        "240",
    ),
    "a tag for nothing": (["tag", "add", "x", "--where", "Age > 999"], "EmptyCohort", "240"),
    "broken grammar": (["rows", "--where", "Age >"], "BadPredicate", ""),
    "SQL": (["rows", "--where", "1=1; DROP TABLE version"], "BadPredicate", ""),
    "a subquery": (["rows", "--where", "Age IN (SELECT 1)"], "BadPredicate", ""),
    "a wrong type": (["rows", "--where", "Age = 'old'"], "BadPredicate", ""),
    "SQL in an order": (["rows", "--order-by", "Age; DROP TABLE x"], "BadOption", ""),
    "SQL in a name": (
        ["cohort", "save", "x'; DROP TABLE version; --", "Age > 60"],
        "BadOption",
        "",
    ),
    "a name with a quote": (["tag", "add", "it's", "--row", "1"], "BadOption", "it's"),
    "a path as a name": (["add", "model", "../x", "https://example.org"], "BadOption", "name"),
    "no such model file": (["add", "model", "m", "no.onnx"], "ModelError", "no.onnx"),
    "no such module": (["add", "model", "m", "no_such_module:f"], "ModelError", "no_such_module"),
    "what is no model": (["add", "model", "m", "hello"], "ModelError", "hello"),
    "a pickle": (["add", "model", "m", "m.joblib"], "BadOption", "pickle"),
    "a threshold out of range": (
        ["threshold", "--decide", "2", "--who", "a", "--reason", "b"],
        "BadOption",
        "--decide",
    ),
    "a decision without a reason": (["threshold", "--decide", "0.4"], "BadOption", "reason"),
    "a reason without a decision": (["threshold", "--who", "Ada"], "BadOption", "decision"),
    "no row of that number": (["tag", "add", "x", "--row", "999"], "BadOption", "999"),
    "neither rows nor cohort": (["tag", "add", "x"], "BadOption", "--where"),
    "a folder without cohorts": (["cohort", "import", "."], "BadOption", "YAML"),
    "a report without a folder": (["report", "-o", "/dev/null/x.html"], "NotWritable", "null"),
    "a kind that is none": (["show", "thing:churn"], "UnknownName", "dataset"),
    "unknown command": (["metrcs"], "UnknownName", "'metrics'"),
    "unknown command in a group": (["tag", "ad"], "UnknownName", "'add'"),
    "unknown option": (["metrics", "--wher", "Age > 3"], "UnknownName", "'--where'"),
    "missing argument": (["evaluate", "gbm"], "BadOption", "DATASET"),
    "not a number": (["rows", "-n", "many"], "BadOption", "many"),
    "not a choice": (["mistakes", "--order", "luck"], "BadOption", "loss"),
    "not a demo": (["demo", "moon"], "BadOption", "churn"),
}


@pytest.mark.parametrize("case", ASKED.values(), ids=ASKED)
def test_bad_questions(case: tuple[Any, ...], folder: Path, run: Any) -> None:
    arguments, code, words = case
    (folder / "m.joblib").write_bytes(b"x")
    error = refused(folder, run, *arguments)
    assert (error["code"], words in error["message"] + error["hint"]) == (code, True), error


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["metrics"], id="metrics"),
        pytest.param(["list"], id="list"),
        pytest.param(["doctor", "--repair"], id="doctor"),
        pytest.param(["cohort", "save", "x", "Age > 1"], id="cohort save"),
        pytest.param(["evaluate", "a", "b"], id="evaluate"),
    ],
)
def test_no_workspace(arguments: list[str], empty: Path, run: Any) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert "WorkspaceNotFound: there is no workspace" in said.err
    assert "mispredict init" in said.err
    assert "mispredict demo" in said.err
    assert list(empty.iterdir()) == []


def test_a_newer_workspace(folder: Path, run: Any) -> None:
    marker = folder / ".mispredict" / "workspace.json"
    marker.write_text(json.dumps({**json.loads(marker.read_text()), "format": 99}))
    said = run("list", "--json")
    assert (said.code, said.error["code"]) == (2, "NewerWorkspace")
    assert "upgrade" in said.error["hint"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"], ids=["empty", "cut", "binary"])
def test_an_unreadable_marker(content: bytes, folder: Path, run: Any) -> None:
    (folder / ".mispredict" / "workspace.json").write_bytes(content)
    said = run("list", "--json")
    assert (said.code, said.error["code"]) == (2, "StoreError")


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 50], ids=["empty", "other"])
def test_an_unreadable_catalog(content: bytes, folder: Path, run: Any) -> None:
    for path in (folder / ".mispredict").glob("catalog.sqlite*"):
        path.unlink()
    (folder / ".mispredict" / "catalog.sqlite").write_bytes(content)
    said = run("list", "--json")
    assert said.code == 2, said.err
    assert said.error["hint"]


def test_a_folder_of_somebody_else_is_left_alone(folder: Path, run: Any) -> None:
    (folder / "docs").mkdir()
    (folder / "docs" / "thesis.txt").write_text("mine")
    said = run("init", "-w", "docs", "--json")
    assert (said.code, said.error["code"]) == (2, "StoreError")
    assert [path.name for path in (folder / "docs").iterdir()] == ["thesis.txt"]


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() != 0, reason="only root can become another account"
)
def test_no_permission(folder: Path) -> None:
    """Run by an account that may read all and write nothing; it has seen all modules before."""
    commands = [
        ["list", "--json"],
        ["metrics"],
        ["tag", "add", "odd", "--row", "1"],
        ["cohort", "save", "old", "Age > 60"],
        ["add", "dataset", "churn", "predictions.csv"],
        ["init", "-w", "new"],
        ["report", "-o", "out.html"],
    ]
    program = (
        "import json, os, shutil, sys\n"
        "from mispredict.cli import main\n"
        "def call(folder):\n"
        "    os.chdir(folder)\n"
        "    return [main(command, standalone_mode=False) for command in json.loads(sys.argv[2])]\n"
        "warm = call(shutil.copytree(sys.argv[1], sys.argv[1] + '-warm'))\n"
        "shutil.rmtree(sys.argv[1] + '-warm')\n"
        "print('as nobody', file=sys.stderr)\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "print(json.dumps([warm, call(sys.argv[1])]))\n"
    )
    with tempfile.TemporaryDirectory() as outer:
        Path(outer).chmod(0o755)
        here = Path(shutil.copytree(folder, Path(outer) / "here"))
        here.chmod(0o755)
        said = subprocess.run(
            [sys.executable, "-c", program, str(here), json.dumps(commands)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert said.returncode == 0, said.stderr
        warm, codes = json.loads(said.stdout.splitlines()[-1])
        assert warm == [0] * len(commands)
        assert codes == [0, 0, 2, 2, 2, 2, 2], said.stderr
        errors = said.stderr.partition("as nobody")[2]
        assert errors.count("NotWritable:") == errors.count("Try:") == 5
        assert not (here / "new").exists()


# What looks bad and is not: it is taken as it is, and answered.


def test_mixed_types_become_words(folder: Path, run: Any) -> None:
    text(GOOD + "99,old,yes\n")(folder / "a.csv")
    said = run("add", "dataset", "mixed", "a.csv", "--json")
    assert said.code == 0, said.err
    kinds = {row["name"]: row["type"] for row in said.json["columns"]["rows"]}
    assert kinds["Age"] in ("categorical", "text")


@pytest.mark.parametrize(
    ("encoding", "options"),
    [
        pytest.param("latin-1", ["--encoding", "latin-1"], id="latin-1"),
        pytest.param("utf-16", [], id="UTF-16"),
        pytest.param("utf-8-sig", [], id="UTF-8 with a mark"),
    ],
)
def test_encodings(encoding: str, options: list[str], folder: Path, run: Any) -> None:
    text(GOOD + "99,44,f\u00e9v\n", encoding)(folder / "a.csv")
    said = run("add", "dataset", "told", "a.csv", "--label", "Exited", *options, "--json")
    assert said.code == 0, said.err
    assert said.json["spec"]["task"]["classes"] == ["f\u00e9v", "no", "yes"]


def test_names_with_quotes_and_sql(folder: Path, run: Any) -> None:
    column = "x'; DROP TABLE version; --"
    rows = "".join(f'{n},{n % 5},"a ""quote"" {n % 2}"\n' for n in range(40))
    (folder / "a.csv").write_text(f'"{column}","say ""hi""",label\n{rows}')
    assert run("add", "dataset", "odd", "a.csv", "--label", "label").code == 0
    answer = "".join(f'"a ""quote"" {n % 3 % 2}"\n' for n in range(40))
    (folder / "p.csv").write_text(f"prediction\n{answer}")
    said = run("add", "predictions", "m", "odd", "p.csv")
    assert said.code == 0, said.err
    assert run("metrics", "m/odd", "--by", 'say "hi"').code == 0
    quoted = column.replace('"', '""')
    found = run("rows", "m/odd", "--where", f'"{quoted}" < 3', "--json")
    assert (found.code, found.json["total"]) == (0, 3)
    tables = sqlite3.connect(folder / ".mispredict" / "catalog.sqlite")
    assert tables.execute("SELECT count(*) FROM version").fetchone()[0] >= 6
    tables.close()


def test_a_cell_of_10_megabytes(folder: Path, run: Any) -> None:
    (folder / "a.csv").write_text(f"{GOOD}99,{'x' * 10_000_000},no\n")
    said = run("add", "dataset", "huge", "a.csv", "--label", "Exited")
    assert said.code == 0, said.err
    (folder / "p.csv").write_text("prediction\n" + "yes\n" * 13)
    assert run("add", "predictions", "m", "huge", "p.csv").code == 0
    said = run("rows", "m/huge", "-n", "20")
    assert said.code == 0
    assert len(said.out) < 20_000


@pytest.mark.slow
def test_5000_columns(folder: Path, run: Any) -> None:
    names = ",".join(f"c{n}" for n in range(5_000))
    rows = "".join(
        f"{','.join(str((n * m) % 7) for n in range(5_000))},{m % 2}\n" for m in range(40)
    )
    (folder / "a.csv").write_text(f"{names},label\n{rows}")
    assert run("add", "dataset", "wide", "a.csv", "--label", "label").code == 0
    (folder / "p.csv").write_text("prediction\n" + "0\n1\n" * 20)
    assert run("add", "predictions", "m", "wide", "p.csv").code == 0
    assert run("overview", "m/wide").code == 0
