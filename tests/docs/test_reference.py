"""The generated pages are what the code says, and leave nothing out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import errors_page
import example_data
import perturbations_page
import pytest
import python_page
import results_page

import mispredict
from mispredict.cli import main as program
from mispredict.core.results import Result
from mispredict.core.schema import ColumnType, Role
from mispredict.metrics import METRICS
from mispredict.workspace import Dataset, Evaluation, Workspace

DOCS = Path(results_page.__file__).parent
PAGES = [results_page, errors_page, perturbations_page, python_page]


def read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("made", PAGES, ids=lambda made: made.__name__)
def test_generated_pages_are_up_to_date(made: Any) -> None:
    stale = f"python docs/{made.__name__}.py renews docs/reference/{made.PAGE.name}"
    assert made.PAGE.read_text("utf-8") == made.page(), stale


def members() -> Iterator[str]:
    for owner in (Workspace, Dataset, Evaluation):
        for name, _ in python_page.public(owner):
            yield f"{python_page.OWNERS[owner]}.{name}"


@pytest.mark.parametrize("name", list(members()))
def test_every_public_method_is_in_the_reference(name: str) -> None:
    page = read("reference/python.md")
    section = re.search(rf"^### {re.escape(name)}(\(\))?\n(.*?)(?=^##|\Z)", page, re.M | re.S)
    assert section is not None
    prose = re.sub(r"```.*?```", "", section[2], flags=re.DOTALL).strip()
    assert prose, f"{name} has no docstring"


@pytest.mark.parametrize("name", [item for item in METRICS if not METRICS[item].is_by_rows])
def test_every_metric_is_in_the_reference(name: str) -> None:
    assert re.search(rf"^## {name}(\[|$)", read("reference/metrics.md"), re.MULTILINE)


def commands(group: click.Group, path: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}"


@pytest.mark.parametrize("name", list(commands(program)))
def test_every_command_is_in_the_reference(name: str) -> None:
    assert f"\n## {name}\n" in read("reference/cli.md")


@pytest.mark.parametrize("kind", errors_page.kinds(), ids=lambda kind: kind.__name__)
def test_every_error_is_in_the_reference_and_in_the_tree(kind: type) -> None:
    page = read("reference/errors.md")
    assert f"| `{kind.__name__}` |" in page
    assert re.search(rf"(^|─ ){kind.__name__}\b", page.partition("```text")[2], re.MULTILINE)


@pytest.mark.parametrize("name", [*ColumnType, *Role], ids=str)
def test_every_type_and_role_of_columns_is_in_the_glossary(name: str) -> None:
    [line] = [line for line in read("concepts/glossary.md").splitlines() if "| **column**" in line]
    assert re.search(rf"\b{name}\b", line)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[type, Result]:
    """One real result of each kind that an evaluation gives without arguments, and others."""
    ws = mispredict.open(tmp_path_factory.mktemp("answers") / "workspace")
    data = ws.add_dataset("churn", example_data.customers(2), label="Exited")
    ws.add_model("gbm", example_data.pipeline())
    ev = ws.evaluate("gbm", "churn")
    ev.save_cohort("old", "Age > 60")
    ev.tag("old", "Age > 60")
    points = ev.table.values("Age")[:, None]
    why = ev.explain(sample=300)
    suite = ev.propose_checks("error_classes")
    verdicts = ws.run(suite)
    given: list[Result] = [
        *(suite, verdicts, ws.runs(), ws.check_history(suite.name)),
        *(ev.metrics(), ev.confusion(), ev.calibration(), ev.roc(), ev.precision_recall()),
        *(ev.thresholds(), ev.overview(), ev.error_classes(), ev.mistakes(limit=2), ev.cards()),
        *(ev.slices(), ev.slices(scoring="sliceline", conditions=2), data.columns, ws.datasets()),
        *(ev.tags(), ev.error_tree(), ev.clusters(embedding=points), ev.feature_advice()),
        ev.map(),
        *(ws.cohorts(), ws.tags(), ws.doctor(), ws.lineage("dataset", "churn")),
        ws.diff("dataset", "churn", "churn"),
        *(ev.explore("Age > 60"), ev.row(7), ev.complete("Age "), ev.cohort_facts("Age > 60")),
        *(why, why.local(), why.dependence("Age"), why.interactions(sample=50)),
        *(ev.what_if(7, Age=[30]), ev.flip_points(7), ev.effects("Age", grid=3, sample=20)),
        *(
            ev.flips("Geography", sample=50),
            ev.counterfactuals(7),
            ev.text_edits(7, column="Message"),
        ),
        *(ev.perturb("noise", limit=50), ev.augmentation_advice("noise", strengths=[0.3])),
        *(ev.fill("{name} is here.", 3), ws.synthesise("churn", 50)),
        *(ev.label_errors(), ev.label_queue(), ev.decide_labels([3, 5], "keep", who="ada")),
        ev.corrected_metrics(),
        *(ev.uncertainty(), ev.spread(copies=2, sample=20), ev.conformal()),
        ev.sanity(tests=["beats_constant"]),
        data.consensus(votes={"no": "NumOfProducts", "yes": "IsActiveMember"}),
    ]
    given += [data.duplicates(0.8, columns=["Message"]), data.conflicts(columns=["Message"])]
    given += [data.leakage("churn"), data.health("churn", ev), data.diff("churn")]
    ws.add_model("age", lambda rows: ["yes" if age > 50 else "no" for age in rows["Age"]])
    given += [ws.compare("age", "gbm", data="churn", by="Geography"), ws.board("churn")]
    given += [ws.reevaluate("churn")]
    old, new = "Age > 50", "Age <= 50"
    given += [ws.drift(ev, ev, where=new, reference_where=old, by="Geography")]
    given += [ws.coverage(ev, ev, where=new, reference_where=old)]
    given += [ev.estimated_performance(where=new, reference_where=old, by="Geography")]
    opened = ev.open_problem("Age > 60 AND Geography = 'Germany'", title="Old Germans", harm=4)
    given += [opened, ws.problems(), ws.problem_history(), ev.triage()]
    given += [ws.changed("age/churn", ev)]
    return {type(item): item for item in given}


def test_no_two_results_or_parts_share_a_name() -> None:
    names = re.findall(r"^###? (\w+)$", read("reference/results.md"), re.MULTILINE)
    assert sorted(set(names)) == sorted(names)


def shape(kind: str) -> dict[str, str]:
    """Fields of a result or part, with the words of their JSON, as the page has them."""
    section = re.search(
        rf"^###? {kind}\n(.*?)(?=^##|\Z)", read("reference/results.md"), re.M | re.S
    )
    assert section is not None, f"{kind} is not on the page"
    return dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", section[1], re.MULTILINE))


def check(value: Any, words: str, place: str) -> None:
    """The value is what the words say."""
    link = re.fullmatch(r"\[(\w+)\]\(#\w+\)(?: or null)?", words)
    if value is None:
        assert "null" in words or words == "any value", f"{place}: null, but {words}"
    elif link:
        check_fields(value, link[1], place)
    elif words.startswith("list of ["):
        assert isinstance(value, list), place
        for item in value:
            check(item, words.removeprefix("list of "), f"{place}[]")
    elif words in PYTHON:
        assert isinstance(value, PYTHON[words]), f"{place}: {value!r} is not {words}"


PYTHON: dict[str, Any] = {
    "text": str,
    "whole number": int,
    "number or null": (int, float),
    "true or false": bool,
    "time": str,
}


def check_fields(value: Any, kind: str, place: str) -> None:
    expected = shape(kind)
    assert list(value) == list(expected), place
    for name, words in expected.items():
        check(value[name], words, f"{place}.{name}")


@pytest.mark.parametrize("kind", results_page.results(), ids=lambda kind: kind.__name__)
def test_json_of_results_has_the_shape_that_the_page_says(
    kind: type[Result], answers: dict[type, Result]
) -> None:
    check_fields(answers[kind].to_dict(), kind.__name__, kind.__name__)


@pytest.mark.parametrize("kind", results_page.results(), ids=lambda kind: kind.__name__)
def test_frames_have_the_fields_of_the_rows(
    kind: type[Result], answers: dict[type, Result]
) -> None:
    if hasattr(kind, "row_type"):
        names = [field.name for field in fields(kind.row_type)]
        if kind.__name__ == "Verdicts":
            names.remove("examples")  # rows of their own
        if kind.__name__ == "Fills":
            names = ["text", "label", "set", "name", "name group"]  # columns of the template
        assert answers[kind].to_frame().columns.tolist() == names
