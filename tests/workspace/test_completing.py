"""Completion and facts of cohorts, with an evaluation's own names and values."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mispredict as mp
from mispredict.core.errors import BadOption, BadPredicate, InputError, UnknownColumn

from .kinds import KINDS, binary


@pytest.fixture(scope="module")
def people(
    tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame
) -> Iterator[mp.Evaluation]:
    with mp.open(tmp_path_factory.mktemp("people") / "ws") as workspace:
        found = binary(workspace, frame)
        found.tag("odd", rows=[1, 3])
        found.save_cohort("seniors", "age >= 65")
        yield found


def texts(ev: mp.Evaluation, text: str) -> list[str]:
    return [item.text for item in ev.complete(text).items]


def test_values_come_with_their_rows(people: mp.Evaluation, frame: pd.DataFrame) -> None:
    found = people.complete("city = ")
    assert [item.text for item in found.items[:3]] == ["'Rome'", "'Oslo'", "'Bern'"]
    assert found.items[0].detail == f"{(frame['city'] == 'Rome').sum()} rows"
    assert [item.detail for item in people.complete("age > ").items[:5]] == [
        *("smallest", "lower quarter", "middle", "upper quarter", "largest"),
    ]


def test_names_of_this_workspace(people: mp.Evaluation) -> None:
    assert texts(people, "tag(") == ["'odd'"]
    assert texts(people, "cohort(") == ["'seniors'"]
    assert texts(people, "p(") == ["'no'", "'yes'"]
    assert texts(people, "label = ")[:2] == ["'yes'", "'no'"]
    assert texts(people, "error_class = ")[0] in ("'yes → no'", "'no → yes'")
    people.tag("even", rows=[2])
    assert texts(people, "tag(") == ["'even'", "'odd'"]
    people.untag("even", rows=[2])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind(ws: mp.Workspace, frame: pd.DataFrame, kind: str) -> None:
    ev = KINDS[kind](ws, frame)
    for item in ev.complete("").items:
        if item.kind == "column":
            assert ev.complete(f"{item.text} ").items
            for operator in ev.complete(f"{item.text} ").items:
                ev.complete(f"{item.text} {operator.text} ")


@settings(deadline=None, max_examples=60)
@given(choices=st.lists(st.integers(0, 60), max_size=10))
def test_accepted_suggestions_lead_to_rows(people: mp.Evaluation, choices: list[int]) -> None:
    """What is accepted one after the other ends in a cohort that can be asked."""
    text = ""
    for choice in [*choices, *([-1] * 40)]:
        if choice == -1 and _is_cohort(people, text):
            people.mask(text)
            return
        found = people.complete(text)
        ends = [i for i, item in enumerate(found.items) if item.text.endswith((")", " IS NULL"))]
        place = (ends[0] if ends else 0) if choice == -1 else choice % len(found.items)
        text = text[: found.start] + found.items[place].text + text[found.end :]
    raise AssertionError(text)


def _is_cohort(ev: mp.Evaluation, text: str) -> bool:
    try:
        ev.predicate(text)
    except InputError:
        return False
    return True


def test_many_values_are_found_quickly(ws: mp.Workspace) -> None:
    names = [f"street {i % 20_000:05d}" for i in range(40_000)]
    rows = pd.DataFrame({"street": names, "y": [0, 1] * 20_000})
    ws.add_dataset("streets", rows, label="y", types={"street": "categorical"})
    ev = ws.add_predictions("m", "streets", pd.DataFrame({"prediction": [0] * 40_000}))
    ev.complete("street = '00")
    start = time.thread_time()
    assert ev.complete("street = 'street 000").items[0].text == "'street 00000'"
    assert time.thread_time() - start < 0.2


def test_cursors(people: mp.Evaluation) -> None:
    assert people.complete("ci = 'Rome'", 2).items[0].text == "city"
    assert people.complete("age", 99).items
    with pytest.raises(BadOption, match="cursor=-1"):
        people.complete("age", -1)
    with pytest.raises(BadOption, match="text="):
        people.complete(3)  # type: ignore[arg-type]


def test_facts(people: mp.Evaluation, frame: pd.DataFrame) -> None:
    found = people.cohort_facts("not(age<=60) and city in ('Oslo')")
    assert found.where == "age > 60 AND city = 'Oslo'"
    assert found.sentence == "age is more than 60 and city is Oslo"
    assert [chip.column for chip in found.chips] == ["age", "city"]
    assert [chip.label for chip in found.chips] == ["age > 60", "city = Oslo"]
    expected = ((frame["age"] > 60) & (frame["city"] == "Oslo")).sum()
    assert (found.n, found.share) == (expected, expected / 600)
    assert people.predicate(found.where) == mp.parse(found.where)
    assert found.url and " " not in found.url


@pytest.mark.parametrize("where", [None, "", "  ", "TRUE"])
def test_facts_of_the_whole(people: mp.Evaluation, where: str | None) -> None:
    found = people.cohort_facts(where)
    assert (found.where, found.url, found.chips, found.n, found.share) == ("", "", (), 600, 1.0)


@pytest.mark.parametrize(
    ("where", "kind", "position"),
    [("age >", BadPredicate, 4), ("Age > 3 AND agge < 4", UnknownColumn, 12)],
)
def test_facts_of_what_is_no_cohort(
    people: mp.Evaluation, where: str, kind: type[InputError], position: int
) -> None:
    with pytest.raises(kind) as caught:
        people.cohort_facts(where)
    assert caught.value.position == position
