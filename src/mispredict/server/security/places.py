"""Where a request comes from and to which name it is sent: hosts, origins, proxies."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from mispredict.server.failures import Refused
from mispredict.server.settings import ANY, ServerSettings, is_loopback

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PREFIX = re.compile(r"(?:/[A-Za-z0-9\-._~@%]+)+")
_FOREIGN = frozenset({"cross-site", "same-site"})


@dataclass(frozen=True, slots=True)
class Place:
    """How the server was reached: the asker's address, scheme, host, and path of a proxy."""

    address: str
    scheme: str
    host: str
    prefix: str


class Places:
    """What the settings allow."""

    def __init__(self, settings: ServerSettings) -> None:
        self._settings = settings
        self._proxies = [ipaddress.ip_network(p, strict=False) for p in settings.trusted_proxies]
        self._origins = {_origin(origin) for origin in settings.trusted_origins}
        self._hosts = {host.lower() for host in settings.trusted_hosts}
        if not settings.is_local:
            self._hosts |= {socket.gethostname().lower(), socket.getfqdn().lower()}
            self._hosts.add(settings.host.lower())

    def place(self, headers: Mapping[str, str], address: str, scheme: str) -> Place:
        """How the server was reached; what proxies say counts if they are trusted."""
        host, prefix = headers.get("host", ""), self._settings.root_path
        if self._is_proxy(address):
            host = _last(headers.get("x-forwarded-host", "")) or host
            scheme = _last(headers.get("x-forwarded-proto", "")).lower() or scheme
            prefix = _prefix(headers.get("x-forwarded-prefix", "")) or prefix
            address = self._asker(headers.get("x-forwarded-for", "")) or address
        return Place(address, "https" if scheme in ("https", "wss") else "http", host, prefix)

    def check_host(self, place: Place) -> None:
        """Refuse a name that is not this server's, which a page elsewhere may have given it.

        Raises:
            Refused: the name is not known.
        """
        name = _hostname(place.host)
        is_named = name in self._hosts or ANY in self._hosts
        is_known = is_loopback(name) or is_named or self._is_address(name)
        if not name or not is_known:
            raise Refused(
                403,
                "WrongHost",
                f"this server is not called {place.host[:100]!r}.",
                known="Names that it does not know are refused, since any page can claim one.",
                hint=f"trusted_hosts=({name[:100]!r},), or the address that it printed",
            )

    def check_origin(self, place: Place, method: str, headers: Mapping[str, str]) -> None:
        """Refuse what a page of another origin sends.

        Raises:
            Refused: it comes from a page that is neither ours nor trusted.
        """
        origin = headers.get("origin")
        site = headers.get("sec-fetch-site", "")
        if origin is not None and _origin(origin) in self._origins:
            return
        is_navigation = headers.get("sec-fetch-mode") == "navigate" and method in SAFE
        is_foreign = site in _FOREIGN and not is_navigation
        if method not in SAFE and origin is not None:
            is_foreign = is_foreign or _place_of(origin) != _netloc(place)
        if is_foreign:
            raise Refused(
                403,
                "WrongOrigin",
                "a page of another origin asks this.",
                known=f"Its origin is {(origin or site)[:100]!r}, and ours is "
                f"{place.scheme}://{place.host[:100]}.",
                hint=f"trusted_origins=({(origin or 'https://…')[:100]!r},)",
            )

    def _is_proxy(self, address: str) -> bool:
        try:
            asker = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(asker in network for network in self._proxies)

    def _asker(self, forwarded: str) -> str:
        """The nearest address that is no proxy of ours."""
        for address in reversed([item.strip() for item in forwarded.split(",")]):
            if address and not self._is_proxy(address):
                return address[:64]
        return ""

    def _is_address(self, name: str) -> bool:
        """Whether it is a bare address, which no page can point elsewhere."""
        if self._settings.is_local:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def _hostname(host: str) -> str:
    """The name in a Host header; "" where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        found = parts.hostname if parts.port is None or parts.port >= 0 else None
    except ValueError:
        return ""
    is_bare = not (parts.path or parts.query or parts.fragment or parts.username)
    return (found or "").lower().rstrip(".") if is_bare else ""


def _netloc(place: Place) -> tuple[str, int | None]:
    return _place_of(f"{place.scheme}://{place.host}")


def _place_of(origin: str) -> tuple[str, int | None]:
    """Name and port of an origin; the scheme's own port is said by None."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return "", -1
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return (parts.hostname or "").lower(), None if port == usual else port


def _origin(origin: str) -> tuple[str, str, int | None]:
    """Scheme, name and port of an origin."""
    return origin.partition("://")[0].lower(), *_place_of(origin)


def _last(value: str) -> str:
    return value.rpartition(",")[2].strip()


def _prefix(value: str) -> str:
    path = value.partition(",")[0].strip().rstrip("/")
    is_plain = _PREFIX.fullmatch(path) and not {".", ".."} & set(path.split("/"))
    return path if is_plain else ""
