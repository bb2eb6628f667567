"""The jobs that hold evaluations against one another, and that call models on new rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from mispredict.compare.board import Reevaluated
from mispredict.compare.changed.changed import WhatChanged
from mispredict.compare.diff.diff import Comparison
from mispredict.core.ids import hash_json
from mispredict.server.jobs.kind import Kind, Work, registered
from mispredict.server.jobs.options import LONGEST_SEARCH_S, Options

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation

_Name = Annotated[str, Field(max_length=500)]
_Metric = Annotated[str, Field(max_length=100)]
_Where = Annotated[
    str | None, Field(max_length=100_000, description="The cohort of rows; all rows without it.")
]
_Threshold = Annotated[
    float | None,
    Field(ge=0, le=1, description="Probability from which on a row is called positive."),
]


class CompareOptions(Options):
    """What is compared with what, as `ws.compare` has it."""

    against: Annotated[
        list[_Name],
        Field(
            min_length=1,
            max_length=20,
            description="Models on the same dataset, or evaluations; all are held against the"
            " first.",
            examples=[["gbm@1"]],
        ),
    ]
    baseline: Annotated[
        _Name | None,
        Field(description="One of them, or this model, that all are held against instead."),
    ] = None
    metrics: Annotated[
        list[_Metric] | None,
        Field(max_length=50, description="The first decides; the task's usual ones without it."),
    ] = None
    by: Annotated[
        list[Annotated[str, Field(max_length=100_000)]] | None,
        Field(max_length=50, description="Columns or cohorts that are compared one by one."),
    ] = None
    where: _Where = None
    threshold: _Threshold = None
    common: Annotated[
        bool, Field(description="Whether the rows that all have are compared, where they differ.")
    ] = False
    slices: Annotated[
        bool, Field(description="Whether cohorts in which they differ are searched.")
    ] = True
    conditions: Annotated[int, Field(ge=1, le=4, description="Most conditions of a slice.")] = 3
    min_share: Annotated[
        float, Field(ge=0, le=1, description="Least share of the rows in a slice.")
    ] = 0.01
    budget_s: Annotated[
        float, Field(gt=0, le=LONGEST_SEARCH_S, description="Seconds of the search.")
    ] = 60.0
    seed: Annotated[int, Field(ge=0, lt=2**32, description="Seed of the halves.")] = 0
    format: Annotated[
        Literal["json", "markdown"], Field(description="The result, or a text for a pull request.")
    ] = "json"


class ChangedOptions(Options):
    """Which change is divided among its causes, as `ws.changed` has it."""

    before: Annotated[
        _Name,
        Field(
            description="The evaluation before, or its model on this dataset.",
            examples=["gbm@1/churn@1"],
        ),
    ]
    metric: Annotated[
        _Metric | None, Field(description="A metric; the task's usual one without it.")
    ] = None
    by: Annotated[
        list[_Name] | None,
        Field(max_length=50, description="Columns by whose values rows are of one kind."),
    ] = None
    where: _Where = None
    threshold: _Threshold = None
    calls: Annotated[
        bool, Field(description="Whether models may be called where a crossing is missing.")
    ] = True


class ReevaluateOptions(Options):
    """Which models are evaluated on a dataset version."""

    models: Annotated[
        list[_Name] | None, Field(max_length=1_000, description="Only these; all without it.")
    ] = None


def named(of: Evaluation, name: str) -> Evaluation:
    """The evaluation of that name, or of the model of that name on the same dataset.

    Raises:
        UnknownName: there is none; a question makes none.
    """
    workspace = of.workspace
    return workspace.evaluation(name if "/" in name else f"{name}/{of.dataset.ref}")


def _compare(work: Work) -> Comparison | bytes:
    told = _told(work.options)
    others = [named(work.ev, name) for name in told.pop("against")]
    form, baseline = told.pop("format"), told.pop("baseline")
    if baseline is not None:
        told["baseline"] = named(work.ev, baseline)
    found = work.workspace.compare(
        *others, work.ev, **told, progress=work.progress, cancel=work.is_cancelled
    )
    return found.to_markdown().encode() if form == "markdown" else found


def _changed(work: Work) -> WhatChanged:
    told = _told(work.options)
    before = named(work.ev, told.pop("before"))
    return work.workspace.changed(
        before, work.ev, **told, trust=work.trust, progress=work.progress,
        cancel=work.is_cancelled,
    )  # fmt: skip


def _reevaluate(work: Work) -> Reevaluated:
    return work.workspace.reevaluate(
        work.dataset,
        models=work.options.models,
        trust=work.trust,
        progress=work.progress,
        cancel=work.is_cancelled,
    )


def _others_now(of: Evaluation, options: Any) -> str:
    """The rows and predictions of the evaluations that it is held against."""
    names = [*options.against, *([options.baseline] if options.baseline else [])]
    return hash_json([_content(named(of, name)) for name in names])


def _before_now(of: Evaluation, options: Any) -> str:
    return _content(named(of, options.before))


def _content(of: Evaluation) -> str:
    return hash_json([of.ref, of.version.content, of.dataset.version.content])


def _told(options: Options) -> dict[str, Any]:
    """The options, where an empty text says nothing."""
    return {key: None if value == "" else value for key, value in options.model_dump().items()}


COMPARE = registered(
    Kind(
        "compare",
        "Comparing models",
        CompareOptions,
        _compare,
        (Comparison,),
        "compare",
        stands_on=_others_now,
    )
)
CHANGED = registered(
    Kind(
        "changed",
        "What changed",
        ChangedOptions,
        _changed,
        (WhatChanged,),
        "changed",
        stands_on=_before_now,
        lane="asking",
        needs_model=False,
    )
)
REEVALUATE = registered(
    Kind(
        "reevaluate",
        "Call all models on a dataset",
        ReevaluateOptions,
        _reevaluate,
        (Reevaluated,),
        is_kept=False,
        lane="asking",
        needs_model=False,
        about="dataset",
    )
)
