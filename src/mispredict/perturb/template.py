"""Templates: sentences and rows with places that lexicons fill, and labels by rule.

The method is CheckList's (Ribeiro et al. 2020): a template, lexicons, an expectation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from mispredict.core.errors import BadOption
from mispredict.core.options import names as names_of
from mispredict.core.options import shown, whole
from mispredict.perturb.fills import Fill, Fills, filled, varied
from mispredict.perturb.slots import Slot, parsed, slots_of, words_of

if TYPE_CHECKING:
    import pandas as pd

Label: TypeAlias = "Any | Callable[[Mapping[str, Any]], Any]"
MOST = 200_000


@dataclass(frozen=True, eq=False)
class Template:
    """Sentences with places such as `{name}`; `fill` makes them whole.

    Attributes:
        texts: the columns of each variant, as they are written.
        slots: the places, with the words that may stand there.
        label: the right answer, or how it follows from what was filled in.
    """

    texts: tuple[Mapping[str, Any], ...]
    slots: Mapping[str, Slot]
    label: Label = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are made."""
        return tuple(dict.fromkeys(name for text in self.texts for name in text))

    @property
    def size(self) -> int:
        """How many fills there are."""
        return sum(_size(self._mine(text)) for text in self.texts)

    def fill(
        self,
        n: int | None = None,
        seed: int = 0,
        *,
        vary: str | None = None,
        data: pd.DataFrame | None = None,
    ) -> Fills:
        """Rows of the template: all there are, or so many different ones by chance.

        Args:
            n: how many rows; with `vary` how many sets of rows. None for all.
            seed: of the chance.
            vary: a place whose words are all tried in each set, the rest of the row being the
                same: the predictions of a set should then be the same too.
            data: rows whose values fill places such as `{column:City}`.

        Raises:
            BadOption: there are more than 200,000, none at all, or no such place.

        Example:
            >>> made = template("I {verb:positive} this {film}.", label="good")
            >>> len(made.fill()), made.fill(1).rows[0].values["text"]
            (80, 'I love this dialogue.')
        """
        whole("seed", seed, 0)
        if n is not None:
            whole("n", n, 1, MOST)
        if vary is not None and vary not in self.slots:
            raise BadOption.choice("vary", vary, self.slots)
        rows: list[Fill] = []
        texts = self._shares(n, vary, data)
        for number, (text, share) in enumerate(texts):
            slots = self._mine(text, data)
            first = rows[-1].set + 1 if rows else 0
            made = (
                filled(text, slots, share, seed + number, first)
                if vary is None
                else varied(text, slots, vary, share, seed + number, first)
            )
            rows += [self._labelled(fill) for fill in made]
        if not rows:
            raise BadOption(
                "the template has no row with different words at its places.",
                known="Places such as {name1} and {name2} never have the same word.",
                hint="more words, or fewer places of one lexicon",
            )
        return Fills(rows=tuple(rows), columns_made=self.columns, seed=seed, vary=vary or "")

    def _mine(
        self, text: Mapping[str, Any], data: pd.DataFrame | None = None
    ) -> Mapping[str, Slot]:
        names = {slot.name for value in text.values() for slot in parsed(value)}
        return {n: slot.with_data(data) for n, slot in self.slots.items() if n in names}

    def _shares(
        self, n: int | None, vary: str | None, data: pd.DataFrame | None
    ) -> list[tuple[Mapping[str, Any], int]]:
        """Of each variant, how many rows it gives: in proportion, at least one while they last."""
        sizes = []
        for text in self.texts:
            slots = self._mine(text, data)
            sizes.append(_size({key: s for key, s in slots.items() if key != vary}))
        total = sum(sizes)
        if n is None and total > MOST:
            raise BadOption(
                f"the template has {total:,} fills.",
                known=f"At most {MOST:,} are made at once.",
                hint="n=1000",
            )
        if n is None or n >= total:
            return list(zip(self.texts, sizes, strict=True))
        shares, left = [], n
        for place, size in enumerate(sizes):
            share = min(size, -(-left // (len(sizes) - place)))
            shares.append(share)
            left -= share
        return [(text, share) for text, share in zip(self.texts, shares, strict=True) if share]

    def _labelled(self, fill: Fill) -> Fill:
        return replace(fill, label=_label(self.label, fill))


def template(
    text: str | Mapping[str, Any] | Sequence[str | Mapping[str, Any]],
    *,
    label: Label = None,
    column: str = "text",
    **lexicons: Any,
) -> Template:
    """A template of texts or rows, with the words that fill it.

    `{name}` is a word of the lexicon `name`: one that is given here, or one of our own
    (`mispredict.perturb.lexicons.kinds()`). `{adjective:positive}` is of a group of it,
    `{name1}` and `{name2}` are two different words, `{a profession}` puts "a" or "an" before,
    and `{column:City}` is a value of the data.

    Args:
        text: a sentence, several, or rows as dictionaries from column to value. A value that is
            nothing but a place keeps the type of what fills it.
        label: the right answer; a function of what was filled in; or of a place the answers by
            word or group: `{"adjective": {"positive": 1, "negative": 0}}`.
        column: the column of sentences.
        lexicons: words by name: a list, or lists by group.

    Raises:
        BadOption: a place cannot be read.
        UnknownName: there is no such lexicon.

    Example:
        >>> made = template("{name} is {a profession}.", name=["Ana"], profession=["actor"])
        >>> made.fill().rows[0].values
        {'text': 'Ana is an actor.'}
    """
    given = [text] if isinstance(text, (str, Mapping)) else list(text)
    texts = tuple({column: item} if isinstance(item, str) else dict(item) for item in given)
    if not texts or not all(texts):
        raise BadOption("a template of nothing.", hint="'{name} is {a profession}.'")
    own = {name: words_of(name, words) for name, words in lexicons.items()}
    slots = slots_of([value for item in texts for value in item.values()], own)
    unused = [name for name in own if name not in {slot.kind for slot in slots.values()}]
    if unused:
        raise BadOption(
            f"the lexicon {unused[0]!r} has no place in the template.",
            known=f"Places: {', '.join(map(repr, slots)) or 'none'}.",
            hint=f"'{{{unused[0]}}}' in the text",
        )
    if isinstance(label, Mapping):
        _check_rule(label, slots)
    return Template(texts, slots, label)


def _size(slots: Mapping[str, Slot]) -> int:
    size = 1
    for slot in slots.values():
        size *= max(len(slot.words), 1)
    return size


def _label(label: Label, fill: Fill) -> Any:
    if callable(label):
        return label(fill.words)
    if not isinstance(label, Mapping):
        return label
    for name, answers in label.items():
        for key in (fill.words.get(name), fill.groups.get(name)):
            if key in answers:
                return answers[key]
    return None


def _check_rule(label: Mapping[str, Any], slots: Mapping[str, Slot]) -> None:
    for name, answers in label.items():
        if name not in slots:
            raise BadOption.choice("label", name, slots)
        if not isinstance(answers, Mapping):
            raise BadOption(
                f"label={shown(dict(label))} cannot be used.",
                known="A rule gives, of a place, the answer for each of its words or groups.",
                hint=f"label={{{name!r}: {{'positive': 1, 'negative': 0}}}}",
            )
        slot = slots[name]
        names_of("label", [str(key) for key in answers])
        known = {*slot.words, *slot.groups}
        for key in answers:
            if key not in known:
                raise BadOption.choice(
                    f"label[{name!r}]", key, map(str, dict.fromkeys(slot.groups))
                )
