"""Perturbations with options by a text."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mispredict.core.errors import BadOption, UnknownName
from mispredict.perturb.applying import apply
from mispredict.perturb.lexicons import lexicon
from mispredict.perturb.naming import parted, written
from mispredict.perturb.registry import PERTURBATIONS, chain_of

NUMBERS = pd.DataFrame({"income": [10.0, 20.0, 30.0, 40.0]})


def test_an_option_in_the_name_does_what_it_does_in_python() -> None:
    named = apply("shift(down=true)", NUMBERS, 0.5).after
    assert named.equals(apply("shift", NUMBERS, 0.5, down=True).after)
    assert (named["income"] < NUMBERS["income"]).all()


def test_a_text_option_is_heard() -> None:
    texts = ["Emily came late."] * 50
    swapped = apply("name_swap(group=hispanic)", texts, 1.0).after
    names = {text.split()[0] for text in swapped}
    assert len(names) > 3
    assert names <= set(lexicon("name:hispanic"))


def test_several_have_their_own_options() -> None:
    chain = chain_of("shift( down = true ) | noise")
    assert chain.name == "shift(down=true) | noise"
    assert chain_of(chain.name).name == chain.name
    assert "down" not in chain.parts[0].options
    assert not chain.keeps_label
    assert chain.parts[0].doc == PERTURBATIONS["shift"].doc
    assert "strength" in inspect.signature(chain.parts[0].change).parameters


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shift(up=true)", "'shift' has no option 'up'"),
        ("typo(down=true)", "'typo' has no option 'down'"),
        ("shift(down)", "'down' in 'shift(down)' says no value"),
        ("shift(down=3)", "down=3 cannot be used in 'shift'"),
        ("synonyms(synonyms=/etc/passwd)", "synonyms='/etc/passwd' cannot be used"),
        ("paraphrase(function=os.system)", "cannot be used in 'paraphrase'"),
    ],
)
def test_what_cannot_be_an_option_is_told(text: str, said: str) -> None:
    if "paraphrase" in text:
        (name,) = PERTURBATIONS["paraphrase"].options
        text = text.replace("function", name)
    with pytest.raises(BadOption) as error:
        chain_of(text)
    assert said in str(error.value)


def test_an_unknown_name_is_told_without_its_options() -> None:
    with pytest.raises(UnknownName, match="no perturbation 'shfit'"):
        chain_of("shfit(down=true)")


VALUES = st.one_of(
    st.booleans(),
    st.integers(-1000, 1000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.from_regex(r"[a-zA-Z_ ]*[a-zA-Z_]", fullmatch=True).filter(lambda t: t == t.strip()),
)


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), VALUES, max_size=4))
def test_what_is_written_is_read(options: dict[str, object]) -> None:
    try:
        text = written("shift", options)  # type: ignore[arg-type]
    except BadOption:  # "true", "nan": texts that would be read as something else
        assert any(isinstance(value, str) for value in options.values())
        return
    assert parted(text) == ("shift", options)
