"""Writing files so that a crash leaves the old state, and a refusal says what it is."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mispredict.core.errors import NotWritable

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def refusing(folder: Path, needed: int | Callable[[], int] = 0) -> Iterator[None]:
    """Turn a full disk, a read-only one and a missing permission into `NotWritable`."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL | _FORBIDDEN:
            raise
        amount = needed() if callable(needed) else needed
        raise not_writable(folder, error.errno or 0, amount) from error


def not_writable(folder: Path, code: int, needed: int = 0) -> NotWritable:
    """Error for a refusal by the disk that holds `folder`."""
    amount = f" {size_text(needed)}" if needed else ""
    known = "Nothing was changed."
    hint = f"write permission on {str(folder)!r}, or a workspace elsewhere"
    if code in _FULL:
        known = f"{free_text(folder)}Nothing was changed."
        hint = "free some space (mispredict doctor --repair sweeps what is left over)"
    return NotWritable(
        f"cannot write{amount} to {str(folder)!r}: {os.strerror(code)}.", known=known, hint=hint
    )


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder survive a loss of power."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def link_new(draft: Path, path: Path) -> bool:
    """Give the draft its name, unless that is taken; whether it was free."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno in _FULL or path.exists():
            raise
        draft.rename(path)  # file systems without links
    return True


def size_text(size: float) -> str:
    """The size for people.

    Example:
        >>> size_text(1_340_000)
        '1.3 MB'
    """
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"


def free_text(folder: Path) -> str:
    """Sentence on the space left; "" where the system does not say."""
    try:
        stats = os.statvfs(folder)
    except (OSError, AttributeError):
        return ""
    return f"The disk has {size_text(stats.f_bavail * stats.f_frsize)} left. "
