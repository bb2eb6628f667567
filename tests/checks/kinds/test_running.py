"""Runs: united calls, errors that stay where they are, stops, and results."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.checks.catalog import KINDS, Check, Kind, check_kind
from mispredict.core.errors import BadOption, Cancelled
from mispredict.expectations.bounds import exact_share, share
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Subject
from mispredict.expectations.verdict import Judged

from .conftest import check, judged


@dataclass
class Counting:
    """Counts the rows that it is asked about; fails on those of a city."""

    rows: int = 0
    refused: str = ""

    def __call__(self, batch: pd.DataFrame) -> pd.DataFrame:
        self.rows += len(batch)
        if self.refused and (batch["city"] == self.refused).any():
            raise ValueError(f"cannot do {self.refused}")
        yes = np.where(batch["debt"] > 50, 0.9, 0.1)
        return pd.DataFrame({"no": 1 - yes, "yes": yes})


def test_each_distinct_row_is_asked_once(evaluated: Callable[..., mp.Evaluation]) -> None:
    model = Counting()
    of = evaluated("counting", model)
    model.rows = 0
    same = [
        check("augmentation", f"c{at}", perturbations=("noise",), sample=50) for at in range(20)
    ]
    verdicts = judged(of, *same)
    assert len({(row.value, row.low, row.n) for row in verdicts.rows}) == 1
    assert model.rows == verdicts.cost.rows <= 50
    assert verdicts.cost.planned == 20 * verdicts.rows[0].n


def test_the_same_seed_gives_the_same_verdicts(clean: mp.Evaluation) -> None:
    def run(seed: int) -> list[tuple[float, int]]:
        checks = [
            check("adversarial", seed=seed, target="yes", sample=50),
            check("unit", seed=seed, values={"debt": (20, 80)}, label="yes"),
            check("robustness", seed=seed, perturbation="noise", sample=100),
        ]
        return [(row.value, row.n) for row in judged(clean, *checks).rows]

    assert run(3) == run(3)
    assert run(3) != run(4)


def test_rows_that_a_model_refuses_are_an_error_of_their_check_alone(
    evaluated: Callable[..., mp.Evaluation],
) -> None:
    model = Counting()
    of = evaluated("refusing", model)
    model.refused = "Bern"
    verdicts = judged(
        of,
        check("augmentation", "all", perturbations=("noise",), sample=100),
        check("augmentation", "rome", perturbations=("noise",), where="city = 'Rome'"),
        check("unit", "bern", values={"city": "Bern"}, label="yes"),
        check("metric", "metric", metric="accuracy", min=0.5),
    )
    found = {row.check: row.verdict for row in verdicts.rows}
    assert found["all"] == "error" and found["bern"] == "error"
    assert found["metric"] == "pass" and found["rome"] != "error"
    assert "cannot do Bern" in verdicts["all"].error


@dataclass(frozen=True, kw_only=True)
class Broken(Kind):
    """A kind that breaks."""

    name: ClassVar[str] = "broken"

    def plan(self, subject: Subject, seed: int) -> Plan:
        raise ZeroDivisionError("of its own")


@dataclass(frozen=True, kw_only=True)
class Endless(Kind):
    """A kind that never comes to an end."""

    name: ClassVar[str] = "endless"

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged | Plan:
        return plan


def test_a_kind_that_breaks_is_an_error(clean: mp.Evaluation) -> None:
    verdicts = judged(
        clean, Check("a", Broken()), Check("b", Endless()), check("metric", metric="f1", min=0.1)
    )
    assert [row.verdict for row in verdicts.rows] == ["error", "error", "pass"]
    assert "of its own" in verdicts.rows[0].error


def test_a_kind_of_your_own_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KINDS, "_items", dict(KINDS._items))
    check_kind("mine")(Broken)
    assert KINDS["mine"] is Broken
    assert Broken.summary == "A kind that breaks."
    with pytest.raises(BadOption, match="no kind of check"):
        check_kind("other")(int)  # type: ignore[type-var]


def test_predictions_alone_are_enough_where_no_model_is_needed(
    shop: mp.Workspace, clean: mp.Evaluation
) -> None:
    said = pd.DataFrame({"prediction": clean.table.column("prediction").to_pandas()})
    of = shop.add_predictions("told", "customers", said)
    verdicts = judged(
        of,
        check("metric", metric="accuracy", min=0.5),
        check("confidence", threshold=0.5),
        check("unit", values={"debt": 90}, label="yes"),
    )
    assert [row.verdict for row in verdicts.rows] == ["pass", "error", "error"]
    assert "probabilities" in verdicts.rows[1].error


def test_fail_fast_stops_at_the_first_that_blocks(clean: mp.Evaluation) -> None:
    warn = Check("warn", KINDS["metric"](metric="accuracy", min=0.99), severity="warn")
    block = check("metric", "block", metric="accuracy", min=0.99)
    last = check("metric", "last", metric="accuracy", min=0.1)
    verdicts = judged(clean, warn, block, last, fail_fast=True)
    assert [row.check for row in verdicts.rows] == ["warn", "block"]
    assert verdicts.skipped == ("last",)
    assert not verdicts.is_passed
    assert judged(clean, warn, last).is_passed


def test_progress_and_stopping(clean: mp.Evaluation) -> None:
    seen: list[tuple[int, int]] = []
    checks = [check("metric", f"c{at}", metric="accuracy", min=0.1) for at in range(3)]
    judged(clean, *checks, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(Cancelled):
        judged(clean, *checks, cancel=lambda: True)


def test_verdicts_are_a_result(clean: mp.Evaluation) -> None:
    verdicts = judged(
        clean,
        check("metric", "a", metric="accuracy", min=0.99),
        check("unit", "b", values={"debt": (20, 80)}, label="yes"),
    )
    assert list(verdicts.to_frame().columns[:9]) == [
        "check", "kind", "verdict", "value", "low", "high", "n", "bound", "seconds",
    ]  # fmt: skip
    told = json.loads(verdicts.to_json())
    assert told["is_passed"] is False
    assert told["counts"]["fail"] == 2
    assert told["rows"][1]["examples"][0]["inputs"]
    assert "fail" in verdicts._repr_html_()
    assert "did not pass" in str(verdicts)


def test_the_exact_interval_is_that_of_clopper_and_pearson() -> None:
    from scipy.stats import binomtest

    for k, n in [(0, 10), (3, 17), (95, 100), (40, 40)]:
        wanted = binomtest(k, n).proportion_ci()
        assert exact_share(k, n) == pytest.approx((wanted.low, wanted.high))


def test_tests_of_one_row_count_as_one_where_they_agree() -> None:
    rows = np.repeat(np.arange(100), 10)
    together = np.repeat(np.arange(100) >= 5, 10)
    alone = np.arange(1000) % 20 > 0
    found, free = share(together, rows), share(alone, rows)
    one = exact_share(95, 100)
    assert found.n == 1000
    assert (found.low, found.high) == pytest.approx(one, abs=0.003)
    assert free.high - free.low < (found.high - found.low) / 2
