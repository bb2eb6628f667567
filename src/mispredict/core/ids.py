"""Names, versions and content hashes.

A versioned thing is written `name@version` (`churn@3`), its newest version `name` alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from mispredict.core.errors import BadOption

_LONGEST = 100  # letters of a name
_NAME = re.compile(r"[\w][\w.\- ]{0,98}[\w]|[\w]")
_STORED = re.compile(r"[\w][\w.\- /]{0,98}[\w]|[\w]")
_DIGITS = 9  # of a version


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A name with a version; `version` None means the newest."""

    name: str
    version: int | None = None

    def __str__(self) -> str:
        return self.name if self.version is None else f"{self.name}@{self.version}"

    @classmethod
    def parse(cls, text: str, *, is_stored: bool = False) -> Ref:
        """Ref from `name` or `name@version`; `is_stored` also allows names of `joined_name`.

        Example:
            >>> Ref.parse("churn@3")
            Ref(name='churn', version=3)
        """
        name, at, version = text.partition("@")
        (check_stored_name if is_stored else check_name)(name)
        if at and not (version.isdecimal() and len(version) <= _DIGITS and int(version) > 0):
            raise BadOption(
                f"{text[:120]!r} has no valid version after '@'.",
                known=f"Versions are whole numbers from 1, of at most {_DIGITS} digits.",
                hint=f"{name}@1",
            )
        return cls(name, int(version) if at else None)


def check_name(name: str) -> str:
    """The name itself, if it can be used as the name of a stored thing.

    Raises:
        BadOption: it is empty, too long, or holds other than letters, digits, `_ . -` and
            inner spaces.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BadOption(
            f"{str(name)[:120]!r} cannot be a name.",
            known="Names have 1 to 100 letters, digits, '_', '-', '.' or inner spaces.",
            hint=re.sub(r"[^\w.\-]+", "_", str(name)).strip("_.-")[:40] or "a name such as 'churn'",
        )
    return name


def check_stored_name(name: str) -> str:
    """The name itself, if it is one of `check_name` or made by `joined_name`."""
    return name if isinstance(name, str) and _STORED.fullmatch(name) else check_name(name)


def joined_name(*names: str) -> str:
    """One name for a thing that belongs to several others; different names never give the same.

    `/` cannot be in a name, and `//` not in what is joined. What would be too long is cut and
    ends in a hash of the whole.

    Example:
        >>> joined_name("late refund", "churn")
        'late refund/churn'
    """
    whole = "/".join(names)
    if len(whole) <= _LONGEST:
        return whole
    digest = f"//{hash_bytes(whole.encode())[:32]}"
    return whole[: _LONGEST - len(digest)] + digest


def hash_bytes(data: bytes | memoryview) -> str:
    """SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def hash_json(value: Any) -> str:
    """SHA-256 of a JSON value's canonical text (sorted keys, no spaces)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hash_bytes(text.encode())
