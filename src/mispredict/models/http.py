"""Models behind an address: MLflow's `/invocations` and KServe's v2 protocol."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import numpy as np

from mispredict.core.errors import BadOption, ModelError
from mispredict.core.ids import hash_json
from mispredict.core.task import Scalar, Task
from mispredict.models.caching import concatenate, same_layout
from mispredict.models.inputs import Feed
from mispredict.models.protocol import Answer
from mispredict.models.requests import Requests
from mispredict.models.wire import from_kserve, from_mlflow, to_kserve, to_mlflow

if TYPE_CHECKING:
    import pandas as pd

PROTOCOLS = ("mlflow", "kserve")
DTYPES = ("FP64", "FP32")


class HttpModel:
    """A model server. The address says the protocol, unless `protocol` does.

    `…/v2/models/<name>` (with or without `/infer`) is KServe v2, as MLServer, Triton and
    `mlflow models serve --enable-mlserver` speak it; anything else is MLflow's, whose path is
    `/invocations`. A batch becomes several requests, of which `concurrency` are under way at
    once. Requests are tried again where the server did not answer for reasons that pass:
    connection errors and 429, 502, 503, 504; a timeout counts as a connection error.

    Args:
        url: of the server; without user, password or token in it.
        protocol: "mlflow" or "kserve".
        token_env: name of the environment variable that holds the value of the header
            `Authorization: Bearer …`. Only the name is ever stored.
        header: of the token, where it is not `Authorization`.
        timeout_s: of one request.
        attempts: of one request, the first included.
        concurrency: requests under way at once.
        request_rows: most rows of one request.
        dtype: of numbers in KServe's one matrix: FP32 or FP64.
    """

    kind = "http"

    def __init__(  # noqa: PLR0913 - each is a setting that an operator may need
        self,
        url: str,
        *,
        input: str | None = None,  # noqa: A002 - the word users know from `wrap`
        classes: Sequence[Scalar] | None = None,
        task: Task | None = None,
        name: str | None = None,
        version: str | None = None,
        protocol: str | None = None,
        token_env: str | None = None,
        header: str = "Authorization",
        timeout_s: float = 30.0,
        attempts: int = 4,
        concurrency: int = 1,
        request_rows: int = 1_000,
        dtype: str = "FP64",
    ) -> None:
        self.protocol, self.url = _endpoint(url, protocol)
        if dtype not in DTYPES:
            raise BadOption.choice("dtype", dtype, DTYPES)
        _check_sizes(timeout_s, attempts, concurrency, request_rows)
        self.name = name or _default_name(self.url)
        self._feed = Feed.parse(input or "frame")
        self._classes = None if classes is None else tuple(classes)
        self._task, self._version, self._dtype = task, version, dtype
        self._token_env, self._header = token_env, header
        self._concurrency, self._request_rows = concurrency, request_rows
        self._requests = Requests(self.url, timeout_s=timeout_s, attempts=attempts)

    def __repr__(self) -> str:
        return f"HttpModel({self.url!r})"

    def describe(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "name": self.name,
            "class": f"{self.protocol} server",
            "url": self.url,
            "protocol": self.protocol,
            "libraries": {},
            "parameters": {
                "token_env": self._token_env,
                "timeout_s": self._requests.timeout_s,
                "attempts": self._requests.attempts,
                "concurrency": self._concurrency,
                "request_rows": self._request_rows,
            },
            "columns": None,
            "classes": None if self._classes is None else list(self._classes),
            "input": str(self._feed),
            "version": self._version,
        }

    def fingerprint(self) -> str | None:
        """From the given version: what stands behind an address can change unseen."""
        if self._version is None:
            return None
        return hash_json([self.kind, self.url, self._version, str(self._feed), self._classes])

    def predict(self, batch: pd.DataFrame) -> Answer:
        headers = self._headers()
        pieces = self._pieces(batch)
        if len(pieces) == 1:
            return self._ask(pieces[0], headers)
        with ThreadPoolExecutor(min(self._concurrency, len(pieces))) as pool:
            answers = list(pool.map(lambda piece: self._ask(piece, headers), pieces))
        if not same_layout(answers):
            raise ModelError(f"{self.url} answers in different forms from request to request.")
        return concatenate(answers)

    def _ask(self, piece: pd.DataFrame, headers: dict[str, str]) -> Answer:
        if self.protocol == "kserve":
            body = to_kserve(piece, self._feed, dtype=self._dtype)
            return from_kserve(self._requests.post(body, headers), self._classes, self._task)
        body = to_mlflow(piece, self._feed)
        return from_mlflow(self._requests.post(body, headers), self._classes, self._task)

    def _pieces(self, batch: pd.DataFrame) -> list[pd.DataFrame]:
        """As many requests as keep to `request_rows` and occupy all that may be under way."""
        count = max(-(-len(batch) // self._request_rows), min(self._concurrency, len(batch)))
        bounds = np.linspace(0, len(batch), count + 1).astype(int)
        return [batch.iloc[low:high] for low, high in itertools.pairwise(bounds)]

    def _headers(self) -> dict[str, str]:
        if self._token_env is None:
            return {}
        token = os.environ.get(self._token_env)
        if not token:
            raise ModelError(
                f"the environment variable {self._token_env!r}, which holds the token of "
                f"{self.url}, is not set.",
                hint=f"export {self._token_env}=…",
            )
        return {self._header: f"Bearer {token}" if self._header == "Authorization" else token}


def _endpoint(url: str, protocol: str | None) -> tuple[str, str]:
    """Protocol and full address of a server."""
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        has_host = False
    if not has_host:
        raise BadOption(
            f"{url[:100]!r} is not the address of a server.",
            known="An address has a host, and a port from 1 to 65535 if any.",
            hint="http://127.0.0.1:5000/invocations",
        )
    if parts.username or parts.password:
        raise BadOption(
            "the address of a model holds a user or password, which would be stored.",
            hint="token_env='MY_TOKEN', the name of an environment variable",
        )
    path = parts.path.rstrip("/")
    found = protocol or ("kserve" if "/v2/models/" in path else "mlflow")
    if found not in PROTOCOLS:
        raise BadOption.choice("protocol", found, PROTOCOLS)
    suffix = "/infer" if found == "kserve" else "/invocations"
    path = path if path.endswith(suffix) else f"{path}{suffix}"
    return found, urlunsplit(parts._replace(path=path))


def _default_name(url: str) -> str:
    parts = urlsplit(url)
    names = parts.path.split("/")
    return names[names.index("models") + 1] if "models" in names[:-1] else parts.netloc


def _check_sizes(timeout_s: float, attempts: int, concurrency: int, request_rows: int) -> None:
    if timeout_s <= 0:
        raise BadOption(f"timeout_s={timeout_s} is not above 0.", hint="timeout_s=30")
    sizes = {"attempts": attempts, "concurrency": concurrency, "request_rows": request_rows}
    for name, value in sizes.items():
        if value < 1:
            raise BadOption(f"{name}={value} is less than 1.", hint=f"{name}=1")
