"""`serve`: the workspace in a browser."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mispredict.cli.group import Command
from mispredict.cli.options import evaluation_argument
from mispredict.cli.output import print_json
from mispredict.cli.settings import Settings
from mispredict.cli.terminal import echo, stdout
from mispredict.core.errors import BadOption

if TYPE_CHECKING:
    from mispredict.server.listening import Listening
    from mispredict.server.settings import ServerSettings
    from mispredict.workspace import Evaluation, Workspace

VARIABLE = "MISPREDICT_TOKEN"
PORT = 8470


@click.command("serve", cls=Command)
@evaluation_argument
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Where to listen. Other machines can reach any but the default, which takes a token.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    metavar="N",
    help=f"Port, which must be free (default: the first free one from {PORT}).",
)
@click.option(
    "--token-file",
    metavar="FILE",
    help=f"File with the token that people sign in with (default: ${VARIABLE}, else none).",
)
@click.option(
    "--root-path", default="", metavar="PATH", help="Path below which a proxy serves it: /tools/mp."
)
@click.option(
    "--allow-host", "trusted_hosts", multiple=True, metavar="NAME", help="Another name of it."
)
@click.option(
    "--allow-origin",
    "trusted_origins",
    multiple=True,
    metavar="ORIGIN",
    help="Another origin whose pages may write.",
)
@click.option(
    "--allow-frame",
    "frame_ancestors",
    multiple=True,
    metavar="ORIGIN",
    help="Origin whose pages may show it in a frame.",
)
@click.option(
    "--trust-proxy",
    "trusted_proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Proxy whose X-Forwarded headers count: an address or a network.",
)
@click.option("--trust", is_flag=True, help="Load pickles of models, which can run any code.")
@click.option(
    "--open/--no-open",
    "is_opened",
    default=None,
    help="Open a browser (default: if there is one, and this is a terminal).",
)
@click.pass_obj
def serve(
    settings: Settings,
    /,
    evaluation: str | None,
    *,
    port: int | None,
    token_file: str | None,
    is_opened: bool | None,
    **reach: Any,
) -> None:
    """Open the workspace in a browser, until Ctrl-C.

    Shows EVALUATION first, the newest by default. Only this machine can reach it, unless another
    --host is given. Where there is no workspace yet, the page says how to fill one.
    """
    gc.disable()  # nothing of what is imported becomes garbage; `run` turns it on again
    click.get_current_context().call_on_close(gc.enable)
    from mispredict.server.listening import Listening

    told = _settings(PORT if port is None else port, _token(token_file), reach)
    with settings.open_or_create(is_kept=False) as workspace:
        shown = _shown(workspace, evaluation)
        server = Listening(workspace, told, is_fixed=port is not None)
        run(settings, server, shown, is_opened=is_opened)


def listening(workspace: Workspace) -> Listening:
    """A server for this machine alone, at the first free port."""
    from mispredict.server.listening import Listening

    return Listening(workspace, _settings(PORT, _token(None), {"host": "127.0.0.1"}))


def run(
    settings: Settings,
    server: Listening,
    shown: Evaluation | None,
    *,
    is_opened: bool | None = None,
) -> None:
    """Say where the workspace is, open it in a browser if there is one, and answer until Ctrl-C.

    Args:
        settings: how to say it.
        server: where it listens.
        shown: the evaluation to begin with; the workspace's home for None.
        is_opened: whether to open a browser; None for where there is one.
    """
    from mispredict.server.addresses import path_of
    from mispredict.server.browser import has_browser, open_page

    url = server.url + (path_of(shown) if shown is not None else "/")
    if is_opened is None:
        is_opened = stdout().isatty() and has_browser()

    def tell() -> None:
        gc.freeze()  # modules live as long as the server: they need not be looked through again
        gc.enable()
        _tell(settings, server, shown, url)
        if is_opened:
            open_page(url)

    settings.has_served = True
    server.run(on_ready=tell)
    settings.note("Stopped.")


def _tell(settings: Settings, server: Listening, shown: Evaluation | None, url: str) -> None:
    what = shown.ref if shown is not None else "The workspace"
    if settings.json:
        print_json(
            {
                "url": url,
                "evaluation": shown.ref if shown is not None else None,
                "workspace": str(Path(settings.place).expanduser().resolve()),
                "port": server.settings.port,
                "is_token_needed": server.settings.needs_token,
                "process": os.getpid(),
            }
        )
    else:
        echo(f"{what} is at {url}")
    stdout().flush()
    sign_in = " It asks for the token." if server.settings.needs_token else ""
    settings.note(f"Ctrl-C ends it.{sign_in}")


def _shown(workspace: Workspace, evaluation: str | None) -> Evaluation | None:
    """The evaluation to begin with: the one asked for, else the newest, if there is one."""
    if evaluation is None and not workspace.store.versions("evaluation"):
        return None
    return workspace.evaluation(evaluation)


def _settings(port: int, token: str, reach: dict[str, Any]) -> ServerSettings:
    from mispredict.server.settings import ServerSettings, is_loopback

    host = reach["host"]
    if not token and not is_loopback(host):
        raise BadOption(
            f"--host {host} can be reached from other machines.",
            known="Without a token anybody there could read and tag the data.",
            hint=f"{VARIABLE}=… in the environment, or --token-file FILE",
        )
    return ServerSettings(port=port, token=token, **reach)


def _token(path: str | None) -> str:
    """The token of a file or of the environment; command lines can be read by everyone."""
    if path is None:
        return os.environ.get(VARIABLE, "").strip()
    try:
        return Path(path).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "It is not a text."
        raise BadOption(
            f"the token in {path!r} cannot be read.",
            known=f"{said}.".replace("..", "."),
            hint=f"a file with the token alone, or ${VARIABLE}",
        ) from error
