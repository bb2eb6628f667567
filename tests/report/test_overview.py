"""An overview says what applies to the task, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import EmptyCohort, UnknownColumn
from mispredict.report.overview import Overview, overview

Make = Callable[[mp.Workspace], mp.Evaluation]
PARTS = {
    "source", "about", "task", "figures", "classes", "averages", "confusion", "calibration",
    "curves", "threshold", "baselines", "warning", "error_classes", "mistakes", "near_misses",
    "slices", "cards", "spread", "findings", "notes", "seconds",
}  # fmt: skip


def test_every_task_has_the_same_json_shape(view: Overview) -> None:
    value = json.loads(view.to_json())
    assert set(value) == PARTS
    assert value["figures"] and value["findings"]
    assert all(len(row) == len(value["figures"][0]) for row in value["figures"])
    assert len(view.to_json()) < 300_000


def test_frame_is_the_headline_metrics(view: Overview) -> None:
    frame = view.to_frame()
    assert list(frame.columns[:5]) == ["metric", "value", "low", "high", "n"]
    assert len(frame) == len(view.figures)


@pytest.mark.parametrize(
    ("name", "present", "absent"),
    [
        ("binary", {"confusion", "calibration", "curves", "threshold", "near_misses"}, set()),
        ("binary without probabilities", {"confusion", "error_classes", "mistakes"},
         {"calibration", "curves", "threshold", "near_misses", "spread"}),
        ("multiclass", {"confusion", "calibration", "curves"}, {"threshold"}),
        ("multilabel", {"classes", "averages", "spread"}, {"confusion", "error_classes"}),
        ("regression", {"mistakes", "spread", "baselines"},
         {"confusion", "classes", "averages", "error_classes", "calibration"}),
        ("score", {"mistakes", "spread", "cards"}, {"confusion", "classes", "baselines"}),
    ],
)  # fmt: skip
def test_parts_by_task(
    overviews: dict[str, Overview], name: str, present: set[str], absent: set[str]
) -> None:
    view = overviews[name]
    assert {part for part in present if not getattr(view, part)} == set()
    assert {part for part in absent if getattr(view, part)} == set()


def test_finds_where_it_is_wrong(overviews: dict[str, Overview]) -> None:
    cards = overviews["binary"].cards
    assert cards is not None
    assert cards.mispredictive[0].where == "region = 'north'"
    assert cards.mispredictive_tokens[0].value == "rain"
    assert cards.mispredictive[0].rate > 0.4
    assert cards.mispredictive[0].rest < 0.15
    home = overviews["regression"].cards
    assert home is not None and home.mispredictive[0].where == "kind = 'house'"


def test_slices_are_those_of_the_evaluation(
    evaluations: dict[str, mp.Evaluation], overviews: dict[str, Overview]
) -> None:
    evaluation, part = evaluations["binary"], overviews["binary"].slices
    assert part is not None and part.rows and part.objective == "error"
    found = evaluation.slices()
    assert part.searched == found.searched and part.exhausted
    for own, row in zip(part.rows, found.rows, strict=True):
        for name in ("where", "n", "value", "rest", "low", "high", "gain", "p_adjusted"):
            assert getattr(own, name) == getattr(row, name)
        assert own.sentence == row.sentence and f"Where {own.name}: " in own.sentence
        assert own.n == evaluation.mask(own.where).sum()


@pytest.mark.parametrize("name", ["binary", "regression", "score"])
def test_worst_slice_is_a_finding(overviews: dict[str, Overview], name: str) -> None:
    view = overviews[name]
    finding = view.finding("slices")
    assert view.slices is not None and finding is not None
    assert f"{finding.sentence}." == view.slices.rows[0].sentence
    assert finding.where == view.slices.rows[0].where
    assert [item for item in view.in_short if item.where == finding.where] == [finding]


def test_slices_of_a_cohort(evaluations: dict[str, mp.Evaluation]) -> None:
    part = overview(evaluations["binary"], "age < 40").slices
    assert part is not None
    assert part.rows == () or part.rows[0].n < 200


@pytest.mark.parametrize(
    ("where", "rows"), [("row < 1", "1 row "), ("row < 3", "3 rows "), ("row < 50", "50 rows ")]
)
def test_slices_of_too_few_rows(
    evaluations: dict[str, mp.Evaluation], where: str, rows: str
) -> None:
    view = overview(evaluations["binary"], where)
    assert view.slices is not None and view.slices.rows == ()
    assert view.slices.note.startswith(f"Not enough data: {rows}can be judged")
    assert view.finding("slices") is not None
    assert "Not enough data" in str(view)


def test_no_significant_slice_is_said(overviews: dict[str, Overview]) -> None:
    view = overviews["multiclass"]
    assert view.slices is not None and view.slices.rows == ()
    assert view.slices.note.startswith("Nothing significant")
    finding = view.finding("slices")
    assert finding is not None and finding.sentence.startswith("Nothing significant")
    assert finding.where == ""


def test_slices_need_an_error(workspace: mp.Workspace) -> None:
    label = ["a", None, "b"] * 40
    workspace.add_dataset("half", pd.DataFrame({"x": range(120), "y": label}), label="y")
    evaluation = workspace.add_predictions("m", "half", pd.DataFrame({"prediction": ["a"] * 120}))
    assert overview(evaluation, "label IS NULL").slices is None


def test_mistakes_are_the_surest_wrong_rows(evaluations: dict[str, mp.Evaluation]) -> None:
    evaluation = evaluations["binary"]
    view = overview(evaluation)
    expected = evaluation.table.values("confidence")[evaluation.target == 1]
    assert view.mistakes is not None
    place = view.mistakes.columns.index("confidence")
    shown = [cells[place] for cells in view.mistakes.cells]
    assert shown == sorted(expected, reverse=True)[:10]
    assert view.mistakes.total == len(expected)
    assert view.mistakes.columns[:4] == ("key", "label", "prediction", "confidence")


def test_confusion_counts_every_labelled_row(overviews: dict[str, Overview]) -> None:
    part = overviews["multiclass"].confusion
    assert part is not None
    assert sum(map(sum, part.counts)) == part.n == 600


def test_figures_equal_those_of_metrics(evaluations: dict[str, mp.Evaluation]) -> None:
    from mispredict.metrics import Groups, measure

    evaluation = evaluations["binary"]
    where = "region = 'north'"
    view = overview(evaluation, where)
    mask = evaluation.mask(where)
    rows = measure(evaluation.outcomes, Groups.of_mask(mask, "x"))
    assert [(f.metric, f.value, f.n) for f in view.figures] == [
        (row.metric, row.value, row.n) for row in rows
    ]
    whole = next(item for item in view.baselines if item.kind == "whole")
    assert whole.figures[0].n == evaluation.n


def test_residual_quantiles(evaluations: dict[str, mp.Evaluation]) -> None:
    evaluation = evaluations["regression"]
    spread = overview(evaluation).spread
    assert spread is not None and spread.residual is not None
    residual = evaluation.table.values("residual")
    for item in spread.residual_quantiles:
        assert item.value == pytest.approx(np.quantile(residual, item.q))
    assert sum(spread.residual.counts) == len(residual)


@pytest.mark.parametrize("where", ["row < 1", "row < 3", "correct", "NOT correct"])
def test_cohorts_of_few_rows(evaluations: dict[str, mp.Evaluation], where: str) -> None:
    view = overview(evaluations["binary"], where)
    assert view.source.where == evaluations["binary"].predicate(where).text
    assert str(view) and view._repr_html_() and view.to_json()


def test_few_rows_are_noted(evaluations: dict[str, mp.Evaluation]) -> None:
    view = overview(evaluations["multiclass"], "row < 12")
    assert any("Only 12 rows" in note.problem for note in view.notes)


def test_missing_probabilities_are_noted(overviews: dict[str, Overview]) -> None:
    notes = overviews["binary without probabilities"].notes
    assert any("no probabilities" in note.problem and "p_<class>" in note.hint for note in notes)


def test_missing_labels_are_noted(workspace: mp.Workspace) -> None:
    label = ["a", "b", None, "a"] * 50
    workspace.add_dataset("some", pd.DataFrame({"x": range(200), "y": label}), label="y")
    evaluation = workspace.add_predictions("m", "some", pd.DataFrame({"prediction": ["a"] * 200}))
    view = overview(evaluation)
    assert any(note.problem.endswith("in no metric: 50 of 200 rows.") for note in view.notes)
    assert view.figures[0].n == 150


def test_nothing_wrong(workspace: mp.Workspace) -> None:
    frame = pd.DataFrame({"x": range(100), "y": ["a", "b"] * 50})
    workspace.add_dataset("easy", frame, label="y")
    view = overview(
        workspace.add_predictions("m", "easy", frame[["y"]].set_axis(["prediction"], axis=1))
    )
    assert view.error_classes == ()
    assert view.mistakes is not None and view.mistakes.cells == ()
    assert str(view)


def test_empty_cohort_and_unknown_column(evaluations: dict[str, mp.Evaluation]) -> None:
    with pytest.raises(EmptyCohort, match="no row of"):
        overview(evaluations["binary"], "age > 1000")
    with pytest.raises(UnknownColumn):
        overview(evaluations["binary"], "aeg > 10")


def test_previous_model_is_the_best_other_one(workspace: mp.Workspace) -> None:
    rng = np.random.default_rng(0)
    label = rng.choice(["a", "b"], 200)
    flipped = np.where(label == "a", "b", "a")
    workspace.add_dataset("d", pd.DataFrame({"x": range(200), "y": label}), label="y")
    made = {
        name: workspace.add_predictions(
            name, "d", pd.DataFrame({"prediction": np.where(np.arange(200) < bad, flipped, label)})
        )
        for name, bad in {"poor": 80, "good": 20, "own": 30}.items()
    }
    view = overview(made["own"])
    before = next(item for item in view.baselines if item.kind == "previous")
    assert before.name == "good@1"
    assert (before.fixed, before.broken) == (0, 10)
    assert next(f for f in before.figures if f.metric == "accuracy").value == pytest.approx(0.9)
    finding = view.finding("previous")
    assert finding is not None and finding.sentence.startswith("Worse than good@1")


def test_skew_warning(workspace: mp.Workspace) -> None:
    label = ["no"] * 290 + ["yes"] * 10
    workspace.add_dataset("rare", pd.DataFrame({"x": range(300), "y": label}), label="y")
    view = overview(
        workspace.add_predictions("m", "rare", pd.DataFrame({"prediction": ["no"] * 300}))
    )
    assert "constant predictor" in view.warning and "96.7" in view.warning
    assert "constant predictor" in str(view)


def test_decided_threshold_is_shown(workspace: mp.Workspace, makers: dict[str, Make]) -> None:
    evaluation = makers["binary"](workspace)
    workspace.decide_threshold(evaluation, 0.3, who="Ada", reason="missed ones cost more")
    part = overview(evaluation).threshold
    assert part is not None and part.decision is not None
    assert (part.decision.threshold, part.decision.who) == (0.3, "Ada")


def test_about_names_versions_and_hashes(view: Overview) -> None:
    about = view.about
    assert about.model.endswith("@1") and about.dataset.endswith("@1")
    assert len(about.dataset_hash) == len(about.evaluation_hash) == 64
    assert about.mispredict == mp.__version__
