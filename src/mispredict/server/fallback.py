"""The page of a server whose pages are not built: what to do, and a form to sign in."""

from __future__ import annotations

from html import escape

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 12vh auto; padding: 0 1rem; }
code { padding: .1em .3em; border-radius: 4px; background: rgba(128, 128, 128, .2); }
input, button { font: inherit; padding: .4rem .6rem; }
"""


def fallback_page(root: str, nonce: str, *, is_open: bool) -> str:
    """HTML that needs no script; with a form for the token unless the asker is known."""
    base = escape(root, quote=True)
    part = _DATA.format(base=base) if is_open else _FORM.format(base=base)
    return _PAGE.format(base=base, nonce=nonce, style=_STYLE, part=part)


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<base href="{base}/">
<title>mispredict</title>
<style nonce="{nonce}">{style}</style>
</head>
<body>
<h1>mispredict</h1>
<p>The server runs. Its pages are not built yet: <code>make ui</code> builds them, then load
this page again.</p>
{part}
</body>
</html>
"""
_DATA = """<p>The data are there as JSON: <a href="{base}/api/v1/workspace">the workspace</a>,
<a href="{base}/openapi.json">all addresses</a>.</p>"""
_FORM = """<form method="post" action="{base}/api/v1/session">
<p><label>Token that the server was started with<br>
<input type="password" name="token" required autofocus autocomplete="current-password"></label>
<button>Sign in</button></p>
</form>"""
