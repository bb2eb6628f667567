"""MLflow: the part of `Workspace` that takes runs in and writes figures out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from mispredict.core.errors import (
    BadOption,
)
from mispredict.workspace.predicted import aligned_with

if TYPE_CHECKING:
    from mispredict.store import Store, Version
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace


class Exchanging:
    """Runs of MLflow as models, and evaluations as runs."""

    store: Store

    def import_mlflow(
        self,
        run: str,
        *,
        name: str | None = None,
        tracking_uri: str | None = None,
        predictions: str | None = None,
        dataset: str | None = None,
    ) -> Version:
        """Register the model of an MLflow run, with the run's parameters, metrics and commit.

        The model is loaded when it is first called. Nothing is stored if anything is wrong.

        Args:
            run: id of the run; `runs:/<id>/<path>` where it has several models.
            name: of the model; the run's name by default.
            tracking_uri: where the run is; by default what MLflow is set to.
            predictions: path of a file among the run's artifacts (CSV, Parquet, JSON), stored
                as the evaluation of the model on `dataset`; see `add_predictions`.
            dataset: the dataset that the predictions are of.
        """
        from mispredict.workspace import exchanging

        if (predictions is None) != (dataset is None):
            raise BadOption(
                "predictions and dataset go together.",
                known="Predictions are read beside the rows that they are of.",
                hint="predictions='predictions.csv', dataset='a dataset of the workspace'",
            )
        found = exchanging.read_run(
            run, name=name, tracking_uri=tracking_uri, predictions=predictions
        )
        workspace = cast("Workspace", self)
        aligned = (
            aligned_with(workspace.dataset(dataset), found.predictions)
            if dataset is not None
            else None
        )
        version = self.store.commit("model", found.name, spec=found.spec, message=found.message)
        if aligned is not None:
            rows, task, answers, usage = aligned
            how: dict[str, Any] = {"how": "predictions", "notes": [], "artifact": predictions}
            workspace._store_evaluation(rows, str(version.ref), task, answers, how, usage)
        return version

    def export_mlflow(
        self,
        of: Evaluation,
        *,
        experiment: str | None = None,
        run_id: str | None = None,
        tracking_uri: str | None = None,
        report: bool = False,
    ) -> str:
        """Write an evaluation's figures into an MLflow run; see `Evaluation.export_mlflow`."""
        from mispredict.workspace import exchanging

        return exchanging.write_run(
            of,
            self.store.version("model", of.model),
            experiment=experiment,
            run_id=run_id,
            tracking_uri=tracking_uri,
            report=report,
        )
