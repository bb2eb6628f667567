"""The webhook against a real server on this machine."""

from __future__ import annotations

import ipaddress
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from mispredict.core.errors import BadOption
from mispredict.review import webhook
from mispredict.review.webhook import Webhook, addresses_of, is_public, send, signature, verify

SECRET = "sixteen letters or more"


@dataclass
class Receiver:
    """What a server on this machine was sent, and what it is to answer."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving(*statuses: int, **headers: str) -> Iterator[Receiver]:
    """A real HTTP server that answers with each status in turn, and then 204."""
    seen = Receiver(statuses=list(statuses), headers=headers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.got.append((dict(self.headers), body))
            self.send_response(seen.statuses.pop(0) if seen.statuses else 204)
            for name, value in seen.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    seen.url = f"http://127.0.0.1:{server.server_address[1]}/hook?of=team"
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def hook(url: str, **options: Any) -> Webhook:
    return Webhook(url, SECRET, **{"allows_private": True, **options})


def test_what_is_sent_is_signed_and_says_what_it_is() -> None:
    with receiving() as seen:
        found = send(hook(seen.url), "problem.opened", {"title": "Größe"})
    headers, body = seen.got[0]
    assert (found.is_delivered, found.status, found.tries) == (True, 204, 1)
    assert json.loads(body) == {"title": "Größe"}
    assert headers["X-Mispredict-Event"] == "problem.opened"
    sign = headers["X-Mispredict-Signature"]
    at = int(sign.split(",")[0].removeprefix("t="))
    assert verify(SECRET, body, sign, now=at + 10)
    assert not verify(SECRET, body, sign, now=at + 400), "too old: it may have been recorded"
    assert not verify(SECRET, body + b" ", sign, now=at)
    assert not verify("another secret of the kind", body, sign, now=at)


@pytest.mark.parametrize("header", ["", "t=1", "v1=ab", "t=x,v1=ab", "t=٣,v1=ab", "t=1,v1=é"])
def test_a_broken_signature_is_none(header: str) -> None:
    assert not verify(SECRET, b"{}", header, now=1.0)


def test_it_tries_again_with_growing_pauses_under_one_delivery_id() -> None:
    pauses: list[float] = []
    with receiving(503, 429) as seen:
        found = send(hook(seen.url), "problem.fixed", {}, pause=pauses.append)
    assert (found.is_delivered, found.tries) == (True, 3)
    assert len({headers["X-Mispredict-Delivery"] for headers, _ in seen.got}) == 1
    assert 0.25 <= pauses[0] <= 0.5 <= pauses[1] <= 1.0


def test_it_waits_as_long_as_the_receiver_asks_but_not_for_ever() -> None:
    pauses: list[float] = []
    with receiving(503, **{"Retry_After": "9999"}) as seen:
        send(hook(seen.url), "ping", {}, pause=pauses.append)
    assert pauses == [30.0]


def test_it_gives_up_after_its_tries() -> None:
    with receiving(500, 500, 500, 500, 500) as seen:
        found = send(hook(seen.url, tries=3), "ping", {}, pause=lambda _: None)
    assert (found.is_delivered, found.status, found.tries) == (False, 500, 3)
    assert len(seen.got) == 3


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_what_will_not_change_is_not_tried_again(status: int) -> None:
    with receiving(status) as seen:
        found = send(hook(seen.url), "ping", {}, pause=lambda _: None)
    assert (found.is_delivered, found.tries, len(seen.got)) == (False, 1, 1)


def test_redirects_are_not_followed() -> None:
    with receiving() as other, receiving(307, Location=other.url) as seen:
        found = send(hook(seen.url), "ping", {}, pause=lambda _: None)
    assert not found.is_delivered
    assert "redirects are not followed" in found.problem
    assert other.got == []


def test_nobody_there_is_told() -> None:
    with receiving() as seen:
        url = seen.url
    found = send(hook(url, tries=2), "ping", {}, pause=lambda _: None)
    assert (found.is_delivered, found.status, found.tries) == (False, 0, 2)
    assert "ConnectionRefusedError" in found.problem


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_private_addresses_get_nothing_unless_allowed(name: str) -> None:
    with receiving() as seen:
        url = seen.url.replace("127.0.0.1", name)
        found = send(hook(url, allows_private=False), "ping", {}, pause=lambda _: None)
    assert not found.is_delivered
    assert seen.got == []


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that changes its address between the look-up and the call changes nothing."""
    asked: list[str] = []
    real = webhook.socket.getaddrinfo

    def lookup(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if host == "hooks.example" else host, port, *args, **kwargs)

    with receiving() as seen:
        monkeypatch.setattr(webhook.socket, "getaddrinfo", lookup)
        url = seen.url.replace("127.0.0.1", "hooks.example")
        assert send(hook(url), "ping", {}).is_delivered
    assert asked.count("hooks.example") == 1
    assert seen.got[0][0]["Host"].startswith("hooks.example:")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
        "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "ff02::1", "fec0::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(0, 0, 0, "", (text, 443)) for text in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(webhook.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(BadOption, match=r"at 10\.0\.0\.1, which is no public address"):
        addresses_of("two.example", 443, allows_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://hooks.example", "file:///etc/passwd", "https://", "https://me:pw@hooks.example",
        "https://hooks.example/#x", "https://hooks.example/a b", "https://hooks.example:x/",
        "https://hooks.example/\r\nX: y", "javascript:alert(1)", "gopher://hooks.example",
    ],
)  # fmt: skip
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(BadOption, match="cannot be used"):
        Webhook(url, SECRET)


def test_settings_come_from_the_environment_alone() -> None:
    assert Webhook.from_environment({}) is None
    made = Webhook.from_environment(
        {
            "MISPREDICT_WEBHOOK_URL": "https://Hooks.example/x",
            "MISPREDICT_WEBHOOK_SECRET": SECRET,
            "MISPREDICT_WEBHOOK_HOSTS": "other.example, hooks.example",
        }
    )
    assert made is not None
    assert made.hosts == ("other.example", "hooks.example")
    assert not made.allows_private
    assert SECRET not in repr(made)


def test_a_host_that_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(BadOption, match=r"host 'hooks\.example' is not allowed"):
        Webhook("https://hooks.example", SECRET, hosts=("other.example",))


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(BadOption, match="fewer than 16 letters"):
        Webhook("https://hooks.example", "short")


def test_the_signature_is_the_published_one() -> None:
    """By RFC 2104 over time, full stop and body: `openssl dgst -sha256 -hmac` says the same."""
    expected = (
        "t=1700000000,v1=" + webhook.hmac.digest(b"k" * 16, b'1700000000.{"a":1}', "sha256").hex()
    )
    assert signature("k" * 16, b'{"a":1}', 1_700_000_000) == expected
