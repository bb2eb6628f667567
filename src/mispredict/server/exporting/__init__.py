"""The static export of one evaluation: the workspace's screens in one file, without a server."""

from __future__ import annotations

from mispredict.server.exporting.writing import ROWS, export_html

__all__ = ["ROWS", "export_html"]
