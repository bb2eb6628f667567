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

    token: str = Field(max_length=1_000, description="The token itself.")


class TagChange(Body):
    """Which rows get the tag, or lose it: those of a cohort, or by number."""

    where: str | None = Field(None, description="A cohort.", examples=["age > 60"])
    rows: list[Annotated[int, Field(strict=True)]] | None = Field(
        None, max_length=100_000, description="Numbers of rows, instead of a cohort."
    )
    remove: bool = Field(False, description="Whether they lose the tag.")


class TagSettingsChange(Body):
    """What is said of a tag; what is left out stays, null takes it back."""

    ease: int | None = Field(None, description="From 1 (hard) to 5 (easy).")
    importance: int | None = Field(None, description="From 1 (minor) to 5 (crucial).")
    ceiling: float | None = Field(None, description="The best value to be expected.")
    note: str | None = Field(None, max_length=10_000, description="Anything else.")


class CohortDraft(Body):
    """A cohort to be saved."""

    name: str = Field(max_length=200, description="What to call it.", examples=["seniors"])
    where: str = Field(max_length=100_000, description="Its condition.", examples=["age > 60"])
    note: str = Field("", max_length=10_000, description="What it is for.")
    evaluation: str | None = Field(
        None,
        max_length=500,
        description="The evaluation whose columns it is checked against.",
        examples=["gbm@1/churn@2"],
    )


class DecisionDraft(Body):
    """A threshold, who chose it and why."""

    threshold: float = Field(description="The probability from which on a row is positive.")
    who: str = Field(max_length=200, description="Who decides.")
    reason: str = Field(max_length=10_000, description="Why.")


class JobDraft(Body):
    """A job to be started."""

    kind: str = Field(
        max_length=50,
        description="slices, tree, clusters, map, overview, report, evaluate; explanation, "
        "dependence, interactions, effects, flips, counterfactuals, text_edits; row_explanation, "
        "what_if, flip_points; suite_run, proposals; perturb_few, perturb, "
        "fill_few, fill, synthetic, augmentation_advice, generated_check; compare, changed, "
        "reevaluate; health, duplicates, conflicts, leakage, dataset_diff, data_proposals, "
        "coverage; label_errors, corrected_metrics; drift, estimated_performance; "
        "uncertainty, spread, conformal, sanity or consensus.",
        examples=["slices"],
    )
    evaluation: str | None = Field(
        None, max_length=500, description="What it is about.", examples=["gbm@1/churn@2"]
    )
    model: str | None = Field(None, max_length=220, description="Of `evaluate`: the model.")
    dataset: str | None = Field(None, max_length=220, description="Of `evaluate`: the dataset.")
    options: dict[str, Any] = Field(
        default_factory=dict, description="Options of the kind, as its GET has parameters."
    )


def given(where: str | None) -> str | None:
    """The cohort, or None for all rows."""
    return where if where and where.strip() else None
