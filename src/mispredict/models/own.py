"""Pickles that this user's own demos wrote, known by the hash of their content.

A pickle in a workspace may come from anywhere, so it is loaded only by who says that it is
trusted. What a demo has just fitted and written itself needs no such word from the same user on
the same machine: its hash is noted outside of any workspace, where nobody else writes.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{32,128}")


def remember(digest: str) -> None:
    """Note that content of this hash was made here; nothing where the folder cannot be written."""
    folder = _folder()
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_mine(folder) and _HASH.fullmatch(digest):
            (folder / digest).touch(mode=0o600)


def is_own(digest: str) -> bool:
    """Whether content of this hash was made here, by this user."""
    folder = _folder()
    try:
        return bool(_HASH.fullmatch(digest)) and _is_mine(folder) and (folder / digest).is_file()
    except OSError:
        return False


def _folder() -> Path:
    """Where programs of this user keep what is of this machine."""
    if sys.platform == "win32":
        state = os.environ.get("LOCALAPPDATA", "") or str(Path("~/AppData/Local").expanduser())
    else:
        state = os.environ.get("XDG_STATE_HOME", "") or str(Path("~/.local/state").expanduser())
    return Path(state) / "mispredict" / "own-models"


def _is_mine(folder: Path) -> bool:
    """Whether nobody else may write there."""
    if sys.platform == "win32":
        return True
    found = folder.stat()
    return found.st_uid == os.getuid() and not found.st_mode & 0o022
