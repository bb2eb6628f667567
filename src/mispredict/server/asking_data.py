"""One request about a dataset, with or without models: found, asked, sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request, Response

from mispredict.core.errors import UnknownName
from mispredict.server.asking import DatasetName, job_or_result
from mispredict.server.failures import NotFound
from mispredict.server.jobs.kind import Kind
from mispredict.server.jobs.options import Options
from mispredict.server.service import Service, service_of
from mispredict.server.wire import encoded, respond

if TYPE_CHECKING:
    from mispredict.workspace import Dataset

DS = "/api/v1/datasets/{dataset}"


class AskData:
    """A request about the dataset of its path."""

    def __init__(self, request: Request, dataset: str) -> None:
        self.request = request
        self.service: Service = service_of(request)
        self._name = dataset

    async def dataset(self) -> Dataset:
        """The dataset; the newest version where none is named."""
        try:
            return await self.service.pool.quick(lambda: self.service.workspace.dataset(self._name))
        except UnknownName as error:
            raise NotFound(error) from error

    async def answer(self, compute: Callable[[Dataset], Any]) -> Response:
        """The result as JSON, or 304 where the asker has the same; for what is quick."""
        found = await self.dataset()
        return await self.service.answer(self.request, lambda: compute(found))

    async def write(self, change: Callable[[Dataset], Any], *, status: int = 200) -> Response:
        """The result of a change, which is never kept."""
        found = await self.dataset()
        made = await self.service.pool.heavy(lambda: encoded(change(found)))
        return respond(self.request, made, status=status)

    async def searched(self, kind: Kind, options: Options) -> Response:
        """The result of a job about the dataset, or 202 with the job that will give it."""
        found, jobs = await self.dataset(), self.service.jobs
        made = await self.service.pool.quick(lambda: jobs.ask(kind, "", found.ref, options))
        return job_or_result(self.request, made)


def _ask(request: Request, dataset: DatasetName) -> AskData:
    return AskData(request, dataset)


AskedData = Annotated[AskData, Depends(_ask)]
