"""A filter on 2 columns, then counts and error rates in the bins of 20: ours beside others.

    python benchmarks/filters.py [rows] [repeats]

All run on the same table in turn. "Floor" is a bare numba loop that gives the numbers
from bytes in memory with a look-up table per filtered column; it knows no predicates. "Ours"
starts from a parsed cohort, and refines bins in which a bound falls by the real values.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mispredict.core.predicate import Fields, parse
from mispredict.core.schema import ColumnType
from mispredict.core.task import Task, TaskKind
from mispredict.engine.codes import mask
from mispredict.engine.marginals import marginals
from mispredict.engine.table import Table
from mispredict.engine.warm import warm

GROUPS = [f"g{i}" for i in range(10)]
NUMBERS = [f"x{i}" for i in range(10)]
FILTERS = {
    "narrow": "g2 = 'v1' AND x0 BETWEEN 0.25 AND 0.35",
    "broad": "g2 <> 'v1' AND x0 > 0.05",
}


def make_table(n: int) -> Table:
    """10 columns of 2 to 50 names and 10 of numbers, a fifth of the rows wrong."""
    rng = np.random.default_rng(0)
    columns = {}
    for i, name in enumerate(GROUPS):
        names = pa.array([f"v{j}" for j in range(round(2 + i * 48 / 9))])
        codes = pa.array(rng.integers(0, len(names), n, dtype=np.int32))
        columns[name] = pa.DictionaryArray.from_arrays(codes, names)
    for name in NUMBERS:
        columns[name] = pa.array(rng.random(n))
    columns["correct"] = pa.array(rng.random(n) > 0.2)
    types = dict.fromkeys(GROUPS, ColumnType.CATEGORICAL)
    types |= dict.fromkeys(NUMBERS, ColumnType.NUMERIC)
    fields = Fields(types, {"correct": ColumnType.BOOLEAN})
    return Table.from_arrow(pa.table(columns), fields=fields, task=Task(TaskKind.SCORE))


def ours(table: Table, where: str, wrong: NDArray[np.bool_]) -> Callable[[], object]:
    predicate = parse(where, table.fields)
    return lambda: marginals(table, [*GROUPS, *NUMBERS], mask(predicate, table), wrong)


def by_numpy(
    codes: list[NDArray[np.uint8]], luts: list[NDArray[np.bool_]], wrong: NDArray[np.bool_]
) -> Callable[[], object]:
    def run() -> object:
        rows = np.flatnonzero(luts[0][codes[2]] & luts[1][codes[10]])
        bad = wrong[rows]
        return [(np.bincount(c := column[rows]), np.bincount(c[bad])) for column in codes]

    return run


def floor(
    codes: list[NDArray[np.uint8]], luts: list[NDArray[np.bool_]], wrong: NDArray[np.bool_]
) -> Callable[[], object]:
    import numba

    @numba.njit(parallel=True, cache=True)  # type: ignore[untyped-decorator]
    def loop(matrix, first, second, wrong, threads):  # type: ignore[no-untyped-def]
        n, block = matrix.shape[1], 1 << 14
        found = np.zeros((threads, matrix.shape[0], 256, 4), np.int64)
        for thread in numba.prange(threads):
            rows = np.empty(block, np.int64)
            marks = np.empty(block, np.uint8)
            for start in range(thread * block, n, threads * block):
                stop = min(start + block, n)
                k = 0
                for i in range(start, stop):
                    is_in = first[matrix[2, i]] & second[matrix[10, i]]
                    marks[i - start] = is_in + (is_in & wrong[i])
                    rows[k] = i
                    k += is_in
                for column in range(matrix.shape[0]):
                    cells = found[thread, column]
                    if k * 4 < stop - start:
                        for j in range(k):
                            cells[matrix[column, rows[j]], 1 + wrong[rows[j]]] += 1
                    else:
                        for i in range(start, stop):
                            cells[matrix[column, i], marks[i - start]] += 1
        return found.sum(axis=0)

    matrix = np.stack(codes)
    threads = numba.get_num_threads()
    return lambda: loop(matrix, luts[0], luts[1], wrong, threads)


def by_duckdb(
    codes: list[NDArray[np.uint8]], luts: list[NDArray[np.bool_]], wrong: NDArray[np.bool_]
) -> Callable[[], object]:
    import duckdb

    names = [f"c{i}" for i in range(len(codes))]
    source = pa.table({**dict(zip(names, codes, strict=True)), "wrong": wrong})
    connection = duckdb.connect(config={"threads": 2})
    connection.register("source", source)
    connection.execute("CREATE TABLE t AS SELECT * FROM source")
    sets = ", ".join(f"({name})" for name in names)
    chosen = [", ".join(map(str, np.flatnonzero(lut))) for lut in luts]
    sql = (
        f"SELECT {', '.join(names)}, count(*), count(*) FILTER (wrong) FROM t "
        f"WHERE c2 IN ({chosen[0]}) AND c10 IN ({chosen[1]}) GROUP BY GROUPING SETS ({sets})"
    )
    return lambda: connection.execute(sql).fetchall()


def by_polars(
    codes: list[NDArray[np.uint8]], luts: list[NDArray[np.bool_]], wrong: NDArray[np.bool_]
) -> Callable[[], object]:
    import polars as pl

    names = [f"c{i}" for i in range(len(codes))]
    frame = pl.DataFrame({**dict(zip(names, codes, strict=True)), "wrong": wrong})
    chosen = [np.flatnonzero(lut).tolist() for lut in luts]

    def run() -> object:
        kept = frame.lazy().filter(pl.col("c2").is_in(chosen[0]), pl.col("c10").is_in(chosen[1]))
        groups = [kept.group_by(name).agg(pl.len(), pl.col("wrong").sum()) for name in names]
        return pl.collect_all(groups)

    return run


def milliseconds(run: Callable[[], object], repeats: int) -> float:
    run()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def main(n: int, repeats: int) -> None:
    start = time.perf_counter()
    warm().join()
    print(f"compiled loops ready after {time.perf_counter() - start:.2f} s")
    table = make_table(n)
    start = time.perf_counter()
    coded = [table.coded(name) for name in [*GROUPS, *NUMBERS]]
    print(f"{n:,} rows × {len(coded)} columns encoded in {time.perf_counter() - start:.2f} s")
    codes = [item.codes for item in coded]
    wrong = ~table.column("correct").to_numpy()
    for name, where in FILTERS.items():
        selected = mask(parse(where, table.fields), table)
        luts = [np.zeros(256, np.bool_), np.zeros(256, np.bool_)]
        for lut, place in zip(luts, (2, 10), strict=True):
            lut[np.unique(codes[place][selected])] = True
        runs = {"ours": ours(table, where, wrong), "floor": floor(codes, luts, wrong)}
        for label, make in {"numpy": by_numpy, "DuckDB": by_duckdb, "Polars": by_polars}.items():
            try:
                runs[label] = make(codes, luts, wrong)
            except ModuleNotFoundError:
                print(f"({label} is not installed)")
        print(f"{name}: {where} selects {selected.mean():.1%}")
        found = {label: milliseconds(run, repeats) for label, run in runs.items()}
        for label, value in found.items():
            print(f"  {label:8} {value:8.1f} ms   {value / found['floor']:6.2f} × floor")


if __name__ == "__main__":
    arguments = [int(float(item)) for item in sys.argv[1:]]
    main(*(arguments + [1_000_000, 9][len(arguments) :]))
