"""Changed and made-up rows: what they do to predictions, kept as checks, files or datasets."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from mispredict.core.errors import ModelError
from mispredict.server.asking import Ask, Asked, E
from mispredict.server.jobs.kinds_generating import PERTURB, PREVIEW, check_change, wish_of
from mispredict.server.jobs.kinds_why import refuse_without_model
from mispredict.server.jobs.options_generating import FEW, PerturbOptions
from mispredict.server.routes.describing import told
from mispredict.server.shapes import Job
from mispredict.workspace.generating import (
    OfferedPerturbations,
    PerturbedPreview,
    offered_perturbations,
    preview_alone,
)

router = APIRouter(tags=["generating"])


@router.get(
    f"{E}/perturbations",
    **told("perturbations", OfferedPerturbations, summary="What can be done to the inputs"),
)
async def perturbations(ask: Asked) -> Response:
    trust = ask.service.settings.trust
    return await ask.answer(lambda ev: offered_perturbations(ev, trust=trust))


@router.post(
    f"{E}/perturb",
    **told("perturb", *PERTURB.answers, also={202: [Job]},
           summary="Rows before and after a perturbation, and how many predictions change"),
)  # fmt: skip
async def perturb(ask: Asked, options: PerturbOptions) -> Response:
    if await _can_ask(ask):
        return await ask.searched(PREVIEW if options.limit <= FEW else PERTURB, options)

    def made(ev: Any) -> PerturbedPreview:
        check_change(ev, options, trust=False)
        wish = wish_of(options, options.limit)
        return preview_alone(ev, wish, seed=options.seed, shown=options.shown)

    return await ask.write(made)


async def _can_ask(ask: Ask) -> bool:
    """Whether there is a model that can be asked from here."""
    opened, service = await ask.opened(), ask.service

    def found() -> bool:
        try:
            refuse_without_model(opened.evaluation, trust=service.settings.trust)
        except ModelError:
            return False
        return True

    return await service.pool.quick(found)
