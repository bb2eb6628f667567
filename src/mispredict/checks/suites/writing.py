"""Suites as YAML that people would have written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mispredict.checks.suites.options import as_yaml
from mispredict.core.errors import NotWritable
from mispredict.expectations.check import Check, Kind

if TYPE_CHECKING:
    from mispredict.checks.suites.suite import Suite

_MARGIN = "  "


def suite_yaml(suite: Suite) -> str:
    """The suite as YAML, with what differs from the defaults only."""
    head = {"suite": suite.name, **suite.head}
    lines = [*_lines(head), "checks:"]
    for check in suite.checks:
        first, *rest = _lines(check_values(check))
        lines += [f"{_MARGIN}- {first}", *(f"{_MARGIN}{_MARGIN}{line}" for line in rest)]
    return "\n".join(lines) + "\n"


def save_suite(suite: Suite, path: Path) -> Path:
    """Write the suite as YAML; its path."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(suite_yaml(suite), encoding="utf-8")
    except OSError as error:
        raise NotWritable(
            f"{str(path)!r} cannot be written: {error.strerror or error}.",
            hint="suite.save('churn.suite.yaml') in a folder that may be written",
        ) from error
    return path


def check_values(check: Check) -> dict[str, Any]:
    """The names and values of a check in a file."""
    common = {
        "severity": "" if check.severity == "block" else check.severity,
        "tags": list(check.tags),
        "owner": check.owner,
        "reason": check.reason,
        "seed": check.seed,
    }
    given = {"name": check.name, "kind": check.kind.name, **options_given(check.kind)}
    return given | {key: value for key, value in common.items() if value}


def options_given(kind: Kind) -> dict[str, Any]:
    """The options of a kind that differ from their defaults."""
    values = {field.name: getattr(kind, field.name) for field in fields(kind)}
    return {
        field.name: _plain(values[field.name])
        for field in fields(kind)
        if values[field.name] != field.default
        and (values[field.name] or not isinstance(values[field.name], (tuple, Mapping)))
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    """`name: value` of each in one line; `${` in a text stands for itself."""
    for name, value in values.items():
        yield f"{name}: {as_yaml(_escaped(value))}"


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, Mapping):
        return {key: _escaped(item) for key, item in value.items()}
    return [_escaped(item) for item in value] if isinstance(value, (list, tuple)) else value
