"""What each kind of job may be told; the same names as the arguments in Python."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LONGEST_SEARCH_S = 600.0

_Where = Annotated[
    str | None, Field(description="The cohort of rows to look at; all rows without it.")
]
_Columns = Annotated[
    list[str] | None, Field(description="Columns to look through; inputs and metadata without it.")
]
_Skip = Annotated[list[str], Field(description="Columns not to look at.")]
_Seed = Annotated[int, Field(ge=0, lt=2**32, description="Seed of the halves.")]
_Column = Annotated[
    str | None, Field(description="Texts or vectors to compare rows by; the first such column.")
]


class Options(BaseModel):
    """What a job may be told."""

    model_config = ConfigDict(extra="forbid")


class SlicesOptions(Options):
    """Options of the search for slices, as `ev.slices` has them."""

    where: _Where = None
    top: Annotated[int, Field(ge=1, le=15, description="Most slices to answer with.")] = 15
    objective: Annotated[
        str | None, Field(description="What is larger in a slice: error, loss, overconfidence, …")
    ] = None
    columns: _Columns = None
    skip: _Skip = Field(default_factory=list)
    conditions: Annotated[int, Field(ge=1, le=4, description="Most conditions of a slice.")] = 3
    min_share: Annotated[
        float, Field(ge=0, le=1, description="Least share of the rows in a slice.")
    ] = 0.01
    budget_s: Annotated[
        float,
        Field(gt=0, le=LONGEST_SEARCH_S, description="Seconds after which the best so far is it."),
    ] = 60.0
    scoring: Annotated[
        Literal["significance", "sliceline"],
        Field(description="Confirmed findings, or the score of the SliceLine paper."),
    ] = "significance"
    alpha: Annotated[
        float, Field(gt=0, le=1, description="Weight of the error in SliceLine's score.")
    ] = 0.95
    seed: _Seed = 0


class TreeOptions(Options):
    """Options of the error tree, as `ev.error_tree` has them."""

    where: _Where = None
    depth: Annotated[int, Field(ge=1, le=8, description="Most conditions from root to leaf.")] = 3
    min_share: Annotated[
        float, Field(gt=0, le=1, description="Least share of the rows in a node.")
    ] = 0.02
    columns: _Columns = None
    skip: _Skip = Field(default_factory=list)
    seed: _Seed = 0


class ClustersOptions(Options):
    """Options of clusters, as `ev.clusters` has them."""

    column: _Column = None
    n: Annotated[int, Field(ge=1, le=100, description="Most clusters to look for.")] = 25
    where: _Where = None
    seed: _Seed = 0


class MapOptions(Options):
    """Options of the map, as `ev.map` has them."""

    column: _Column = None
    seed: Annotated[int, Field(ge=0, lt=2**32, description="Seed of the layout.")] = 0
    most: Annotated[int, Field(ge=1, le=1_000_000, description="Most points to answer with.")] = (
        100_000
    )


class OverviewOptions(Options):
    """Options of an overview that takes long."""

    where: _Where = None


class ReportOptions(Options):
    """Options of a report."""

    where: _Where = None
    format: Annotated[Literal["html", "markdown"], Field(description="Form of the file.")] = "html"


class EvaluateOptions(Options):
    """Options of an evaluation."""

    batch_rows: Annotated[
        int | None, Field(ge=1, le=1_000_000, description="Rows that the model is given at once.")
    ] = None
