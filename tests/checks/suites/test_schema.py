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
from mispredict.checks.schema import suite_schema
from mispredict.checks.suite import Suite
from mispredict.checks.suite_options import options_of
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
