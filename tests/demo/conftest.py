"""What the demo tests share: data of the real registries, or a skip where there is no way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest

from mispredict.core.errors import BadDataset, MissingExtra

T = TypeVar("T")


@pytest.fixture(scope="session")
def online() -> Callable[[Callable[[], T]], T]:
    """Function that calls a function which fetches, and skips the test when offline."""

    def call(fetching: Callable[[], T]) -> T:
        try:
            return fetching()
        except MissingExtra as error:
            pytest.skip(error.problem)
        except BadDataset as error:
            if "could not be downloaded" not in error.problem:
                raise
            pytest.skip(error.problem)

    return call
