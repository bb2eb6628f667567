"""The cache: bounded, and never wrong."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mispredict.store import Cache, Store

from .processes import start

OVERHEAD = 32


def test_what_is_put_is_got(local: Store) -> None:
    cache = local.cache
    assert cache.get("key") is None
    assert cache.put("key", b"value") and cache.get("key") == b"value"
    assert cache.put("key", b"") and cache.get("key") == b""
    assert cache.put("a/../key \ud800", b"odd") and cache.get("a/../key \ud800") == b"odd"
    assert Cache(cache.folder).get("key") == b"", "another process finds it"
    assert cache.size_bytes() == 3 + 2 * OVERHEAD
    cache.clear()
    assert cache.get("key") is None and cache.size_bytes() == 0


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit_bytes=10 * (100 + OVERHEAD))
    for i in range(10):
        cache.put(str(i), b"x" * 100)
        os.utime(cache._path(str(i)), (i, i))
    assert cache.get("0") is not None
    cache.put("new", b"x" * 100)
    kept = [name for name in [*map(str, range(10)), "new"] if cache.get(name)]
    assert kept == ["0", *map(str, range(3, 10)), "new"]


def test_the_limit_holds(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit_bytes=5000)
    for i in range(300):
        assert cache.put(str(i), os.urandom(i))
        assert cache.size_bytes() <= 5000
    assert not cache.put("big", b"x" * 5000)
    assert cache.get("big") is None


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied"])
def test_damage_counts_as_absent(tmp_path: Path, damage: str) -> None:
    cache = Cache(tmp_path)
    cache.put("key", b"value")
    path = cache._path("key")
    data = path.read_bytes()
    changed = {"cut": data[:-1], "flipped": data[:-1] + b"E", "emptied": b""}[damage]
    path.write_bytes(changed)
    assert cache.get("key") is None


def test_a_disk_that_refuses_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / "file")
    assert not cache.put("key", b"value")
    assert cache.get("key") is None


def test_several_processes_share_it(tmp_path: Path) -> None:
    running = [start("use_cache", tmp_path, 40_000) for _ in range(3)]
    for process in running:
        assert process.communicate(timeout=60)[0] == "done\n"
    cache = Cache(tmp_path, limit_bytes=40_000)
    cache.put("last", b"")
    assert cache.size_bytes() <= 40_000
    assert list(tmp_path.glob("*/*.tmp")) == []


def test_threads_share_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit_bytes=20_000)

    def use(i: int) -> bool:
        cache.put(str(i % 50), bytes([i % 50]) * 1000)
        found = cache.get(str(i % 7))
        return found is None or found == bytes([i % 7]) * 1000

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(400)))
