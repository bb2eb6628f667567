"""Rows, and where they are wrong: explore, rows, mistakes, error classes, cards."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BeforeValidator

from mispredict.cohorts.cards import Cards
from mispredict.cohorts.errors import ErrorClasses
from mispredict.core.predicate.completion import Completion
from mispredict.server.asking import Asked, E
from mispredict.server.paging import mask_of, page_of
from mispredict.server.routes.describing import told
from mispredict.server.routes.parameters import (
    Codes,
    Limit,
    Mode,
    Names,
    OrderBy,
    ViewName,
    Where,
    given,
)
from mispredict.server.shapes import RowMask, RowsAnswer, RowsPage
from mispredict.workspace.exploring.exploration import Exploration
from mispredict.workspace.exploring.exploring import edited_cohort
from mispredict.workspace.looking.example import Example
from mispredict.workspace.looking.facts import CohortFacts

router = APIRouter(tags=["looking"])


def _digits(value: object) -> object:
    """The text of a whole number, of which Python would read more than digits ("1_0")."""
    if isinstance(value, str) and not (value.isascii() and value.removeprefix("-").isdecimal()):
        raise ValueError("It is no whole number")
    return value


Number = Annotated[
    int, BeforeValidator(_digits), Path(ge=0, description="Number of a row, from 0.")
]


@router.get(
    f"{E}/explore",
    **told("explore", Exploration, summary="The panels of a cohort, after an edit of it"),
)
async def explore(
    ask: Asked,
    where: Where = None,
    column: ViewName = None,
    codes: Codes = None,
    mode: Mode = "replace",
    columns: Names = None,
) -> Response:
    return await ask.answer(
        lambda ev: ev.explore(given(where), column=column, codes=codes, mode=mode, columns=columns),
        uses_names=True,
    )


@router.get(
    f"{E}/rows", **told("rows", RowsPage, summary="A page of rows, after an edit of the cohort")
)
async def rows(
    ask: Asked,
    where: Where = None,
    order_by: OrderBy = None,
    limit: Limit = 100,
    offset: Annotated[int, Query(ge=0, description="Rows to skip; not with a cursor.")] = 0,
    cursor: Annotated[
        str | None, Query(description="`next` of the page before, which says all else.")
    ] = None,
    columns: Names = None,
    column: ViewName = None,
    codes: Codes = None,
    mode: Mode = "replace",
) -> Response:
    limits = ask.service.settings.limits
    return await ask.answer(
        lambda ev: page_of(
            ev,
            edited_cohort(ev, given(where), column=column, codes=codes, mode=mode),
            order_by,
            limit=limit,
            offset=offset,
            cursor=cursor,
            columns=columns,
            most=limits.rows_per_page,
        )
    )


@router.get(f"{E}/mask", **told("mask", RowMask, summary="Which rows a cohort has, as bits"))
async def mask(ask: Asked, where: Where = None) -> Response:
    return await ask.answer(lambda ev: mask_of(ev, given(where)))


@router.get(f"{E}/rows/{{row}}", **told("row", Example, summary="One row and all known of it"))
async def row(ask: Asked, row: Number, where: Where = None, order_by: OrderBy = None) -> Response:
    await ask.check_row(row)
    slices = await ask.slices()
    return await ask.answer(
        lambda ev: ev.row(row, where=given(where), order_by=order_by or None, slices=slices),
        uses_names=True,
        also=slices,
    )


@router.get(f"{E}/cohort", **told("cohort", CohortFacts, summary="A cohort's text, checked"))
async def cohort(ask: Asked, where: Where = None) -> Response:
    return await ask.answer(lambda ev: ev.cohort_facts(given(where)))


@router.get(f"{E}/complete", **told("complete", Completion, summary="What may be typed at a place"))
async def complete(
    ask: Asked,
    text: Annotated[str, Query(description="The text so far.")] = "",
    cursor: Annotated[int | None, Query(ge=0, description="Place in it; its end.")] = None,
) -> Response:
    return await ask.answer(lambda ev: ev.complete(text, cursor), uses_names=True)


@router.get(f"{E}/mistakes", **told("mistakes", RowsAnswer, summary="Wrong rows, worst first"))
async def mistakes(
    ask: Asked,
    where: Where = None,
    order: Annotated[
        Literal["confidence", "loss", "near"], Query(description="What comes first.")
    ] = "confidence",
    limit: Limit = 20,
) -> Response:
    return await ask.answer(lambda ev: ev.mistakes(order, given(where), ask.page_size(limit)))


@router.get(
    f"{E}/near-misses", **told("near_misses", RowsAnswer, summary="Wrong rows nearest to right")
)
async def near_misses(ask: Asked, where: Where = None, limit: Limit = 20) -> Response:
    return await ask.answer(lambda ev: ev.near_misses(given(where), ask.page_size(limit)))


@router.get(f"{E}/outliers", **told("outliers", RowsAnswer, summary="Rows most unlike the others"))
async def outliers(ask: Asked, where: Where = None, limit: Limit = 20) -> Response:
    return await ask.answer(lambda ev: ev.outliers(given(where), ask.page_size(limit)))


@router.get(
    f"{E}/error-classes",
    **told("error_classes", ErrorClasses, summary="Which label is taken for which"),
)
async def error_classes(ask: Asked, where: Where = None) -> Response:
    return await ask.answer(lambda ev: ev.error_classes(given(where)))


@router.get(f"{E}/cards", **told("cards", Cards, summary="Conditions that go with being wrong"))
async def cards(
    ask: Asked,
    where: Where = None,
    columns: Names = None,
    kinds: Names = None,
    top: Annotated[int, Query(ge=0, le=1_000, description="Most cards.")] = 50,
) -> Response:
    return await ask.answer(
        lambda ev: ev.cards(given(where), columns=columns, kinds=kinds, top=top)
    )
