"""The jobs that compare two sets of rows, and that estimate performance without labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from mispredict.core.ids import hash_json
from mispredict.data.drift.results import Drift
from mispredict.data.estimated.results import EstimatedPerformance
from mispredict.server.jobs.kind import Kind, Work, registered
from mispredict.server.jobs.kinds_why import DERIVED
from mispredict.server.jobs.options import Options
from mispredict.server.opened import COLUMNS, NAMES

if TYPE_CHECKING:
    from mispredict.workspace import Workspace

_Name = Annotated[str, Field(max_length=500)]
_Where = Annotated[str | None, Field(max_length=100_000, description="Cohort of the current rows.")]
_ReferenceWhere = Annotated[
    str | None, Field(max_length=100_000, description="Cohort of the reference rows.")
]
_Columns = Annotated[
    list[Annotated[str, Field(max_length=500)]] | None,
    Field(max_length=1_000, description="Columns to compare; all that can be without it."),
]
_Windows = Annotated[
    str | None,
    Field(max_length=20, description="hour, day, week, month, quarter, year, or how many."),
]


class DriftOptions(Options):
    """What is compared with what, as `ws.drift` has it."""

    reference: Annotated[
        _Name, Field(description="A dataset or evaluation to compare with.", examples=["churn@1"])
    ]
    current: Annotated[
        _Name, Field(description="The one that may have drifted.", examples=["churn@2"])
    ]
    where: _Where = None
    reference_where: _ReferenceWhere = None
    columns: _Columns = None
    by: Annotated[
        str | None,
        Field(max_length=500, description="Column that the current rows are parted by."),
    ] = None
    windows: _Windows = None
    bound: Annotated[
        float, Field(gt=0, le=1, description="The distance from which on a difference counts.")
    ] = 0.05
    cohorts: Annotated[
        int, Field(ge=0, le=20, description="Most cohorts that carry the drift.")
    ] = 5
    joint: Annotated[
        bool, Field(description="Whether whole rows are told apart by a classifier too.")
    ] = False
    performance: Annotated[
        bool, Field(description="Whether the model's metrics of now are estimated too.")
    ] = True
    seed: Annotated[int, Field(ge=0, lt=2**32, description="Seed of samples and folds.")] = 0


class EstimatedOptions(Options):
    """How performance is estimated, as `ev.estimated_performance` has it."""

    reference: Annotated[
        str | None,
        Field(max_length=500, description="An evaluation with labels; this one without it."),
    ] = None
    by: Annotated[
        str | None,
        Field(max_length=500, description="Column that windows or groups are made of."),
    ] = None
    windows: _Windows = None
    metrics: Annotated[
        list[Annotated[str, Field(max_length=100)]] | None,
        Field(max_length=50, description="Metrics to estimate."),
    ] = None
    where: _Where = None
    reference_where: _ReferenceWhere = None
    fall: Annotated[float, Field(ge=0, le=1, description="By how much a metric may fall.")] = 0.02


def _drift(work: Work) -> Drift:
    return work.workspace.drift(
        **_told(work.options), progress=work.progress, cancel=work.is_cancelled
    )


def _estimated(work: Work) -> EstimatedPerformance:
    told = _told(work.options)
    return work.ev.estimated_performance(
        told.pop("reference") or None, **told, progress=work.progress, cancel=work.is_cancelled
    )


def _told(options: Options) -> dict[str, Any]:
    """The options, where an empty text says nothing and digits are a number."""
    told = {name: None if value == "" else value for name, value in options.model_dump().items()}
    windows = told["windows"]
    if windows is not None and windows.isdecimal():
        told["windows"] = int(windows)
    return told


def _sides_now(workspace: Workspace, dataset: str, options: Any) -> str:
    """The rows of both sides, and the tags, cohorts and columns that are spoken of."""
    store = workspace.store
    said = f"{options.where} {options.reference_where} {options.columns} {options.by}".lower()
    kinds = [*NAMES] if "tag" in said or "cohort" in said else []
    kinds += [*COLUMNS] if any(word in said for word in DERIVED) else []
    sides = [_content(workspace, name) for name in (options.reference, options.current)]
    return hash_json([sides, store.revision(*kinds) if kinds else ""])


def _content(workspace: Workspace, name: str) -> str:
    from mispredict.workspace.drifting.sides import rows_of

    rows = rows_of(workspace, name)
    found = [rows.dataset.version.content]
    if rows.evaluation is not None:
        found.append(rows.evaluation.version.content)
    return hash_json(found)


DRIFT = registered(
    Kind(
        "drift",
        "Drift",
        DriftOptions,
        _drift,
        (Drift,),
        "drift",
        about="workspace",
        state=_sides_now,
    )
)
ESTIMATED = registered(
    Kind(
        "estimated_performance",
        "Estimated performance",
        EstimatedOptions,
        _estimated,
        (EstimatedPerformance,),
        "estimated-performance",
    )
)
