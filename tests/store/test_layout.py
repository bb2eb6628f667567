"""The folder of a workspace and its marker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mispredict.core.errors import BadOption, NewerWorkspace, StoreError, WorkspaceNotFound
from mispredict.store import Store, meter

from .processes import start


def test_created_then_opened(tmp_path: Path) -> None:
    with Store.create(tmp_path / "deep" / "ws") as made:
        made.commit("dataset", "churn", spec={"n": 1})
    with Store.open(tmp_path / "deep" / "ws") as found:
        assert found.marker == made.marker
        assert found.names("dataset") == ("churn",)
        assert not found.is_read_only
        assert "deep" in repr(found)


def test_a_workspace_can_be_moved(tmp_path: Path) -> None:
    with Store.create(tmp_path / "a") as made:
        part = made.write_json([1])
        made.commit("dataset", "churn", spec={}, parts={"table": part})
    (tmp_path / "a").rename(tmp_path / "b")
    with Store.open(str(tmp_path / "b")) as found:
        assert found.read_json(found.version("dataset", "churn").parts[0]) == [1]
        assert found.doctor().is_healthy


def test_a_path_with_odd_characters(tmp_path: Path) -> None:
    odd = tmp_path / "ünï %41 ?mode=ro #x & y"
    Store.create(odd).close()
    with Store.open(odd) as store:
        assert store.commit("dataset", "churn", spec={}).number == 1


def test_no_workspace_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceNotFound, match="has no marker") as caught:
        Store.open(tmp_path)
    assert "mispredict init" in caught.value.hint
    with pytest.raises(WorkspaceNotFound, match="does not exist"):
        Store.open(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceNotFound):
        Store.open(tmp_path / "file")


def test_create_refuses_what_is_there(tmp_path: Path) -> None:
    Store.create(tmp_path / "ws").close()
    with pytest.raises(StoreError, match="already a workspace"):
        Store.create(tmp_path / "ws")
    Store.create(tmp_path / "ws", exist_ok=True).close()
    (tmp_path / "notes.txt").touch()
    with pytest.raises(StoreError, match="not empty") as caught:
        Store.create(tmp_path)
    assert "'notes.txt'" in caught.value.known
    with pytest.raises(StoreError, match="is a file"):
        Store.create(tmp_path / "notes.txt")


def test_create_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        store.layout.marker.unlink()
    with pytest.raises(WorkspaceNotFound):
        Store.open(tmp_path)
    with Store.create(tmp_path) as again:
        assert again.marker.id == store.marker.id
    Store.open(tmp_path).close()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"format": "x"}', '{"format": 1}', "\udcff"],
    ids=repr,
)
def test_a_marker_that_makes_no_sense(local: Store, text: str) -> None:
    local.layout.marker.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(StoreError, match="cannot be understood"):
        Store.open(local.root)
    assert local.doctor().of("marker")[0].verdict == "fail"


def test_a_newer_workspace_is_refused(local: Store) -> None:
    marker = json.loads(local.layout.marker.read_text())
    local.layout.marker.write_text(json.dumps({"format": marker["format"] + 1, "else": 1}))
    with pytest.raises(NewerWorkspace, match="format 2") as caught:
        Store.open(local.root)
    assert "upgrade" in caught.value.hint


def test_a_catalog_that_is_gone_is_not_made_anew(local: Store) -> None:
    local.close()
    local.layout.catalog.unlink()
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        Store.open(local.root)
    assert "does not exist" in caught.value.known
    assert not local.layout.catalog.exists()


def test_a_catalog_that_is_no_database(local: Store) -> None:
    local.close()
    local.layout.catalog.write_bytes(b"nonsense" * 1000)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(local.root)


def test_a_catalog_of_another_workspace(local: Store, tmp_path: Path) -> None:
    Store.create(tmp_path / "other").close()
    local.close()
    local.layout.catalog.write_bytes((tmp_path / "other" / "catalog.sqlite").read_bytes())
    with pytest.raises(StoreError, match="belongs to another workspace"):
        Store.open(local.root)


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "sqlite:///x", "churn", "duckdb://"])
def test_only_known_databases(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadOption, match="not supported") as caught:
        Store.create(tmp_path / "ws", catalog_url=url)
    assert "secret" not in str(caught.value)


def test_an_unreachable_server_is_named_without_its_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    url = f"postgresql://ada:secret@/churn?host={tmp_path}"
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        Store.create(tmp_path / "ws", catalog_url=url)
    assert "secret" not in str(caught.value) and "ada" in str(caught.value)
    with Store.create(tmp_path / "ws") as store:
        assert store.doctor().is_healthy, "other options may be tried in the same folder"


@pytest.mark.postgres
def test_the_password_stays_out_of_the_folder(tmp_path: Path, postgres_url: str) -> None:
    url = postgres_url.replace("tester@", "tester:secret@")
    with Store.create(tmp_path / "ws", catalog_url=url) as store:
        store.commit("dataset", "churn", spec={})
    assert "secret" not in (tmp_path / "ws" / "workspace.json").read_text()
    with Store.open(tmp_path / "ws") as found:
        assert found.names("dataset") == ("churn",)
        assert not found.layout.catalog.exists()


@pytest.mark.postgres
def test_one_database_serves_one_folder(tmp_path: Path, postgres_url: str) -> None:
    Store.create(tmp_path / "a", catalog_url=postgres_url).close()
    with pytest.raises(StoreError, match="belongs to another workspace") as caught:
        Store.create(tmp_path / "b", catalog_url=postgres_url)
    assert "parts_url" in caught.value.known


@pytest.mark.postgres
def test_create_goes_on_with_a_server(tmp_path: Path, postgres_url: str) -> None:
    with Store.create(tmp_path, catalog_url=postgres_url) as store:
        store.layout.marker.rename(store.layout.claimed)  # as a crash before the last step
    with Store.create(tmp_path, catalog_url=postgres_url) as again:
        assert again.marker == store.marker
        assert not again.layout.claimed.exists()


def test_opening_is_quick(tmp_path: Path, catalog_url: str | None) -> None:
    Store.create(tmp_path / "ws", catalog_url=catalog_url).close()
    seconds = []
    for _ in range(5):
        with meter() as run, Store.open(tmp_path / "ws", catalog_url=catalog_url) as store:
            assert store.kinds() == ()
        seconds.append(run.usage.wall_s)
    assert min(seconds) < 0.1


def test_created_by_several_at_once(tmp_path: Path, catalog_url: str | None) -> None:
    path = tmp_path / "ws"
    running = [start("create_and_commit", path, catalog_url or "", i) for i in range(3)]
    for process in running:
        assert process.communicate(timeout=60)[0] == "done\n"
    with Store.open(path, catalog_url=catalog_url) as store:
        assert len(store.versions("dataset", "churn")) == 3
        assert store.doctor().is_healthy
