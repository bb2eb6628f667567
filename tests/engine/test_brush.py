"""Linked views: each is counted under the filters of all the others."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from mispredict.core.predicate import Fields, parse
from mispredict.core.schema import ColumnType
from mispredict.core.task import Task, TaskKind
from mispredict.engine.marginals import brush, marginals
from mispredict.engine.table import Table

N = 2000
FIELDS = Fields(
    {"age": ColumnType.NUMERIC, "city": ColumnType.CATEGORICAL, "kind": ColumnType.CATEGORICAL},
    {"correct": ColumnType.BOOLEAN},
)


@pytest.fixture(scope="module")
def table() -> Table:
    rng = np.random.default_rng(5)
    columns = {
        "age": pa.array(rng.integers(18, 90, N), mask=rng.random(N) < 0.1),
        "city": pa.array(rng.choice(["x", "y", "z"], N)),
        "kind": pa.array(rng.choice(["p", "q"], N)),
        "correct": pa.array(rng.random(N) < 0.7),
    }
    return Table.from_arrow(pa.table(columns), fields=FIELDS, task=Task(TaskKind.SCORE))


def test_a_view_is_not_filtered_by_itself(table: Table) -> None:
    clauses = {
        "age": parse("age BETWEEN 30 AND 50", FIELDS),
        "city": parse("city = 'x'", FIELDS),
        "map": parse("kind = 'p'", FIELDS),
    }
    wrong = ~table.mask(parse("correct", FIELDS))
    found = brush(table, ["age", "city", "kind"], clauses, wrong)
    for name in ("age", "city", "kind"):
        others = np.ones(N, np.bool_)
        for view, clause in clauses.items():
            if view != name:
                others &= table.mask(clause)
        expected = marginals(table, [name], others, wrong)[name]
        assert found[name].counts.tolist() == expected.counts.tolist()
        assert found[name].errors.tolist() == expected.errors.tolist()
    everything = np.logical_and.reduce([table.mask(clause) for clause in clauses.values()])
    assert found.n == everything.sum()
    assert found.errors == (everything & wrong).sum()


def test_without_clauses_all_rows_count(table: Table) -> None:
    found = brush(table, ["city"], {})
    assert (found.n, found.errors, len(found)) == (N, 0, 1)


def test_losses_are_summed_per_view(table: Table) -> None:
    loss = np.random.default_rng(6).exponential(size=N)
    clauses = {"city": parse("city = 'x'", FIELDS)}
    found = brush(table, ["city"], clauses, loss)
    codes = table.coded("city").codes
    np.testing.assert_allclose(found["city"].errors, np.bincount(codes, loss, 4), rtol=1e-12)
    assert found.errors == pytest.approx(loss[table.mask(clauses["city"])].sum(), rel=1e-12)
