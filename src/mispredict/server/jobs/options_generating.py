"""What may be asked of changed and made-up rows; the same names as the arguments in Python."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from mispredict.server.jobs.options_why import WhyOptions

MOST_ROWS = 100_000
FEW = 50  # rows that are looked at while a slider moves
_LONGEST = 100_000
_Name = Annotated[str, Field(min_length=1, max_length=200)]
_Scalar: TypeAlias = bool | int | float | Annotated[str, Field(max_length=200)]
_Strength = Annotated[float, Field(ge=0, le=1)]
_Columns = Annotated[
    list[_Name] | None,
    Field(max_length=500, description="Columns to change; all that can be without it."),
]
_Where = Annotated[
    str | None,
    Field(max_length=_LONGEST, description="The cohort of rows; all rows without it."),
]
_Seed = Annotated[int, Field(ge=0, lt=2**32, description="Seed of what is drawn.")]


class Change(WhyOptions):
    """What is done to rows, and to which."""

    names: Annotated[
        list[_Name],
        Field(
            min_length=1,
            max_length=10,
            description="Perturbations, one after the other.",
            examples=[["typo"]],
        ),
    ]
    strength: Annotated[
        float, Field(ge=0, le=1, description="Mostly the share of places that change.")
    ] = 0.3
    where: _Where = None
    columns: _Columns = None
    options: Annotated[
        dict[_Name, _Scalar],
        Field(
            default_factory=dict, max_length=20, description="Options of the perturbations by name."
        ),
    ]
    seed: _Seed = 0


class PerturbOptions(Change):
    """Options of changed rows, as `ev.perturb` has them."""

    limit: Annotated[
        int, Field(ge=1, le=MOST_ROWS, description="Rows to change, drawn by the seed.")
    ] = 10
    shown: Annotated[int, Field(ge=0, le=200, description="Most rows to answer with.")] = 10


Format: TypeAlias = Literal["csv", "parquet"]
