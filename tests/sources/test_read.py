from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mispredict.core.errors import BadDataset, MispredictError
from mispredict.sources.read import read

FRAME = pd.DataFrame({"id": [1, 2, 3], "city": ["Rome", None, "Oslo"], "age": [1.5, np.nan, 3.0]})


def written(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "tsv", "parquet", "jsonl", "feather"])
def test_every_format_gives_the_same_rows(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"data.{ending}"
    if ending.startswith("csv"):
        FRAME.to_csv(path, index=False)
    elif ending == "tsv":
        FRAME.to_csv(path, index=False, sep="\t")
    elif ending == "parquet":
        FRAME.to_parquet(path)
    elif ending == "jsonl":
        FRAME.to_json(path, orient="records", lines=True)
    else:
        FRAME.to_feather(path)
    table = read(path)
    assert table.column_names == ["id", "city", "age"]
    assert table["city"].to_pylist() == ["Rome", None, "Oslo"]
    assert table["id"].to_pylist() == [1, 2, 3]


def frames() -> dict[str, Any]:
    import duckdb

    duck = duckdb.sql("select * from (values (1, 'Rome'), (2, null)) t(id, city)")
    return {
        "pandas": FRAME,
        "arrow": pa.Table.from_pandas(FRAME),
        "batch": pa.RecordBatch.from_pandas(FRAME),
        "columns": {"id": [1, 2], "city": ["Rome", None]},
        "records": [{"id": 1, "city": "Rome"}, {"id": 2}],
        "duckdb": duck,
    }


@pytest.mark.parametrize("kind", list(frames()))
def test_every_frame_is_read(kind: str) -> None:
    table = read(frames()[kind])
    assert table["id"].to_pylist()[:2] == [1, 2]
    assert table["city"].to_pylist()[:2] == ["Rome", None]


def test_polars_frames_are_read() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"id": [1, 2], "city": ["Rome", None]})
    assert read(frame).to_pylist() == read(frame.lazy()).to_pylist() == frame.to_dicts()


def test_a_named_pandas_index_becomes_a_column() -> None:
    assert read(FRAME.set_index("id")).column_names == ["id", "city", "age"]


def test_a_folder_of_parquet_files_is_one_table(tmp_path: Path) -> None:
    for part in range(3):
        pq.write_table(pa.table({"x": [part]}), tmp_path / f"{part}.parquet")
    assert read(tmp_path)["x"].to_pylist() == [0, 1, 2]


def test_a_folder_of_images_has_a_label_per_folder(tmp_path: Path) -> None:
    for label in ("cat", "dog"):
        (tmp_path / label).mkdir()
        written(tmp_path / label, "1.png", b"\x89PNG")
    table = read(tmp_path)
    assert table["label"].to_pylist() == ["cat", "dog"]
    assert table["file"].to_pylist() == ["cat/1.png", "dog/1.png"]


@pytest.mark.parametrize(
    ("name", "data", "problem", "known"),
    [
        ("absent.csv", None, "there is no file", "prior.csv"),
        ("empty.csv", "", "is empty (0 bytes)", ""),
        ("header.csv", "a,b\n", "has no rows", "only a header, with 2 columns: 'a', 'b'"),
        ("twins.csv", "a,b,a\n1,2,3\n", "2 columns named 'a'", "columns 1, 3 of 3"),
        ("odd.xyz", "a", "unknown ending '.xyz'", ".csv"),
        ("latin.csv", "név,b\nõ,2\n".encode("latin-1", "replace"), "not text in utf-8", "encoding"),
        ("latin2.csv", b"a,b\n" + b"x,2\n" * 9 + b"\xe9,2\n", "not text in utf-8", "encoding"),
        ("ragged.csv", "a,b\n1,2\n1,2,3\n", "cannot be read as CSV", "Expected 2 columns, got 3"),
        ("broken.parquet", "PAR1 no", "not a readable Parquet file", "Reading said"),
        ("broken.jsonl", "{'a': 1}", "cannot be read as JSON lines", "Reading said"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else None,
)
def test_bad_files_say_what_is_wrong(
    tmp_path: Path, name: str, data: bytes | str | None, problem: str, known: str
) -> None:
    written(tmp_path, "prior.csv", "a\n1\n")
    if name == "absent.csv":
        name = "priors.csv"
    elif data is not None:
        written(tmp_path, name, data)
    with pytest.raises(BadDataset) as caught:
        read(tmp_path / name)
    assert problem in caught.value.problem
    assert known in caught.value.known + caught.value.hint
    assert caught.value.hint


def test_encodings(tmp_path: Path) -> None:
    text = "név,b\nő,2\n"
    assert read(written(tmp_path, "bom.csv", text.encode("utf-8-sig"))).column_names == ["név", "b"]
    assert read(written(tmp_path, "16.csv", text.encode("utf-16")))["név"].to_pylist() == ["ő"]
    latin = written(tmp_path, "1.csv", "é,b\nè,2\n".encode("latin-1"))
    assert read(latin, encoding="latin-1").to_pylist() == [{"é": "è", "b": 2}]
    with pytest.raises(MispredictError, match="no encoding 'klingon'"):
        read(latin, encoding="klingon")


def test_huge_cells_and_line_breaks_in_cells(tmp_path: Path) -> None:
    huge = "x" * 40_000_000
    path = written(tmp_path, "huge.csv", f'a,b\n"{huge}",1\n"two\nlines",2\n')
    assert [len(value) for value in read(path)["a"].to_pylist()] == [40_000_000, 9]


def test_a_late_word_in_a_column_of_numbers_is_kept_as_text(tmp_path: Path) -> None:
    path = written(tmp_path, "late.csv", "a\n" + "1\n" * 9_000_000 + "word\n")
    assert read(path)["a"].to_pylist()[-1] == "word"


def test_names_with_quotes_and_sql_are_names(tmp_path: Path) -> None:
    name = 'x"; DROP TABLE version; --'
    path = written(tmp_path, "sql.csv", '"' + name.replace('"', '""') + '",b\n1,2\n')
    assert read(path).column_names == [name, "b"]


def test_mixed_types_in_a_frame_name_the_rows() -> None:
    with pytest.raises(BadDataset) as caught:
        read(pd.DataFrame({"a": pd.Series([1, "x", 2.5], dtype=object)}))
    assert "column 'a' mixes types" in caught.value.problem
    assert "str first at row 1: 'x'" in caught.value.known


@pytest.mark.parametrize("source", [5, object(), [], [1, 2], "x" * 5000], ids=range(5))
def test_what_holds_no_rows_is_refused(source: Any) -> None:
    with pytest.raises(BadDataset) as caught:
        read(source)
    assert caught.value.hint
