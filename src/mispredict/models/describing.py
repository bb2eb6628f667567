"""What an object in memory is: its class, libraries, parameters, and a hash of it."""

from __future__ import annotations

import hashlib
import inspect
import io
import pickle
import sys
import types
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.ids import hash_bytes, hash_json
from mispredict.core.results import plain

_LONGEST = 200
_ADDRESS = "_stop_words_id"  # where scikit-learn's vectorizers keep an address in memory


def class_name(value: object) -> str:
    """Module and name of the object's class."""
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}"


def libraries(modules: Iterable[str]) -> dict[str, str]:
    """Version of each installed package that the modules belong to."""
    found: dict[str, str] = {}
    owners = _owners()
    for module in {name.split(".")[0] for name in modules}:
        for package in owners.get(module, []):
            try:
                found[package] = version(package)
            except PackageNotFoundError:  # removed since the interpreter started
                continue
    return dict(sorted(found.items()))


@cache
def _owners() -> Mapping[str, list[str]]:
    """Packages by the modules they bring; reading all of their records takes a while."""
    return packages_distributions()


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

    What pickle writes is hashed, with arrays by their values alone: joblib's hash also
    depends on their strides, which loading a file changes. Pickle knows functions and
    classes by name, so the files that define those are hashed too; None where there is no
    file, as in a notebook, or where the object cannot be pickled.
    """
    hashing = _Hashing()
    try:
        hashing.dump(value)
        sources = _sources(hashing.modules)
    except Exception:  # noqa: BLE001 - pickling runs the object's own code
        return None
    return None if sources is None else hash_json([hashing.hexdigest(), sources, plain(options)])


def source_hash(function: object) -> str | None:
    """First letters of the hash of a function's own source text; None where there is none."""
    found = inspect.unwrap(function) if callable(function) else function
    is_plain = inspect.isroutine(found) or isinstance(found, type)
    try:
        text = inspect.getsource(found if is_plain else type(found))  # type: ignore[arg-type]
    except (OSError, TypeError):
        return None
    return hash_bytes(text.encode())[:12]


def likeness(value: object) -> str | None:
    """Hash by which versions of an object that cannot be hashed whole are told apart, or None.

    Of a function the code, its defaults and what it closes over, of other objects what pickle
    writes. Two that differ in what they call elsewhere are taken for one, so that answers must
    not be kept by it.
    """
    code = getattr(value, "__code__", None)
    if code is not None:
        cells = [cell.cell_contents for cell in getattr(value, "__closure__", None) or ()]
        with_state = [getattr(value, "__defaults__", None), cells]
        return hash_json([_code(code), *(_pickled(item) for item in with_state)])
    return _pickled(value) or None


def _code(code: types.CodeType) -> list[Any]:
    """What a function does, without where it stands."""
    inner = [
        _code(item) if isinstance(item, types.CodeType) else repr(item) for item in code.co_consts
    ]
    return [code.co_code.hex(), list(code.co_names), inner]


def _pickled(value: object) -> str:
    hashing = _Hashing()
    try:
        hashing.dump(value)
    except Exception:  # noqa: BLE001 - pickling runs the object's own code
        return ""
    return hashing.hexdigest()


def _parameter(value: object) -> Any:
    if hasattr(value, "get_params"):
        return class_name(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return plain(value)
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_CYTHON = "_cython_"


class _Hashing(pickle.Pickler):
    """Hashes what it would write, and notes the modules of all classes and functions in it."""

    def __init__(self) -> None:
        self._sink = _HashSink()
        super().__init__(self._sink, protocol=5)
        self.fast = True  # no memo, in which equal texts count as one only if interned
        self.modules: set[str] = set()

    def hexdigest(self) -> str:
        return self._sink.hash.hexdigest()

    def reducer_override(self, value: Any) -> Any:
        is_named = isinstance(value, (type, types.FunctionType))
        self.modules.add(value.__module__ if is_named else type(value).__module__)
        if isinstance(value, np.ndarray):
            return str, _array_parts(value)
        if isinstance(value, np.dtype):
            return str, (repr(value),)
        state = getattr(value, "__dict__", {})
        if not is_named and _ADDRESS in state:
            return type(value), (), {name: state[name] for name in state if name != _ADDRESS}
        return NotImplemented


class _HashSink(io.RawIOBase):
    def __init__(self) -> None:
        self.hash = hashlib.sha256()

    def write(self, data: Any) -> int:
        self.hash.update(data)
        return memoryview(data).nbytes


def _array_parts(array: npt.NDArray[Any]) -> tuple[object, ...]:
    """Type, shape and values, without the bytes between the fields of records."""
    about = (repr(array.dtype), array.shape)
    if array.dtype.names:
        return (*about, *(_array_parts(array[name]) for name in array.dtype.names))
    if array.dtype.hasobject:
        return (*about, array.tolist())
    return (*about, hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest())


def _sources(modules: set[str]) -> list[list[str]] | None:
    """Library versions and hashes of the user's files that the modules stand for."""
    installed = _owners()
    found: list[list[str]] = [list(item) for item in libraries(modules).items()]
    for name in sorted(modules):
        top = name.split(".")[0]
        if top.startswith(_CYTHON):  # what compiled classes share, named by its version
            found.append([name, ""])
            continue
        if top in sys.stdlib_module_names or (top in installed and name != "__main__"):
            continue
        file = getattr(sys.modules.get(name), "__file__", None)
        if name == "__main__" or file is None:
            return None
        found.append([name, hash_bytes(Path(file).read_bytes())])
    return found
