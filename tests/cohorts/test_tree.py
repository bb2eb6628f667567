"""The error tree: planted conditions are found, noise gives a root, and nodes are cohorts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from mispredict.cohorts.tree import ErrorTree, find_tree
from mispredict.core.errors import BadOption
from mispredict.core.predicate import parse
from mispredict.core.results import Source
from mispredict.engine.table import Table

from .tables import TYPES, people

SOURCE = Source("model@1/data@1")
COLUMNS = tuple(TYPES)
Bools = npt.NDArray[np.bool_]


def tree(table: Table, target: npt.NDArray[np.float64], **options: object) -> ErrorTree:
    return find_tree(table, target, source=SOURCE, columns=COLUMNS, **options)  # type: ignore[arg-type]


def wrong(table: Table, bad: Bools, *, seed: int = 0, rate: float = 0.5) -> npt.NDArray[np.float64]:
    random = np.random.default_rng(seed)
    return (random.random(table.n) < np.where(bad, rate, 0.1)).astype(float)


PLANTED = {
    "a value": "city = 'Oslo'",
    "a range": "age BETWEEN 40 AND 59",
    "a boolean": "member = TRUE",
    "missing": "age IS NULL",
    "times": "since >= DATE '2024-08-01'",
    "length of a text": "words(note) < 8",
    "two conditions": "city = 'Oslo' AND age < 40",
}


@pytest.mark.parametrize("where", PLANTED.values(), ids=PLANTED)
def test_planted_condition_becomes_a_node(where: str) -> None:
    table = people(6000)
    bad = table.mask(parse(where, table.fields))
    found = tree(table, wrong(table, bad))
    overlap = []
    for node in found.rows[1:]:
        inside = table.mask(parse(node.where, table.fields))
        overlap.append((inside & bad).sum() / (inside | bad).sum())
    assert max(overlap) >= 0.85, str(found)


def test_every_node_is_a_cohort_and_children_part_their_parent() -> None:
    table = people(4000)
    target = wrong(table, table.mask(parse("city = 'Oslo' OR age IS NULL", table.fields)))
    found = tree(table, target, depth=4)
    masks = [table.mask(parse(node.where, table.fields)) for node in found.rows]
    assert len(found) > 3
    for node, mask in zip(found.rows, masks, strict=True):
        assert (node.n, node.errors) == (mask.sum(), target[mask].sum())
        children = [masks[other.node] for other in found.rows if other.parent == node.node]
        assert len(children) == (0 if node.is_leaf else 2)
        if children:
            assert np.array_equal(children[0] ^ children[1], mask)
        assert node.low <= node.rate <= node.high
        assert node.parent is None or node.p_adjusted < 0.05
    assert sum(node.n for node in found.leaves) == table.n


def test_ranges_along_a_path_are_merged() -> None:
    table = people(8000)
    target = wrong(table, table.mask(parse("age BETWEEN 40 AND 59", table.fields)))
    found = find_tree(table, target, source=SOURCE, columns=("age",))
    assert any("age BETWEEN" in node.where for node in found.rows)
    assert all(node.where.count("age >=") <= 1 for node in found.rows)


def test_noise_gives_the_root_alone() -> None:
    grown = sum(len(tree(people(1500, seed), _noise(1500, seed))) > 1 for seed in range(30))
    assert grown <= 3


@pytest.mark.slow
def test_noise_gives_the_root_alone_in_95_of_100() -> None:
    grown = sum(len(tree(people(2000, seed), _noise(2000, seed))) > 1 for seed in range(200))
    assert grown <= 14  # 5 % of 200, and what chance adds to it


def test_losses_are_split_too() -> None:
    table = people(3000)
    bad = table.mask(parse("city = 'Oslo'", table.fields))
    loss = np.random.default_rng(0).exponential(np.where(bad, 3.0, 1.0))
    found = tree(table, loss, depth=1)
    assert found.is_loss
    assert found.rows[1].where == "city = 'Oslo'"
    assert "rows where city is Oslo: mean loss 2.8" in found.rows[1].sentence


def test_tree_of_a_cohort_starts_with_it() -> None:
    table = people(4000)
    target = wrong(table, table.mask(parse("city = 'Oslo'", table.fields)))
    within = parse("member = TRUE", table.fields)
    found = tree(table, target, mask=table.mask(within), within=within, depth=1)
    assert found.rows[0].where == "member = TRUE"
    assert found.rows[1].where == "member = TRUE AND city = 'Oslo'"
    assert found.rows[0].n == table.mask(within).sum()


def test_tree_reads_well() -> None:
    table = people(4000)
    target = wrong(table, table.mask(parse("city = 'Oslo'", table.fields)))
    found = tree(table, target, depth=1)
    lines = found.text().splitlines()
    assert lines[0].startswith("all rows ")
    assert lines[1].startswith("├─ city = 'Oslo' ")
    assert lines[2].startswith("└─ city <> 'Oslo' ")
    assert "Fitted on 2,000 rows; rates, intervals and tests are from the other 2,000." in str(
        found
    )
    node = found.rows[1]
    assert node.sentence.startswith(f"{node.n:,} rows where city is Oslo: ")
    held = f"of {node.confirmed_n:,} held"
    assert f"{held}-out rows are wrong" in node.sentence
    assert f"{held} out" in found.text(), "rates say on which rows they stand"


def test_same_seed_same_tree_and_rows_in_any_column_order() -> None:
    table = people(3000)
    target = wrong(table, table.mask(parse("city = 'Oslo' AND age < 50", table.fields)))
    one = tree(table, target)
    other = find_tree(table, target, source=SOURCE, columns=COLUMNS[::-1])
    assert one.rows == tree(table, target).rows
    assert [node.where for node in one.rows] == [node.where for node in other.rows]


@pytest.mark.parametrize("options", [{"depth": 0}, {"depth": 6}, {"min_share": 0.7}])
def test_impossible_trees_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(BadOption, match="do not make a tree"):
        tree(people(300), np.zeros(300), **options)


def test_nothing_to_split() -> None:
    table = people(300)
    found = find_tree(table, np.zeros(300), source=SOURCE, columns=())
    assert (len(found), found.note) == (1, "There is no column to split by.")


def _noise(n: int, seed: int) -> npt.NDArray[np.float64]:
    return (np.random.default_rng(1000 + seed).random(n) < 0.2).astype(float)
