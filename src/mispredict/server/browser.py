"""Whether a browser can be opened here, and opening it."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Mapping


def has_browser(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> bool:
    """Whether a person sits before this process with a browser.

    Not on machines reached by SSH, in continuous integration or in tests, nor on a Linux without
    a display, where a browser of the terminal would take the place of this program.
    """
    if environment.get("CI") or "PYTEST_CURRENT_TEST" in environment:
        return False
    if environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"):
        return True
    return system in ("darwin", "win32") and not environment.get("SSH_CONNECTION")


def open_page(url: str) -> None:
    """Open a tab; a browser that starts slowly, or none, is not waited for."""
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
