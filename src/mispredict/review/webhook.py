"""News of problems sent to one address that the operator chose, signed, and to no other place.

The address comes from the environment of the process alone: nobody who writes to a problem can
name one. A name is looked up once, every address that it has must be public unless the operator
allows private ones, and the connection goes to the very address that was checked, so that a name
cannot point elsewhere in between. Redirects are not followed.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import random
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import uuid4

from mispredict.core.errors import BadOption
from mispredict.core.options import number, whole

SIGNATURE, EVENT, DELIVERY = (
    "X-Mispredict-Signature",
    "X-Mispredict-Event",
    "X-Mispredict-Delivery",
)
URL, SECRET, HOSTS, PRIVATE = (
    f"MISPREDICT_WEBHOOK_{name}" for name in ("URL", "SECRET", "HOSTS", "PRIVATE")
)
SHORTEST_SECRET = 16
TOLERANCE_S = 300.0
_LONGEST_ANSWER = 65_536
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_YES = ("1", "true", "yes", "on")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where news goes, as the operator of the workspace has set it.

    Attributes:
        url: address of http or https.
        secret: that signs what is sent; at least 16 letters.
        hosts: names that may be sent to; the address's own by default.
        allows_private: whether the address may be of this machine or a private network.
        timeout_s: seconds that one try may take.
        tries: most of them, with growing pauses.
    """

    url: str
    secret: str = field(repr=False)
    hosts: tuple[str, ...] = ()
    allows_private: bool = False
    timeout_s: float = 5.0
    tries: int = 4

    def __post_init__(self) -> None:
        parts = _parts(self.url)
        host = (parts.hostname or "").lower()
        allowed = tuple(name.lower() for name in self.hosts) or (host,)
        object.__setattr__(self, "hosts", allowed)
        number("timeout_s", self.timeout_s, 0, 60, is_above=True)
        whole("tries", self.tries, 1, 10)
        if len(self.secret) < SHORTEST_SECRET:
            raise BadOption(
                f"the secret of the webhook has fewer than {SHORTEST_SECRET} letters.",
                known="It signs what is sent, so that the receiver can tell it from forgeries.",
                hint=f"{SECRET}=$(python -c 'import secrets; print(secrets.token_urlsafe(24))')",
            )
        if host not in allowed:
            raise BadOption(
                f"the webhook's host {host!r} is not allowed.",
                known=f"{HOSTS} allows {', '.join(allowed)}.",
                hint=f"{HOSTS}={host}",
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Webhook | None:
        """What the environment says; None where it names no address."""
        url = environment.get(URL, "").strip()
        if not url:
            return None
        hosts = [name.strip() for name in environment.get(HOSTS, "").split(",")]
        return cls(
            url,
            environment.get(SECRET, ""),
            tuple(name for name in hosts if name),
            environment.get(PRIVATE, "").strip().lower() in _YES,
        )


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of sending: the last status (0 without an answer), how many tries, what failed."""

    is_delivered: bool
    status: int
    tries: int
    problem: str = ""


def send(
    hook: Webhook,
    event: str,
    value: Mapping[str, Any],
    *,
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.time,
) -> Delivery:
    """Post the value as JSON, signed; tried again where that can help.

    A try is repeated after no answer, 429 and faults of the server, under the same delivery id,
    so that a receiver can tell a repetition.

    Args:
        hook: where to.
        event: its name, such as `problem.reopened`.
        value: what is sent, with JSON's types.
        pause: waits for some seconds.
        clock: seconds since 1970.
    """
    body = json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
    id_ = uuid4().hex
    found = Delivery(False, 0, 0)
    for attempt in range(1, hook.tries + 1):
        signed = {SIGNATURE: signature(hook.secret, body, int(clock()))}
        headers = {"Content-Type": "application/json", EVENT: event, DELIVERY: id_, **signed}
        try:
            status, after = _post(hook, body, headers)
        except BadOption as error:  # where it may not be sent, trying again is no use
            return Delivery(False, 0, attempt, error.message)
        except (OSError, http.client.HTTPException) as error:
            status, after = 0, ""
            found = Delivery(False, 0, attempt, f"{type(error).__name__}: {error}")
        else:
            found = Delivery(200 <= status < 300, status, attempt, _said(status))
        if found.is_delivered or (status and status not in _AGAIN):
            return found
        if attempt < hook.tries:
            pause(_wait_s(attempt, after))
    return found


def signature(secret: str, body: bytes, at: int) -> str:
    """The header that signs a body at a time: `t=<seconds>,v1=<hexadecimal>`.

    HMAC-SHA256 (RFC 2104) over `<seconds>.<body>`; the time is signed too, so that what was
    recorded cannot be sent again later.
    """
    return f"t={at},v1={_mac(secret, body, at)}"


def verify(
    secret: str, body: bytes, header: str, *, now: float, tolerance_s: float = TOLERANCE_S
) -> bool:
    """Whether the header signs the body and is no older than the tolerance: for receivers.

    Example:
        >>> header = signature("a secret of yours", b"{}", 1_700_000_000)
        >>> verify("a secret of yours", b"{}", header, now=1_700_000_010)
        True
        >>> verify("a secret of yours", b"{ }", header, now=1_700_000_010)
        False
    """
    parts = dict(item.partition("=")[::2] for item in header.split(","))
    at = parts.get("t", "")
    if not (at.isascii() and at.isdecimal()) or abs(now - int(at)) > tolerance_s:
        return False
    given = parts.get("v1", "").encode("utf-8", "replace")
    return hmac.compare_digest(_mac(secret, body, int(at)).encode(), given)


def addresses_of(host: str, port: int, *, allows_private: bool) -> list[str]:
    """The addresses that a name has, all of which may be sent to.

    Raises:
        BadOption: one of them is of this machine or a private network, which is not allowed.
        OSError: the name is not known.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(item[4][0]) for item in found))
    for text in addresses:
        if not allows_private and not is_public(ipaddress.ip_address(text.partition("%")[0])):
            raise BadOption(
                f"the webhook's host {host!r} is at {text}, which is no public address.",
                known="Nothing was sent.",
                hint=f"{PRIVATE}=1 where the receiver is on this machine or network",
            )
    return addresses


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet, whatever it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _post(hook: Webhook, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    """Status and Retry-After of one try."""
    parts = _parts(hook.url)
    is_https = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if is_https else 80)
    address = addresses_of(host, port, allows_private=hook.allows_private)[0]
    connection = _Pinned(host, port, address, hook.timeout_s, is_https=is_https)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        answer.read(_LONGEST_ANSWER)
        return answer.status, answer.headers.get("Retry-After", "")
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that it was found by."""

    def __init__(
        self, host: str, port: int, address: str, timeout_s: float, *, is_https: bool
    ) -> None:
        super().__init__(host, port, timeout=timeout_s)
        self._address, self._is_https, self._timeout_s = address, is_https, timeout_s
        if is_https:
            self.default_port = 443  # so that Host names no port that is the usual one

    def connect(self) -> None:
        sock = socket.create_connection((self._address, self.port), self._timeout_s)
        if self._is_https:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=self.host)
        self.sock = sock


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    has_odd = any(letter.isspace() or not letter.isprintable() for letter in url)
    if not is_good or has_odd or parts.username is not None or parts.fragment:
        raise BadOption(
            "the address of the webhook cannot be used.",
            known="It is of http or https, without a name, a password or a fragment.",
            hint=f"{URL}=https://hooks.example/mispredict",
        )
    return parts


def _mac(secret: str, body: bytes, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def _said(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"status {status}: redirects are not followed"
    return f"status {status}"


def _wait_s(attempt: int, after: str) -> float:
    """What the receiver asks for, or twice as long each time, never all at once."""
    if after.isascii() and after.isdecimal():
        return min(float(after), _LONGEST_WAIT_S)
    longest = min(_FIRST_WAIT_S * 2.0 ** (attempt - 1), _LONGEST_WAIT_S)
    return longest * random.uniform(0.5, 1.0)
