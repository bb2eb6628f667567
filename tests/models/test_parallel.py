"""Models asked by several processes: the same answers, and no harm where that cannot be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mispredict.core.errors import BadOption, ModelError
from mispredict.models import wrap
from mispredict.models.parallel import LEAST_ROWS, Parallel, asked_by, divided
from mispredict.models.running import run

MODULE = '''
import os
import numpy as np


def by_size(frame):
    """Whether the size is large; each process notes that it was asked."""
    with open(os.environ["ASKED"], "a") as file:
        file.write(f"{os.getpid()}\\n")
    if (frame["size"] == -1).any():
        raise ValueError("no size is -1")
    if (frame["size"] == -2).any():
        os._exit(3)
    p = 1 / (1 + np.exp(-frame["size"]))
    return np.column_stack([1 - p, p])
'''

HANGING = '''
import os
import signal
import sys
import threading

import numpy as np
import pandas as pd

from mispredict.models import wrap
from mispredict.models.parallel import Parallel


def hanging(frame):
    """No answer, but in the first process."""
    if os.getpid() != int(os.environ["FIRST"]):
        os.write(1, b"asked\\n")
        threading.Event().wait()
    return np.tile([0.5, 0.5], (len(frame), 1))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ["FIRST"] = str(os.getpid())
    os.cpu_count = lambda: 2
    import hanging_model

    with Parallel(wrap(hanging_model.hanging, classes=["a", "b"]), 2) as model:
        model.predict(pd.DataFrame({"x": range(1000)}))
'''


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file where processes say that they were asked."""
    (tmp_path / "sizes_model.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("ASKED", str(tmp_path / "asked"))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return tmp_path / "asked"


@contextmanager
def sizes_model(workers: int = 2) -> Iterator[Parallel]:
    import sizes_model  # type: ignore[import-not-found]

    with Parallel(wrap(sizes_model.by_size, classes=["small", "large"]), workers) as model:
        yield model


def frame(rows: int = 1_000) -> pd.DataFrame:
    return pd.DataFrame({"size": np.random.default_rng(0).normal(size=rows)})


def test_answers_are_those_of_one_process(asked: Path) -> None:
    rows = frame()
    with sizes_model() as model:
        found = run(model, rows)
        alone = run(model._model, rows)
    assert np.array_equal(found.probabilities, alone.probabilities)
    assert found.classes == alone.classes
    processes = set(asked.read_text().split()) - {str(os.getpid())}
    assert len(processes) == 2


def test_no_more_processes_than_cores_and_none_for_a_few_rows(asked: Path) -> None:
    with sizes_model(workers=50) as model:
        assert model.workers == 2
        model.predict(frame(LEAST_ROWS - 1))
        assert set(asked.read_text().split()) == {str(os.getpid())}


def test_a_row_that_fails_is_named(asked: Path) -> None:
    rows = frame(200)
    rows.loc[150, "size"] = -1
    with sizes_model() as model, pytest.raises(ModelError, match="no size is -1"):
        run(model, rows)


def test_a_model_that_cannot_be_copied_is_asked_here(asked: Path) -> None:
    here: list[int] = []

    def local(rows: pd.DataFrame) -> np.ndarray:
        here.append(os.getpid())
        return np.column_stack([1 - (rows["size"] > 0), rows["size"] > 0]).astype(float)

    with Parallel(wrap(local, classes=["small", "large"]), 2) as model:
        assert len(run(model, frame()).labels) == 1_000
    assert set(here) == {os.getpid()}


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_no_process_is_left_behind(how: str, tmp_path: Path) -> None:
    (tmp_path / "hanging_model.py").write_text(HANGING)
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "hanging_model.py"], cwd=tmp_path, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    end = threading.Timer(60, process.kill)
    end.start()
    assert [process.stdout.readline() for _ in range(2)] == [b"asked\n", b"asked\n"]
    end.cancel()
    process.send_signal(getattr(signal, how))
    process.communicate(timeout=60)  # until all that may write there have ended
    assert process.returncode != 0
    assert not list(tmp_path.glob("mispredict-*"))


def test_a_model_is_divided_only_where_that_was_asked_for(asked: Path) -> None:
    model = wrap(lambda rows: np.zeros(len(rows)), classes=["a", "b"])
    assert divided(model) is model
    with asked_by(2):
        assert isinstance(divided(model), Parallel)
    with asked_by(1):
        assert divided(model) is model
    assert divided(model) is model
    with pytest.raises(BadOption), asked_by(-1):
        pass
