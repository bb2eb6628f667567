"""What people named: saved cohorts (a predicate each) and tags (marked rows)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, BadPredicate, Conflict, InputError, UnknownName
from mispredict.core.ids import check_name, joined_name
from mispredict.core.options import shown, text
from mispredict.core.predicate import Predicate, parse
from mispredict.core.results import Result
from mispredict.core.words import counted
from mispredict.workspace.yaml_folder import read_folder, write_folder

if TYPE_CHECKING:
    from mispredict.store import Store, Version
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation

Bools = npt.NDArray[np.bool_]
_TRIES = 10  # at adding rows to a tag while others do the same


@dataclass(frozen=True, slots=True)
class Cohort:
    """A saved cohort: its name with version, what it selects, and a note."""

    name: str
    where: str
    sentence: str
    note: str


@dataclass(frozen=True)
class Cohorts(Result):
    """Saved cohorts, by name."""

    rows: tuple[Cohort, ...]

    row_type: ClassVar[type] = Cohort
    title: ClassVar[str] = "Saved cohorts"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag and how many rows of a dataset have it."""

    name: str
    dataset: str
    n: int


@dataclass(frozen=True)
class Tags(Result):
    """Tags, by name."""

    rows: tuple[Tag, ...]

    row_type: ClassVar[type] = Tag
    title: ClassVar[str] = "Tags"


def save(store: Store, name: str, where: str | Predicate, *, note: str = "") -> Version:
    """Store a new version of a cohort; the same text again gives the same version."""
    check_name(name)
    text("note", note, hint="note='what it is for'")
    predicate = where if isinstance(where, Predicate) else parse(where)
    _check_references(name, predicate, predicates(store))
    return _commit(store, name, predicate, note)


def listed(store: Store) -> Cohorts:
    """The newest version of each saved cohort."""
    heads = [store.version("cohort", name) for name in store.names("cohort")]
    return Cohorts(
        tuple(
            Cohort(
                str(version.ref),
                str(version.spec["where"]),
                parse(str(version.spec["where"])).sentence(),
                str(version.spec["note"]),
            )
            for version in heads
        )
    )


def predicates(store: Store) -> Mapping[str, Predicate]:
    """The newest predicate of each saved cohort, parsed when asked for."""
    return _SavedCohorts(store)


def export(store: Store, folder: Path) -> list[Path]:
    """One YAML file per cohort: name, where, and a note if it has one."""
    values = {}
    for name in store.names("cohort"):
        spec = store.version("cohort", name).spec
        value = {"cohort": name, "where": spec["where"], "note": spec["note"]}
        values[name] = {key: item for key, item in value.items() if item}
    return write_folder(folder, values, things="cohort")


def import_(store: Store, folder: Path) -> list[Version]:
    """Save every cohort of a folder of YAML files, after checking all of them."""
    found = read_folder(folder, _read_yaml, things="cohort")
    known = {**predicates(store), **{name: given.where for name, given in found.items()}}
    for given in found.values():
        with _of_file(given.path):
            _check_references(given.name, given.where, known)
    return [_commit(store, given.name, given.where, given.note) for given in found.values()]


def chosen(
    of: Evaluation,
    where: str | Predicate | None,
    rows: Sequence[int] | npt.NDArray[np.integer[Any]] | None,
) -> Bools:
    """The rows to tag: those of a cohort, or of the given numbers."""
    if (where is None) == (rows is None):
        raise BadOption(
            "give either where= or rows=.",
            known="Both of them were given." if where is not None else "Neither was given.",
            hint="where='a cohort', or rows=[0, 7]",
        )
    if rows is None:
        return of.mask(where)
    given = np.asarray(rows)
    if given.dtype == bool:
        return _as_mask(given, of.n)
    numbers = _row_numbers(given)
    outside = numbers[(numbers < 0) | (numbers >= of.n)]
    if len(outside):
        raise BadOption(
            f"there is no row {outside[0]:,}.",
            known=f"Rows go from 0 to {of.n - 1:,}.",
            hint="rows=[0, 7]",
        )
    mask = np.zeros(of.n, dtype=bool)
    mask[numbers] = True
    return mask


def _as_mask(given: Bools, n: int) -> Bools:
    if given.shape != (n,):
        raise BadOption(
            f"rows has {given.size:,} truth values for {counted(n, 'row')}.",
            known="A mask has one for each row of the dataset.",
            hint="rows=[0, 7], numbers of rows from 0",
        )
    return given.copy()


def _row_numbers(given: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The numbers of rows as such; an empty list has none."""
    if given.size == 0:
        return np.zeros(0, dtype=np.int64)
    largest = np.iinfo(np.int64).max
    if given.ndim != 1 or given.dtype.kind not in "iu" or given.max() > largest:
        raise BadOption(
            f"rows={shown(given.tolist())} are not numbers of rows.",
            known="Rows are whole numbers from 0, or a mask with a truth value per row.",
            hint="rows=[0, 7]",
        )
    return given.astype(np.int64)


def tag(store: Store, name: str, dataset: Dataset, mask: Bools, *, is_removed: bool = False) -> int:
    """Add the rows to the tag, or remove them; how many have it then.

    Several people may tag at once: the change is made again on what another wrote first.
    """
    check_name(name)
    for _ in range(_TRIES):
        head = store.head("tag", _stored(name, dataset))
        before = _rows_of(store, head, dataset) if head else np.zeros(dataset.n, dtype=bool)
        after = before & ~mask if is_removed else before | mask
        try:
            _write(store, name, dataset, after, head.number if head else 0)
        except Conflict:
            continue
        return int(after.sum())
    raise Conflict(f"tag {name!r} is being changed by others all the time.", hint="try again")


def tags(store: Store) -> Tags:
    """Every tag of every dataset."""
    heads = [store.version("tag", name) for name in store.names("tag")]
    rows = [Tag(v.spec["tag"], v.spec["dataset"], int(v.spec["rows"])) for v in heads]
    return Tags(tuple(sorted(rows, key=lambda row: (row.name, row.dataset))))


class TagMasks(Mapping[str, Bools]):
    """Rows of a dataset by tag; read from the store at each look, since others may tag too."""

    def __init__(self, store: Store, dataset: Dataset) -> None:
        self._store = store
        self._dataset = dataset

    def __getitem__(self, name: str) -> Bools:
        head = self._head(name)
        if head is None:
            raise KeyError(name)
        return _rows_of(self._store, head, self._dataset)

    def __iter__(self) -> Iterator[str]:
        return iter(self.heads())

    def heads(self) -> dict[str, Version]:
        """The newest version of each tag of the dataset."""
        found = [self._store.version("tag", stored) for stored in self._store.names("tag")]
        own = [version for version in found if version.spec["dataset"] == self._dataset.name]
        return {str(version.spec["tag"]): version for version in own}

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._head(name) is not None

    def _head(self, name: str) -> Version | None:
        return self._store.head("tag", _stored(name, self._dataset))


class _SavedCohorts(Mapping[str, Predicate]):
    def __init__(self, store: Store) -> None:
        self._store = store

    def __getitem__(self, name: str) -> Predicate:
        head = self._store.head("cohort", name)
        if head is None:
            raise KeyError(name)
        return _parsed(str(head.spec["where"]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._store.names("cohort"))

    def __len__(self) -> int:
        return len(self._store.names("cohort"))


@cache
def _parsed(where: str) -> Predicate:
    return parse(where)


def _check_references(name: str, predicate: Predicate, known: Mapping[str, Predicate]) -> None:
    """Refuse a cohort that leads back to itself, or to one that does not exist."""
    seen: set[str] = set()
    ahead = list(predicate.cohorts())
    while ahead:
        other = ahead.pop()
        if other == name:
            raise BadPredicate(
                f"cohort {name!r} would refer to itself.",
                known=f"It selects {predicate.text}.",
                hint="write out one of the cohorts on the way",
            )
        if other not in known:
            raise UnknownName.of("cohort", other, known, hint="ws.cohorts()")
        if other not in seen:
            seen.add(other)
            ahead += known[other].cohorts()


def _commit(store: Store, name: str, predicate: Predicate, note: str) -> Version:
    return store.commit("cohort", name, spec={"where": predicate.text, "note": note})


@dataclass(frozen=True, slots=True)
class _Given:
    """A cohort as a file has it."""

    path: Path
    name: str
    where: Predicate
    note: str


def _read_yaml(path: Path, value: Any) -> _Given:
    if not isinstance(value, dict) or not isinstance(value.get("where"), (str, bool)):
        raise BadOption(
            f"{path} is not a cohort.",
            known="It needs the texts 'cohort' and 'where', and may have a 'note'.",
            hint="cohort: a name, where: a condition, note: a text",
        )
    with _of_file(path):
        name, note = check_name(value.get("cohort", "")), value.get("note")
        return _Given(path, name, parse(str(value["where"])), "" if note is None else str(note))


@contextmanager
def _of_file(path: Path) -> Iterator[None]:
    """Errors that name the file."""
    try:
        yield
    except InputError as error:
        raise type(error)(f"{path}: {error.problem}", known=error.known, hint=error.hint) from error


def _stored(name: str, dataset: Dataset) -> str:
    return joined_name(name, dataset.name)


def _write(store: Store, name: str, dataset: Dataset, mask: Bools, expected: int) -> None:
    import pyarrow as pa

    numbers = pa.array(np.flatnonzero(mask))
    if dataset.id:
        marked, by = dataset.column(dataset.id).take(numbers), dataset.id
    else:
        marked, by = numbers, dataset.ref
    parts = {"table": store.write_table(pa.table({"marked": marked}))}
    spec = {"tag": name, "dataset": dataset.name, "by": by, "rows": int(mask.sum())}
    store.commit("tag", _stored(name, dataset), spec=spec, parts=parts, expected=expected)


def _rows_of(store: Store, version: Version, dataset: Dataset) -> Bools:
    """Which rows of this version of the dataset have the tag, by their id."""
    import pyarrow.compute as pc

    marked = store.read_table(version.role("table"))["marked"]
    mask = np.zeros(dataset.n, dtype=bool)
    by = str(version.spec["by"])
    if dataset.id == by:
        found = pc.is_in(dataset.column(by), value_set=marked.combine_chunks())
        return np.asarray(found)
    if by != dataset.ref:
        raise BadOption(
            f"tag {version.spec['tag']!r} cannot be carried to {dataset.ref!r}.",
            known="It marks rows by their number in another version; the dataset has no id.",
            hint=f"ws.add_dataset({dataset.name!r}, …, id='a column')",
        )
    mask[np.asarray(marked)] = True
    return mask
