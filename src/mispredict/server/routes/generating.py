"""Changed and made-up rows: what they do to predictions, kept as checks, files or datasets."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from mispredict.core.errors import ModelError
from mispredict.server.asking import Ask, Asked, E
from mispredict.server.jobs.kinds_generating import (
    ADVICE,
    FILL,
    FILL_FEW,
    GENERATED_CHECK,
    PERTURB,
    PREVIEW,
    SYNTHETIC,
    check_change,
    check_one,
    check_template,
    synthetic_wish,
    template_wish,
    wish_of,
)
from mispredict.server.jobs.kinds_why import refuse_without_model
from mispredict.server.jobs.options_generating import (
    FEW,
    AdviceOptions,
    DatasetDraft,
    FileDraft,
    FillOptions,
    GeneratedCheckOptions,
    GeneratedRows,
    PerturbOptions,
    SyntheticOptions,
)
from mispredict.server.routes.describing import told
from mispredict.server.service import service_of
from mispredict.server.shapes import Job
from mispredict.workspace.explaining.asking import Bounds
from mispredict.workspace.generating.fills import (
    FilledPreview,
    LexiconList,
    filled_preview,
    lexicon_list,
)
from mispredict.workspace.generating.generating import (
    OfferedPerturbations,
    PerturbedPreview,
    offered_perturbations,
    preview_alone,
)
from mispredict.workspace.generating.kept import (
    GeneratedDataset,
    Made,
    changed_rows,
    file_of,
    filled_rows,
    store,
)
from mispredict.workspace.generating.synthetic import synthetic_rows

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


@router.get(
    "/api/v1/lexicons",
    **told("lexicons", LexiconList, summary="Words that templates can be filled from"),
)
async def lexicons(request: Request) -> Response:
    return await service_of(request).answer(request, lexicon_list)


@router.post(
    f"{E}/templates/fill",
    **told("fill_template", *FILL.answers, also={202: [Job]},
           summary="Rows of a template, and what the model says of them"),
)  # fmt: skip
async def fill_template(ask: Asked, options: FillOptions) -> Response:
    if await _can_ask(ask):
        return await ask.searched(
            FILL_FEW if options.n <= FEW and not options.vary else FILL, options
        )

    def made(ev: Any) -> FilledPreview:
        check_template(ev, options, trust=False)
        bounds = Bounds(seed=options.seed)
        wish = template_wish(options)
        return filled_preview(ev, wish, options.n, bounds, shown=options.shown, is_asked=False)

    return await ask.write(made)


@router.get(
    f"{E}/augmentation-advice",
    **told("augmentation_advice", *ADVICE.answers, also={202: [Job]},
           summary="Which changed rows are realistic, clear, and done poorly"),
)  # fmt: skip
async def augmentation_advice(ask: Asked, options: Annotated[AdviceOptions, Query()]) -> Response:
    return await ask.searched(ADVICE, options)


@router.post(
    f"{E}/synthetic",
    **told("synthetic", *SYNTHETIC.answers, also={202: [Job]},
           summary="Rows made up like those of a cohort, with their quality and privacy"),
)  # fmt: skip
async def synthetic(ask: Asked, options: SyntheticOptions) -> Response:
    return await ask.searched(SYNTHETIC, options)


@router.post(
    f"{E}/generated/check",
    **told("generated_check", *GENERATED_CHECK.answers, also={202: [Job]},
           summary="A check of what is generated, with its verdict now; nothing is saved"),
)  # fmt: skip
async def generated_check(ask: Asked, options: GeneratedCheckOptions) -> Response:
    return await ask.searched(GENERATED_CHECK, options)


@router.post(
    f"{E}/generated",
    **told("store_generated", GeneratedDataset, status=201,
           summary="Store generated rows as a dataset of the workspace"),
)  # fmt: skip
async def store_generated(ask: Asked, draft: DatasetDraft) -> Response:
    trust = ask.service.settings.trust

    def made(ev: Any) -> GeneratedDataset:
        return store(ev, _rows(ev, draft, trust=trust), draft.name)

    return await ask.write(made, status=201)


@router.post(
    f"{E}/generated/file",
    **told("generated_file", summary="Generated rows as a file, CSV or Parquet"),
)
async def generated_file(ask: Asked, draft: FileDraft) -> Response:
    trust = ask.service.settings.trust
    opened = await ask.opened()
    ev = opened.evaluation
    body = await ask.service.pool.heavy(
        lambda: file_of(_rows(ev, draft, trust=trust), draft.format)
    )
    name = f"{ev.dataset.name}-generated.{draft.format}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(body, 200, headers, media_type=_MEDIA[draft.format])


_MEDIA = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


def _rows(ev: Any, draft: GeneratedRows, *, trust: bool) -> Made:
    check_one(ev, draft, trust=trust)
    if draft.change is not None:
        wish = wish_of(draft.change, draft.n)
        return changed_rows(ev, wish, seed=draft.change.seed, trust=trust)
    if draft.synthetic is not None:
        return synthetic_rows(ev, synthetic_wish(draft.synthetic), draft.n)
    assert draft.template is not None  # one of the three is there
    wish_ = template_wish(draft.template)
    return filled_rows(ev, wish_, draft.n, seed=draft.template.seed, trust=trust)


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
