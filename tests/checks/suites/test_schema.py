"""The JSON schema of suites says what the reader takes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.checks.catalog import KINDS
from mispredict.checks.suites.options import options_of
from mispredict.checks.suites.schema import suite_schema
from mispredict.checks.suites.suite import Suite
from mispredict.core.errors import BadSuite

PUBLISHED = Path(__file__).parents[3] / "docs" / "reference" / "suite.schema.json"

# A check of each kind with most of its options, as people would write it.
EVERY_KIND = """\
suite: all kinds
parameters: {floor: 0.8, groups: [City, Country]}
checks:
  - {name: a, kind: metric, metric: accuracy, min: "${floor}", where: Age > 60, exact: true}
  - {name: b, kind: gap, metric: recall, by: "${groups}", max: 0.1, smallest: 50}
  - {name: c, kind: gap, metric: recall, cohorts: [Age > 60, Age <= 60], min_ratio: 0.8}
  - {name: d, kind: confidence, threshold: 0.6, tag: sure, min_share: 0.9, of: yes}
  - {name: e, kind: confidence, threshold: 0.6, sample: 200, where: "label = 'no'"}
  - name: f
    kind: adversarial
    target: yes
    vary: [Age, Balance]
    ranges: {Age: [18, 90], City: [Rome, Oslo]}
    tries: 20
    sample: null
  - {name: g, kind: augmentation, perturbations: [typo_swap], multiplier: 3, expect: label}
  - {name: h, kind: augmentation, perturbations: {typo_swap: 0.5}, strength: 0.1, label: no}
  - {name: i, kind: robustness, perturbation: typo_swap, strengths: [0.1, 0.5]}
  - {name: j, kind: unit, values: {Age: [18, 20], City: Rome, Member: true}, label: no, n: 50}
  - {name: k, kind: directional, column: Age, by: 5, of: yes, tolerance: 0.01}
  - name: l
    kind: template
    template: "{name} is a {job}"
    lexicons: {name: [Ada, Ben], job: [nurse, pilot]}
    same: name
    n: 10
  - {name: m, kind: regression, metric: accuracy, max_drop: 0.01, by: City, tags: one}
  - {name: n, kind: calibration, max: 0.05, measure: overconfidence, severity: warn}
  - {name: o, kind: latency, max_ms: 20}
  - {name: p, kind: stability, seed: 7, owner: 12, reason: "a: b"}
  - {name: selective, kind: selective, measure: margin, kept: 0.5, max: 0.1}
  - {name: knows errors, kind: knows_errors, measure: entropy, min: 0.7, tag: sure}
  - {name: sets, kind: conformal, target: 0.8, slack: 0.02, method: aps, by: [City, Country]}
  - {name: beats a constant, kind: beats_constant, min_skill: 0.1, where: Age > 60}
  - {name: train gap, kind: train_gap, train: Age > 60, max: 0.2}
  - {name: ablation, kind: input_ablation, columns: [Age, City], max_share: 0.8, sample: null}
  - {name: overfits, kind: overfits_batch, n: 20, min_skill: 0.5}
  - {name: shuffled labels, kind: label_shuffle, max_skill: 0.2, sample: 400}
  - {name: d1, kind: missing, column: Age, max: 0.1, where: Age > 3, exact: false}
  - {name: d2, kind: complete_rows, columns: [Age, City]}
  - {name: d3, kind: missing_change, column: Age}
  - {name: d4, kind: placeholders, column: City, words: [none], numbers: [-1]}
  - {name: d5, kind: range, column: Age, low: 0, high: 120}
  - {name: d6, kind: mean, column: Age, min: 3}
  - {name: d7, kind: std, column: Age, max: 30}
  - {name: d8, kind: quantile, column: Age, q: 0.9, max: 80}
  - {name: d9, kind: mean_change, column: Age}
  - {name: d10, kind: outliers, column: Age, fence: 2}
  - {name: d11, kind: monotonic, column: Age, direction: falling, strict: true}
  - {name: d12, kind: categories, column: City, allowed: [Rome, 3, true]}
  - {name: d13, kind: new_categories, column: City}
  - {name: d14, kind: subset, column: City, of: Town}
  - {name: d15, kind: category_share, column: City, value: Rome, max: 0.5}
  - {name: d16, kind: distinct, column: City, min: 2}
  - {name: d17, kind: constant, column: City}
  - {name: d18, kind: unique, columns: [City, Age]}
  - {name: d19, kind: pattern, column: City, regex: '[A-Z]+', inside: true, negate: true}
  - {name: d20, kind: text_length, column: City, low: 2}
  - {name: d21, kind: words, column: City, high: 9}
  - {name: d22, kind: whitespace, column: City, double: true}
  - {name: d23, kind: encoding_damage, column: City}
  - {name: d24, kind: special_characters, column: City}
  - {name: d25, kind: spelling_variants, column: City}
  - {name: d26, kind: mixed_types, column: City}
  - {name: d27, kind: language, column: City, expected: [en, de]}
  - {name: d28, kind: sorted, column: When}
  - {name: d29, kind: date_range, earliest: '2024-01-01', latest: now}
  - {name: d30, kind: freshness, max_days: 30, now: '2024-02-01'}
  - {name: d31, kind: time_gaps, max_days: 2}
  - {name: d32, kind: schema, columns: [Age], types: {Age: numeric}, others: true, order: true}
  - {name: d33, kind: column_type, column: Age, type: numeric, storage: int64}
  - {name: d34, kind: column_role, column: Age, role: input}
  - {name: d35, kind: rows, min: 10, where: Age > 3}
  - {name: d36, kind: rows_change, min: 0.9}
  - {name: d37, kind: label_missing}
  - {name: d38, kind: label_allowed, allowed: [yes, no]}
  - {name: d39, kind: class_balance, min: 0.1}
  - {name: d40, kind: class_change, max: 0.1}
  - {name: d41, kind: duplicates, columns: [Age]}
  - {name: d42, kind: near_duplicates, near: 0.8}
  - {name: d43, kind: conflicting_labels, near: 0.8}
  - {name: d44, kind: correlation, left: Age, right: Balance, max: 0.5, method: spearman}
  - {name: d45, kind: correlation_change, left: Age, right: Balance}
  - {name: d46, kind: redundant_columns, max: 0.9}
  - {name: d47, kind: compare_columns, left: Age, relation: <=, right: Balance}
  - {name: d48, kind: column_sum, columns: [Age, Balance], value: 1}
  - {name: d49, kind: rule, holds: Age > 3}
  - {name: d50, kind: leak_exact, columns: [Age]}
  - {name: d51, kind: leak_near, near: 0.8}
  - {name: d52, kind: leak_group, column: City}
  - {name: d53, kind: leak_time, column: When}
  - {name: d54, kind: predictive_feature, max: 0.9}
  - {name: d55, kind: id_feature}
  - {name: d56, kind: row_order}
  - {name: d57, kind: property, column: City, property: letters, low: 1}
  - {name: wrong labels, kind: label_errors, max: 0.1, method: confident}
  - {name: drift, kind: drift, columns: [Age], max: 0.2}
  - {name: prediction drift, kind: prediction_drift, against: gbm/d, max: 0.2}
  - {name: coverage, kind: coverage, columns: [Age], max: 0.1}
  - {name: estimate, kind: estimated_performance, against: gbm/d, min: 0.5}
"""


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return suite_schema()


def is_valid(text: str, schema: dict[str, Any]) -> bool:
    return jsonschema.Draft202012Validator(schema).is_valid(yaml.safe_load(text))


def test_it_is_a_schema(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


def test_the_published_one_is_current() -> None:
    published = json.loads(PUBLISHED.read_text("utf-8"))
    assert published == suite_schema(), "python docs/checks_page.py renews it"


def test_every_kind_is_read_and_valid(schema: dict[str, Any]) -> None:
    suite = Suite.parse(EVERY_KIND)
    assert {check.kind.name for check in suite.checks} == set(KINDS)
    jsonschema.validate(yaml.safe_load(EVERY_KIND), schema)


def test_every_kind_survives_writing(schema: dict[str, Any]) -> None:
    suite = Suite.parse(EVERY_KIND)
    assert Suite.parse(suite.to_yaml()) == suite
    jsonschema.validate(yaml.safe_load(suite.to_yaml()), schema)


@pytest.mark.parametrize("name", list(KINDS))
def test_every_option_is_documented(name: str) -> None:
    for option in options_of(KINDS[name]).values():
        assert option.about, f"{name}.{option.name} is not in Attributes: of the docstring"
    assert KINDS[name].summary.endswith(".")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: latency", "kind: latecy"),
        ("max: 0.05", "max: 5"),
        ("max: 0.05", "max: high"),
        ("measure: overconfidence", "measure: over"),
        ("n: 50", "n: 0"),
        ("n: 50", "m: 50"),
        ("exact: true", "exact: maybe"),
        ("suite: all kinds", "siute: all kinds"),
        ("threshold: 0.6, sample", "sample"),
        ("{typo_swap: 0.5}", "{typo_swap: 2}"),
        ("severity: warn", "severity: error"),
        ("seed: 7", "seed: -7"),
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(
    old: str, new: str, schema: dict[str, Any]
) -> None:
    assert old in EVERY_KIND
    text = EVERY_KIND.replace(old, new)
    with pytest.raises(BadSuite):
        Suite.parse(text)
    if (old, new) != ("seed: 7", "seed: -7"):  # a range that only the check itself knows
        assert not is_valid(text, schema)


@settings(deadline=None)  # machines are slow at times
@given(st.data())
def test_a_damaged_file_is_read_or_refused_with_its_place(data: st.DataObject) -> None:
    text = EVERY_KIND
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 8))
        new = data.draw(
            st.sampled_from(["", "[", "{a: 1}", "- ", "\n", "'", ": ", "1e9", "~", "é"])
        )
        text = text[:at] + new + text[at + length :]
    try:
        Suite.parse(text)
    except BadSuite as error:
        assert re.match(r"suite:\d+:\d+: ", error.problem), error.problem
