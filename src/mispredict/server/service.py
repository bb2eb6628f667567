"""What all routes of one server share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastapi import Request, Response

from mispredict.core.ids import hash_bytes
from mispredict.server.answers import Answers
from mispredict.server.bundle import Bundle
from mispredict.server.figures import Figures
from mispredict.server.jobs.running import Jobs
from mispredict.server.opened import OpenEvaluations
from mispredict.server.pool import Pool
from mispredict.server.security.gate import Gate
from mispredict.server.security.places import Places
from mispredict.server.settings import ServerSettings
from mispredict.server.wire import encoded, is_known, respond, tag_of, unchanged

if TYPE_CHECKING:
    from mispredict.workspace import Workspace

_MEGABYTE = 1 << 20


class Service:
    """A workspace, open evaluations, threads and given answers of one server."""

    def __init__(self, workspace: Workspace, settings: ServerSettings) -> None:
        from mispredict import __version__

        limits = settings.limits
        self.workspace = workspace
        self.settings = settings
        self.version = __version__
        self.pool = Pool(limits)
        self.evaluations = OpenEvaluations(workspace, limits.open_evaluations)
        self.jobs = Jobs(workspace, self.evaluations, limits, trust=settings.trust)
        self.answers = Answers(limits.answer_megabytes * _MEGABYTE)
        self.places = Places(settings)
        self.gate = Gate(settings, workspace.store.marker.id)
        self.bundle = Bundle(settings)
        self.figures = Figures(self)

    def open(self) -> None:
        """Run jobs."""
        self.jobs.open()

    async def answer(self, request: Request, compute: Callable[[], Any]) -> Response:
        """The result as JSON, or 304 where the asker has the same; for what is quick."""
        found = await self.pool.heavy(lambda: encoded(compute()))
        tag = tag_of(self.version, hash_bytes(found.body))
        return unchanged(tag) if is_known(request, tag) else respond(request, found, tag=tag)

    def close(self) -> None:
        """Take no more work; jobs that run are taken up by the next server."""
        self.jobs.close()
        self.pool.close()


def service_of(request: Request) -> Service:
    """The service of the app that was asked."""
    service: Service = request.app.state.service
    return service
