"""Tokens and signed cookies: who signs in, and who is signed in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie

from fastapi import Request, Response

from mispredict.server.failures import Refused
from mispredict.server.security.identity import Identity
from mispredict.server.security.limiter import Limiter
from mispredict.server.settings import ServerSettings

_PARTS = 3
_MOST_ENDED = 10_000  # sessions that were signed out, until they expire


class Gate:
    """Knows the token; `key_of` is what makes the cookies of two workspaces different."""

    def __init__(
        self, settings: ServerSettings, key_of: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._key = hmac.digest(
            settings.token.encode(), f"mispredict session {key_of}".encode(), "sha256"
        )
        self.cookie = f"mispredict_{hashlib.sha256(key_of.encode()).hexdigest()[:8]}"
        self.clock = clock
        self.limiter = Limiter()
        self._ended: OrderedDict[str, None] = OrderedDict()

    def identify(self, headers: Mapping[str, str], address: str) -> Identity:
        """Who asks.

        Raises:
            Refused: it has a wrong bearer token.
        """
        if not self._settings.needs_token:
            return Identity("open")
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            if not self._is_token(
                token.strip()
            ):  # a program with the right one is never locked out
                self._check(token.strip(), address)
            return Identity("bearer")
        return self.of_cookie(headers.get("cookie", ""))

    def sign_in(self, token: str, address: str) -> Identity:
        """A new session for who knows the token.

        Raises:
            Refused: it is not the token, or there were too many wrong ones.
        """
        if not self._settings.needs_token:
            return Identity("open")
        self._check(token, address)
        expires = int(self.clock() + self._settings.session_hours * 3600)
        body = f"{expires}.{secrets.token_urlsafe(16)}"
        return self._identity(f"{body}.{self._sign(body)}", body)

    def keep(self, request: Request, answer: Response, identity: Identity) -> None:
        """Give the browser the cookie of a new session."""
        if identity.session:
            answer.set_cookie(
                self.cookie,
                identity.session,
                max_age=int(self._settings.session_hours * 3600),
                path=self.path(request),
                secure=request.url.scheme == "https",
                httponly=True,
                samesite="strict",
            )

    def drop(self, request: Request, answer: Response, identity: Identity) -> None:
        """Take the cookie from the browser, and its worth from any copy of it."""
        if identity.session:
            self._ended[identity.session.rpartition(".")[0]] = None
            if len(self._ended) > _MOST_ENDED:
                self._ended.popitem(last=False)
        answer.delete_cookie(self.cookie, path=self.path(request), httponly=True, samesite="strict")

    def path(self, request: Request) -> str:
        """Path below which the cookie is sent."""
        return request.scope.get("root_path", "") or "/"

    def is_csrf(self, identity: Identity, given: str) -> bool:
        """Whether a write carries the token of its session."""
        return hmac.compare_digest(identity.csrf.encode(), given.encode("utf-8", "replace"))

    def _check(self, token: str, address: str) -> None:
        wait_s = self.limiter.wait_s(address)
        if wait_s:
            raise Refused(
                429,
                "TooManyAttempts",
                "too many wrong tokens.",
                known=f"Signing in is possible again in {wait_s} s.",
                hint="the token that the server was started with",
                headers={"Retry-After": str(wait_s)},
            )
        if not self._is_token(token):
            self.limiter.fail(address)
            raise not_signed_in("the token is not the one of this server.")

    def _is_token(self, token: str) -> bool:
        given, wanted = token.encode("utf-8", "replace"), self._settings.token.encode()
        return hmac.compare_digest(hashlib.sha256(given).digest(), hashlib.sha256(wanted).digest())

    def of_cookie(self, header: str) -> Identity:
        """Whose session a cookie is; nobody's if it is not ours or has expired."""
        try:
            morsel = SimpleCookie(header).get(self.cookie)
        except CookieError:
            morsel = None
        value = morsel.value if morsel else ""
        body, _, signature = value.rpartition(".")
        expires = body.partition(".")[0]
        if value.count(".") != _PARTS - 1 or not (expires.isascii() and expires.isdecimal()):
            return Identity()
        is_ours = hmac.compare_digest(signature.encode(), self._sign(body).encode())
        if not is_ours or int(expires[:15]) < self.clock() or body in self._ended:
            return Identity()
        return self._identity(value, body)

    def _identity(self, session: str, body: str) -> Identity:
        return Identity("cookie", self._sign(f"csrf {body}"), session)

    def _sign(self, text: str) -> str:
        return hmac.digest(self._key, text.encode(), "sha256").hex()


def not_signed_in(problem: str = "you are not signed in.") -> Refused:
    """The refusal of who is not known."""
    return Refused(
        401,
        "NotSignedIn",
        problem,
        known="This server asks for the token that it was started with.",
        hint="sign in at its address, or send the header Authorization: Bearer …",
        headers={"WWW-Authenticate": 'Bearer realm="mispredict"'},
    )
