"""Every error that mispredict raises on purpose.

MispredictError
├── InputError                what the caller gave cannot be used
│   ├── UnknownName           no dataset, model, cohort, metric … of that name
│   │   └── UnknownColumn     no column of that name
│   ├── BadDataset            a dataset that cannot be read or has no usable rows
│   ├── BadLabel              a label column that does not fit the task
│   ├── BadPredictions        predictions that do not fit the dataset
│   ├── BadPredicate          a cohort that cannot be parsed or has the wrong types
│   ├── BadSuite              a file of checks with a fault, at file:line:column
│   ├── GateFailed            data that a gate refuses, with the verdicts of its checks
│   └── BadOption             an argument out of its range
├── EmptyCohort               nothing to estimate from
├── ModelError                a model that raised or answered nonsense
│   └── RowsRefused           it cannot predict these rows, but perhaps fewer (models/protocol.py)
├── Cancelled                 the caller asked to stop
├── StoreError                the workspace's storage
│   ├── WorkspaceNotFound     there is no workspace here
│   ├── NewerWorkspace        written by a newer mispredict
│   ├── NotWritable           the disk refuses: permission, or it is full
│   ├── CorruptPart           stored bytes are not what was written
│   └── Conflict              someone else wrote first
├── MissingExtra              an optional library is not installed
├── NotBuilt                  the web pages are not built here
└── Refused                   a request that is not answered (server/failures.py)
    ├── NotFound              a thing in its path that there is not
    └── JobFailed             what a job failed with

An error has three parts: what was wrong with the value, what is known, what to try. The
command line prints them and exits with 2; the HTTP API returns `code`, `message`, `hint`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, Self

_LONGEST = 120  # letters of a name in a message
_LISTINGS = {
    "dataset": "ws.datasets()",
    "model": "ws.models()",
    "evaluation": "ws.evaluations()",
    "cohort": "ws.cohorts()",
    "tag": "ws.tags()",
}


class MispredictError(Exception):
    """Base of all errors raised on purpose; `code` is the class's name."""

    def __init__(self, problem: str, *, known: str = "", hint: str = "") -> None:
        self.problem = problem
        self.known = known
        self.hint = hint
        super().__init__(problem)

    @property
    def code(self) -> str:
        return type(self).__name__

    @property
    def message(self) -> str:
        """What was wrong and what is known, as one line."""
        return f"{self.problem} {self.known}".strip()

    def to_dict(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message, "hint": self.hint}

    def __str__(self) -> str:
        lines = [self.problem]
        if self.known:
            lines.append(f"  {self.known}")
        if self.hint:
            lines.append(f"  Try: {self.hint}")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.problem, self.known, self.hint)


def _rebuild(kind: type[MispredictError], problem: str, known: str, hint: str) -> MispredictError:
    return kind(problem, known=known, hint=hint)


class InputError(MispredictError, ValueError):
    """What the caller gave cannot be used; `position` is the place in a cohort's text, from 0."""

    position: int | None = None


class UnknownName(InputError):
    """No dataset, model, cohort, metric … of that name."""

    @classmethod
    def of(cls, kind: str, name: str, names: Iterable[str], *, hint: str = "") -> Self:
        """Error for a `kind` (such as "dataset") that is not among `names`."""
        names = [str(item) for item in names]
        return cls(
            f"no {kind} {clipped(name)!r}.",
            known=alternatives(name, names, kind),
            hint=hint or _LISTINGS.get(kind, "") or _nearest(name, names),
        )


class UnknownColumn(UnknownName):
    """No column of that name."""

    @classmethod
    def among(cls, name: str, names: Iterable[str], *, where: str = "", hint: str = "") -> Self:
        """Error for a column that is not in the table called `where`."""
        names = [str(item) for item in names]
        place = f" in {where}" if where else ""
        known = alternatives(name, names, "column")
        hint = hint or _nearest(name, names)
        return cls(f"no column {clipped(name)!r}{place}.", known=known, hint=hint)


class BadDataset(InputError):
    """A dataset that cannot be read or has no usable rows."""


class BadLabel(InputError):
    """A label column that does not fit the task."""


class BadPredictions(InputError):
    """Predictions that do not fit the dataset."""


class BadPredicate(InputError):
    """A cohort that cannot be parsed or compares values of the wrong type."""


class BadSuite(InputError):
    """A file of checks with a fault; the message begins with `file:line:column`."""


class GateFailed(InputError):
    """Data that a gate refuses, with the verdicts of its checks; nothing was stored."""

    verdicts: Any = None


class BadOption(InputError):
    """An argument out of its range."""

    @classmethod
    def choice(cls, name: str, value: object, allowed: Iterable[str]) -> Self:
        """Error for an argument that must be one of `allowed`."""
        names = [str(item) for item in allowed]
        given = clipped(str(value)) if isinstance(value, str) else f"{value!r:.60}"
        said = repr(given) if isinstance(value, str) else given
        return cls(
            f"{name}={said} is not a choice.",
            known=f"Choices: {', '.join(map(repr, names))}.",
            hint=f"{name}={_nearest(str(value), names)}" if names else "",
        )


class EmptyCohort(MispredictError):
    """A cohort without rows: there is nothing to estimate from."""


class ModelError(MispredictError):
    """A model that raised, or whose answer has the wrong shape, classes or values."""


class Cancelled(MispredictError):
    """The caller asked to stop; what was finished before is kept."""


class StoreError(MispredictError):
    """The workspace's storage."""


class WorkspaceNotFound(StoreError):
    """There is no workspace in the folder."""


class NewerWorkspace(StoreError):
    """The workspace was written by a newer mispredict."""


class NotWritable(StoreError):
    """The disk refuses to write: no permission, or it is full."""


class CorruptPart(StoreError):
    """Stored bytes are missing or not what was written."""


class Conflict(StoreError):
    """Someone else wrote a newer version first."""


class NotBuilt(MispredictError):
    """The web pages were not built into this package."""


class MissingExtra(MispredictError):
    """An optional library is not installed."""

    @classmethod
    def of(cls, library: str, extra: str, purpose: str) -> Self:
        return cls(
            f"{purpose} needs the library {library!r}, which is not installed.",
            known=f"It comes with the extra {extra!r}.",
            hint=f"pip install 'mispredict[{extra}]'",
        )


def alternatives(name: str, names: Iterable[str], kind: str, *, most: int = 5) -> str:
    """Sentence that names what is like `name`, or else what there is."""
    known = list(dict.fromkeys(str(item) for item in names))
    if not known:
        return f"There is no {kind} yet."
    folded = {item.lower(): item for item in reversed(known)}
    wanted = clipped(str(name)).lower()
    near = difflib.get_close_matches(wanted, list(folded), n=3, cutoff=0.6)
    near += [low for low in folded if wanted in low and name and low not in near][:2]
    if near:
        found = ", ".join(repr(clipped(folded[item])) for item in near)
        return f"{_plural(kind).capitalize()} like it: {found}."
    shown = ", ".join(repr(clipped(item)) for item in known[:most])
    more = f" and {len(known) - most:,} more" if len(known) > most else ""
    return f"Known {_plural(kind)}: {shown}{more}."


def clipped(text: str) -> str:
    """The text, cut where it is too long for a message; what is no text is shown as one."""
    text = str(text)  # names are what callers give
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _nearest(name: str, names: list[str]) -> str:
    """The most alike of the names in quotes, else the first of them; "" of none."""
    near = difflib.get_close_matches(clipped(str(name)), names, n=1, cutoff=0.3)
    return repr(clipped((near or names)[0])) if names else ""


def _plural(kind: str) -> str:
    if kind.endswith("ss"):
        return f"{kind}es"
    if kind.endswith("s"):  # such as "decisions"
        return kind
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
