"""Who asks: nobody known, anybody (a server without a token), a program, or a browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fastapi import Request

KEY = "mispredict.identity"


@dataclass(frozen=True, slots=True)
class Identity:
    """How the asker is known; `csrf` is what a browser's writes have to carry."""

    how: Literal["", "open", "bearer", "cookie"] = ""
    csrf: str = ""
    session: str = ""

    @property
    def is_known(self) -> bool:
        return self.how != ""


def identity_of(request: Request) -> Identity:
    """Who asks, as the guard found."""
    found: Identity = request.scope.get(KEY, Identity())
    return found
