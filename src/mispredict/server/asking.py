"""One request about an evaluation: found, compared with what the asker has, computed, sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import unquote_plus

from fastapi import Depends, Path, Request, Response

from mispredict.core.errors import UnknownName
from mispredict.core.ids import hash_bytes
from mispredict.server.failures import JobFailed, NotFound
from mispredict.server.jobs.events import over
from mispredict.server.jobs.kind import Kind
from mispredict.server.jobs.options import Options
from mispredict.server.paging import page_size
from mispredict.server.service import Service, service_of
from mispredict.server.shapes import Job
from mispredict.server.wire import (
    Encoded,
    dumps,
    encoded,
    is_known,
    json_response,
    respond,
    tag_of,
    unchanged,
)

if TYPE_CHECKING:
    from mispredict.server.opened import Opened
    from mispredict.workspace import Evaluation

E = "/api/v1/evaluations/{model}/{dataset}"
_NAMED = re.compile(r"\b(?:tag|cohort)\b", re.IGNORECASE)
_LONGEST_NAME = 220

ModelName = Annotated[
    str, Path(max_length=_LONGEST_NAME, description="A model and its version.", examples=["gbm@1"])
]
DatasetName = Annotated[
    str,
    Path(max_length=_LONGEST_NAME, description="A dataset and its version.", examples=["churn@2"]),
]


class Ask:
    """A request about the evaluation of its path."""

    def __init__(self, request: Request, model: str, dataset: str) -> None:
        self.request = request
        self.service: Service = service_of(request)
        self._model = model
        self._dataset = dataset

    async def opened(self) -> Opened:
        """The evaluation, open."""
        service = self.service
        try:
            return await service.pool.quick(
                lambda: service.evaluations.open(self._model, self._dataset)
            )
        except UnknownName as error:
            raise NotFound(error) from error

    async def answer(
        self,
        compute: Callable[[Evaluation], Any],
        *,
        uses_names: bool = False,
        also: Sequence[str] = (),
        kinds: Sequence[str] = (),
        is_kept: bool = False,
    ) -> Response:
        """The result as JSON, or 304 where the asker has it.

        Args:
            compute: asks the evaluation.
            uses_names: whether the result depends on tags or saved cohorts that the request
                does not speak of.
            also: what else it depends on.
            kinds: kinds of versions that it depends on too.
            is_kept: keep it on disk, so that it is there when the server starts anew.
        """
        opened = await self.opened()
        tag = self._tag(opened, uses_names, [*also, *await self._revisions(kinds)])
        if is_known(self.request, tag, is_there=False):
            return unchanged(tag)
        answers = self.service.answers
        found = answers.find(tag)
        if found is None:
            found = await self.service.pool.heavy(
                lambda: answers.keep(tag, self._made(tag, opened, compute, is_kept)), key=tag
            )
        if is_known(self.request, tag):
            return unchanged(tag)
        return respond(self.request, found, tag=tag)

    def _made(
        self, tag: str, opened: Opened, compute: Callable[[Evaluation], Any], is_kept: bool
    ) -> Encoded:
        """The answer, from disk where it was kept there."""
        if not is_kept:
            return encoded(compute(opened.evaluation))
        cache, key = self.service.workspace.store.cache, f"answer {tag}"
        body = cache.get(key)
        if body is None:
            body = dumps(compute(opened.evaluation))
            cache.put(key, body)
        return encoded(body)

    async def _revisions(self, kinds: Sequence[str]) -> Sequence[str]:
        if not kinds:
            return ()
        store = self.service.workspace.store
        return [await self.service.pool.quick(lambda: store.revision(*kinds))]

    async def write(self, change: Callable[[Evaluation], Any], *, status: int = 200) -> Response:
        """The result of a change, which is never kept."""
        opened = await self.opened()
        found = await self.service.pool.heavy(lambda: encoded(change(opened.evaluation)))
        return respond(self.request, found, status=status)

    async def searched(self, kind: Kind, options: Options) -> Response:
        """The result of a job, or 202 with the job that will give it.

        What asks a model is waited for a little: mostly it is done by then.
        """
        opened, jobs = await self.opened(), self.service.jobs
        model, dataset = opened.evaluation.model, opened.evaluation.dataset.ref
        found = await self.service.pool.quick(lambda: jobs.ask(kind, model, dataset, options))
        if kind.asks_model and isinstance(found, Job) and not found.is_over:
            await over(jobs, found.id, self.service.settings.limits.wait_s)
            id_ = found.id
            found = await self.service.pool.quick(lambda: jobs.seen(id_))
        return job_or_result(self.request, found)

    def page_size(self, limit: int) -> int:
        """The number of rows asked for, if one page may have as many."""
        return page_size(limit, self.service.settings.limits.rows_per_page)

    async def check_row(self, row: int) -> None:
        """Refuse the number of a row that there is not."""
        n = (await self.opened()).evaluation.n
        if row >= n:
            known = f"Rows go from 0 to {n - 1:,}." if n else "There are none."
            raise NotFound(UnknownName(f"there is no row {row:,}.", known=known, hint="rows/0"))

    async def slices(self) -> tuple[str, ...]:
        """Cohorts of the slices that were found last."""
        opened = await self.opened()
        of, jobs = opened.evaluation, self.service.jobs
        return await self.service.pool.quick(lambda: jobs.slices(of.model, of.dataset.ref))

    def _tag(self, opened: Opened, uses_names: bool, also: Sequence[str]) -> str:
        """ETag from what the answer depends on: content, address, and names it speaks of."""
        query = self.request.scope["query_string"].decode("latin-1")
        speaks = uses_names or _NAMED.search(unquote_plus(query)) is not None
        return tag_of(
            self.service.version,
            opened.evaluation.ref,
            opened.content,
            opened.names if speaks else "",
            self.request.scope["path"],
            query,
            list(also),
        )


def job_or_result(request: Request, found: Job | Encoded) -> Response:
    """A result, or 304 where the asker has it; else 202 with the job, unless that failed."""
    if isinstance(found, Encoded):
        if request.method != "GET":
            return respond(request, found)
        tag = tag_of(hash_bytes(found.body))
        return unchanged(tag) if is_known(request, tag) else respond(request, found, tag=tag)
    if found.error is not None:
        raise JobFailed(found.error)
    return json_response(found, 202)


def _ask(request: Request, model: ModelName, dataset: DatasetName) -> Ask:
    return Ask(request, model, dataset)


Asked = Annotated[Ask, Depends(_ask)]
