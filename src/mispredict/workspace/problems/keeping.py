"""Problems in the catalog: each edit is a version, written only onto the one it was made on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import Conflict, UnknownName
from mispredict.core.options import whole
from mispredict.review.results import ProblemEvent
from mispredict.review.state import ProblemState
from mispredict.store.recording import capture
from mispredict.workspace.problems.news import tell

if TYPE_CHECKING:
    from mispredict.store import Store, Version

KIND = "problem"
ITSELF = "mispredict"  # who changes what no person did
_TRIES = 20  # at adding what goes with anything that others write
_QUIET = ("by", "reason", "check", "scale", "settled", "fixed_in", "origin")  # told with another


@dataclass(frozen=True)
class Kept:
    """A problem as it is kept: its newest version, and all of them, oldest first."""

    name: str
    state: ProblemState
    versions: tuple[Version, ...]

    @property
    def number(self) -> int:
        """The newest version."""
        return self.versions[-1].number


def has_problems(store: Store) -> bool:
    """Whether there is any problem."""
    return KIND in store.kinds()


def all_kept(store: Store) -> tuple[Kept, ...]:
    """Every problem, by name."""
    if not has_problems(store):
        return ()
    found: dict[str, list[Version]] = {}
    for version in store.versions(KIND):
        found.setdefault(version.name, []).append(version)
    return tuple(_kept(name, versions) for name, versions in sorted(found.items()))


def kept(store: Store, name: str) -> Kept:
    """One problem.

    Raises:
        UnknownName: there is none of that name.
    """
    known = store.names(KIND) if has_problems(store) else ()
    if name not in known:
        raise UnknownName.of("problem", name, known, hint="ws.problems()")
    return _kept(name, list(store.versions(KIND, name)))


def create(store: Store, name: str, state: ProblemState, *, who: str = "") -> Version:
    """Store a new problem.

    Raises:
        Conflict: there is one of that name.
    """
    return _commit(store, name, state, 0, who, before=None)


def change(
    store: Store,
    name: str,
    edit: Callable[[ProblemState], ProblemState | None],
    *,
    version: int | None = None,
    who: str = "",
) -> Version | None:
    """The next version of a problem, None where the edit leaves it as it is.

    Args:
        store: of the workspace.
        name: of the problem.
        edit: from the newest state to the next one; None for no change.
        version: the version that whoever edits has seen; the newest by default.
        who: does it, if not the account.

    Raises:
        Conflict: somebody wrote another version since; nothing was changed.
    """
    found = kept(store, name)
    seen = found.number if version is None else whole("version", version, 1)
    if seen != found.number:
        raise _too_late(found, seen)
    after = edit(found.state)
    if after is None or after == found.state:
        return None
    return _commit(store, name, after, found.number, who, before=found.versions[-1].spec)


def add(
    store: Store,
    name: str,
    edit: Callable[[ProblemState], ProblemState | None],
    *,
    who: str = "",
) -> Version | None:
    """Like `change`, made again on what another wrote first: for what goes with any other edit."""
    for _ in range(_TRIES):
        try:
            return change(store, name, edit, who=who)
        except Conflict:
            continue
    raise Conflict(f"problem {name!r} is being changed by others all the time.", hint="try again")


def events_of(found: Kept) -> tuple[ProblemEvent, ...]:
    """Everything that was done to the problem, the newest first."""
    made: list[ProblemEvent] = []
    before: Mapping[str, Any] | None = None
    for version in found.versions:
        made += _events(version, before)
        before = version.spec
    return tuple(reversed(made))


def author(version: Version) -> str:
    """Who made a version: a person, or a check."""
    return ITSELF if version.spec.get("by") else version.created_by


def _kept(name: str, versions: list[Version]) -> Kept:
    ordered = tuple(sorted(versions, key=lambda version: version.number))
    return Kept(name, ProblemState.from_spec(ordered[-1].spec), ordered)


def _commit(
    store: Store,
    name: str,
    state: ProblemState,
    expected: int,
    who: str,
    *,
    before: Mapping[str, Any] | None,
) -> Version:
    recording = capture()
    if who:
        recording = replace(recording, created_by=who)
    try:
        made = store.commit(
            KIND, name, spec=state.to_spec(), expected=expected, recording=recording
        )
    except Conflict as error:
        if not expected:
            raise Conflict(
                f"there is a problem {name!r} already.",
                known="Nothing was changed.",
                hint="another name, or ws.edit_problem",
            ) from error
        raise _too_late(kept(store, name), expected) from error
    if made.created:
        tell(name, state, _events(made, before), version=made.number)
    return made


def _too_late(found: Kept, seen: int) -> Conflict:
    last = found.versions[-1]
    return Conflict(
        f"problem {found.name!r} was changed by {author(last) or 'somebody'} in the meantime.",
        known=f"It has version {found.number}, and yours was made on {seen}. Nothing was changed.",
        hint="look at the newest version and decide again",
    )


def _events(version: Version, before: Mapping[str, Any] | None) -> Sequence[ProblemEvent]:
    spec, at = version.spec, version.created_at.isoformat(timespec="seconds")
    who, by = author(version), str(spec.get("by", ""))

    def event(what: str, old: Any, new: Any, sentence: str) -> ProblemEvent:
        return ProblemEvent(version.number, at, who, what, old, new, by, sentence)

    if before is None:
        return [event("opened", None, None, f"{who or 'Somebody'} opened it.")]
    made = []
    for key in asdict(ProblemState.from_spec(spec)):
        old, new = before.get(key), spec.get(key)
        is_told = key in _QUIET or (key == "proposed_by" and before.get("status") != spec["status"])
        if old != new and not is_told:
            made.append(event(key, old, new, _sentence(key, old, new, spec, who)))
    return made


def _sentence(key: str, old: Any, new: Any, spec: Mapping[str, Any], who: str) -> str:
    why = f": {spec['reason']}" if spec.get("reason") else ""
    if key == "status" and new == "reopened" and spec.get("by"):
        return f"{spec['by']} failed its check, so it was reopened{why}"
    if key == "status":
        return f"{who} set it from {old} to {new}{why or '.'}"
    if key == "proposed_by":
        said = f"{new} passes its check" if new else "It is no longer proposed as fixed"
        return f"{said}{why or '.'}"
    if key == "comments":
        return f"{who} commented: {new[-1]['text']}" if new else f"{who} removed comments."
    if key == "links":
        return f"{who} changed the links."
    if key in ("description", "expected", "positive", "negative"):
        return f"{who} changed the {key}."
    return f"{who} changed {key} from {old!r} to {new!r}."
