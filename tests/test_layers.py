"""Imports go down only, and rooms are blind to each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import mispredict

ROOT = Path(mispredict.__file__).parent

# From the ground up; a layer may import what is below it and itself.
GROUND = [
    "core",
    "store",
    "engine",
    "sources",
    "models",
    "metrics",
    "expectations",
    "evaluations",
    "exchange",
]
ROOMS = ["checks", "cohorts", "compare", "data", "explain", "perturb", "report", "review"]
FACE = ["workspace", "server", "demo", "cli", "__init__", "__main__"]
# Ground floors that do not know each other, though one stands above the other.
BLIND = {
    "engine": {"store", "sources"},
    "models": {"store", "engine", "sources"},
    "metrics": {"store", "sources", "models"},
    "expectations": {"store", "models", "engine", "sources"},
    "evaluations": {"store", "models", "engine"},
    "sources": {"store", "engine"},
    "exchange": {"store", "engine", "sources", "evaluations"},
    "checks": {"store", "sources"},
    "cohorts": {"store", "sources", "models"},
    "compare": {"store", "sources", "models"},
    "data": {"store", "sources", "models"},
    "explain": {"store", "sources"},
    "perturb": {"store", "sources", "models"},
    "report": {"store", "sources", "models"},
    "review": {"store", "sources", "models"},
}


def imports(path: Path) -> set[str]:
    """Folders of mispredict that a module imports when it runs (not only for types)."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("mispredict.")}
    return found - type_only(path)


def type_only(path: Path) -> set[str]:
    """Folders that a module imports for type checking only."""
    hidden, real = set(), set()
    tree = ast.parse(path.read_text())
    guarded = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mispredict."):
            (hidden if id(node) in guarded else real).add(str(node.module).split(".")[1])
    return hidden - real


MODULES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])
def test_imports_go_down_only(path: Path) -> None:
    parts = path.relative_to(ROOT).with_suffix("").parts
    place = parts[0]
    order = [*GROUND, *ROOMS, *FACE]
    assert place in order, f"{place} has no place in the house: add it to tests/test_layers.py"
    used = imports(path) - {place, "__init__"}
    above = {name for name in used if name in order and order.index(name) > order.index(place)}
    assert not above, f"{'/'.join(parts)} imports {above}, which is above it"
    if place in ROOMS:
        assert not used & (set(ROOMS) - {place}), "rooms meet through registries only"
    assert not used & BLIND.get(place, set())


def test_public_names_are_sorted_and_exist() -> None:
    assert list(mispredict.__all__) == sorted(mispredict.__all__, key=lambda n: (n.islower(), n))
    for name in mispredict.__all__:
        assert getattr(mispredict, name) is not None
