"""The demos' stories: models as good as measured before, and told as promised."""

from __future__ import annotations

import os
import pickle
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from mispredict.core.schema import Role
from mispredict.demo import STORIES, Step, Story, wait_passively
from mispredict.demo.timing import Clock, one_thread

NAMES = ["churn", "sentiment", "census", "flights"]


@pytest.fixture(scope="module")
def stories(online: Any) -> Any:
    """Function that gives a story, told once for all tests."""
    told: dict[str, Story] = {}

    def tell(name: str) -> Story:
        if name not in told:
            told[name] = online(STORIES[name])
        return told[name]

    return tell


def accuracy(model: Any, story: Story, rows: int = 100_000) -> float:
    frame = story.frame[-rows:]
    with one_thread():
        return float((model.predict(frame) == frame[story.label].to_numpy()).mean())


def auc(model: Any, story: Story) -> float:
    place = list(model.classes_).index(story.positive)
    with one_thread():
        score = model.predict_proba(story.frame)[:, place]
    return float(roc_auc_score(story.frame[story.label] == story.positive, score))


@pytest.mark.parametrize(
    ("name", "current", "previous"),
    [
        pytest.param("churn", 0.79, 0.80, id="churn"),
        pytest.param("sentiment", 0.673, 0.603, id="sentiment"),
        pytest.param("census", 0.871, 0.852, id="census"),
    ],
)
def test_accuracy_is_as_measured(name: str, current: float, previous: float, stories: Any) -> None:
    story = stories(name)
    assert accuracy(story.model, story) == pytest.approx(current, abs=0.01)
    assert accuracy(story.previous, story) == pytest.approx(previous, abs=0.01)


@pytest.mark.parametrize(
    ("name", "expected"),
    [pytest.param("churn", 0.833, id="churn"), pytest.param("census", 0.927, id="census")],
)
def test_auc_is_as_measured(name: str, expected: float, stories: Any) -> None:
    story = stories(name)
    assert auc(story.model, story) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_a_story_is_complete(name: str, stories: Any) -> None:
    story = stories(name)
    assert story.name == name
    assert list(story.frame.columns) == list(story.train.columns)
    assert story.frame[story.id].is_unique
    apart = {*story.metadata, *story.annotations}
    assert apart <= set(story.frame.columns)
    assert set(story.inputs).isdisjoint({story.label, story.id, *apart})
    assert story.roles[story.label] is Role.LABEL
    assert list(story.roles.values()).count(Role.ID) == 1
    assert story.about.count(".") >= 2
    assert all(step.seconds > 0 for step in story.steps)
    assert len(story.steps) >= 2


@pytest.mark.parametrize("name", ["churn", "sentiment", "census"])
def test_no_row_is_both_trained_on_and_evaluated(name: str, stories: Any) -> None:
    story = stories(name)
    assert set(story.frame[story.id]).isdisjoint(story.train[story.id])


@pytest.mark.parametrize("name", NAMES)
def test_models_travel_and_ignore_other_columns(name: str, stories: Any) -> None:
    story = stories(name)
    rows = story.frame.head(50)
    copy = pickle.loads(pickle.dumps(story.model))
    with one_thread():
        expected = story.model.predict_proba(rows[list(story.inputs)])
        assert np.array_equal(copy.predict_proba(rows), expected)


@pytest.mark.parametrize("name", ["churn", "census"])
def test_models_take_missing_and_unseen_values(name: str, stories: Any) -> None:
    story = stories(name)
    rows = story.frame.head(3).copy()
    text = next(c for c in story.inputs if not hasattr(rows[c].iloc[0], "dtype"))
    rows[text] = ["never seen", None, rows[text].iloc[2]]
    with one_thread():
        for model in (story.model, story.previous):
            assert np.isfinite(model.predict_proba(rows)).all()


def test_a_flight_from_an_unknown_airport_is_predicted(stories: Any) -> None:
    story = stories("flights")
    rows = story.frame.head(3).astype({"origin": str})
    rows["origin"] = ["QQQ", None, rows["origin"].iloc[2]]
    with one_thread():
        assert np.isfinite(story.model.predict_proba(rows)).all()


def test_documents_are_on_one_side_of_the_split(stories: Any) -> None:
    story = stories("sentiment")
    assert set(story.frame["document"]).isdisjoint(story.train["document"])


def test_raters_agree_least_on_editorials(stories: Any) -> None:
    agreement = stories("sentiment").frame.groupby("domain")["agreement"].mean()
    assert agreement["films"] == pytest.approx(0.90, abs=0.01)
    assert agreement["nyt"] == pytest.approx(0.71, abs=0.01)


def test_the_film_model_fails_elsewhere(stories: Any) -> None:
    story = stories("sentiment")
    right = story.previous.predict(story.frame) == story.frame["label"]
    shares = right.groupby(story.frame["domain"]).mean()
    assert shares["films"] > 0.75
    assert shares["nyt"] < 0.45


def test_flights_fade_after_january(stories: Any) -> None:
    story = stories("flights")
    assert (story.frame["split"] == "train").sum() == len(story.train) == 200_000
    sample = story.frame[::10]
    sample = sample[sample["split"] == "test"]
    with one_thread():
        score = story.model.predict_proba(sample)[:, 1]
    is_january = (sample["date"].dt.month == 1).to_numpy()
    late = sample["late"].to_numpy()
    assert roc_auc_score(late[is_january], score[is_january]) == pytest.approx(0.685, abs=0.015)
    assert roc_auc_score(late[~is_january], score[~is_january]) == pytest.approx(0.65, abs=0.015)


def test_the_same_story_twice_is_the_same(stories: Any) -> None:
    first, second = stories("churn"), STORIES["churn"]()
    assert first.frame.equals(second.frame)
    with one_thread():
        again = second.model.predict_proba(second.frame)
        assert np.array_equal(first.model.predict_proba(first.frame), again)


def test_a_listener_hears_each_step(stories: Any) -> None:
    stories("churn")
    heard: list[Step] = []
    story = STORIES["churn"](on_step=heard.append)
    assert tuple(heard) == story.steps
    assert str(Step("fit", 1.234)) == "fit (1.2 s)"


def test_a_failed_step_is_not_told() -> None:
    clock = Clock()
    with pytest.raises(ZeroDivisionError), clock.step("divide"):
        _ = 1 / 0
    assert clock.steps == []


def test_waiting_policy_is_the_users_if_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    wait_passively()
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"
    monkeypatch.delenv("OMP_WAIT_POLICY")
    wait_passively()
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
    monkeypatch.delenv("OMP_WAIT_POLICY")
