"""What an explanation is asked afterwards: one row, all attributions, a feature, pairs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.options import shown, whole
from mispredict.core.results import Source, plain
from mispredict.core.schema import ColumnType
from mispredict.explain.explanation import Attribution, LocalExplanation
from mispredict.workspace.explaining import asking

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.explain.dependence import Dependence
    from mispredict.explain.explained import Explained
    from mispredict.explain.explanation import Explanation
    from mispredict.explain.interacting import Interactions
    from mispredict.workspace.explaining.explaining import Explaining

_ORDERED = (ColumnType.NUMERIC, ColumnType.DATETIME)
_PAIRED = 5  # features whose pairs are looked at where each costs calls of the model


class More:
    """The rows of an explanation, and how they were explained."""

    def __init__(self, work: Explaining, found: Explained) -> None:
        self._work, self._found = work, found

    def local(self, explanation: Explanation, row: int | None) -> LocalExplanation:
        """The attributions of one row."""
        found, of = self._found, self._work.of
        places = np.array([0]) if row is None else np.flatnonzero(found.rows == row)
        if not len(places):
            raise BadOption(
                f"row {shown(row)} is not among the explained ones.",
                known=f"They are {len(found):,}, the first of them row {int(found.rows[0])}.",
                hint=f"ev.explain(rows={row!r})",
            )
        at = int(places[0])
        number = int(found.rows[at])
        text = ""
        if found.tokens is not None:
            column = str(self._work.choice.explainer.facts["column"])
            text = str(of.table.column(column, True)[number].as_py() or "")
        return LocalExplanation(
            self._tokens(at) if found.tokens is not None else self._features(at, number),
            number,
            asking.id_of(of, number),
            plain(of.table.column("prediction")[number].as_py()),
            plain(asking.label_of(of, number)),
            float(found.base[at]),
            float(found.output[at]),
            explanation.about,
            Source(of.ref, f"row = {number}", 1),
            text,
        )

    def frame(self, explanation: Explanation, limit: int | None) -> pd.DataFrame:
        """Attributions of all rows, or of the first ones."""
        import pandas as pd

        found = self._found
        n = len(found) if limit is None else min(whole("limit", limit, 0), len(found))
        if found.tokens is not None:
            records = [
                (int(found.rows[at]), token.text, token.start, token.end, float(value))
                for at in range(n)
                for token, value in zip(found.tokens[at], found.weights[at], strict=True)
            ]
            return pd.DataFrame(records, columns=["row", "token", "start", "end", "attribution"])
        columns: dict[str, Any] = {"row": found.rows[:n]}
        columns |= {name: found.read(name)[:n] for name in found.features}
        return pd.DataFrame(columns).assign(base=found.base[:n], output=found.output[:n])

    def dependence(self, explanation: Explanation, feature: str, bins: int) -> Dependence:
        """The feature's values against its attributions."""
        import pyarrow as pa

        from mispredict.engine.encode import ENCODED_TYPES
        from mispredict.explain.dependence import find_dependence

        found, of = self._found, self._work.of
        if feature not in found.features:
            raise UnknownColumn.among(feature, found.features, where="the explanation")
        if of.fields.columns[feature] not in ENCODED_TYPES:
            raise BadOption(
                f"column {feature!r} has no values to set attributions against.",
                known=f"Its type is {of.fields.columns[feature]}.",
                hint="a numeric, categorical, boolean or datetime column",
            )
        return find_dependence(
            feature,
            of.table.column(feature, True).take(pa.array(found.rows)),
            found.read(feature),
            output=explanation.about.output,
            source=explanation.source,
            is_ordered=of.fields.columns[feature] in _ORDERED,
            bins=whole("bins", bins, 2, 100),
        )

    def interactions(self, explanation: Explanation, top: int, sample: int) -> Interactions:
        """Pairs of features that act together, on some of the rows."""
        from mispredict.explain.interacting import GRID, friedman, of_trees
        from mispredict.explain.trees.attributions import TreeExplainer

        found, work, top = self._found, self._work, whole("top", top, 1)
        if found.tokens is not None:
            raise BadOption(
                "interactions of tokens are not known.",
                known="They are measured between columns.",
                hint="explanation.interactions() of a model of several columns",
            )
        explainer, draw = work.choice.explainer, np.random.default_rng(work.seed)
        is_tree = isinstance(explainer, TreeExplainer)
        n = min(whole("sample", sample, 2) if is_tree else GRID, len(found))
        numbers = np.sort(draw.choice(found.rows, n, replace=False))
        source = replace(explanation.source, n=n)
        if isinstance(explainer, TreeExplainer):
            values = np.zeros((n, len(found.features), len(found.features)))
            targets = work.targets(numbers)
            for target in np.unique(targets).tolist():
                mine = targets == target
                values[mine] = explainer.interactions(work.frame(numbers[mine]), target)
            return of_trees(found.features, values, top=top, source=source)
        names = [row.feature for row in explanation.rows if row.importance > 0][:_PAIRED]
        chosen = [found.features.index(name) for name in names]
        return friedman(
            self._against_themselves(numbers), found.features, chosen, top=top, source=source
        )

    def _against_themselves(self, numbers: Any) -> Any:
        from mispredict.explain.games import TableGame
        from mispredict.explain.sampled import Asking

        work = self._work
        frame = work.frame(numbers)
        return Asking(work.subject, TableGame(frame, frame), work.targets(numbers))

    def _features(self, at: int, number: int) -> tuple[Attribution, ...]:
        found, table, rows = self._found, self._work.of.table, []
        for name in found.features:
            value = float(found.read(name)[at])
            half = float("nan") if found.error is None else float(found.error(name)[at])
            is_here = plain(table.column(name, True)[number].as_py())
            rows.append(Attribution(name, is_here, value, *_around(value, half)))
        return tuple(sorted(rows, key=lambda row: (-abs(row.attribution), row.feature)))

    def _tokens(self, at: int) -> tuple[Attribution, ...]:
        found, rows = self._found, []
        assert found.tokens is not None
        each = zip(found.tokens[at], found.weights[at], found.halves[at], strict=True)
        for token, value, half in each:
            low, high = _around(float(value), float(half))
            rows.append(
                Attribution(token.text, token.text, float(value), low, high, token.start, token.end)
            )
        return tuple(rows)


def _around(value: float, half: float) -> tuple[float, float]:
    """The interval; the value itself where nothing is sampled."""
    return (value, value) if np.isnan(half) else (value - half, value + half)
