"""A server at an address: in this thread until it is stopped, or in a thread of its own."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from mispredict.core.errors import BadOption
from mispredict.server.app import create_app
from mispredict.server.settings import ServerSettings

if TYPE_CHECKING:
    from mispredict.workspace import Workspace

TRIES = 30  # ports after the first that are tried before any free one is taken
_STOP_S = 1  # how long answers under way may take when it is stopped
_START_S = 60


class Listening:
    """A server of a workspace that listens at an address, and answers once it runs.

    Args:
        workspace: what it serves; it neither opens nor closes it.
        settings: its `port` is the first one that is tried.
        is_fixed: whether it must be that port.

    Raises:
        BadOption: the host or the port cannot be listened on.
    """

    def __init__(
        self, workspace: Workspace, settings: ServerSettings, *, is_fixed: bool = False
    ) -> None:
        self._socket = _bound(settings.host, settings.port, is_fixed=is_fixed)
        self.settings = replace(settings, port=int(self._socket.getsockname()[1]))
        config = uvicorn.Config(
            create_app(workspace, self.settings),
            log_level="critical",  # what goes wrong inside is logged by the app itself
            access_log=False,
            server_header=False,
            proxy_headers=False,  # the app reads them, and knows whom to believe
            ws="none",
            timeout_graceful_shutdown=_STOP_S,
        )
        self._server = _Server(config)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Address of the workspace's home, without a slash behind."""
        host = self.settings.host
        if host in ("", "0.0.0.0", "::"):
            host = socket.gethostname()
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self.settings.port}{self.settings.root_path}"

    @property
    def is_running(self) -> bool:
        return self._server.started and not self._server.should_exit

    def run(self, *, on_ready: Callable[[], None]) -> None:
        """Answer until Ctrl-C or SIGTERM.

        Args:
            on_ready: called when it answers.
        """
        self._server.on_ready = on_ready
        self._server.run(sockets=[self._socket])

    def start(self) -> None:
        """Answer in a thread that ends with the process; returns when it answers."""
        ready = threading.Event()
        self._server.on_ready = ready.set
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="mispredict-server", daemon=True
        )
        self._thread.start()
        ready.wait(_START_S)

    def wait(self) -> None:
        """Wait until the thread of `start` has ended."""
        if self._thread is not None:
            self._thread.join()

    def stop(self) -> None:
        """Stop answering, and wait until it has."""
        self._server.should_exit = True
        self.wait()
        self._socket.close()


class _Server(uvicorn.Server):
    """Tells when it answers, and ends without dying of the signal that ended it."""

    on_ready: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


def _bound(host: str, port: int, *, is_fixed: bool) -> socket.socket:
    """Socket at the port, or at the next one that is free."""
    last = port if is_fixed or not port else min(port + TRIES, 65_535)
    for candidate in range(port, last + 1):
        try:
            return _bind(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or is_fixed:
                raise _cannot_listen(host, candidate, error) from error
    try:
        return _bind(host, 0)
    except OSError as error:
        raise _cannot_listen(host, 0, error) from error


def _bind(host: str, port: int) -> socket.socket:
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    bound = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where REUSEADDR would share a port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()
    except OSError:
        bound.close()
        raise
    return bound


def _cannot_listen(host: str, port: int, error: OSError) -> BadOption:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return BadOption(
            f"host={host!r} is no address of this machine.",
            known=f"{error.strerror}.",
            hint="host='127.0.0.1' for this machine alone",
        )
    if error.errno == errno.EADDRINUSE:
        return BadOption(
            f"port={port} is taken.",
            known="Another program listens there, perhaps another mispredict.",
            hint="another port, or none for the first that is free",
        )
    return BadOption(
        f"port={port} cannot be listened on.",
        known=f"{error.strerror}.",
        hint="a port from 1024 up, or none for the first that is free",
    )
