"""The kinds of jobs that ask a model: why it says what it says, and what else it would say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mispredict.core.errors import ModelError
from mispredict.explain.counterfactuals.results import Counterfactuals
from mispredict.explain.dependence import Dependence
from mispredict.explain.effects.effects import Effects
from mispredict.explain.effects.flips import Flips
from mispredict.explain.explanation import Explanation, LocalExplanation
from mispredict.explain.interacting import Interactions
from mispredict.explain.text_changes.text_changes import TextEdits
from mispredict.explain.what_if.flip_points import FlipPoints
from mispredict.explain.what_if.what_if import WhatIf
from mispredict.server.jobs.checks_why import (
    check_changes,
    check_class,
    check_question,
    check_rules,
    check_wanted,
    wanted,
)
from mispredict.server.jobs.kind import Kind, Work, registered
from mispredict.server.jobs.options import Options
from mispredict.server.jobs.options_why import (
    CounterfactualsOptions,
    DependenceOptions,
    EffectsOptions,
    ExplanationOptions,
    FlipPointsOptions,
    FlipsOptions,
    InteractionsOptions,
    RowExplanationOptions,
    TextEditsOptions,
    WhatIfOptions,
)

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation

DERIVED = (
    "cluster",
    "map_",
    "shap_",
    "label_error",
    "suggested_label",
    "noise_",
    "set_size",
    "in_set",
)  # words of columns that an evaluation is given later
_COLUMNS = ("clusters", "map", "attributions", "label_errors", "noise", "conformal")


def refuse_without_model(of: Evaluation, *, trust: bool) -> None:
    """Raise where the evaluation's model cannot be called from here.

    Raises:
        ModelError: only its predictions are known, it was in another process, or it is a pickle
            that nobody trusts.
    """
    from mispredict.workspace.explaining.asking import model_of

    workspace = of.workspace
    is_known = of.version.spec.get("how") != "predictions"
    if is_known and workspace.can_call(of.model, trust=trust):
        return
    if is_known and workspace.store.version("model", of.model).role("copy") and not trust:
        raise ModelError(
            f"model {of.model!r} is kept as a pickle, which can run any code.",
            known="This server loads one only if whoever starts it says so.",
            hint="mispredict serve --trust",
        )
    model_of(of, trust=trust)


def _told(work: Work, *but: str) -> dict[str, Any]:
    """What the job was told, as arguments in Python."""
    found: dict[str, Any] = work.options.model_dump(exclude=set(but))
    return {**found, "trust": work.trust, "cancel": work.is_cancelled, "progress": work.progress}


def _explained(work: Work, *but: str) -> Explanation:
    return work.ev.explain(
        **_told(work, "row", "budget_s", *but),
        rows=getattr(work.options, "row", None),
        budget=float(work.options.budget_s),
    )


def _row_explanation(work: Work) -> LocalExplanation:
    return _explained(work).local(work.options.row)


def _dependence(work: Work) -> Dependence:
    feature, bins = work.options.feature, work.options.bins
    return _explained(work, "feature", "bins").dependence(feature, bins=bins)


def _interactions(work: Work) -> Interactions:
    return _explained(work, "top").interactions(top=work.options.top)


def _what_if(work: Work) -> WhatIf:
    said = work.options
    return work.ev.what_if(said.row, said.changes, unseen=said.unseen, trust=work.trust)


def _flip_points(work: Work) -> FlipPoints:
    said = work.options
    return work.ev.flip_points(target=wanted(said), **_told(work, "target", "low", "high"))


def _effects(work: Work) -> Effects:
    return work.ev.effects(**_told(work))


def _flips(work: Work) -> Flips:
    return work.ev.flips(**_told(work))


def _counterfactuals(work: Work) -> Counterfactuals:
    return work.ev.counterfactuals(**_told(work))


def _text_edits(work: Work) -> TextEdits:
    return work.ev.text_edits(**_told(work))


def columns_now(of: Evaluation, options: Options) -> str:
    """The state of derived columns, where the cohort speaks of them."""
    where = (getattr(options, "where", None) or "").lower()
    if not any(word in where for word in DERIVED):
        return ""
    return of.workspace.store.revision(*_COLUMNS)


ROW_EXPLANATION = registered(
    Kind(
        "row_explanation",
        "Why, for one row",
        RowExplanationOptions,
        _row_explanation,
        (LocalExplanation,),
        lane="quick",
        check=check_question,
    )
)
WHAT_IF = registered(
    Kind(
        "what_if", "What if", WhatIfOptions, _what_if, (WhatIf,), lane="quick", check=check_changes
    )
)
FLIP_POINTS = registered(
    Kind(
        "flip_points",
        "Where the prediction flips",
        FlipPointsOptions,
        _flip_points,
        (FlipPoints,),
        lane="quick",
        check=check_rules,
    )
)
EXPLANATION = registered(
    Kind(
        "explanation",
        "What moves the model",
        ExplanationOptions,
        _explained,
        (Explanation,),
        "explanation",
        stands_on=columns_now,
        lane="asking",
        check=check_question,
        adds_columns=True,
    )
)
DEPENDENCE = registered(
    Kind(
        "dependence",
        "What a value does",
        DependenceOptions,
        _dependence,
        (Dependence,),
        "dependence",
        stands_on=columns_now,
        lane="asking",
        check=check_question,
        adds_columns=True,
    )
)
INTERACTIONS = registered(
    Kind(
        "interactions",
        "Features that act together",
        InteractionsOptions,
        _interactions,
        (Interactions,),
        "interactions",
        stands_on=columns_now,
        lane="asking",
        check=check_question,
        adds_columns=True,
    )
)
EFFECTS = registered(
    Kind(
        "effects",
        "Effects",
        EffectsOptions,
        _effects,
        (Effects,),
        "effects",
        lane="asking",
        check=check_class,
    )
)
FLIPS = registered(
    Kind(
        "flips",
        "Flips of one attribute",
        FlipsOptions,
        _flips,
        (Flips,),
        "flips",
        lane="asking",
        check=check_class,
    )
)
COUNTERFACTUALS = registered(
    Kind(
        "counterfactuals",
        "Counterfactuals",
        CounterfactualsOptions,
        _counterfactuals,
        (Counterfactuals,),
        lane="asking",
        check=check_rules,
    )
)
TEXT_EDITS = registered(
    Kind(
        "text_edits",
        "Text edits",
        TextEditsOptions,
        _text_edits,
        (TextEdits,),
        lane="asking",
        check=check_wanted,
    )
)
