"""Linked distributions: what each shows, for every kind of task, and clicks on their bars."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.predicate import parse
from mispredict.metrics.intervals import wilson
from mispredict.workspace.exploring.chips import view_names
from mispredict.workspace.exploring.exploration import Distribution, Exploration
from mispredict.workspace.exploring.panels import spread_of

from .kinds import KINDS, binary


@pytest.fixture(scope="module", params=KINDS, ids=[name.replace(" ", "-") for name in KINDS])
def any_ev(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame
) -> Iterator[mp.Evaluation]:
    """An evaluation of each kind."""
    with mp.open(tmp_path_factory.mktemp("kinds") / "ws") as workspace:
        yield KINDS[request.param](workspace, frame)


@pytest.fixture(scope="module")
def people(
    tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame
) -> Iterator[mp.Evaluation]:
    with mp.open(tmp_path_factory.mktemp("people") / "ws") as workspace:
        yield binary(workspace, frame)


def own_conditions(found: Exploration, column: str) -> list[str]:
    return [chip.text for chip in found.chips if chip.column == column]


def check(ev: mp.Evaluation, found: Exploration) -> None:
    """Every number of the exploration, counted again row by row."""
    target = _target(ev)
    mask = ev.mask(found.where or None)
    assert (found.n, found.total) == (mask.sum(), ev.n)
    known = mask & ~np.isnan(target)
    weight = ev.outcomes.weight if ev.outcomes.weight is not None else np.ones(ev.n)
    np.testing.assert_allclose(found.errors, (weight * target)[known].sum(), rtol=1e-9)
    for part in found.distributions:
        others = [chip.text for chip in found.chips if chip.column != part.column]
        rows = np.logical_and.reduce([np.ones(ev.n, bool), *(ev.mask(text) for text in others)])
        check_bars(ev, part, rows, target, weight)
        check_selected(ev, found, part)


def check_bars(
    ev: mp.Evaluation,
    part: Distribution,
    rows: np.ndarray,
    target: np.ndarray,
    weight: np.ndarray,
) -> None:
    ref = view_names(ev)[part.column]
    codes = ev.table.coded(ref.name, ref.is_input).codes
    assert len(part.label) <= 24
    seen = np.zeros(ev.n, bool)
    for i, (first, last) in enumerate(zip(part.first, part.last, strict=True)):
        inside = (codes >= first) & (codes <= last)
        seen |= inside
        assert part.all[i] == inside.sum()
        chosen = inside & rows
        assert part.n[i] == chosen.sum()
        known = chosen & ~np.isnan(target)
        np.testing.assert_allclose(
            part.errors[i], (weight * target)[known].sum(), rtol=1e-9, atol=1e-9
        )
        if known.any():
            rate = np.average(target[known], weights=weight[known])
            assert part.rate[i] == pytest.approx(rate, rel=1e-9, abs=1e-12)
        else:
            assert np.isnan(part.rate[i])
    assert part.more_all == (~seen).sum()
    assert part.more_n == (rows & ~seen).sum()


def check_selected(ev: mp.Evaluation, found: Exploration, part: Distribution) -> None:
    """Bars are marked as their rows meet the column's own conditions."""
    own = own_conditions(found, part.column)
    if not own:
        assert not any(part.is_selected)
        return
    ref = view_names(ev)[part.column]
    codes = ev.table.coded(ref.name, ref.is_input).codes
    mask = np.logical_and.reduce([ev.mask(text) for text in own])
    for i, (first, last) in enumerate(zip(part.first, part.last, strict=True)):
        inside = (codes >= first) & (codes <= last)
        if inside.any() and (mask & inside).any():
            assert part.is_selected[i]
            assert part.is_partly[i] or mask[inside].all()


def _target(ev: mp.Evaluation) -> np.ndarray:
    reserved = ev.fields.reserved
    return ev.target if "correct" in reserved or "loss" in reserved else np.full(ev.n, np.nan)


def test_the_whole(any_ev: mp.Evaluation) -> None:
    found = any_ev.explore()
    check(any_ev, found)
    assert (found.where, found.url, found.sentence, found.chips) == ("", "", "all rows", ())
    assert found.n == any_ev.n
    for part in found.distributions:
        assert part.n == part.all
    json.dumps(found.to_dict(), allow_nan=False)
    assert len(found.to_frame()) == sum(len(part.label) for part in found.distributions)


def test_clicks_select_exactly_the_rows_of_their_bars(any_ev: mp.Evaluation) -> None:
    """Random clicks, each checked against the codes of the bars."""
    choose, where = random.Random(0), ""
    names = [part.column for part in any_ev.explore().distributions if part.label]
    for _ in range(12):
        column = choose.choice(names)
        part = any_ev.explore(where).of(column)
        bars = choose.sample(range(len(part.label)), choose.randint(1, min(3, len(part.label))))
        codes = [c for i in bars for c in range(part.first[i], part.last[i] + 1)]
        found = any_ev.explore(where, column=column, codes=codes)
        ref = view_names(any_ev)[column]
        mine = np.isin(any_ev.table.coded(ref.name, ref.is_input).codes, codes)
        own = own_conditions(found, column)
        if own:
            mask = np.logical_and.reduce([any_ev.mask(text) for text in own])
            assert mask.tolist() == mine.tolist()
        else:
            assert mine.all()
        check(any_ev, found)
        assert any_ev.explore(found.where).to_dict()["chips"] == found.to_dict()["chips"]
        assert parse(found.where or "TRUE", any_ev.fields).text == (found.where or "TRUE")
        where = found.where if found.n else ""


def test_a_click_replaces_adds_and_clears(people: mp.Evaluation) -> None:
    one = people.explore(column="city", codes=[2])
    assert one.where == "city = 'Oslo'"
    two = people.explore(one.where, column="city", codes=[3, 0], mode="add")
    assert two.where == "city IN ('Oslo', 'Bern') OR city IS NULL"
    three = people.explore(f"age > 40 AND ({two.where}) AND member", column="city", codes=[1])
    assert three.where == "age > 40 AND city = 'Rome' AND member"
    assert people.explore(three.where, column="city", mode="clear").where == "age > 40 AND member"
    assert people.explore(three.where, column="city", codes=[]).where == "age > 40 AND member"
    assert people.explore("member", column="member", codes=[1]).where == "NOT member"
    assert people.explore(column="member", codes=[1, 2]).where == "member IS NOT NULL"


def test_a_range_becomes_one_condition(people: mp.Evaluation) -> None:
    book = people.table.coded("age").book
    low, high = book.interval(5)[0], book.interval(9)[1]
    found = people.explore(column="age", codes=[5, 6, 7, 8, 9])
    assert found.where == f"age >= {low} AND age < {high}"
    assert [chip.column for chip in found.chips] == ["age", "age"]
    last = people.explore(found.where, column="age", codes=range(10, book.size), mode="add")
    assert last.where == f"age >= {low}"
    first = people.explore(column="age", codes=[1, 2])
    assert first.where == f"age < {book.interval(2)[1]}"
    two = people.explore(column="age", codes=[1, 4])
    assert two.where.count("OR") == 1


def test_a_typed_bound_can_be_extended(people: mp.Evaluation) -> None:
    found = people.explore("age > 61.5", column="age", codes=[0], mode="add")
    assert found.where == "age > 61.5 OR age IS NULL"
    part = found.of("age")
    assert any(part.is_partly)
    assert part.is_selected[-1] and part.is_missing[-1]


def test_all_names_of_a_column_are_one_view(people: mp.Evaluation) -> None:
    found = people.explore("churn = 'yes' AND label <> 'no'")
    assert [chip.column for chip in found.chips] == ["label", "label"]
    assert "churn" not in [part.column for part in found.distributions]
    assert sum(found.of("label").n) == people.n
    assert people.explore(found.where, column="label", codes=[2]).where == "label = 'no'"


def test_conditions_without_a_view_filter_everything(people: mp.Evaluation) -> None:
    found = people.explore("has(note, 'bad') AND age > confidence AND (member OR age < 20)")
    assert [chip.column for chip in found.chips] == ["", "", ""]
    assert all(part.n != part.all for part in found.distributions)


def test_probabilities_are_shown_when_asked_for(people: mp.Evaluation) -> None:
    assert "p_yes" not in [part.column for part in people.explore().distributions]
    found = people.explore("p('yes') > 0.5", columns=["p_yes", "city"])
    assert [part.column for part in found.distributions] == ["p_yes", "city"]
    assert found.chips[0].column == "p_yes"
    assert sum(found.of("p_yes").n) == people.n


def test_intervals_are_wilsons(people: mp.Evaluation) -> None:
    part = people.explore("city = 'Oslo'").of("member")
    expected = wilson(part.errors[0], part.n[0])
    assert (part.rate_low[0], part.rate_high[0]) == pytest.approx((expected.low, expected.high))


def test_numbers_make_a_true_histogram(people: mp.Evaluation) -> None:
    part = people.explore().of("confidence")
    assert part.kind == "bins"
    assert part.low[1:] == part.high[:-1]
    widths = np.subtract(part.high, part.low)
    assert widths.max() < 2.5 * np.median(widths)


def test_an_outlier_does_not_flatten_the_rest(ws: mp.Workspace) -> None:
    draw = np.random.default_rng(0)
    values = np.append(draw.normal(size=4999), 1e9)
    frame = pd.DataFrame({"x": values, "y": draw.integers(0, 2, 5000)})
    ws.add_dataset("tail", frame, label="y")
    ev = ws.add_predictions("m", "tail", pd.DataFrame({"prediction": np.zeros(5000, int)}))
    part = ev.explore().of("x")
    assert part.high[-1] == 1e9
    assert max(part.all) < 1000
    assert len(part.label) > 15


def test_the_most_frequent_values_and_selected_ones_have_bars(ws: mp.Workspace) -> None:
    names = [f"v{i:02d}" for i in range(60) for _ in range(100 - i)]
    frame = pd.DataFrame({"name": names, "y": [0, 1] * (len(names) // 2)})
    ws.add_dataset("names", frame, label="y")
    ev = ws.add_predictions("m", "names", pd.DataFrame({"prediction": [0] * len(names)}))
    part = ev.explore().of("name")
    assert part.label[:3] == ("v00", "v01", "v02")
    assert (len(part.label), part.more, part.more_selected) == (24, 36, 0)
    assert sum(part.all) + part.more_all == len(names)
    found = ev.explore("name IN ('v59', 'v40')").of("name")
    assert found.label[-2:] == ("v40", "v59")
    assert found.is_selected[-2:] == (True, True)
    assert (len(found.label), found.more) == (24, 36)
    most = ev.explore("name <> 'v00'").of("name")
    assert most.more_selected == 35
    assert ev.explore("name <> 'v00'").chips[0].codes == tuple(range(2, 61))


def test_tags_are_counted(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ev = binary(ws, frame)
    assert ev.explore().tags == ()
    ev.tag("old", "age > 60")
    found = ev.explore("member")
    [tag] = found.tags
    assert (tag.tag, tag.all) == ("old", ev.mask("age > 60").sum())
    assert tag.n == ev.mask("age > 60 AND member").sum()
    assert tag.errors == ev.mask("age > 60 AND member AND NOT correct").sum()
    ev.untag("old", "age > 80")
    assert ev.explore("member").tags[0].all == ev.mask("age BETWEEN 60.5 AND 80").sum()
    assert ev.explore("tag('old')").n == ev.explore("member").tags[0].all


def test_changed_cohorts_are_seen(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ev = binary(ws, frame)
    for limit in (30, 60):
        ev.save_cohort("old", f"age > {limit}")
        assert ev.explore("cohort('old')").n == ev.mask(f"age > {limit}").sum()


def test_clusters_found_later_are_shown(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ev = binary(ws, frame)
    assert "cluster" not in [part.column for part in ev.explore().distributions]
    ev.clusters("note", n=2)
    assert "cluster" in [part.column for part in ev.explore().distributions]


def test_inputs_behind_reserved_names(ws: mp.Workspace) -> None:
    rows = pd.DataFrame({"confidence": [1, 2, 3, 4], "y": [0, 1, 0, 1]})
    ws.add_dataset("hidden", rows, label="y")
    ev = ws.add_predictions("m", "hidden", pd.DataFrame({"p_0": [0.4] * 4, "p_1": [0.6] * 4}))
    found = ev.explore(column='input("confidence")', codes=[2, 3])
    assert found.where == "input(confidence) BETWEEN 2 AND 3"
    assert found.chips[0].column == 'input("confidence")'
    assert not found.of('input("confidence")').is_reserved
    assert found.of("confidence").is_reserved


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"column": "nothing"}, "no column 'nothing'"),
        ({"columns": ["note"]}, "no column 'note'"),
        ({"column": "city", "codes": [99]}, "no code 99"),
        ({"column": "city", "codes": [-1]}, "no code -1"),
        ({"column": "city", "codes": ["Rome"]}, "are not codes"),
        ({"column": "city", "codes": [1], "mode": "flip"}, "mode='flip'"),
        ({"column": 3}, "cannot be used"),
    ],
)
def test_what_cannot_be_asked(people: mp.Evaluation, asked: dict, message: str) -> None:
    with pytest.raises((BadOption, UnknownColumn), match=message):
        people.explore(**asked)


def test_no_rows(people: mp.Evaluation) -> None:
    found = people.explore("age > 500")
    assert (found.n, found.errors) == (0, 0)
    assert np.isnan(found.value)
    check(people, found)
    never = people.explore("FALSE", column="city", codes=[1])
    assert (never.n, never.where) == (0, "FALSE")


def test_places_and_attributions_are_shown_when_asked_for(
    ws: mp.Workspace, frame: pd.DataFrame
) -> None:
    ev = binary(ws, frame)
    ev.map("note")
    found = ev.explore("map_x > 0 OR map_x <= 0")
    assert not {"map_x", "map_y"} & {part.column for part in found.distributions}
    assert ev.explore(columns=["map_x"]).of("map_x").kind == "bins"


def test_a_time_named_so_is_one_view(ws: mp.Workspace) -> None:
    rows = pd.DataFrame({"time": pd.date_range("2024-01-01", periods=200), "y": [0, 1] * 100})
    ws.add_dataset("times", rows, label="y", time="time")
    ev = ws.add_predictions("m", "times", pd.DataFrame({"prediction": [0] * 200}))
    part = ev.explore("time > '2024-03-01'").of("time")
    assert sum(part.n) == 200
    assert part.label[0].startswith("2024-01-01 to ")
    assert part.low[0] == pd.Timestamp("2024-01-01").timestamp()


def test_columns_that_tell_where_it_is_wrong_have_a_large_spread() -> None:
    draw, zero, far = np.random.default_rng(0), [], []
    for rates in ([0.2] * 12, [0.05] * 6 + [0.35] * 6):
        for _ in range(50):
            rows = draw.integers(100, 400, 12)
            errors = draw.binomial(rows, rates)
            known = [wilson(int(e), int(n)) for e, n in zip(errors, rows, strict=True)]
            low, high = (np.array([getattr(i, end) for i in known]) for end in ("low", "high"))
            spread = spread_of(rows, errors / rows, low, high)
            (zero if rates[0] == rates[-1] else far).append(spread)
    assert np.median(zero) < 0.012  # chance is taken off
    np.testing.assert_allclose(np.median(far), 0.15, atol=0.01)
    one = np.array([0.5])
    assert np.isnan(spread_of(np.array([3]), one, one, one))


def test_the_spread_puts_columns_in_order(people: mp.Evaluation) -> None:
    spreads = {part.column: part.spread for part in people.explore().distributions}
    assert spreads["correct"] == max(spreads.values())
    assert json.loads(json.dumps(people.explore().to_dict()))["distributions"][0]["spread"] >= 0


def test_bars_without_their_column_are_refused(people: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match=r"codes=\[1\] are of no column"):
        people.explore(codes=[1])
