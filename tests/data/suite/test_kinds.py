"""Each kind on data with its defect and without, and its number beside that of pandas."""

# ruff: noqa: E501 - cases, a line each

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mispredict.core.errors import BadOption
from mispredict.expectations.check import KINDS

from .rows import clean, judged, view

Defect = Callable[[pd.DataFrame], Any]


def put(column: str, value: Any, rows: int = 20) -> Defect:
    def defect(frame: pd.DataFrame) -> None:
        frame[column] = frame[column].astype(object)
        frame.loc[10 : 9 + rows, column] = value

    return defect


def repeat(frame: pd.DataFrame) -> None:
    names = ["age", "income", "city", "note", "when", "label"]
    frame.loc[100:119, names] = frame.loc[200:219, names].to_numpy()


def contradict(frame: pd.DataFrame) -> None:
    repeat(frame)
    frame.loc[100:119, "label"] = np.where(frame.loc[200:219, "label"] == "yes", "no", "yes")


def almost(frame: pd.DataFrame) -> None:
    frame.loc[100:119, "note"] = [f"{text}!!" for text in frame.loc[200:219, "note"]]


def reverse(frame: pd.DataFrame) -> None:
    frame["when"] = frame["when"].to_numpy()[::-1]


def give_away(frame: pd.DataFrame) -> None:
    frame["income"] = np.where(frame["label"] == "yes", 2.0, 1.0) + np.arange(len(frame)) / 1e6


def sort_by_label(frame: pd.DataFrame) -> None:
    frame[:] = frame.sort_values("label").to_numpy()


def name_rows(frame: pd.DataFrame) -> None:
    frame["income"] = np.arange(len(frame)) + 10**6


# kind, options, what breaks it
CASES: list[tuple[str, dict[str, Any], Defect]] = [
    ("missing", {"column": "age"}, put("age", np.nan)),
    ("complete_rows", {}, put("city", None)),
    ("placeholders", {"column": "city"}, put("city", " N/A ")),
    ("placeholders", {"column": "income"}, put("income", -99999.0)),
    ("placeholders", {"column": "income"}, put("income", -99.0)),
    ("constant", {"column": "city"}, lambda frame: frame.assign(city="Rome")),
    ("range", {"column": "age", "low": 18, "high": 90}, put("age", 200.0)),
    ("mean", {"column": "age", "min": 40, "max": 50}, put("age", 80.0, 400)),
    ("std", {"column": "age", "max": 14}, put("age", 300.0)),
    ("quantile", {"column": "age", "q": 0.5, "max": 50}, put("age", 80.0, 500)),
    ("outliers", {"column": "age", "max": 0.005}, put("age", 900.0)),
    ("monotonic", {"column": "when"}, reverse),
    ("sorted", {"column": "when"}, reverse),
    ("date_range", {"column": "when", "latest": "2026-01-01"}, put("when", pd.Timestamp("2031-01-01"))),
    ("time_gaps", {"column": "when", "max_days": 30}, put("when", pd.Timestamp("2031-01-01"), 1)),
    ("categories", {"column": "city", "allowed": ("Rome", "Oslo", "Bern")}, put("city", "Paris")),
    ("category_share", {"column": "city", "value": "Bern", "max": 0.3}, put("city", "Bern", 400)),
    ("distinct", {"column": "city", "max": 3}, put("city", "Paris")),
    ("unique", {"columns": ("note",)}, put("note", "again and again")),
    ("pattern", {"column": "city", "regex": "[A-Z][a-z]+"}, put("city", "rome1")),
    ("pattern", {"column": "city", "regex": "[0-9]", "inside": True, "negate": True}, put("city", "rome1")),
    ("text_length", {"column": "note", "low": 5, "high": 500}, put("note", "x")),
    ("words", {"column": "note", "low": 3}, put("note", "one")),
    ("whitespace", {"column": "city"}, put("city", "Rome ")),
    ("whitespace", {"column": "note", "double": True}, put("note", "two  spaces in the text")),
    ("encoding_damage", {"column": "note"}, put("note", "the cafÃ© is closed today")),
    ("special_characters", {"column": "note"}, put("note", "a zero\u200bwidth space in it")),
    ("spelling_variants", {"column": "city"}, put("city", "ROME")),
    ("mixed_types", {"column": "city"}, put("city", "12.5")),
    ("language", {"column": "note"}, put("note", "le chat est sur la table et il ne veut pas", 300)),
    ("rows", {"min": 500}, lambda frame: frame[:300]),
    ("schema", {"columns": ("id", "age", "income", "city", "note", "when", "label")},
     lambda frame: frame.insert(1, "extra", 1.5)),
    ("column_type", {"column": "age", "type": "numeric"}, lambda frame: frame.assign(age=frame["city"])),
    ("label_missing", {}, put("label", None)),
    ("label_allowed", {"allowed": ("yes", "no")}, put("label", "N")),
    ("class_balance", {"min": 0.1}, put("label", "no", 780)),
    ("duplicates", {}, repeat),
    ("near_duplicates", {"columns": ("note",), "near": 0.9}, almost),
    ("conflicting_labels", {}, contradict),
    ("correlation", {"left": "age", "right": "income", "max": 0.5},
     lambda frame: frame.__setitem__("income", frame["age"] * 2 + 0.25)),
    ("redundant_columns", {"max": 0.98}, lambda frame: frame.__setitem__("income", frame["age"] * 2)),
    ("compare_columns", {"left": "age", "right": "income"}, put("income", 1.0)),
    ("column_sum", {"columns": ("age", "income"), "value": 0, "tolerance": 1e7}, put("age", 1e9)),
    ("rule", {"holds": "age >= 18 AND city != 'Paris'"}, put("city", "Paris")),
    ("predictive_feature", {"max": 0.95}, give_away),
    ("row_order", {}, sort_by_label),
    ("id_feature", {}, name_rows),
    ("property", {"column": "note", "property": "digits", "high": 0.5}, put("note", "123456 789")),
]  # fmt: skip
NAMES = [f"{kind}-{place}" for place, (kind, _, _) in enumerate(CASES)]


@pytest.mark.parametrize(("kind", "options", "defect"), CASES, ids=NAMES)
def test_clean_rows_pass_and_the_defect_fails(
    kind: str, options: dict[str, Any], defect: Defect
) -> None:
    good = judged(view(clean()), kind, **options)
    assert good.verdict == "pass", good.sentence
    frame = clean()
    changed = defect(frame)
    data = view((frame if changed is None else changed).infer_objects())
    bad = judged(data, kind, **options)
    assert bad.verdict == "fail", bad.sentence
    if bad.where:
        assert data.mask(bad.where).sum() == bad.failing


AGAINST: list[tuple[str, dict[str, Any], Defect]] = [
    ("missing_change", {"column": "age"}, put("age", np.nan, 100)),
    ("mean_change", {"column": "age"}, put("age", 88.0, 300)),
    ("new_categories", {"column": "city"}, put("city", "Paris")),
    ("class_change", {}, put("label", "no", 400)),
    ("rows_change", {}, lambda frame: frame[:300]),
    ("correlation_change", {"left": "age", "right": "income"},
     lambda frame: frame.__setitem__("income", frame["age"] * 2 + 0.25)),
    ("schema", {}, lambda frame: frame.drop(columns="city")),
    ("label_allowed", {}, put("label", "N")),
    ("subset", {"column": "city"}, put("city", "Paris")),
    ("leak_exact", {}, lambda frame: frame.__setitem__(
        slice(0, 30), clean(seed=9)[:30].assign(id=frame["id"][:30]).to_numpy())),
    ("leak_near", {"columns": ("note",)}, lambda frame: frame.__setitem__(
        "note", [f"{text}?" for text in clean(seed=9)["note"]])),
    ("leak_group", {"column": "id"}, lambda frame: frame.__setitem__("id", clean(seed=9)["id"])),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "options", "defect"), AGAINST, ids=[item[0] for item in AGAINST])
def test_kinds_that_compare(kind: str, options: dict[str, Any], defect: Defect) -> None:
    reference = clean(seed=9)
    good = judged(view(clean(), reference), kind, **options)
    assert good.verdict == "pass", good.sentence
    frame = clean()
    if kind == "leak_exact":
        frame.iloc[:30, 1:] = reference.iloc[:30, 1:].to_numpy()
    else:
        changed = defect(frame)
        frame = frame if changed is None else changed
    bad = judged(view(frame.infer_objects(), reference), kind, **options)
    assert bad.verdict == "fail", bad.sentence
    with pytest.raises(BadOption, match="compares with other data"):
        judged(view(clean()), kind, **options)


def test_time_leak_and_freshness() -> None:
    early, late = clean(), clean(seed=9)
    late["when"] += pd.Timedelta(days=1_000)
    assert judged(view(late, early), "leak_time", column="when").verdict == "pass"
    assert judged(view(early, late), "leak_time", column="when").value == 1
    now = "2025-02-10"
    assert judged(view(early), "freshness", column="when", max_days=60, now=now).verdict == "pass"
    assert judged(view(early), "freshness", column="when", max_days=1, now=now).verdict == "fail"


def test_every_kind_of_this_room_is_tested() -> None:
    tested = {kind for kind, _, _ in [*CASES, *AGAINST]} | {"leak_time", "freshness", "column_role"}
    ours = "mispredict.data.kinds."
    others = ("labels_errors", "drift", "coverage", "label_errors")
    kinds = {
        name for name in KINDS
        if KINDS[name].needs == "data" and KINDS[name].__module__.startswith(ours)
        and KINDS[name].__module__.removeprefix(ours) in _OURS and name not in others
    }  # fmt: skip
    assert kinds == tested


_OURS = (
    "labels", "leaks", "missing", "numbers", "property", "relations", "repeated", "shape", "texts",
    "times", "values",
)  # fmt: skip


def test_roles() -> None:
    data = view(clean())
    assert judged(data, "column_role", column="label", role="label").verdict == "pass"
    assert judged(data, "column_role", column="age", role="label").verdict == "fail"


@pytest.fixture(scope="module")
def odd() -> pd.DataFrame:
    """Customers with missing values and extremes."""
    frame = clean(3_000, seed=5)
    random = np.random.default_rng(0)
    frame.loc[random.random(3_000) < 0.1, "age"] = np.nan
    frame.loc[random.random(3_000) < 0.02, "income"] = 1e7
    return frame


PARITY: list[tuple[str, dict[str, Any], Callable[[pd.DataFrame], float]]] = [
    ("missing", {"column": "age"}, lambda f: f["age"].isna().mean()),
    ("complete_rows", {}, lambda f: f.isna().any(axis=1).mean()),
    ("range", {"column": "age", "low": 30, "high": 60},
     lambda f: 1 - f["age"].dropna().between(30, 60).mean()),
    ("mean", {"column": "age", "min": 0}, lambda f: f["age"].mean()),
    ("std", {"column": "age", "min": 0}, lambda f: f["age"].std()),
    ("quantile", {"column": "age", "q": 0.9, "min": 0}, lambda f: f["age"].quantile(0.9)),
    ("category_share", {"column": "city", "value": "Oslo", "max": 1},
     lambda f: (f["city"] == "Oslo").mean()),
    ("distinct", {"column": "city", "max": 9}, lambda f: f["city"].nunique()),
    ("correlation", {"left": "age", "right": "income", "max": 1},
     lambda f: f["age"].corr(f["income"])),
    ("correlation", {"left": "age", "right": "income", "max": 1, "method": "spearman"},
     lambda f: f[["age", "income"]].dropna().corr("spearman").iloc[0, 1]),
    ("duplicates", {"columns": ("city", "label")}, lambda f: f.duplicated(["city", "label"]).mean()),
    ("unique", {"columns": ("city", "age")},
     lambda f: f.dropna(subset=["age"]).duplicated(["city", "age"]).mean()),
    ("text_length", {"column": "note", "high": 70}, lambda f: (f["note"].str.len() > 70).mean()),
    ("words", {"column": "note", "high": 13}, lambda f: (f["note"].str.split().str.len() > 13).mean()),
    ("pattern", {"column": "note", "regex": ".*[0-5] thanks.*"},
     lambda f: 1 - f["note"].str.fullmatch(".*[0-5] thanks.*").mean()),
    ("class_balance", {}, lambda f: f["label"].value_counts(normalize=True).min()),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "options", "by_pandas"), PARITY, ids=[p[0] for p in PARITY])
def test_values_are_those_of_pandas(
    kind: str,
    options: dict[str, Any],
    by_pandas: Callable[[pd.DataFrame], float],
    odd: pd.DataFrame,
) -> None:
    assert judged(view(odd), kind, **options).value == pytest.approx(by_pandas(odd), rel=1e-9)


def test_a_share_is_exact_or_has_an_interval() -> None:
    frame = clean()
    frame.loc[:59, "age"] = np.nan
    data = view(frame)
    assert judged(data, "missing", column="age", max=0.08).verdict == "pass"
    assert judged(data, "missing", column="age", max=0.08, exact=False).verdict == "unsure"
    one = judged(data, "missing", column="age", max=0.05, where="city = 'Rome'")
    assert "city = 'Rome'" in one.where
    assert data.mask(one.where).sum() == one.failing


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("range", {"column": "age"}),
        ("range", {"column": "age", "low": 5, "high": 1}),
        ("pattern", {"column": "city", "regex": "("}),
        ("language", {"column": "note", "expected": ("xx",)}),
        ("property", {"column": "note", "property": "colour", "low": 1}),
        ("date_range", {"column": "when", "latest": "soon"}),
        ("column_sum", {"columns": ("age",)}),
        ("schema", {"types": {"age": "number"}}),
    ],
)
def test_options_that_cannot_be_used_say_so(kind: str, options: dict[str, Any]) -> None:
    with pytest.raises(BadOption) as caught:
        KINDS[kind](**options)
    assert caught.value.known
