from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from mispredict.core.errors import BadDataset, BadOption, MispredictError
from mispredict.sources.read import read


def written(folder: Path, data: bytes | str, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ("\na,b\n1,2\n", [{"a": 1, "b": 2}]),
        ("\r\n\r\na,b\r\n1,2\r\n", [{"a": 1, "b": 2}]),
        ("a,b\r1,2\r3,4", [{"a": 1, "b": 2}, {"a": 3, "b": 4}]),
        ("a\u2028b,c\n1,2\n", [{"a\u2028b": 1, "c": 2}]),
        ("a\x1cb,c\n1,2\n", [{"a\x1cb": 1, "c": 2}]),
        ('x,"y\nz"\n1,2\n', [{"x": 1, "y\nz": 2}]),
        ('\n"y\r\nz",x\r\n1,2\r\n', [{"y\r\nz": 1, "x": 2}]),
        ("\ufeffa,b\n1,2\n", [{"a": 1, "b": 2}]),
        ("\ufeff\na,b\n1,2\n", [{"a": 1, "b": 2}]),
        ('a,b\n"1\n2",3\n', [{"a": "1\n2", "b": 3}]),
        ("a,b\n1,2", [{"a": 1, "b": 2}]),
    ],
    ids=repr,
)
def test_the_header_takes_exactly_its_lines(tmp_path: Path, data: str, rows: Any) -> None:
    assert read(written(tmp_path, data)).to_pylist() == rows
    packed = gzip.compress(data.encode())
    assert read(written(tmp_path, packed, "data.csv.gz")).to_pylist() == rows


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("a,b", "has no rows"),
        ("a,b\n", "has no rows"),
        ("a,b\n\n\r\n", "has no rows"),
        ("\n\n", "has no columns"),
        ("a\0b,c\n1,2\n", "holds NUL"),
        ('"a,b\n1,2\n', "not a header"),
        ('"a,b\n1,"2"\n', "not a header"),
    ],
    ids=repr,
)
def test_bad_headers(tmp_path: Path, data: str, problem: str) -> None:
    with pytest.raises(BadDataset) as caught:
        read(written(tmp_path, data))
    assert problem in caught.value.problem
    assert caught.value.hint


LATE = b"a,b\n" + b"x,2\n" * 1_200_000


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (LATE + b"\xe9,2\n", {}),
        (b"a,b\n" + b"1,2\n" * 5_000_000 + b"\xe9,2\n", {}),
        ("a,b\nx,2\n".encode("utf-16")[:-1], {}),
        (b"a,b\n\xe9,2\n", {"encoding": "ascii"}),
        (LATE + b"\xe9,2\n", {"encoding": "ascii"}),
        (b"a,b\nx,2\n", {"encoding": "utf-16"}),
        (b"a,b\nx,2\n", {"encoding": "utf-32-le"}),
    ],
    ids=["late", "late in numbers", "cut", "ascii", "late ascii", "utf-16", "utf-32"],
)
def test_bytes_that_are_no_text(tmp_path: Path, data: bytes, options: dict[str, str]) -> None:
    with pytest.raises(BadDataset, match="is not text in") as caught:
        read(written(tmp_path, data), **options)
    assert caught.value.known
    assert "encoding=" in caught.value.hint


@pytest.mark.parametrize("encoding", ["base64", "rot13", "undefined", "klingon", "a\0b", "x" * 99])
def test_encodings_of_no_text(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(BadOption, match="no encoding") as caught:
        read(written(tmp_path, "a,b\n1,2\n"), encoding=encoding)
    assert caught.value.known
    assert caught.value.hint


@pytest.mark.parametrize("delimiter", [";;", "§", "\n", '"', "\0"], ids=repr)
def test_delimiters_are_one_character(tmp_path: Path, delimiter: str) -> None:
    with pytest.raises(BadOption, match="not one ASCII character") as caught:
        read(written(tmp_path, "a,b\n1,2\n"), delimiter=delimiter)
    assert caught.value.known
    assert caught.value.hint


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ((), [None, None, "?", None]),
        ("?", [None, None, None, None]),
        (["?"], [None, None, None, None]),
        ([""], ["None", "NA", "?", None]),
        (["", "NA"], ["None", None, "?", None]),
    ],
    ids=str,
)
def test_words_that_mean_no_value(tmp_path: Path, missing: Any, expected: list[Any]) -> None:
    path = written(tmp_path, "a,b\nNone,1\nNA,2\n?,3\n,4\n")
    assert read(path, missing=missing)["a"].to_pylist() == expected


def test_long_whole_numbers_of_a_file_are_kept(tmp_path: Path) -> None:
    path = written(tmp_path, "id,x\n99999999999999999998,1.5\n99999999999999999999,2.5\n")
    table = read(path)
    assert table["id"].to_pylist() == ["99999999999999999998", "99999999999999999999"]
    assert table["x"].to_pylist() == [1.5, 2.5]


def test_files_that_are_not_there_say_what_is(tmp_path: Path) -> None:
    written(tmp_path, "", "zzz.csv")
    for source, known in (("zzz.csv", "at least a header"), ("qqqq.parquet", "zzz.csv")):
        with pytest.raises(BadDataset) as caught:
            read(tmp_path / source)
        assert known in caught.value.known


def test_addresses_are_no_paths() -> None:
    with pytest.raises(MispredictError, match=r"'https://example.org/a.csv' is an address") as got:
        read("https://example.org/a.csv")
    assert "download" in got.value.hint
