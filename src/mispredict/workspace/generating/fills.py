"""Templates as people look at them: their places, some fills, and what the model says of those."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from mispredict.core.errors import BadOption, UnknownColumn, UnknownName
from mispredict.core.results import Result
from mispredict.core.schema import ColumnType
from mispredict.core.words import counted
from mispredict.metrics.intervals import wilson
from mispredict.workspace.explaining.asking import Bounds, Given, Inputs, inputs_of, row_numbers
from mispredict.workspace.generating.generating import inputs_or_given
from mispredict.workspace.perturbing.fills import fills_of
from mispredict.workspace.perturbing.perturbing import ask, voiced

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.perturb.fills import Fill, Fills
    from mispredict.perturb.template import Template
    from mispredict.workspace.evaluation import Evaluation

MOST = 100_000  # rows that are made at once
_SHOWN_WORDS = 200
_TAKEN = ("text", "label", "column")


@dataclass(frozen=True)
class TemplateWish:
    """A template as somebody wrote it: sentences, or a row by column, and what is expected."""

    template: str | Sequence[str] | Mapping[str, str]
    column: str | None = None
    lexicons: Mapping[str, Sequence[Any]] | None = None
    label: Any = None
    labels: Mapping[str, Any] | None = None
    by: str | None = None
    vary: str | None = None
    where: str | None = None

    @property
    def rule(self) -> Any:
        """The right answer, or how it follows from a place."""
        return self.label if self.labels is None else {str(self.by): dict(self.labels)}


@dataclass(frozen=True, slots=True)
class TemplateSlot:
    """A place of a template and what may stand there; `words` are the first ones."""

    name: str
    kind: str
    column: str
    n: int
    words: tuple[Any, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row that a template gave and what the model says of it.

    `holds` says whether that is the label, or with a place that is varied the answer of most
    others of its set; null where nothing is expected or the model was not asked.
    """

    set: int
    values: dict[str, Any]
    words: dict[str, Any]
    label: Any
    prediction: Any
    probability: float
    holds: bool | None


@dataclass(frozen=True)
class FilledPreview(Result):
    """Some rows of a template; `share` of all `n` that hold, with its interval.

    With a place that is varied, `share` is of the sets in which all rows get one answer, of
    which there are `tests`.
    """

    rows: tuple[FilledRow, ...]
    columns_made: tuple[str, ...]
    slots: tuple[TemplateSlot, ...]
    size: int
    n: int
    is_asked: bool
    tests: int
    held: int
    share: float
    low: float
    high: float
    sentence: str
    seconds: float

    row_type: ClassVar[type] = FilledRow
    title: ClassVar[str] = "Filled template"


@dataclass(frozen=True, slots=True)
class LexiconGroup:
    """A group of a lexicon with its first words."""

    name: str
    n: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A lexicon: how many words it has, by group."""

    name: str
    n: int
    groups: tuple[LexiconGroup, ...]


@dataclass(frozen=True)
class LexiconList(Result):
    """The lexicons that templates can be filled from."""

    rows: tuple[LexiconEntry, ...]

    row_type: ClassVar[type] = LexiconEntry
    title: ClassVar[str] = "Lexicons"


def lexicon_list() -> LexiconList:
    """The lexicons that come with mispredict, by name."""
    from mispredict.perturb.lexicons import groups, kinds

    rows = []
    for kind in kinds():
        found = groups(kind)
        entries = tuple(
            LexiconGroup(name, len(words), tuple(words[:_SHOWN_WORDS]))
            for name, words in found.items()
        )
        words = {word for group in found.values() for word in group}
        rows.append(LexiconEntry(kind, len(words), entries))
    return LexiconList(tuple(rows))


def template_of(of: Evaluation, wish: TemplateWish, *, trust: bool = False) -> Template:
    """The template, with its sentences in the column that takes them.

    Raises:
        BadOption: a place cannot be read, or it is not said what is expected.
        UnknownColumn: a column of the row that there is not.
        UnknownName: there is no such lexicon or class.
    """
    from mispredict.perturb.template import template

    if (wish.labels is None) != (wish.by is None):
        raise BadOption("labels go by a place.", hint="by='adjective', labels={'positive': 'good'}")
    _check_classes(of, [wish.label, *(wish.labels or {}).values()])
    own: dict[str, Any] = dict(wish.lexicons or {})
    for name in own:
        if not name.isidentifier() or name in _TAKEN:
            raise BadOption(
                f"{name!r} is no name of a lexicon.",
                known="It is a word of letters, digits and _, such as stands in the template.",
                hint="'dish', for {dish}",
            )
    given = inputs_or_given(of, trust=trust)
    if isinstance(wish.template, Mapping):
        for name in wish.template:
            if name not in given.types:
                raise UnknownColumn.among(name, given.types, where="the inputs")
        return template(dict(wish.template), label=wish.rule, **own)
    column = column_of(given, wish.column)
    return template(wish.template, label=wish.rule, column=column, **own)


def _check_classes(of: Evaluation, labels: Sequence[Any]) -> None:
    """Raise for a label that is no class: no row could ever get it."""
    known = {str(name): name for name in of.task.classes if of.task.is_classification}
    for label in labels:
        if known and label is not None and str(label) not in known:
            raise UnknownName.of("class", str(label), [*known])


def column_of(given: Given, name: str | None) -> str:
    """The text column that sentences are for: the one that is named, or the only one."""
    texts = [
        column
        for column, kind in given.types.items()
        if kind is ColumnType.TEXT and (given.used is None or column in given.used)
    ]
    if name is not None:
        if name not in given.types:
            raise UnknownColumn.among(name, given.types, where="the inputs")
        return name
    if len(texts) == 1:
        return texts[0]
    raise BadOption(
        "a template of sentences needs to know its column.",
        known=f"Text columns: {', '.join(texts)}." if texts else "The model takes no texts.",
        hint=f"column={texts[0]!r}" if texts else "a row: {'Age': '{age}'}",
    )


def filled_of(
    of: Evaluation, wish: TemplateWish, n: int, *, seed: int = 0, trust: bool = False
) -> tuple[Template, Fills]:
    """The template and so many rows of it (sets of rows, where a place is varied)."""
    made = template_of(of, wish, trust=trust)
    if wish.vary is not None and wish.vary in made.slots:
        made_at_once = n * max(len(made.slots[wish.vary].words), 1)
        if made_at_once > MOST:
            raise BadOption(
                f"that would be {counted(made_at_once, 'row')}.",
                known=f"At most {MOST:,} are made at once: n times the words of {wish.vary!r}.",
                hint="a smaller n",
            )
    fills = fills_of(
        of, made, n, vary=wish.vary, where=wish.where, label=None, seed=seed, lexicons={}
    )
    return made, fills


def filled_preview(
    of: Evaluation,
    wish: TemplateWish,
    n: int,
    bounds: Bounds,
    *,
    shown: int = 20,
    is_asked: bool = True,
) -> FilledPreview:
    """Rows of a template and, where the model is asked, whether they get what is expected."""
    started = time.perf_counter()
    made, fills = filled_of(of, wish, n, seed=bounds.seed, trust=bounds.trust)
    rows = [FilledRow(f.set, f.values, f.words, f.label, None, math.nan, None) for f in fills.rows]
    if is_asked and rows:
        inputs = inputs_of(of, trust=bounds.trust)
        rows = _asked(inputs, fills, rows, bounds, wish.where)
    tests, held = _counted(rows, is_varied=wish.vary is not None)
    interval = wilson(held, tests) if tests else None
    if len(rows) > shown:
        rows.sort(key=lambda row: row.holds is not False)
    return FilledPreview(
        rows=tuple(rows[:shown]),
        columns_made=fills.columns_made,
        slots=tuple(_slots(made, fills.rows)),
        size=_size(made, fills.rows),
        n=len(fills.rows),
        is_asked=is_asked,
        tests=tests,
        held=held,
        share=held / tests if tests else math.nan,
        low=interval.low if interval else math.nan,
        high=interval.high if interval else math.nan,
        sentence=_sentence(wish, len(fills.rows), tests, held, is_asked),
        seconds=time.perf_counter() - started,
    )


def frame_of_fills(
    inputs: Given, fills: Fills, seed: int, where: str | None = None
) -> pd.DataFrame:
    """The rows as the model is given them; columns that are not made are of real rows (`where`)."""
    real = row_numbers(inputs.of, None, where, None, seed)
    sets = np.array([row.set for row in fills.rows])
    others = np.random.default_rng(seed).integers(0, len(real), int(sets.max()) + 1)
    frame = inputs.frame(real[others][sets]).reset_index(drop=True)
    for name in fills.columns_made:
        frame[name] = typed(inputs, name, [row.values.get(name) for row in fills.rows])
    return frame


def typed(inputs: Given, name: str, values: list[Any]) -> Any:
    """The values in the column's type: what people type in a field are texts."""
    import pandas as pd

    kind = inputs.types.get(name)
    series = pd.Series(values)
    if kind is ColumnType.NUMERIC:
        numbers = pd.to_numeric(series, errors="coerce")
        wrong = series[numbers.isna() & series.notna()]
        if len(wrong):
            raise BadOption(
                f"{wrong.iloc[0]!r} is no number.",
                known=f"The column {name!r} has numbers.",
                hint=f"{{column:{name}}}, or a lexicon of numbers",
            )
        return numbers
    if kind is ColumnType.BOOLEAN:
        known = {"true": True, "false": False, "1": True, "0": False}
        return series.map(lambda v: known.get(str(v).lower(), v)).to_numpy()
    return series.to_numpy(dtype=object)


def _asked(
    inputs: Inputs, fills: Fills, rows: list[FilledRow], bounds: Bounds, where: str | None
) -> list[FilledRow]:
    said = ask(inputs, frame_of_fills(inputs, fills, bounds.seed, where), bounds)
    voice = voiced(said, said.codes)
    answers = voice.predictions
    expected: list[Any] = [row.label for row in rows]
    if fills.vary:
        expected = _usual(rows, answers)
    return [
        replace(
            row,
            prediction=answer,
            probability=float(chance),
            holds=None if answer is None or wanted is None else _same(answer, wanted),
        )
        for row, answer, chance, wanted in zip(
            rows, answers, voice.probabilities, expected, strict=True
        )
    ]


def _usual(rows: Sequence[FilledRow], answers: Sequence[Any]) -> list[Any]:
    """Of each row the answer that most rows of its set get."""
    counts: dict[int, dict[Any, int]] = {}
    for row, answer in zip(rows, answers, strict=True):
        if answer is not None:
            found = counts.setdefault(row.set, {})
            found[answer] = found.get(answer, 0) + 1
    most = {number: max(found, key=lambda a: found[a]) for number, found in counts.items()}
    return [most.get(row.set) for row in rows]


def _same(answer: Any, wanted: Any) -> bool:
    """Whether they are the same class; a label that was typed in is a text."""
    return bool(answer == wanted or str(answer) == str(wanted))


def _counted(rows: Sequence[FilledRow], *, is_varied: bool) -> tuple[int, int]:
    known = [row for row in rows if row.holds is not None]
    if not is_varied:
        return len(known), sum(bool(row.holds) for row in known)
    sets: dict[int, bool] = {}
    for row in known:
        sets[row.set] = sets.get(row.set, True) and bool(row.holds)
    return len(sets), sum(sets.values())


def _slots(made: Template, rows: Sequence[Fill]) -> list[TemplateSlot]:
    found = []
    for slot in made.slots.values():
        words = slot.words
        if slot.column:
            words = tuple(
                dict.fromkeys(row.words[slot.name] for row in rows if slot.name in row.words)
            )
        groups = tuple(dict.fromkeys(group for group in slot.groups if group))
        shown = tuple(words[:_SHOWN_WORDS])
        found.append(TemplateSlot(slot.name, slot.kind, slot.column, len(words), shown, groups))
    return found


def _size(made: Template, rows: Sequence[Fill]) -> int:
    """How many fills there are, as far as that is known without the data."""
    return len(rows) if any(slot.column for slot in made.slots.values()) else made.size


def _sentence(wish: TemplateWish, n: int, tests: int, held: int, is_asked: bool) -> str:
    if not is_asked or not tests:
        return f"{counted(n, 'row')} of the template."
    verb = "gets" if held == 1 else "get"
    if wish.vary is not None:
        sets = counted(tests, "set")
        return f"{held:,} of {sets} {verb} one answer, whatever stands for {wish.vary}."
    return f"{held:,} of {counted(tests, 'row')} {verb} the answer that is expected."
