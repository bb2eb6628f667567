"""`import` and `export`: what other tools know of a model, and what they are told."""

from __future__ import annotations

import click

from mispredict.cli.group import Group, help_when_alone
from mispredict.cli.options import evaluation_argument
from mispredict.cli.output import done, record_of
from mispredict.cli.settings import Settings

_TRACKING = "Where MLflow's runs are (default: $MLFLOW_TRACKING_URI)."


@click.group("import", cls=Group)
@click.pass_context
def import_(ctx: click.Context) -> None:
    """Import the model of an MLflow run."""
    help_when_alone(ctx)


@import_.command("mlflow")
@click.argument("run")
@click.option("--name", metavar="MODEL", help="Name of the model (default: the run's).")
@click.option("--tracking-uri", metavar="URI", help=_TRACKING)
@click.option(
    "--predictions", metavar="PATH", help="File of the run to store as an evaluation on --dataset."
)
@click.option("--dataset", metavar="DATASET", help="The dataset that the predictions are of.")
@click.pass_obj
def import_mlflow(
    settings: Settings,
    run: str,
    name: str | None,
    tracking_uri: str | None,
    predictions: str | None,
    dataset: str | None,
) -> None:
    """Register the model of an MLflow run, with its parameters, metrics and commit.

    RUN is the run's id, or runs:/ID/PATH where it has several models. PATH is a CSV, Parquet
    or JSON file with the dataset's id, a column `prediction` and probabilities, as for
    `mispredict add predictions`; a run without a model needs it.
    """
    with settings.open_or_create() as workspace:
        version = workspace.import_mlflow(
            run, name=name, tracking_uri=tracking_uri, predictions=predictions, dataset=dataset
        )
        ref = str(version.ref)
        also = f" Look at it: mispredict overview {ref}/{dataset}" if dataset else ""
        done(settings, record_of(version), f"Model {ref}: {version.message}.{also}")


@click.group("export", cls=Group)
@click.pass_context
def export(ctx: click.Context) -> None:
    """Export an evaluation's screens or figures."""
    help_when_alone(ctx)


@export.command("html")
@evaluation_argument
@click.option(
    "--to",
    metavar="FILE",
    default="export.html",
    show_default=True,
    help="File to write; it is replaced if it exists.",
)
@click.option(
    "--rows",
    type=click.IntRange(0, 20_000),
    default=500,
    show_default=True,
    help="Rows in it, worst first and in the order of the data.",
)
@click.pass_obj
def export_html(settings: Settings, evaluation: str | None, to: str, rows: int) -> None:
    """Write an evaluation's screens into one file that opens without a server.

    Overview, Explore of all rows, Slices, Priorities and the pages of the first rows, to be
    read in any browser from disk. What needs a server (filters, what-if, tags) says so there.
    """
    with settings.evaluation(evaluation) as found:
        if not settings.json:
            settings.note(f"Gathering the screens of {found.ref} …")
        path = found.export_html(to, rows=rows)
        size = path.stat().st_size
        facts = {"evaluation": found.ref, "path": str(path), "bytes": size}
        done(settings, facts, f"Export: {path} ({size / 1e6:.1f} MB), to be opened in a browser.")


@export.command("mlflow")
@evaluation_argument
@click.option(
    "--experiment",
    metavar="NAME",
    help="Experiment of the new run (default: $MLFLOW_EXPERIMENT_NAME, else mispredict).",
)
@click.option("--run", "run_id", metavar="ID", help="Write into this run instead of a new one.")
@click.option("--tracking-uri", metavar="URI", help=_TRACKING)
@click.option("--report", is_flag=True, help="Also keep the HTML report there.")
@click.pass_obj
def export_mlflow(
    settings: Settings,
    evaluation: str | None,
    experiment: str | None,
    run_id: str | None,
    tracking_uri: str | None,
    report: bool,
) -> None:
    """Write an evaluation's metrics, with intervals, into an MLflow run.

    The run also gets the model's parameters, the evaluation's and the dataset's names and
    content hashes as tags, and all metrics as JSON.
    """
    with settings.evaluation(evaluation) as found:
        made = found.export_mlflow(
            experiment=experiment, run_id=run_id, tracking_uri=tracking_uri, report=report
        )
        facts = {"evaluation": found.ref, "run": made}
        done(settings, facts, f"Evaluation {found.ref} is in MLflow run {made}.")
