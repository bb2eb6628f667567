"""Files of suites: includes, parameters and what may stand where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mispredict.checks.suites.files import Draft, read_suite_file, read_suite_text
from mispredict.checks.suites.parameters import parse_settings
from mispredict.checks.suites.yaml import MapNode, TextNode
from mispredict.core.errors import BadOption, BadSuite, UnknownName


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(files: Mapping[str, str], **parameters: Any) -> Draft:
    """The draft of the first of the files, all of them written to the current folder."""
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    return read_suite_file(Path(next(iter(files))), parameters)


def names(draft: Draft) -> list[str]:
    return [check.items["name"].text for check in draft.checks]  # type: ignore[union-attr]


def value(draft: Draft, key: str, check: int = 0) -> Any:
    node = draft.checks[check].items[key]
    assert isinstance(node, TextNode)
    return node.value


def test_included_checks_come_first_and_once() -> None:
    draft = read(
        {
            "a.yaml": "include: [b.yaml, sub/c.yaml]\nchecks:\n- name: a\n",
            "b.yaml": "include: [sub/c.yaml]\nchecks:\n- name: b\n",
            "sub/c.yaml": "checks:\n- name: c\n",
        }
    )
    assert names(draft) == ["c", "b", "a"]
    assert sorted(draft.files) == ["a.yaml", "b.yaml", "sub/c.yaml"]


def test_parameters_keep_their_type_alone_and_are_written_into_texts() -> None:
    text = (
        "parameters: {floor: 0.8, age: 60, word: yes, many: [a, b]}\n"
        "checks:\n"
        "- min: ${floor}\n"
        "  where: Age > ${ age } AND Member = '${word}'\n"
        "  quoted: '${floor}'\n"
        "  kept: $${floor}\n"
        "  list: ${many}\n"
    )
    draft = read({"a.yaml": text})
    assert value(draft, "min") == 0.8
    assert value(draft, "where") == "Age > 60 AND Member = 'yes'"
    assert value(draft, "quoted") == 0.8
    assert value(draft, "kept") == "${floor}"
    assert len(draft.checks[0].items["list"].items) == 2  # type: ignore[union-attr]


def test_the_outer_file_wins_over_the_included_and_the_caller_over_both() -> None:
    files = {
        "a.yaml": "include: [b.yaml]\nparameters: {x: 1, y: 2}\nchecks: []\n",
        "b.yaml": "parameters: {x: 10, y: 20, z: 30}\n"
        "checks:\n- {x: '${x}', y: '${y}', z: '${z}'}\n",
    }
    draft = read(files, y=200)
    assert [value(draft, key) for key in "xyz"] == [1, 200, 30]


def test_the_head_may_use_parameters() -> None:
    draft = read({"a.yaml": "model: ${m}\nparameters: {m: gbm}\nchecks: []\n"}, m="other@2")
    assert draft.header["model"].text == "other@2"


def test_a_text_includes_from_the_current_folder() -> None:
    Path("b.yaml").write_text("checks:\n- name: b\n", encoding="utf-8")
    assert names(read_suite_text("include: [b.yaml]\n")) == ["b"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"a.yaml": ""},
            "a.yaml:1:1: the file is empty.\n"
            "  A suite has a name and a list of checks.\n"
            "  Try: suite: churn-gate, model: gbm, checks: [...]",
        ),
        (
            {"a.yaml": "- name: a\n"},
            "a.yaml:1:1: the file is no block of names and values.\n"
            "  A suite has a name and a list of checks.\n"
            "  Try: suite: churn-gate, model: gbm, checks: [...]",
        ),
        (
            {"a.yaml": "suite: a\ncheck: []\n"},
            "a.yaml:2:1: a suite has no 'check'.\n  Names like it: 'checks'.\n  Try: checks: …",
        ),
        (
            {"a.yaml": "suite: [a]\n"},
            "a.yaml:1:8: 'suite' must be a text.\n  Here is a list of 1.\n  Try: a name",
        ),
        (
            {"a.yaml": "model:\n"},
            "a.yaml:1:7: 'model' must be a text.\n  Here is nothing.\n  Try: a name",
        ),
        (
            {"a.yaml": "checks:\n  name: a\n"},
            "a.yaml:2:3: 'checks' must be a list.\n"
            "  Here is a block of names and values.\n"
            "  Try: lines that begin with '- '",
        ),
        (
            {"a.yaml": "checks:\n- a\n"},
            "a.yaml:2:3: a check must be a block.\n"
            "  Here is 'a'.\n"
            "  Try: lines such as 'name: value' below it",
        ),
        (
            {"a.yaml": "include:\n- comon.yaml\n", "common.yaml": "checks: []\n"},
            "a.yaml:2:3: there is no file 'comon.yaml'.\n"
            "  It is sought beside 'a.yaml'. Files like it: 'common.yaml'.\n"
            "  Try: a path from the folder of this file",
        ),
        (
            {"a.yaml": "include: [a.yaml]\n"},
            "a.yaml:1:11: 'a.yaml' would include itself.\n"
            "  The way is a.yaml → a.yaml.\n"
            "  Try: leave out this line",
        ),
        (
            {
                "a.yaml": "include: [s/b.yaml]\n",
                "s/b.yaml": "include:\n  - c.yaml\n",
                "s/c.yaml": "suite: c\ninclude:\n  - b.yaml\n",
            },
            "s/c.yaml:3:5: 'b.yaml' would include itself.\n"
            "  The way is s/b.yaml → s/c.yaml → s/b.yaml.\n"
            "  Try: leave out this line",
        ),
        (
            {"a.yaml": "parameters: {floor: 0.8}\nchecks:\n- where: Age > 1 AND x > ${flor}\n"},
            "a.yaml:3:26: no parameter 'flor'.\n"
            "  Parameters like it: 'floor'.\n"
            "  Try: parameters: {flor: …} at the top of the file",
        ),
        (
            {"a.yaml": "checks:\n- min: ${floor}\n"},
            "a.yaml:2:8: no parameter 'floor'.\n"
            "  There is no parameter yet.\n"
            "  Try: parameters: {floor: …} at the top of the file",
        ),
        (
            {"a.yaml": "parameters: {a: [1]}\nchecks:\n- where: Age > ${a}\n"},
            "a.yaml:3:16: the parameter 'a' is a list and stands in a text.\n"
            "  A list is a value of its own.\n"
            "  Try: an option that is ${a} alone",
        ),
        (
            {"a.yaml": "parameters:\n  a: {b: 1}\n"},
            "a.yaml:2:6: the parameter 'a' is a block.\n"
            "  A parameter is a number, a text or a list.\n"
            "  Try: a: 0.8",
        ),
        (
            {"a.yaml": "parameters:\n  a: 1\n  b: ${a}\n"},
            "a.yaml:3:6: the parameter 'b' uses another.\n"
            "  Parameters are used by checks.\n"
            "  Try: its value, written out",
        ),
        (
            {"a.yaml": "parameters:\n  1: 2\n"},
            "a.yaml:2:3: '1' cannot be the name of a parameter.\n"
            "  Names have letters, digits, '_', '-' and '.'.\n"
            "  Try: floor: 0.8",
        ),
    ],
    ids=[
        *("empty", "list", "key", "name", "nothing", "no list", "no block", "missing file"),
        *("itself", "cycle", "unknown in text", "unknown", "list in text", "block", "nested"),
        "bad name",
    ],
)
def test_bad_files_say_where(files: dict[str, str], message: str) -> None:
    with pytest.raises(BadSuite) as caught:
        read(files)
    assert str(caught.value) == message


def test_a_missing_file_is_named() -> None:
    with pytest.raises(BadSuite) as caught:
        read_suite_file(Path("none.yaml"))
    assert str(caught.value) == (
        "none.yaml: the file cannot be read.\n"
        "  The system says: No such file or directory.\n"
        "  Try: the path of a suite, such as churn.suite.yaml"
    )


def test_a_file_of_another_encoding_is_named() -> None:
    Path("a.yaml").write_bytes("suite: Zürich\n".encode("latin-1"))
    with pytest.raises(BadSuite) as caught:
        read_suite_file(Path("a.yaml"))
    assert str(caught.value) == (
        "a.yaml: the file is not text in UTF-8.\n  Byte 8 cannot be read.\n  Try: save it as UTF-8"
    )


def test_parameters_of_the_caller_must_be_there() -> None:
    with pytest.raises(UnknownName) as caught:
        read({"a.yaml": "parameters: {floor: 1}\n"}, flor=2)
    assert str(caught.value) == (
        "no parameter 'flor'.\n  Parameters like it: 'floor'.\n  Try: 'floor'"
    )


def test_parameters_of_the_caller_are_plain() -> None:
    with pytest.raises(BadOption, match="cannot be used"):
        read({"a.yaml": "parameters: {floor: 1}\n"}, floor={"a": 1})


def test_settings_of_the_command_line_are_read_as_yaml() -> None:
    given = parse_settings(["a=1", "b=0.5", "c=yes", "d='2'", "e=[1, x]", "f=", "g=a=b"])
    assert given == {"a": 1, "b": 0.5, "c": "yes", "d": "2", "e": [1, "x"], "f": None, "g": "a=b"}


@pytest.mark.parametrize("setting", ["floor", "=1"])
def test_a_setting_needs_name_and_value(setting: str) -> None:
    with pytest.raises(BadOption, match="is not NAME=VALUE"):
        parse_settings([setting])


def test_positions_of_nodes_remain_in_included_files() -> None:
    draft = read({"a.yaml": "include: [b.yaml]\n", "b.yaml": "checks:\n- kind: metric\n"})
    node = draft.checks[0]
    assert isinstance(node, MapNode)
    assert str(node.items["kind"].place) == "b.yaml:2:9"


def test_a_file_without_end_is_not_read_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mispredict.checks.suites.yaml.MOST_LETTERS", 20)
    with pytest.raises(BadSuite, match=r"a\.yaml: the file is too long") as caught:
        read({"a.yaml": "checks:\n- name: a\n# and more\n"})
    assert "at most 20 letters" in caught.value.known
    assert names(read({"b.yaml": "checks:\n- name: ab\n"})) == ["ab"]
