"""One way out for every result: JSON, or a view for people."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mispredict.cli.terminal import echo, printable_json, stdout
from mispredict.core.results import Result, Source, plain
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.cli.settings import Settings
    from mispredict.store import Version

R = TypeVar("R", bound=Result)


def give(settings: Settings, result: R, view: Callable[[R], None]) -> None:
    """Print a result: as JSON if that was asked for, else by the view."""
    if settings.json:
        print_json(result.to_dict())
    else:
        view(result)


def done(settings: Settings, facts: dict[str, Any], sentence: str) -> None:
    """Say what a command did: the facts as JSON, or the sentence."""
    if settings.json:
        print_json(facts)
    else:
        echo(sentence)


def print_json(value: Any) -> None:
    """Print the value as JSON with two spaces of indent."""
    is_unicode = (stdout().encoding or "").lower().startswith("utf")
    text = json.dumps(plain(value), ensure_ascii=not is_unicode, allow_nan=False, indent=2)
    click.echo(printable_json(text), file=stdout())


def stands_on(title: str, source: Source) -> str:
    """Title of a table with what its figures stand on."""
    rows = counted(source.n, "row")
    where = f" where {source.where}" if source.where else ""
    return f"{title} · {source.of} · {rows}{where}"


def record_of(version: Version) -> dict[str, Any]:
    """A stored version as plain values: the stable JSON of every command that makes one."""
    return {
        "kind": version.kind,
        "ref": str(version.ref),
        "name": version.name,
        "version": version.number,
        "created_at": version.created_at.isoformat(),
        "created_by": version.created_by,
        "labels": list(version.labels),
        "message": version.message,
        "parents": list(version.parents),
        "content": version.content,
        "bytes": version.bytes,
        "parts": len(version.parts),
        "code": plain(version.code),
        "environment": dict(version.environment),
        "usage": plain(version.usage),
        "spec": plain(_plain_mapping(version.spec)),
    }


def _plain_mapping(value: Any) -> Any:
    return dict(value) if hasattr(value, "items") else value
