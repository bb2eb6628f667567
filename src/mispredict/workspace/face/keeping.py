"""What is kept of an evaluation: the part of `Evaluation` that names and writes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import shown
from mispredict.core.predicate import Predicate
from mispredict.workspace.view import View

if TYPE_CHECKING:
    from mispredict.store import Version


class Keeping(View):
    """Tags, cohorts, reports and exports."""

    def tag(
        self,
        name: str,
        where: str | Predicate | None = None,
        *,
        rows: Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
    ) -> int:
        """Tag the rows of a cohort, or rows by their number; how many have the tag now."""
        return self._workspace.tag(name, self._whole, where=where, rows=rows)

    def untag(
        self,
        name: str,
        where: str | Predicate | None = None,
        *,
        rows: Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
    ) -> int:
        """Take the tag from the rows; how many have it now."""
        return self._workspace.tag(name, self._whole, where=where, rows=rows, is_removed=True)

    def save_cohort(self, name: str, where: str | Predicate, *, note: str = "") -> Version:
        """Name a cohort, so that `cohort('name')` means it in this workspace."""
        return self._workspace.save_cohort(name, self.predicate(where), note=note)

    def report(self, path: str | Path, where: str | Predicate | None = None) -> Path:
        """Write the overview as one file, HTML or (`.md`) Markdown; its path."""
        from mispredict.report.html import write_html, write_text
        from mispredict.report.markdown import render_markdown

        if not isinstance(path, (str, os.PathLike)):
            raise BadOption(
                f"path={shown(path)} is not a path.",
                known="A report is written to a file.",
                hint="ev.report('report.html')",
            )
        overview = self._whole.overview(where)
        if Path(path).suffix.lower() in (".md", ".markdown"):
            return write_text(render_markdown(overview), Path(path))
        return write_html(overview, Path(path))

    def export_html(self, path: str | Path, *, rows: int = 500) -> Path:
        """Write the web workspace's screens as one file that opens without a server; its path.

        All of it that needs no server: Overview, distributions, slices, priorities, and rows,
        worst first and in the order of the data. Long texts are cut as in a report.

        Args:
            path: the file; send it to whom you like, it asks for nothing of a network.
            rows: how many rows of either order are in it, each with its own page.
        """
        if not isinstance(path, (str, os.PathLike)):
            raise BadOption(
                f"path={shown(path)} is not a path.",
                known="An export is written to a file.",
                hint="ev.export_html('export.html')",
            )
        # The server stands above the workspace, which knows it by name alone.
        write = import_module("mispredict.server.exporting").export_html
        return Path(write(self, path, rows=rows))

    def export_mlflow(
        self,
        *,
        experiment: str | None = None,
        run_id: str | None = None,
        tracking_uri: str | None = None,
        report: bool = False,
    ) -> str:
        """Write the figures into an MLflow run; its id.

        Metrics with their intervals and rows, the model's parameters, refs and content hashes
        as tags, the dataset as an input, and all metrics as JSON.

        Args:
            experiment: in which a new run is made; `MLFLOW_EXPERIMENT_NAME` by default, else
                "mispredict".
            run_id: of an existing run to write into instead.
            tracking_uri: where the run is; by default what MLflow is set to.
            report: also keep the HTML report there.
        """
        return self._workspace.export_mlflow(
            self._whole,
            experiment=experiment,
            run_id=run_id,
            tracking_uri=tracking_uri,
            report=report,
        )
