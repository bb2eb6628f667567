"""JSON twins of the Data screen: the endpoint of the tab that its address names."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

router = APIRouter(include_in_schema=False)

_LABELS = ("where", "near")
_SIDES = ("where", "reference_where", "by", "windows")
_LOOKS = {"health": "reference", "duplicates": "against", "leakage": "against"}
_OLDER = "versions"  # which stands on other data, that only the screen chooses
_NO_MODEL = ("", "none")


@router.get("/e/{model}/{dataset}/data.json")
async def twin(request: Request, model: str, dataset: str) -> Response:
    return _twin(request, dataset, model)


@router.get("/data/{dataset}.json")
async def dataset_twin(request: Request, dataset: str) -> Response:
    model = request.query_params.get("evaluation", "")
    return _twin(request, dataset, "" if model in _NO_MODEL else model)


def _twin(request: Request, dataset: str, model: str) -> Response:
    """What the tab asks; the dataset's facts for one that asks nothing by itself."""
    tab = request.query_params.get("tab", "") or "health"
    own = f"{model}/{dataset}" if model else dataset
    path, told = f"datasets/{_quoted(dataset)}", []
    if tab == "labels" and model:
        path = f"evaluations/{_quoted(model)}/{_quoted(dataset)}/label-errors"
        told = _given(request, _LABELS)
    elif tab == "drift":
        path = "drift"
        sides = [(name, request.query_params.get(name) or own) for name in ("reference", "current")]
        told = [*sides, *_given(request, _SIDES)]
    elif tab in _LOOKS:
        path, told = f"{path}/{tab}", _looked(request, tab, own if model else "")
    elif tab == "coverage":
        reference = [("reference", value) for _, value in _given(request, ("against",))]
        path, told = "coverage", [*reference, ("current", own), *_given(request, ("where",))]
    elif tab == _OLDER and request.query_params.get("against"):
        path, told = _compared(request, own)
    root = request.scope.get("root_path", "")
    query = f"?{urlencode(told)}" if told else ""
    return RedirectResponse(f"{root}/api/v1/{path}{query}", 307)


def _looked(request: Request, tab: str, evaluation: str) -> list[tuple[str, str]]:
    """What the dataset is held against, and what else the tab may be told."""
    told = [(_LOOKS[tab], value) for _, value in _given(request, ("against",))]
    told += [("evaluation", evaluation)] if tab == "health" and evaluation else []
    return [*told, *_given(request, ("near", "group"))]


def _compared(request: Request, own: str) -> tuple[str, list[tuple[str, str]]]:
    name = own.rpartition("/")[2]
    other = ("other", request.query_params["against"])
    return f"datasets/{_quoted(name)}/diff", [other, *_given(request, ("key", "by"))]


def _given(request: Request, names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, value) for name in names if (value := request.query_params.get(name))]


def _quoted(name: str) -> str:
    return quote(name, safe="@")
