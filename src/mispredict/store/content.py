"""A hash of what an Arrow table says, whoever wrote it and in whatever pieces.

The bytes of a Parquet file change with the version of its writer. This hash does not: it is taken
from names, logical types and values; memory layout (offsets, bytes under nulls, dictionary or
plain, 32- or 64-bit string offsets) and schema metadata do not count.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa


class ContentHash:
    """A running hash over record batches of one schema; the cuts between batches count."""

    def __init__(self, schema: pa.Schema) -> None:
        self._hash = hashlib.sha256(b"mispredict table 1\n")
        for field in schema:
            self._text(f"{field.name}\0{logical_type(field.type)}")

    def update(self, batch: pa.RecordBatch) -> None:
        self._number(batch.num_rows)
        for column in batch.columns:
            self._array(column)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()

    def _array(self, array: Any) -> None:
        import pyarrow as pa
        import pyarrow.types as kinds

        array = _plain(array)
        kind = array.type
        self._validity(array)
        if kinds.is_boolean(kind):
            self._fixed(array.cast(pa.uint8()), 1)
        elif _is_text(kind):
            self._strings(array)
        elif kinds.is_struct(kind):
            for child in array.flatten():
                self._array(child)
        elif kinds.is_list(kind) or kinds.is_large_list(kind) or kinds.is_fixed_size_list(kind):
            self._lists(array)
        elif _has_width(kind):
            self._fixed(array, kind.bit_width // 8)
        elif not kinds.is_null(kind):
            self._message(array)

    def _validity(self, array: Any) -> None:
        self._number(array.null_count)
        if array.null_count:
            self._bytes(np.packbits(_is_valid(array)))

    def _fixed(self, array: Any, width: int) -> None:
        data = array.buffers()[1]
        if data is None:
            return
        start = array.offset * width
        values = np.frombuffer(data, np.uint8)[start : start + len(array) * width]
        if array.null_count:
            values = values.reshape(-1, width) * _is_valid(array)[:, None]
        self._bytes(values)

    def _strings(self, array: Any) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.types as kinds

        is_binary = kinds.is_binary(array.type) or kinds.is_large_binary(array.type)
        is_binary = is_binary or str(array.type) == "binary_view"
        array = array.cast(pa.large_binary() if is_binary else pa.large_string())
        if array.null_count:
            array = pc.fill_null(array, b"" if is_binary else "")
        _, offsets, data = array.buffers()
        if not len(array) or offsets is None:
            return
        ends = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
        self._bytes(np.diff(ends))
        if data is not None:
            self._bytes(np.frombuffer(data, np.uint8)[ends[0] : ends[-1]])

    def _lists(self, array: Any) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        lengths = pc.fill_null(pc.list_value_length(array), 0).cast(pa.int64())
        self._bytes(lengths.to_numpy(zero_copy_only=False))
        self._array(array.flatten())

    def _message(self, array: Any) -> None:
        """Types that are rare in datasets (maps, unions): by their Arrow message."""
        import pyarrow as pa

        batch = pa.record_batch([array.take(pa.array(range(len(array)), pa.int64()))], ["x"])
        self._hash.update(batch.serialize())

    def _bytes(self, array: np.ndarray[Any, Any]) -> None:
        self._hash.update(np.ascontiguousarray(array).data)

    def _number(self, value: int) -> None:
        self._hash.update(value.to_bytes(8, "little"))

    def _text(self, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        self._number(len(data))
        self._hash.update(data)


def logical_type(kind: Any) -> str:
    """The type's name without what only concerns its layout.

    Example:
        >>> import pyarrow as pa
        >>> logical_type(pa.dictionary(pa.int8(), pa.large_string()))
        'string'
    """
    import pyarrow as pa
    import pyarrow.types as kinds

    if isinstance(kind, pa.BaseExtensionType):
        return f"{kind.extension_name}<{logical_type(kind.storage_type)}>"
    if kinds.is_dictionary(kind):
        return logical_type(kind.value_type)
    if kinds.is_list(kind) or kinds.is_large_list(kind):
        return f"list<{logical_type(kind.value_type)}>"
    if kinds.is_struct(kind):
        inner = (kind.field(i) for i in range(kind.num_fields))
        return f"struct<{', '.join(f'{item.name}: {logical_type(item.type)}' for item in inner)}>"
    return str(kind).removeprefix("large_").removesuffix("_view")


def _plain(array: Any) -> Any:
    """The array without extension type and dictionary."""
    import pyarrow as pa
    import pyarrow.types as kinds

    if isinstance(array.type, pa.BaseExtensionType):
        return _plain(array.storage)
    if kinds.is_dictionary(array.type):
        return _plain(array.dictionary_decode())
    return array


def _is_text(kind: Any) -> bool:
    return logical_type(kind) in {"string", "binary"}


def _has_width(kind: Any) -> bool:
    try:
        return bool(kind.bit_width % 8 == 0)
    except ValueError:
        return False


def _is_valid(array: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    valid: np.ndarray[Any, np.dtype[np.bool_]] = array.is_valid().to_numpy(zero_copy_only=False)
    return valid
