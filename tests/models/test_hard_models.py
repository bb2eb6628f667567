"""Models and options that once ended in a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, BadPredicate, ModelError
from mispredict.core.predicate import has
from mispredict.models.running import run
from mispredict.models.wrapping import wrap

FRAME = pd.DataFrame({"a": [1.0, 2.0, 3.0]})


class Mute(Exception):
    """An error that cannot say itself."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize("error", [SystemExit(3), Mute()], ids=["SystemExit", "no __str__"])
def test_whatever_a_model_raises_is_its_error(error: BaseException) -> None:
    def predict(_: Any) -> Any:
        raise error

    with pytest.raises(ModelError, match=type(error).__name__):
        run(wrap(predict), FRAME)


def test_an_interrupt_is_not_the_models_error() -> None:
    def predict(_: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(wrap(predict), FRAME)


@pytest.mark.parametrize("url", ["http://[", "http://", "http://a:99999/", "http://a:x/"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(BadOption, match="not the address") as caught:
        wrap(url)
    assert caught.value.known and caught.value.hint


@pytest.mark.parametrize("model", [lambda frame: [0], "http://127.0.0.1:1/invocations"])
def test_unknown_options_are_told_with_the_known(model: Any) -> None:
    with pytest.raises(BadOption, match="no option 'foo'") as caught:
        wrap(model, foo=1)
    assert "classes" in caught.value.known
    assert caught.value.hint


def test_a_lambda_cannot_be_copied(tmp_path: Path) -> None:
    with mp.open(tmp_path / "ws") as workspace:
        with pytest.raises(ModelError, match="cannot be copied") as caught:
            workspace.add_model("m", lambda frame: [0], copy=True)
        assert caught.value.hint
        assert not len(workspace.models())


def test_phrases_of_many_words_are_refused() -> None:
    with pytest.raises(BadPredicate, match="too long") as caught:
        has("text", "word " * 5000)
    assert caught.value.hint
    assert len(str(caught.value)) < 400
    assert has("text", "x" * 5000) and has("text", "word " * 200)  # tokens of cards can be long
