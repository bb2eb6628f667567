"""`python -m mispredict.cli`, for where no script is installed."""

from __future__ import annotations

from mispredict.cli import main

main()
