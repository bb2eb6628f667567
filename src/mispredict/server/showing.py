"""`mp.show`: the web workspace in a notebook cell or a browser tab, served by this process."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
from html import escape
from typing import TYPE_CHECKING

from mispredict.core.errors import BadOption
from mispredict.core.options import whole
from mispredict.server.addresses import path_of
from mispredict.server.browser import has_browser, open_page
from mispredict.server.listening import Listening
from mispredict.server.settings import ANY, PORT, ServerSettings

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.workspace import Evaluation, Workspace

HEIGHT = 800
_HUB = "JUPYTERHUB_SERVICE_PREFIX"
# Notebooks of this machine, and the programs that show notebooks themselves.
_FRAMES = ("http://localhost:*", "http://127.0.0.1:*", "vscode-webview:", "vscode-file:")
_SERVERS: dict[Workspace, Listening] = {}
_LOCK = threading.Lock()
_END_S = 2.0


def show(
    shown: Evaluation | Workspace,
    screen: str = "overview",
    where: str | Predicate | None = None,
    *,
    height: int = HEIGHT,
    proxy: str | None = None,
) -> Shown:
    """The web workspace of an evaluation: in a notebook's cell, else in a browser tab.

    A server for the workspace is started in a thread of this process, or the one that runs is
    used again. It listens for this machine only and ends with the process. Models that were
    registered in this process can be called from the pages.

    Args:
        shown: an evaluation, or a workspace for its home.
        screen: overview, explore, slices, priorities, or row/12.
        where: the cohort that the screen is about.
        height: of the cell's frame, in pixels.
        proxy: path at which the notebook's server passes the port on, such as "/proxy/{port}"
            of jupyter-server-proxy. By default none, and on JupyterHub the user's.

    Raises:
        BadOption: there is no such screen, or the proxy's path cannot be used.

    Example:
        >>> shown = mp.show(ev, "explore", where="Age > 60")  # doctest: +SKIP
        >>> shown.url                                         # doctest: +SKIP
        'http://127.0.0.1:8470/e/gbm@1/churn@1/explore?where=Age%20%3E%2060'
    """
    whole("height", height, 1)
    workspace, path = _target(shown, screen, where)
    prefix = _prefix(proxy)
    server = _server(workspace)
    found = Shown(server, path, prefix.replace("{port}", str(server.settings.port)), height)
    if not _is_notebook() and has_browser():
        open_page(found.url)
    return found


class Shown:
    """What is shown: drawn by a notebook as a frame, and its `url` for any browser."""

    def __init__(self, server: Listening, path: str, prefix: str, height: int) -> None:
        self._server = server
        self._path = path
        self._prefix = prefix
        self._height = height

    @property
    def url(self) -> str:
        """The address: of this machine, or of the notebook's server below its proxy's path."""
        return (self._prefix or self._server.url) + self._path

    @property
    def port(self) -> int:
        """Port of this machine at which the server listens."""
        return self._server.settings.port

    def wait(self) -> None:
        """Wait until Ctrl-C, so that a script does not end before people have looked."""
        try:
            self._server.wait()
        except KeyboardInterrupt:
            self.close()

    def close(self) -> None:
        """Stop the server, for everything that it shows."""
        with _LOCK:
            for workspace in [key for key, item in _SERVERS.items() if item is self._server]:
                del _SERVERS[workspace]
        self._server.stop()

    def __repr__(self) -> str:
        return f"<Shown {self.url}>"

    def _repr_html_(self) -> str:
        url = escape(self.url, quote=True)
        return (
            f'<iframe src="{url}" width="100%" height="{self._height}" style="border: 0"'
            ' title="mispredict" allow="clipboard-write; fullscreen"></iframe>'
            f'<div><a href="{url}" target="_blank" rel="noopener">Open in a tab</a></div>'
        )


def _target(
    shown: Evaluation | Workspace, screen: str, where: str | Predicate | None
) -> tuple[Workspace, str]:
    """The workspace, and the path of what to show of it."""
    from mispredict.workspace import Evaluation, Workspace

    if isinstance(shown, Evaluation):
        return shown.workspace, path_of(shown, screen, where)
    if not isinstance(shown, Workspace):
        raise BadOption(
            f"a {type(shown).__name__} cannot be shown.",
            known="Evaluations and workspaces can.",
            hint="mp.show(ws.evaluation())",
        )
    if where is not None or screen != "overview":
        raise BadOption(
            "a workspace's home has neither screens nor cohorts.",
            known="They are of one evaluation.",
            hint=f"mp.show(ws.evaluation(), {screen!r})",
        )
    return shown, "/"


def _server(workspace: Workspace) -> Listening:
    """The server of the workspace that runs, or a new one."""
    with _LOCK:
        server = _SERVERS.get(workspace)
        if server is None or not server.is_running:
            server = _SERVERS[workspace] = Listening(workspace, _settings())
            server.start()
        return server


@atexit.register
def _end() -> None:
    """Stop the servers, and wait a little for what they compute.

    A library that is taken down under a thread complains loudly at the end of people's scripts.
    """
    for server in tuple(_SERVERS.values()):
        server.stop()
    until = time.monotonic() + _END_S
    for thread in threading.enumerate():
        if thread.name.startswith("mispredict-"):
            thread.join(max(0.0, until - time.monotonic()))


def _settings() -> ServerSettings:
    """A server for this machine, behind whatever shows its notebooks."""
    is_behind = bool(os.environ.get(_HUB)) or "google.colab" in sys.modules
    return ServerSettings(
        port=PORT,
        token=os.environ.get("MISPREDICT_TOKEN", "").strip(),
        trusted_hosts=(ANY,) if is_behind else (),
        trusted_proxies=("127.0.0.1", "::1"),
        frame_ancestors=(*_FRAMES, "https://*.googleusercontent.com") if is_behind else _FRAMES,
    )


def _prefix(proxy: str | None) -> str:
    """Path below which a browser reaches the port; "" for the port itself."""
    hub = os.environ.get(_HUB, "")
    if proxy is None:
        return f"{hub.rstrip('/')}/proxy/{{port}}" if hub else ""
    if not proxy.startswith("/") or "{port}" not in proxy:
        raise BadOption(
            f"proxy={proxy!r} cannot be used.",
            known="It is a path of the notebook's server with '{port}' in it.",
            hint="proxy='/proxy/{port}', which jupyter-server-proxy answers",
        )
    return proxy.rstrip("/")


def _is_notebook() -> bool:
    """Whether this process is a notebook's kernel, which shows what a cell gives."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and hasattr(shell, "kernel")
