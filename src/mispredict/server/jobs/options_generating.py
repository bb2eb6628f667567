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
_Sentence = Annotated[str, Field(min_length=1, max_length=2_000)]
_Columns = Annotated[
    list[_Name] | None,
    Field(max_length=500, description="Columns to change; all that can be without it."),
]
_Where = Annotated[
    str | None,
    Field(max_length=_LONGEST, description="The cohort of rows; all rows without it."),
]
_Seed = Annotated[int, Field(ge=0, lt=2**32, description="Seed of what is drawn.")]


class InputChange(WhyOptions):
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


class PerturbOptions(InputChange):
    """Options of changed rows, as `ev.perturb` has them."""

    limit: Annotated[
        int, Field(ge=1, le=MOST_ROWS, description="Rows to change, drawn by the seed.")
    ] = 10
    shown: Annotated[int, Field(ge=0, le=200, description="Most rows to answer with.")] = 10


class TemplateDraft(WhyOptions):
    """A template: sentences, or a row by column, and what is expected of it."""

    template: Annotated[
        _Sentence
        | Annotated[list[_Sentence], Field(min_length=1, max_length=50)]
        | Annotated[dict[_Name, _Sentence], Field(min_length=1, max_length=500)],
        Field(
            description="A sentence with places, several, or of a table a text for each column.",
            examples=["{name} said the {service} was {adjective}."],
        ),
    ]
    column: Annotated[
        str | None,
        Field(max_length=200, description="The text column of sentences; the only one without it."),
    ] = None
    lexicons: Annotated[
        dict[_Name, Annotated[list[_Scalar], Field(min_length=1, max_length=5_000)]],
        Field(default_factory=dict, max_length=50, description="Words of places by name."),
    ]
    label: Annotated[
        _Scalar | None, Field(description="The right answer of every row, if it is one.")
    ] = None
    labels: Annotated[
        dict[_Name, _Scalar] | None,
        Field(max_length=5_000, description="Right answers by what stands at the place `by`."),
    ] = None
    by: Annotated[str | None, Field(max_length=200, description="The place of `labels`.")] = None
    vary: Annotated[
        str | None,
        Field(max_length=200, description="A place whose words must not matter: all are tried."),
    ] = None
    where: _Where = None
    seed: _Seed = 0


class FillOptions(TemplateDraft):
    """Options of a filled template, as `ev.fill` has them, and what the model says of it."""

    n: Annotated[
        int, Field(ge=1, le=10_000, description="Rows; of sets of rows, where a place varies.")
    ] = 20
    shown: Annotated[int, Field(ge=0, le=500, description="Most rows to answer with.")] = 20


class AdviceOptions(WhyOptions):
    """Options of augmentation advice, as `ev.augmentation_advice` has them."""

    names: Annotated[
        list[_Name] | None,
        Field(max_length=50, description="Perturbations; all that keep the label without it."),
    ] = None
    strengths: Annotated[
        list[Annotated[float, Field(gt=0, le=1)]],
        Field(
            default_factory=lambda: [0.1, 0.3, 0.6],
            min_length=1,
            max_length=10,
            description="Strengths to try.",
        ),
    ]
    where: _Where = None
    columns: _Columns = None
    ceiling: Annotated[
        str | None,
        Field(max_length=220, description="A model of the same dataset that is thought to know."),
    ] = None
    sample: Annotated[int, Field(ge=30, le=20_000, description="Rows, drawn by the seed.")] = 500
    seed: _Seed = 0


class SyntheticDraft(WhyOptions):
    """Rows that are made up like those of a cohort."""

    where: Annotated[
        str | None,
        Field(max_length=_LONGEST, description="The cohort to learn from; all rows without it."),
    ] = None
    columns: Annotated[
        list[_Name] | None,
        Field(
            max_length=500,
            description="Columns to make; all numbers, categories and truth values without it.",
        ),
    ] = None
    method: Annotated[
        Literal["trees", "copula"],
        Field(description="Each column from those before it, or marginals and rank correlations."),
    ] = "trees"
    seed: _Seed = 0


class SyntheticOptions(SyntheticDraft):
    """Options of made-up rows with their report, as `ws.synthesise` has them."""

    n: Annotated[int, Field(ge=1, le=MOST_ROWS, description="Rows to make up.")] = 1_000
    shown: Annotated[int, Field(ge=0, le=200, description="Most rows to answer with.")] = 20


class Generated(WhyOptions):
    """What is generated: changed rows, or the rows of a template."""

    change: Annotated[InputChange | None, Field(description="Rows of the data, changed.")] = None
    template: Annotated[TemplateDraft | None, Field(description="Rows of a template.")] = None


class GeneratedCheckOptions(Generated):
    """A check of what is generated; with its verdict now, and nothing is saved."""

    expect: Annotated[
        Literal["same", "label", "strengths"],
        Field(description="Of changed rows: the same prediction, the label, or at strengths."),
    ] = "same"
    min_share: Annotated[
        float | None, Field(ge=0, le=1, description="Least share; without it what holds now.")
    ] = None
    n: Annotated[int, Field(ge=1, le=10_000, description="Rows of a template.")] = 200
    name: Annotated[str, Field(max_length=200, description="Name of the check.")] = ""


class GeneratedRows(Generated):
    """Generated rows to be kept."""

    synthetic: Annotated[
        SyntheticDraft | None, Field(description="Rows that are made up like those of a cohort.")
    ] = None
    n: Annotated[
        int,
        Field(ge=1, le=MOST_ROWS, description="Rows to change, of the template, or to make up."),
    ] = 1_000


class DatasetDraft(GeneratedRows):
    """Generated rows to be stored as a dataset."""

    name: Annotated[str, Field(max_length=200, description="What to call it.")]


class FileDraft(GeneratedRows):
    """Generated rows to be downloaded."""

    format: Annotated[Literal["csv", "parquet"], Field(description="Of the file.")] = "csv"
