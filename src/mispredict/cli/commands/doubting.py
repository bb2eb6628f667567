"""`uncertainty`, `sanity`: how sure a model may be, and whether it does what any model should."""

from __future__ import annotations

import click

from mispredict.cli.failures import FAILED, FINE
from mispredict.cli.group import Command
from mispredict.cli.options import evaluation_argument, trust_option, where_option
from mispredict.cli.output import give
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings

_TESTS = ("beats_constant", "train_gap", "input_ablation", "overfits_batch", "label_shuffle")


@click.command("uncertainty", cls=Command)
@evaluation_argument
@where_option
@click.option("--by", metavar="COLUMN", help="Rank by it: confidence, margin, entropy, a column.")
@click.option(
    "--member", "members", metavar="MODEL", multiple=True, help="A model of an ensemble; repeat it."
)
@click.option(
    "--doubted",
    type=click.FloatRange(0, 1),
    default=0.1,
    show_default=True,
    help="Share of the rows that count as unsure.",
)
@click.option(
    "--sets",
    "target",
    metavar="CHANCE",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Instead: sets that hold the label with this chance.",
)
@click.option("--cohorts", metavar="COLUMN", help="With --sets: judge its values apart.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of --sets.")
@click.pass_obj
def uncertainty(
    settings: Settings,
    /,
    evaluation: str | None,
    *,
    where: str | None,
    by: str | None,
    members: tuple[str, ...],
    doubted: float,
    target: float | None,
    cohorts: str | None,
    seed: int,
) -> None:
    """Errors among the rows that a model is surest of.

    Also which unsure rows are wrong, and which sure ones. With --sets, conformal sets of
    classes (or ranges of values), and how often they hold the label.
    """
    from mispredict.cli import doubts

    with settings.evaluation(evaluation, where) as found:
        if target is not None:
            sets = found.conformal(where, target=target, by=cohorts, seed=seed)
            give(settings, sets, doubts.conformal)
            return
        result = found.uncertainty(where, by=by, members=members or None, doubted=doubted)
        give(settings, result, doubts.uncertainty)


@click.command("sanity", cls=Command)
@evaluation_argument
@click.option(
    "--train", metavar="COHORT", help="The rows it learned from, or the evaluation of them."
)
@click.option(
    "--only", "tests", type=click.Choice(_TESTS), multiple=True, help="Do only this test."
)
@click.option(
    "--sample",
    type=click.IntRange(20),
    default=1000,
    show_default=True,
    help="Rows to ask about or learn from.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed.")
@click.option("--fail", is_flag=True, help="Exit with 1 if a test fails.")
@trust_option
@click.pass_obj
def sanity(
    settings: Settings,
    /,
    evaluation: str | None,
    *,
    train: str | None,
    tests: tuple[str, ...],
    sample: int,
    seed: int,
    fail: bool,
    trust: bool,
) -> int:
    """Whether a model does what any model should.

    It beats a constant, learns, forgets shuffled labels, and does not hang on one input.
    """
    from mispredict.cli import doubts

    with settings.evaluation(evaluation, None) as found, progress_bar("Testing") as progress:
        result = found.sanity(
            train=train, tests=tests or None, sample=sample, seed=seed, trust=trust,
            progress=progress,
        )  # fmt: skip
        progress.stop()
    give(settings, result, doubts.sanity)
    return FAILED if fail and not result.is_passed else FINE
