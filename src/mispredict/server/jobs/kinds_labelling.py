"""The job that looks for labels which are likely wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from mispredict.core.errors import BadOption
from mispredict.data.labels.results import Consensus, CorrectedMetrics, LabelErrors
from mispredict.server.jobs.kind import Kind, Work, registered
from mispredict.server.jobs.options import Options

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation, Workspace


class LabelErrorsOptions(Options):
    """Options of label errors, as `ev.label_errors` has them."""

    where: Annotated[
        str | None, Field(max_length=100_000, description="A cohort; all rows without it.")
    ] = None
    method: Annotated[
        Literal["noise_rate", "confident", "disagreement"],
        Field(description="Which rows are flagged: as many as are estimated to be wrong, all that "
              "surely are of another class, or all with another likeliest class."),
    ] = "noise_rate"  # fmt: skip
    near: Annotated[
        float | None,
        Field(gt=0, le=1, description="Also look at rows whose inputs are at least so alike."),
    ] = None
    limit: Annotated[int, Field(ge=0, le=10_000, description="Most rows to list.")] = 100


class CorrectedOptions(Options):
    """Options of corrected metrics, as `ev.corrected_metrics` has them."""

    metrics: Annotated[
        list[Annotated[str, Field(max_length=100)]] | None,
        Field(max_length=50, description="Names of metrics."),
    ] = None
    noise: Annotated[
        Literal["reviewed", "estimated"] | None,
        Field(description="By decisions of people, or by confident learning; what there is."),
    ] = None
    where: Annotated[
        str | None, Field(max_length=100_000, description="A cohort; all rows without it.")
    ] = None
    seed: Annotated[int, Field(ge=0, lt=2**32, description="Seed of the draws.")] = 0


class ConsensusOptions(Options):
    """What people said, as `data.consensus` has it."""

    annotators: Annotated[
        list[Annotated[str, Field(max_length=500)]] | None,
        Field(max_length=1_000, description="Columns with one person's labels each; those that "
              "were added as annotations, or counts of votes, without it."),
    ] = None  # fmt: skip
    votes: Annotated[
        list[Annotated[str, Field(max_length=1_000)]] | None,
        Field(max_length=1_000, description="Columns of how many people chose each class, each as "
              "`class=column`.", examples=[["yes=votes_yes"]]),
    ] = None  # fmt: skip
    unknown: Annotated[
        Literal["error", "leave_out", "class"],
        Field(description="What becomes of votes that are no class of the dataset."),
    ] = "error"
    method: Annotated[
        Literal["dawid_skene", "majority"],
        Field(description="Whether people are weighed by how they err, or counted."),
    ] = "dawid_skene"
    limit: Annotated[int, Field(ge=0, le=10_000, description="Most rows to list.")] = 100
    seed: Annotated[int, Field(ge=0, lt=2**32, description="Seed of the draws.")] = 0


def _consensus(work: Work) -> Consensus:
    said = work.options
    return work.data.consensus(
        said.annotators,
        votes=None if said.votes is None else _counts(work, said.votes),
        unknown=said.unknown,
        method=said.method,
        limit=said.limit,
        seed=said.seed,
        cancel=work.is_cancelled,
    )


def _counts(work: Work, votes: list[str]) -> dict[Any, str]:
    """Columns of counts by class, as they were told."""
    classes = work.data.task.classes if work.data.task is not None else ()
    names = {str(name): name for name in classes}
    found = {}
    for item in votes:
        word, is_told, column = item.partition("=")
        if not is_told:
            raise BadOption(
                f"votes={item!r} names no class.",
                known=f"The classes are {', '.join(names)}." if names else "",
                hint="a class and its column, such as `yes=votes_yes`",
            )
        found[names.get(word, word)] = column
    return found


def _data_now(workspace: Workspace, dataset: str, options: Any) -> str:
    return workspace.dataset(dataset).version.content


def _corrected(work: Work) -> CorrectedMetrics:
    said = work.options
    return work.ev.corrected_metrics(
        said.metrics, noise=said.noise, where=said.where or None, seed=said.seed
    )


def _label_errors(work: Work) -> LabelErrors:
    said = work.options
    return work.ev.label_errors(
        said.where or None,
        method=said.method,
        near=said.near,
        limit=said.limit,
        progress=work.progress,
        cancel=work.is_cancelled,
    )


def _review_now(of: Evaluation, options: Options) -> str:
    """The state of what people decided, which the answer tells."""
    return of.workspace.store.revision("label_review")


LABEL_ERRORS = registered(
    Kind(
        "label_errors",
        "Label errors",
        LabelErrorsOptions,
        _label_errors,
        (LabelErrors,),
        "label-errors",
        stands_on=_review_now,
        adds_columns=True,
    )
)
CORRECTED = registered(
    Kind(
        "corrected_metrics",
        "Metrics corrected for wrong labels",
        CorrectedOptions,
        _corrected,
        (CorrectedMetrics,),
        "corrected-metrics",
        stands_on=_review_now,
    )
)
CONSENSUS = registered(
    Kind(
        "consensus",
        "Consensus of annotators",
        ConsensusOptions,
        _consensus,
        (Consensus,),
        "consensus",
        about="dataset",
        state=_data_now,
    )
)
