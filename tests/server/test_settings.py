"""Settings that cannot be safe are refused, in three parts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mispredict.core.errors import BadOption
from mispredict.server import Limits, ServerSettings
from mispredict.server.settings import is_loopback

TOKEN = "a token of some length"


def test_the_default_is_this_machine_alone_and_no_token() -> None:
    settings = ServerSettings()
    assert (settings.host, settings.is_local, settings.needs_token) == ("127.0.0.1", True, False)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.4", "example.org", "", "127.0.0.1.nip.io"]
)
def test_another_host_needs_a_token(host: str) -> None:
    with pytest.raises(BadOption, match="can be reached from other machines") as error:
        ServerSettings(host=host)
    assert "secrets.token_urlsafe" in error.value.hint
    assert ServerSettings(host=host, token=TOKEN).needs_token


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"token": "short"}, "the token cannot be used"),
        ({"token": "sixteen letters\n"}, "the token cannot be used"),
        ({"port": 70_000}, "port=70000"),
        ({"port": "80"}, "port='80'"),
        ({"session_hours": 0}, "session_hours=0"),
        ({"root_path": "/a/../b"}, "root_path="),
        ({"root_path": '/a"><script>'}, "root_path="),
        ({"root_path": "/ä"}, "root_path="),
        ({"trusted_origins": ("hub.example",)}, "'hub.example' is not an origin"),
        ({"trusted_origins": ("https://hub.example/path",)}, "is not an origin"),
        ({"frame_ancestors": ("*",)}, "'\\*' is not an origin"),
        ({"frame_ancestors": ("https://a; script-src *",)}, "is not an origin"),
        ({"trusted_proxies": ("proxy",)}, "trusted_proxies='proxy' is no address"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadOption, match=said) as error:
        ServerSettings(**change)
    assert error.value.hint
    assert error.value.known


@pytest.mark.parametrize("name", Limits.__dataclass_fields__)
def test_a_limit_below_its_least_is_refused(name: str) -> None:
    least = {"query_memory": "much", "answer_megabytes": -1}.get(name, 0)
    with pytest.raises(BadOption, match=name):
        Limits(**{name: least})


def test_the_token_is_not_shown() -> None:
    assert TOKEN not in repr(ServerSettings(token=TOKEN))


@pytest.mark.parametrize(
    ("given", "kept"),
    [("", ""), ("/", ""), ("a/b/", "/a/b"), ("//a", "/a"), ("/a~b/c@1", "/a~b/c@1")],
)
def test_a_root_path_begins_with_a_slash_and_ends_without(given: str, kept: str) -> None:
    assert ServerSettings(root_path=given).root_path == kept
    assert replace(ServerSettings(), root_path=given).root_path == kept


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("app.localhost", True),
        ("127.3.2.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost.example.org", False),
        ("notlocalhost", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
    ],
)
def test_which_hosts_mean_this_machine(host: str, is_ours: bool) -> None:
    assert is_loopback(host) is is_ours
