"""What the cohort language reads, how it writes it, and what it refuses."""

from __future__ import annotations

import math
from datetime import date, datetime

import numpy as np
import pytest

from mispredict.core.errors import BadPredicate
from mispredict.core.predicate import (
    Always,
    And,
    ColumnRef,
    Compare,
    In,
    Literal,
    Never,
    Predicate,
    all_of,
    any_of,
    at_least,
    at_most,
    between,
    differs,
    equals,
    has,
    is_missing,
    is_true,
    less_than,
    like,
    more_than,
    negate,
    one_of,
    parse,
)
from mispredict.core.predicate.fields import Fields
from mispredict.core.predicate.tree import MAX_DEPTH
from mispredict.core.schema import ColumnType

CANONICAL = {
    "keywords": ("age>1 and not b is null Or c", "(age > 1 AND b IS NOT NULL) OR c"),
    "not of a comparison": ("NOT Age > 60", "Age <= 60"),
    "double not": ("NOT (NOT active)", "active"),
    "three nots": ("NOT NOT NOT active", "NOT active"),
    "not of a group": ("NOT (a OR b)", "NOT (a OR b)"),
    "flattened": ("a AND (b AND (c AND d))", "a AND b AND c AND d"),
    "repeated": ("a AND b AND a AND (b)", "a AND b"),
    "between": ("Age >= 50 AND b AND Age <= 65", "Age BETWEEN 50 AND 65 AND b"),
    "between, upper first": ("Age <= 65 AND Age >= 50", "Age BETWEEN 50 AND 65"),
    "three bounds": ("a >= 1 AND a <= 5 AND a <= 7", "a >= 1 AND a <= 5 AND a <= 7"),
    "not between": ("Age NOT BETWEEN 1 AND 2", "Age NOT BETWEEN 1 AND 2"),
    "between columns": ("a BETWEEN 1 AND b", "a >= 1 AND a <= b"),
    "one value": ("a IN ('x')", "a = 'x'"),
    "no single value": ("a NOT IN ('x')", "a <> 'x'"),
    "repeated value": ("a IN (2, 1, 2.0)", "a IN (2, 1)"),
    "not in": ("NOT a IN (1, 2)", "a NOT IN (1, 2)"),
    "not like": ("a NOT LIKE 'x%'", "a NOT LIKE 'x%'"),
    "other spellings": ("a != 1 AND b == 2", "a <> 1 AND b = 2"),
    "value first": ("60 < Age", "Age > 60"),
    "columns": ("prediction<>label", "prediction <> label"),
    "numbers": ("a = 1e3 AND b > -.5 AND c < +7", "a = 1000.0 AND b > -0.5 AND c < 7"),
    "minus zero": ("a > -0.0", "a > 0.0"),
    "infinity": ("a < 1e999", "a < 1e999"),
    "beyond 64 bits": ("a < 99999999999999999999", "a < 1e+20"),
    "quotes": ("a = 'it''s'", "a = 'it''s'"),
    "needless quotes": ('"Age" > 1', "Age > 1"),
    "needed quotes": ('"Age group" = \'a\' AND "order" > 1', '"Age group" = \'a\' AND "order" > 1'),
    "quote in a name": ('"a""b" > 1', '"a""b" > 1'),
    "other letters": ("größe > 1", '"größe" > 1'),
    "soft keywords": ("row < 9 AND time > 1 AND date = 2", "row < 9 AND time > 1 AND date = 2"),
    "functions": ("HAS(text,'a b') AND Tag('x')", "has(text, 'a b') AND tag('x')"),
    "function names as columns": ("p > 1 AND words < 2 OR has", "(p > 1 AND words < 2) OR has"),
    "lengths": ("length(text) > 9 AND words(text)<3", "length(text) > 9 AND words(text) < 3"),
    "probability": ("p('a b') > .5 OR p(1) > .5", "p('a b') > 0.5 OR p(1) > 0.5"),
    "input": ("input(\"label\") = 'x'", "input(label) = 'x'"),
    "input as text": ("input('label') IS NULL", "input(label) IS NULL"),
    "boolean": ("active = TRUE AND b <> false", "active = TRUE AND b <> FALSE"),
    "date": ("t >= DATE '2024-01-31'", "t >= DATE '2024-01-31'"),
    "midnight": ("t >= TIMESTAMP '2024-01-31 00:00'", "t >= DATE '2024-01-31'"),
    "time": ("t > timestamp '2024-01-31T13:30'", "t > TIMESTAMP '2024-01-31 13:30:00'"),
    "zone": ("t > TIMESTAMP '2024-01-31 13:30+02'", "t > TIMESTAMP '2024-01-31 11:30:00'"),
    "all": ("TRUE", "TRUE"),
    "all and": ("TRUE AND a", "a"),
    "all or": ("a OR TRUE", "TRUE"),
    "none and": ("a AND FALSE", "FALSE"),
    "none or": ("FALSE OR a", "a"),
    "not none": ("NOT FALSE", "TRUE"),
    "spaces": ("\n a\t=\n1 ", "a = 1"),
    "names and values of the parser's own": (
        "\"0\" = '1' AND mp_has = 2",
        "\"0\" = '1' AND mp_has = 2",
    ),
}


@pytest.mark.parametrize(("text", "canonical"), CANONICAL.values(), ids=CANONICAL)
def test_canonical_text(text: str, canonical: str) -> None:
    assert parse(text).text == canonical
    assert parse(canonical).text == canonical
    assert parse(canonical) == parse(text)


SAME = {
    "order": ("a AND b = 1", "b = 1 AND a"),
    "order inside": ("c OR (a AND b)", "(b AND a) OR c"),
    "between": ("a BETWEEN 1 AND 2 AND b", "a <= 2 AND b AND a >= 1"),
    "three bounds": ("a BETWEEN 1 AND 5 AND a <= 7", "a <= 7 AND a <= 5 AND a >= 1"),
    "in": ("a IN (1, 2, 3)", "a = 3 OR a IN (2, 1)"),
    "not in": ("a NOT IN (1, 2)", "a <> 1 AND NOT a = 2"),
    "whole floats": ("a > 60.0", "a > 60"),
    "booleans": ("a = TRUE AND b = FALSE AND c <> FALSE", "a AND NOT b AND c"),
    "sides": ("a < b AND c = d", "b > a AND d = c"),
    "de morgan": ("NOT (a AND b > 1)", "NOT a OR b <= 1"),
    "not between": ("a NOT BETWEEN 1 AND 2", "a < 1 OR a > 2"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_same_conditions_are_one_cohort(one: str, other: str) -> None:
    assert parse(one) == parse(other)
    assert len({parse(one), parse(other)}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = 1", "a = '1'"),
        ("a AND b OR c", "a AND (b OR c)"),
        ("a = 'x'", "a = 'X'"),
        ("a", "A"),
        ("label = 1", "input(label) = 1"),
        ("a = 'TRUE'", "a = TRUE"),
        ("tag('a')", "cohort('a')"),
        ("a < 1", "a <= 1"),
    ],
)
def test_other_conditions_are_other_cohorts(one: str, other: str) -> None:
    assert parse(one) != parse(other)


REFUSED = {
    "empty": ("", "the cohort is empty"),
    "spaces only": (" \n", "the cohort is empty"),
    "comment": ("a = 1 -- x", "'--' at character 7"),
    "block comment": ("a /* x */ = 1", "'/*' at character 3"),
    "semicolon": ("a = 1; DROP TABLE x", "';' at character 6"),
    "cast": ("a::int = 1", "'::' at character 2"),
    "bracket": ("a[0] = 1", "'[' at character 2"),
    "brace": ("a = {'b': 1}", "'{' at character 5"),
    "dollar": ("a = $1", "'$' at character 5"),
    "backslash": ("a = \\x", "'\\\\' at character 5"),
    "backtick": ("`a` = 1", "'`' at character 1 is not a quote"),
    "typographic quote": ("a = ‘x’", "'‘' at character 5 is not a quote"),
    "NUL": ("a = 'x\0'", "cannot stand in a cohort"),
    "surrogate": ("a = '\ud800'", "cannot stand in a cohort"),
    "CASE": ("CASE WHEN a THEN b END", "CASE at character 1"),
    "subquery": ("a IN (SELECT 1)", "SELECT at character 7"),
    "exists": ("EXISTS (a)", "EXISTS at character 1"),
    "cast function": ("CAST(a AS int) = 1", "CAST at character 1"),
    "ilike": ("a ILIKE 'x'", "ILIKE at character 3"),
    "escape": ("a LIKE 'x' ESCAPE 'y'", "ESCAPE at character 12"),
    "unknown function": ("read_csv('/etc/passwd')", "no function 'read_csv'"),
    "quoted function": ("\"has\"(text, 'a')", "nothing joins '\"has\"'"),
    "arithmetic": ("a - 1 > 2", "arithmetic is not part"),
    "product": ("a * 2 > 2", "'*' at character 3"),
    "open string": ("a = 'x", "the quote at character 5 is not closed"),
    "open name": ('"a = 1', "the quote at character 1 is not closed"),
    "open bracket": ("(a = 1", "a bracket '(' is not closed"),
    "closed bracket": ("a = 1)", "closes none"),
    "empty brackets": ("()", "doesn't have"),
    "bytes": ("a = x'ab'", "touches what stands beside it"),
    "joined strings": ("a = 'x''y' 'z'", "nothing joins"),
    "no number": ("a = 1x", "'1x' at character 5 is not a number"),
    "grouped digits": ("a = 1_000", "is not a number"),
    "no value": ("Age >", "cannot be read near '>' at character 5"),
    "no column": ("> 5", "nothing stands before '>' at character 1"),
    "no condition": ("a AND", "cannot be read near 'AND' at character 3"),
    "two operators": ("a = > 5", "nothing stands before '>' at character 5"),
    "keyword alone": ("IN", "nothing stands before 'IN' at character 1"),
    "keyword as function": ("LIKE(a, 'b')", "nothing stands before 'LIKE'"),
    "joiner as function": ("AND(a, b)", "nothing stands before 'AND'"),
    "test without column": ("NOT IN (1)", "nothing stands before 'IN'"),
    "not of several": ("NOT (a, b)", "doesn't have"),
    "no test": ("a NOT", "cannot be read near"),
    "no test, but a joiner": ("a NOT AND b", "cannot be read near 'AND' at character 7"),
    "no test in brackets": ("(a NOT) OR b", "cannot be read near"),
    "no test, but a comparison": ("a NOT = 1", "cannot be read near '='"),
    "no test, but a column": ("a NOT b", "nothing joins 'NOT' and 'b'"),
    "null of null": ("NULL IS NULL", "doesn't have"),
    "no joiner": ("Geography = New York", "nothing joins 'New' and 'York' at character 17"),
    "two values": ("1 = 1", "compares two values"),
    "value alone": ("5", "5 alone is not a condition"),
    "text alone": ("'a'", "'a' alone is not a condition"),
    "number function alone": ("length(a)", "is a number, not a condition"),
    "condition as value": ("has(a, 'b') = 1", "is a condition, not a value"),
    "comparison as value": ("a < b < c", "a condition stands where a value is needed"),
    "not as value": ("a = NOT b", "NOT cannot follow '='"),
    "equals null": ("a = NULL", "NULL cannot be compared"),
    "in null": ("a IN (1, NULL)", "NULL cannot be compared"),
    "in nothing": ("a IN ()", "IN needs at least one value"),
    "in without brackets": ("a IN 5", "IN needs at least one value"),
    "in a column": ("a IN (b)", "the column b stands where a value is needed"),
    "value in": ("5 IN (5)", "5 stands where a column is needed"),
    "is true": ("a IS TRUE", "IS is followed by NULL"),
    "like a number": ("a LIKE 5", "LIKE needs a text"),
    "like of a function": ("length(a) LIKE 'x'", "a column is needed"),
    "row value": ("(a, b) = (1, 2)", "doesn't have"),
    "alias": ("a = 1 AS b", "AS at character 7"),
    "qualified name": ("data.a = 1", "'.' at character 5"),
    "has without phrase": ("has(text)", "has() has the wrong arguments"),
    "has nothing": ("has(text, ' ')", "has() needs a phrase"),
    "has a column": ("has(text, other)", "stands where a value is needed"),
    "tag of a name": ("tag(x)", "the column x stands where a value is needed"),
    "tag of a number": ("tag(1)", "tag() has the wrong arguments"),
    "three arguments": ("tag('a', 'b', 'c')", "tag() has the wrong arguments"),
    "p of three": ("p('a', 'b', 'c') > 1", "p() has the wrong arguments"),
    "length of text": ("length('a') > 1", "a column is needed"),
    "no date": ("t > DATE '2024-13-01'", "'2024-13-01' is not a date"),
}


@pytest.mark.parametrize(("text", "problem"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, problem: str) -> None:
    with pytest.raises(BadPredicate) as caught:
        parse(text)
    assert problem in caught.value.problem
    assert caught.value.known and caught.value.hint


HOSTILE = {
    "open brackets": "(" * 10_000,
    "brackets": "(" * 1_000 + "a" + ")" * 1_000,
    "nots": "NOT " * 3_000 + "a",
    "nots and brackets": "NOT (" * 500 + "a" + ")" * 500,
    "alternating": "(a OR b AND " * 500 + "a" + ")" * 500,
    "many terms": " AND ".join(["a = 1"] * 5_000),
    "comparisons": "a = " * 1_500 + "a",
    "nots as values": "a = NOT " * 1_000 + "b",
    "indexes": "[0]" * 900,
    "quotes": "'" * 19_999,
    "digits": "a = " + "1" * 19_000,
    "signs": "- " * 9_000,
    "calls": "p(" * 5_000,
    "betweens": "a BETWEEN 1 AND " * 900 + "1",
    "likes": "a LIKE " * 1_500 + "a",
    "long": "a" * 1_000_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(BadPredicate) as caught:
        parse(text)
    assert len(str(caught.value)) < 600


WIDE = {
    "and": " AND ".join(f"a <> {n}" for n in range(900)),
    "or of and": " OR ".join(f"(a = {n} AND b)" for n in range(500)),
    "in": f"a IN ({', '.join(map(str, range(1_500)))})",
    "deep": "a OR (b AND (" * 9 + "c" + "))" * 9,
}


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE)
def test_wide_and_deep_cohorts_work_everywhere(text: str) -> None:
    predicate = parse(text)
    assert parse(predicate.text).to_dict() == predicate.to_dict()
    assert Predicate.from_dict(predicate.to_dict()) == predicate
    assert predicate.sentence() and predicate.chips() and predicate.columns()
    assert ~~predicate == predicate


def test_trees_made_in_code_have_the_same_depth_limit() -> None:
    predicate = parse("a")
    with pytest.raises(BadPredicate, match="too deeply"):
        for number in range(30):
            predicate = ~(predicate & equals("b", number)) | is_true("c")


@pytest.mark.parametrize("kind", ["or in and", "not and"])
def test_the_deepest_tree_can_be_read_again(kind: str) -> None:
    predicate = ~has(ColumnRef("text", is_input=True), "x")
    number = 0
    while predicate.depth < MAX_DEPTH - 1:
        number += 1
        predicate = predicate & equals("a", number)
        predicate = ~predicate if kind == "not and" else predicate | equals("b", number)
    assert predicate.depth == MAX_DEPTH - 1
    assert parse(predicate.text).text == predicate.text
    deepest = predicate & is_true("c")
    assert parse(deepest.text).text == deepest.text


CONSTRUCTED = {
    "equals": (equals("Geography", "Germany"), "Geography = 'Germany'"),
    "differs": (differs("a", 1), "a <> 1"),
    "at_least": (at_least("a", 1.5), "a >= 1.5"),
    "at_most": (at_most("a", 1), "a <= 1"),
    "more_than": (more_than("a", 1), "a > 1"),
    "less_than": (less_than("a", 1), "a < 1"),
    "between": (between("a", 1, 2), "a BETWEEN 1 AND 2"),
    "one_of": (one_of("a", ["x", "y"]), "a IN ('x', 'y')"),
    "one of one": (one_of("a", ["x"]), "a = 'x'"),
    "one of none": (one_of("a", []), "FALSE"),
    "is_missing": (is_missing("a b"), '"a b" IS NULL'),
    "is_true": (is_true("a"), "a"),
    "has": (has("text", "it's"), "has(text, 'it''s')"),
    "like": (like("text", "a%"), "text LIKE 'a%'"),
    "input": (equals(ColumnRef("label", is_input=True), 1), "input(label) = 1"),
    "two columns": (differs("label", ColumnRef("prediction")), "label <> prediction"),
    "all_of": (all_of([is_true("a"), is_true("b")]), "a AND b"),
    "all of none": (all_of([]), "TRUE"),
    "any_of": (any_of([is_true("a"), is_true("b")]), "a OR b"),
    "any of none": (any_of([]), "FALSE"),
    "negate": (negate(less_than("a", 1)), "a >= 1"),
    "operators": (~(is_true("a") | is_true("b")) & is_true("c"), "NOT (a OR b) AND c"),
    "numpy": (one_of("a", np.array([1, 2])), "a IN (1, 2)"),
    "numpy text": (equals("a", np.str_("x")), "a = 'x'"),
    "numpy float": (equals("a", np.float32(0.5)), "a = 0.5"),
    "numpy boolean": (equals("a", np.bool_(True)), "a = TRUE"),
    "date": (equals("t", date(2024, 1, 31)), "t = DATE '2024-01-31'"),
    "moment": (at_least("t", datetime(2024, 1, 31, 13)), "t >= TIMESTAMP '2024-01-31 13:00:00'"),
    "infinity": (less_than("a", -math.inf), "a < -1e999"),
}


@pytest.mark.parametrize(("predicate", "text"), CONSTRUCTED.values(), ids=CONSTRUCTED)
def test_constructors(predicate: Predicate, text: str) -> None:
    assert predicate.text == text == str(predicate)
    assert parse(text) == predicate
    assert repr(predicate) == f"parse({text!r})"


@pytest.mark.parametrize("value", [math.nan, None, [1], b"x", np.datetime64("NaT"), "\0"], ids=repr)
def test_values_that_cannot_stand_in_a_cohort(value: object) -> None:
    with pytest.raises(BadPredicate, match="cannot stand in a cohort"):
        equals("a", value)


def test_missing_date_of_pandas() -> None:
    import pandas as pd

    with pytest.raises(BadPredicate, match="missing date"):
        equals("t", pd.NaT)
    moment = pd.Timestamp("2024-01-31 13:00:00.000000001", tz="Europe/Berlin")
    assert equals("t", moment).text == "t = TIMESTAMP '2024-01-31 12:00:00'"


def test_unknown_operator() -> None:
    from mispredict.core.predicate import compare

    with pytest.raises(BadPredicate, match="no operator 'like'"):
        compare("a", "like", 1)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("mean radius > 3", '"mean radius"'),
        ("Age > 3 AND MEAN radius > 3", '"mean radius"'),
        ("worst mean radius > 3", '"worst mean radius"'),
        ("net worth > 3", '"net worth"'),
        ("Geography = New York", "'New York'"),
        ("Age > mean radius", '"mean radius"'),
    ],
)
def test_words_side_by_side_are_a_name_in_double_quotes(text: str, hint: str) -> None:
    number = ColumnType.NUMERIC
    columns = dict.fromkeys(["Age", "mean radius", "worst mean radius"], number)
    with pytest.raises(BadPredicate) as caught:
        parse(text, Fields(columns | {"Geography": ColumnType.CATEGORICAL}, {}))
    assert caught.value.hint == hint
    assert "double quotes" in str(caught.value)


def test_not_text() -> None:
    with pytest.raises(BadPredicate, match="a cohort is text, not int"):
        parse(5)  # type: ignore[arg-type]


def test_tree_is_plain() -> None:
    predicate = parse("a = 1 AND b IN ('x', 'y')")
    assert isinstance(predicate, And)
    first, second = predicate.terms
    assert isinstance(first, Compare) and isinstance(second, In)
    assert (first.left, first.op, first.right) == (ColumnRef("a"), "=", Literal(1))
    assert second.values == (Literal("x"), Literal("y"))
    assert isinstance(parse("TRUE"), Always) and isinstance(parse("FALSE"), Never)


def test_what_a_cohort_reads() -> None:
    predicate = parse("length(a) > 1 AND tag('t') AND NOT (cohort('c') OR p('x') > input(b))")
    assert predicate.columns() == {ColumnRef("a"), ColumnRef("p_x"), ColumnRef("b", is_input=True)}
    assert predicate.tags() == {"t"}
    assert predicate.cohorts() == {"c"}
