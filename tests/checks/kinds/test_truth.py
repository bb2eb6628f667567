"""Models with planted flaws fail exactly the right checks; clean ones pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import mispredict as mp
from mispredict.checks.catalog import Check

from . import planted
from .conftest import check, judged


def customer_suite() -> list[Check]:
    """What the clean model of customers holds."""
    rome = {"age": (20, 80), "sex": "m", "city": "Rome"}
    sure = "age <= 80 AND sex = 'm' AND city = 'Rome' AND income < 25 AND debt BETWEEN 60 AND 84"
    return [
        check("metric", metric="accuracy", min=0.7),
        check("gap", metric="accuracy", by=("sex",), max=0.1),
        check("directional", column="debt", where="sex = 'm'", tolerance=0.11),
        check("calibration", max=0.12, where="city = 'Oslo' AND sex = 'm'"),
        check("stability"),
        check("unit", values={**rome, "income": (10, 20), "debt": (60, 80)}, label="yes"),
        check("unit", "seniors", values={"age": (81, None), "city": "Rome", "sex": "m",
              "income": (10, 20), "debt": (60, 80)}, label="yes"),
        check("adversarial", target="no", vary=("city",), min_share=0.9),
        check("augmentation", perturbations={"noise": 0.02}, columns=("debt",), min_share=0.95),
        check("confidence", of="yes", threshold=0.8, where=sure, min_share=0.85),
        check("robustness", perturbation="noise", columns=("debt",), strengths=(0.01, 0.02),
              min_share=0.95),
        check("regression", metric="log_loss", max_drop=0.03),
    ]  # fmt: skip


FLAWS: list[tuple[str, Any, set[str]]] = [
    ("unfair", planted.unfair, {"metric", "gap", "regression"}),
    ("not_monotone", planted.not_monotone, {"directional", "regression"}),
    ("overconfident", planted.overconfident, {"calibration", "regression"}),
    ("unstable", planted.unstable, {"stability"}),
    ("seniors", planted.blind_to_seniors, {"seniors", "regression"}),
    ("city", planted.by_city, {"adversarial", "regression"}),
    ("brittle", planted.brittle, {"augmentation", "robustness", "directional", "regression"}),
    ("timid", planted.timid, {"confidence", "calibration", "regression"}),
]


def test_a_clean_model_of_customers_passes(clean: mp.Evaluation) -> None:
    verdicts = judged(clean, *customer_suite(), baseline=clean)
    assert verdicts.is_passed, str(verdicts)


@pytest.mark.parametrize(("name", "flaw", "wrong"), FLAWS, ids=[name for name, _, _ in FLAWS])
def test_a_flaw_fails_the_right_checks(
    name: str,
    flaw: Any,
    wrong: set[str],
    clean: mp.Evaluation,
    evaluated: Callable[..., mp.Evaluation],
) -> None:
    flawed = evaluated(name, planted.Planted(planted.clean_customers(), flaw))
    verdicts = judged(flawed, *customer_suite(), baseline=clean)
    assert {row.check for row in verdicts.rows if row.verdict == "fail"} == wrong, str(verdicts)
    assert not verdicts.of_verdict("error")


def text_suite() -> list[Check]:
    """What the clean reader of opinions holds."""
    names = {"name": planted.NAMES}
    words = {"good": planted.GOOD, "bad": planted.BAD}
    return [
        check("template", "vocabulary", template="{name} found the film {good}",
              lexicons={**names, "good": words["good"]}, label="good", n=60, exact=True),
        check("template", "negation", template="{name} found the film not {good}",
              lexicons={**names, "good": words["good"]}, label="bad", n=60, exact=True),
        check("template", "names", template="{name} found the film {good}",
              lexicons={**names, "good": words["good"]}, same="name", exact=True),
        check("augmentation", "typos", perturbations={"typo_swap": 0.15}, multiplier=2,
              min_share=0.9),
    ]  # fmt: skip


READERS: list[tuple[str, Any, set[str]]] = [
    ("clean reader", lambda: planted.reader(planted.with_correction), set()),
    ("breaks on typos", lambda: planted.reader(planted.without_correction), {"typos"}),
    (
        "ignores negation",
        lambda: planted.reader(planted.single_words, planted.without_not()),
        {"negation"},
    ),
    (
        "depends on names",
        lambda: planted.reader(planted.with_correction, planted.shunning_names()),
        {"vocabulary", "names"},
    ),
]


@pytest.mark.parametrize(("name", "make", "wrong"), READERS, ids=[name for name, _, _ in READERS])
def test_a_reader_fails_what_it_cannot(
    name: str, make: Any, wrong: set[str], evaluated: Callable[..., mp.Evaluation]
) -> None:
    of = evaluated(name.replace(" ", "_"), make(), "opinions")
    verdicts = judged(of, *text_suite())
    assert {row.check for row in verdicts.rows if row.verdict == "fail"} == wrong, str(verdicts)
    assert not verdicts.of_verdict("error"), str(verdicts)
    if not wrong:
        assert verdicts.is_passed, str(verdicts)
