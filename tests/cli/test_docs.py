"""The reference says what the commands are."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import click
import pytest

from mispredict.cli import main

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date(generate: ModuleType) -> None:
    for name, page in generate.PAGES.items():
        assert (DOCS / name).read_text() == page(), f"docs/{name} is stale: make docs"


def test_every_command_and_flag_is_documented(generate: ModuleType) -> None:
    text = (DOCS / "reference" / "cli.md").read_text()
    for path, command in generate.commands(main, "mispredict"):
        section = text.partition(f"## {path.removeprefix('mispredict ')}\n")[2].partition("\n## ")[
            0
        ]
        assert (command.help or "").splitlines()[0] in section, path
        for param in command.params:
            if param in command.common:
                continue
            if isinstance(param, click.Option):
                assert param.help, f"{path} {param.name} has no help"
                assert param.opts[0] in section, f"{path} {param.opts[0]}"


def test_short_helps_fit_a_terminal_of_80_columns() -> None:
    help_text = main.get_help(click.Context(main, info_name="mispredict", terminal_width=80))
    assert "..." not in help_text.partition("Commands:")[2]
