"""Registries: where rooms and plugins meet.

A registry maps a name to an implementation, filled by a decorator, by the modules of our own
rooms (`homes`) and by the entry points of installed packages (group `mispredict.<kind>`). Both
are loaded at the first look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from mispredict.core.errors import BadOption, UnknownName

T = TypeVar("T")


class Registry(Generic[T]):
    """Named implementations of one kind of thing.

    Example:
        >>> shapes: Registry[type] = Registry("shape")
        >>> @shapes.register("square")
        ... class Square: ...
        >>> shapes["square"].__name__
        'Square'
    """

    def __init__(self, kind: str, *, homes: Sequence[str] = ()) -> None:
        """A registry of a `kind` of things; `homes` are modules that register some."""
        self.kind = kind
        self._homes = tuple(homes)
        self._items: dict[str, T] = {}
        self._is_loaded = False

    def register(self, name: str, *, replace: bool = False) -> Callable[[T], T]:
        """Decorator that adds what it decorates under `name`."""

        def add(item: T) -> T:
            if name in self._items and not replace:
                raise BadOption(
                    f"there is already a {self.kind} {name!r}.",
                    known=f"It is {self._items[name]!r}.",
                    hint="another name, or replace=True",
                )
            self._items[name] = item
            return item

        return add

    def __getitem__(self, name: str) -> T:
        self._load_plugins()
        if name not in self._items:
            raise UnknownName.of(self.kind, name, self._items)
        return self._items[name]

    def __contains__(self, name: object) -> bool:
        self._load_plugins()
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        self._load_plugins()
        return iter(sorted(self._items))

    def __len__(self) -> int:
        self._load_plugins()
        return len(self._items)

    def _load_plugins(self) -> None:
        if not self._is_loaded:
            self._is_loaded = True
            for home in self._homes:
                import_module(home)
            for point in entry_points(group=f"mispredict.{self.kind}"):
                point.load()
