"""Problems as YAML files, one each, that people review with git."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption, InputError
from mispredict.core.ids import check_name
from mispredict.core.predicate import parse
from mispredict.review.results import ProblemRecord
from mispredict.review.state import ProblemState
from mispredict.workspace.problems.keeping import KIND, all_kept, change, create, has_problems
from mispredict.workspace.yaml_folder import read_folder, write_folder

if TYPE_CHECKING:
    from mispredict.workspace.workspace import Workspace

_HINT = "a file that export_problems wrote"
_DEFAULTS = {"harm", "status", "title", "where", "dataset"}  # written whatever they are


@dataclass(frozen=True, slots=True)
class _Given:
    """A problem as a file has it."""

    path: Path
    name: str
    state: ProblemState


def export_problems(workspace: Workspace, folder: Path) -> list[Path]:
    """One file per problem: what people said of it, its check, its comments."""
    values = {found.name: _written(found.name, found.state) for found in all_kept(workspace.store)}
    return write_folder(folder, values, things="problem")


def import_problems(workspace: Workspace, folder: Path) -> list[ProblemRecord]:
    """Save every problem of a folder, after reading all of them; known ones get a new version."""
    from mispredict.workspace.problems.problems import record

    found = read_folder(folder, _read, things="problem")
    for given in found.values():
        _save(workspace, given)
    return [record(workspace, name) for name in found]


def _save(workspace: Workspace, given: _Given) -> None:
    store = workspace.store
    known = store.names(KIND) if has_problems(store) else ()
    if given.name in known:
        change(store, given.name, lambda _: given.state)
    else:
        create(store, given.name, given.state)


def _written(name: str, state: ProblemState) -> Mapping[str, Any]:
    plain = ProblemState(title="-", where="-", dataset="-")
    spec = state.to_spec()
    usual = plain.to_spec()
    kept = {k: v for k, v in spec.items() if k in _DEFAULTS or v != usual[k]}
    return {"problem": name, **kept}


def _read(path: Path, value: Any) -> _Given:
    known = {item.name for item in fields(ProblemState)}
    is_whole = isinstance(value, Mapping) and {"problem", "title", "where", "dataset"} <= set(value)
    unknown = sorted(map(str, set(value) - known - {"problem"})) if is_whole else []
    if not is_whole or unknown:
        raise BadOption(
            f"{path} is not a problem.",
            known=f"It has {', '.join(map(repr, unknown))}, which no problem has."
            if unknown
            else "It needs the texts problem, title, where and dataset.",
            hint=_HINT,
        )
    return _Given(path, *_state(path, value))


def _state(path: Path, value: Mapping[str, Any]) -> tuple[str, ProblemState]:
    """Name and state of a file; its errors name it."""
    from mispredict.checks.suites.editing import read_suite

    try:
        name = check_name(str(value["problem"]))
        state = ProblemState.from_spec({k: v for k, v in value.items() if k != "problem"})
        parse(state.where)
        if state.check:
            read_suite(state.check)
    except InputError as error:
        raise BadOption(f"{path}: {error.problem}", known=error.known, hint=error.hint) from error
    except (TypeError, ValueError, KeyError) as error:
        raise BadOption(
            f"{path} is not a problem.",
            known=f"A value in it is of another kind: {error}.",
            hint=_HINT,
        ) from error
    return name, state
