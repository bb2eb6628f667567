"""Runs: batches, cache, progress, errors that say where, stopping."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression

from mispredict.core.errors import BadOption, ModelError
from mispredict.core.task import Task, TaskKind
from mispredict.models import Answer, Cancelled, MemoryCache, run, wrap

TASK = Task(TaskKind.BINARY, ("no", "yes"), "yes")
REGRESSION = Task(TaskKind.REGRESSION)


class DiskLike:
    """A cache that outlives the process, as the store's does."""

    def __init__(self):
        self.items = {}

    def get(self, key):
        return self.items.get(key)

    def put(self, key, data):
        self.items[key] = bytes(data)


@pytest.fixture
def frame():
    rng = np.random.default_rng(0)
    return pd.DataFrame(rng.normal(size=(3000, 3)), columns=["a", "b", "c"])


@pytest.fixture
def estimator(frame):
    return LogisticRegression().fit(frame, np.where(frame["a"] > 0, "yes", "no"))


def double(frame):
    return frame["a"].to_numpy() * 2


def test_predictions_are_the_models_own(frame, estimator):
    found = run(wrap(estimator), frame, task=TASK)
    assert (found.labels == estimator.predict(frame)).all()
    np.testing.assert_allclose(found.probabilities, estimator.predict_proba(frame))
    assert found.classes == ("no", "yes")
    assert found.usage.rows == 3000
    assert found.usage.rows_per_second > 0


def test_arrow_and_pandas_agree(frame, estimator):
    table = pa.Table.from_pandas(frame)
    left, right = run(wrap(estimator), table), run(wrap(estimator), frame)
    assert (left.probabilities == right.probabilities).all()


def test_batches_cover_all_rows_in_order(frame):
    sizes, seen = [], []

    def model(batch):
        sizes.append(len(batch))
        assert list(batch.index) == list(range(len(batch)))
        return batch["a"].to_numpy()

    found = run(wrap(model), frame.iloc[::-1], batch_rows=700, progress=lambda *at: seen.append(at))
    assert sizes == [700, 700, 700, 700, 200]
    assert seen[-1] == (3000, 3000)
    assert (found.values == frame["a"].to_numpy()[::-1]).all()


def test_fast_models_get_bigger_batches(frame):
    big = pd.concat([frame] * 10)
    found = run(wrap(double), big)
    assert found.usage.calls < 10


def test_empty_frame(frame, estimator):
    found = run(wrap(estimator), frame[:0], task=TASK, cache=MemoryCache())
    assert found.labels is None
    assert found.usage.calls == 0


@pytest.mark.parametrize("cache", [MemoryCache(), DiskLike()], ids=["memory", "disk"])
def test_rows_answered_before_are_not_asked_again(frame, estimator, cache):
    first = run(wrap(estimator), frame[:2000], task=TASK, cache=cache)
    assert first.usage.cached_rows == 0
    again = run(wrap(estimator), frame.iloc[::-1], task=TASK, cache=cache)
    assert again.usage.cached_rows == 2000
    assert again.usage.rows == 1000
    np.testing.assert_array_equal(
        again.probabilities, run(wrap(estimator), frame[::-1]).probabilities
    )
    whole = run(wrap(estimator), frame, task=TASK, cache=cache)
    assert (whole.usage.calls, whole.usage.cached_rows) == (0, 3000)


def test_equal_rows_are_asked_once(frame, estimator):
    twice = pd.concat([frame[:10], frame[:10]])
    found = run(wrap(estimator), twice, cache=MemoryCache())
    assert (found.usage.rows, found.usage.repeated_rows) == (10, 10)
    assert (found.probabilities[:10] == found.probabilities[10:]).all()


def test_another_fit_is_another_model(frame, estimator):
    cache = MemoryCache()
    run(wrap(estimator), frame, cache=cache)
    other = LogisticRegression(C=0.01).fit(frame, np.where(frame["b"] > 0, "yes", "no"))
    found = run(wrap(other), frame, cache=cache)
    assert found.usage.cached_rows == 0
    np.testing.assert_allclose(found.probabilities, other.predict_proba(frame), rtol=1e-12)


def test_refitting_in_place_is_noticed(frame, estimator):
    cache, model = MemoryCache(), wrap(estimator)
    run(model, frame, cache=cache)
    estimator.fit(frame, np.where(frame["b"] > 0, "yes", "no"))
    assert run(model, frame, cache=cache).usage.cached_rows == 0


def test_functions_are_kept_only_with_a_version_or_in_memory(frame):
    disk = DiskLike()
    run(wrap(double), frame, cache=disk)
    assert not disk.items
    run(wrap(double, version="1"), frame, cache=disk)
    assert run(wrap(double, version="1"), frame, cache=disk).usage.calls == 0
    assert run(wrap(double, version="2"), frame, cache=disk).usage.calls > 0
    memory, model = MemoryCache(), wrap(double)
    run(model, frame, cache=memory)
    assert run(model, frame, cache=memory).usage.calls == 0
    assert run(wrap(double), frame, cache=memory).usage.calls > 0


def test_damaged_cache_is_forgotten(frame, estimator):
    cache = DiskLike()
    run(wrap(estimator), frame, cache=cache)
    cache.items = {key: data[: len(data) // 2] for key, data in cache.items.items()}
    found = run(wrap(estimator), frame, cache=cache)
    assert found.usage.cached_rows == 0
    np.testing.assert_allclose(found.probabilities, estimator.predict_proba(frame), rtol=1e-12)


def test_answers_before_a_failure_are_kept(frame):
    cache, is_down = DiskLike(), [True]

    def model(batch):
        if is_down[0] and (batch["a"] == frame["a"].iloc[2500]).any():
            raise RuntimeError("down")
        return batch["a"].to_numpy()

    wrapped = wrap(model, version="1")
    with pytest.raises(ModelError):
        run(wrapped, frame, batch_rows=1000, cache=cache)
    is_down[0] = False
    found = run(wrapped, frame, batch_rows=1000, cache=cache)
    assert found.usage.cached_rows == 2000


def test_cancel_stops_between_batches_and_keeps_the_answers(frame):
    cache, asked = DiskLike(), []
    model = wrap(double, version="1")

    def cancel():
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(Cancelled, match="stopped after 2,000 of 3,000 rows"):
        run(model, frame, batch_rows=1000, cache=cache, cancel=cancel)
    assert run(model, frame, cache=cache).usage.rows == 1000


def test_error_names_batch_and_row(frame):
    frame.loc[2417, "b"] = 99.0

    def model(batch):
        if (batch["b"] == 99.0).any():
            raise ValueError("could not convert 'n/a'")
        return batch["a"].to_numpy()

    with pytest.raises(ModelError) as caught:
        run(wrap(model), frame, batch_rows=1000)
    error = caught.value
    assert "'model' raised in batch 3 (rows 2,000–2,999): ValueError" in error.problem
    assert "could not convert 'n/a'" in error.problem
    assert "first row that fails is 2,417" in error.known
    assert "b=99.0" in error.known
    assert error.hint == "call the model with these rows yourself, to see what it does"
    assert isinstance(error.__cause__, ValueError)


def test_error_of_every_row_is_not_blamed_on_one(frame):
    def model(batch):
        raise KeyError("tenure")

    with pytest.raises(ModelError) as caught:
        run(wrap(model), frame)
    assert "not because of one row" in caught.value.known


def test_error_of_the_batch_size_is_not_blamed_on_a_row(frame):
    def model(batch):
        if len(batch) > 100:
            raise MemoryError("too many")
        return batch["a"].to_numpy()

    with pytest.raises(ModelError, match="No single row") as caught:
        run(wrap(model), frame, batch_rows=150)
    assert "MemoryError: too many" in caught.value.message


def test_finding_the_row_takes_few_calls(frame):
    calls = []

    def model(batch):
        calls.append(len(batch))
        if (batch["a"] == frame["a"].iloc[2999]).any():
            raise ValueError("bad")
        return batch["a"].to_numpy()

    with pytest.raises(ModelError, match="is 2,999"):
        run(wrap(model), frame, batch_rows=3000)
    assert len(calls) <= 2 + int(np.ceil(np.log2(3000)))


@pytest.mark.parametrize(
    ("answer", "task", "says"),
    [
        (
            lambda n: np.ones(n - 1),
            REGRESSION,
            "batch 1 (rows 0–499): 499 predicted values for 500",
        ),
        (lambda n: np.full((n, 2), 0.4), TASK, "probabilities of row 0 sum to 0.8"),
        (lambda n: np.full((n, 3), 1 / 3), TASK, "3 columns, the data has 2 classes"),
        (lambda n: np.full((n, 2), np.nan), TASK, "probability of column 0 in row 0 is missing"),
        (lambda n: ["maybe"] * n, TASK, "knows none of the data's classes"),
        (lambda n: ["text"] * n, REGRESSION, "not numbers: row 0 is 'text'"),
        (lambda n: None, TASK, "It returned NoneType"),
    ],
    ids=["short", "sum", "width", "nan", "classes", "text", "none"],
)
def test_nonsense_is_refused(frame, answer, task, says):
    model = wrap(lambda batch: answer(len(batch)), classes=None)
    with pytest.raises(ModelError) as caught:
        run(model, frame, task=task, batch_rows=500)
    assert "answered nonsense" in caught.value.problem
    assert says in caught.value.message


def test_rows_are_named_by_their_place_in_the_frame(frame):
    def model(batch):
        return np.where(batch["a"] == frame["a"].iloc[1234], np.inf, 0.0)

    with pytest.raises(ModelError, match="value of row 1,234 is inf"):
        run(wrap(model, version="1"), frame, task=REGRESSION, batch_rows=1000, cache=MemoryCache())


def test_classes_that_change_between_batches(frame):
    def model(batch):
        width = 2 if len(batch) == 1000 else 3
        return pd.DataFrame(np.full((len(batch), width), 1 / width), columns=list("xyz")[:width])

    with pytest.raises(ModelError, match=r"batch 2 .* another form"):
        run(wrap(model), frame[:1500], batch_rows=1000)


def test_a_class_only_the_model_knows_is_kept(frame):
    model = wrap(lambda batch: np.where(batch["a"] > 0, "yes", "other"))
    found = run(model, frame, task=TASK)
    assert found.classes == ("no", "yes", "other")
    assert "other" in found.notes[0]


def test_cached_and_uncached_agree_for_every_kind_of_column():
    n = 40
    frame = pd.DataFrame(
        {
            "text": pd.Series([f"t{i % 7}" if i % 5 else None for i in range(n)], dtype="str"),
            "number": [i % 3 if i % 4 else np.nan for i in range(n)],
            "flag": [i % 2 == 0 for i in range(n)],
            "when": pd.date_range("2026-01-01", periods=n),
            "kind": pd.Categorical([["x", "y"][i % 2] for i in range(n)]),
            "vector": [np.arange(3) + i for i in range(n)],
            "mixed": [i if i % 2 else str(i) for i in range(n)],
        }
    )
    model = wrap(lambda batch: [str(row) for row in batch.to_dict("records")], version="1")
    cache = MemoryCache()
    plain = run(model, frame)
    for start in (0, 20, 0):
        found = run(model, frame[start:], cache=cache)
        assert found.labels.tolist() == plain.labels.tolist()[start:]
    assert found.usage.calls == 0


def test_values_of_other_types_are_other_rows():
    seen = []

    def model(batch):
        seen.extend(map(repr, batch["v"]))
        return np.zeros(len(batch))

    values = pd.Series([1, "1", 1.0, True, None, "", (1,), b"1"], dtype=object)
    run(wrap(model), pd.DataFrame({"v": values}), cache=MemoryCache())
    assert len(seen) == len(values)


@pytest.mark.parametrize("dtype", [object, "string"])
def test_texts_that_differ_after_a_nul_are_other_rows(dtype):
    seen = []

    def model(batch):
        seen.extend(batch["v"])
        return np.zeros(len(batch))

    values = pd.Series(["a\0b", "a\0c", "a", "\0", "\1str 'a'"], dtype=dtype)
    run(wrap(model), pd.DataFrame({"v": values}), cache=MemoryCache())
    assert len(seen) == len(values)


def test_bad_options(frame):
    with pytest.raises(BadOption):
        run(wrap(double), frame, batch_rows=0)
    with pytest.raises(BadOption, match="twice"):
        run(wrap(double), pd.concat([frame, frame], axis=1))


def test_own_protocol_is_enough(frame):
    class Mine:
        kind, name = "mine", "m"

        def describe(self):
            return {}

        def fingerprint(self):
            return None

        def predict(self, batch):
            return Answer(values=batch["a"].to_numpy())

    mine = Mine()
    assert wrap(mine) is mine
    assert (run(mine, frame).values == frame["a"]).all()
