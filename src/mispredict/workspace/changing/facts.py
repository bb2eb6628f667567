"""What differs between two evaluations by the records: rows, labels, model, code, libraries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mispredict.compare.changed.changed import ChangedFact
from mispredict.workspace.changing.pairs import Bools, Pairing

if TYPE_CHECKING:
    from mispredict.store import Version
    from mispredict.workspace.evaluation import Evaluation

_MOST = 30  # of one section
_LONGEST = 200  # letters of a value


def facts_of(
    before: Evaluation, after: Evaluation, pairing: Pairing, masks: Sequence[Bools]
) -> tuple[ChangedFact, ...]:
    """Everything that the records tell apart, section by section."""
    return (
        *_of_rows(before, after, pairing, masks),
        *_of_models(before, after),
        *_of_runs(before, after),
    )


def _of_rows(
    before: Evaluation, after: Evaluation, pairing: Pairing, masks: Sequence[Bools]
) -> Iterator[ChangedFact]:
    if pairing.is_same:
        return
    yield ChangedFact("rows", "dataset", before.dataset.ref, after.dataset.ref)
    n = [int(mask.sum()) for mask in masks]
    if n[0] != n[1]:
        yield ChangedFact("rows", "rows", n[0], n[1])
    yield ChangedFact("rows", "on both sides", pairing.paired, pairing.paired)
    if pairing.removed(masks):
        yield ChangedFact("rows", "gone or edited", pairing.removed(masks), 0)
    if pairing.added(masks):
        yield ChangedFact("rows", "new or edited", 0, pairing.added(masks))
    edited = int(((pairing.partners[1] >= 0) & ~pairing.alike[1]).sum())
    if edited:
        yield ChangedFact("rows", "inputs edited", 0, edited)
    columns = [set(of.dataset.schema.names) for of in (before, after)]
    for name in sorted(columns[0] ^ columns[1])[:_MOST]:
        yield ChangedFact("rows", f"column {name}", *(name in part for part in columns))


def _of_models(before: Evaluation, after: Evaluation) -> Iterator[ChangedFact]:
    if before.model == after.model:
        return
    yield ChangedFact("model", "model", before.model, after.model)
    store = before.workspace.store
    specs = [store.version("model", of.model, include_deleted=True).spec for of in (before, after)]
    described = [_flat(spec.get("describe") or {}) for spec in specs]
    yield from _differing("model", *described)


def _of_runs(before: Evaluation, after: Evaluation) -> Iterator[ChangedFact]:
    versions = (before.version, after.version)
    yield from _differing("code", *(_code(version) for version in versions))
    yield from _differing("environment", *(dict(version.environment) for version in versions))


def runs_apart(before: Evaluation, after: Evaluation) -> tuple[str, ...]:
    """What the records tell apart of code and libraries, in a few words each."""
    return tuple(
        f"{fact.key} {_brief(fact.before)} → {_brief(fact.after)}"
        for fact in _of_runs(before, after)
    )


def _brief(value: Any) -> str:
    """The value, of a commit its first letters."""
    return "none" if value is None else str(value)[:12]


def _code(version: Version) -> dict[str, Any]:
    code = version.code
    return {} if code is None else {"commit": code.commit, "is_dirty": code.is_dirty}


def _differing(
    section: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[ChangedFact]:
    keys = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    for key in keys[:_MOST]:
        yield ChangedFact(section, key, _short(before.get(key)), _short(after.get(key)))


def _flat(value: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, Mapping):
            found |= _flat(item, f"{path}{key}.")
        else:
            found[f"{path}{key}"] = item
    return found


def _short(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
