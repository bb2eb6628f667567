"""The kinds of jobs that change rows or make them up, and ask the model about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption
from mispredict.perturb.advice import AugmentationAdvice
from mispredict.server.jobs.checks_why import check_question
from mispredict.server.jobs.kind import Kind, Work, registered
from mispredict.server.jobs.kinds_why import columns_now
from mispredict.server.jobs.options_generating import (
    AdviceOptions,
    FillOptions,
    Generated,
    GeneratedCheckOptions,
    InputChange,
    PerturbOptions,
    SyntheticDraft,
    SyntheticOptions,
    TemplateDraft,
)
from mispredict.workspace.explaining.asking import Bounds
from mispredict.workspace.generating.fills import (
    FilledPreview,
    TemplateWish,
    filled_preview,
    template_of,
)
from mispredict.workspace.generating.generating import PerturbedPreview, preview
from mispredict.workspace.generating.kept import check_of_change, check_of_template
from mispredict.workspace.generating.synthetic import (
    SyntheticPreview,
    SyntheticWish,
    synthetic_preview,
)
from mispredict.workspace.perturbing.perturbing import Wish
from mispredict.workspace.testing.previews import ProposedChecks

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation


def wish_of(said: InputChange, limit: int | None) -> Wish:
    """What a client wants changed, with nothing in it that would read a file or run code.

    Raises:
        UnknownName: there is no such perturbation.
        BadOption: an option that can only be given in Python.
    """
    from mispredict.perturb.registry import chain_of

    chain = chain_of(said.names)
    for name, value in said.options.items():
        defaults = [part.options[name] for part in chain.parts if name in part.options]
        if None in defaults and isinstance(value, str):
            raise BadOption(
                f"the option {name!r} cannot be a text here.",
                known="Functions, dictionaries and files can only be given in Python.",
                hint="a number, or nothing",
            )
    where = said.where if said.where and said.where.strip() else None
    return Wish(
        said.names, said.strength, where, columns=said.columns, limit=limit, options=said.options
    )


def check_change(of: Evaluation, options: Any, *, trust: bool) -> None:
    """Raise for a perturbation, option or cohort that there is not; the model is not asked."""
    check_question(of, options, trust=trust)
    wish_of(options, 1)


def _perturbed(work: Work) -> PerturbedPreview:
    said = work.options
    wish = wish_of(said, said.limit)
    return preview(work.ev, wish, _bounds(work, said.seed), shown=said.shown)


def template_wish(said: TemplateDraft) -> TemplateWish:
    """The template that a client wrote."""
    return TemplateWish(
        said.template,
        said.column,
        said.lexicons,
        said.label,
        said.labels,
        said.by,
        said.vary,
        said.where if said.where and said.where.strip() else None,
    )


def check_template(of: Evaluation, options: Any, *, trust: bool) -> None:
    """Raise for a template that cannot be filled; the model is not asked."""
    check_question(of, options, trust=trust)
    template_of(of, template_wish(options), trust=trust)


def check_one(of: Evaluation, options: Generated, *, trust: bool) -> None:
    """Raise unless one thing is generated, and can be."""
    synthetic = getattr(options, "synthetic", None)
    if sum(item is not None for item in (options.change, options.template, synthetic)) != 1:
        also = ", or made-up rows" if hasattr(options, "synthetic") else ""
        raise BadOption(
            f"give either a change or a template{also}.", hint='{"change": {"names": ["typo"]}}'
        )
    if options.change is not None:
        check_change(of, options.change, trust=trust)
    elif options.template is not None:
        check_template(of, options.template, trust=trust)
    else:
        check_question(of, synthetic, trust=trust)


def synthetic_wish(said: SyntheticDraft) -> SyntheticWish:
    """What a client wants made up."""
    where = said.where if said.where and said.where.strip() else None
    columns = None if said.columns is None else tuple(said.columns)
    return SyntheticWish(where, columns, said.method, said.seed)


def _synthetic(work: Work) -> SyntheticPreview:
    said = work.options
    check_question(work.ev, said, trust=work.trust)
    return synthetic_preview(
        work.ev, synthetic_wish(said), said.n, shown=said.shown, cancel=work.is_cancelled
    )


def _filled(work: Work) -> FilledPreview:
    said = work.options
    return filled_preview(
        work.ev, template_wish(said), said.n, _bounds(work, said.seed), shown=said.shown
    )


def _advice(work: Work) -> AugmentationAdvice:
    told: dict[str, Any] = work.options.model_dump()
    return work.ev.augmentation_advice(
        **told, trust=work.trust, progress=work.progress, cancel=work.is_cancelled
    )


def _check(work: Work) -> ProposedChecks:
    said = work.options
    if said.change is not None:
        return check_of_change(
            work.ev,
            wish_of(said.change, None),
            expect=said.expect,
            min_share=said.min_share,
            name=said.name,
            seed=said.change.seed,
            trust=work.trust,
        )
    return check_of_template(
        work.ev,
        template_wish(said.template),
        min_share=said.min_share,
        name=said.name,
        n=said.n,
        seed=said.template.seed,
        trust=work.trust,
    )


def _bounds(work: Work, seed: int) -> Bounds:
    return Bounds(seed=seed, trust=work.trust, progress=work.progress, cancel=work.is_cancelled)


PREVIEW = registered(
    Kind(
        "perturb_few",
        "Some changed rows",
        PerturbOptions,
        _perturbed,
        (PerturbedPreview,),
        stands_on=columns_now,
        lane="quick",
        check=check_change,
    )
)
PERTURB = registered(
    Kind(
        "perturb",
        "Changed rows",
        PerturbOptions,
        _perturbed,
        (PerturbedPreview,),
        stands_on=columns_now,
        lane="asking",
        check=check_change,
    )
)
FILL_FEW = registered(
    Kind(
        "fill_few",
        "A template, filled",
        FillOptions,
        _filled,
        (FilledPreview,),
        stands_on=columns_now,
        lane="quick",
        check=check_template,
    )
)
FILL = registered(
    Kind(
        "fill",
        "A template, filled",
        FillOptions,
        _filled,
        (FilledPreview,),
        stands_on=columns_now,
        lane="asking",
        check=check_template,
    )
)
ADVICE = registered(
    Kind(
        "augmentation_advice",
        "What is worth adding",
        AdviceOptions,
        _advice,
        (AugmentationAdvice,),
        "augmentation-advice",
        stands_on=columns_now,
        lane="asking",
        check=check_question,
    )
)
GENERATED_CHECK = registered(
    Kind(
        "generated_check",
        "A check of generated rows",
        GeneratedCheckOptions,
        _check,
        (ProposedChecks,),
        lane="asking",
        check=check_one,
    )
)
SYNTHETIC = registered(
    Kind(
        "synthetic",
        "Making rows up",
        SyntheticOptions,
        _synthetic,
        (SyntheticPreview,),
        stands_on=columns_now,
    )
)
