from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import mispredict as mp

from .people import evaluated


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[mp.Workspace]:
    with mp.open(tmp_path / "ws") as workspace:
        yield workspace


@pytest.fixture(scope="session")
def ev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mp.Evaluation]:
    """A read-only evaluation of a model that is known through and through."""
    with mp.open(tmp_path_factory.mktemp("explain") / "ws") as workspace:
        yield evaluated(workspace)
