"""An evaluation that problems are opened of."""

from __future__ import annotations

import pytest

import mispredict as mp

from .cases import version, visits


@pytest.fixture
def ev(ws: mp.Workspace) -> mp.Evaluation:
    ws.add_dataset("visits", visits(), label="y", id="id", positive="yes")
    return version(ws, 1, 0.6)
