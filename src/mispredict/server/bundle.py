"""The built pages: files of one folder by their exact name, and one page for all screens."""

from __future__ import annotations

import mimetypes
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Request, Response

from mispredict.core.ids import hash_bytes
from mispredict.server.failures import Refused
from mispredict.server.fallback import fallback_page
from mispredict.server.security.headers import page_policy
from mispredict.server.wire import Encoded, encoded, is_known, takes_gzip

if TYPE_CHECKING:
    from mispredict.server.settings import ServerSettings

INDEX = "index.html"
_HASHED = re.compile(r"assets/.+[-.][\w-]{8,}\.\w+(?:\.map)?")
_BASE = re.compile(r"<base\b[^>]*>", re.IGNORECASE)
_NONCE = re.compile(r"""(<meta\s+name="csp-nonce"\s+content=")[^"]*(")""", re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_FOREVER = "public, max-age=31536000, immutable"
_TEXTS = ("text/", "application/json", "application/javascript", "image/svg+xml")
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css",
          ".json": "application/json", ".map": "application/json", ".svg": "image/svg+xml",
          ".wasm": "application/wasm", ".woff2": "font/woff2", ".html": "text/html",
          ".webmanifest": "application/manifest+json"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asset:
    content: Encoded
    tag: str
    cache: str


class Bundle:
    """Files of the folder, listed once: what is not on the list is not served."""

    def __init__(self, settings: ServerSettings) -> None:
        self._folder = settings.bundle
        self._ancestors = settings.frame_ancestors
        self._paths: Mapping[str, Path] = {}
        self._assets: dict[str, _Asset] = {}
        self._stamp: float | None = None

    @property
    def is_built(self) -> bool:
        """Whether there are pages; a bundle that was built again is listed again."""
        try:
            stamp = (self._folder / INDEX).stat().st_mtime
        except OSError:
            stamp = None
        if stamp != self._stamp:
            self._paths = _files(self._folder) if stamp is not None else {}
            self._assets, self._stamp = {}, stamp
        return self._stamp is not None

    def answer(self, request: Request, path: str, *, is_open: bool) -> Response:
        """The file of the path, or the page that draws the screen of the path.

        Raises:
            Refused: the path is neither a file nor a screen.
        """
        if self.is_built and path in self._paths and path != INDEX:
            return self._file(request, path)
        if path != INDEX and not _is_screen(path):
            raise _nothing_at(request)
        root = request.scope.get("root_path", "")
        nonce = secrets.token_urlsafe(16)
        if self.is_built:
            text = _page(self._paths[INDEX].read_text(encoding="utf-8"), root, nonce)
        else:
            text = fallback_page(root, nonce, is_open=is_open)
        headers = {
            "Content-Security-Policy": page_policy(nonce, self._ancestors),
            "Cache-Control": "no-cache",
        }
        return Response(text, 200, headers, media_type="text/html")

    def _file(self, request: Request, path: str) -> Response:
        if path not in self._assets:
            body = self._paths[path].read_bytes()
            media = _media(path)
            is_text = media.startswith(_TEXTS)
            content = encoded(body, media) if is_text else Encoded(body, media)
            cache = _FOREVER if _HASHED.fullmatch(path) else "no-cache"
            self._assets[path] = _Asset(content, f'"{hash_bytes(body)[:32]}"', cache)
        asset = self._assets[path]
        headers = {"ETag": asset.tag, "Cache-Control": asset.cache, "Vary": "Accept-Encoding"}
        if is_known(request, asset.tag):
            return Response(status_code=304, headers=headers)
        body = asset.content.body
        if asset.content.packed is not None and takes_gzip(request):
            body, headers["Content-Encoding"] = asset.content.packed, "gzip"
        return Response(body, 200, headers, media_type=asset.content.media_type)


def _files(folder: Path) -> dict[str, Path]:
    """Files below the folder by their path in it; links that lead elsewhere are left out."""
    root = folder.resolve()
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.resolve().is_relative_to(root)
    }


def _is_screen(path: str) -> bool:
    """Whether a path can be an address of the pages: no file, and nothing of the API."""
    first, last = path.partition("/")[0], path.rpartition("/")[2]
    is_file = first != "e" and "." in last
    return first not in ("api", "assets") and not is_file and "\0" not in path


def _page(text: str, root: str, nonce: str) -> str:
    base = f'<base href="{escape(root, quote=True)}/">'
    if _BASE.search(text):
        text = _BASE.sub(lambda _: base, text, count=1)
    else:
        text = _HEAD.sub(lambda found: found[0] + base, text, count=1)
    return _NONCE.sub(lambda found: f"{found[1]}{nonce}{found[2]}", text, count=1)


def _media(path: str) -> str:
    suffix = Path(path).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def _nothing_at(request: Request) -> Refused:
    return Refused(
        404,
        "UnknownAddress",
        f"there is nothing at {request.scope['path'][:200]!r}.",
        known="Addresses of the API begin with /api/v1.",
        hint="GET /openapi.json lists them",
    )
