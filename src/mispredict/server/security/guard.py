"""The guard before all routes: checks where a request comes from, who asks, and how much.

It also adds to every answer the headers that tell a browser what the answer may do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mispredict.server.failures import Refused, refusal
from mispredict.server.security import headers as told
from mispredict.server.security.gate import not_signed_in
from mispredict.server.security.identity import KEY, Identity
from mispredict.server.security.places import SAFE

if TYPE_CHECKING:
    from mispredict.server.service import Service

_API = "/api/"
_SESSION = "/api/v1/session"
_PRIVATE = ("/version", "/metrics", "/openapi.json")
ADDRESS = "mispredict.address"


class Guard:
    """ASGI middleware with the checks of one service."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told_send = _Telling(send, is_head=scope["method"] == "HEAD")
        try:
            path = self._admit(scope)
            body = _Measured(receive, self._service.settings.limits.body_bytes)
            scope["mispredict.path"] = path
            if scope["method"] == "HEAD" and path.startswith(_API):
                scope["method"] = "GET"  # answered alike, but for the body
            await self._app(scope, body, told_send)
        except Exception as error:
            if told_send.is_begun:
                raise
            await refusal(error)(scope, receive, told_send)

    def _admit(self, scope: Scope) -> str:
        """The path below the server's own, of a request that may be answered.

        Raises:
            Refused: it may not.
        """
        service, headers = self._service, Headers(scope=scope)
        asker = (scope.get("client") or ("", 0))[0]
        place = service.places.place(headers, asker, scope.get("scheme", "http"))
        path = _set_root(scope, place.prefix)
        scope["scheme"], scope[ADDRESS] = place.scheme, place.address
        service.places.check_host(place)
        if path.startswith(_API) or scope["method"] not in SAFE:
            service.places.check_origin(place, scope["method"], headers)
        self._check_size(scope, headers)
        identity = Identity()
        if _needs_identity(path) or path == _SESSION:
            is_signing_in = path == _SESSION and scope["method"] == "POST"
            if not is_signing_in:
                identity = service.gate.identify(headers, place.address)
            if _needs_identity(path) and not identity.is_known:
                raise not_signed_in()
            if not is_signing_in:
                self._check_csrf(scope["method"], headers, identity)
        scope[KEY] = identity
        return path

    def _check_size(self, scope: Scope, headers: Headers) -> None:
        limits = self._service.settings.limits
        text = len(scope.get("query_string", b"")) + len(scope["path"].encode())
        if text > limits.text_bytes:
            raise _too_large("address", text, limits.text_bytes, "a shorter cohort, or a saved one")
        given = headers.get("content-length", "")
        if given.isdecimal() and int(given[:19]) > limits.body_bytes:
            raise body_too_large(limits.body_bytes)

    def _check_csrf(self, method: str, headers: Headers, identity: Identity) -> None:
        if method in SAFE or identity.how != "cookie":
            return
        if not self._service.gate.is_csrf(identity, headers.get("x-csrf-token", "")):
            raise Refused(
                403,
                "WrongCsrf",
                "the write does not carry the token of its session.",
                known="Writes of a signed-in browser send the header X-CSRF-Token.",
                hint="`csrf` of GET /api/v1/session",
            )


class _Measured:
    """Receives a body, up to its longest."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._seen = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._seen > self._most:
                raise body_too_large(self._most)
        return message


class _Telling:
    """Sends an answer with the headers that every answer has; to HEAD without its body."""

    def __init__(self, send: Send, *, is_head: bool) -> None:
        self._send = send
        self._is_head, self._is_over = is_head, False
        self.is_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_begun = True
            headers = MutableHeaders(scope=message)
            for name, value in told.FIXED.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", told.data_policy())
        elif self._is_head:
            if self._is_over:
                return
            message, self._is_over = {"type": "http.response.body", "body": b""}, True
        await self._send(message)


def body_too_large(most: int) -> Refused:
    """The refusal of a body that is too long."""
    return _too_large("body", None, most, "fewer rows at a time")


def _too_large(what: str, found: int | None, most: int, hint: str) -> Refused:
    known = f"It has {found:,}; at most {most:,} are taken." if found else f"At most {most:,}."
    return Refused(413, "TooLarge", f"the {what} has too many bytes.", known=known, hint=hint)


def _needs_identity(path: str) -> bool:
    return (path.startswith(_API) and path != _SESSION) or path in _PRIVATE


def _set_root(scope: Scope, prefix: str) -> str:
    """The path below the proxy's; the scope's path begins with the prefix, as ASGI has it."""
    path: str = scope["path"]
    scope["root_path"] = prefix
    if not prefix:
        return path
    if path == prefix:
        scope["path"] = f"{prefix}/"
    elif not path.startswith(f"{prefix}/"):
        scope["path"] = prefix + path
    return str(scope["path"])[len(prefix) :]
