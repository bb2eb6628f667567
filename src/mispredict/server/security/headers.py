"""Headers that tell browsers what an answer may do."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

NOT_CACHED = "no-store"
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# The style that Observable Plot writes into each chart: a constant, so that its hash is enough.
_PLOT_STYLE = """:where(.plot-d6a7b5) {
  --plot-background: white;
  display: block;
  height: auto;
  height: intrinsic;
  max-width: 100%;
}
:where(.plot-d6a7b5 text),
:where(.plot-d6a7b5 tspan) {
  white-space: pre;
}"""


def page_policy(nonce: str, ancestors: Sequence[str] = ()) -> str:
    """Content security policy of the pages.

    No script but the bundle's, and none made from text. Styles are the bundle's, those with the
    nonce, and attributes.
    """
    styles = f"'self' 'nonce-{nonce}' {hash_of(_PLOT_STYLE)}"
    return _joined(
        {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": styles,
            "style-src-attr": "'unsafe-inline'",
            "img-src": "'self' data: blob:",
            "font-src": "'self' data:",
            "connect-src": "'self'",
            "worker-src": "'self' blob:",
            "manifest-src": "'self'",
            "base-uri": "'self'",
            "form-action": "'self'",
            "frame-ancestors": " ".join(["'self'", *ancestors]),
        }
    )


def export_policy(script: str, nonce: str) -> str:
    """Content security policy of an export, a file that asks for nothing but itself.

    One script, known by its hash. It stands in a page's head, where `frame-ancestors` is not
    known.
    """
    return _joined(
        {
            "default-src": "'none'",
            "script-src": hash_of(script),
            "style-src": f"'nonce-{nonce}' {hash_of(_PLOT_STYLE)}",
            "style-src-attr": "'unsafe-inline'",
            "img-src": "data: blob:",
            "base-uri": "'none'",
            "form-action": "'none'",
        }
    )


def data_policy() -> str:
    """Content security policy of what is no page."""
    return _joined({"default-src": "'none'", "frame-ancestors": "'none'"})


def report_policy() -> str:
    """Content security policy of a report: it stands alone, apart from the server's origin."""
    return _joined(
        {
            "default-src": "'none'",
            "script-src": "'unsafe-inline'",
            "style-src": "'unsafe-inline'",
            "img-src": "data:",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'self'",
            "sandbox": "allow-scripts",
        }
    )


def hash_of(text: str) -> str:
    """The text's source expression: its hash."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _joined(parts: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in parts.items())
