"""The priority table: possible gains, their ceilings and intervals, and how it explains itself."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from mispredict.cohorts.ceiling import Ceiling
from mispredict.cohorts.gains import Reference, possible_gains
from mispredict.cohorts.priorities import Priorities, priorities
from mispredict.cohorts.tag_settings import TagSettings
from mispredict.core.errors import BadOption
from mispredict.core.results import Source

SOURCE = Source("model@1/data@1")
Masks = dict[str, npt.NDArray[np.bool_]]

# The classic example of speech recognition: tag, rows of 10,000, accuracy, human level.
SPEECH = {
    "clear speech": (6000, 0.94, 0.95),
    "car noise": (400, 0.89, 0.93),
    "people noise": (3000, 0.87, 0.89),
    "low bandwidth": (600, 0.70, 0.70),
}
COLUMNS = ["tag", "n", "share_of_data", "share_of_errors", "error_rate", "value", "ceiling"]
COLUMNS += ["gap", "gain", "low", "high", "ease", "importance", "note"]


def speech() -> tuple[npt.NDArray[np.float64], Masks]:
    target, tags, start = np.zeros(10_000), {}, 0
    for name, (n, accuracy, _) in SPEECH.items():
        tags[name] = np.zeros(10_000, dtype=bool)
        tags[name][start : start + n] = True
        target[start : start + round(n * (1 - accuracy))] = 1
        start += n
    return target, tags


def speech_table(**options: object) -> Priorities:
    target, tags = speech()
    human = {name: human for name, (_, _, human) in SPEECH.items()}
    return priorities(target, tags, source=SOURCE, ceiling=human, **options)  # type: ignore[arg-type]


def test_numbers_print_as_numbers() -> None:
    assert "np.float64" not in repr(speech_table())


def test_without_tags_a_notebook_says_what_to_do() -> None:
    found = priorities(np.array([1.0, 0.0]), {}, source=SOURCE)
    assert "Tag what you want to compare: a cohort" in found._repr_html_()
    assert "<table" not in found._repr_html_()
    assert "<table" in speech_table()._repr_html_()


def test_a_tag_of_mistakes_alone_is_marked() -> None:
    target, tags = speech()
    tags["odd"] = target == 1
    found = priorities(target, tags, source=SOURCE)
    said = "“odd” is made of mistakes: its error rate says nothing."
    assert found.explanation.endswith(said)
    assert next(row for row in found.rows if row.tag == "odd").sentence.endswith(said)
    assert not any(said in row.sentence for row in found.rows if row.tag != "odd")


def test_classic_speech_example_from_fractions() -> None:
    gains = possible_gains(
        [0.94, 0.89, 0.87, 0.70], [0.95, 0.93, 0.89, 0.70], [0.6, 0.04, 0.3, 0.06]
    )
    assert (100 * gains).round(2).tolist() == [0.60, 0.16, 0.60, 0.00]


def test_classic_speech_example_from_rows() -> None:
    frame = speech_table().to_frame()
    assert list(frame.columns[: len(COLUMNS)]) == COLUMNS
    assert frame["tag"].tolist() == ["clear speech", "people noise", "car noise", "low bandwidth"]
    assert (100 * frame["gain"]).round(2).tolist() == [0.60, 0.60, 0.16, 0.00]
    assert np.allclose(frame["gain"], frame["gap"] * frame["share_of_data"])
    assert frame["share_of_errors"].sum() == pytest.approx(1)
    assert ((frame["low"] <= frame["gain"]) & (frame["gain"] <= frame["high"])).all()


def test_table_explains_itself() -> None:
    table = speech_table()
    assert table.explanation == (
        "Sorted by possible gain; the gain is how much the accuracy of all 10,000 rows would rise"
        " if the tag reached its ceiling (gap × share of the data). 3 of 4 gaps are more than"
        " chance (5 %, corrected for all tags)."
    )
    assert table.rows[2].sentence == (
        "Bringing “car noise” from 89.0 % to 93.0 % (given) would raise the accuracy of all rows"
        " by 0.16 points (0.05 to 0.30)."
    )
    assert table.rows[3].sentence == (
        "Nothing to gain in “low bandwidth”: accuracy 70.0 %, ceiling 70.0 % (given)."
    )
    assert table.explanation in str(table)


def test_sorted_by_worth_when_asked() -> None:
    said = {
        "car noise": TagSettings(ease=5, importance=5, note="new microphone"),
        "clear speech": TagSettings(ease=1),
        "people noise": TagSettings(ease=2),
    }
    table = speech_table(settings=said, sort="worth")
    first = table.rows[0]
    assert (first.tag, first.ease, first.importance, first.note) == (
        "car noise", 5, 5, "new microphone",
    )  # fmt: skip
    assert first.worth == pytest.approx(0.0016 * 25)
    assert "gain × importance × ease (3 where not set)" in table.explanation


def test_rows_without_a_tag_are_all_others_and_overlap_is_said() -> None:
    target = np.tile([1.0, 0, 0, 0], 250)
    tags = {"a": np.arange(1000) < 300, "b": (np.arange(1000) >= 200) & (np.arange(1000) < 500)}
    table = priorities(target, tags, source=SOURCE, ceiling=0.9)
    others = next(row for row in table.rows if row.tag == "all others")
    assert (others.n, others.where) == (500, "NOT tag('a') AND NOT tag('b')")
    assert "100 rows have several tags, so gains do not add up." in table.explanation


def test_without_ceiling_perfection_stands_in() -> None:
    target, tags = speech()
    table = priorities(target, tags, source=SOURCE)
    order = sorted(table.rows, key=lambda row: -row.share_of_errors)
    assert [row.tag for row in table.rows] == [row.tag for row in order]
    assert "perfection stands in" in table.explanation


def test_tag_without_ceiling_comes_last_beside_others_that_have_one() -> None:
    target, tags = speech()
    table = priorities(target, tags, source=SOURCE, ceiling={"low bandwidth": 0.8})
    assert table.rows[0].tag == "low bandwidth"
    assert np.isnan(table.rows[-1].gain)
    assert "3 without a ceiling come last" in table.explanation


def test_ceiling_of_settings_wins_over_one_number_but_not_over_its_name() -> None:
    target, tags = speech()
    said = {"car noise": TagSettings(ceiling=0.9), "clear speech": TagSettings(ceiling=0.96)}
    one = priorities(target, tags, source=SOURCE, ceiling=0.99, settings=said)
    found = {row.tag: row.ceiling for row in one.rows}
    assert found["car noise"] == 0.9
    assert found["people noise"] == 0.99
    named = priorities(target, tags, source=SOURCE, ceiling={"car noise": 0.93}, settings=said)
    found = {row.tag: row.ceiling for row in named.rows}
    assert (found["car noise"], found["clear speech"]) == (0.93, 0.96)


def test_loss_gains_downward() -> None:
    target = np.concatenate([np.full(100, 3.0), np.full(300, 1.0)]) + np.tile([0.1, -0.1], 200)
    tags = {"slow": np.arange(400) < 100}
    table = priorities(target, tags, source=SOURCE, metric="mean loss", ceiling=2.0)
    slow = table.rows[0]
    assert (slow.tag, round(slow.gap, 9), round(slow.gain, 9)) == ("slow", 1.0, 0.25)
    assert table.rows[1].gain == 0
    assert "would fall" in table.explanation
    assert "lower the mean loss of all rows by 0.25" in slow.sentence


def test_other_model_is_paired_row_by_row() -> None:
    """The other model is right on 30 rows more; what both find hard is no uncertainty."""
    random = np.random.default_rng(0)
    target = (random.random(2000) < 0.4).astype(float)
    other = 1 - target
    other[np.flatnonzero(target == 1)[:30]] = 1
    reference = Reference(other, "other@1", is_model=True)
    tags = {"all": np.ones(2000, dtype=bool)}
    row = priorities(target, tags, source=SOURCE, references=[reference]).rows[0]
    assert row.gain == pytest.approx(0.015)
    assert (row.is_certain, row.ceiling_source) == (True, "other@1")
    assert 0.008 < row.low < row.high < 0.022
    exact = priorities(target, tags, source=SOURCE, ceiling=float(other.mean())).rows[0]
    assert exact.high - exact.low > 3 * (row.high - row.low)


def test_best_of_several_models_is_bonferronis() -> None:
    random = np.random.default_rng(1)
    target = (random.random(500) < 0.3).astype(float)
    others = [Reference((random.random(500) < 0.7).astype(float), f"m{i}@1") for i in range(5)]
    tags = {"all": np.ones(500, dtype=bool)}
    several = priorities(target, tags, source=SOURCE, references=others).rows[0]
    best = next(item for item in others if item.source == several.ceiling_source)
    alone = priorities(target, tags, source=SOURCE, references=[best]).rows[0]
    assert several.value == alone.value
    assert several.ceiling == alone.ceiling == max(item.scores.mean() for item in others)
    assert several.p_adjusted >= alone.p_adjusted
    assert several.high > alone.high


def test_uncertain_ceiling_widens_the_interval() -> None:
    target, tags = speech()
    given = priorities(target, tags, source=SOURCE, ceiling={"car noise": 0.93})
    unsure = Ceiling(0.93, 0.90, 0.96, 300, "survey")
    wide = priorities(target, tags, source=SOURCE, ceiling={"car noise": unsure})
    narrow_row, wide_row = given.rows[0], wide.rows[0]
    assert wide_row.gain == narrow_row.gain
    assert wide_row.high - wide_row.low > 1.1 * (narrow_row.high - narrow_row.low)
    assert wide_row.p_adjusted > narrow_row.p_adjusted


@pytest.mark.parametrize(("accuracy", "rows"), [(0.8, 60), (0.95, 400), (0.6, 1500)])
def test_interval_of_the_gain_covers_it(accuracy: float, rows: int) -> None:
    """True gain inside the 95 % interval in at least 92 % of 400 samples of the same world."""
    random = np.random.default_rng(7)
    n, ceiling = 2000, 0.98
    truth = (ceiling - accuracy) * rows / n
    inside = 0
    for _ in range(400):
        tagged = random.random(n) < rows / n
        target = (random.random(n) > np.where(tagged, accuracy, 0.9)).astype(float)
        row = priorities(target, {"t": tagged}, source=SOURCE, ceiling={"t": ceiling}).rows[0]
        inside += row.low <= truth <= row.high
    assert inside / 400 >= 0.92


def test_no_gap_is_rarely_called_certain() -> None:
    """Twenty tags at their ceiling: some gap is called more than chance in at most 5 % of runs."""
    random = np.random.default_rng(3)
    alarms = 0
    for _ in range(150):
        target = (random.random(1000) < 0.1).astype(float)
        tags = {f"t{i}": random.random(1000) < 0.2 for i in range(20)}
        table = priorities(target, tags, source=SOURCE, ceiling=0.9)
        alarms += any(row.is_certain for row in table.rows)
    assert alarms / 150 <= 0.05


def test_weights_count() -> None:
    target = np.array([1.0, 0, 0, 0])
    tags = {"a": np.array([True, True, False, False])}
    weight = np.array([3.0, 1, 1, 1])
    row = priorities(target, tags, source=SOURCE, ceiling={"a": 1.0}, weight=weight).rows[0]
    assert (row.share_of_data, row.value, row.n) == pytest.approx((4 / 6, 0.25, 2))


def test_cohort_limits_the_rows() -> None:
    target, tags = speech()
    mask = np.arange(10_000) < 6200
    table = priorities(target, tags, source=SOURCE, ceiling=0.95, mask=mask)
    found = {row.tag: row for row in table.rows}
    assert (found["car noise"].n, found["low bandwidth"].n) == (200, 0)
    assert found["low bandwidth"].sentence == "There is no row of “low bandwidth”."
    assert np.isnan(table.rows[-1].gain)


def test_no_tags_say_how_to_make_one() -> None:
    table = priorities(np.zeros(5), {}, source=SOURCE)
    assert len(table) == 0
    assert "Tag what you want to compare" in str(table)


@pytest.mark.parametrize(
    ("options", "hint"),
    [({"ceiling": 95.0}, "ceiling=0.95"), ({"ceiling": {"a": -1.0}}, "ceiling=0.95")],
    ids=["percent", "negative"],
)
def test_impossible_ceiling_is_refused(options: dict[str, object], hint: str) -> None:
    target, tags = speech()
    with pytest.raises(BadOption, match="is not an accuracy") as error:
        priorities(target, tags, source=SOURCE, **options)  # type: ignore[arg-type]
    assert error.value.hint == hint


@pytest.mark.parametrize(
    "options",
    [{"ease": 0}, {"importance": 6}, {"ceiling": float("nan")}],
    ids=["ease", "importance", "ceiling"],
)
def test_settings_are_checked(options: dict[str, float]) -> None:
    with pytest.raises(BadOption):
        TagSettings(**options)  # type: ignore[arg-type]


def test_unknown_sort_is_refused() -> None:
    with pytest.raises(BadOption, match="sort='size'"):
        speech_table(sort="size")
