"""evidently's drift preset on two Parquet files: CPU seconds, and the columns that it flags.

    python benchmarks/data_drift_evidently.py reference.parquet current.parquet

Run by `data_drift.py` with the Python of an environment that has evidently 0.7 and pandas 2.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset


def main(reference: str, current: str, *methods: str) -> None:
    """Print the result as JSON."""
    warnings.simplefilter("ignore")
    before, after = pd.read_parquet(reference), pd.read_parquet(current)
    options = {"method": methods[0]} if methods else {}
    begun = time.process_time()
    snapshot = Report([DataDriftPreset(**options)]).run(after, before)
    found = json.loads(snapshot.json())
    seconds = time.process_time() - begun
    flagged = []
    for metric in found["metrics"]:
        config = metric.get("config", {})
        if "column" in config and "threshold" in config:
            value, threshold = metric["value"], config["threshold"]
            is_p = "p_value" in str(config.get("method"))
            if (value < threshold) if is_p else (value >= threshold):
                flagged.append(config["column"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu_s": seconds, "flagged": sorted(flagged), "peak_mb": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
