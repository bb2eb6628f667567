"""Pages: the bundle's files and no others, one page for all screens, paths below a proxy's."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path
from typing import Any

import pytest

E = "/api/v1/evaluations/tumours@1/patients@1"
TOKEN = "a token of some length"
INDEX = (
    '<!doctype html><html><head><meta charset="utf-8"><base href="/" />'
    '<meta name="csp-nonce" content=""><title>t</title></head><body></body></html>'
)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A built bundle, with a secret beside it."""
    folder = tmp_path / "bundle"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX)
    (folder / "icon.svg").write_text("<svg/>")
    (folder / "assets" / "index-B4bK9xYz.js").write_text("let a = 1;\n" * 200)
    (folder / "assets" / "plain.css").write_text("a{}")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


def test_without_a_bundle_the_page_says_how_to_build_it(make_client: Any, tmp_path: Path) -> None:
    page = make_client(bundle=tmp_path / "none").get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "make ui" in page.text
    assert "api/v1/workspace" in page.text
    assert 'name="token"' not in page.text
    nonce = re.search("'nonce-([^']+)'", page.headers["content-security-policy"])
    assert nonce is not None
    assert f'<style nonce="{nonce[1]}">' in page.text


def test_a_bundle_that_is_built_meanwhile_is_served(make_client: Any, tmp_path: Path) -> None:
    client = make_client(bundle=tmp_path / "bundle")
    assert "make ui" in client.get("/").text
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "index.html").write_text(INDEX)
    assert "make ui" not in client.get("/").text


@pytest.mark.parametrize(
    "path",
    ["/", "/e/tumours@1/patients@1/explore?where=radius%20%3E%203", "/e/a/b/row/7", "/anything",
     "/e/a.b@1/c.d@2/overview", "/index.html"],
)  # fmt: skip
def test_addresses_of_screens_are_answered_by_the_one_page(
    make_client: Any, bundle: Path, path: str
) -> None:
    page = make_client(bundle=bundle).get(path)
    assert page.status_code == 200
    assert "<title>t</title>" in page.text
    assert '<base href="/">' in page.text
    assert page.headers["cache-control"] == "no-cache"
    nonce = re.search('csp-nonce" content="([^"]+)"', page.text)
    assert nonce is not None
    assert f"'nonce-{nonce[1]}'" in page.headers["content-security-policy"]


def test_files_are_kept_for_ever_if_their_name_says_their_content(
    make_client: Any, bundle: Path
) -> None:
    client = make_client(bundle=bundle)
    hashed = client.get("/assets/index-B4bK9xYz.js")
    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert hashed.headers["content-type"] == "text/javascript; charset=utf-8"
    plain = client.get("/assets/plain.css")
    assert plain.headers["cache-control"] == "no-cache"
    again = client.get("/assets/plain.css", headers={"If-None-Match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/icon.svg").headers["content-type"].startswith("image/svg+xml")


def test_files_are_compressed(make_client: Any, bundle: Path) -> None:
    client = make_client(bundle=bundle)
    url = "/assets/index-B4bK9xYz.js"
    with client.stream("GET", url, headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert gzip.decompress(raw) == (bundle / "assets" / "index-B4bK9xYz.js").read_bytes()
    with client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as answer:
        assert b"".join(answer.iter_raw()) == gzip.decompress(raw)


def test_head_has_no_body(make_client: Any, bundle: Path) -> None:
    answer = make_client(bundle=bundle).head("/icon.svg")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
     "/assets/%2e%2e%2f%2e%2e%2fsecret.txt", "/%252e%252e/secret.txt", "/..%5csecret.txt",
     "/link.txt", "//secret.txt", "/assets/..%2f..%2fsecret.txt%00.js", "/etc/passwd.txt",
     "/assets/missing-B4bK9xYz.js", "/assets", "/assets/", "/index.html/x.js", "/robots.txt"],
)  # fmt: skip
def test_nothing_but_the_files_of_the_bundle_is_served(
    make_client: Any, bundle: Path, path: str
) -> None:
    answer = get_raw(make_client(bundle=bundle), path)
    assert "secret" not in answer.text.replace(path.replace("%2f", "/"), "").replace(
        "secret.txt", ""
    )
    assert answer.status_code == 404, answer.text
    assert answer.json()["code"] == "UnknownAddress"


def test_absolute_paths_are_no_names_of_files(make_client: Any, bundle: Path) -> None:
    secret = bundle.parent / "secret.txt"
    for path in (f"/{secret}", f"//{secret}", f"/file:{secret}", f"/%2f{secret}"):
        assert "secret\n" not in get_raw(make_client(bundle=bundle), path).text
        assert get_raw(make_client(bundle=bundle), path).status_code == 404


@pytest.mark.parametrize("name", ["..%2f..%2fsecret", "%2e%2e", "..", "a%2fb", "a%00b", "%ff"])
def test_names_in_addresses_lead_to_no_file(shared: Any, name: str) -> None:
    for path in (f"/api/v1/evaluations/{name}/{name}", f"/api/v1/jobs/{name}/result",
                 f"/api/v1/evaluations/tumours@1/{name}/rows"):  # fmt: skip
        answer = get_raw(shared, path)
        assert answer.status_code in (400, 404, 422), answer.text
        assert answer.json()["hint"]


def test_the_files_of_the_workspace_are_not_pages(make_client: Any, ws: Any, bundle: Path) -> None:
    client = make_client(bundle=bundle)
    for path in ("workspace.json", "catalog.sqlite", ".mispredict/workspace.json"):
        assert client.get(f"/{path}").status_code == 404
    assert os.fspath(ws.store.root) not in client.get("/api/v1/workspace").text


# ── below the path of a proxy ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("is_stripped", [True, False], ids=["stripped", "kept"])
def test_it_can_stand_below_a_path(make_client: Any, bundle: Path, is_stripped: bool) -> None:
    client = make_client(bundle=bundle, root_path="/tools/mp", token=TOKEN)
    before = "" if is_stripped else "/tools/mp"
    assert '<base href="/tools/mp/">' in client.get(f"{before}/").text
    assert '<base href="/tools/mp/">' in client.get(f"{before}/e/a/b/explore").text
    assert client.get(f"{before}/icon.svg").status_code == 200
    assert client.get(f"{before}/health").status_code == 200
    assert client.get(f"{before}/api/v1/workspace").status_code == 401
    signed = client.post(f"{before}/api/v1/session", data={"token": TOKEN})
    assert (signed.status_code, signed.headers["location"]) == (303, "/tools/mp/")
    assert "Path=/tools/mp" in signed.headers["set-cookie"]
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get(f"{before}{E}/metrics", headers=bearer).status_code == 200
    twin = client.get(f"{before}/e/tumours@1/patients@1/explore.json?where=TRUE", headers=bearer)
    assert twin.headers["location"] == f"/tools/mp{E}/explore?where=TRUE"


def test_the_page_without_a_bundle_stands_below_a_path_too(make_client: Any) -> None:
    page = make_client(root_path="/tools/mp", token=TOKEN).get("/tools/mp")
    assert 'action="/tools/mp/api/v1/session"' in page.text


# ── JSON twins ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("screen", "endpoint"),
    [
        ("overview.json", "/overview"),
        (
            "explore.json?where=radius%20%3E%2014&columns=size",
            "/explore?where=radius%20%3E%2014&columns=size",
        ),
        ("row/7.json", "/rows/7"),
        ("slices.json", "/slices"),
        ("priorities.json", "/priorities"),
        ("tests.json", "/runs"),
        ("generate.json?by=typo", "/perturbations?by=typo"),
    ],
)
def test_each_screen_has_a_json_twin(shared: Any, screen: str, endpoint: str) -> None:
    answer = shared.get(f"/e/tumours@1/patients@1/{screen}")
    assert (answer.status_code, answer.headers["location"]) == (307, f"{E}{endpoint}")
    assert shared.get(answer.headers["location"]).status_code in (200, 202)


def test_the_twin_of_tests_is_the_suite_that_is_shown(shared: Any) -> None:
    answer = shared.get("/e/tumours@1/patients@1/tests.json?suite=a%2Fb")
    assert answer.headers["location"] == f"{E}/suites/a%2Fb?suite=a%2Fb"


@pytest.mark.parametrize("screen", ["dance.json", "row/x.json", "row/-1.json"])
def test_a_screen_that_there_is_not_has_no_twin(shared: Any, screen: str) -> None:
    answer = shared.get(f"/e/tumours@1/patients@1/{screen}")
    assert (answer.status_code, answer.json()["code"]) == (404, "UnknownScreen")


def test_names_in_twins_stay_names(shared: Any) -> None:
    answer = get_raw(shared, "/e/a%20b@1/%3Fc@2/overview.json")
    assert answer.headers["location"] == "/api/v1/evaluations/a%20b@1/%3Fc@2/overview"


def get_raw(client: Any, path: str) -> Any:
    """The answer to a path that is sent as it is, dots and all."""
    request = client.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=path.encode())
    return client.send(request, follow_redirects=False)
