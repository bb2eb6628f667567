"""Labels of rows that are nearly equal: where they differ, one of them is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mispredict.data.labels.kernels import Array
from mispredict.data.labels.results import LabelGroup
from mispredict.data.labels.wheres import of_rows


@dataclass(frozen=True, slots=True, eq=False)
class Inconsistent:
    """Groups of nearly equal rows with several labels, and what follows for their rows.

    `majority` is the class of more than half of a row's group where the row has another label,
    else -1; `votes` and `size` are rows of the group with that class, and all of them.
    """

    groups: tuple[tuple[int, ...], ...]
    majority: Array
    votes: Array
    size: Array


def inconsistent(label: Array, groups: Iterable[Sequence[int] | Array]) -> Inconsistent:
    """The groups with several labels.

    Args:
        label: int32 class per row, -1 where there is none.
        groups: numbers of rows that are nearly equal to each other.
    """
    majority = np.full(len(label), -1, np.int32)
    votes, size = np.zeros(len(label), np.int32), np.zeros(len(label), np.int32)
    found = []
    for group in groups:
        rows = np.unique(np.asarray(group, np.int64))
        rows = rows[label[rows] >= 0]
        classes, counts = np.unique(label[rows], return_counts=True)
        if len(classes) < 2:
            continue
        found.append(tuple(int(row) for row in rows))
        most = int(counts.argmax())
        if 2 * counts[most] > len(rows):
            others = rows[label[rows] != classes[most]]
            majority[others], votes[others] = classes[most], counts[most]
            size[others] = len(rows)
    return Inconsistent(tuple(found), majority, votes, size)


def group_rows(
    found: Inconsistent, label: Array, classes: Sequence[Any], limit: int | None
) -> tuple[LabelGroup, ...]:
    """The groups as results, the largest first."""
    ordered = sorted(found.groups, key=lambda rows: (-len(rows), rows[0]))
    return tuple(_group(rows, label, classes) for rows in ordered[:limit])


def _group(rows: tuple[int, ...], label: Array, classes: Sequence[Any]) -> LabelGroup:
    counted = Counter(int(code) for code in label[list(rows)])
    labels = tuple((classes[code], count) for code, count in counted.most_common())
    first, count = labels[0]
    majority = first if 2 * count > len(rows) else None
    parts = ", ".join(f"{count:,} ‘{name}’" for name, count in labels)
    sentence = f"{len(rows):,} rows that are nearly equal are labelled differently: {parts}."
    return LabelGroup(rows, labels, majority, sentence, of_rows(rows))
