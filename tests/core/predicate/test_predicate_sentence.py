"""Cohorts in English and as chips."""

from __future__ import annotations

import pytest

from mispredict.core.predicate import Chip, parse

SENTENCES = {
    "Geography = 'Germany' AND Age BETWEEN 50 AND 65": (
        "Geography is Germany and Age is between 50 and 65"
    ),
    "Geography <> 'New York'": "Geography is not “New York”",
    "Age < 5 OR Age >= 60.0": "Age is less than 5 or Age is at least 60",
    "Age > 5.5 AND Age <= 6": "Age is more than 5.5 and Age is at most 6",
    "confidence >= 0.5473677792723697": "confidence is at least 0.547368",
    "x BETWEEN -73.98765432101 AND 12345.67890123": "x is between -73.9877 and 12345.7",
    "x < 0.9999999999": "x is less than 0.9999999999",
    "x < 0.00001234567890123": "x is less than 1.234567890123e-05",
    "a IN ('x', 'y')": "a is x or y",
    "a NOT IN ('x', 'y')": "a is neither x nor y",
    "a IN ('x', 'y', 'z')": "a is one of x, y or z",
    "a NOT IN ('x', 'y', 'z')": "a is none of x, y or z",
    "a NOT BETWEEN 1 AND 2": "a is not between 1 and 2",
    "Balance IS NULL": "Balance is missing",
    "Balance IS NOT NULL": "Balance is not missing",
    "has(text, 'identity')": "text mentions “identity”",
    "NOT has(text, 'identity')": "text does not mention “identity”",
    "name LIKE 'A%'": "name starts with “A”",
    "name NOT LIKE '%A'": "name does not end with “A”",
    "name LIKE '%A%'": "name contains “A”",
    "name LIKE 'A'": "name is “A”",
    "name LIKE 'A_%'": "name matches the pattern “A_%”",
    "tag('reviewed')": "the row is tagged “reviewed”",
    "inside(0, 0, 1, 0, 1, 1)": "the row is inside a lasso of the map",
    "NOT inside(0, 0, 1, 0, 1, 1)": "the row is not inside a lasso of the map",
    "NOT cohort('seniors')": "the row is not in cohort “seniors”",
    "correct": "the prediction is correct",
    "NOT correct": "the prediction is wrong",
    "active": "active is true",
    "NOT active": "active is false",
    "active = FALSE": "active is false",
    "prediction <> label": "prediction differs from label",
    "prediction = label": "prediction equals label",
    "a > b": "a is more than b",
    "length(text) > 100": "the length of text is more than 100",
    "words(text) <= 3": "the number of words in text is at most 3",
    "p('yes') > 0.4": "the probability of yes is more than 0.4",
    "input(label) = 'x'": "input label is x",
    "t >= DATE '2024-01-31'": "t is from 2024-01-31",
    "t < TIMESTAMP '2024-01-31 13:00:00'": "t is before 2024-01-31 13:00:00",
    "a = 1 AND (b = 2 OR c = 3)": "a is 1 and (b is 2 or c is 3)",
    "NOT (a = 1 OR b = 2)": "not (a is 1 or b is 2)",
    "TRUE": "all rows",
    "FALSE": "no rows",
}


@pytest.mark.parametrize(("text", "sentence"), SENTENCES.items(), ids=SENTENCES)
def test_sentence(text: str, sentence: str) -> None:
    assert parse(text).sentence() == sentence


CHIPS = {
    "inside(0, 0, 1, 0, 1, 1)": "lasso of the map",
    "NOT inside(0, 0, 1, 0, 1, 1)": "not lasso of the map",
    "Geography = 'Germany'": "Geography = Germany",
    "a <> 1": "a ≠ 1",
    "a >= 1": "a ≥ 1",
    "prediction <> label": "prediction ≠ label",
    "Age BETWEEN 50 AND 65": "Age 50 to 65",
    "a IN ('x', 'y')": "a: x, y",
    "a NOT IN ('x', 'y', 'z', 'u')": "not a: 4 values",
    "a IS NOT NULL": "not a missing",
    "has(text, 'b')": "text: “b”",
    "tag('x')": "tag x",
    "NOT cohort('x')": "not cohort x",
    "active": "active",
    "text LIKE 'a%'": "text starts with “a”",
    "p('x') > 0.5": "p(x) > 0.5",
    "length(text) > 1": "length of text > 1",
    "words(text) > 1": "words in text > 1",
    "a > 1 OR b": "a > 1 or b",
    "NOT (a OR b)": "not (a or b)",
    " OR ".join(f"column_{n} > {n}" for n in range(5)): "any of 5 conditions",
    "FALSE": "no rows",
}


@pytest.mark.parametrize(("text", "label"), CHIPS.items(), ids=CHIPS)
def test_chip(text: str, label: str) -> None:
    (chip,) = parse(text).chips()
    assert chip.label == label
    assert parse(chip.text) == parse(text)


def test_chips_of_a_conjunction() -> None:
    assert parse("b < a AND (tag('x') OR c IS NULL)").chips() == (
        Chip("b < a", "b < a", ("a", "b")),
        Chip("tag('x') OR c IS NULL", "tag x or c missing", ("c",)),
    )
    assert parse("TRUE").chips() == ()
