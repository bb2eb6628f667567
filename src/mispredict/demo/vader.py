"""Reading the archive of rated texts that was published with VADER."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_DOMAINS = {
    "amazon": "amazonReviewSnippets",
    "films": "movieReviewSnippets",
    "nyt": "nytEditorialSnippets",
    "tweets": "tweets",
}
_TOLERANCE = 0.01  # published means are rounded; mismatched ones are off by far more


def read_texts(archive: Path) -> pd.DataFrame:
    """One row per text whose published mean is that of its ratings."""
    import pandas as pd
    import pyarrow as pa

    names = ["id", "domain", "document", "text", "mean_rating", "ratings"]
    with tarfile.open(archive) as opened:
        frame = pd.DataFrame(_rows(opened), columns=names)
    lists = pd.Series(frame["ratings"].tolist(), dtype=pd.ArrowDtype(pa.list_(pa.int8())))
    return frame.assign(ratings=lists)


def _rows(opened: tarfile.TarFile) -> Iterator[tuple[object, ...]]:
    for domain, name in _DOMAINS.items():
        rated = {row[0]: json.loads(row[3]) for row in _fields(opened, name, "anonDataRatings", 4)}
        for key, published, text in _fields(opened, name, "GroundTruth", 3):
            ratings = rated[key]
            mean = sum(ratings) / len(ratings)
            if abs(mean - float(published)) <= _TOLERANCE:
                document = f"{domain}-{key.split('_')[0]}"
                yield f"{domain}-{key}", domain, document, text, mean, ratings


def _fields(opened: tarfile.TarFile, name: str, kind: str, n: int) -> Iterator[list[str]]:
    stream = opened.extractfile(f"hutto_ICWSM_2014/{name}_{kind}.txt")
    lines = stream.read().decode("utf-8-sig").splitlines() if stream else []
    for line in lines:
        if line.strip():
            yield line.strip().split("\t", n - 1)
