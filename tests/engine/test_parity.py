"""A predicate selects the same rows by Arrow, by codes and by DuckDB."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from mispredict.core.predicate import ColumnRef, Predicate, parse
from mispredict.core.predicate import mask as arrow_mask
from mispredict.engine.query import matching
from mispredict.engine.table import Table

from .strategies import FIELDS, conditions, polygons, predicates, tables


@settings(max_examples=300, deadline=None)
@given(tables(), conditions)
def test_codes_answer_each_condition_as_arrow_does(table: Table, where: Predicate) -> None:
    assert np.array_equal(table.mask(where), arrow_mask(where, table))


@settings(max_examples=200, deadline=None)
@given(tables(), predicates)
def test_codes_answer_predicates_as_arrow_does(table: Table, where: Predicate) -> None:
    assert np.array_equal(table.mask(where), arrow_mask(where, table))


@settings(max_examples=50, deadline=None)
@given(tables(), conditions)
def test_duckdb_answers_each_condition_as_arrow_does(table: Table, where: Predicate) -> None:
    assert np.array_equal(matching(table, where), arrow_mask(where, table))


@settings(max_examples=30, deadline=None)
@given(tables(), predicates)
def test_duckdb_answers_predicates_as_arrow_does(table: Table, where: Predicate) -> None:
    assert np.array_equal(matching(table, where), arrow_mask(where, table))


@settings(max_examples=40, deadline=None)
@given(tables(), polygons)
def test_lassos_are_answered_alike(table: Table, where: Predicate) -> None:
    for lasso in (where, ~where, where | parse("map_x > 0")):
        expected = arrow_mask(lasso, table)
        assert np.array_equal(table.mask(lasso), expected)
        assert np.array_equal(matching(table, lasso), expected)


@settings(max_examples=40, deadline=None)
@given(tables())
def test_the_condition_of_a_code_selects_its_rows(table: Table) -> None:
    refs = [ColumnRef(name) for name in FIELDS.names] + [ColumnRef("label", True)]
    for ref in refs:
        coded = table.find_coded(ref.name, ref.is_input)
        if coded is None:
            continue
        for code in range(coded.book.size):
            where = coded.book.condition(ref.name, code, is_input=ref.is_input)
            assert np.array_equal(arrow_mask(where, table), coded.codes == code), where
