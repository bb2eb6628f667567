"""Attributions of the tokens of texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mispredict.core.schema import ColumnType
from mispredict.explain.attributions import Subject, choose, explainers
from mispredict.explain.tokens import MOST_PLAYERS, TextGame, find_tokens

from .games import Floats
from .subjects import subject, targets

SCORES = {"good": 2.0, "bad": -3.0, "not": -1.0}


def feeling(rows: pd.DataFrame) -> Floats:
    """Sum of the scores of its words."""
    return np.array(
        [sum(SCORES.get(word, 0.0) for word in text.lower().split()) for text in rows["text"]]
    )


def texts(*values: Any) -> pd.DataFrame:
    return pd.DataFrame({"text": pd.Series(list(values), dtype=object)})


def asked(frame: pd.DataFrame, **options: Any) -> Subject:
    kinds = dict.fromkeys(frame.columns, ColumnType.NUMERIC) | {"text": ColumnType.TEXT}
    return subject(feeling, frame, kinds=kinds, **options)


def test_tokens_are_those_of_the_cohort_language() -> None:
    found = find_tokens("It isn't — 'bad'… 42_x é!")
    assert [token.text for token in found] == ["It", "isn't", "'bad'", "42_x", "é"]
    assert all(
        token.text == "It isn't — 'bad'… 42_x é!"[token.start : token.end] for token in found
    )
    assert find_tokens(None) == ()


def test_many_tokens_are_taken_together() -> None:
    found = find_tokens(" ".join(f"w{i}" for i in range(1000)))
    assert len(found) == MOST_PLAYERS
    assert found[0].text.startswith("w0 w1 ")
    assert found[-1].text.endswith(" w999")


@pytest.mark.parametrize(("mask", "expected"), [(None, "very here"), ("__", "very __ here")])
def test_what_a_token_taken_out_leaves(mask: str | None, expected: str) -> None:
    frame = texts("very good here")
    game = TextGame(frame, "text", [find_tokens("very good here")], mask)
    kept = np.array([[True, False, True]])
    changed = game.frame(np.array([0]), kept, np.array([0]))
    assert changed["text"].tolist() == [expected]
    assert changed["text"].dtype == frame["text"].dtype


@pytest.mark.parametrize("method", ["tokens", "leave-one-out", "lime-tokens"])
def test_words_get_their_scores(method: str) -> None:
    frame = texts("a good day", "not bad but not good", "nothing at all")
    batch = explainers()[method](asked(frame)).explain(frame, targets(3))
    assert batch.tokens is not None
    for own, values, text in zip(batch.tokens, batch.values, frame["text"], strict=True):
        expected = [SCORES.get(word, 0.0) for word in text.split()]
        tolerance = 0.3 if method == "lime-tokens" else 1e-9
        np.testing.assert_allclose(values[: len(own)], expected, atol=tolerance)
        assert np.isnan(values[len(own) :]).all()
    if method == "tokens":
        assert batch.errors is not None
        assert np.nanmax(batch.errors) < 1e-9
        total = batch.base + np.nansum(batch.values, axis=1)
        np.testing.assert_allclose(total, batch.output)


def test_texts_that_are_empty_or_missing_are_explained_by_nothing() -> None:
    frame = texts("good", "", None)

    def model(rows: pd.DataFrame) -> Floats:
        return np.array([float("good" in (text or "")) for text in rows["text"]])

    kinds = {"text": ColumnType.TEXT}
    batch = explainers()["tokens"](subject(model, frame, kinds=kinds)).explain(frame, targets(3))
    assert batch.values[0, 0] == 1.0
    assert np.isnan(batch.values[1:]).all()
    assert batch.output.tolist() == [1.0, 0.0, 0.0]


def test_a_model_of_one_text_is_explained_by_tokens() -> None:
    frame = texts("good", "bad", "fine")
    assert choose(asked(frame)).explainer.method == "tokens"
    both = frame.assign(age=[1.0, 2.0, 3.0])
    kinds = {"text": ColumnType.TEXT, "age": ColumnType.NUMERIC}
    found = choose(subject(feeling, both, kinds=kinds))
    assert found.explainer.features == ("text", "age")
    tokens = choose(subject(feeling, both, kinds=kinds, column="text"), "tokens")
    batch = tokens.explainer.explain(both, targets(3))
    assert batch.values[:, 0].tolist() == [2.0, -3.0, 0.0]
