"""The jobs that ask how sure a model may be, and whether it is sane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from mispredict.core.ids import hash_json
from mispredict.data.doubt.conformal_results import ConformalSets
from mispredict.data.doubt.sanity import Sanity
from mispredict.data.doubt.uncertainty_results import Spread, Uncertainty
from mispredict.server.jobs.kind import Kind, Work, registered
from mispredict.server.jobs.options import Options

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation

_Name = Annotated[str, Field(max_length=500)]
_Where = Annotated[
    str | None, Field(max_length=100_000, description="The cohort of rows; all rows without it.")
]
_Seed = Annotated[int, Field(ge=0, lt=2**32, description="Seed of the draws.")]
_Share = Annotated[float, Field(ge=0, le=1)]


class UncertaintyOptions(Options):
    """Which doubt is looked at, as `ev.uncertainty` has it."""

    where: _Where = None
    by: Annotated[
        list[_Name] | None,
        Field(max_length=50, description="Measures of doubt; all that there are without it. One "
              "alone is that of the curve."),
    ] = None  # fmt: skip
    members: Annotated[
        list[_Name] | None,
        Field(max_length=50, description="Models whose disagreement is a measure."),
    ] = None
    doubted: Annotated[
        float, Field(ge=0, le=1, description="Share of the rows that count as unsure.")
    ] = 0.1
    shares: Annotated[
        list[_Share] | None,
        Field(
            min_length=1, max_length=100, description="Shares of the rows whose errors are told."
        ),
    ] = None


class SpreadOptions(Options):
    """What is done to rows, as `ev.spread` has it."""

    where: _Where = None
    noise: Annotated[
        float, Field(ge=0, le=1, description="Strength; 0 asks for the same inputs again.")
    ] = 0.05
    perturbation: Annotated[
        str | None, Field(max_length=100, description="What is done; the usual of the columns.")
    ] = None
    copies: Annotated[int, Field(ge=1, le=1_000, description="Copies of each row.")] = 10
    sample: Annotated[
        int | None, Field(ge=1, description="Rows that are drawn; all without it, which makes "
                          "`noise_spread` and `noise_flips` columns.")
    ] = None  # fmt: skip
    limit: Annotated[int, Field(ge=0, le=1_000, description="Most rows to list.")] = 20
    seed: _Seed = 0


class ConformalOptions(Options):
    """Which sets are made and where they are judged, as `ev.conformal` has it."""

    where: _Where = None
    target: Annotated[
        float, Field(gt=0, lt=1, description="Chance that a set holds the label.")
    ] = 0.9
    method: Annotated[
        Literal["lac", "aps", "raps", "absolute", "scaled"] | None,
        Field(description="How sets are made; the smallest ones without it."),
    ] = None
    calibration: Annotated[
        str | None,
        Field(max_length=100_000,
              description="A cohort or another evaluation; a random half without it."),
    ] = None  # fmt: skip
    within: Annotated[
        str | None,
        Field(max_length=500, description="Column of which each value is calibrated apart."),
    ] = None
    by: Annotated[
        list[Annotated[str, Field(max_length=100_000)]] | None,
        Field(max_length=100, description="Columns, of which each is judged by itself, or cohorts; "
              "label and inputs without it."),
    ] = None  # fmt: skip
    scale: Annotated[
        str | None, Field(max_length=500, description="Column of how wide a range is.")
    ] = None
    seed: _Seed = 0


class SanityOptions(Options):
    """Which tests are done, as `ev.sanity` has it."""

    train: Annotated[
        str | None,
        Field(max_length=100_000, description="Cohort of the rows that the model learned from, or "
              "the evaluation of its training data."),
    ] = None  # fmt: skip
    tests: Annotated[
        list[Literal["beats_constant", "train_gap", "input_ablation", "overfits_batch",
                     "label_shuffle"]] | None,
        Field(min_length=1, max_length=5, description="Tests; all without it."),
    ] = None  # fmt: skip
    sample: Annotated[
        int, Field(ge=20, le=1_000_000, description="Rows that are asked or learned from.")
    ] = 1000
    seed: _Seed = 0


def _uncertainty(work: Work) -> Uncertainty:
    told = _told(work.options)
    by = told.pop("by")
    shares = {} if told["shares"] is None else {"shares": told["shares"]}
    told.pop("shares")
    return work.ev.uncertainty(by=by[0] if by and len(by) == 1 else by, **told, **shares)


def _spread(work: Work) -> Spread:
    return work.ev.spread(
        **_told(work.options), trust=work.trust, progress=work.progress, cancel=work.is_cancelled
    )


def _conformal(work: Work) -> ConformalSets:
    from mispredict.workspace.doubting.judged import judged_cohorts

    told = _told(work.options)
    cohorts = judged_cohorts(work.ev, told.pop("by"))
    return work.ev.conformal(by=cohorts or None, **told)


def _sanity(work: Work) -> Sanity:
    return work.ev.sanity(
        **_told(work.options), trust=work.trust, progress=work.progress, cancel=work.is_cancelled
    )


def _told(options: Options) -> dict[str, Any]:
    """The options, where an empty text says nothing."""
    return {key: None if value == "" else value for key, value in options.model_dump().items()}


def _doubts_now(of: Evaluation, options: Options) -> str:
    """The columns of doubt that are kept, which are measures too."""
    return hash_json([_version(of, "noise"), _version(of, "conformal")])


def _noise_now(of: Evaluation, options: Options) -> str:
    return _version(of, "noise")


def _sets_now(of: Evaluation, options: Any) -> str:
    """The sets that are kept, which sizes speak of, and what they were calibrated on."""
    name = options.calibration or ""
    other = ""
    if "/" in name and any(row.name == name for row in of.workspace.evaluations().rows):
        other = of.workspace.evaluation(name).version.content
    return hash_json([_version(of, "conformal"), other])


def _trained_now(of: Evaluation, options: Any) -> str:
    """The training data's evaluation, where one is named."""
    name = options.train or ""
    known = any(row.name == name for row in of.workspace.evaluations().rows)
    return of.workspace.evaluation(name).version.content if known else ""


def _version(of: Evaluation, family: str) -> str:
    head = of.workspace.store.head(family, of.version.ref.name)
    return "" if head is None else str(head.ref)


UNCERTAINTY = registered(
    Kind(
        "uncertainty",
        "Uncertainty",
        UncertaintyOptions,
        _uncertainty,
        (Uncertainty,),
        "uncertainty",
        stands_on=_doubts_now,
    )
)
SPREAD = registered(
    Kind(
        "spread",
        "Predictions under noise",
        SpreadOptions,
        _spread,
        (Spread,),
        "spread",
        stands_on=_noise_now,
        lane="asking",
        adds_columns=True,
    )
)
CONFORMAL = registered(
    Kind(
        "conformal",
        "Conformal sets",
        ConformalOptions,
        _conformal,
        (ConformalSets,),
        "conformal",
        stands_on=_sets_now,
        adds_columns=True,
    )
)
SANITY = registered(
    Kind(
        "sanity",
        "Sanity tests",
        SanityOptions,
        _sanity,
        (Sanity,),
        "sanity",
        stands_on=_trained_now,
        lane="asking",
        needs_model=False,
    )
)
