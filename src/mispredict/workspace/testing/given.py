"""What somebody wants to be checked: a suite or one check, in whatever form it was given."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mispredict.checks.catalog import KINDS, Check, Kind
from mispredict.checks.suites.suite import Suite
from mispredict.core.errors import BadOption
from mispredict.core.options import choice, shown

GivenSuite = str | os.PathLike[str] | Suite | Check | Sequence[Check]
_HOW = "ws.run('churn.suite.yaml')"


def suite_of(given: GivenSuite, parameters: Mapping[str, Any] | None = None) -> Suite:
    """The suite that was meant: a file, a YAML text, checks, or a suite itself."""
    if isinstance(given, str) and "\n" in given:
        return Suite.parse(given, parameters)
    if isinstance(given, (str, os.PathLike)):
        return Suite.load(given, parameters)
    if parameters:
        raise BadOption(
            "parameters are of a file, and none was given.",
            known="A suite of Python has its values in it.",
            hint="ws.run('churn.suite.yaml', parameters={'floor': 0.9})",
        )
    if isinstance(given, Suite):
        return given
    checks = [given] if isinstance(given, Check) else given
    if not isinstance(checks, (list, tuple)) or not checks:
        raise BadOption(
            f"suite={shown(given)} cannot be run.",
            known="A suite is a file, a YAML text, a Suite, or a list of checks.",
            hint=_HOW,
        )
    return Suite("suite", tuple(checks))


def check_of(
    kind: str | Kind | Check, *, name: str = "", seed: int = 0, options: Mapping[str, Any]
) -> Check:
    """The check that was meant: a kind with its options, or a check itself."""
    if isinstance(kind, Check):
        return kind
    if isinstance(kind, str):
        choice("kind", kind, list(KINDS))
        made = _with_options(KINDS[kind], options)
    elif isinstance(kind, Kind):
        made = replace(kind, **options)
    else:
        raise BadOption(
            f"kind={shown(kind)} cannot be used.",
            known="A check is named by its kind.",
            hint="ev.check('metric', metric='accuracy', min=0.8)",
        )
    return Check(name or made.name, made, seed=seed)


def _with_options(kind: type[Kind], options: Mapping[str, Any]) -> Kind:
    from mispredict.checks.suites.options import options_of
    from mispredict.core.errors import UnknownName

    known = options_of(kind)
    for name in options:
        if name not in known:
            raise UnknownName.of("option", name, known)
    for option in known.values():
        if option.is_required and option.name not in options:
            raise BadOption(
                f"a check of kind {kind.name!r} needs {option.name}.",
                known=f"It is {option.words}.",
                hint=f"ev.check({kind.name!r}, {option.name}={option.example!r})",
            )
    return kind(**options)
