"""Hints of the library are said as things to type."""

from __future__ import annotations

import pytest

from mispredict.cli import main
from mispredict.cli.group import option_names
from mispredict.cli.wording import in_cli_words, spoken
from mispredict.core.errors import BadDataset, BadOption, WorkspaceNotFound

OPTIONS = option_names(main)


@pytest.mark.parametrize(
    ("python", "typed"),
    [
        pytest.param("label= one of its columns", "--label one of its columns", id="bare"),
        pytest.param("task='multiclass', or another", "--task 'multiclass', or another", id="text"),
        pytest.param("trust=True if you made it", "--trust if you made it", id="flag"),
        pytest.param("limit=20, offset=0", "--limit 20, --offset 0", id="two"),
        pytest.param("classes=[…] if others exist", "--class … if others exist", id="list"),
        pytest.param("review=(0.4, 0.6)", "--review 0.4 0.6", id="pair"),
        pytest.param("types={'the zip': 'text'}", "--type 'the zip=text'", id="mapping"),
        pytest.param("who='Ada', reason='…'", "--who 'Ada', --reason '…'", id="dots"),
        pytest.param("fill it, or leave id= away", "fill it, or leave --id away", id="inside"),
        pytest.param("ws.evaluate('a', 'b')", "mispredict evaluate a b", id="evaluate"),
        pytest.param(
            "ws.add_predictions(…); x",
            "mispredict add predictions MODEL DATASET FILE; x",
            id="add",
        ),
        pytest.param(
            "ws.add_dataset('d', …, id='a column')",
            "mispredict add dataset d FILE --id 'a column'",
            id="call with keyword",
        ),
        pytest.param(
            "ws.compare('gbm@1', 'gbm@2', data='churn')",
            "mispredict diff gbm@1 gbm@2 --dataset churn",
            id="compare",
        ),
        pytest.param(
            "ws.add_predictions('m@1', 'd@2', …)",
            "mispredict add predictions m@1 d@2 FILE",
            id="add to",
        ),
        pytest.param("ws.problems()", "mispredict problems list", id="problems"),
        pytest.param("ws.drift(…)", "mispredict drift REFERENCE CURRENT", id="drift"),
        pytest.param(
            "ws.cross_validate(model, data), or x",
            "mispredict data labels cross-validate MODEL DATASET, or x",
            id="cross-validate",
        ),
        pytest.param(
            "ds.label_decisions().version",
            "mispredict data labels decisions DATASET",
            id="decisions",
        ),
        pytest.param(
            "ws.comment_problem(name, 'a text')",
            "mispredict problems comment NAME 'a text'",
            id="comment",
        ),
        pytest.param("Age >= 60 AND id = 3", "Age >= 60 AND id = 3", id="a cohort stays"),
        pytest.param("pinball[0.9]", "pinball[0.9]", id="a metric stays"),
    ],
)  # fmt: skip
def test_python_becomes_options(python: str, typed: str) -> None:
    assert spoken(python, OPTIONS) == typed


def test_keywords_that_are_no_options_stay() -> None:
    assert spoken("replace=True, or label='x'", {"--label"}) == "replace=True, or --label 'x'"


def test_the_problem_of_other_errors_is_left_alone() -> None:
    odd = BadDataset("column 'label=1', label=2 is odd.")
    assert in_cli_words(odd, OPTIONS).problem == odd.problem
    low = in_cli_words(BadOption("limit=-1 is too small."), OPTIONS)
    assert low.problem == "--limit -1 is too small."


def test_a_missing_workspace_says_how_to_get_one() -> None:
    hint = in_cli_words(WorkspaceNotFound("none.", hint="Store.create(path)"), OPTIONS).hint
    assert "mispredict init" in hint
    assert "mispredict demo" in hint
