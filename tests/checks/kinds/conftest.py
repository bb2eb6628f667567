from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import mispredict as mp
from mispredict.checks.catalog import KINDS, Check
from mispredict.checks.running import run_checks
from mispredict.expectations.verdict import Verdicts
from mispredict.workspace.testing.subject import EvaluationSubject

from . import planted


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mp.Workspace]:
    """Customers and opinions, with a clean model of each."""
    with mp.open(tmp_path_factory.mktemp("checks") / "ws") as workspace:
        workspace.add_dataset("customers", planted.customers(3000, seed=5), label="default")
        workspace.add_dataset(
            "opinions", planted.texts(600, seed=5), label="opinion", types={"text": "text"}
        )
        yield workspace


@pytest.fixture(scope="session")
def evaluated(shop: mp.Workspace) -> Callable[[str, Any, str], mp.Evaluation]:
    """An evaluation of a model, made once."""
    known: dict[str, mp.Evaluation] = {}

    def make(name: str, model: Any, data: str = "customers") -> mp.Evaluation:
        if name not in known:
            shop.add_model(name, model)
            known[name] = shop.evaluate(name, data)
        return known[name]

    return make


@pytest.fixture(scope="session")
def clean(evaluated: Callable[[str, Any], mp.Evaluation]) -> mp.Evaluation:
    """Customers under a logistic regression that has no flaw."""
    return evaluated("clean", planted.clean_customers())


def check(kind: str, name: str = "", seed: int = 0, **options: Any) -> Check:
    """A check of a kind."""
    return Check(name or kind, KINDS[kind](**options), seed=seed)


def judged(
    of: mp.Evaluation, *checks: Check, baseline: mp.Evaluation | None = None, **options: Any
) -> Verdicts:
    """The verdicts of checks on an evaluation."""
    with EvaluationSubject(of, baseline=baseline) as subject:
        return run_checks(checks, subject, **options)
