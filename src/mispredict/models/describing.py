"""What an object in memory is: its class, libraries, parameters, and a hash of it."""

from __future__ import annotations

import io
import pickle
import sys
import types
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from typing import Any

from mispredict.core.ids import hash_bytes, hash_json
from mispredict.core.results import plain

_LONGEST = 200


def class_name(value: object) -> str:
    """Module and name of the object's class."""
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}"


def libraries(modules: Iterable[str]) -> dict[str, str]:
    """Version of each installed package that the modules belong to."""
    found: dict[str, str] = {}
    owners = packages_distributions()
    for module in {name.split(".")[0] for name in modules}:
        for package in owners.get(module, []):
            try:
                found[package] = version(package)
            except PackageNotFoundError:  # removed since the interpreter started
                continue
    return dict(sorted(found.items()))


def parameters(estimator: Any) -> dict[str, Any]:
    """The estimator's parameters as JSON values; nested estimators by their class."""
    if not hasattr(estimator, "get_params"):
        return {}
    try:
        values = estimator.get_params(deep=True)
    except (TypeError, ValueError, AttributeError):
        return {}
    return {str(name): _parameter(value) for name, value in sorted(values.items())}


def content_hash(value: object, *options: object) -> str | None:
    """Hash of the object and its options that is equal in every process, or None.

    joblib's hash does not depend on the order of sets or on interned text, as pickle's bytes
    do. But it knows functions and classes by name alone, so the files that define those are
    hashed too; None where there is no file, as in a notebook, or the object has no hash.
    """
    import joblib  # type: ignore[import-untyped]

    try:
        modules = _modules(value)
        sources = _sources(modules)
        if sources is None:
            return None
        return hash_json([joblib.hash(value), sources, plain(options)])
    except Exception:  # noqa: BLE001 - pickling runs the object's own code
        return None


def _parameter(value: object) -> Any:
    if hasattr(value, "get_params"):
        return class_name(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return plain(value)
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


class _Globals(pickle.Pickler):
    """Notes the modules of all functions and classes in what it pickles."""

    def __init__(self) -> None:
        super().__init__(_Nowhere(), protocol=pickle.HIGHEST_PROTOCOL)
        self.modules: set[str] = set()

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, (type, types.FunctionType)):
            self.modules.add(value.__module__)
        else:
            self.modules.add(type(value).__module__)
        return NotImplemented


class _Nowhere(io.RawIOBase):
    def write(self, data: Any) -> int:
        return memoryview(data).nbytes


def _modules(value: object) -> set[str]:
    noting = _Globals()
    noting.dump(value)
    return noting.modules


def _sources(modules: set[str]) -> list[list[str]] | None:
    """Library versions and hashes of the user's files that the modules stand for."""
    installed = packages_distributions()
    found: list[list[str]] = [list(item) for item in libraries(modules).items()]
    for name in sorted(modules):
        top = name.split(".")[0]
        if top in sys.stdlib_module_names or (top in installed and name != "__main__"):
            continue
        file = getattr(sys.modules.get(name), "__file__", None)
        if name == "__main__" or file is None:
            return None
        found.append([name, hash_bytes(Path(file).read_bytes())])
    return found
