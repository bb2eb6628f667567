"""Checks of what was found, as YAML and as they are run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mispredict.core.results import plain
from mispredict.expectations.check import KINDS, Check

if TYPE_CHECKING:
    from mispredict.data.duplicates import Conflicts, Duplicates

_COMMON = ("severity", "tags", "owner", "reason", "seed")


def check_yaml(name: str, kind: str, options: Mapping[str, Any], *, reason: str = "") -> str:
    """The lines of a check in a suite."""
    import yaml

    values = {"name": name, "kind": kind, **plain(dict(options))}
    values |= {"reason": reason} if reason else {}
    return "\n".join(
        f"{key}: {_line(yaml, value)}" for key, value in values.items() if value is not None
    )


def check_of_yaml(text: str) -> Check:
    """The check that `check_yaml` wrote."""
    import yaml

    values = dict(yaml.safe_load(text))
    name, kind = values.pop("name"), values.pop("kind")
    common = {key: values.pop(key) for key in _COMMON if key in values}
    return Check(str(name), KINDS[kind](**values), **common)


def checks_of(texts: Iterable[str]) -> tuple[Check, ...]:
    """The checks of several texts, each once; "" is none."""
    found = {text: check_of_yaml(text) for text in texts if text}
    named = {check.name: check for check in found.values()}
    return tuple(named.values())


def duplicates_check(found: Duplicates, *, most: float | None, name: str) -> Check:
    """A check that there are no more duplicates than were found."""
    is_near = found.near < 1
    kind = ("leak_near" if is_near else "leak_exact") if found.against else ""
    kind = kind or ("near_duplicates" if is_near else "duplicates")
    options: dict[str, Any] = {"columns": list(found.columns_used)}
    options |= {"near": found.near} if is_near else {}
    limit = found.share if most is None else most
    made = KINDS[kind](**options, max=limit)  # type: ignore[call-arg]
    return Check(name or f"no more {kind.replace('_', ' ')}", made)


def conflicts_check(found: Conflicts, *, most: float | None, name: str) -> Check:
    """A check that no more labels contradict each other than were found to."""
    options: dict[str, Any] = {"columns": list(found.columns_used)}
    limit = found.share if most is None else most
    made = KINDS["conflicting_labels"](**options, max=limit)  # type: ignore[call-arg]
    return Check(name or "no more conflicting labels", made)


def _line(yaml: Any, value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**9)
    return str(text).removesuffix("\n...\n").strip().replace("${", "$${")
