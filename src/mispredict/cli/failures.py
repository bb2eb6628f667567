"""How a command ends: its exit code, and on stderr what went wrong.

0 fine · 1 a check failed · 2 bad use or input · 3 a fault of mispredict · 130 interrupted
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
from collections.abc import Callable, Collection, Iterator
from typing import Any, NoReturn

import click

from mispredict.cli.settings import Settings
from mispredict.cli.terminal import echo, printable, printable_json
from mispredict.cli.wording import in_cli_words
from mispredict.core.errors import BadOption, MispredictError, NotWritable, UnknownName

FINE, FAILED, BAD_USE, FAULT, INTERRUPTED = 0, 1, 2, 3, 130


def run(
    call: Callable[[], Any], settings: Settings, *, options: Collection[str], is_json: bool
) -> int:
    """Exit code of the call, after telling what went wrong.

    Args:
        call: what the command does.
        settings: what the command line has said so far.
        options: all that the program has, to put hints in its words.
        is_json: whether errors are told as JSON, known before the arguments are parsed.
    """
    _write_what_terminal_can()
    try:
        _require_stdout()
        code = call()
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        return _tell(_of_click(error), is_json)
    except MispredictError as error:
        if settings.debug:
            _show_traceback()
        said = in_cli_words(error, options)
        if not said.hint and not said.known:
            said.hint = f"{settings.command} --help"
        return _tell(said, is_json or settings.json)
    except Exception as error:  # noqa: BLE001 - the last one to hear of it
        return _tell_fault(error, settings, is_json or settings.json)
    return code if isinstance(code, int) else FINE


def leave(code: int, *, at_once: bool = False) -> NoReturn:
    """End the process with the exit code.

    Args:
        code: of the process.
        at_once: whether threads may still compute. The libraries that they are in would be taken
            down under them, which ends in complaints or worse; so nothing is taken down.
    """
    if at_once:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


@contextlib.contextmanager
def quiet_pipe() -> Iterator[None]:
    """Block that ends without a word when the reader of stdout has gone, as after `| head`."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _print_nowhere()
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EBADF, errno.EIO, errno.EDQUOT, errno.EFBIG):
            raise
        _print_nowhere()
        raise NotWritable(
            f"the answer cannot be printed: {error.strerror}.",
            known="The command itself has run.",
            hint="another place for its output, or free some space",
        ) from error


def _print_nowhere() -> None:
    """Point stdout to nothing, so that the end of the process does not try again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def writing(path: object) -> Iterator[None]:
    """Block that writes a file of the user's choice; a refusal is bad input, not a fault."""
    try:
        yield
    except OSError as error:
        raise NotWritable(
            f"{str(path)!r} cannot be written: {error.strerror or error}.",
            hint="another file, in a folder that exists and may be written",
        ) from error


def _require_stdout() -> None:
    """Refuse to run without a place for the answer; its number may be taken by the catalog."""
    if sys.stdout is None:
        raise NotWritable(
            "there is no standard output to print to.",
            known="It was closed. Nothing was changed.",
            hint="leave out >&-, or use > /dev/null",
        )


def _tell(said: MispredictError, is_json: bool) -> int:
    if is_json:
        click.echo(printable_json(json.dumps(said.to_dict())), err=True)
        return BAD_USE
    head = click.style(f"{said.code}:", fg="red", bold=True)
    _say(f"{head} {printable(said.problem)}")
    if said.known:
        _say(f"  {printable(said.known)}")
    if said.hint:
        _say(f"  {click.style('Try:', bold=True)} {printable(said.hint)}")
    return BAD_USE


def _tell_fault(error: Exception, settings: Settings, is_json: bool) -> int:
    if settings.debug:
        _show_traceback()
    problem = f"something went wrong inside mispredict: {type(error).__name__}: {error}"
    hint = "the same command with --debug, and report what it prints to the project"
    if is_json:
        fault = {"code": "InternalError", "message": problem, "hint": hint}
        click.echo(printable_json(json.dumps(fault)), err=True)
        return FAULT
    _say(f"{click.style('InternalError:', fg='red', bold=True)} {printable(problem[:500])}")
    _say("  This is a fault of mispredict or of a library under it, not of your input.")
    _say(f"  {click.style('Try:', bold=True)} {hint}")
    return FAULT


def _say(line: str) -> None:
    color = False if os.environ.get("NO_COLOR") else None
    click.echo(line, err=True, color=color)


def _of_click(error: click.ClickException) -> MispredictError:
    """The same problem in the three parts that every error of ours has."""
    context = getattr(error, "ctx", None)
    hint = f"{context.command_path} --help" if context is not None else "mispredict --help"
    if isinstance(error, click.NoSuchOption) and context is not None:
        names = [name for param in context.command.params for name in param.opts]
        known = sorted(name for name in names if name.startswith("--"))
        return UnknownName.of("option", error.option_name, known, hint=hint)
    problem = error.format_message().strip()
    problem = problem[:1].lower() + problem[1:]
    return BadOption(problem if problem.endswith((".", "?")) else f"{problem}.", hint=hint)


def _show_traceback() -> None:
    import traceback

    echo(traceback.format_exc(), err=True)


def _write_what_terminal_can() -> None:
    """Print characters that the terminal's encoding lacks as escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with contextlib.suppress(ValueError, OSError):
                reconfigure(errors="backslashreplace")
