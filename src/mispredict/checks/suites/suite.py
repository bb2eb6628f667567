"""A suite: checks that a model version must pass, in a file that is reviewed like code."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, ClassVar

from mispredict.checks.suites.yaml import Node, Place
from mispredict.core.errors import BadOption, UnknownName, alternatives
from mispredict.core.ids import check_name
from mispredict.core.options import names as names_of
from mispredict.core.results import Result, plain
from mispredict.expectations.check import Check


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a check stands in its file: the check, its name, and each of its options."""

    place: Place
    name: Place
    options: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check as a row: `options` are those of its kind that differ from their defaults."""

    check: str
    kind: str
    options: Mapping[str, Any]
    severity: str
    tags: tuple[str, ...]
    owner: str
    reason: str
    seed: int


@dataclass(frozen=True)
class Suite(Result):
    """Checks under a name, and what they are run on where nothing else is said.

    `origins` are the places of the checks in their files, `heads` those of the names of dataset,
    model, baseline and reference; both are empty for a suite that was made in Python.
    """

    name: str
    checks: tuple[Check, ...]
    dataset: str = ""
    model: str = ""
    baseline: str = ""
    reference: str = ""
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False, repr=False)
    heads: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    row_type: ClassVar[type] = CheckRow
    title: ClassVar[str] = "Suite"

    def __post_init__(self) -> None:
        check_name(self.name)
        object.__setattr__(self, "checks", tuple(self.checks))
        seen: set[str] = set()
        for check in self.checks:
            if not isinstance(check, Check):
                raise BadOption(
                    f"{check!r:.60} is no check.",
                    known="A suite is made of checks.",
                    hint="mp.Check('seniors are served', kind)",
                )
            if check.name in seen:
                raise BadOption(
                    f"there are two checks {check.name!r}.",
                    known="Verdicts are kept by the names of their checks.",
                    hint="another name for one of them",
                )
            seen.add(check.name)

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], parameters: Mapping[str, Any] | None = None
    ) -> Suite:
        """The suite of a YAML file.

        Raises:
            BadSuite: it has a fault, which the message names with line and column.
        """
        from mispredict.checks.suites.files import read_suite_file
        from mispredict.checks.suites.reading import suite_of

        return suite_of(read_suite_file(Path(path), parameters))

    @classmethod
    def parse(cls, text: str, parameters: Mapping[str, Any] | None = None) -> Suite:
        """The suite that a YAML text says."""
        from mispredict.checks.suites.files import read_suite_text
        from mispredict.checks.suites.reading import suite_of

        return suite_of(read_suite_text(text, parameters))

    @property
    def rows(self) -> tuple[CheckRow, ...]:
        """A row per check."""
        return tuple(map(_row, self.checks))

    def select(self, words: str | Sequence[str] | None) -> Suite:
        """The suite with the checks that one of the words names; None for all of them.

        A word is a tag, the name of a check, or a pattern of names (`"seniors*"`).

        Raises:
            UnknownName: a word names no check.
        """
        if words is None:
            return self
        asked = names_of("select", words, hint="select=['fairness']")
        if not asked:
            raise BadOption(
                "select=[] names no check.",
                known="A suite of which nothing runs has shown nothing.",
                hint="select=['fairness'], or leave it out for all checks",
            )
        for word in asked:
            if not self.has(word):
                raise no_check(word, self.words)
        chosen = (check for check in self.checks if any(_is_named(check, w) for w in asked))
        return replace(self, checks=tuple(chosen))

    def has(self, word: str) -> bool:
        """Whether the word selects a check."""
        return any(_is_named(check, word) for check in self.checks)

    def place(self, check: str) -> Place | None:
        """Where a check stands in its file."""
        origin = self.origins.get(check)
        return origin.place if origin is not None else None

    def to_yaml(self) -> str:
        """The suite as YAML, which `Suite.parse` reads."""
        from mispredict.checks.suites.writing import suite_yaml

        return suite_yaml(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the suite as YAML; its path."""
        from mispredict.checks.suites.writing import save_suite

        return save_suite(self, Path(path))

    def to_dict(self) -> dict[str, Any]:
        return {"suite": self.name, **self._named, "rows": [_plain_row(row) for row in self.rows]}

    @property
    def head(self) -> dict[str, str]:
        """Dataset, model, baseline and reference, where they are named."""
        return {key: value for key, value in self._named.items() if value}

    @property
    def _named(self) -> dict[str, str]:
        return {
            "dataset": self.dataset,
            "model": self.model,
            "baseline": self.baseline,
            "reference": self.reference,
        }

    def __len__(self) -> int:
        return len(self.checks)

    def __str__(self) -> str:
        return self.to_yaml()

    @property
    def words(self) -> tuple[str, ...]:
        """Tags and names, by which checks can be selected."""
        tags = [tag for check in self.checks for tag in check.tags]
        return tuple(dict.fromkeys([*tags, *(check.name for check in self.checks)]))


def no_check(word: str, known: Iterable[str]) -> UnknownName:
    """The error that a word selects nothing of what is known."""
    names = list(known)
    return UnknownName(
        f"no check or tag {word!r}.",
        known=alternatives(word, names, "name"),
        hint="a tag, the name of a check, or a pattern such as 'seniors*'",
    )


def _is_named(check: Check, word: str) -> bool:
    return word == check.name or word in check.tags or fnmatchcase(check.name, word)


def _row(check: Check) -> CheckRow:
    from mispredict.checks.suites.writing import options_given

    return CheckRow(
        check.name,
        check.kind.name,
        options_given(check.kind),
        check.severity,
        check.tags,
        check.owner,
        check.reason,
        check.seed,
    )


def _plain_row(row: CheckRow) -> dict[str, Any]:
    value = plain(row)
    assert isinstance(value, dict)
    return {**value, "options": plain(dict(row.options))}
