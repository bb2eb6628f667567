"""What may stand at the cursor of a half-typed cohort."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.core.errors import InputError
from mispredict.core.predicate import ColumnRef, Fields, Operand, parse
from mispredict.core.predicate.completion import Completion, complete
from mispredict.core.predicate.offers import Known
from mispredict.core.schema import ColumnType


class Words:
    """A small vocabulary."""

    fields = Fields(
        {
            "age": ColumnType.NUMERIC,
            "age group": ColumnType.CATEGORICAL,
            "city": ColumnType.CATEGORICAL,
            "member": ColumnType.BOOLEAN,
            "since": ColumnType.DATETIME,
            "note": ColumnType.TEXT,
            "topics": ColumnType.LABELS,
            "face": ColumnType.VECTOR,
            "label": ColumnType.NUMERIC,
            "order": ColumnType.NUMERIC,
            "words": ColumnType.NUMERIC,
        },
        {
            "label": ColumnType.CATEGORICAL,
            "correct": ColumnType.BOOLEAN,
            "p_yes": ColumnType.NUMERIC,
        },
        ("no", "yes"),
        {"city": "string", "age group": "string"},
    )
    columns: Sequence[ColumnRef] = (
        *(ColumnRef(name) for name in fields.columns if name != "label"),
        ColumnRef("label", True),
        *(ColumnRef(name) for name in fields.reserved),
    )
    tags = ("odd", "it's")
    cohorts = ("seniors",)
    models: tuple[str, ...] = ()

    def values(self, operand: Operand) -> Iterable[Known]:
        known = {
            "age": (30, 45.5),
            "city": ("Rome", "Oslo", "New York", "it's"),
            "label": ("no", "yes"),
        }
        name = operand.name if isinstance(operand, ColumnRef) and not operand.is_input else ""
        return [Known(value, "7 rows") for value in known.get(name, ())]


VOCABULARY = Words()


def at(text: str) -> Completion:
    """The completion at the bar in the text."""
    cursor = text.index("|")
    return complete(text.replace("|", ""), cursor, VOCABULARY)


def texts(text: str) -> list[str]:
    return [item.text for item in at(text).items]


def accepted(text: str, found: Completion, place: int) -> str:
    item = found.items[place]
    return text[: found.start] + item.text + text[found.end :]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("|", ["age", '"age group"', "city"]),
        ("ag|", ["age", '"age group"']),
        ("AGE|", ["age", '"age group"', "AGE ="]),
        ("oder|", ['"order"']),
        ('"age g|', ['"age group"']),
        ("age |", ["=", "<>", "<"]),
        ("age|", ['"age group"', "age =", "age <>"]),
        ("age > |", ["30", "45.5"]),
        ("age >|", [" 30", " 45.5"]),
        ("age > 4|", ["45.5", "4 AND", "4 OR"]),
        ("age BETWEEN 30 |", ["AND"]),
        ("city = |", ["'Rome'", "'Oslo'", "'New York'", "'it''s'"]),
        ("city = 'O|", ["'Oslo'", "'Rome'", "'New York'", "'O'"]),
        ("city = yor|", ["'New York'", "'yor'"]),
        ("city = 'Oslo'|", ["'Oslo' AND", "'Oslo' OR"]),
        ("city IN|", ["IN ("]),
        ("city IN (|", ["'Rome'", "'Oslo'"]),
        ("city IN ('Rome', |", ["'Oslo'", "'New York'", "'it''s'"]),
        ("city IN ('Rome'|", ["'Rome')", "'Rome',"]),
        ("city NOT |", ["IN", "LIKE"]),
        ("city LIKE 'Os|", ["'Os%'", "'%Os%'"]),
        ("city IS N|", ["NULL", "NOT NULL"]),
        ("member |", ["AND", "OR", "="]),
        ("(member |", ["AND", "OR", ")"]),
        ("member = |", ["TRUE", "FALSE"]),
        ("since > |", ["DATE '2024-01-31'"]),
        ("face |", ["IS NULL", "IS NOT NULL"]),
        ("has(|", ["note", "topics"][:1]),
        ("has(note|", ["note,"]),
        ("has(note, 'ref|", ["'ref'"]),
        ("has(note, 'refund'|", ["'refund')"]),
        ("tag(|", ["'odd'", "'it''s'"]),
        ("cohort('s|", ["'seniors'"]),
        ("p(|", ["'no'", "'yes'"]),
        ("p('yes') |", ["=", "<>", "<"]),
        ("length(|", ["note"]),
        ("length(note) |", ["=", "<>", "<"]),
        ("input(label) |", ["=", "<>", "<"]),
        ("words > |", ["0"]),
        ("age > 5 AND N|", ["note", "NOT"]),
        ("age > 5 AND (city = 'Rome' |", ["AND", "OR", ")"]),
    ],
)
def test_what_comes_first(text: str, first: list[str]) -> None:
    assert texts(text)[: len(first)] == first


@pytest.mark.parametrize(
    "text",
    ["nothing |", "age > > |", ")) |", "age 5 |", "has(nothing|, ", "city = ; |", "p('maybe') |"],
)
def test_where_nothing_fits_there_is_nothing(text: str) -> None:
    assert texts(text) == []


def test_the_whole_word_is_replaced() -> None:
    found = at("age > 5 AND ci|tx = 'Rome'")
    text = "age > 5 AND citx = 'Rome'"
    assert accepted(text, found, 0) == "age > 5 AND city = 'Rome'"


def test_the_rest_of_a_value_is_replaced() -> None:
    found = at("city = 'O|slx' AND member")
    assert accepted("city = 'Oslx' AND member", found, 0) == "city = 'Oslo' AND member"


def test_an_open_quote_takes_no_more_than_its_word() -> None:
    found = at("city = 'O| AND member")
    assert accepted("city = 'O AND member", found, 0) == "city = 'Oslo' AND member"


def test_hidden_inputs_are_reached() -> None:
    assert "input(label)" in texts("lab|")


def test_each_text_once() -> None:
    for text in ("age IS|", "|", "member|"):
        assert len(set(texts(text))) == len(texts(text))


def is_cohort(text: str) -> bool:
    try:
        parse(text, VOCABULARY.fields)
    except InputError:
        return False
    return True


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), max_size=14))
def test_accepted_suggestions_lead_to_a_cohort(choices: list[int]) -> None:
    """Whatever is accepted first, taking the nearest way out then ends in a cohort."""
    text = ""
    for choice in choices:
        found = complete(text, len(text), VOCABULARY)
        text = accepted(text, found, choice % len(found.items))
    for _ in range(40):
        if is_cohort(text):
            return
        found = complete(text, len(text), VOCABULARY)
        ends = [i for i, item in enumerate(found.items) if item.text.endswith((")", " IS NULL"))]
        text = accepted(text, found, ends[0] if ends else 0)
    raise AssertionError(text)


@given(st.text("age cityNOT'\"()=<>,5%\n", max_size=25), st.integers(0, 25))
def test_any_text_is_taken(text: str, cursor: int) -> None:
    cursor = min(cursor, len(text))
    found = complete(text, cursor, VOCABULARY)
    assert 0 <= found.start <= cursor <= found.end <= len(text)


def test_it_is_quick() -> None:
    text = " AND ".join(["city = 'Rome'"] * 200) + " AND ci"
    complete(text, len(text), VOCABULARY)
    start = time.thread_time()
    complete(text, len(text), VOCABULARY)
    assert time.thread_time() - start < 0.1


def test_json() -> None:
    value = at("age > |").to_dict()
    assert value["items"][0] == {"text": "30", "kind": "value", "detail": "7 rows"}
    assert (value["start"], value["end"]) == (6, 6)
