"""What the server can be told and asked is documented."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

from mispredict.server import Limits, ServerSettings
from mispredict.server.jobs.kind import KINDS
from mispredict.server.routes.parameters import JobDraft
from mispredict.server.settings import SHORTEST_TOKEN

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide" / "server.md").read_text("utf-8")


@pytest.mark.parametrize("kind", [ServerSettings, Limits], ids=lambda kind: kind.__name__)
def test_every_setting_is_documented_with_its_default(kind: Any) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", GUIDE, re.MULTILINE))
    for name, field in kind.__dataclass_fields__.items():
        assert name in rows, f"{name} is not in docs/guide/server.md"
        assert f"{name}:" in (kind.__doc__ or "")
        default = field.default
        if isinstance(default, bool):
            assert rows[name] == str(default).lower()
        elif isinstance(default, (int, float)):
            assert rows[name] == f"{default:,.0f}" or rows[name] == str(default)
        elif isinstance(default, str) and default:
            assert rows[name].strip("`") == default
        elif default in ("", ()):
            assert rows[name] == "none"


def test_what_the_guide_says_of_tokens_is_so() -> None:
    assert f"less than {SHORTEST_TOKEN} characters" in GUIDE


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_job_is_documented(kind: str) -> None:
    assert f"`{kind}`" in GUIDE
    assert kind in str(JobDraft.model_fields["kind"].description)


def test_the_reference_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("http_page", ROOT / "docs" / "http_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text("utf-8") == module.page(), "python docs/http_page.py"
