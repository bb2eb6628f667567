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

_NAME = re.compile(r"[\w][\w.\- ]{0,98}[\w]|[\w]")


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A name with a version; `version` None means the newest."""

    name: str
    version: int | None = None

    def __str__(self) -> str:
        return self.name if self.version is None else f"{self.name}@{self.version}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Ref from `name` or `name@version`.

        Example:
            >>> Ref.parse("churn@3")
            Ref(name='churn', version=3)
        """
        name, at, version = text.partition("@")
        check_name(name)
        if at and not (version.isdecimal() and int(version) > 0):
            raise BadOption(
                f"{text!r} has no valid version after '@'.",
                known="Versions are whole numbers from 1.",
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


def hash_bytes(data: bytes | memoryview) -> str:
    """SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def hash_json(value: Any) -> str:
    """SHA-256 of a JSON value's canonical text (sorted keys, no spaces)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hash_bytes(text.encode())
