"""Parameters that several routes take, and the bodies of writes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

Where = Annotated[
    str | None,
    Query(
        description="A cohort, as the cohort language writes it; all rows without it.",
        examples=["age > 60 AND city = 'Oslo'"],
    ),
]
OrderBy = Annotated[
    str | None,
    Query(description="Columns to sort by, with ASC or DESC.", examples=["loss DESC"]),
]
ViewName = Annotated[str | None, Query(description="The view that was clicked.")]
Codes = Annotated[list[int] | None, Query(description="Its codes to select.")]
Mode = Annotated[
    Literal["replace", "add", "clear"],
    Query(description="Whether they replace the view's conditions or join them."),
]
Names = Annotated[list[str] | None, Query(description="Names; repeat the parameter for several.")]
Limit = Annotated[int, Query(ge=0, description="Most rows to answer with.")]
Row = int


class Body(BaseModel):
    """The JSON of a write; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class SignIn(Body):
    """The token that the server was started with."""

    token: str = Field(max_length=1_000)


class TagChange(Body):
    """Which rows get the tag, or lose it: those of a cohort, or by number."""

    where: str | None = Field(None, examples=["age > 60"])
    rows: list[int] | None = Field(None, max_length=100_000)
    remove: bool = False


class TagSettingsChange(Body):
    """What is said of a tag; what is left out stays, null takes it back."""

    ease: int | None = None
    importance: int | None = None
    ceiling: float | None = None
    note: str | None = Field(None, max_length=10_000)


class CohortDraft(Body):
    """A cohort to be saved; `evaluation` is a ref whose columns it is checked against."""

    name: str = Field(max_length=200, examples=["seniors"])
    where: str = Field(max_length=100_000, examples=["age > 60"])
    note: str = Field("", max_length=10_000)
    evaluation: str | None = Field(None, max_length=500, examples=["gbm@1/churn@2"])


class DecisionDraft(Body):
    """A threshold, who chose it and why."""

    threshold: float
    who: str = Field(max_length=200)
    reason: str = Field(max_length=10_000)


class JobDraft(Body):
    """A job to be started: a kind, an evaluation `model/dataset`, and options of the kind."""

    kind: str = Field(max_length=50, examples=["slices"])
    evaluation: str | None = Field(None, max_length=500, examples=["gbm@1/churn@2"])
    model: str | None = Field(None, max_length=220, examples=["gbm@1"])
    dataset: str | None = Field(None, max_length=220, examples=["churn@2"])
    options: dict[str, Any] = Field(default_factory=dict)


def given(where: str | None) -> str | None:
    """The cohort, or None for all rows."""
    return where if where and where.strip() else None
