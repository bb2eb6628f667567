"""Label errors: ours beside cleanlab, in CPU seconds and memory, and whether flags are equal.

    python benchmarks/data_labels.py [python of the peer]

Each contender runs in a process of its own, so that the peak is its own: what the process held at
most above what it held with the data made. cleanlab (AGPL) may be in another environment; the
argument, or `MISPREDICT_PEERS`, names its interpreter. CPU seconds are the median of 5 runs of
one process without helpers.

With `MISPREDICT_LABEL_ERRORS`, the folder of label errors that people verified
(`tests/data/labels/test_real_errors.py` says what is in it), it also counts what was confirmed.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

SIZES = ((1_000_000, 10), (50_000, 100))
RUNS = 5


def made(n: int, k: int, seed: int = 0) -> tuple[Any, Any]:
    """Labels of which 5 % are wrong, and probabilities that mostly know better."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    label, wrong = truth.copy(), rng.random(n) < 0.05
    label[wrong] = (truth[wrong] + rng.integers(1, k, wrong.sum())) % k
    chances = rng.normal(size=(n, k))
    chances[np.arange(n), truth] += 5
    np.exp(chances, out=chances)
    chances /= chances.sum(axis=1, keepdims=True)
    return label, chances


def contender(name: str, n: int, k: int) -> None:
    """Measure one contender and print it as JSON."""
    label, chances = made(n, k)
    flags = _ours if name == "ours" else _cleanlab
    flags(*made(500, k, seed=1))  # compiled and imported once
    before = _held()
    seconds, found = [], None
    for _ in range(RUNS):
        start = time.process_time()
        found = flags(label, chances)
        seconds.append(time.process_time() - start)
    rows = np.flatnonzero(found)
    print(
        json.dumps(
            {
                "seconds": sorted(seconds)[RUNS // 2],
                "megabytes": _peak() - before,
                "flagged": len(rows),
                "digest": hashlib.sha256(rows.astype(np.int64).tobytes()).hexdigest()[:12],
            }
        )
    )


def _ours(label: Any, chances: Any) -> Any:
    from mispredict.data.labels.confident import Probabilities, learn

    return learn(label, Probabilities.of(chances)).flagged


def _cleanlab(label: Any, chances: Any) -> Any:
    from cleanlab.filter import find_label_issues

    return find_label_issues(label, chances, filter_by="prune_by_noise_rate", n_jobs=1)


def _held() -> float:
    """Megabytes in memory now; the peak so far is forgotten."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _peak() -> float:
    return _status("VmHWM")


def _status(name: str) -> float:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith(name)) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compared(peer: str) -> bool:
    """Print every size of both; whether flags are equal and ours is three times as fast."""
    good = True
    print(f"{'rows × classes':<18}{'':<10}{'CPU s':>8}{'peak MB':>9}{'flagged':>9}")
    for n, k in SIZES:
        found = {}
        for name, python in (("ours", sys.executable), ("cleanlab", peer)):
            command = [python, __file__, "--contender", name, str(n), str(k)]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            if run.returncode:
                print(f"{name}: not run ({run.stderr.strip().splitlines()[-1:]})")
                continue
            found[name] = item = json.loads(run.stdout)
            size = f"{n:,} × {k}" if name == "ours" else ""
            figures = f"{item['seconds']:>8.3f}{item['megabytes']:>9.0f}{item['flagged']:>9,}"
            print(f"{size:<18}{name:<10}{figures}")
        if len(found) == 2:
            ours, theirs = found["ours"], found["cleanlab"]
            ratio = theirs["seconds"] / ours["seconds"]
            is_equal = ours["digest"] == theirs["digest"]
            print(f"{'':<18}{ratio:.1f} × as fast; flags {'equal' if is_equal else 'DIFFER'}")
            good &= is_equal and ratio >= 3 and ours["megabytes"] < theirs["megabytes"]
    return good


def verified(folder: Path) -> None:
    """What of the flagged rows people confirmed."""
    for name in ("mnist", "imdb"):
        label = np.load(folder / f"{name}.lab.npy").astype(np.int32)
        found = _ours(label, np.load(folder / f"{name}.pyx.npy"))
        judged = json.loads((folder / f"{name}.json").read_text())
        rows = [item["id"] for item in judged]
        if name == "imdb":
            order = json.loads((folder / "imdb_idx.json").read_text())
            place = {file.removesuffix(".txt"): row for row, file in enumerate(order)}
            rows = [place[row.removeprefix("test/")] for row in rows]
        is_error = np.array([item["mturk"]["given"] < 3 for item in judged])
        seen = found[rows]
        hits = int((seen & is_error).sum())
        print(
            f"{name}: {int(found.sum()):,} flagged, {int(seen.sum()):,} of them judged, {hits:,} "
            f"confirmed; precision {hits / seen.sum():.3f}, recall {hits / is_error.sum():.3f}"
        )


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--contender"]:
        contender(arguments[1], int(arguments[2]), int(arguments[3]))
        return 0
    peer = arguments[0] if arguments else os.environ.get("MISPREDICT_PEERS", sys.executable)
    good = compared(peer)
    folder = os.environ.get("MISPREDICT_LABEL_ERRORS")
    if folder:
        verified(Path(folder))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
