"""The command line: parse, call the workspace, print."""

from __future__ import annotations

from mispredict.cli.app import main

__all__ = ["main"]
