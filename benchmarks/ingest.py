"""From two Parquet files to a complete evaluation: 1 M rows × 24 columns, predictions only.

Prints wall seconds, CPU seconds and peak memory of a fresh process, beside the physical
limit: reading both files and writing them again as Parquet, which is the least that storing
them takes.

    python benchmarks/ingest.py [rows]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

OURS = """
import mispredict as mp
with mp.open("{folder}/ws") as ws:
    ws.add_dataset("big", "{folder}/data.parquet", label="y")
    evaluation = ws.add_predictions("model", "big", "{folder}/predictions.parquet")
    evaluation.metrics()
"""
FLOOR = """
import pyarrow.parquet as pq
for name in ("data", "predictions"):
    table = pq.read_table("{folder}/" + name + ".parquet")
    pq.write_table(table, "{folder}/copy-" + name + ".parquet", compression="snappy")
"""
METER = """
import json, resource, time
began = time.perf_counter()
{code}
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss]))
"""


def make(folder: Path, rows: int) -> None:
    """10 categorical columns of 2 to 50 values, 12 numeric, an id and a label; predictions."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(0)
    columns: dict[str, object] = {"id": np.arange(rows)}
    for index in range(10):
        words = pa.array([f"value {item}" for item in range(2 + index * 5)])
        codes = pa.array(random.integers(0, len(words), rows))
        columns[f"category_{index}"] = words.take(codes)
    for index in range(12):
        columns[f"number_{index}"] = random.normal(size=rows)
    label = (random.random(rows) < 0.3).astype(int)
    columns["y"] = label
    pq.write_table(pa.table(columns), folder / "data.parquet")
    p = np.clip(0.3 + 0.2 * random.normal(size=rows) + 0.2 * label, 0.001, 0.999)
    predictions = pa.table({"id": np.arange(rows), "p_0": 1 - p, "p_1": p})
    pq.write_table(predictions, folder / "predictions.parquet")


def metered(code: str, folder: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak megabytes of the code in its own process."""
    text = METER.format(code=code.format(folder=folder))
    answer = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=True
    )
    wall, cpu, kilobytes = json.loads(answer.stdout.splitlines()[-1])
    return wall, cpu, kilobytes / 1024


def main(rows: int = 1_000_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, rows)
        metered("import mispredict.metrics", folder)  # libraries in the page cache
        floor, ours = metered(FLOOR, folder), metered(OURS, folder)
    print(f"{rows:,} rows x 24 columns, Parquet to a complete evaluation with metrics")
    print(f"{'':14}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for label, figures in (("mispredict", ours), ("read + write", floor)):
        print(f"{label:14}" + "".join(f"{figure:9.1f}" for figure in figures))
    print(f"{'ratio':14}" + "".join(f"{a / b:9.1f}" for a, b in zip(ours, floor, strict=True)))


if __name__ == "__main__":
    main(*(int(float(argument)) for argument in sys.argv[1:]))
