from __future__ import annotations

import numpy as np
import pytest

from mispredict.compare.changed.divide import Side, blocks_of, divide, merged_cells
from mispredict.core.task import Task, TaskKind
from mispredict.metrics.outcomes import Outcomes

TASK = Task(TaskKind.BINARY, ("no", "yes"))


def pair(seed: int = 0, n: int = 3000):
    """Rows of two mixes with labels and answers of an old and a new model."""
    draw = np.random.default_rng(seed)
    sides, data = [], []
    for number, share in enumerate((0.3, 0.6)):
        cell = (draw.random(n) < share).astype(np.int64)
        label = draw.integers(0, 2, n)
        old = np.where(draw.random(n) < np.where(cell, 0.6, 0.9), label, 1 - label)
        new = np.where(draw.random(n) < np.where(cell, 0.8, 0.9), label, 1 - label)
        sides.append(Side(number * n + np.arange(n), cell, draw.choice([1.0, 2.0], n)))
        data.append((label, old, new))

    def answered(side, swapped):
        label, old, new = data[side]
        said = new if "model" in swapped else old
        chance = np.where(said, 0.8, 0.2)
        return Outcomes.of(
            TASK, label, said, probabilities=np.column_stack([1 - chance, chance]),
            weight=sides[side].weight,
        )  # fmt: skip

    return sides, answered


@pytest.mark.parametrize("metric", ["accuracy", "error_rate", "log_loss", "f1", "roc_auc", "mcc"])
def test_parts_add_up_for_any_metric(metric: str) -> None:
    sides, answered = pair(n=800)
    found = divide(sides, answered, ["mix", "within", "model"], metric)
    assert sum(part.value for part in found.parts) == pytest.approx(found.whole.value, abs=1e-12)
    assert (found.orders, found.all_orders) == (6, 6)
    assert len(found.crossings) == 8
    for part in (*found.parts, found.whole):
        assert part.low < part.value < part.high


def test_crossings_are_weighted_means() -> None:
    sides, answered = pair(n=800)
    quick = divide(sides, answered, ["mix", "within", "model"], "accuracy")
    label = {item.swapped: item.value for item in quick.crossings}
    own = answered(0, frozenset())
    right = (own.label == own.prediction).astype(float)
    weight = sides[0].weight
    assert label[frozenset()] == pytest.approx(np.average(right, weights=weight))
    share = [
        np.array([s.weight[s.cell == c].sum() / s.weight.sum() for c in (0, 1)]) for s in sides
    ]
    times = (share[1] / share[0])[sides[0].cell]
    assert label[frozenset({"mix"})] == pytest.approx(np.average(right, weights=weight * times))


def test_the_model_alone_is_the_paired_difference() -> None:
    sides, answered = pair()
    same = [sides[0], sides[0]]
    found = divide(same, lambda _, swapped: answered(0, swapped), ["model"], "accuracy")
    (part,) = found.parts
    assert part.value == found.whole.value
    assert 0.03 < part.value < 0.1
    # Paired: far narrower than two independent accuracies of 3,000 rows.
    assert part.high - part.low < 0.05


def test_rows_without_a_label_are_left_out() -> None:
    sides, answered = pair()

    def some(side, swapped):
        found = answered(side, swapped)
        found.label[:100] = -1
        return found

    found = divide(sides, some, ["within", "model"], "accuracy")
    assert found.crossings[0].n == 2900
    assert not np.isnan(found.whole.value)


def test_blocks_do_not_depend_on_the_order() -> None:
    unit = np.arange(10_000)
    shuffled = np.random.default_rng(0).permutation(unit)
    assert (blocks_of(unit, 100)[shuffled] == blocks_of(shuffled, 100)).all()
    counts = np.bincount(blocks_of(unit, 100), minlength=100)
    assert counts.min() > 60
    assert counts.max() < 140


def test_kinds_of_few_rows_are_joined() -> None:
    cells = [np.repeat([0, 1, 2, 3], [100, 100, 5, 0]), np.repeat([0, 1, 2, 3], [100, 40, 0, 9])]
    made, place = merged_cells(cells, 30)
    assert set(place) == {0}, "the smallest kind joins those of few rows, which were too few"
    assert [np.bincount(cell).tolist() for cell in made] == [[100, 105], [100, 49]]
