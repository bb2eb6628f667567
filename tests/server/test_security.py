"""Who may ask, from where, and what browsers are told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from mispredict.server import ServerSettings
from mispredict.server.security.gate import Gate
from mispredict.server.security.limiter import Limiter

E = "/api/v1/evaluations/tumours@1/patients@1"
TOKEN = "a token of some length"
TAG = f"{E}/tags/seen"
ROWS = {"rows": [1]}


def sign_in(client: Any) -> str:
    """Sign in; the token that writes have to carry."""
    answer = client.post("/api/v1/session", json={"token": TOKEN})
    assert answer.status_code == 200, answer.text
    csrf: str = answer.json()["csrf"]
    return csrf


# ── hosts: a page elsewhere may give its own name our address ────────────────────────────


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8470", "127.0.0.1", "[::1]:8470", "LOCALHOST"]
)
def test_a_server_of_this_machine_is_called_by_its_names(shared: Any, host: str) -> None:
    assert shared.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "10.0.0.1", "", "a b", "localhost:x",
     "user@localhost", "localhost/path", "localhost:8470@evil.example", "[::1", "[::g]"],
)  # fmt: skip
@pytest.mark.parametrize(
    "path", ["/", "/health", "/api/v1/workspace", "/api/v1/session", "/metrics"]
)
def test_a_name_that_is_not_ours_is_refused_everywhere(shared: Any, host: str, path: str) -> None:
    answer = shared.get(path, headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (403, "WrongHost")
    assert "trusted_hosts" in answer.json()["hint"]


def test_further_names_can_be_trusted(make_client: Any) -> None:
    client = make_client(trusted_hosts=("lab.example",))
    assert client.get("/health", headers={"Host": "LAB.example:443"}).status_code == 200
    assert client.get("/health", headers={"Host": "x.lab.example"}).status_code == 403


def test_a_server_of_all_addresses_is_called_by_any_of_them(make_client: Any) -> None:
    client = make_client(host="0.0.0.0", token=TOKEN)
    assert client.get("/health", headers={"Host": "192.168.1.4:8470"}).status_code == 200
    assert client.get("/health", headers={"Host": "evil.example"}).status_code == 403


# ── origins: pages of others may not write, nor have us work ─────────────────────────────


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=["program", "origin", "same-origin", "typed"],
)
def test_our_own_pages_and_programs_write(client: Any, headers: dict[str, str]) -> None:
    assert client.post(TAG, json=ROWS, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8888"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost@evil.example"},
        {"Origin": "http://[", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("method", "url"),
    [("post", TAG), ("patch", TAG), ("post", "/api/v1/session"), ("delete", "/api/v1/jobs/x")],
)
def test_pages_of_others_do_not_write(
    shared: Any, method: str, url: str, headers: dict[str, str]
) -> None:
    answer = shared.request(method, url, json=ROWS, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "WrongOrigin")


def test_pages_of_others_do_not_start_searches_but_may_link(shared: Any) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert shared.get(f"{E}/metrics", headers=foreign).status_code == 403
    linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert shared.get(f"{E}/metrics", headers=linked).status_code == 200
    assert shared.get("/e/a/b/explore", headers=linked).status_code == 200


def test_no_answer_may_be_read_by_another_origin(shared: Any) -> None:
    answer = shared.get(f"{E}/metrics", headers={"Origin": "http://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
    preflight = shared.options(TAG, headers={
        "Origin": "http://evil.example", "Access-Control-Request-Method": "POST",
    })  # fmt: skip
    assert "access-control-allow-origin" not in preflight.headers


def test_an_origin_can_be_trusted(make_client: Any) -> None:
    client = make_client(trusted_origins=("https://hub.example",))
    headers = {"Origin": "https://hub.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post(TAG, json=ROWS, headers=headers).status_code == 200
    headers = {"Origin": "http://hub.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post(TAG, json=ROWS, headers=headers).status_code == 403


# ── signing in ───────────────────────────────────────────────────────────────────────────


def test_without_a_token_nobody_signs_in(shared: Any) -> None:
    session = shared.get("/api/v1/session").json()
    assert (session["signed_in"], session["token_required"], session["csrf"]) == (True, False, "")
    answer = shared.post("/api/v1/session", json={"token": ""})
    assert answer.json()["signed_in"]
    assert "set-cookie" not in answer.headers


PRIVATE = [
    "/version", "/metrics", "/openapi.json", "/api/v1/workspace", "/api/v1/jobs", E, f"{E}/rows",
    "/api/v1/nothing",
]  # fmt: skip


@pytest.mark.parametrize("url", PRIVATE)
def test_who_is_not_signed_in_learns_nothing(make_client: Any, url: str) -> None:
    client = make_client(token=TOKEN)
    answer = client.get(url)
    assert (answer.status_code, answer.json()["code"]) == (401, "NotSignedIn")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert client.get("/health").status_code == 200
    session = client.get("/api/v1/session").json()
    assert session == {"signed_in": False, "token_required": True, "csrf": "", "version": ""}


def test_a_browser_signs_in_and_out(make_client: Any) -> None:
    client = make_client(token=TOKEN)
    csrf = sign_in(client)
    session = client.get("/api/v1/session").json()
    assert (session["signed_in"], session["csrf"]) == (True, csrf)
    assert client.get("/api/v1/workspace").status_code == 200
    signed_out = client.delete("/api/v1/session", headers={"X-CSRF-Token": csrf})
    assert signed_out.json()["signed_in"] is False
    assert client.get("/api/v1/workspace").status_code == 401


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(make_client: Any) -> None:
    client = make_client(token=TOKEN, session_hours=2)
    cookie = client.post("/api/v1/session", json={"token": TOKEN}).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/", "Max-Age=7200"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert TOKEN not in cookie


def test_behind_https_the_cookie_is_never_sent_in_the_open(make_client: Any) -> None:
    client = make_client(token=TOKEN, base_url="https://localhost")
    cookie = client.post("/api/v1/session", json={"token": TOKEN}).headers["set-cookie"]
    assert "Secure" in cookie


@pytest.mark.parametrize(
    ("body", "status"),
    [({"token": "wrong"}, 401), ({"token": ""}, 401), ({}, 422), ({"token": 5}, 422),
     ({"token": "😀" * 9}, 401), ({"token": "x" * 2000}, 422)],
    ids=["wrong", "empty", "none", "number", "emoji", "long"],
)  # fmt: skip
def test_a_wrong_token_is_refused(make_client: Any, body: Any, status: int) -> None:
    answer = make_client(token=TOKEN).post("/api/v1/session", json=body)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    assert TOKEN not in answer.text


def test_a_form_signs_in_without_any_script(make_client: Any) -> None:
    client = make_client(token=TOKEN)
    page = client.get("/")
    assert 'action="/api/v1/session"' in page.text
    answer = client.post("/api/v1/session", data={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "api/v1/workspace" in client.get("/").text
    wrong = make_client(token=TOKEN).post("/api/v1/session", data={"token": "wrong"})
    assert wrong.status_code == 401


def test_a_program_sends_the_token_with_each_request(make_client: Any) -> None:
    client = make_client(token=TOKEN)
    right, wrong = {"Authorization": f"Bearer {TOKEN}"}, {"Authorization": "Bearer wrong"}
    assert client.get("/api/v1/workspace", headers=right).status_code == 200
    assert client.post(TAG, json=ROWS, headers=right).status_code == 200
    assert client.get("/api/v1/workspace", headers=wrong).status_code == 401
    basic = {"Authorization": f"Basic {TOKEN}"}
    assert client.get("/api/v1/workspace", headers=basic).status_code == 401


def test_a_signed_in_browser_writes_only_with_the_token_of_its_session(make_client: Any) -> None:
    client = make_client(token=TOKEN)
    csrf = sign_in(client)
    for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "x" * 64}):
        for method, url in (("post", TAG), ("patch", TAG), ("delete", "/api/v1/session")):
            answer = client.request(method, url, json=ROWS, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "WrongCsrf")
    assert client.post(TAG, json=ROWS, headers={"X-CSRF-Token": csrf}).status_code == 200
    other = make_client(token=TOKEN)
    assert sign_in(other) != csrf
    assert other.post(TAG, json=ROWS, headers={"X-CSRF-Token": csrf}).status_code == 403


def test_a_cookie_expires(make_client: Any) -> None:
    client = make_client(token=TOKEN, session_hours=1)
    sign_in(client)
    gate = client.app.state.service.gate
    began = gate.clock()
    gate.clock = lambda: began + 3_590
    assert client.get("/api/v1/workspace").status_code == 200
    gate.clock = lambda: began + 3_610
    assert client.get("/api/v1/workspace").status_code == 401


def test_a_cookie_that_was_changed_or_is_of_another_server_is_none_of_ours() -> None:
    settings = ServerSettings(token=TOKEN)
    gate = Gate(settings, "one", lambda: 1000.0)
    cookie = gate.sign_in(TOKEN, "here").session
    name = gate.cookie
    assert gate.of_cookie(f"{name}={cookie}").is_known
    expires, rest = cookie.split(".", 1)
    for changed in (
        cookie[:-1], cookie[:-1] + "é", f"{int(expires) + 1}.{rest}", f"-{cookie}", f"٣{cookie}",
        "", ".", "..", "1.2", "9999999999.x.y", f"{cookie}.{cookie}", cookie.upper(), '"',
        "a" * 9999,
    ):  # fmt: skip
        assert not gate.of_cookie(f"{name}={changed}").is_known, changed
    for other in (Gate(settings, "two", lambda: 1000.0),
                  Gate(ServerSettings(token=f"{TOKEN}!"), "one", lambda: 1000.0)):  # fmt: skip
        assert not other.of_cookie(f"{other.cookie}={cookie}").is_known


@pytest.mark.parametrize("how", ["session", "bearer"])
def test_who_is_wrong_too_often_has_to_wait(make_client: Any, how: str) -> None:
    client = make_client(token=TOKEN)
    now = [1000.0]
    client.app.state.service.gate.limiter.clock = lambda: now[0]

    def attempt(token: str) -> Any:
        if how == "session":
            return client.post("/api/v1/session", json={"token": token})
        return client.get("/api/v1/jobs", headers={"Authorization": f"Bearer {token}"})

    assert [attempt("wrong").status_code for _ in range(10)] == [401] * 10
    token = TOKEN if how == "session" else "wrong"  # the right one is a program's in any case
    refused = attempt(token)
    assert (refused.status_code, refused.json()["code"]) == (429, "TooManyAttempts")
    assert refused.headers["retry-after"] == "60"
    now[0] += 59
    assert attempt(token).headers["retry-after"] == "1"
    now[0] += 2
    assert attempt(TOKEN).status_code == 200


def test_attempts_are_counted_by_address_and_all_together() -> None:
    limiter = Limiter(lambda: 0.0)
    for place in range(199):
        limiter.fail(f"10.0.0.{place % 199}")
    assert limiter.wait_s("10.0.1.1") == 0
    limiter.fail("10.0.0.7")
    assert limiter.wait_s("10.0.1.1") == 60


def test_addresses_are_forgotten_when_there_are_very_many() -> None:
    limiter = Limiter(lambda: 0.0)
    for place in range(10_050):
        limiter.fail(str(place))
    assert len(limiter._failures) == 10_000


# ── proxies ──────────────────────────────────────────────────────────────────────────────


def test_what_a_proxy_says_counts_only_if_it_is_trusted(make_client: Any) -> None:
    told = {
        "X-Forwarded-Prefix": "/lab", "X-Forwarded-Host": "lab.example",
        "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.1.1.1",
    }  # fmt: skip
    plain = make_client(trusted_hosts=("lab.example",)).get("/", headers=told)
    assert '<base href="/">' in plain.text
    assert make_client(trusted_proxies=("10.0.0.0/8",)).get("/", headers=told).status_code == 200


@pytest.mark.parametrize(
    "prefix", ["//evil.example", "/a/../b", '/"><script>', "/a b", "lab", "/é"]
)
def test_a_prefix_that_is_no_path_is_passed_over(make_client: Any, prefix: str) -> None:
    client = behind(make_client, trusted_hosts=("lab.example",))
    headers = [(b"x-forwarded-prefix", prefix.encode())]
    page = client.get("/", headers=headers)
    assert '<base href="/">' in page.text


def test_behind_a_trusted_proxy_addresses_begin_with_its_path(make_client: Any) -> None:
    client = behind(make_client, trusted_hosts=("lab.example",), token=TOKEN)
    told = {
        "X-Forwarded-Prefix": "/lab/", "X-Forwarded-Host": "lab.example",
        "X-Forwarded-Proto": "https",
    }  # fmt: skip
    assert '<base href="/lab/">' in client.get("/", headers=told).text
    signed = client.post(
        "/api/v1/session", json={"token": TOKEN}, headers=told | {"Origin": "https://lab.example"}
    )
    assert "Path=/lab" in signed.headers["set-cookie"]
    assert "Secure" in signed.headers["set-cookie"]
    told["X-Forwarded-Host"] = "evil.example"
    assert client.get("/", headers=told).status_code == 403


def test_wrong_tokens_are_counted_by_the_address_behind_the_proxy(make_client: Any) -> None:
    client = behind(make_client, token=TOKEN)

    def attempt(address: str) -> int:
        headers = {"X-Forwarded-For": f"6.6.6.6, {address}, 10.0.0.2"}
        answer = client.post("/api/v1/session", json={"token": "wrong"}, headers=headers)
        return int(answer.status_code)

    assert [attempt("1.2.3.4") for _ in range(11)] == [401] * 10 + [429]
    assert attempt("1.2.3.5") == 401


def behind(make_client: Any, **settings: Any) -> Any:
    """A client whose requests come from a trusted proxy."""
    client = make_client(trusted_proxies=("10.0.0.0/8",), **settings)
    client._transport.client = ("10.0.0.1", 1)
    return client


# ── what browsers are told ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("url", ["/", "/health", f"{E}/rows", "/api/v1/nothing", "/assets/none.js"])
def test_every_answer_tells_browsers_what_it_may_do(shared: Any, url: str) -> None:
    headers = shared.get(url).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]


def test_refusals_tell_browsers_too(make_client: Any) -> None:
    answer = make_client().get("/", headers={"Host": "evil.example"})
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_pages_run_no_script_but_their_own(shared: Any) -> None:
    one, two = shared.get("/"), shared.get("/")
    policy = dict(part.split(" ", 1) for part in one.headers["content-security-policy"].split("; "))
    assert policy["script-src"] == "'self'"
    assert "'unsafe-inline'" not in policy["style-src"]
    assert policy["frame-ancestors"] == "'self'"
    assert policy["base-uri"] == "'self'"
    assert policy["form-action"] == "'self'"
    nonces = {re.search("'nonce-([^']+)'", page.headers["content-security-policy"])[1]
              for page in (one, two)}  # type: ignore[index]  # fmt: skip
    assert len(nonces) == 2


def test_other_pages_may_frame_it_only_if_they_are_named(make_client: Any) -> None:
    client = make_client(frame_ancestors=("http://localhost:8888",))
    policy = client.get("/").headers["content-security-policy"]
    assert "frame-ancestors 'self' http://localhost:8888" in policy
    assert "frame-ancestors 'none'" in client.get(E).headers["content-security-policy"]


def test_a_websocket_is_closed(shared: Any) -> None:
    with pytest.raises(WebSocketDisconnect) as closed, shared.websocket_connect("/api/v1/jobs"):
        pass
    assert closed.value.code == 1008


def test_a_session_that_was_signed_out_is_over_for_copies_of_its_cookie(make_client: Any) -> None:
    client = make_client(token=TOKEN)
    csrf = sign_in(client)
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}
    assert client.get("/api/v1/workspace").status_code == 200
    assert client.delete("/api/v1/session", headers={"X-CSRF-Token": csrf}).status_code == 200
    client.cookies.clear()
    assert client.get("/api/v1/workspace", headers=cookie).status_code == 401
    sign_in(client)
    assert client.get("/api/v1/workspace").status_code == 200


def test_the_right_bearer_token_is_taken_whatever_others_tried(make_client: Any) -> None:
    client = make_client(token=TOKEN)
    for _ in range(12):
        client.get("/api/v1/workspace", headers={"Authorization": "Bearer wrong"})
    wrong = client.get("/api/v1/workspace", headers={"Authorization": "Bearer wrong"})
    assert wrong.status_code == 429
    right = client.get("/api/v1/workspace", headers={"Authorization": f"Bearer {TOKEN}"})
    assert right.status_code == 200


@pytest.mark.parametrize(
    "url", ["/api/v1/workspace", f"{E}/metrics", "/api/v1/nothing", f"{E}/rows/9999"]
)
def test_head_is_answered_as_get_without_the_body(shared: Any, url: str) -> None:
    get, head = shared.get(url), shared.head(url)
    assert head.status_code == get.status_code
    assert head.content == b""
    for name in ("content-type", "etag", "cache-control", "content-security-policy"):
        assert head.headers.get(name) == get.headers.get(name)
