"""`diff`, `board`, `reevaluate`: models beside one another."""

from __future__ import annotations

from pathlib import Path

import click

from mispredict.cli.failures import FAILED, FINE, writing
from mispredict.cli.group import Command
from mispredict.cli.options import trust_option, where_option
from mispredict.cli.output import give
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings
from mispredict.core.errors import BadOption

REGRESSION, WORSE = "regression", "worse"


@click.command("diff", cls=Command)
@click.argument("models", nargs=-1, required=True, metavar="MODEL MODEL...")
@click.option("--dataset", metavar="DATASET", help="The data; the newest that all share.")
@click.option("--baseline", metavar="MODEL", help="Hold all against it; the first without it.")
@click.option("--by", multiple=True, metavar="COLUMN", help="Compare its values one by one too.")
@where_option
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="The first decides.")
@click.option(
    "--threshold", metavar="P", help="Positive from here on: 0.3, or gbm@1=0.3,gbm@2=0.4."
)
@click.option("--common", is_flag=True, help="Of different dataset versions, the rows of all.")
@click.option("--slices/--no-slices", default=True, help="Search for cohorts that differ.")
@click.option("--skip", multiple=True, metavar="COLUMN", help="Do not search with this column.")
@click.option("--markdown", metavar="FILE", help="Write it as Markdown too, for a pull request.")
@click.option(
    "--fail-on",
    type=click.Choice((REGRESSION, WORSE)),
    help="Exit 1 if a model is worse: in any cohort (regression), or as a whole (worse).",
)
@trust_option
@click.pass_obj
def diff(  # noqa: PLR0913 - each says one thing of the comparison
    settings: Settings,
    models: tuple[str, ...],
    *,
    dataset: str | None,
    baseline: str | None,
    by: tuple[str, ...],
    where: str | None,
    metrics: tuple[str, ...],
    threshold: str | None,
    common: bool,
    slices: bool,
    skip: tuple[str, ...],
    markdown: str | None,
    fail_on: str | None,
    trust: bool,
) -> int:
    """Compare models on the same rows, as a whole and by cohort.

    All models are held against the first, or --baseline. Every difference is paired, with interval
    and test; cohorts in which the models differ are found on one half of the rows and confirmed
    on the other. A model that was not evaluated on the data yet is evaluated first.
    """
    from mispredict.cli import comparing

    with settings.open() as workspace, progress_bar("evaluate") as progress:
        found = workspace.compare(
            *models,
            data=dataset,
            baseline=baseline,
            by=by or None,
            where=where,
            metrics=metrics or None,
            threshold=_threshold(threshold),
            common=common,
            slices=slices,
            skip=skip,
            trust=trust,
            progress=progress,
        )
    if markdown is not None:
        path = Path(markdown).expanduser()
        with writing(path):
            path.write_text(found.to_markdown(), encoding="utf-8")
    give(settings, found, comparing.comparison)
    if fail_on == WORSE:
        return FAILED if any(pair.metrics[0].word == WORSE for pair in found.pairs) else FINE
    return FAILED if fail_on == REGRESSION and found.has_regressed else FINE


@click.command("board", cls=Command)
@click.argument("dataset", required=False, metavar="[DATASET]")
@click.option("--metric", metavar="NAME", help="The metric; accuracy or the usual loss.")
@click.option("--model", "models", multiple=True, metavar="MODEL", help="Only this model.")
@where_option
@click.option("--common", is_flag=True, help="Only the rows that all dataset versions have.")
@click.pass_obj
def board(
    settings: Settings,
    dataset: str | None,
    *,
    metric: str | None,
    models: tuple[str, ...],
    where: str | None,
    common: bool,
) -> None:
    """Show all models by the versions of a dataset.

    Figures within a column are of the same rows; those of different columns are not, which the
    board says, unless --common is given.
    """
    from mispredict.cli import comparing

    with settings.open() as workspace:
        found = workspace.board(
            dataset, metric=metric, models=models or None, where=where, common=common
        )
    give(settings, found, comparing.board)


@click.command("reevaluate", cls=Command)
@click.argument("dataset", metavar="DATASET")
@click.option("--model", "models", multiple=True, metavar="MODEL", help="Only this model.")
@trust_option
@click.pass_obj
def reevaluate(settings: Settings, dataset: str, *, models: tuple[str, ...], trust: bool) -> None:
    """Evaluate all models that can be called on a dataset.

    It also says which cannot, and why.
    """
    from mispredict.cli import comparing

    with settings.open() as workspace, progress_bar("models") as progress:
        found = workspace.reevaluate(dataset, models=models or None, trust=trust, progress=progress)
    give(settings, found, comparing.reevaluated)


def _threshold(text: str | None) -> float | dict[str, float] | None:
    """One threshold, or one by model."""
    if text is None:
        return None
    try:
        if "=" not in text:
            return float(text)
        pairs = (item.rpartition("=") for item in text.split(","))
        return {name.strip(): float(value) for name, _, value in pairs}
    except ValueError:
        raise BadOption(
            f"--threshold {text!r} is no probability.",
            known="It is one number for all models, or one for each.",
            hint="--threshold 0.3, or --threshold gbm@1=0.3,gbm@2=0.4",
        ) from None
