"""Pages: the built bundle, its one page for all addresses of screens, and their JSON twins."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from mispredict.server.failures import Refused
from mispredict.server.service import service_of

router = APIRouter(include_in_schema=False)
_SCREENS = {
    "overview": "overview",
    "explore": "explore",
    "slices": "slices",
    "priorities": "priorities",
    "tests": "runs",
    "compare": "compare",
    "generate": "perturbations",
    "problems": "problems",
}


@router.get("/e/{model}/{dataset}/{screen}.json")
async def twin(request: Request, model: str, dataset: str, screen: str) -> Response:
    suite = request.query_params.get("suite")
    if screen == "tests" and suite:
        return _twin(request, model, dataset, f"suites/{quote(suite, safe='')}")
    return _twin(request, model, dataset, _SCREENS.get(screen, ""))


@router.get("/e/{model}/{dataset}/row/{row}.json")
async def row_twin(request: Request, model: str, dataset: str, row: str) -> Response:
    return _twin(request, model, dataset, f"rows/{row}" if row.isdecimal() else "")


@router.get("/board/{dataset}.json")
async def board_twin(request: Request, dataset: str) -> Response:
    return _redirect(request, f"datasets/{quote(dataset, safe='@')}/board")


@router.api_route("/{path:path}", methods=["GET", "HEAD"])
async def page(request: Request, path: str) -> Response:
    service = service_of(request)
    cookie = request.headers.get("cookie", "")
    is_open = not service.settings.needs_token or service.gate.of_cookie(cookie).is_known
    return service.bundle.answer(request, path, is_open=is_open)


def _twin(request: Request, model: str, dataset: str, place: str) -> Response:
    if not place:
        raise Refused(
            404,
            "UnknownScreen",
            "there is no such screen.",
            known=f"Screens with a JSON twin: {', '.join(_SCREENS)}, row/0.",
            hint="overview.json",
        )
    target = "/".join(quote(part, safe="@") for part in (model, dataset)) + f"/{place}"
    return _redirect(request, f"evaluations/{target}")


def _redirect(request: Request, target: str) -> Response:
    """To the endpoint, with the parameters of the page."""
    # Not `request.url.query`: older Starlettes take %3F of the path for its beginning.
    given = request.scope["query_string"].decode("latin-1")
    query = f"?{given}" if given else ""
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/api/v1/{target}{query}", 307)
