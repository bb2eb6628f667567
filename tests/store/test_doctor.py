"""The doctor finds damage, and sweeps what no version uses and nothing else."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from mispredict.core.errors import CorruptPart, UnknownName
from mispredict.store import Store


def verdicts(store: Store, **options: object) -> dict[str, str]:
    return {row.check: row.verdict for row in store.doctor(**options).rows}  # type: ignore[arg-type]


ALL_WELL = {
    "marker": "pass",
    "catalog": "pass",
    "parts": "pass",
    "orphans": "pass",
    "temporary files": "pass",
}


def age(path: Path) -> None:
    os.utime(path, (0, 0))


def test_a_new_workspace_is_well(store: Store) -> None:
    checkup = store.doctor()
    assert verdicts(store) == ALL_WELL and checkup.is_healthy
    assert list(checkup.to_frame().columns) == ["check", "verdict", "detail"]
    assert "secret" not in str(checkup)


def test_orphans_are_swept_after_the_grace_period(store: Store) -> None:
    used, old, young = (store.write_json([i]) for i in range(3))
    store.commit("dataset", "churn", spec={}, parts={"table": used})
    age(store.path(used))
    age(store.path(old))
    stale = store.layout.tmp / "1-half.parquet"
    stale.write_bytes(b"half")
    age(stale)
    assert verdicts(store)["temporary files"] == "left over"
    found = [row.verdict for row in store.doctor().of("orphans")]
    assert found == ["left over", "pass"] and store.doctor().is_healthy
    assert store.path(old).exists(), "without repair nothing is removed"
    repaired = store.doctor(repair=True)
    assert [row.verdict for row in repaired.of("orphans")] == ["repaired", "pass"]
    assert repaired.of("orphans")[0].detail == "1 file (3 bytes) swept"
    assert store.path(used).exists() and store.path(young).exists() and not stale.exists()
    with pytest.raises(CorruptPart, match="No version uses it"):
        store.path(old)
    assert store.doctor(repair=True, grace_s=0).is_healthy
    assert verdicts(store, grace_s=0) == ALL_WELL
    assert store.path(used).exists()


def test_deleting_frees_what_no_other_version_uses(store: Store) -> None:
    shared, own = store.write_json(["shared"]), store.write_json(["own"])
    store.commit("dataset", "a", spec={}, parts={"x": [shared, own]})
    store.commit("dataset", "b", spec={}, parts={"x": shared})
    store.delete("dataset", "a")
    store.doctor(repair=True, grace_s=0)
    assert store.read_json(shared) == ["shared"]
    with pytest.raises(CorruptPart):
        store.read_json(own)
    assert verdicts(store) == ALL_WELL, "a deleted version may lack its parts"
    with pytest.raises(UnknownName, match="was deleted"):
        store.version("dataset", "a@1")
    again = store.write_json(["own"])
    assert store.commit("dataset", "a", spec={}, parts={"x": [shared, again]}).number == 2
    assert verdicts(store, grace_s=0) == ALL_WELL


def test_a_part_swept_before_its_commit_is_noticed(store: Store) -> None:
    part = store.write_json([1])
    store.doctor(repair=True, grace_s=0)
    with pytest.raises(CorruptPart, match="not in place"):
        store.commit("dataset", "churn", spec={}, parts={"table": part})
    assert store.versions() == ()


def test_damage_in_the_catalog_is_found(local: Store) -> None:
    part = local.write_json([1])
    local.commit("dataset", "churn", spec={}, parts={"table": part})
    local.close()
    with sqlite3.connect(local.layout.catalog) as connection:
        connection.execute("DELETE FROM part")
    connection.close()
    rows = local.doctor().of("catalog")
    assert [row.verdict for row in rows] == ["pass", "fail"]
    assert "1 row refers to rows that are gone" in rows[1].detail


def test_a_broken_page_is_found(local: Store) -> None:
    for n in range(60):
        local.commit("dataset", "churn", spec={"n": n, "text": "x" * 2000})
    local.close()
    data = bytearray(local.layout.catalog.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096] = b"\xff" * 4096
    local.layout.catalog.write_bytes(data)
    checkup = local.doctor()
    assert not checkup.is_healthy
    assert {row.verdict for row in checkup.of("catalog")} >= {"fail"}


def test_the_state_of_sql_is_not_of_interest_to_a_missing_marker(local: Store) -> None:
    local.layout.marker.unlink()
    assert verdicts(local)["marker"] == "fail"
