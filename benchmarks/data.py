"""All benchmarks of data, one after the other: the suite, label errors, drift.

Each is a file of its own with its own options; this runs them as they are by default.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PARTS = ("data_suite.py", "data_labels.py", "data_drift.py")


def main() -> None:
    """Run every part that is here."""
    folder = Path(__file__).parent
    for part in PARTS:
        print(f"── {part}", flush=True)
        subprocess.run([sys.executable, str(folder / part)], check=True)


if __name__ == "__main__":
    main()
