"""Parts kept behind an fsspec URL, mirrored in the folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mispredict.core.errors import BadOption, CorruptPart, StoreError
from mispredict.store import Store

pytest.importorskip("fsspec", reason="the extra 'remote' is not installed")


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    return tmp_path / "bucket"


@pytest.fixture
def shared(tmp_path: Path, bucket: Path) -> Store:
    return Store.create(tmp_path / "ws", parts_url=f"file://{bucket}/")


def test_parts_are_uploaded_and_fetched(shared: Store, bucket: Path) -> None:
    with shared as store:
        part = store.write_json([1])
        store.commit("dataset", "churn", spec={}, parts={"table": part})
        assert (bucket / store.marker.id / part.file).is_file()
    shutil.rmtree(store.layout.parts)
    with Store.open(store.root) as again:
        assert again.read_json(part) == [1]
        assert (again.layout.parts / part.file).is_file(), "kept for the next time"
        assert again.doctor().is_healthy


def test_damage_far_away_is_found(shared: Store, bucket: Path) -> None:
    with shared as store:
        part = store.write_json([1])
        store.commit("dataset", "churn", spec={}, parts={"table": part})
        shutil.rmtree(store.layout.parts)
        far = bucket / store.marker.id / part.file
        far.write_bytes(b"[2]")
        with pytest.raises(CorruptPart, match="other bytes"):
            store.read_json(part)
        far.unlink()
        with pytest.raises(CorruptPart, match="is missing in"):
            store.read_json(part)
        assert not store.doctor().is_healthy


def test_orphans_far_away_are_swept(shared: Store, bucket: Path) -> None:
    with shared as store:
        used, orphan = store.write_json([1]), store.write_json([2])
        store.commit("dataset", "churn", spec={}, parts={"table": used})
        store.doctor(repair=True)
        assert (bucket / store.marker.id / orphan.file).is_file()
        store.doctor(repair=True, grace_s=0)
        left = {path.name for path in bucket.rglob("*.json")}
        assert left == {Path(used.file).name}


def test_another_workspace_in_the_same_place_is_left_alone(
    shared: Store, tmp_path: Path, bucket: Path
) -> None:
    with shared as one, Store.create(tmp_path / "b", parts_url=f"file://{bucket}") as two:
        part = one.write_json([1])
        one.commit("dataset", "churn", spec={}, parts={"table": part})
        two.doctor(repair=True, grace_s=0)
        assert one.doctor().is_healthy


@pytest.mark.postgres
def test_a_team_shares_catalog_and_parts(tmp_path: Path, bucket: Path, postgres_url: str) -> None:
    place = f"file://{bucket}"
    with (
        Store.create(tmp_path / "ada", catalog_url=postgres_url, parts_url=place) as ada,
        Store.create(tmp_path / "bob", catalog_url=postgres_url, parts_url=place) as bob,
    ):
        part = ada.write_json([1])
        ada.commit("dataset", "churn", spec={}, parts={"table": part})
        assert bob.read_json(bob.version("dataset", "churn").parts[0]) == [1]
    with pytest.raises(StoreError, match="another workspace"):
        Store.create(tmp_path / "eve", catalog_url=postgres_url)


def test_bad_places(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="not an fsspec URL"):
        Store.create(tmp_path / "a", parts_url="/plain/path")
    with (
        pytest.raises(StoreError, match="cannot be reached"),
        Store.create(tmp_path / "b", parts_url="nosuch://bucket") as store,
    ):
        store.write_json([1])
