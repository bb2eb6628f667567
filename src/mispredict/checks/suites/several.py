"""Several suites that are run together: a word or parameter that one of them has is enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mispredict.checks.suites.files import read_suite_file
from mispredict.checks.suites.suite import Suite, no_check
from mispredict.core.errors import BadOption, UnknownName


def load_several(
    paths: Sequence[Path],
    parameters: Mapping[str, Any],
    words: Sequence[str] = (),
) -> list[tuple[Suite, tuple[str, ...] | None]]:
    """The suites of files, each with those of the words that select checks in it.

    With words, suites in which they select nothing are left out; without, it is None.

    Raises:
        BadSuite: a file has a fault.
        BadOption: two suites have the same name, under which their runs would be mixed.
        UnknownName: no suite has the parameter, or a check that a word names.
    """
    known = [read_suite_file(path).parameters for path in paths]
    for name in parameters:
        if not any(name in names for names in known):
            raise UnknownName.of("parameter", name, dict.fromkeys(n for ns in known for n in ns))
    suites = [
        Suite.load(path, {name: value for name, value in parameters.items() if name in names})
        for path, names in zip(paths, known, strict=True)
    ]
    _check_names(suites, paths)
    if not words:
        return [(suite, None) for suite in suites]
    for word in words:
        if not any(suite.has(word) for suite in suites):
            asked = dict.fromkeys(name for suite in suites for name in suite.words)
            raise no_check(word, asked)
    own = [tuple(word for word in words if suite.has(word)) for suite in suites]
    return [(suite, found) for suite, found in zip(suites, own, strict=True) if found]


def _check_names(suites: Sequence[Suite], paths: Sequence[Path]) -> None:
    first: dict[str, Path] = {}
    for suite, path in zip(suites, paths, strict=True):
        if suite.name in first:
            raise BadOption(
                f"{str(path)!r} and {str(first[suite.name])!r} are both the suite {suite.name!r}.",
                known="Runs are kept by the names of suites.",
                hint="another 'suite:' at the top of one of them",
            )
        first[suite.name] = path
