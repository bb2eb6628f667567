"""Signing in and out."""

from __future__ import annotations

from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from mispredict.server.failures import Refused
from mispredict.server.routes.describing import told
from mispredict.server.routes.parameters import SignIn
from mispredict.server.security.guard import ADDRESS
from mispredict.server.security.identity import Identity, identity_of
from mispredict.server.service import Service, service_of
from mispredict.server.shapes import Session
from mispredict.server.wire import json_response

router = APIRouter(prefix="/api/v1/session", tags=["session"])
_FORM = "application/x-www-form-urlencoded"


@router.get("", **told("session", Session, summary="Whether the asker is signed in"))
async def session(request: Request) -> Response:
    return json_response(_session(service_of(request), identity_of(request)))


@router.post(
    "",
    **told("sign_in", Session, summary="Sign in with the token", also={303: []}),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": SignIn.model_json_schema()},
                _FORM: {"schema": SignIn.model_json_schema()},
            },
        }
    },
)
async def sign_in(request: Request) -> Response:
    service = service_of(request)
    is_form = request.headers.get("content-type", "").partition(";")[0].strip() == _FORM
    token = await _token(request, is_form)
    identity = service.gate.sign_in(token, request.scope[ADDRESS])
    answer: Response
    if is_form:
        answer = RedirectResponse(request.scope.get("root_path", "") + "/", 303)
    else:
        answer = json_response(_session(service, identity))
    service.gate.keep(request, answer, identity)
    return answer


@router.delete("", **told("sign_out", Session, summary="Sign out"))
async def sign_out(request: Request) -> Response:
    service = service_of(request)
    left = identity_of(request) if not service.settings.needs_token else Identity()
    answer = json_response(_session(service, left))
    service.gate.drop(request, answer, identity_of(request))
    return answer


def _session(service: Service, identity: Identity) -> Session:
    return Session(
        signed_in=identity.is_known,
        token_required=service.settings.needs_token,
        csrf=identity.csrf,
        version=service.version if identity.is_known else "",
    )


async def _token(request: Request, is_form: bool) -> str:
    body = await request.body()
    try:
        if is_form:
            return parse_qs(body.decode(), strict_parsing=True, max_num_fields=5)["token"][0]
        return SignIn.model_validate_json(body).token
    except (ValidationError, ValueError, KeyError):
        raise Refused(
            422,
            "InvalidRequest",
            "token cannot be used.",
            known="It is a text in the body, as JSON or as a form.",
            hint='{"token": "…"}',
        ) from None
