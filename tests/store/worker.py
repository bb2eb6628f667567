"""What the tests run in processes of their own; one function per command, answers by line."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from mispredict.core.errors import MispredictError
from mispredict.store import Cache, Recording, Store

RECORDING = Recording(created_by="worker")
ROWS = 200_000  # more than a row group, so that a part is written in pieces


def table(number: int, rows: int = 1000) -> pa.Table:
    """The data of version `number`, different for each."""
    rng = np.random.default_rng(number)
    return pa.table({"x": rng.random(rows), "number": np.full(rows, number)})


def append(path: str, url: str, name: str, count: str) -> None:
    """`count` versions of one name, one after the other."""
    with Store.open(path, catalog_url=url or None) as store:
        say("ready")
        sys.stdin.readline()
        for i in range(int(count)):
            spec = {"by": os.getpid(), "i": i}
            store.commit("dataset", name, spec=spec, recording=RECORDING)
    say("done")


def fork(path: str, url: str) -> None:
    """A version by this process, by a child of it, and by itself again."""
    with Store.create(path, catalog_url=url or None) as store:
        store.commit("dataset", "churn", spec={"n": 1}, recording=RECORDING)
        child = os.fork()
        if child == 0:
            store.commit("dataset", "churn", spec={"n": 2}, recording=RECORDING)
            os._exit(0)
        say(str(os.waitpid(child, 0)[1]))
        say(str(store.commit("dataset", "churn", spec={"n": 3}, recording=RECORDING).number))


def create_and_commit(path: str, url: str, n: str) -> None:
    with Store.create(path, catalog_url=url or None, exist_ok=True) as store:
        store.commit("dataset", "churn", spec={"n": n}, recording=RECORDING)
    say("done")


def keep_writing(path: str, url: str) -> None:
    """Versions without end, each said once it is committed."""
    with Store.open(path, catalog_url=url or None) as store:
        head = store.head("dataset", "churn")
        number = head.number if head else 0
        while True:
            number += 1
            write(store, number)
            say(str(number))


def crash(path: str, url: str, point: str) -> None:
    """One more version, killed at the point."""
    with Store.open(path, catalog_url=url or None) as store:
        head = store.head("dataset", "churn")
        number = (head.number if head else 0) + 1
        if point == "in transaction":
            kill_before(store, "INSERT INTO used_part")
        if point == "part half written":
            store.write_table(dying_batches(number))
        parts = store.write_table(table(number))
        if point == "before commit":
            die()
        store.commit("dataset", "churn", spec={"n": number}, parts={"table": parts})
        if point == "after commit":
            die()
    raise AssertionError("it should have died")


def fill(path: str, url: str, what: str, limit: str) -> None:
    """Write more than the disk, or the limit on a file's size, allows."""
    with Store.open(path, catalog_url=url or None) as store:
        if limit:
            limit_file_size(int(limit))
        try:
            if what == "table":
                store.write_table(table(9, 2_000_000))
            elif what == "array":
                store.write_array(np.random.default_rng(9).random(2_000_000))
            else:
                store.commit("dataset", "big", spec={"text": "x" * 9_000_000})
        except MispredictError as error:
            say(f"{error.code}|{error.message}")


def use_cache(path: str, limit: str) -> None:
    cache = Cache(Path(path), limit_bytes=int(limit))
    for i in range(200):
        data = bytes([i % 60]) * 1000
        cache.put(str(i % 60), data)
        if cache.get(str(i % 60)) not in {None, data}:
            say("wrong")
    say("done")


def write_as_nobody(path: str, elsewhere: str) -> None:
    """Read and then write the workspace without any right to write it."""
    warm_up(elsewhere)
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    read_then_write(path)


def read_then_write(path: str) -> None:
    with Store.open(path) as store:
        version = store.version("dataset", "churn")
        say(f"read {version} {store.read_table(version.role('table')).num_rows}")
        for attempt in (
            lambda: store.commit("dataset", "churn", spec={"new": 1}, recording=RECORDING),
            lambda: store.write_json({"new": 1}),
            lambda: store.doctor(repair=True, grace_s=0),
        ):
            try:
                answer = attempt()
            except MispredictError as error:
                say(f"{error.code}|{error.message}")
            else:
                say(f"went through: {answer!r}")


def create_as_nobody(path: str, elsewhere: str) -> None:
    warm_up(elsewhere)
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    try:
        Store.create(path)
    except MispredictError as error:
        say(f"{error.code}|{error.message}")


def warm_up(folder: str) -> None:
    """Import all that is needed, while the interpreter's files may still be read."""
    with Store.create(Path(folder)) as store:
        write(store, 1)
        store.read_table(store.version("dataset", "churn").role("table"))
        store.doctor(repair=True)


def write(store: Store, number: int) -> None:
    parts = store.write_table(table(number))
    store.commit(
        "dataset",
        "churn",
        spec={"n": number},
        parts={"table": parts},
        expected=number - 1,
        recording=RECORDING,
    )


def dying_batches(number: int) -> Iterator[pa.RecordBatch]:
    yield from table(number, ROWS).to_batches()
    die()


def kill_before(store: Store, statement: str) -> None:
    import sqlalchemy as sa

    engine = store._database._connect()

    @sa.event.listens_for(engine, "before_cursor_execute")
    def look(connection, cursor, text, *rest) -> None:  # type: ignore[no-untyped-def]
        if text.startswith(statement):
            die()


def limit_file_size(limit: int) -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
