"""Problems as files, and names that no problem has."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import mispredict as mp
from mispredict.core.errors import BadOption, UnknownName
from mispredict.workspace.problems.keeping import KIND


def test_files_carry_problems_to_another_workspace(
    ws: mp.Workspace, ev: mp.Evaluation, tmp_path: Path
) -> None:
    ev.open_problem(where="age > 60", title="Größe: \"alt\"", harm=5, positive=["age > 70"],
                    links=["https://github.com/a/b/issues/1"])  # fmt: skip
    ev.open_problem(where="city = 'Oslo'", title="oslo")
    ws.comment_problem("oslo", "a\nb")
    folder = tmp_path / "problems"
    paths = ws.export_problems(folder)
    assert sorted(path.name for path in paths) == ["größe-alt.yaml", "oslo.yaml"]
    with mp.open(tmp_path / "other") as other:
        other.import_problems(folder)
        assert other.store.version(KIND, "oslo").spec == ws.store.version(KIND, "oslo").spec
        assert other.problems().rows[0].note == "It was not evaluated yet."
        assert len(other.import_problems(folder)) == 2
        assert other.problem("oslo").version == 1, "the same file again changes nothing"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "is not valid YAML"),
        ("problem: x", "is not a problem"),
        ("problem: x\ntitle: t\nwhere: age > 60\ndataset: d\nhram: 3", "is not a problem"),
        ("problem: x\ntitle: t\nwhere: age >\ndataset: d", "y.yaml"),
        ("problem: x\ntitle: t\nwhere: age > 60\ndataset: d\nstatus: new", "is not a choice"),
        ("problem: x\ntitle: t\nwhere: age > 60\ndataset: d\nharm: 7", "scale of harm"),
        ("problem: x\ntitle: t\nwhere: age > 60\ndataset: d\ncheck: 'checks: []'", "y.yaml"),
        ("problem: ../x\ntitle: t\nwhere: age > 60\ndataset: d", "cannot be a name"),
    ],
)
def test_a_bad_file_imports_nothing(
    ws: mp.Workspace, tmp_path: Path, text: str, message: str
) -> None:
    good = {"problem": "good", "title": "t", "where": "age > 60", "dataset": "d"}
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(good))
    (tmp_path / "y.yaml").write_text(text)
    with pytest.raises(BadOption, match=message):
        ws.import_problems(tmp_path)
    assert len(ws.problems()) == 0


def test_an_unknown_problem_names_those_like_it(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    ev.open_problem(where="age > 60", title="old people")
    for ask in (ws.problem, ws.problem_history, lambda name: ws.edit_problem(name, harm=1)):
        with pytest.raises(UnknownName, match="no problem 'old-peple'"):
            ask("old-peple")
    with pytest.raises(UnknownName, match="no field of a problem 'hrm'"):
        ws.edit_problem("old-people", hrm=1)
