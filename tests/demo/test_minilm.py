"""The packaged sentence model: word pieces as its own tokenizer cuts them, and a real meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mispredict.core.errors import BadDataset

pytest.importorskip("onnxruntime")

# Numbers that the tokenizer's own library gives for these texts.
KNOWN: dict[str, list[int]] = {
    "Hello, world!": [101, 7592, 1010, 2088, 999, 102],
    "Un café très cher: 12.50€ (naïve)": [
        101,
        4895,
        7668,
        24403,
        24188,
        1024,
        2260,
        1012,
        2753,
        30102,
        1006,
        15743,
        1007,
        102,
    ],
    "unbelievably antidisestablishmentarianism": [
        101,
        4895,
        8671,
        2666,
        3567,
        6321,
        3424,
        10521,
        4355,
        7875,
        13602,
        3672,
        12199,
        2964,
        102,
    ],
    "@user's #tag :-) 日本語 text": [
        101,
        1030,
        5310,
        1005,
        1055,
        1001,
        6415,
        1024,
        1011,
        1007,
        1864,
        1876,
        1950,
        3793,
        102,
    ],
    "tabs\tand\nlines  ": [101, 21628, 2015, 1998, 3210, 102],
    "": [101, 102],
    "x" * 120 + " end": [
        101,
        100,
        2203,
        102,
    ],
}


@pytest.fixture(scope="module")
def minilm() -> Any:
    from mispredict.demo import minilm

    try:
        minilm.pieces("a")
        minilm.embed(["a"])
    except BadDataset as error:
        pytest.skip(f"offline: {error}")
    return minilm


@pytest.mark.parametrize("text", list(KNOWN), ids=range(len(KNOWN)))
def test_word_pieces_are_the_tokenizers(minilm: Any, text: str) -> None:
    assert minilm.pieces(text) == KNOWN[text]


def test_like_meanings_are_near(minilm: Any) -> None:
    texts = ["I want my money back", "Please refund the payment", "The weather is sunny", None]
    vectors = minilm.embed(texts)
    assert vectors.shape == (4, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    near = vectors @ vectors.T
    assert near[0, 1] > near[0, 2] + 0.2
    np.testing.assert_allclose(minilm.embed(texts[::-1])[::-1], vectors, atol=0.05)


def test_it_embeds_for_clusters(minilm: Any, tmp_path: Any) -> None:
    import pandas as pd

    import mispredict as mp

    embed: Callable[[Any], Any] = minilm.embed
    texts = [f"please refund order {i}" if i % 2 else f"sunny day number {i}" for i in range(240)]
    frame = pd.DataFrame({"text": texts, "y": ["a", "b"] * 120})
    wrong = np.array([i % 2 == 1 and i % 3 != 0 for i in range(240)])
    answers = frame["y"].where(~wrong, frame["y"].map({"a": "b", "b": "a"}))
    with mp.open(tmp_path / "ws") as ws:
        ws.add_dataset("d", frame, label="y", types={"text": "text"})
        ev = ws.add_predictions("m", "d", pd.DataFrame({"prediction": answers}))
        found = ev.clusters("text", embedding=embed, n=4)
    assert "refund" in found.rows[0].sentence
