"""What we claim to work with is what is tested: the oldest versions and the locked ones."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
UNTESTED = {"dev"}  # format, lint and types are checked with the locked versions alone


def bounds(lines: list[str]) -> dict[str, Version]:
    """Lower bound of each library that the lines ask for."""
    found = {}
    for line in lines:
        wanted = Requirement(line)
        if canonicalize_name(wanted.name) == "mispredict":
            continue
        [bound] = [item for item in wanted.specifier if item.operator == ">="]
        found[canonicalize_name(wanted.name)] = Version(bound.version)
    return found


def pins(name: str) -> Mapping[str, Version]:
    """Version of each library in a file of `name==version` lines."""
    text = (ROOT / name).read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    pairs = [line.split("==") for line in lines]
    assert len({canonicalize_name(name) for name, _ in pairs}) == len(pairs)
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def claimed() -> dict[str, Version]:
    """Lower bounds of the project and of all extras that people install."""
    found = bounds(PROJECT["dependencies"])
    for extra, lines in EXTRAS.items():
        if extra not in UNTESTED:
            found |= bounds(lines)
    return found


def test_the_oldest_versions_are_the_lower_bounds() -> None:
    assert pins("requirements.oldest") == claimed()


@pytest.mark.parametrize("extra", EXTRAS)
def test_every_bound_has_one_value(extra: str) -> None:
    assert {name: claimed().get(name, bound) for name, bound in bounds(EXTRAS[extra]).items()} == (
        bounds(EXTRAS[extra])
    )


def test_what_extras_bring_is_tested() -> None:
    tested = bounds([*PROJECT["dependencies"], *EXTRAS["test"]])
    assert set(claimed()) <= set(tested)


@pytest.mark.parametrize("extra", ["", *EXTRAS])
def test_every_dependency_is_locked_above_its_bound(extra: str) -> None:
    locked = pins("requirements.lock")
    for name, bound in bounds(EXTRAS[extra] if extra else PROJECT["dependencies"]).items():
        assert name in locked, f"{name} is not in requirements.lock"
        assert locked[name] >= bound


@pytest.mark.parametrize("name", ["requirements.lock", "requirements.oldest"])
def test_pins_name_no_place(name: str) -> None:
    assert not re.search(
        r"https?:|file:|git\+|\s@\s|--", (ROOT / name).read_text().split("\n", 1)[1]
    )


def test_no_library_is_capped() -> None:
    for line in [*PROJECT["dependencies"], *(item for lines in EXTRAS.values() for item in lines)]:
        assert not {item.operator for item in Requirement(line).specifier} & {"<", "<=", "==", "~="}
