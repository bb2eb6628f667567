"""The program `mispredict` and its commands."""

from __future__ import annotations

import click

from mispredict import __version__
from mispredict.cli.commands import (
    adding,
    asking,
    comparing,
    data,
    demonstrating,
    doubting,
    drift,
    evaluating,
    exchanging,
    explaining,
    finding,
    keeping,
    looking,
    mapping,
    measuring,
    naming,
    perturbing,
    problems,
    reporting,
    serving,
    testing,
)
from mispredict.cli.group import App, help_when_alone


@click.group("mispredict", cls=App)
@click.version_option(__version__, prog_name="mispredict")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Find where, why and how a machine learning model is wrong.

    Try `mispredict demo`, or for your own data:

    \b
      mispredict add dataset churn test.csv --label Exited
      mispredict add predictions gbm churn predictions.csv
      mispredict overview
    """
    help_when_alone(ctx)


for command in (
    demonstrating.demo,
    serving.serve,
    adding.init,
    adding.add,
    evaluating.evaluate,
    looking.overview,
    measuring.metrics,
    measuring.confusion,
    measuring.calibration,
    measuring.threshold,
    looking.mistakes,
    looking.errors,
    looking.cards,
    finding.slices,
    finding.tree,
    finding.clusters,
    mapping.map_,
    finding.tags,
    finding.advice,
    explaining.explain,
    asking.what_if,
    asking.counterfactual,
    asking.text_edits,
    perturbing.perturb,
    perturbing.augment,
    perturbing.generate,
    looking.rows,
    naming.cohort,
    naming.tag,
    testing.propose,
    testing.test,
    testing.history,
    data.data,
    drift.drift,
    drift.coverage,
    drift.estimate,
    doubting.uncertainty,
    doubting.sanity,
    comparing.diff,
    comparing.board,
    comparing.reevaluate,
    problems.problems,
    problems.changed,
    reporting.report,
    exchanging.import_,
    exchanging.export,
    keeping.list_,
    keeping.show,
    keeping.lineage,
    keeping.label,
    keeping.delete,
    keeping.doctor,
):
    main.add_command(command)
