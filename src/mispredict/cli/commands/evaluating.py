"""`evaluate`: a model called on every row of a dataset."""

from __future__ import annotations

import click

from mispredict.cli.commands.adding import tell_evaluation
from mispredict.cli.group import Command
from mispredict.cli.options import trust_option
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings


@click.command("evaluate", cls=Command)
@click.argument("model")
@click.argument("dataset")
@click.option("--batch-rows", type=click.IntRange(1), help="Rows per call of the model.")
@trust_option
@click.pass_obj
def evaluate(
    settings: Settings, model: str, dataset: str, batch_rows: int | None, trust: bool
) -> None:
    """Call MODEL on every row of DATASET and keep its answers.

    Answers are cached by the content of the rows: asked again, the model sees only new rows.
    """
    with settings.open() as workspace, progress_bar(f"{model} on {dataset}") as progress:
        made = workspace.evaluate(
            model, dataset, batch_rows=batch_rows, trust=trust, progress=progress
        )
        progress.stop()
        tell_evaluation(settings, made)
