"""An overview as one HTML file that needs no network and no script."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import NotWritable

if TYPE_CHECKING:
    from mispredict.report.overview import Overview


def render_html(view: Overview) -> str:
    """The overview as a complete page."""
    from mispredict.report.page import context

    return str(_environment().get_template("report.html").render(context(view)))


def render_fragment(view: Overview) -> str:
    """The core of the overview for a notebook's cell."""
    from mispredict.report.page import context

    return str(_environment().get_template("fragment.html").render(context(view)))


def write_html(view: Overview, path: str | os.PathLike[str]) -> Path:
    """Write the page, whole or not at all; its absolute path.

    Raises:
        NotWritable: there is no such folder, it refuses, or the disk is full.
    """
    return write_text(render_html(view), path)


def write_text(text: str, path: str | os.PathLike[str], *, what: str = "report") -> Path:
    """Write a file by a temporary one beside it, so that readers see the old or the new."""
    target = check_target(path, what)
    temporary = target.parent / f".{target.name[:40]}.{secrets.token_hex(4)}"
    try:
        with temporary.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise _not_writable(target, error, what) from error
    return target


def check_target(path: str | os.PathLike[str], what: str = "report") -> Path:
    """The absolute path of a file that may be written, before there is anything to write.

    Raises:
        NotWritable: it is a device or a folder, which would be replaced, or in no folder.
    """
    target = Path(path).expanduser().absolute()
    _refuse_what_is_no_file(target, what)
    return target


def _refuse_what_is_no_file(target: Path, what: str) -> None:
    """Refuse a device or a folder, which would be replaced, and a folder yet to be made."""
    if "\0" in str(target):
        raise NotWritable(
            f"the {what} cannot be written to {str(target)!r}.",
            known="The name of a file has no NUL in it.",
            hint=f"./{what}.html",
        )
    if target.exists() and not target.is_file():
        raise NotWritable(
            f"the {what} cannot be written to {str(target)!r}.",
            known="It is a folder." if target.is_dir() else "It is not a regular file.",
            hint=str(target / f"{what}.html") if target.is_dir() else f"./{what}.html",
        )
    if not target.parent.is_dir():
        raise NotWritable(
            f"the {what} cannot be written to {str(target)!r}.",
            known=f"There is no folder {str(target.parent)!r}.",
            hint=f"./{target.name}, or make the folder first",
        )


def _not_writable(target: Path, error: OSError, what: str = "report") -> NotWritable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        hint = "free some space, or write to another disk"
    elif target.is_dir():
        hint = str(target / f"{what}.html")
    else:
        hint = f"another folder, such as {what}='./{what}.html'"
    return NotWritable(
        f"the {what} cannot be written to {str(target)!r}.",
        known=f"The system says: {error.strerror or error}.",
        hint=hint,
    )


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from mispredict.report.wording import harmless

    return Environment(
        loader=PackageLoader("mispredict.report"),
        autoescape=True,
        finalize=lambda value: harmless(value) if isinstance(value, str) else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
