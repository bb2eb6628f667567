"""What a server may be told: where it listens, who may ask, and how much an answer may cost."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from mispredict.core.errors import BadOption
from mispredict.core.options import number, whole
from mispredict.engine.query import QueryLimits

PORT = 8470
BUNDLE = Path(__file__).parent / "bundle"
SHORTEST_TOKEN = 16
_NEW_TOKEN = "python -c 'import secrets; print(secrets.token_urlsafe(24))'"
ANY = "*"
_SCHEME = re.compile(r"[a-z][a-z0-9-]+:")
_MEMORY = re.compile(r"[1-9]\d{0,6}(?:\.\d+)? ?[KMGT]i?B")
_LOCAL_NAMES = ("localhost", "localhost.localdomain")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a request may cost.

    Attributes:
        request_s: seconds until an answer that is not ready is given up (504).
        body_bytes: longest body of a request (413).
        text_bytes: longest query string, in which cohorts are (413).
        rows_per_page: most rows of one page.
        heavy_threads: answers that are computed at a time; one per core, 2 to 4.
        queue: answers that may wait for their turn; further ones are refused (503).
        wait_s: seconds that a request waits for a model before it answers with the job.
        job_threads: jobs that run at a time, and as many of those that ask a model, for each.
        models_asked: models that jobs ask at a time.
        job_queue: jobs that may wait.
        query_memory: memory of one sorting or free query, as DuckDB writes it.
        query_s: seconds of one such query.
        open_evaluations: evaluations kept open.
        answer_megabytes: memory for answers that were given, to give them again.
    """

    request_s: float = 60.0
    body_bytes: int = 1_000_000
    text_bytes: int = 16_000
    rows_per_page: int = 1_000
    heavy_threads: int = field(default_factory=lambda: max(2, min(4, os.cpu_count() or 2)))
    queue: int = 64
    wait_s: float = 1.0
    job_threads: int = 1
    models_asked: int = 4
    job_queue: int = 100
    query_memory: str = "2GB"
    query_s: float = 30.0
    open_evaluations: int = 4
    answer_megabytes: int = 64

    @property
    def of_queries(self) -> QueryLimits:
        """What one query may use."""
        return QueryLimits(memory=self.query_memory, timeout_s=self.query_s)

    def __post_init__(self) -> None:
        number("request_s", self.request_s, 0, is_above=True)
        number("wait_s", self.wait_s, 0, is_above=True)
        number("query_s", self.query_s, 0, is_above=True)
        for name in ("body_bytes", "text_bytes", "rows_per_page", "heavy_threads", "queue",
                     "job_threads", "models_asked", "job_queue",
                     "open_evaluations"):  # fmt: skip
            whole(name, getattr(self, name), 1)
        whole("answer_megabytes", self.answer_megabytes, 0)
        if not _MEMORY.fullmatch(self.query_memory):
            raise BadOption(
                f"query_memory={self.query_memory!r} cannot be used.",
                known="It is a number and a unit.",
                hint="query_memory='2GB'",
            )


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How a server is reached and by whom; what cannot be safe is refused.

    Attributes:
        host: address to listen on; another one than this machine's own needs a token.
        port: to listen on; 0 for a free one.
        token: what people and programs have to know; "" for none.
        session_hours: hours until a browser has to sign in again.
        root_path: path below which a proxy serves it, such as "/tools/mispredict".
        trusted_hosts: further names that the server is called by; "*" for any, where what is
            before the server knows its names.
        trusted_origins: further origins whose pages may write, such as "https://hub.example".
        trusted_proxies: addresses or networks of proxies whose X-Forwarded-… headers count.
        frame_ancestors: origins that may show it in a frame, such as a notebook's, or schemes
            of programs, such as "vscode-webview:".
        trust: whether models that were kept as pickles are loaded, which can run any code.
        bundle: folder of the built pages.
        limits: how much a request may cost.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    token: str = field(default="", repr=False)
    session_hours: float = 24 * 7
    root_path: str = ""
    trusted_hosts: tuple[str, ...] = ()
    trusted_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ()
    trust: bool = False
    bundle: Path = BUNDLE
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        whole("port", self.port, 0, 65_535)
        number("session_hours", self.session_hours, 0, is_above=True)
        object.__setattr__(self, "root_path", _checked_path(self.root_path))
        frames = [item for item in self.frame_ancestors if not _SCHEME.fullmatch(item)]
        for origin in (*self.trusted_origins, *frames):
            _check_origin(origin)
        for proxy in self.trusted_proxies:
            _check_network(proxy)
        if not self.is_local and not self.token:
            raise BadOption(
                f"host={self.host!r} can be reached from other machines.",
                known="Without a token anybody there could read and tag the data.",
                hint=f"a token, such as one from {_NEW_TOKEN}, or host='127.0.0.1'",
            )
        if self.token and (len(self.token) < SHORTEST_TOKEN or not self.token.isprintable()):
            raise BadOption(
                "the token cannot be used.",
                known=f"It has fewer than {SHORTEST_TOKEN} characters, or unprintable ones.",
                hint=_NEW_TOKEN,
            )

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the host."""
        return is_loopback(self.host)

    @property
    def needs_token(self) -> bool:
        return bool(self.token)


def is_loopback(host: str) -> bool:
    """Whether the name or address means this machine alone."""
    name = host.strip("[]").lower()
    if name in _LOCAL_NAMES or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _checked_path(path: str) -> str:
    """The path with a slash before and none behind; "" for none."""
    parts = [part for part in path.split("/") if part]
    if any(part in (".", "..") or not _is_plain(part) for part in parts):
        raise BadOption(
            f"root_path={path!r} cannot be used.",
            known="It is a path of letters, digits and '-._~@%', such as a proxy has it.",
            hint="root_path='/mispredict'",
        )
    return "".join(f"/{part}" for part in parts)


def _is_plain(part: str) -> bool:
    return part.isascii() and all(letter.isalnum() or letter in "-._~@%" for letter in part)


def _check_origin(origin: str) -> None:
    parts = urlsplit(origin)
    is_bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_bare or " " in origin:
        raise BadOption(
            f"{origin!r} is not an origin.",
            known="An origin is a scheme, a host and perhaps a port.",
            hint="'https://hub.example' or 'http://localhost:8888'",
        )


def _check_network(proxy: str) -> None:
    try:
        ipaddress.ip_network(proxy, strict=False)
    except ValueError:
        raise BadOption(
            f"trusted_proxies={proxy!r} is no address.",
            known="Proxies are trusted by their address or network.",
            hint="'127.0.0.1' or '10.0.0.0/8'",
        ) from None
