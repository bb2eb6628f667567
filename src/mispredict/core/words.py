"""Numbers of things as people say them."""

from __future__ import annotations


def counted(count: int, noun: str, nouns: str = "") -> str:
    """A number of things in words; `nouns` where they are not the noun with an s.

    Example:
        >>> counted(1, "row"), counted(2000, "row"), counted(0, "class", "classes")
        ('1 row', '2,000 rows', '0 classes')
    """
    return f"{count:,} {noun if count == 1 else nouns or f'{noun}s'}"
