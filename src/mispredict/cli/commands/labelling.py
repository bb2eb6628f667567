"""`data labels`: labels that look wrong, their review, and what they do to metrics."""

from __future__ import annotations

from typing import Any

import click

from mispredict.cli import labels as views
from mispredict.cli.commands.adding import tell_evaluation
from mispredict.cli.group import Group, help_when_alone
from mispredict.cli.options import (
    as_class,
    evaluation_argument,
    limit_option,
    trust_option,
    where_option,
)
from mispredict.cli.output import done, give, record_of
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings

METHODS = ("noise_rate", "confident", "disagreement")
ORDERS = ("score", "cost", "class", "random")
DECISIONS = ("keep", "relabel", "unsure", "undo")


@click.group("labels", cls=Group)
@click.pass_context
def labels(ctx: click.Context) -> None:
    """Labels that look wrong: find, review, correct. Data change by `relabel` alone."""
    help_when_alone(ctx)


@labels.command("errors")
@evaluation_argument
@where_option
@click.option("--method", type=click.Choice(METHODS), default="noise_rate", help="How to flag.")
@click.option(
    "--near",
    type=click.FloatRange(0, 1, min_open=True),
    help="Rows at least so alike with other labels too; 1 is the same.",
)
@limit_option(20)
@click.pass_obj
def errors(
    settings: Settings,
    evaluation: str | None,
    where: str | None,
    method: str,
    near: float | None,
    limit: int,
) -> None:
    """Labels that look wrong, by the probabilities of a model that did not learn from them.

    `cross-validate` makes such probabilities.
    """
    with settings.evaluation(evaluation) as found, progress_bar("labels") as progress:
        result = found.label_errors(where, method=method, near=near, limit=limit, progress=progress)
        progress.stop()
        give(settings, result, views.errors)


@labels.command("queue")
@evaluation_argument
@where_option
@click.option(
    "--order", type=click.Choice(ORDERS), default="score", show_default=True, help="Which first."
)
@click.option(
    "--audit",
    type=click.IntRange(0),
    default=0,
    help="Mix in so many rows that are not flagged, to see how many errors are missed.",
)
@limit_option(10)
@click.pass_obj
def queue(
    settings: Settings,
    evaluation: str | None,
    where: str | None,
    order: str,
    audit: int,
    limit: int,
) -> None:
    """The next rows whose label a person should look at."""
    with settings.evaluation(evaluation) as found:
        give(
            settings,
            found.label_queue(where, order=order, limit=limit, audit=audit),
            views.queue,
        )


@labels.command("decide")
@click.argument("row")
@click.argument("decision", type=click.Choice(DECISIONS))
@evaluation_argument
@click.option("--label", metavar="CLASS", help="The right label; the suggested one by default.")
@click.option("--who", default="", metavar="NAME", help="Who decides; you by default.")
@click.option("--note", default="", help="Why.")
@click.option("--audit", is_flag=True, help="The queue drew the row; you did not pick it.")
@click.pass_obj
def decide(
    settings: Settings,
    row: str,
    decision: str,
    evaluation: str | None,
    label: str | None,
    who: str,
    note: str,
    audit: bool,
) -> None:
    """Record what was decided of the label of ROW, a number (or `id:…`); data stay as they are."""
    chosen: Any = row.removeprefix("id:") if row.startswith("id:") or not row.isdecimal() else None
    with settings.evaluation(evaluation) as found:
        given = None if label is None else as_class(label)
        result = found.decide_labels(
            int(row) if chosen is None else chosen,
            decision,
            label=given,
            who=who,
            note=note,
            audit=audit,
        )
        facts = {"version": result.version, "dataset": result.dataset, "sentence": result.sentence}
        done(settings, facts, f"{result.version}: {result.sentence}")


@labels.command("decisions")
@click.argument("dataset")
@click.option("--version", metavar="NAME@N", help="Of the decisions; the newest by default.")
@click.pass_obj
def decisions(settings: Settings, dataset: str, version: str | None) -> None:
    """What was decided of the labels of DATASET."""
    with settings.open() as workspace:
        give(settings, workspace.dataset(dataset).label_decisions(version), views.decisions)


@labels.command("relabel")
@click.argument("dataset")
@click.option("--decisions", "version", required=True, metavar="NAME@N", help="Which to follow.")
@click.pass_obj
def relabel(settings: Settings, dataset: str, version: str) -> None:
    """Make a new version of DATASET with the labels that were decided on."""
    with settings.open() as workspace:
        made = workspace.dataset(dataset).relabelled(decisions=version)
        facts = {**record_of(made.version), "relabelled": made.version.spec["relabelled"]}
        done(settings, facts, f"Dataset {made.ref}: {made.origin}.")


@labels.command("corrected")
@evaluation_argument
@where_option
@click.option("--metric", "metrics", multiple=True, metavar="METRIC", help="Only this metric.")
@click.option(
    "--by",
    type=click.Choice(["reviewed", "estimated"]),
    help="What to stand on; reviewed labels where there are any.",
)
@click.pass_obj
def corrected(
    settings: Settings,
    evaluation: str | None,
    where: str | None,
    metrics: tuple[str, ...],
    by: str | None,
) -> None:
    """Metrics as they would be with right labels, beside those by the given ones."""
    with settings.evaluation(evaluation) as found:
        result = found.corrected_metrics(list(metrics) or None, noise=by, where=where)
        give(settings, result, views.corrected)


@labels.command("cross-validate")
@click.argument("model")
@click.argument("dataset")
@click.option("--folds", type=click.IntRange(2), default=5, show_default=True, help="Parts.")
@click.option("--group", metavar="COLUMN", help="Equal values stay in one part.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed.")
@click.option("--name", metavar="NAME", help="Of the model that the evaluation is of.")
@trust_option
@click.pass_obj
def cross_validate(
    settings: Settings,
    model: str,
    dataset: str,
    folds: int,
    group: str | None,
    seed: int,
    name: str | None,
    trust: bool,
) -> None:
    """Predict every row of DATASET by copies of MODEL that did not learn from it."""
    with settings.open() as workspace, progress_bar(f"{model} on {dataset}") as progress:
        made = workspace.cross_validate(
            model,
            dataset,
            folds=folds,
            group=group,
            seed=seed,
            name=name,
            trust=trust,
            progress=progress,
        )
        progress.stop()
        tell_evaluation(settings, made)


@labels.command("consensus")
@click.argument("dataset")
@click.option("--annotator", "people", multiple=True, metavar="COLUMN", help="One person's labels.")
@click.option("--votes", metavar="FILE", help="A table of row (or id), annotator, label instead.")
@click.option(
    "--method",
    type=click.Choice(["dawid_skene", "majority"]),
    default="dawid_skene",
    show_default=True,
    help="Weigh people by how they err, or count.",
)
@click.option(
    "--unknown",
    type=click.Choice(["error", "leave_out", "class"]),
    default="error",
    show_default=True,
    help="What becomes of votes that are no class of DATASET.",
)
@limit_option(10)
@click.pass_obj
def consensus(
    settings: Settings,
    dataset: str,
    people: tuple[str, ...],
    votes: str | None,
    method: str,
    unknown: str,
    limit: int,
) -> None:
    """One label per row out of several people's, and how far they agree."""
    with settings.open() as workspace:
        found = workspace.dataset(dataset).consensus(
            list(people) or None, table=votes, unknown=unknown, method=method, limit=limit
        )
        give(settings, found, views.consensus)
