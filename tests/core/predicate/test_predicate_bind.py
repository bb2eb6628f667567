"""Names, types, classes and dates of a cohort against the columns of an evaluation."""

from __future__ import annotations

import pytest

from mispredict.core.errors import BadPredicate, UnknownColumn
from mispredict.core.predicate import Fields, parse
from mispredict.core.schema import Column, ColumnType, Schema

from .cohorts import CATEGORICAL, FIELDS

BOUND = {
    "case": ("WHOLE > 1 AND geography = 'x'", "whole > 1 AND Geography = 'x'"),
    "reserved wins": ("label = 'Exited'", "label = 'Exited'"),
    "hidden input": ("input(LABEL) = 'any'", "input(label) = 'any'"),
    "input that is not hidden": ("input(whole) > 1", "whole > 1"),
    "class in probability": ("P('Exited') > 0.5", "p('Exited') > 0.5"),
    "text order": ("Geography > 'M'", "Geography > 'M'"),
    "number columns": ("whole < real", "whole < real"),
    "text columns": ('text = "Age group"', 'text = "Age group"'),
    "label and prediction": ("prediction <> label", "prediction <> label"),
    "date": ("time >= '2024-01-31'", "time >= DATE '2024-01-31'"),
    "dates": (
        "seen BETWEEN '2024-01-31' AND '2024-02-01T12:00Z'",
        "seen BETWEEN DATE '2024-01-31' AND TIMESTAMP '2024-02-01 12:00:00'",
    ),
    "date list": ("seen IN ('2024-01-31', '20240131')", "seen = DATE '2024-01-31'"),
    "boolean": ("correct AND NOT active", "correct AND NOT active"),
    "boolean value": ("active = FALSE", "active = FALSE"),
    "missing image": ("path IS NULL", "path IS NULL"),
    "topic": ("has(topics, 'sport')", "has(topics, 'sport')"),
    "storage unknown": ("split = 1 OR split = 'test'", "split = 1 OR split = 'test'"),
    "tag": ("NOT tag('x') OR cohort('y')", "NOT tag('x') OR cohort('y')"),
    "becomes one": ("whole > 1 AND WHOLE > 1", "whole > 1"),
}


@pytest.mark.parametrize(("text", "bound"), BOUND.values(), ids=BOUND)
def test_bound(text: str, bound: str) -> None:
    assert parse(text, FIELDS).text == bound
    assert parse(bound, FIELDS).text == bound
    assert parse(text).bind(FIELDS) == parse(bound, FIELDS)


REFUSED = {
    "number and text": (
        "whole = 'abc'",
        "whole = 'abc' compares a number with a text.",
        "whole is numeric.",
        "whole > 0",
    ),
    "quoted number": (
        "whole = '5'",
        "whole = '5' compares a number with a text.",
        "whole is numeric.",
        "whole = 5",
    ),
    "text and number": (
        "text > 5",
        "text > 5 compares a text with a number.",
        "text is text.",
        "length(text) > 5",
    ),
    "number for a category": (
        "Geography = 1",
        "Geography = 1 compares a text with a number.",
        "Geography is categorical (stored as string).",
        "Geography = '1'",
    ),
    "number in a list": (
        "Geography IN ('a', 1)",
        "Geography = 1 compares a text with a number.",
        "Geography is categorical (stored as string).",
        "Geography = '1'",
    ),
    "boolean and number": (
        "active = 1",
        "active = 1 compares a boolean with a number.",
        "active is boolean.",
        "active = TRUE, or active = FALSE",
    ),
    "number and boolean": (
        "loss = TRUE",
        "loss = TRUE compares a number with a boolean.",
        "loss is numeric.",
        "loss > 0",
    ),
    "ordered boolean": (
        "active < TRUE",
        "< does not order booleans.",
        "active is boolean.",
        "active = TRUE",
    ),
    "date and number": (
        "time > 2024",
        "time > 2024 compares a date with a number.",
        "time is datetime.",
        "time >= '2024-01-31'",
    ),
    "number and date": (
        "whole > DATE '2024-01-31'",
        "whole > DATE '2024-01-31' compares a number with a date.",
        "whole is numeric.",
        "whole > 0",
    ),
    "year alone": (
        "time > '2024'",
        "'2024' is not a date.",
        "Dates are written as in ISO 8601: year, month, day, then the time if any.",
        "'2024-01-31' or '2024-01-31 13:30:00'",
    ),
    "has on a number": (
        "has(whole, 'x')",
        "has(whole, 'x') needs text.",
        "whole is numeric.",
        "whole > 0",
    ),
    "like on a number": (
        "whole LIKE 'x'",
        "whole LIKE 'x' needs text.",
        "whole is numeric.",
        "whole > 0",
    ),
    "length of a date": (
        "length(seen) > 1",
        "length(seen) needs text.",
        "seen is datetime.",
        "seen >= '2024-01-31'",
    ),
    "unlike columns": (
        "whole = text",
        "whole = text compares unlike columns.",
        "whole is numeric; text is text.",
        "two columns of one type",
    ),
    "number alone": (
        "whole",
        "whole alone is not a condition.",
        "whole is numeric, not boolean.",
        "whole > 0, or whole IS NOT NULL",
    ),
    "image": ("path = 'x'", "path cannot be compared.", "path is image.", "path IS NULL"),
    "labels": (
        "topics = 'x'",
        "topics cannot be compared.",
        "topics is labels.",
        "has(topics, 'label')",
    ),
    "no such class": (
        "label = 'Retaind'",
        "no class 'Retaind'.",
        "Class names like it: 'Retained'.",
        "label = 'Exited'",
    ),
    "case of a class": (
        "prediction IN ('exited', 'Retained')",
        "no class 'exited'.",
        "Class names like it: 'Exited'.",
        "prediction = 'Exited'",
    ),
    "class of a probability": (
        "p('x') > 0.5",
        "no class 'x'.",
        "Class names like it: 'Exited'.",
        "p('Exited')",
    ),
}


@pytest.mark.parametrize(("text", "problem", "known", "hint"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, problem: str, known: str, hint: str) -> None:
    with pytest.raises(BadPredicate) as caught:
        parse(text, FIELDS)
    error = caught.value
    assert (error.problem, error.known, error.hint) == (problem, known, hint)


@pytest.mark.parametrize(
    ("text", "known", "hint"),
    [
        ("Geograhpy = 'x'", "Columns like it: 'Geography'.", "one of these names"),
        (
            "Geography = Germany",
            "Columns like it: 'Geography'.",
            "text in single quotes: 'Germany'",
        ),
        ("input(loss) > 1", "Known columns: 'whole', 'real', 'text'", "one of these names"),
    ],
    ids=["misspelt", "text without quotes", "reserved, but no input"],
)
def test_unknown_column(text: str, known: str, hint: str) -> None:
    with pytest.raises(UnknownColumn) as caught:
        parse(text, FIELDS)
    assert known in caught.value.known
    assert caught.value.hint == hint


def test_names_that_differ_in_case() -> None:
    fields = Fields({"Age": ColumnType.NUMERIC, "AGE": ColumnType.NUMERIC}, {})
    assert parse("AGE > 1", fields).text == "AGE > 1"
    with pytest.raises(BadPredicate, match="could be several columns") as caught:
        parse("age > 1", fields)
    assert caught.value.known == "Columns: 'Age', 'AGE'."


CLASSES = {
    "numbers": ((0, 1), "label = 1 AND label > 0", "label = 1 AND label > 0"),
    "floats for numbers": ((0, 1), "label = 1.0", "label = 1"),
    "text probability of numbers": ((0, 1), "p('1') > 0.5", "p(1) > 0.5"),
    "number probability of text": (("0", "1"), "p(1) > 0.5", "p('1') > 0.5"),
    "booleans": ((False, True), "label AND p('True') > 0.5", "label AND p(TRUE) > 0.5"),
    "boolean value": ((False, True), "prediction = FALSE", "prediction = FALSE"),
    "one and true": ((0, 1), "p(1) > 0.5", "p(1) > 0.5"),
}


@pytest.mark.parametrize(("classes", "text", "bound"), CLASSES.values(), ids=CLASSES)
def test_classes_of_every_type(classes: tuple[object, ...], text: str, bound: str) -> None:
    reserved = {"label": CATEGORICAL, "prediction": CATEGORICAL}
    assert parse(text, Fields({}, reserved, classes)).text == bound  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("classes", "text", "hint"),
    [
        ((0, 1), "label = '1'", "label = 1"),
        (("0", "1"), "label = 1", "label = '1'"),
        ((0, 1), "label = TRUE", "label > 0"),
        ((False, True), "label = 1", "label = TRUE, or label = FALSE"),
        ((), "p('x') > 0.5", "a column of numbers"),
    ],
    ids=[
        "text for numbers",
        "number for text",
        "boolean for numbers",
        "number for boolean",
        "none",
    ],
)
def test_values_of_another_type_than_the_classes(
    classes: tuple[object, ...], text: str, hint: str
) -> None:
    fields = Fields({}, {"label": CATEGORICAL}, classes)  # type: ignore[arg-type]
    with pytest.raises(BadPredicate) as caught:
        parse(text, fields)
    assert caught.value.hint == hint


def test_multilabel_classes() -> None:
    fields = Fields({}, {"label": ColumnType.LABELS}, ("cat", "dog"))
    assert parse("has(label, 'cat')", fields).text == "has(label, 'cat')"
    with pytest.raises(BadPredicate, match="no class 'cta'"):
        parse("has(label, 'cta')", fields)


@pytest.mark.parametrize(
    ("storage", "text"),
    [
        ("int64", "code = 1"),
        ("dictionary<values=int16, indices=int8, ordered=0>", "code = 1"),
        ("bool", "code = TRUE"),
        ("string", "code = '1'"),
        ("large_string", "code = '1'"),
        ("", "code = 1"),
        ("", "code = '1'"),
    ],
)
def test_categories_are_compared_as_they_are_stored(storage: str, text: str) -> None:
    schema = Schema((Column("code", CATEGORICAL, storage=storage),))
    fields = Fields.of(schema, {})
    assert parse(text, fields).text == text
    if storage:
        with pytest.raises(BadPredicate):
            parse("code = DATE '2024-01-01'", fields)
