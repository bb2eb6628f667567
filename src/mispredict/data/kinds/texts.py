"""Kinds about the texts and names of a column."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.predicate import one_of
from mispredict.core.words import counted
from mispredict.data.languages import CODES, language_of
from mispredict.data.rows import examples, rows_where
from mispredict.data.share import ShareKind, with_where
from mispredict.data.values import by_value, counts, known, texts
from mispredict.expectations.bounds import Bound
from mispredict.expectations.bounds import share as share_holding
from mispredict.expectations.check import check_kind
from mispredict.expectations.data import DataKind
from mispredict.expectations.options import option

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.expectations.data import DataView
    from mispredict.expectations.verdict import Judged

# UTF-8 that was read as Latin-1 or Windows-1252, and what stands for bytes that were lost.
DAMAGE = (
    "\ufffd|Ã[\u0080-\u00bf\u2018-\u203a\u20ac\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u02c6\u02dc]"
    "|â[\u0080\u20ac][\u0098-\u009f\u2018-\u203a\u0153\u02dc\u2122\u00a6\u0080-\u0094]"
    "|Â[\u00a0-\u00bf]|ð\u0178|\u00ef\u00bb\u00bf|\u00ef\u00bf\u00bd"
)
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}\x{feff}]"
SPACES = r"^\s|\s$|\s\s"


@dataclass(frozen=True, kw_only=True)
class _Matching(ShareKind):
    """Few texts of a column are of some kind.

    Attributes:
        column: of texts or names.
    """

    column: str = option(column=True)

    def judged(
        self,
        data: DataView,
        judge: Callable[[pa.Array], Any],
        subject: str,
        *,
        cohort: Any = None,
        more: str = "",
    ) -> Judged:
        """The verdict on the texts that `judge` picks."""
        texts(data, self.column)
        bad = by_value(data, self.column, judge)
        return self.share(
            data,
            bad,
            f"The share of {self.column} {subject}",
            [self.column],
            cohort=cohort,
            looked_at=known(data, self.column),
            more=more,
        )


@check_kind("pattern")
@dataclass(frozen=True, kw_only=True)
class Pattern(_Matching):
    """Every text of a column matches a regular expression, or none does.

    Attributes:
        regex: in the syntax of RE2; the whole text must match.
        inside: whether it is enough that a part of the text matches.
        negate: whether texts must not match.
    """

    regex: str = option()
    inside: bool = False
    negate: bool = False

    def validate(self) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        try:
            pc.match_substring_regex(pa.array(["x"]), self._whole)
        except pa.ArrowInvalid as error:
            raise BadOption(
                f"regex={self.regex!r:.80} is no regular expression.",
                known=str(error).split("\n")[0][:200],
                hint="regex='[A-Z]{2}[0-9]{4}'",
            ) from error

    def judge_data(self, data: DataView, seed: int) -> Judged:
        import pyarrow.compute as pc

        def judge(some: pa.Array) -> Any:
            is_match = pc.match_substring_regex(some, self._whole)
            return is_match if self.negate else pc.invert(is_match)

        verb = "matches" if self.negate else "does not match"
        return self.judged(data, judge, f"that {verb} {self.regex!r:.60}")

    @property
    def _whole(self) -> str:
        return self.regex if self.inside else rf"\A(?:{self.regex})\z"


@check_kind("text_length")
@dataclass(frozen=True, kw_only=True)
class TextLength(_Matching):
    """The texts of a column are neither too short nor too long, in letters.

    Attributes:
        low: the least good number of letters.
        high: the largest.
    """

    low: int | None = option(None, minimum=0)
    high: int | None = option(None, minimum=0)

    def validate(self) -> None:
        _needs_end(self, "letters")

    def judge_data(self, data: DataView, seed: int) -> Judged:
        import pyarrow.compute as pc

        said = f"with other than {_span(self.low, self.high)} letters"
        return self.judged(data, lambda some: _outside(pc.utf8_length(some), self), said)


@check_kind("words")
@dataclass(frozen=True, kw_only=True)
class Words(_Matching):
    """The texts of a column have neither too few nor too many words.

    Attributes:
        low: the least good number of words.
        high: the largest.
    """

    low: int | None = option(None, minimum=0)
    high: int | None = option(None, minimum=0)

    def validate(self) -> None:
        _needs_end(self, "words")

    def judge_data(self, data: DataView, seed: int) -> Judged:
        import pyarrow.compute as pc

        said = f"with other than {_span(self.low, self.high)} words"
        return self.judged(
            data, lambda some: _outside(pc.count_substring_regex(some, r"\S+"), self), said
        )


@check_kind("whitespace")
@dataclass(frozen=True, kw_only=True)
class Whitespace(_Matching):
    """The texts of a column are not empty, and neither begin nor end with a space.

    Attributes:
        double: whether two spaces beside each other are bad too.
    """

    double: bool = False

    def judge_data(self, data: DataView, seed: int) -> Judged:
        import pyarrow.compute as pc

        def judge(some: pa.Array) -> Any:
            trimmed = pc.utf8_trim_whitespace(some)
            bad = pc.or_(
                pc.not_equal(pc.binary_length(trimmed), pc.binary_length(some)),
                pc.equal(pc.binary_length(some), 0),
            )
            return pc.or_(bad, pc.match_substring(some, "  ")) if self.double else bad

        return self.judged(data, judge, "that is empty or has spaces around it")


@check_kind("encoding_damage")
@dataclass(frozen=True, kw_only=True)
class EncodingDamage(_Matching):
    """The texts of a column were read with the right encoding: no "Ã©" for "é", no "�"."""

    def judge_data(self, data: DataView, seed: int) -> Judged:
        return self.judged(data, damaged, "that was read with a wrong encoding")


@check_kind("special_characters")
@dataclass(frozen=True, kw_only=True)
class SpecialCharacters(_Matching):
    """The texts of a column have no control characters, invisible ones or marks of direction."""

    def judge_data(self, data: DataView, seed: int) -> Judged:
        import pyarrow.compute as pc

        return self.judged(
            data,
            lambda some: pc.match_substring_regex(some, CONTROL),
            "with a control or invisible character",
        )


@check_kind("spelling_variants")
@dataclass(frozen=True, kw_only=True)
class SpellingVariants(ShareKind):
    """The names of a column do not differ by case, spaces and signs alone.

    The commonest spelling of each name is right, all others count.

    Attributes:
        column: of names.
    """

    column: str = option(column=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        import pyarrow as pa
        import pyarrow.compute as pc

        texts(data, self.column)
        bad, pairs = variants(data, self.column)
        said = ", ".join(f"{wrong!r} for {right!r}" for wrong, right in pairs[:4])
        names = [wrong for wrong, _ in pairs]
        mask = np.zeros(data.n, dtype=bool)
        if names:
            wanted = pa.array(names, data.column(self.column).type)
            mask = by_value(data, self.column, lambda some: pc.is_in(some, value_set=wanted))
        del bad
        return self.share(
            data,
            mask,
            f"The share of {self.column} that is another spelling of a commoner name",
            [self.column],
            cohort=one_of(self.column, names) if 0 < len(names) <= 50 else None,
            looked_at=known(data, self.column),
            more=f"Found: {said}." if said else "",
        )


@check_kind("mixed_types")
@dataclass(frozen=True, kw_only=True)
class MixedTypes(ShareKind):
    """A column of names holds numbers or words, not some of both.

    The rarer of the two counts.

    Attributes:
        column: of names.
    """

    column: str = option(column=True)
    max: float = option(0.0, minimum=0, maximum=1)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        texts(data, self.column)
        bad, noun = mixed(data, self.column)
        return self.share(
            data,
            bad,
            f"The share of {self.column} that is {noun} among others",
            [self.column],
            looked_at=known(data, self.column),
        )


@check_kind("language")
@dataclass(frozen=True, kw_only=True)
class Language(DataKind):
    """The texts of a column are in the languages that are expected.

    Languages are told by their script and their commonest words; texts that say too little are
    left out. A sample is looked at, so that the share has an interval.

    Attributes:
        column: of texts.
        expected: codes of the good languages, such as `en`.
        max: the largest share of texts in another one.
        sample: most texts to look at.
        where: the cohort; all rows when left out.
    """

    column: str = option(column=True)
    expected: tuple[str, ...] = option(("en",))
    max: float = option(0.05, minimum=0, maximum=1)
    sample: int = option(10_000, minimum=1)
    where: str | None = option(None, cohort=True)

    def validate(self) -> None:
        for code in self.expected:
            if code not in CODES:
                raise BadOption.choice("expected", code, CODES)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        texts(data, self.column)
        rows = np.flatnonzero(data.mask(self.where) & known(data, self.column))
        is_whole = len(rows) <= self.sample
        if not is_whole:
            rows = np.sort(np.random.default_rng(seed).choice(rows, self.sample, replace=False))
        said = [language_of(text) for text in data.take([self.column], rows)[0].to_pylist()]
        told = np.array([code != "" for code in said], dtype=bool)
        bad = np.array([code not in ("", *self.expected) for code in said], dtype=bool)
        found = share_holding(bad[told])
        others = dict.fromkeys(code for code in said if code not in ("", *self.expected))
        wrong = rows[bad]
        judged = Bound(high=self.max, is_exact=is_whole).judged(
            found,
            f"The share of {self.column} not in {', '.join(self.expected)}",
            more=f"Found: {', '.join(list(others)[:6])}." if others else "",
            examples=examples(
                data, wrong, [self.column], notes=[code for code in said if code in others]
            ),
            failing=len(wrong),
        )
        return with_where(judged, rows_where(wrong))


def damaged(some: pa.Array) -> Any:
    """Which texts were read with a wrong encoding; only those beyond ASCII are looked into."""
    import pyarrow.compute as pc

    is_wide = pc.not_equal(pc.utf8_length(some), pc.binary_length(some))
    if not pc.any(is_wide).as_py():
        return is_wide
    return pc.match_substring_regex(pc.if_else(is_wide, some, ""), DAMAGE)


def variants(data: DataView, column: str) -> tuple[bool, list[tuple[str, str]]]:
    """Spellings with the commoner name that each stands for, of a column of not too many names."""
    found = counts(data, column)
    if len(found) > 20_000:
        return False, []
    first: dict[str, str] = {}
    pairs = []
    for name in found.values.to_pylist():  # the commonest first
        key = re.sub(r"[\W_]+", "", name.casefold())
        right = first.setdefault(key, name) if key else name
        if right != name:
            pairs.append((name, right))
    return bool(pairs), pairs


def mixed(data: DataView, column: str) -> tuple[Any, str]:
    """The rows of the rarer kind where a column has numbers and words, and what they are."""
    import pyarrow.compute as pc

    pattern = r"^\s*[-+]?[0-9]+([.,][0-9]+)?\s*$"
    numbers = by_value(data, column, lambda some: pc.match_substring_regex(some, pattern))
    there = known(data, column)
    is_number_rarer = numbers.sum() * 2 <= there.sum()
    return (numbers, "a number") if is_number_rarer else (there & ~numbers, "a word")


def _outside(numbers: Any, ends: Any) -> Any:
    import pyarrow.compute as pc

    bad = pc.less(numbers, -1)
    bad = bad if ends.low is None else pc.or_(bad, pc.less(numbers, ends.low))
    return bad if ends.high is None else pc.or_(bad, pc.greater(numbers, ends.high))


def _span(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return f"at most {high:,}" if low is None else f"at least {low:,}"
    return f"{low:,} to {high:,}"


def _needs_end(kind: Any, unit: str) -> None:
    if kind.low is None and kind.high is None:
        raise BadOption(
            f"a number of {unit} in {kind.column} needs an end.",
            known="Neither low nor high is given.",
            hint="low=1",
        )


NOUNS = counted
