"""Problems and what changed on the command line."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from .conftest import customers


def test_a_problem_from_the_first_word_to_the_last(folder: Path, run: Any) -> None:
    made = run("problems", "open", "Germans are misjudged", "--where", "Country = 'Germany'",
               "--harm", "4", "--owner", "Ada", "--link", "https://github.com/a/b/issues/1",
               "--positive", "Age > 60", "--json")  # fmt: skip
    assert made.code == 0, made.err
    name = made.json["name"]
    assert (name, made.json["harm"], made.json["owner"]) == ("germans-are-misjudged", 4, "Ada")
    assert made.json["links"][0]["title"] == "a/b#1"
    listed = run("problems", "list")
    assert name in listed.out
    assert "harm (1 to 5, over 5)" in listed.out
    shown = run("problems", "show", name).out
    for words in (
        "Germans are misjudged",
        "Country is Germany",
        "harm 4 of 5",
        "a/b#1",
        "+ Age > 60",
    ):
        assert words in shown
    assert run("problems", "comment", name, "on it").out == f"Comment 1 on {name}.\n"
    edited = run("problems", "edit", name, "--status", "fixing", "--reason", "mine", "--json").json
    assert (edited["status"], edited["version"]) == ("fixing", 3)
    assert [row["model"] for row in run("problems", "history", name, "--json").json["rows"]]
    assert run("problems", "triage", "--fail").code == 0


def test_the_later_of_two_is_told(folder: Path, run: Any) -> None:
    run("problems", "open", "old", "--where", "Age > 60")
    assert run("problems", "edit", "old", "--owner", "Ada", "--version", "1").code == 0
    late = run("problems", "edit", "old", "--owner", "Bob", "--version", "1", "--json")
    assert late.code == 2
    assert late.error["code"] == "Conflict"


def test_files_go_out_and_in(folder: Path, run: Any) -> None:
    run("problems", "open", "old", "--where", "Age > 60")
    assert "Wrote 1 file into" in run("problems", "export", "out").out
    assert (folder / "out" / "old.yaml").read_text().startswith("problem: old\n")
    assert run("problems", "import", "out", "--json").json == {"problems": ["old"]}


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["open", "x", "--where", "Age > 500"], "no row of"),
        (["open", "x"], "is opened from one finding"),
        (["open", "x", "--from", "tag"], "there is no tag at place 1"),
        (["edit", "nobody"], "nothing is to be changed"),
        (["show", "nobody"], "no problem 'nobody'"),
        (["webhook"], "no webhook is set"),
        (["import", "nowhere"], "There is no such folder"),
    ],
)
def test_what_is_wrong_is_said(folder: Path, run: Any, command: list[str], message: str) -> None:
    answer = run("problems", *command)
    assert answer.code == 2
    assert message in answer.err


def test_findings_are_opened_by_their_place(folder: Path, run: Any) -> None:
    made = run("problems", "open", "worst", "--from", "error-class", "--json").json
    assert made["origin"]["kind"] == "error class"


def test_the_webhook_can_be_tried(folder: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    monkeypatch.setenv("MISPREDICT_WEBHOOK_URL", f"http://127.0.0.1:{server.server_address[1]}/")
    monkeypatch.setenv("MISPREDICT_WEBHOOK_SECRET", "sixteen letters or more")
    try:
        refused = run("problems", "webhook")
        assert (refused.code, got) == (1, [])
        assert "which is no public address" in refused.out
        monkeypatch.setenv("MISPREDICT_WEBHOOK_PRIVATE", "1")
        answer = run("problems", "webhook")
        assert (answer.code, answer.out, got) == (0, "It arrived.\n", [{"event": "ping"}])
    finally:
        server.shutdown()
        server.server_close()
        thread.join(60)


def test_why_a_metric_changed(folder: Path, run: Any) -> None:
    lines = (folder / "predictions.csv").read_text().splitlines()
    where = lines[0].split(",").index("prediction")
    turned = [lines[0]]
    for number, line in enumerate(lines[1:]):
        cells = line.split(",")
        if number % 5 == 0:
            cells[where] = {"yes": "no", "no": "yes"}[cells[where]]
        turned.append(",".join(cells))
    (folder / "other.csv").write_text("\n".join(turned) + "\n")
    before = run("list", "evaluations", "--json").json["evaluations"]["rows"][0]["name"]
    data = before.partition("/")[2]
    assert run("add", "predictions", "other", data.partition("@")[0], "other.csv").code == 0
    answer = run("changed", before, f"other@1/{data}")
    assert answer.code == 0, answer.err
    assert "The accuracy" in answer.out
    assert "They add up to" in answer.out
    found = run("changed", before, f"other@1/{data}", "--json").json
    parts = {row["factor"]: row["value"] for row in found["rows"]}
    assert parts["model"] == pytest.approx(found["difference"])
    three = ("--threshold", "0.5", "--threshold", "0.4", "--threshold", "0.3")
    assert run("changed", before, before, *three).code == 2


def test_a_new_version_says_what_it_did_to_problems(folder: Path, run: Any) -> None:
    run("problems", "open", "old", "--where", "Age > 60", "--target", "0.95")
    rows = customers()
    turned = rows["Exited"].map({"yes": "no", "no": "yes"})
    for number, said in ((2, rows["Exited"]), (3, turned)):
        pd.DataFrame({"customer": rows["customer"], "prediction": said}).to_csv(
            folder / f"{number}.csv", index=False
        )
    first = run("add", "predictions", "gbm@2", "churn", "2.csv")
    assert "Problems: old passes now: fixed?" in first.out, first.err
    assert "problems edit old --status fixed" in run("problems", "list").out
    run("problems", "edit", "old", "--status", "fixed", "--reason", "seen by Ada")
    assert "from open to fixed: seen by Ada" in run("problems", "show", "old").out
    second = run("add", "predictions", "gbm@3", "churn", "3.csv")
    assert "Problems: old came back" in second.out
    said = run("problems", "edit", "old", "--status", "fixed").out
    assert "It is said to be fixed, and fails its check in gbm@3/churn@1." in said
    assert "check     accuracy ≥ 0.95" in said
