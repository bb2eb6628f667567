"""The catalog: committing, finding, deleting and relating versions, on both databases."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta

import pytest

from mispredict.core.errors import BadOption, Conflict, CorruptPart, StoreError, UnknownName
from mispredict.core.ids import Ref
from mispredict.store import Code, Part, Recording, Store, Usage, Version

from .conftest import RECORDING


def commit(store: Store, name: str = "churn", n: int = 1, **rest: object) -> Version:
    options: dict[str, object] = {"recording": RECORDING} | rest
    return store.commit("dataset", name, spec={"n": n}, **options)  # type: ignore[arg-type]


def test_a_version_reads_as_it_was_committed(store: Store) -> None:
    part = store.write_json({"a": 1})
    made = store.commit(
        "evaluation",
        "gbm on churn",
        spec={"label": "Exited", "classes": ("a", "b"), "deep": {"x": [1, 2.5, None, True]}},
        parts={"table": [part, part], "codes": part},
        message="first\0",
        usage=Usage(1.5, 1.25, 1_000_000),
        recording=Recording("ada", Code("a" * 40, True), {"python": "3.11.9"}),
    )
    found = store.version("evaluation", "gbm on churn")
    assert found == made
    assert made.created and not found.created
    assert found.ref == Ref("gbm on churn", 1)
    assert found.key == "evaluation:gbm on churn@1" and str(found) == "gbm on churn@1"
    assert found.spec["classes"] == ["a", "b"] and found.spec["deep"] == {"x": [1, 2.5, None, True]}
    assert [(p.role, p.ordinal) for p in found.parts] == [("codes", 0), ("table", 0), ("table", 1)]
    assert found.role("codes")[0].hash == part.hash and found.bytes == 3 * part.bytes
    assert found.code == Code("a" * 40, True)
    assert found.environment == {"python": "3.11.9"} and found.created_by == "ada"
    assert found.usage == Usage(1.5, 1.25, 1_000_000)
    assert found.message == "first" and not found.is_deleted and found.labels == ()
    assert abs(found.created_at - datetime.now(UTC)) < timedelta(minutes=5)
    with pytest.raises(FrozenInstanceError):
        found.message = "other"  # type: ignore[misc]


def test_recording_is_captured_by_default(store: Store) -> None:
    made = store.commit("dataset", "churn", spec={})
    assert made.environment["python"] and "numpy" in made.environment


def test_same_content_is_not_committed_twice(store: Store) -> None:
    part = store.write_json([1])
    first = commit(store, parts={"table": part})
    again = commit(store, parts={"table": part}, message="other words")
    assert again == first and not again.created
    assert commit(store, n=2, parts={"table": part}).number == 2
    assert commit(store, parts={"table": part}).number == 3, "an older content is new again"


@pytest.mark.parametrize("change", ["spec", "parts", "parents", "role"])
def test_any_change_of_content_makes_a_version(store: Store, change: str) -> None:
    data = commit(store, "data")
    one, two = store.write_json([1]), store.write_json([2])
    commit(store, parts={"table": one})
    changed = {
        "spec": {"n": 2, "parts": {"table": one}},
        "parts": {"parts": {"table": two}},
        "parents": {"parts": {"table": one}, "parents": [data]},
        "role": {"parts": {"other": one}},
    }[change]
    assert commit(store, **changed).number == 2  # type: ignore[arg-type]


def test_expected_version_is_compared(store: Store) -> None:
    assert commit(store, n=1, expected=0).number == 1
    assert commit(store, n=2, expected=1).number == 2
    with pytest.raises(Conflict, match="has version 2, and 1 was expected"):
        commit(store, n=3, expected=1)
    with pytest.raises(Conflict, match="'new' has no version, and 4"):
        commit(store, "new", expected=4)
    assert [v.number for v in store.versions("dataset")] == [1, 2]
    assert store.names("dataset") == ("churn",), "a refused commit leaves no name"


def test_listing_is_sorted(store: Store) -> None:
    for name, n in [("b", 1), ("a", 1), ("B", 1), ("a", 2)]:
        commit(store, name, n)
    store.commit("model", "z", spec={}, recording=RECORDING)
    assert store.names("dataset") == ("B", "a", "b") and store.kinds() == ("dataset", "model")
    keys = [v.key for v in store.versions()]
    assert keys == ["dataset:B@1", "dataset:a@1", "dataset:a@2", "dataset:b@1", "model:z@1"]
    assert [v.number for v in store.versions("dataset", "a")] == [1, 2]
    assert store.versions("tag") == () and store.names("tag") == ()
    assert store.head("dataset", "a") == store.version("dataset", "a@2")
    assert store.head("dataset", "nothing") is None


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("chrn", "Datasets like it: 'churn'"),
        ("Churn", "Datasets like it: 'churn'"),
        ("churn@3", "Datasets like it: 'churn@1'"),
        ("churn@prod", "no label 'prod'"),
        ("chrn@prod", "no dataset 'chrn'"),
        (Ref("chrn", 1), "no dataset 'chrn'"),
        (Ref("churn", 9), "no dataset 'churn@9'"),
    ],
    ids=str,
)
def test_unknown_names_come_with_alternatives(store: Store, ref: Ref | str, said: str) -> None:
    commit(store)
    for call in (store.version, store.lineage, store.delete):
        with pytest.raises(UnknownName, match=said):
            call("dataset", ref)


def test_unknown_names_elsewhere(store: Store) -> None:
    commit(store)
    with pytest.raises(UnknownName, match="'churn'"):
        store.versions("dataset", "chrn")
    with pytest.raises(UnknownName, match="no dataset 'chrn'"):
        store.labels("dataset", "chrn")
    with pytest.raises(UnknownName, match="no label 'x'"):
        store.unlabel("dataset", "churn", "x")
    with pytest.raises(UnknownName, match="no model 'gbm'"):
        commit(store, "other", parents=["model:gbm@1"])
    assert store.names("dataset") == ("churn",)


@pytest.mark.parametrize(
    "spec", [{"a": [float("nan")]}, {"a": object()}, {"a": {1, 2}}], ids=["nan", "object", "set"]
)
def test_spec_must_be_json(store: Store, spec: dict[str, object]) -> None:
    with pytest.raises(BadOption, match=r"spec\['a'\]"):
        store.commit("dataset", "churn", spec=spec)


def test_bad_commits_are_refused(store: Store) -> None:
    with pytest.raises(BadOption, match="cannot be a name"):
        commit(store, "a:b")
    with pytest.raises(BadOption, match="has no kind"):
        commit(store, parents=["churn@1"])
    with pytest.raises(CorruptPart, match="is not in place"):
        commit(store, parts={"table": Part("0" * 64, "json", 5)})
    assert store.versions() == ()


def test_text_of_all_kinds_survives(store: Store) -> None:
    spec = {"émoji 🦆": "nul \0, quote ' \" \\, surrogate \ud800", "": ""}
    store.commit("dataset", "straße 1", spec=spec, message="ü" * 300, recording=RECORDING)
    assert store.version("dataset", "straße 1").spec == spec


def test_delete_keeps_the_record(store: Store) -> None:
    commit(store, n=1)
    commit(store, n=2)
    gone = store.delete("dataset", "churn@2")
    assert gone.is_deleted and gone.deleted_at is not None
    assert store.version("dataset", "churn").number == 1, "the newest that is left"
    with pytest.raises(UnknownName, match="'churn@2' was deleted"):
        store.version("dataset", "churn@2")
    assert store.version("dataset", "churn@2", include_deleted=True) == gone
    assert [v.number for v in store.versions("dataset", "churn")] == [1]
    assert len(store.versions("dataset", "churn", include_deleted=True)) == 2
    assert commit(store, n=2, expected=1).number == 3, "numbers are not given twice"


def test_delete_the_only_version(store: Store) -> None:
    commit(store)
    store.delete("dataset", "churn")
    assert store.names("dataset") == () and store.kinds() == ()
    assert store.head("dataset", "churn") is None
    with pytest.raises(UnknownName):
        store.version("dataset", "churn")
    assert store.version("dataset", "churn", include_deleted=True).number == 1
    assert commit(store, expected=0).number == 2


def test_delete_refuses_while_others_come_from_it(store: Store) -> None:
    data = commit(store)
    store.commit("model", "gbm", spec={}, parents=[data], recording=RECORDING)
    with pytest.raises(StoreError, match="others come from it") as caught:
        store.delete("dataset", "churn@1")
    assert "model:gbm@1" in caught.value.known and "force" in caught.value.hint
    assert store.delete("dataset", "churn@1", force=True).is_deleted
    assert store.version("model", "gbm").parents == ("dataset:churn@1",)
    with pytest.raises(UnknownName, match="was deleted"):
        store.commit("model", "b", spec={}, parents=["dataset:churn@1"], recording=RECORDING)


def test_deleting_the_children_first_is_enough(store: Store) -> None:
    data = commit(store)
    store.commit("model", "gbm", spec={}, parents=[data], recording=RECORDING)
    store.delete("model", "gbm")
    assert store.delete("dataset", "churn").is_deleted


def test_labels_move(store: Store) -> None:
    commit(store, n=1)
    commit(store, n=2)
    assert store.label("dataset", "churn@1", "prod").labels == ("prod",)
    store.label("dataset", "churn", "best")
    assert store.version("dataset", "churn@prod").number == 1
    assert store.label("dataset", "churn@2", "prod").labels == ("best", "prod")
    assert store.version("dataset", "churn@1").labels == ()
    assert store.labels("dataset", "churn") == {"best": Ref("churn", 2), "prod": Ref("churn", 2)}
    store.unlabel("dataset", "churn", "best")
    assert store.labels("dataset", "churn") == {"prod": Ref("churn", 2)}
    store.delete("dataset", "churn@2")
    assert store.labels("dataset", "churn") == {}
    with pytest.raises(BadOption, match="would read as a version"):
        store.label("dataset", "churn", "7")


def test_lineage_is_transitive(store: Store) -> None:
    train, test = commit(store, "train"), commit(store, "test")
    model = store.commit("model", "gbm", spec={}, parents=[train], recording=RECORDING)
    ev = store.commit("evaluation", "e", spec={}, parents=[model, test], recording=RECORDING)
    store.commit("cohort", "c", spec={}, parents=[ev.key, test.key], recording=RECORDING)
    assert ev.parents == ("model:gbm@1", "dataset:test@1")
    lineage = store.lineage("evaluation", "e")
    assert lineage.parents == ("dataset:test@1", "model:gbm@1", "dataset:train@1")
    assert lineage.children == ("cohort:c@1",)
    assert [row.depth for row in lineage.rows] == [1, 1, 2, 1]
    assert store.lineage("dataset", "train").children == (
        "model:gbm@1",
        "evaluation:e@1",
        "cohort:c@1",
    )
    assert list(lineage.to_frame().columns)[:4] == ["relation", "depth", "kind", "ref"]


def test_diff_names_what_changed(store: Store) -> None:
    a, b = commit(store, "a"), commit(store, "b")
    one, two = store.write_json(1), store.write_json(2)
    for spec, part, parent, python in [
        ({"depth": 3, "tree": {"leaf": 1}, "same": [1]}, one, a, "3.11"),
        ({"depth": 4, "tree": {"leaf": 2}, "same": [1], "new": {}}, two, b, "3.12"),
    ]:
        recording = Recording("ada", Code(python, False), {"python": python})
        store.commit(
            "model", "m", spec=spec, parts={"file": part}, parents=[parent], recording=recording
        )
    diff = store.diff("model", "m@1", "m@2")
    assert diff.changed == ("depth", "new", "tree.leaf")
    sections = [(row.section, row.key) for row in diff.rows]
    assert sections == [
        ("code", "commit"),
        ("data", "file"),
        ("environment", "python"),
        ("parents", "dataset:a"),
        ("parents", "dataset:b"),
        ("spec", "depth"),
        ("spec", "new"),
        ("spec", "tree.leaf"),
    ]
    depth = diff.rows[5]
    assert (depth.before, depth.after) == (3, 4)
    assert len(store.diff("model", "m@1", "m@1")) == 0


def test_many_versions_load_in_few_queries(store: Store) -> None:
    import sqlalchemy as sa

    for n in range(30):
        commit(store, n=n)
    seen: list[str] = []
    engine = store._database._connect()
    sa.event.listen(
        engine, "before_cursor_execute", lambda *call: seen.append(call[2]), named=False
    )
    assert len(store.versions("dataset", "churn")) == 30
    assert len(seen) <= 5 + 1
