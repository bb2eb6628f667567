"""The page of an export: one file that asks for nothing else."""

from __future__ import annotations

import base64
import gzip
import re
import secrets
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from mispredict.core.errors import NotBuilt
from mispredict.server.exporting.keys import embedded
from mispredict.server.security.headers import export_policy
from mispredict.server.wire import dumps

FOLDER = "export"
_SCRIPT_END = re.compile(r"<(?=/script|!--)", re.IGNORECASE)
_STYLE_END = re.compile(r"</(?=style)", re.IGNORECASE)


@dataclass(frozen=True)
class Template:
    """The built pages as one script and one style sheet."""

    script: str
    style: str
    icon: bytes

    @classmethod
    def read(cls, bundle: Path) -> Template:
        """The template of a bundle.

        Raises:
            NotBuilt: it was not built.
        """
        folder = bundle / FOLDER
        try:
            script = (folder / "app.js").read_text(encoding="utf-8")
            style = (folder / "app.css").read_text(encoding="utf-8")
            icon = (bundle / "icon.svg").read_bytes()
        except OSError as error:
            raise NotBuilt(
                "an export needs the web pages, which are not built here.",
                known=f"There is no {error.filename!r}.",
                hint="make ui, or install a wheel; `mispredict report` needs no pages",
            ) from error
        return cls(_SCRIPT_END.sub(r"\\x3c", script), _STYLE_END.sub(r"<\\/", style), icon)


def page_of(template: Template, title: str, data: Any, examples: Any) -> str:
    """The page with its data; what it may do is said by a policy inside it.

    The pages of rows are packed, since they are most of the data and alike; a browser unpacks
    them when a row is looked at first.
    """
    nonce = secrets.token_urlsafe(16)
    icon = base64.b64encode(template.icon).decode()
    packed = base64.b64encode(gzip.compress(dumps(examples), mtime=0)).decode()
    policy = export_policy(template.script, nonce)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">
<meta name="csp-nonce" content="{nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{escape(title)}</title>
<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,{icon}">
<style nonce="{nonce}">{template.style}</style>
</head>
<body>
<div id="root"></div>
<noscript>This export draws its data by JavaScript, all of which is in this file.</noscript>
<script type="application/json" id="mispredict-export">{embedded(data)}</script>
<script type="application/gzip" id="mispredict-export-rows">{packed}</script>
<script>{template.script}</script>
</body>
</html>
"""
