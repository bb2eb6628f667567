"""Properties that hold for every cohort."""

from __future__ import annotations

import json
import math
import pickle
import re

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mispredict.core.errors import MispredictError
from mispredict.core.predicate import (
    Predicate,
    all_of,
    any_of,
    from_dict,
    from_url,
    is_missing,
    mask,
    parse,
)
from mispredict.core.predicate.patterns import TOKEN

from .cohorts import (
    ANY_COHORTS,
    COHORTS,
    Columns,
    arrow_columns,
    tables,
)

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

_MACROS = rf"""
CREATE MACRO has(t, phrase) AS regexp_matches(t, '(?i)(?:^|[^\p{{L}}\p{{N}}_''])'
    || replace(phrase, ' ', '[^\p{{L}}\p{{N}}_'']+') || '(?:$|[^\p{{L}}\p{{N}}_''])');
CREATE MACRO words(t) AS len(regexp_extract_all(t, '{TOKEN.replace("'", "''")}'));
"""
_LASSO = re.compile(r"inside\(([^)]*)\)")


@pytest.fixture(scope="module")
def duck() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(_MACROS)
    connection.execute(
        'CREATE TABLE data (row INTEGER, whole INTEGER, "real" DOUBLE, text VARCHAR, '
        '"Age group" VARCHAR, active BOOLEAN, seen TIMESTAMP, p_Exited DOUBLE, '
        'map_x DOUBLE, map_y DOUBLE, "input label" VARCHAR, label VARCHAR)'
    )
    return connection


@quick
@given(ANY_COHORTS)
def test_text_parses_to_the_same_tree(predicate: Predicate) -> None:
    again = parse(predicate.text)
    assert (again.text, again.key) == (predicate.text, predicate.key)
    assert again.to_dict() == predicate.to_dict()


@quick
@given(ANY_COHORTS)
def test_json_url_and_pickle_give_the_same_tree(predicate: Predicate) -> None:
    wire = json.loads(json.dumps(predicate.to_dict(), allow_nan=False))
    copies = [from_dict(wire), from_url(predicate.to_url()), pickle.loads(pickle.dumps(predicate))]
    assert [copy.text for copy in copies] == [predicate.text] * 3
    assert {*copies} == {predicate}


@quick
@given(st.lists(ANY_COHORTS, min_size=1, max_size=4), st.randoms())
def test_identity_ignores_order_and_repetition(terms: list[Predicate], random: object) -> None:
    shuffled = [*terms, terms[0]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert all_of(terms) == all_of(shuffled)
    assert any_of(terms) == any_of(shuffled)
    assert hash(all_of(terms)) == hash(all_of(shuffled))


@quick
@given(ANY_COHORTS, ANY_COHORTS)
def test_negation_follows_de_morgan(one: Predicate, other: Predicate) -> None:
    assert ~~one == one
    assert ~(one & other) == ~one | ~other
    assert ~(one | other) == ~one & ~other


@quick
@given(ANY_COHORTS)
def test_every_cohort_reads_as_english(predicate: Predicate) -> None:
    assert predicate.sentence()
    rest = [from_dict(parse(chip.text).to_dict()) for chip in predicate.chips()]
    assert all_of(rest) == predicate


@quick
@given(COHORTS, tables())
def test_mask_equals_duckdb(duck: duckdb.DuckDBPyConnection, predicate, table) -> None:
    rows = Columns(arrow_columns(table))
    cells = [[_known(value) for value in values] for values in table.values()]
    duck.execute("DELETE FROM data")
    for number, values in enumerate(zip(*cells, strict=True)):
        duck.execute("INSERT INTO data VALUES (?,?,?,?,?,?,?,?,?,?,?,NULL)", [number, *values])
    condition = predicate.text.replace("p('Exited')", "p_Exited")
    condition = condition.replace("input(label)", '"input label"')
    condition = _LASSO.sub(_sides, condition)
    found = duck.execute(f"SELECT row FROM data WHERE {condition} ORDER BY row").fetchall()
    assert np.flatnonzero(mask(predicate, rows)).tolist() == [row for (row,) in found]


def _sides(lasso: re.Match[str]) -> str:
    """The condition with the sides of the polygon, each from its lower end on."""
    numbers = [float(item) for item in lasso[1].split(",")]
    corners = list(zip(numbers[::2], numbers[1::2], strict=True))
    pairs = zip(corners, [*corners[1:], corners[0]], strict=True)
    sides = [sorted(pair, key=lambda corner: corner[::-1]) for pair in pairs]
    crossed = [
        f"(map_y >= {low!r}::DOUBLE AND map_y < {high!r}::DOUBLE AND map_x < {x!r}::DOUBLE"
        f" + (map_y - {low!r}::DOUBLE) * ({(end - x) / (high - low)!r}::DOUBLE))::INTEGER"
        for (x, low), (end, high) in sides
        if low < high
    ]
    count = " + ".join(["0", *crossed])
    return f"(CASE WHEN map_x IS NULL OR map_y IS NULL THEN NULL ELSE ({count}) % 2 = 1 END)"


def _known(value: object) -> object:
    return None if isinstance(value, float) and math.isnan(value) else value


@quick
@given(COHORTS, tables())
def test_equal_keys_select_equal_rows(predicate, table) -> None:
    rows = Columns(arrow_columns(table))
    selected = mask(predicate, rows)
    assert (mask(~~predicate, rows) == selected).all()
    for other in (parse(predicate.key), from_url(predicate.to_url())):
        assert other == predicate
        assert (mask(other, rows) == selected).all()


@quick
@given(COHORTS, COHORTS, tables())
def test_masks_are_an_algebra(one, other, table) -> None:
    rows = Columns(arrow_columns(table))
    a, b = mask(one, rows), mask(other, rows)
    assert (mask(one & other, rows) == (a & b)).all()
    assert (mask(one | other, rows) == (a | b)).all()
    assert not (mask(~one, rows) & a).any()


@quick
@given(
    st.sampled_from(["whole < 1", "text LIKE '%a%'", "has(text, 'a')", "seen > DATE '2024-01-01'"]),
    tables(),
)
def test_cohort_complement_and_missing_are_the_whole(text: str, table) -> None:
    rows = Columns(arrow_columns(table))
    predicate = parse(text)
    (column,) = predicate.columns()
    parts = [mask(part, rows).astype(int) for part in (predicate, ~predicate, is_missing(column))]
    assert (sum(parts) == 1).all()


_WORDS = re.findall(
    r"\S+",
    """AND OR NOT IN BETWEEN LIKE IS NULL TRUE FALSE DATE TIMESTAMP ( ) , = <> < >= == ! -5
1e5 .5 1. 'x' '' '2024-01-01' "x" a b has( tag( cohort( input( length( words( p( p('x') CASE [
:: ; -- /* SELECT . + * % $ @ # ? { } \\ ` ’ 0x1 1_0 x'1' ANY ALL""",
)


@quick
@given(st.lists(st.sampled_from(_WORDS), max_size=30).map(" ".join))
def test_word_soup_is_read_or_refused(text: str) -> None:
    _read_or_refuse(text)


@quick
@given(st.text(max_size=80) | st.text("()ab'\"=<>,-. NOTANDR1", max_size=80))
def test_garbage_is_read_or_refused(text: str) -> None:
    _read_or_refuse(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["op", "terms", "term", "left", "right", "values", "value", "column"]),
            inner | st.sampled_from(["and", "or", "not", "=", "in", "between", "is null", "has"]),
            max_size=4,
        )
    ),
    max_leaves=10,
)


@quick
@given(_JSON)
def test_garbage_json_is_read_or_refused(value: object) -> None:
    try:
        from_dict(value)
    except MispredictError as error:
        assert error.problem and error.known and error.hint


def _read_or_refuse(text: str) -> None:
    try:
        predicate = parse(text)
    except MispredictError as error:
        assert error.problem and error.known and error.hint
    else:
        assert parse(predicate.text).key == predicate.key
