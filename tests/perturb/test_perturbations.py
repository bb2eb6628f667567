"""Every perturbation: its example, its declaration, and what holds for all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.perturb import PERTURBATIONS, apply
from mispredict.perturb.examples import answer, examples

TEXT = [name for name in PERTURBATIONS if PERTURBATIONS[name].on == "text"]
TABULAR = [name for name in PERTURBATIONS if PERTURBATIONS[name].on == "tabular"]
# Whose change is the same at any strength, or grows by sentences instead of places.
_PARAPHRASER: dict[str, Any] = {"paraphraser": lambda texts: [text[::-1] for text in texts]}
SENTENCES = [
    "She doesn't think the food in Paris was good, and Emily is not happy.",
    "He's 42; order No. 4711 came late!",
    "“Größe” – naïve’s not o.k.?",
    "",
    "a",
    "I loved it, I really did. My doctor, a Polish man, HATED it.",
    "日本語のテキスト and English words",
]


def options(name: str) -> dict[str, Any]:
    return _PARAPHRASER if name == "paraphrase" else {}


def table(n: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "age": rng.integers(18, 80, n),
            "income": rng.normal(30_000, 9_000, n).round(2),
            "plan": rng.choice(["basic", "family", "gold"], n),
            "kind": pd.Categorical(rng.choice(["a", "b"], n)),
            "is_member": rng.random(n) < 0.5,
        }
    )


@pytest.mark.parametrize("name", [*TEXT, *TABULAR])
def test_every_perturbation_has_an_example_that_says_what_happens(name: str) -> None:
    found = examples(PERTURBATIONS[name])
    assert found
    for source, want in found:
        assert answer(source) == want


@pytest.mark.parametrize("name", [*TEXT, *TABULAR])
def test_every_perturbation_says_what_it_is(name: str) -> None:
    item = PERTURBATIONS[name]
    assert item.summary.endswith((".", "."))
    for option in item.options:
        assert f"{option}:" in item.doc, f"option {option} of {name} is not described"


@pytest.mark.parametrize("name", TEXT)
def test_texts_are_changed_alike_whatever_rows_are_beside_them(name: str) -> None:
    texts = SENTENCES * 3
    whole = apply(name, texts, 0.4, 7, **options(name)).after
    rows = np.array([20, 3, 11, 5])
    part = apply(name, [texts[row] for row in rows], 0.4, 7, rows=rows, **options(name)).after
    assert part == [whole[row] for row in rows]


@pytest.mark.parametrize("name", TABULAR)
def test_rows_are_changed_alike_whatever_rows_are_beside_them(name: str) -> None:
    from mispredict.perturb import Reference

    frame, rows = table(), np.array([20, 3, 11, 5])
    reference = Reference.of(frame)
    whole = apply(name, frame, 0.4, 7, reference=reference).after.iloc[rows]
    part = apply(name, frame.iloc[rows], 0.4, 7, rows=rows, reference=reference).after
    pd.testing.assert_frame_equal(part, whole, check_dtype=False)


@pytest.mark.parametrize("name", TEXT)
def test_strength_0_changes_no_text(name: str) -> None:
    altered = apply(name, SENTENCES, 0, **options(name))
    assert altered.after == SENTENCES
    assert not altered.is_changed.any()


@pytest.mark.parametrize("name", TABULAR)
def test_strength_0_changes_no_row(name: str) -> None:
    altered = apply(name, table(), 0)
    pd.testing.assert_frame_equal(altered.after, table())
    assert not altered.is_changed.any()


@pytest.mark.parametrize("name", TEXT)
def test_is_changed_says_which_texts_differ(name: str) -> None:
    altered = apply(name, SENTENCES, 0.5, 3, **options(name))
    differ = [new != old for new, old in zip(altered.after, SENTENCES, strict=True)]
    assert altered.is_changed.tolist() == differ
    assert any(differ)


@pytest.mark.parametrize("name", TABULAR)
def test_given_frames_stay_as_they_were(name: str) -> None:
    frame = table()
    altered = apply(name, frame, 0.5, 3)
    pd.testing.assert_frame_equal(frame, table())
    assert list(altered.after.columns) == list(frame.columns)
    assert altered.after.index.equals(frame.index)
    assert altered.is_changed.any()


@pytest.mark.parametrize("name", TEXT)
@settings(max_examples=25, deadline=None)
@given(
    texts=st.lists(st.text(max_size=40), max_size=8),
    strength=st.floats(0, 1),
    seed=st.integers(0, 1000),
)
def test_any_text_stays_a_text(name: str, texts: list[str], strength: float, seed: int) -> None:
    after = apply(name, texts, strength, seed, **options(name)).after
    assert len(after) == len(texts)
    for text in after:
        text.encode("utf-8")
    assert after == apply(name, texts, strength, seed, **options(name)).after


@pytest.mark.parametrize("name", ["typo_swap", "typo_keyboard", "upper_case", "lookalike"])
def test_what_changes_at_a_strength_changes_at_a_higher_one(name: str) -> None:
    text = [
        "splendid weather yesterday afternoon looked wonderful although nobody noticed anything"
    ]
    changed = []
    for strength in (0.1, 0.3, 0.6, 1.0):
        words = apply(name, text, strength, 5).after[0].split()
        same = text[0].split()
        changed.append({at for at in range(len(same)) if words[at] != same[at]})
    assert changed[0] <= changed[1] <= changed[2] <= changed[3]
    assert len(changed[0]) >= 1
    assert len(changed[3]) == len(text[0].split())


@pytest.mark.parametrize("name", TABULAR)
def test_frames_of_other_types_are_changed(name: str) -> None:
    frame = table().astype({"age": "Int64", "income": "Float64", "plan": "string"})
    frame.loc[3, "age"] = pd.NA
    frame.loc[4, "plan"] = pd.NA
    frame.loc[5, "kind"] = None
    assert len(apply(name, frame, 0.5, 1).after) == len(frame)


@pytest.mark.parametrize("dtype", ["int64", "int8", "Int64"])
@pytest.mark.parametrize("factor", [1e12, 1e30, 1.7e308])
def test_numbers_too_large_for_their_type_stay_what_they_are(dtype: str, factor: float) -> None:
    frame = pd.DataFrame({"age": pd.Series([20, 100], dtype=dtype)})
    after = apply("unit_error", frame, strength=1, factor=factor).after["age"]
    assert after.astype(float).tolist() == [20 * factor, 100 * factor]
