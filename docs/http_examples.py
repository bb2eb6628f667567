"""Write the examples of the HTTP API into the package: real answers, cut short.

They are answers about the customers of `example_data.py`. Run it by hand when answers change
their shape; a test says when it is due.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import example_data
import httpx
import pandas as pd
from sklearn.base import clone

import mispredict as mp
from mispredict.server import Limits, ServerSettings, create_app
from mispredict.server.document import EXAMPLES

E = "/api/v1/evaluations/boosting@1/customers@1"
DS = "/api/v1/datasets/customers@1"
PROBLEM = "/api/v1/problems/the-old-are-misjudged"
_FEWEST = 4  # items of a list that is left as it is
_KEPT = 2
_LONGEST = 160
_TIMES = ("seconds", "model_seconds")
_SAME = {  # what would be another each time
    re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)?"): "2026-01-01T12:00:00+00:00",
    re.compile(r"\b[0-9a-f]{40}\b( with changes)?"): "0123456789abcdef0123456789abcdef01234567",
    re.compile(r"\bin [\d.]+ s\b"): "in 0.5 s",
}

READS = {
    "health": "/health",
    "version": "/version",
    "session": "/api/v1/session",
    "workspace": "/api/v1/workspace",
    "cohorts": "/api/v1/cohorts",
    "evaluation": E,
    "overview": f"{E}/overview?parts=metrics&parts=confusion&parts=mistakes",
    "metrics": f"{E}/metrics?by=Geography&metrics=accuracy",
    "confusion": f"{E}/confusion",
    "calibration": f"{E}/calibration",
    "roc": f"{E}/roc",
    "precision_recall": f"{E}/precision-recall",
    "thresholds": f"{E}/thresholds?cost_fn=5",
    "explore": f"{E}/explore?where=Age >= 50&column=Geography&codes=1&mode=add",
    "rows": f"{E}/rows?order_by=loss DESC&limit=2",
    "mask": f"{E}/mask?where=Age >= 50",
    "row": f"{E}/rows/7",
    "cohort": f"{E}/cohort?where=Age >= 50 AND Geography = 'Germany'",
    "complete": f"{E}/complete?text=Geo",
    "mistakes": f"{E}/mistakes?limit=2",
    "near_misses": f"{E}/near-misses?limit=2",
    "outliers": f"{E}/outliers?limit=2",
    "error_classes": f"{E}/error-classes",
    "cards": f"{E}/cards?top=2",
    "priorities": f"{E}/priorities?ceiling=0.95",
    "inputs": f"{E}/inputs",
    "row_explanation": f"{E}/rows/7/explanation",
    "flip_points": f"{E}/rows/7/flip-points?columns=Age&columns=Geography",
    "explanation": f"{E}/explanation?where=Age >= 50",
    "dependence": f"{E}/dependence?feature=Age&bins=4",
    "interactions": f"{E}/interactions?top=2",
    "effects": f"{E}/effects?feature=Age&grid=5",
    "flips": f"{E}/flips?column=Geography",
    "suites": "/api/v1/suites",
    "suite": f"{E}/suites/churn-gate",
    "runs": f"{E}/runs?suite=churn-gate",
    "check_kinds": f"{E}/check-kinds",
    "perturbations": f"{E}/perturbations",
    "lexicons": "/api/v1/lexicons",
    "augmentation_advice": f"{E}/augmentation-advice?names=noise&strengths=0.3&sample=100",
    "dataset": f"{DS}",
    "label_queue": f"{E}/label-queue?limit=1",
    "label_decisions": f"{DS}/label-decisions",
    "problems": "/api/v1/problems",
    "evaluation_problems": f"{E}/problems",
    "problem": PROBLEM,
    "problem_history": "/api/v1/history/problems",
    "dataset_rows": f"{DS}/rows?where=Age >= 50&limit=2",
}
SEARCHES = {  # whose first answer is a job
    "label_errors": f"{E}/label-errors?limit=2",
    "drift": "/api/v1/drift?reference=customers@1&current=customers@1&where=Age >= 40"
    "&columns=Age&columns=Geography",
    "data_health": f"{DS}/health?evaluation=boosting@1/customers@1",
    "duplicates": f"{DS}/duplicates?near=0.7&columns=Message",
    "conflicts": f"{DS}/conflicts?columns=Geography",
    "leakage": f"{DS}/leakage",
    "dataset_diff": "/api/v1/datasets/customers@2/diff?other=customers@1",
    "data_proposals": f"{DS}/checks/proposals",
    "coverage": "/api/v1/coverage?reference=customers@1&current=boosting@1/customers@1"
    "&reference_where=Age < 50",
    "corrected_metrics": f"{E}/corrected-metrics?metrics=accuracy",
    "uncertainty": f"{E}/uncertainty",
    "spread": f"{E}/spread?sample=100&copies=3&limit=2",
    "conformal": f"{E}/conformal?by=Geography",
    "sanity": f"{E}/sanity?tests=beats_constant&tests=input_ablation&sample=200",
    "estimated_performance": f"{E}/estimated-performance?by=row&windows=2&metrics=accuracy",
}
NEXT = "/api/v1/evaluations/boosting@2/customers@1"
BESIDE = {  # asked once there is a second version of the model
    "compare": f"{NEXT}/compare?against=boosting@1&by=Geography&metrics=accuracy",
    "changed": f"{NEXT}/changed?before=boosting@1",
    "model_board": "/api/v1/datasets/customers/board",
    "consensus": "/api/v1/datasets/opinions@1/consensus?limit=2",
}
SUITE = """\
suite: churn-gate
checks:
  - name: good enough
    kind: metric
    metric: accuracy
    min: 0.7
"""
_SENIORS = """\
name: seniors are served
kind: metric
metric: accuracy
where: Age > 60
min: 0.99"""
WRITES: dict[str, tuple[str, str, Any]] = {
    "sign_in": ("post", "/api/v1/session", {"token": "the token"}),
    "sign_out": ("delete", "/api/v1/session", None),
    "tag_rows": ("post", f"{E}/tags/reviewed", {"where": "Age >= 50"}),
    "set_tag": ("patch", f"{E}/tags/reviewed", {"ease": 4, "ceiling": 0.95}),
    "save_cohort": (
        "post",
        "/api/v1/cohorts",
        {"name": "seniors", "where": "Age >= 60", "evaluation": "boosting@1/customers@1"},
    ),
    "decide_threshold": (
        "post",
        f"{E}/thresholds/decisions",
        {"threshold": 0.35, "who": "Ada", "reason": "a customer lost costs five times a call"},
    ),
    "what_if": ("post", f"{E}/rows/7/what-if", {"changes": {"Age": 52, "Geography": "Germany"}}),
    "counterfactuals": (
        "post",
        f"{E}/rows/7/counterfactuals",
        {"target": "yes", "immutable": ["Geography"], "ranges": {"Age": [18, 60]}, "k": 2},
    ),
    "text_edits": (
        "post",
        f"{E}/rows/7/text-edits",
        {"column": "Message", "kinds": ["typo", "delete"]},
    ),
    "save_suite": ("post", f"{E}/suites", {"text": SUITE}),
    "add_checks": ("post", f"{E}/suites/churn-gate/checks", {"checks": [_SENIORS]}),
    "change_check": (
        "patch",
        f"{E}/suites/churn-gate",
        {"check": "seniors are served", "text": _SENIORS.replace("0.99", "0.9")},
    ),
    "run_suite": ("post", f"{E}/suites/churn-gate/run", {}),
    "check_form": ("post", "/api/v1/checks/form", {"text": _SENIORS}),
    "check_text": (
        "post",
        "/api/v1/checks/text",
        {
            "name": "seniors are sure",
            "kind": "confidence",
            "values": {"threshold": 0.6, "where": "Age > 60"},
        },
    ),
    "decide_labels": (
        "post",
        f"{E}/label-decisions",
        {"rows": [7], "decision": "relabel", "label": "yes", "who": "Ada", "note": "she called"},
    ),
    "relabel": ("post", f"{DS}/relabelled", {"decisions": "customers@1"}),
    "label_errors_check": ("post", f"{E}/label-errors/check", {"suite": "labels"}),
    "drift_check": (
        "post",
        f"{E}/drift-checks",
        {"columns": ["Age"], "reference": "customers@1", "where": "Geography = 'Germany'"},
    ),
    "keep_found_check": (
        "post",
        f"{E}/found-checks",
        {"suite": "doubt", "check": "name: knows its errors\nkind: knows_errors\nmin: 0.7"},
    ),
    "keep_data_checks": (
        "post",
        f"{DS}/checks",
        {"suite": "customers-data", "checks": ["name: no doubles\nkind: duplicates"]},
    ),
    "open_problem": (
        "post",
        f"{E}/problems",
        {
            "finding": {"kind": "slice", "where": "Age >= 60"},
            "title": "the old are misjudged",
            "owner": "Ada",
            "harm": 4,
        },
    ),
    "edit_problem": ("patch", PROBLEM, {"version": 1, "status": "fixing"}),
    "comment_problem": ("post", f"{PROBLEM}/comments", {"text": "seen again today"}),
    "triage": ("post", f"{E}/triage", {}),
    "proposals": ("post", f"{E}/checks/proposals", {"sources": ["error_classes"]}),
    "perturb": ("post", f"{E}/perturb", {"names": ["noise"], "strength": 0.3, "limit": 5}),
    "fill_template": (
        "post",
        f"{E}/templates/fill",
        {
            "template": {"Age": "{years}", "Geography": "{column:Geography}"},
            "lexicons": {"years": [20, 80]},
            "vary": "years",
            "n": 2,
        },
    ),
    "synthetic": (
        "post",
        f"{E}/synthetic",
        {"where": "Age > 60", "columns": ["Age", "Geography"], "n": 100, "shown": 2},
    ),
    "generated_check": (
        "post",
        f"{E}/generated/check",
        {"change": {"names": ["noise"], "strength": 0.1}, "min_share": 0.9},
    ),
    "store_generated": (
        "post",
        f"{E}/generated",
        {"change": {"names": ["noise"]}, "n": 100, "name": "noisy-customers"},
    ),
    "generated_file": (
        "post",
        f"{E}/generated/file",
        {"template": {"template": {"Age": "{years}"}, "lexicons": {"years": [20, 80]}}, "n": 2},
    ),
}
JOBS = ("tree", "clusters", "map", "slices")


def main() -> None:
    """Ask everything once, and write what was answered."""
    with tempfile.TemporaryDirectory() as folder, mp.open(Path(folder) / "bank") as workspace:
        frame = example_data.customers(2)
        workspace.add_dataset("customers", frame, label="Exited", types={"Message": "text"})
        workspace.add_model("boosting", example_data.pipeline())
        workspace.evaluate("boosting", "customers")
        found = asyncio.run(_asked(workspace))
    text = json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False)
    EXAMPLES.write_text(f"{text}\n", encoding="utf-8")


async def _asked(workspace: mp.Workspace) -> dict[str, Any]:
    """Body, status and answer of each operation."""
    app = create_app(workspace, ServerSettings(limits=Limits(wait_s=60)))
    transport = httpx.ASGITransport(app)
    found: dict[str, Any] = {}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        for name, (method, url, body) in WRITES.items():
            answer = await client.request(method, url, json=body)
            found[name] = _example(answer, body)
            if answer.status_code == 202:
                await client.get(f"/api/v1/jobs/{answer.json()['id']}/events")
            if name == "proposals":
                found[name] = _example(await client.request(method, url, json=body), body)
        for name, url in READS.items():
            found[name] = _example(await client.get(url))
        for name, url in SEARCHES.items():
            found[name] = await _searched(client, url)
        for kind in JOBS:
            body = {"kind": kind, "evaluation": "boosting@1/customers@1"}
            answer = await client.post("/api/v1/jobs", json=body)
            found["start_job"] = _example(answer, body)
            id_ = answer.json()["id"]
            await client.get(f"/api/v1/jobs/{id_}/events")
            found[kind] = _example(await client.get(f"{E}/{kind}"))
        found["job"] = _example(await client.get(f"/api/v1/jobs/{id_}"))
        found["jobs"] = _example(await client.get("/api/v1/jobs"))
        found["cancel_job"] = _example(await client.delete(f"/api/v1/jobs/{id_}"))
        _add_next(workspace)
        for name, url in BESIDE.items():
            found[name] = await _searched(client, url)
    return found


async def _searched(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    """The answer once its job is done."""
    while (answer := await client.get(url)).status_code == 202:
        await client.get(f"/api/v1/jobs/{answer.json()['id']}/events")
    return _example(answer)


def _add_next(workspace: mp.Workspace) -> None:
    """A second version of the model, which learned from the young alone, and what people said."""
    first, train = example_data.pipeline(), example_data.customers(1)
    young = train[train["Age"] < 50]
    second = clone(first).fit(young[list(first.feature_names_in_)], young["Exited"])
    workspace.add_model("boosting", second, version="2")
    workspace.evaluate("boosting@2", "customers@1")
    opinions = {"anna": "yyynnnynyn", "bob": "yynnnnynyn", "carl": "ynnnnyynny"}
    said = pd.DataFrame({name: list(letters) for name, letters in opinions.items()})
    said["answer"] = said["anna"]
    workspace.add_dataset("opinions", said, label="answer", annotations=list(opinions))


def _example(answer: httpx.Response, body: Any = None) -> dict[str, Any]:
    assert answer.is_success, answer.text
    is_json = answer.headers["content-type"].startswith("application/json")
    said = _short(answer.json()) if is_json else None  # else a file
    return {"status": answer.status_code, "body": body, "answer": said}


def _short(value: Any) -> Any:
    """The value with long lists and texts cut, and times that are the same every time."""
    if isinstance(value, dict):
        return {key: 0.1 if key in _TIMES and isinstance(item, float) else _short(item)
                for key, item in value.items()}  # fmt: skip
    if isinstance(value, list):
        return [_short(item) for item in (value[:_KEPT] if len(value) > _FEWEST else value)]
    if isinstance(value, str):
        text = value
        for pattern, instead in _SAME.items():
            text = pattern.sub(instead, text)
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return value


if __name__ == "__main__":
    main()
