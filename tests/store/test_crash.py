"""A writer killed at any point leaves the old state or the new one, and at most files to sweep."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from mispredict.store import Store

from .processes import start
from .worker import table

POINTS = {
    "part half written": 0,
    "before commit": 0,
    "in transaction": 0,
    "after commit": 1,
}


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_leaves_the_old_state_or_the_new(
    tmp_path: Path, catalog_url: str | None, point: str
) -> None:
    path = tmp_path / "ws"
    with Store.create(path, catalog_url=catalog_url) as store:
        store.commit(
            "dataset", "churn", spec={"n": 1}, parts={"table": store.write_table(table(1))}
        )
    with start("crash", path, catalog_url or "", point) as process:
        process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert check(path, catalog_url) == 1 + POINTS[point]


@pytest.mark.slow
def test_kills_at_any_moment_lose_nothing(tmp_path: Path, catalog_url: str | None) -> None:
    path = tmp_path / "ws"
    Store.create(path, catalog_url=catalog_url).close()
    said = 0
    for round_ in range(5):
        with start("keep_writing", path, catalog_url or "") as process:
            assert process.stdout is not None
            for _ in range(3 + round_ * 2):
                said = int(process.stdout.readline())
            process.kill()
            rest = process.stdout.read().split()
        said = int(rest[-1]) if rest else said
        assert check(path, catalog_url) in {said, said + 1}


def check(path: Path, catalog_url: str | None) -> int:
    """The newest version, after all of them are found whole and the rest is swept."""
    with Store.open(path, catalog_url=catalog_url) as store:
        found = store.versions("dataset")
        assert [v.number for v in found] == list(range(1, len(found) + 1))
        for version in found:
            assert version.spec == {"n": version.number}
            rows = store.read_table(version.role("table"), verify=True)
            assert rows.equals(table(version.number))
        assert store.doctor(repair=True, grace_s=0).is_healthy
        kept = {part.file for v in found for part in v.parts}
        files = {f"{p.parent.name}/{p.name}" for p in (path / "parts").glob("*/*")}
        assert files == kept
        assert list((path / "tmp").iterdir()) == []
        assert [row.verdict for row in store.doctor(grace_s=0).rows] == ["pass"] * 5
        return len(found)
