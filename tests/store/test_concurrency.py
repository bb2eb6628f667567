"""Several processes write and read one workspace at once."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import pytest

from mispredict.store import Store

from .processes import answer, start

EACH = 20


@pytest.mark.parametrize("writers", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_no_append_is_lost(
    store: Store, tmp_path: Path, catalog_url: str | None, writers: int
) -> None:
    running = [
        start("append", tmp_path / "ws", catalog_url or "", "shared", EACH) for _ in range(writers)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    end = monotonic() + 120
    while any(process.poll() is None for process in running):
        assert monotonic() < end
        numbers = [v.number for v in store.versions("dataset")]
        assert numbers == list(range(1, len(numbers) + 1)), "a reader sees whole states only"
    for process in running:
        assert process.communicate(timeout=60)[0] == "done\n" and process.returncode == 0
    found = store.versions("dataset", "shared")
    assert [v.number for v in found] == list(range(1, writers * EACH + 1))
    pairs = {(v.spec["by"], v.spec["i"]) for v in found}
    assert len(pairs) == writers * EACH
    assert len({by for by, _ in pairs}) == writers
    assert store.doctor().is_healthy


def test_a_forked_process_gets_its_own_connection(tmp_path: Path, catalog_url: str | None) -> None:
    assert answer("fork", tmp_path / "ws", catalog_url or "") == ["0", "3"]


def test_threads_share_a_store(store: Store) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def write(i: int) -> int:
        part = store.write_json({"i": i % 5})
        return store.commit("dataset", "t", spec={"i": i}, parts={"table": part}).number

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(20))) == list(range(1, 21))
    assert store.doctor().is_healthy


def test_a_reading_transaction_sees_one_state(store: Store) -> None:
    from mispredict.store import queries

    store.commit("dataset", "churn", spec={"n": 1})
    with store._database.read() as connection:
        before = queries.load(connection)
        store.commit("dataset", "churn", spec={"n": 2})
        store.label("dataset", "churn@1", "prod")
        assert queries.load(connection) == before
    assert len(store.versions()) == 2
