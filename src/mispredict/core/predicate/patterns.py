r"""Regular expressions behind has(), words() and LIKE, in the part that RE2 and Java share.

A token character is a letter, a digit, `_` or `'`. A phrase is split at spaces; its parts
must follow one another with nothing but non-token characters between them, so that the
phrase `not good` is found in "not, good" just as a pair of tokens is.
"""

from __future__ import annotations

import re
from typing import Final

TOKEN: Final = r"[\p{L}\p{N}_']+"
_NOT_TOKEN: Final = r"[^\p{L}\p{N}_']"
_SPECIAL = re.compile(r"([!-/:-@\[-^`{-~])")


def phrase_pattern(phrase: str) -> str:
    """Pattern that is found in a text which holds the phrase, in any case, as whole tokens.

    Example:
        >>> phrase_pattern("refund")
        "(?i)(?:^|[^\\\\p{L}\\\\p{N}_'])refund(?:$|[^\\\\p{L}\\\\p{N}_'])"
    """
    parts = f"{_NOT_TOKEN}+".join(escaped(part) for part in phrase.split())
    return f"(?i)(?:^|{_NOT_TOKEN}){parts}(?:$|{_NOT_TOKEN})"


def like_pattern(pattern: str) -> str:
    """Pattern that is found in a text which LIKE matches; nothing escapes % and _."""
    wild = {"%": ".*", "_": "."}
    body = "".join(wild.get(letter) or escaped(letter) for letter in pattern)
    return rf"(?s)\A{body}\z"


def escaped(text: str) -> str:
    """The text as a pattern that matches it alone."""
    return _SPECIAL.sub(r"\\\1", text)
