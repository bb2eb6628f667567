"""The kinds of jobs that change rows or make them up, and ask the model about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption
from mispredict.server.jobs.checks_why import check_question
from mispredict.server.jobs.kind import Kind, Work, registered
from mispredict.server.jobs.kinds_why import columns_now
from mispredict.server.jobs.options_generating import Change, PerturbOptions
from mispredict.workspace.asking import Bounds
from mispredict.workspace.generating import PerturbedPreview, preview
from mispredict.workspace.perturbing import Wish

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation


def wish_of(said: Change, limit: int | None) -> Wish:
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
    bounds = Bounds(
        seed=said.seed, trust=work.trust, progress=work.progress, cancel=work.is_cancelled
    )
    return preview(work.ev, wish_of(said, said.limit), bounds, shown=said.shown)


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
