"""Perturbing short texts: ten perturbations over a million texts, beside nlpaug.

    python benchmarks/perturb.py [texts] [processes] [texts of the peer]

The texts are VADER's (tweets, films, Amazon, NYT), drawn with replacement. The peer gets fewer
and is scaled up: it changes one text at a time. It is found where it can be imported.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pyarrow as pa

from mispredict.demo.data import vader_texts
from mispredict.perturb import apply

NAMES = (
    "typo_swap",
    "typo_keyboard",
    "typo_drop",
    "upper_case",
    "punctuation_drop",
    "contract",
    "synonyms",
    "name_swap",
    "negate",
    "neutral_append",
)
# What nlpaug has of these without downloads: (its module, class, arguments).
PEERS = {
    "typo_swap": ("char", "RandomCharAug", {"action": "swap"}),
    "typo_drop": ("char", "RandomCharAug", {"action": "delete"}),
    "typo_keyboard": ("char", "KeyboardAug", {}),
    "misspelling": ("word", "SpellingAug", {}),
    "word_swap": ("word", "RandomWordAug", {"action": "swap"}),
}


def texts(count: int) -> list[str]:
    """Short texts of people, drawn with replacement."""
    known = vader_texts()["text"].astype(str).to_numpy()
    drawn: list[str] = np.random.default_rng(0).choice(known, count).tolist()
    return drawn


def perturbed(job: tuple[str, int, Any]) -> tuple[str, float, int]:
    """One perturbation over a part of the texts: its CPU seconds and how many texts changed."""
    name, first, part = job
    started = time.process_time()
    altered = apply(name, part, 0.3, rows=np.arange(first, first + len(part)))
    return name, time.process_time() - started, int(altered.is_changed.sum())


def ours(given: list[str], processes: int) -> float:
    """Wall seconds of all ten; prints what each cost."""
    size = -(-len(given) // (4 * processes))
    parts = [(at, pa.array(given[at : at + size])) for at in range(0, len(given), size)]
    jobs = [(name, at, part) for name in NAMES for at, part in parts]
    cpu = dict.fromkeys(NAMES, 0.0)
    changed = dict.fromkeys(NAMES, 0)
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(perturbed, [(name, 0, pa.array(["warm up"])) for name in NAMES])
        started = time.perf_counter()
        for name, seconds, count in pool.imap_unordered(perturbed, jobs):
            cpu[name] += seconds
            changed[name] += count
        wall = time.perf_counter() - started
    print(f"{'perturbation':<18}{'CPU s':>8}{'µs a text':>11}{'changed':>9}")
    for name in NAMES:
        micro = cpu[name] / len(given) * 1e6
        print(f"{name:<18}{cpu[name]:>8.2f}{micro:>11.2f}{changed[name] / len(given):>9.1%}")
    total = sum(cpu.values()) * 1_000_000 / len(given)
    idle = total / processes
    print(
        f"for a million texts {total:.0f} CPU s: {idle:.0f} s on {processes} idle cores (aim: 60 s)"
    )
    return wall


def peer(given: list[str]) -> dict[str, float]:
    """CPU seconds a text of nlpaug's augmenters."""
    from nlpaug.augmenter import char, word

    found = {}
    for name, (module, kind, options) in PEERS.items():
        made: Callable[..., Any] = getattr({"char": char, "word": word}[module], kind)
        augmenter = made(**options)
        augmenter.augment(given[:5])
        started = time.process_time()
        augmenter.augment(given)
        found[name] = (time.process_time() - started) / len(given)
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    few = int(sys.argv[3]) if len(sys.argv) > 3 else 2_000
    given = texts(count)
    letters = np.mean([len(text) for text in given[:10_000]])
    load = os.getloadavg()[0]
    print(f"{count:,} texts of {letters:.0f} letters, {processes} processes, load {load:.1f}")
    wall = ours(given, processes)
    scaled = wall * 1_000_000 / count
    print(f"wall, beside all else that ran: {wall:.1f} s; for a million texts {scaled:.0f} s")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = peer(given[:few])
    except ImportError as error:
        print(f"no peer: {error}")
        return
    for name, seconds in theirs.items():
        print(f"nlpaug {name:<16}{seconds * 1e6:>10.0f} µs a text")


if __name__ == "__main__":
    main()
