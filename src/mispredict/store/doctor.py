"""Whether a workspace is whole, and the sweep of what no version uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.core.errors import MispredictError
from mispredict.core.results import Result
from mispredict.core.words import counted
from mispredict.store.disk import refusing, size_text
from mispredict.store.parts import Part, age_s

if TYPE_CHECKING:
    from mispredict.store.store import Store

PASS, FAIL, REPAIRED, LEFT_OVER = "pass", "fail", "repaired", "left over"


@dataclass(frozen=True, slots=True)
class CheckupRow:
    """One finding; the verdict is pass, fail, repaired, or left over (harmless, can be swept)."""

    check: str
    verdict: str
    detail: str


@dataclass(frozen=True)
class Checkup(Result):
    """The state of a workspace."""

    row_type: ClassVar[type] = CheckupRow
    title: ClassVar[str] = "Workspace"

    rows: tuple[CheckupRow, ...]

    @property
    def is_healthy(self) -> bool:
        return all(row.verdict != FAIL for row in self.rows)

    def of(self, check: str) -> tuple[CheckupRow, ...]:
        """The rows of one check."""
        return tuple(row for row in self.rows if row.check == check)


@dataclass(frozen=True, slots=True)
class _Orphan:
    file: str
    bytes: int
    age_s: float


def examine(store: Store, *, repair: bool, grace_s: float) -> Checkup:
    """All checks of the workspace, in a fixed order."""
    rows = [
        *_guarded("marker", _marker(store)),
        *_guarded("catalog", _catalog(store)),
        *_guarded("parts", _parts(store)),
        *_guarded("orphans", _orphans(store, repair, grace_s)),
        *_guarded("temporary files", _temporary(store, repair, grace_s)),
    ]
    return Checkup(tuple(rows))


def _guarded(check: str, rows: Iterator[CheckupRow]) -> Iterator[CheckupRow]:
    try:
        yield from rows
    except MispredictError as error:
        yield CheckupRow(check, FAIL, error.message)


def _marker(store: Store) -> Iterator[CheckupRow]:
    marker = store.layout.read_marker()
    yield CheckupRow("marker", PASS, f"format {marker.format}, workspace {marker.id}")


def _catalog(store: Store) -> Iterator[CheckupRow]:
    import sqlalchemy as sa

    from mispredict.store.database import LEVEL

    database = store._database
    level = database.level()
    verdict = PASS if level == LEVEL else FAIL
    yield CheckupRow("catalog", verdict, f"{database.place}, level {level} of {LEVEL}")
    if not database.is_sqlite:
        return
    with database.read() as connection:
        found = [str(row[0]) for row in connection.execute(sa.text("PRAGMA integrity_check(5)"))]
        loose = connection.execute(sa.text("PRAGMA foreign_key_check")).all()
    if found != ["ok"]:
        yield CheckupRow("catalog", FAIL, f"SQLite finds damage: {'; '.join(found)}")
    if loose:
        yield CheckupRow(
            "catalog",
            FAIL,
            f"{counted(len(loose), 'row refers', 'rows refer')} to rows that are gone",
        )


def _parts(store: Store) -> Iterator[CheckupRow]:
    parts = store._catalog.live_parts()
    damaged = 0
    for part in parts:
        damage = _damage(store, part)
        if damage:
            damaged += 1
            users = ", ".join(store._catalog.users(part))
            yield CheckupRow("parts", FAIL, f"{part.file} {damage}; used by {users}")
    total = size_text(sum(part.bytes for part in parts))
    if not damaged:
        yield CheckupRow("parts", PASS, f"{counted(len(parts), 'part')} as written ({total})")
    else:
        yield CheckupRow(
            "parts", FAIL, f"{damaged:,} of {counted(len(parts), 'part')} ({total}) damaged"
        )


def _damage(store: Store, part: Part) -> str:
    remote = store._parts.remote
    is_mirrored = (store.layout.parts / part.file).is_file()
    if remote is not None:
        size = remote.size(part.file)
        if size is None:
            return f"is missing in {remote.url}"
        if size != part.bytes:
            return f"has {size:,} bytes instead of {part.bytes:,} in {remote.url}"
    return "" if remote is not None and not is_mirrored else store._parts.damage(part)


def _orphans(store: Store, repair: bool, grace_s: float) -> Iterator[CheckupRow]:
    used = frozenset(part.file for part in store._catalog.live_parts())
    found = [orphan for orphan in _files(store) if orphan.file not in used]
    old = [orphan for orphan in found if orphan.age_s >= grace_s]
    if repair and old:
        swept: list[_Orphan] = []
        store._catalog.sweep(lambda live: swept.extend(_remove(store, old, live, grace_s)))
        yield CheckupRow("orphans", REPAIRED, f"{_count(swept)} swept")
    elif old:
        yield CheckupRow("orphans", LEFT_OVER, f"{_count(old)} that no version uses")
    young = [orphan for orphan in found if orphan.age_s < grace_s]
    detail = f"{_count(young)} may still be committed" if young else "none"
    if young or not old:
        yield CheckupRow("orphans", PASS, detail)


def _files(store: Store) -> Iterator[_Orphan]:
    for path in store._parts.files():
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            continue
        yield _Orphan(f"{path.parent.name}/{path.name}", size, age_s(path))
    remote = store._parts.remote
    if remote is not None:
        for file in remote.files():
            yield _Orphan(file, remote.size(file) or 0, remote.age_s(file))


def _remove(
    store: Store, old: list[_Orphan], live: frozenset[str], grace_s: float
) -> Iterator[_Orphan]:
    """Remove those that are still unused and still old, now that nobody can commit."""
    remote = store._parts.remote
    for orphan in old:
        path = store.layout.parts / orphan.file
        if orphan.file in live:
            continue
        with refusing(store.root):
            if path.is_file() and age_s(path) >= grace_s:
                path.unlink()
            if remote is not None and remote.size(orphan.file) is not None:
                remote.remove(orphan.file)
            yield orphan


def _temporary(store: Store, repair: bool, grace_s: float) -> Iterator[CheckupRow]:
    paths = sorted(store.layout.tmp.iterdir()) if store.layout.tmp.is_dir() else []
    old = [_Orphan(path.name, path.stat().st_size, age_s(path)) for path in paths]
    old = [orphan for orphan in old if orphan.age_s >= grace_s]
    if repair and old:
        with refusing(store.root):
            for orphan in old:
                (store.layout.tmp / orphan.file).unlink(missing_ok=True)
        yield CheckupRow("temporary files", REPAIRED, f"{_count(old)} swept")
    elif old:
        yield CheckupRow("temporary files", LEFT_OVER, f"{_count(old)} of writes that never ended")
    else:
        detail = f"{len(paths):,} of writes that may be going on" if paths else "none"
        yield CheckupRow("temporary files", PASS, detail)


def _count(orphans: list[_Orphan]) -> str:
    noun = "file" if len(orphans) == 1 else "files"
    return f"{len(orphans):,} {noun} ({size_text(sum(item.bytes for item in orphans))})"
