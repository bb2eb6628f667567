"""One label per row out of several people's, and how good each of them is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mispredict.core.options import choice
from mispredict.core.words import counted
from mispredict.data.labels.agreement import agreements
from mispredict.data.labels.dawid_skene import Estimated, dawid_skene, without
from mispredict.data.labels.kernels import Array
from mispredict.data.labels.results import Annotator, Consensus, ConsensusRow
from mispredict.data.labels.votes import Votes, majority
from mispredict.data.labels.wheres import of_row
from mispredict.metrics.intervals import wilson

METHODS = ("dawid_skene", "majority")
FEW_VOTES = 10  # of a person, from which little can be said of them


def consensus(
    votes: Votes,
    *,
    method: str = "dawid_skene",
    given: Array | None = None,
    id_of: Callable[[int], object] = lambda row: row,
    limit: int | None = 1000,
    dataset: str = "",
    seed: int = 0,
    cancel: Callable[[], bool] | None = None,
) -> Consensus:
    """The consensus of each row with its probability, the people, and how far they agree.

    Rows come in the order in which they are in doubt: the least certain first.

    Args:
        votes: what people said.
        method: `dawid_skene`, which weighs people by how they err, or `majority`.
        given: class of each row's label as it is, -1 where there is none.
        id_of: the id of a row.
        limit: most rows to list; None for all.
        dataset: what the rows are of.
        seed: of the draws behind intervals.
        cancel: asked now and then; True stops.
    """
    choice("method", method, METHODS)
    found = dawid_skene(votes, cancel=cancel)
    counts = votes.counts
    first = majority(counts)
    if method == "majority":
        totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
        chances = counts / totals
        label = np.where(first >= 0, first, chances.argmax(axis=1))
    else:
        chances, label = found.posterior, found.posterior.argmax(axis=1)
    label = np.where(counts.sum(axis=1) > 0, label, -1)
    given = np.full(votes.n, -1) if given is None else np.asarray(given)
    rows = _rows(votes, counts, first, label, chances, given, id_of, limit)
    voted = label >= 0
    disagreed = int(((counts > 0).sum(axis=1) > 1).sum())
    differs = int((voted & (given >= 0) & (given != label)).sum())
    return Consensus(
        rows,
        _people(votes, found) if len(votes.people) > 1 else (),
        agreements(votes, seed=seed),
        votes.classes,
        tuple(float(share) for share in found.prior),
        method,
        int(voted.sum()),
        len(votes),
        disagreed,
        differs,
        found.rounds if method == "dawid_skene" else 0,
        tuple(_warnings(votes, found, method)),
        _sentence(int(voted.sum()), len(votes), disagreed, differs, bool((given >= 0).any())),
        dataset,
    )


def _rows(
    votes: Votes,
    counts: Array,
    first: Array,
    label: Array,
    chances: Array,
    given: Array,
    id_of: Callable[[int], object],
    limit: int | None,
) -> tuple[ConsensusRow, ...]:
    numbers = np.flatnonzero(label >= 0)
    sure = chances[numbers, label[numbers]]
    order = numbers[np.lexsort((numbers, sure))][:limit]

    def name(code: int) -> object:
        return votes.classes[code] if code >= 0 else None

    return tuple(
        ConsensusRow(
            row,
            id_of(row),
            name(label[row]),
            float(chances[row, label[row]]),
            int(counts[row].sum()),
            float(counts[row, label[row]] / counts[row].sum()),
            name(first[row]),
            name(given[row]),
            of_row(row),
        )
        for row in order.tolist()
    )


def _people(votes: Votes, found: Estimated) -> tuple[Annotator, ...]:
    """Each person, the best first."""
    others = without(votes, found)
    alone = votes.counts.sum(axis=1)[votes.row] < 2  # nobody else to compare with
    people = []
    for who, name in enumerate(votes.people):
        own = votes.who == who
        compared = own & ~alone
        n = int(compared.sum())
        hits = int((others == votes.said)[compared].sum())
        low, high = (np.nan, np.nan)
        if n:
            interval = wilson(hits, n)
            low, high = interval.low, interval.high
        table = found.confusion[who]
        people.append(
            Annotator(
                name,
                int(own.sum()),
                float((found.prior * table.diagonal()).sum()),
                hits / n if n else np.nan,
                low,
                high,
                tuple(tuple(float(cell) for cell in line) for line in table),
                _habit(votes, found, who),
            )
        )
    return tuple(sorted(people, key=lambda person: (-person.quality, person.annotator)))


def _habit(votes: Votes, found: Estimated, who: int) -> str:
    """What a person mixes up most, by how many rows that is."""
    wrong = found.confusion[who] * found.prior[:, None]
    np.fill_diagonal(wrong, 0.0)
    true, said = divmod(int(wrong.argmax()), len(votes.classes))
    share = found.confusion[who, true, said]
    if wrong.max() < 0.005:
        return "Mixes up hardly anything."
    return f"Says ‘{votes.classes[said]}’ of {100 * share:.0f} % of ‘{votes.classes[true]}’."


def _warnings(votes: Votes, found: Estimated, method: str) -> list[str]:
    words = []
    if method == "dawid_skene" and not found.has_settled:
        words.append(f"The estimate had not settled after {found.rounds} rounds.")
    sizes = np.bincount(votes.who, minlength=len(votes.people))
    few = [name for name, size in zip(votes.people, sizes, strict=True) if size < FEW_VOTES]
    if few and len(votes.people) > 1:
        words.append(
            f"Fewer than {FEW_VOTES} votes by {', '.join(few[:5])}: little is known of them."
        )
    if votes.left_out:
        words.append(f"{counted(votes.left_out, 'vote')} left out, of no row or of no label.")
    if len(votes) / max(votes.n, 1) < 2:
        words.append("Most rows have fewer than two votes: agreement stands on the others.")
    return words


def _sentence(n: int, votes: int, disagreed: int, differs: int, has_label: bool) -> str:
    size = f"{counted(votes, 'vote')} on {counted(n, 'row')}"
    said = f"{size}; on {disagreed:,} of them people disagree."
    return f"{said} The consensus differs from {counted(differs, 'label')}." if has_label else said
