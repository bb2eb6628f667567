"""`mp.show`: one server per workspace, in this process, below whatever shows the notebook."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption


def model(rows: pd.DataFrame) -> Any:
    return np.where(rows["age"] > 50, "yes", "no")


@pytest.fixture
def ev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[mp.Evaluation]:
    monkeypatch.delenv("JUPYTERHUB_SERVICE_PREFIX", raising=False)
    monkeypatch.delenv("MISPREDICT_TOKEN", raising=False)
    with mp.open(tmp_path / "ws") as ws:
        frame = pd.DataFrame({"key": range(40), "age": range(30, 70), "left": ["no", "yes"] * 20})
        ws.add_dataset("churn", frame, label="left", id="key")
        ws.add_model("rule", model)
        yield ws.evaluate("rule", "churn")


@pytest.fixture
def show() -> Iterator[Any]:
    """`mp.show`, whose servers end with the test."""
    made: list[Any] = []

    def call(*arguments: Any, **options: Any) -> Any:
        made.append(mp.show(*arguments, **options))
        return made[-1]

    yield call
    for item in made:
        item.close()


def read(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:
        assert answer.status == 200
        return bytes(answer.read())


def test_an_evaluation_is_shown(ev: mp.Evaluation, show: Any) -> None:
    shown = show(ev, "explore", where="age > 50")
    assert (
        shown.url == f"http://127.0.0.1:{shown.port}/e/rule@1/churn@1/explore?where=age%20%3E%2050"
    )
    assert b"<html" in read(shown.url)
    assert repr(shown) == f"<Shown {shown.url}>"


def test_models_of_this_process_can_be_called(ev: mp.Evaluation, show: Any) -> None:
    base = show(ev).url.partition("/e/")[0]
    facts = json.loads(read(f"{base}/api/v1/evaluations/rule@1/churn@1"))
    assert facts["can_call_model"] is True


def test_the_home_of_a_workspace(ev: mp.Evaluation, show: Any) -> None:
    shown = show(ev.workspace)
    assert shown.url == f"http://127.0.0.1:{shown.port}/"
    assert b"<html" in read(shown.url)


def test_a_workspace_has_one_server(ev: mp.Evaluation, show: Any, tmp_path: Path) -> None:
    first, second = show(ev), show(ev, "slices")
    assert first.port == second.port
    with mp.open(tmp_path / "other") as other:
        third = show(other)
        assert third.port != first.port
        third.close()


def test_closed_it_answers_no_more_and_opens_anew(ev: mp.Evaluation, show: Any) -> None:
    first = show(ev)
    first.close()
    with pytest.raises(OSError):
        read(first.url)
    assert b"<html" in read(show(ev).url)


def test_in_a_cell_it_is_a_frame(ev: mp.Evaluation, show: Any) -> None:
    shown = show(ev, "explore", where="left = 'yes' AND age < 60", height=500)
    html = shown._repr_html_()
    assert f'src="{shown.url}"' in html
    assert 'height="500"' in html
    assert "'" not in re.search('src="([^"]*)"', html)[1]  # type: ignore[index]


def test_notebooks_of_this_machine_may_frame_it(ev: mp.Evaluation, show: Any) -> None:
    with urllib.request.urlopen(show(ev).url, timeout=60) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' http://localhost:* http://127.0.0.1:*" in policy


def test_on_a_hub_the_frame_goes_through_its_proxy(
    ev: mp.Evaluation, show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ada/")
    shown = show(ev)
    assert shown.url == f"/user/ada/proxy/{shown.port}/e/rule@1/churn@1/overview"
    through = {"Host": "hub.example", "X-Forwarded-Prefix": f"/user/ada/proxy/{shown.port}"}
    request = urllib.request.Request(f"http://127.0.0.1:{shown.port}/", headers=through)
    assert f'<base href="/user/ada/proxy/{shown.port}/"'.encode() in read(request)  # type: ignore[arg-type]


def test_a_proxy_of_ones_own(ev: mp.Evaluation, show: Any) -> None:
    shown = show(ev, proxy="/jupyter/proxy/{port}")
    assert shown.url.startswith(f"/jupyter/proxy/{shown.port}/e/")


@pytest.mark.parametrize(
    ("arguments", "options", "said"),
    [
        pytest.param((), {"height": 0}, "height", id="no height"),
        pytest.param((), {"proxy": "/proxy/8470"}, "{port}", id="proxy of a fixed port"),
        pytest.param((), {"proxy": "https://x/{port}"}, "path", id="proxy elsewhere"),
        pytest.param(("map",), {}, "choice", id="no such screen"),
    ],
)
def test_what_cannot_be_shown(
    ev: mp.Evaluation, arguments: tuple[Any, ...], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadOption) as caught:
        mp.show(ev, *arguments, **options)
    assert said in str(caught.value)


def test_only_evaluations_and_workspaces_are_shown(ev: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match="a DataFrame cannot be shown"):
        mp.show(pd.DataFrame())  # type: ignore[arg-type]
    with pytest.raises(BadOption, match="neither screens nor cohorts"):
        mp.show(ev.workspace, "explore")
