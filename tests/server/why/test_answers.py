"""What asks a model: good, empty, bad and forbidden answers of each route."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

import mispredict as mp

TREES = "/api/v1/evaluations/trees@1/patients@1"
WORDS = "/api/v1/evaluations/words@1/notes@1"
SAID = "/api/v1/evaluations/tumours@1/patients@1"  # predictions only
GOOD = [
    ("inputs", "GET", f"{TREES}/inputs", None),
    ("inputs", "GET", f"{WORDS}/inputs", None),
    ("explanation", "GET", f"{TREES}/explanation", None),
    ("explanation", "GET", f"{TREES}/explanation?where=radius > 14&target=benign", None),
    ("explanation", "GET", f"{TREES}/explanation?method=permutation&sample=20&samples=5", None),
    ("explanation", "GET", f"{WORDS}/explanation?sample=20", None),
    ("dependence", "GET", f"{TREES}/dependence?feature=radius&bins=4", None),
    ("dependence", "GET", f"{TREES}/dependence?feature=size&where=radius > 12", None),
    ("interactions", "GET", f"{TREES}/interactions?top=2", None),
    ("effects", "GET", f"{TREES}/effects?feature=radius", None),
    ("effects", "GET", f"{TREES}/effects?feature=radius&other=size&sample=50&grid=5", None),
    ("effects", "GET", f"{TREES}/effects?feature=radius&kind=ice&where=row = 3", None),
    ("effects", "GET", f"{TREES}/effects?feature=texture&kind=ale&target=benign", None),
    ("flips", "GET", f"{TREES}/flips?column=size", None),
    ("flips", "GET", f"{TREES}/flips?column=radius&values=10&values=20&where=NOT correct", None),
    ("row_explanation", "GET", f"{TREES}/rows/3/explanation", None),
    ("row_explanation", "GET", f"{TREES}/rows/3/explanation?method=lime&samples=50", None),
    ("row_explanation", "GET", f"{WORDS}/rows/3/explanation", None),
    ("what_if", "POST", f"{TREES}/rows/3/what-if", {"changes": {"radius": 9.5}}),
    ("what_if", "POST", f"{TREES}/rows/3/what-if",
     {"changes": [{"size": "small"}, {"radius": [9, 20], "texture": None}]}),
    ("what_if", "POST", f"{WORDS}/rows/3/what-if", {"changes": {"note": "a smooth one"}}),
    ("flip_points", "GET", f"{TREES}/rows/3/flip-points", None),
    ("flip_points", "GET", f"{TREES}/rows/3/flip-points?target=benign&columns=radius", None),
    ("counterfactuals", "POST", f"{TREES}/rows/3/counterfactuals", {}),
    ("counterfactuals", "POST", f"{TREES}/rows/3/counterfactuals",
     {"target": "malignant", "vary": ["radius", "texture", "smoothness"],
      "ranges": {"radius": [8, 30]},
      "monotone": {"texture": "decrease"}, "integer": ["radius"], "costs": {"texture": 2}, "k": 2}),
    ("text_edits", "POST", f"{WORDS}/rows/3/text-edits", {"kinds": ["typo", "delete"]}),
]  # fmt: skip
ASKING = [
    ("GET", "explanation", None),
    ("GET", "dependence?feature=radius", None),
    ("GET", "interactions", None),
    ("GET", "effects?feature=radius", None),
    ("GET", "flips?column=size", None),
    ("GET", "inputs", None),
    ("GET", "rows/3/explanation", None),
    ("POST", "rows/3/what-if", {"changes": {"radius": 9}}),
    ("GET", "rows/3/flip-points", None),
    ("POST", "rows/3/counterfactuals", {}),
    ("POST", "rows/3/text-edits", {}),
]
IDS = [path for _, path, _ in ASKING]


@pytest.mark.parametrize(("operation", "method", "url", "body"), GOOD)
def test_a_good_answer_is_what_the_document_says(
    why: Any, operation: str, method: str, url: str, body: Any
) -> None:
    answer = why.request(method, url, json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["rows"] or operation in ("text_edits", "interactions")
    check(why, operation, 200, answer.json())
    again = why.request(method, url, json=body)
    assert again.json() == answer.json()
    if method == "GET":
        tag = {"If-None-Match": again.headers["etag"]}
        assert why.get(url, headers=tag).status_code == 304


def test_every_operation_has_a_good_answer_here(why: Any) -> None:
    paths = why.get("/openapi.json").json()["paths"].values()
    every = [item for path in paths for item in path.values()]
    known = {item["operationId"] for item in every if item["tags"] == ["explaining"]}
    assert known == {operation for operation, *_ in GOOD}
    assert len({path.partition("?")[0] for _, path, _ in ASKING}) == len(known)


def test_answers_are_those_of_python(why: Any, asked: mp.Workspace) -> None:
    ev = asked.evaluation("trees@1/patients@1")
    body = {"changes": {"radius": 9.5}}
    told = why.post(f"{TREES}/rows/3/what-if", json=body).json()
    own = ev.what_if(3, radius=9.5).to_dict()
    assert without_costs(told) == without_costs(own)
    told = why.get(f"{TREES}/rows/3/flip-points").json()
    assert without_costs(told) == without_costs(ev.flip_points(3).to_dict())
    told = why.get(f"{TREES}/rows/3/explanation").json()
    assert told["rows"] == ev.explain(rows=3).local(3).to_dict()["rows"]
    told = why.get(f"{TREES}/effects?feature=radius&sample=40").json()
    assert told["rows"] == ev.effects("radius", sample=40).to_dict()["rows"]


def test_a_what_if_changes_nothing(why: Any) -> None:
    before = why.get(f"{TREES}/rows/3").json()
    changed = why.post(f"{TREES}/rows/3/what-if", json={"changes": {"radius": 6}}).json()
    assert changed["rows"][1]["changes"][0]["after"] == 6
    assert why.get(f"{TREES}/rows/3").json() == before


def test_what_a_model_takes_is_said_with_its_values(why: Any) -> None:
    rows = {row["name"]: row for row in why.get(f"{TREES}/inputs").json()["rows"]}
    assert set(rows) == {"radius", "texture", "smoothness", "size"}
    assert (rows["radius"]["low"], rows["radius"]["high"]) == (6.981, 28.11)
    assert set(rows["size"]["values"]) == {"small", "middle", "large"}
    assert (rows["texture"]["has_missing"], rows["radius"]["has_missing"]) == (True, False)
    (note,) = why.get(f"{WORDS}/inputs").json()["rows"]
    assert (note["name"], note["type"], note["can_vary"]) == ("note", "text", False)


def test_explained_features_are_columns_afterwards(make_why: Any) -> None:
    client = make_why(wait_s=60)
    before = client.get(f"{TREES}/explore")
    unknown = client.get(f"{TREES}/explore?where=shap_radius > 0")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "UnknownColumn")
    assert client.get(f"{TREES}/explanation").status_code == 200
    after = client.get(f"{TREES}/explore", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200  # the answer before has no such columns
    known = client.get(f"{TREES}/explore?where=shap_radius > 0").json()
    assert 0 < known["n"] < known["total"]
    assert "shap_radius" in {column["name"] for column in client.get(TREES).json()["columns"]}
    inside = client.get(f"{TREES}/explanation?where=shap_radius > 0")
    assert inside.status_code == 200
    assert inside.json()["rows"][0]["n"] == known["n"]


def test_what_misleads_leads_to_a_cohort(make_why: Any) -> None:
    client = make_why(wait_s=60)
    ev = "/api/v1/evaluations/leaky@1/patients@1"
    frame = client.app.state.service.workspace.dataset("patients").read().to_pandas()
    client.app.state.service.workspace.add_model("leaky", Leaky(frame))
    client.app.state.service.workspace.evaluate("leaky", "patients")
    found = client.get(f"{ev}/explanation?sample=400").json()["mispredictive"]["rows"]
    assert {row["feature"]: row["direction"] for row in found}["texture"] == "mispredictive"
    where = next(row["where"] for row in found if row["feature"] == "texture")
    rows = client.get(f"{ev}/rows?where={where}&columns=correct&limit=5").json()["rows"]
    assert {row["correct"] for row in rows} == {False}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [item for item in ASKING if "rows/" not in item[1] and item[1] != "inputs"],
)
def test_a_cohort_without_rows_is_said_so(why: Any, method: str, path: str, body: Any) -> None:
    sign = "&" if "?" in path else "?"
    answer = why.request(method, f"{TREES}/{path}{sign}where=radius > 1000", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "EmptyCohort")
    assert_three_parts(answer)


@pytest.mark.parametrize(
    ("method", "url", "body", "status", "code", "word"),
    [
        ("GET", "rows/999999/explanation", None, 404, "UnknownName", "568"),
        ("GET", "rows/-1/explanation", None, 422, "InvalidRequest", "greater than"),
        ("GET", "rows/x/flip-points", None, 422, "InvalidRequest", "whole number"),
        ("POST", f"rows/{10**30}/what-if", {"changes": {"radius": 1}}, 404, "UnknownName", "0 to"),
        ("POST", "rows/3/what-if", {"changes": {"radios": 1}}, 400, "UnknownColumn", "'radius'"),
        ("POST", "rows/3/what-if", {"changes": {"note": "big"}}, 400, "BadOption", "no input"),
        ("POST", "rows/3/what-if", {"changes": {"size": "tiny"}}, 400, "BadOption", "no value"),
        ("POST", "rows/3/what-if", {"changes": {"radius": "wide"}}, 400, "BadOption", "a number"),
        ("POST", "rows/3/what-if", {"changes": {"radius": None}}, 400, "BadOption", "missing"),
        ("POST", "rows/3/what-if", {"changes": {}}, 400, "BadOption", "nothing was changed"),
        ("POST", "rows/3/what-if", {"changes": {"radius": {}}}, 422, "InvalidRequest", "radius"),
        ("POST", "rows/3/what-if", {"changes": {"radius": 10**400}}, 422, "InvalidRequest", ""),
        ("POST", "rows/3/what-if", {"changes": 3}, 422, "InvalidRequest", "changes"),
        ("POST", "rows/3/what-if", {"changes": {"radius": 1}, "row": 4}, 422, "InvalidRequest",
         "row"),
        ("POST", "rows/3/what-if", {}, 422, "InvalidRequest", "changes"),
        ("POST", "rows/3/what-if", [], 422, "InvalidRequest", "body"),
        ("GET", "rows/3/explanation?method=magic", None, 400, "BadOption", "permutation"),
        ("GET", "rows/3/explanation?target=blue", None, 400, "BadOption", "benign"),
        ("GET", "rows/3/explanation?column=note", None, 400, "UnknownColumn", "note"),
        ("GET", "rows/3/explanation?budget_s=0", None, 422, "InvalidRequest", "budget_s"),
        ("GET", "rows/3/explanation?rows=3", None, 422, "InvalidRequest", "rows"),
        ("GET", "rows/3/flip-points?columns=colour", None, 400, "UnknownColumn", "colour"),
        ("GET", "rows/3/flip-points?target=blue", None, 400, "BadOption", "benign"),
        ("GET", "rows/3/flip-points?low=3", None, 400, "BadOption", "class"),
        ("GET", "rows/3/flip-points?tries=1e9", None, 422, "InvalidRequest", "tries"),
        ("POST", "rows/3/counterfactuals", {"vary": ["colour"]}, 400, "UnknownColumn", "colour"),
        ("POST", "rows/3/counterfactuals", {"ranges": {"radius": [9, 1]}}, 400, "BadOption", ""),
        ("POST", "rows/3/counterfactuals", {"monotone": {"radius": "up"}}, 422, "InvalidRequest",
         "increase"),
        ("POST", "rows/3/counterfactuals", {"costs": {"radius": -1}}, 400, "BadOption", "costs"),
        ("POST", "rows/3/counterfactuals", {"k": 99}, 422, "InvalidRequest", "k"),
        ("POST", "rows/3/counterfactuals", {"immutable": ["radius", "texture", "smoothness",
         "size"]}, 400, "BadOption", ""),
        ("POST", "rows/3/counterfactuals", {"target": [1, 2]}, 400, "BadOption", "class"),
        ("POST", "rows/3/text-edits", {"column": "radius"}, 400, "BadOption", "no texts"),
        ("POST", "rows/3/text-edits", {"kinds": ["rhyme"]}, 422, "InvalidRequest", "typo"),
        ("GET", "effects", None, 422, "InvalidRequest", "feature"),
        ("GET", "effects?feature=colour", None, 400, "UnknownColumn", "colour"),
        ("GET", "effects?feature=note", None, 400, "BadOption", "note"),
        ("GET", "effects?feature=radius&other=radius", None, 400, "BadOption", "twice"),
        ("GET", "effects?feature=radius&kind=pie", None, 422, "InvalidRequest", "pdp"),
        ("GET", "effects?feature=radius&where=radius >", None, 400, "BadPredicate", ""),
        ("GET", "effects?feature=radius&target=blue", None, 400, "BadOption", "benign"),
        ("GET", "flips?column=radius", None, 400, "BadOption", "too many values"),
        ("GET", "flips?column=colour", None, 400, "UnknownColumn", "colour"),
        ("GET", "flips?column=size&values=tiny", None, 400, "BadOption", "tiny"),
        ("GET", "explanation?sample=0", None, 422, "InvalidRequest", "sample"),
        ("GET", "explanation?where=colour = 1", None, 400, "UnknownColumn", "colour"),
        ("GET", "dependence?feature=colour", None, 400, "UnknownColumn", "colour"),
        ("GET", "dependence", None, 422, "InvalidRequest", "feature"),
        ("GET", "interactions?top=0", None, 422, "InvalidRequest", "top"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_in_three_parts(
    why: Any, method: str, url: str, body: Any, status: int, code: str, word: str
) -> None:
    answer = why.request(method, f"{TREES}/{url}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert word in answer.text
    assert_three_parts(answer)


@pytest.mark.parametrize("body", ["", "{", '{"changes": NaN}', '{"changes": {"radius": Infinity}}',
                                  '{"changes": {"radius": 1' + "0" * 5_000 + "}}"])  # fmt: skip
def test_a_body_that_is_no_json_is_refused(why: Any, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = why.post(f"{TREES}/rows/3/what-if", content=body, headers=headers)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["message"]


def test_a_body_that_is_too_long_is_refused(why: Any) -> None:
    body = {"changes": {"size": "x" * 2_000_000}}
    answer = why.post(f"{TREES}/rows/3/what-if", json=body)
    assert (answer.status_code, answer.json()["code"]) == (413, "TooLarge")


@pytest.mark.parametrize(("method", "path", "body"), ASKING, ids=IDS)
def test_predictions_alone_cannot_be_asked(why: Any, method: str, path: str, body: Any) -> None:
    answer = why.request(method, f"{SAID}/{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "ModelError")
    assert "Only its predictions are known" in answer.json()["message"]
    assert "mispredict add model tumours" in answer.json()["hint"]


def test_the_facts_say_whether_the_model_can_be_called(why: Any) -> None:
    assert why.get(TREES).json()["can_call_model"] is True
    assert why.get(SAID).json()["can_call_model"] is False


@pytest.mark.parametrize(("method", "path", "body"), ASKING, ids=IDS)
def test_nobody_asks_who_is_not_signed_in(make_why: Any, method: str, path: str, body: Any) -> None:
    client = make_why(token="a token of some length")
    answer = client.request(method, f"{TREES}/{path}", json=body)
    assert answer.status_code == 401
    assert_three_parts(answer)


@pytest.mark.parametrize(("method", "path", "body"), [item for item in ASKING if item[0] == "POST"])
def test_pages_of_others_cannot_ask(why: Any, method: str, path: str, body: Any) -> None:
    headers = {"Origin": "http://evil.example"}
    answer = why.request(method, f"{TREES}/{path}", json=body, headers=headers)
    assert answer.status_code == 403
    assert_three_parts(answer)


class Leaky:
    """Believes in texture, which says nothing, as much as in radius."""

    def __init__(self, frame: Any) -> None:
        self.classes_ = ["benign", "malignant"]
        self._middle = {name: (frame[name].mean(), frame[name].std()) for name in _BELIEVED}

    def predict_proba(self, frame: Any) -> Any:
        import numpy as np

        z = sum((frame[name].fillna(m) - m) / s * 2 for name, (m, s) in self._middle.items())
        p = 1 / (1 + np.exp(-np.asarray(z)))
        return np.column_stack([1 - p, p])

    def predict(self, frame: Any) -> Any:
        import numpy as np

        return np.where(self.predict_proba(frame)[:, 1] > 0.5, "malignant", "benign")


_BELIEVED = ("radius", "texture")


def assert_three_parts(answer: Any) -> None:
    told = answer.json()
    assert told["code"]
    assert told["message"].endswith((".", "…"))
    assert told["hint"]


def without_costs(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "queries"}


def check(client: Any, operation: str, status: int, value: Any) -> None:
    """That a value is what the document says of an operation's answer."""
    made = json.loads(client.get("/openapi.json").text)
    every = [item for path in made["paths"].values() for item in path.values()]
    (found,) = (item for item in every if item["operationId"] == operation)
    schema = found["responses"][str(status)]["content"]["application/json"]["schema"]
    whole = {**schema, "components": made["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)
