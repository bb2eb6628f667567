"""Requests to a model server, tried again where that is safe and can help."""

from __future__ import annotations

import json
import random
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import MissingExtra, ModelError
from mispredict.models.protocol import RowsRefused

if TYPE_CHECKING:
    import httpx

AGAIN = frozenset({429, 502, 503, 504})
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 20.0
_SHOWN = 300


class Requests:
    """Posts JSON to one address. Predicting changes nothing, so a request can be repeated."""

    def __init__(self, url: str, *, timeout_s: float, attempts: int) -> None:
        self.url, self.timeout_s, self.attempts = url, timeout_s, attempts
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    def post(self, body: bytes, headers: dict[str, str]) -> Any:
        """The JSON value that the server answers.

        Raises:
            ModelError: no answer after all attempts, or one that is not JSON.
            RowsRefused: the server says that it cannot predict these rows.
        """
        import_httpx()
        failure = ""
        for attempt in range(self.attempts):
            response, failure = self._try(body, headers)
            if response is not None and response.status_code not in AGAIN:
                return self._read(response)
            if attempt < self.attempts - 1:
                time.sleep(_wait_s(attempt, response))
        raise ModelError(
            f"{self.url} did not answer: {failure}",
            known=f"Tried {self.attempts} time(s).",
            hint="is the server up? attempts= and timeout_s= change how long to wait",
        )

    def _try(self, body: bytes, headers: dict[str, str]) -> tuple[httpx.Response | None, str]:
        import httpx

        try:
            response = self._http().post(
                self.url, content=body, headers={"Content-Type": "application/json", **headers}
            )
        except httpx.TimeoutException:
            return None, f"no answer within {self.timeout_s:g} s."
        except httpx.TransportError as error:
            return None, f"{type(error).__name__}: {error}."
        return response, f"status {response.status_code}. {_shown(response)}"

    def _read(self, response: httpx.Response) -> Any:
        status = response.status_code
        if status in (400, 422, 500):
            raise RowsRefused(f"{self.url} answered status {status}.", known=_shown(response))
        if status in (401, 403):
            raise ModelError(
                f"{self.url} answered status {status}: it does not let us in.",
                hint="token_env='MY_TOKEN', the environment variable that holds the token",
            )
        if not response.is_success:
            raise ModelError(
                f"{self.url} answered status {status}.",
                known=_shown(response),
                hint="the address of /invocations, or of /v2/models/<name>/infer",
            )
        try:
            return response.json()
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise ModelError(
                f"{self.url} answered what is not JSON.", known=_shown(response)
            ) from error

    def _http(self) -> httpx.Client:
        import httpx

        with self._lock:
            if self._client is None:
                self._client = httpx.Client(timeout=self.timeout_s)
                weakref.finalize(self, self._client.close)
            return self._client


def import_httpx() -> None:
    """Fail with a clear message where httpx is missing."""
    try:
        import httpx  # noqa: F401
    except ImportError as error:
        raise MissingExtra.of("httpx", "http", "A model behind an address") from error


def _wait_s(attempt: int, response: httpx.Response | None) -> float:
    """What the server asks for, or else twice as long each time, never all at once."""
    asked = "" if response is None else response.headers.get("Retry-After", "")
    if asked.isdecimal():
        return min(float(asked), LONGEST_WAIT_S)
    longest: float = min(FIRST_WAIT_S * 2.0**attempt, LONGEST_WAIT_S)
    return longest * random.uniform(0.5, 1.0)


def _shown(response: httpx.Response) -> str:
    text = " ".join(response.text.split())
    return f"It says: {text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}" if text else ""
