"""What jobs that ask a model may be told; the same names as the arguments in Python."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field

from mispredict.server.jobs.options import LONGEST_SEARCH_S, Options

_LARGEST = 2**63 - 1
_Whole = Annotated[int, Field(ge=-_LARGEST - 1, le=_LARGEST)]
Value: TypeAlias = bool | _Whole | float | str | None
Values: TypeAlias = Value | list[Value]

Row = Annotated[int, Field(ge=0, le=_LARGEST, description="Number of the row, from 0.")]
_Where = Annotated[
    str | None, Field(description="The cohort of rows to look at; all rows without it.")
]
_Target = Annotated[
    str | None,
    Field(description="The class that is looked at; the positive or predicted one without it."),
]
_Wanted = Annotated[
    bool | _Whole | float | str | Annotated[list[float | None], Field(max_length=2)] | None,
    Field(
        description="The class that is wanted, any other without it; of a regression the least and "
        "largest value."
    ),
]
_Rows = Annotated[
    Row | None, Field(description="Number of the row; without it the rows of a cohort.")
]
_Sample = Annotated[
    int, Field(ge=1, le=100_000, description="Rows of the cohort, drawn by the seed.")
]
_Seed = Annotated[int, Field(ge=0, lt=2**32, description="Seed of all that is drawn.")]
_Seconds = Annotated[
    float,
    Field(gt=0, le=LONGEST_SEARCH_S, description="Seconds after which the best so far is it."),
]
_Text = Annotated[str | None, Field(description="The text column; the first one without it.")]


class WhyOptions(Options):
    """Options of what asks a model."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class HowExplained(WhyOptions):
    """How rows are explained, as `ev.explain` has it."""

    method: Annotated[
        str | None,
        Field(
            description="`tree`, `linear`, `permutation`, `enumeration` or `lime`; of texts "
            "`tokens`, `leave-one-out` or `lime-tokens`; the best one that fits without it."
        ),
    ] = None
    column: Annotated[
        str | None, Field(description="The text column whose tokens are explained.")
    ] = None
    target: _Target = None
    samples: Annotated[
        int | None, Field(ge=3, le=10_000, description="Permutations or masks per row.")
    ] = None
    budget_s: Annotated[
        float, Field(gt=0, le=LONGEST_SEARCH_S, description="Seconds for asking the model.")
    ] = 60.0
    seed: _Seed = 0


class RowExplanationOptions(HowExplained):
    """Options of the explanation of one row."""

    row: Row


class ExplanationOptions(HowExplained):
    """Options of an explanation of many rows."""

    where: _Where = None
    sample: Annotated[
        int | None,
        Field(
            ge=1,
            description="Rows to explain, drawn by the seed; without it 200 where attributions are "
            "sampled, else all.",
        ),
    ] = None


class DependenceOptions(ExplanationOptions):
    """Options of a feature's values against its attributions."""

    feature: Annotated[str, Field(description="One of the explained features.")]
    bins: Annotated[int, Field(ge=2, le=100, description="Bins of numbers and times.")] = 10


class InteractionsOptions(ExplanationOptions):
    """Options of pairs of features that act together."""

    top: Annotated[int, Field(ge=1, le=100, description="Most pairs.")] = 10


class WhatIfDraft(WhyOptions):
    """Other values of a row."""

    changes: Annotated[
        dict[str, Values] | list[dict[str, Values]],
        Field(
            description="Value by column, or a list of such for several variants. A list of values "
            "stands for a variant each."
        ),
    ]
    unseen: Annotated[
        bool, Field(description="Allow categories and missing values that no row has.")
    ] = False


class WhatIfOptions(WhatIfDraft):
    """Options of a row with other values, as `ev.what_if` has them."""

    row: Row


class FlipPointsQuery(WhyOptions):
    """Where the prediction of a row flips."""

    columns: Annotated[
        list[str] | None, Field(description="Features to look at; all without it.")
    ] = None
    target: Annotated[
        str | None, Field(description="The class that is wanted; any other without it.")
    ] = None
    low: Annotated[
        float | None, Field(description="Of a regression: the least value that is wanted.")
    ] = None
    high: Annotated[
        float | None, Field(description="Of a regression: the largest value that is wanted.")
    ] = None
    tries: Annotated[
        int, Field(ge=1, le=100_000, description="Rows that the model may be asked about.")
    ] = 10_000


class FlipPointsOptions(FlipPointsQuery):
    """Options of flip points, as `ev.flip_points` has them."""

    row: Row


class EffectsOptions(WhyOptions):
    """Options of effects, as `ev.effects` has them."""

    feature: Annotated[str, Field(description="What is varied.")]
    other: Annotated[str | None, Field(description="A second feature, for a pair.")] = None
    kind: Annotated[
        Literal["pdp", "ice", "ale"],
        Field(description="The mean over rows, a curve for each, or accumulated local effects."),
    ] = "pdp"
    where: _Where = None
    target: _Target = None
    sample: _Sample = 500
    grid: Annotated[int, Field(ge=2, le=200, description="How many values of a feature.")] = 20
    seed: _Seed = 0


class FlipsOptions(WhyOptions):
    """Options of flips of one attribute, as `ev.flips` has them."""

    column: Annotated[str, Field(description="The attribute.")]
    values: Annotated[
        list[str] | None, Field(description="That rows are set to; all categories without it.")
    ] = None
    where: _Where = None
    target: _Target = None
    sample: _Sample = 1_000
    seed: _Seed = 0


class CounterfactualsDraft(WhyOptions):
    """What a search for counterfactuals may change."""

    target: _Wanted = None
    vary: Annotated[
        list[str] | None, Field(description="Columns that may change; all inputs without it.")
    ] = None
    immutable: Annotated[
        list[str], Field(default_factory=list, description="Columns that may not change.")
    ]
    ranges: Annotated[
        dict[str, list[Value]],
        Field(
            default_factory=dict,
            description="Least and largest value of a number, or the categories that are allowed.",
        ),
    ]
    monotone: Annotated[
        dict[str, Literal["increase", "decrease"]],
        Field(default_factory=dict, description="The only way that a number may go."),
    ]
    integer: Annotated[
        list[str], Field(default_factory=list, description="Numbers that stay whole.")
    ]
    costs: Annotated[
        dict[str, float],
        Field(default_factory=dict, description="How much a change counts; 1 by default."),
    ]
    k: Annotated[
        int, Field(ge=1, le=10, description="Answers per row, that change different things.")
    ] = 3
    tries: Annotated[
        int, Field(ge=1, le=100_000, description="Rows that the model may be asked about.")
    ] = 1_000
    seconds: _Seconds = 60.0
    seed: _Seed = 0


class CounterfactualsOptions(CounterfactualsDraft):
    """Options of counterfactuals of a row or a cohort, as `ev.counterfactuals` has them."""

    row: _Rows = None
    where: _Where = None
    sample: _Sample = 100


class TextEditsDraft(WhyOptions):
    """What a search for edits of a text may do."""

    column: _Text = None
    target: Annotated[
        str | None, Field(description="The class that is wanted; any other without it.")
    ] = None
    kinds: Annotated[
        list[Literal["typo", "synonym", "delete", "insert"]] | None,
        Field(description="Kinds of edits; all that can be had without it."),
    ] = None
    similarity: Annotated[
        float, Field(ge=0, le=1, description="To the text as it is, at least.")
    ] = 0.75
    most_edits: Annotated[int, Field(ge=1, le=50, description="Most words that are edited.")] = 6
    tries: Annotated[
        int, Field(ge=1, le=100_000, description="Rows that the model may be asked about.")
    ] = 500
    seconds: _Seconds = 60.0
    seed: _Seed = 0


class TextEditsOptions(TextEditsDraft):
    """Options of edits of the texts of a row or a cohort, as `ev.text_edits` has them."""

    row: _Rows = None
    where: _Where = None
    sample: _Sample = 100


def about_row(kind: type[Options], row: int, given: Options) -> Any:
    """The options of a job about one row."""
    return kind(**{**given.model_dump(), "row": row})
