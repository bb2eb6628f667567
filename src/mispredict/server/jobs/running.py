"""Jobs of one server: asked for once, run a few at a time, watched, cancelled, taken up again."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from pydantic import ValidationError

from mispredict.core.errors import Cancelled, InputError, MispredictError, UnknownName
from mispredict.core.ids import hash_json
from mispredict.engine.query import limited
from mispredict.server.failures import NotFound, Refused, problem_of
from mispredict.server.jobs.files import JobFiles, Record, folder_of
from mispredict.server.jobs.kind import KINDS, Kind, Work
from mispredict.server.jobs.kinds import EVALUATE, SLICES
from mispredict.server.jobs.kinds_why import DERIVED, refuse_without_model
from mispredict.server.jobs.options import Options
from mispredict.server.lanes import Lanes
from mispredict.server.shapes import Failure, Job
from mispredict.server.threads import Threads
from mispredict.server.wire import Encoded, dumps, encoded

if TYPE_CHECKING:
    from mispredict.server.opened import OpenEvaluations
    from mispredict.server.settings import Limits
    from mispredict.workspace import Evaluation, Workspace

_OVER = ("done", "failed", "cancelled")
_MOST_KNOWN = 500
_SPOKEN = ("tag", "cohort")
_CLOSING_S = 2.0  # for all running jobs together, to hear that they are to stop
Watcher = Callable[[Job], None]


@dataclass
class _Run:
    """A job of this process."""

    record: Record
    kind: Kind
    options: Options
    is_unwanted: threading.Event = field(default_factory=threading.Event)
    is_left: threading.Event = field(default_factory=threading.Event)  # by the thread that ran it
    is_begun: bool = False
    watchers: list[Watcher] = field(default_factory=list)
    is_told: bool = False  # that it came to nothing, to who asked


class Jobs:
    """All jobs that this server knows."""

    def __init__(
        self,
        workspace: Workspace,
        opened: OpenEvaluations,
        limits: Limits,
        *,
        trust: bool = False,
    ) -> None:
        """Jobs of a workspace.

        Args:
            workspace: what they are about.
            opened: its evaluations.
            limits: how many run and wait.
            trust: whether models that were kept as pickles may be loaded.
        """
        self._workspace = workspace
        self._opened = opened
        self._limits = limits
        self._files = JobFiles(folder_of(workspace.store.root))
        self._runs: dict[str, _Run] = {}
        self._lock = threading.RLock()
        self._trust = trust
        self._threads = Threads(limits.job_threads, "mispredict-job")
        asking, quick, models = limits.job_threads, limits.heavy_threads, limits.models_asked
        self._asking = Lanes(asking, asking * models, "mispredict-asking")
        self._quick = Lanes(quick, quick * models, "mispredict-asked")
        self.is_closing = False

    def open(self) -> None:
        """Take up what a server before left unfinished."""
        self.is_closing = False
        for record in self._files.load():
            self._take_up(record)

    def close(self, *, wait_s: float = _CLOSING_S) -> None:
        """Stop; what runs is taken up by the next server.

        What a model answered is kept while a job stops. The next server would ask for it again
        where it reads the kept answers before, so this waits until what runs has stopped, as
        long as that takes `wait_s` in all at most.
        """
        with self._lock:
            self.is_closing = True
            runs = self._all()
            for run in runs:
                run.is_unwanted.set()
            self._runs = {run.record.id: run for run in runs if run.record.state in _OVER}
            begun = [run for run in runs if run.is_begun]
        for threads in (self._threads, self._asking, self._quick):
            threads.close()
        until = time.monotonic() + wait_s
        for run in begun:
            run.is_left.wait(max(until - time.monotonic(), 0))
        self._files.close()

    def ask(
        self,
        kind: Kind,
        model: str,
        dataset: str,
        options: Options,
        *,
        again: bool = False,
    ) -> Job | Encoded:
        """The result where it is known; else the job, started if it is not there yet.

        Args:
            kind: of the job.
            model: of the evaluation.
            dataset: of the evaluation.
            options: what the job is told.
            again: whether a job that failed or was cancelled is started once more; what is
                quick is, once somebody was told.

        Raises:
            ModelError: the job asks a model that cannot be called from here.
        """
        id_, stand = self._identity(kind, model, dataset, options)
        known = self._kept(kind, options, id_, stand) if kind.is_kept else None
        if known is not None:
            return known
        if kind.asks_model:
            of = self._opened.open(model, dataset).evaluation
            refuse_without_model(of, trust=self._trust)
            kind.check(of, options, trust=self._trust)
        with self._lock:
            run = self._runs.get(id_)
            is_again = again or (run is not None and run.is_told and kind.lane == "quick")
            is_asked = run is not None and (
                run.record.state in ("waiting", "running")
                or (run.record.state in ("failed", "cancelled") and not is_again)
            )
            if run is None or not is_asked:
                run = self._start(id_, kind, model, dataset, options)
            return _told_of(run)

    def seen(self, id_: str) -> Job | Encoded:
        """The result of the job if it is done, else the job."""
        run = self._find(id_)
        if run.record.state == "done":
            return self.result(id_)
        return _told_of(run)

    def done(self, kind: Kind, model: str, dataset: str, options: Options) -> Job:
        """The record of a job whose result is known."""
        id_, _ = self._identity(kind, model, dataset, options)
        with self._lock:
            run = self._runs.get(id_)
            if run is None or run.record.state != "done":
                now = _now()
                record = Record(
                    id_, kind.name, model, dataset, _told(options), "done", now,
                    started_at=now, ended_at=now,
                )  # fmt: skip
                run = self._runs[id_] = _Run(record, kind, options)
            return _job(run)

    def known(self) -> tuple[Job, ...]:
        """All jobs, the newest first; of quick ones those that are not over."""
        every = self._all()
        listed = [r for r in every if r.kind.lane != "quick" or r.record.state not in _OVER]
        newest = reversed(listed)  # of those made in the same millisecond
        runs = sorted(newest, key=lambda run: run.record.created_at, reverse=True)
        return tuple(_job(run) for run in runs)

    def find(self, id_: str) -> Job:
        """The job.

        Raises:
            NotFound: there is none.
        """
        return _job(self._find(id_))

    def result(self, id_: str) -> Encoded:
        """The result of a finished job.

        Raises:
            Refused: it is not finished, or its result was cleared away.
        """
        run = self._find(id_)
        record = run.record
        found = None
        if record.state == "done":
            _, stand = self._identity(run.kind, record.model, record.dataset, run.options)
            found = self._kept(run.kind, run.options, id_, stand)
        if found is None:
            raise Refused(
                409,
                "NoResult",
                f"job {id_!r} has no result.",
                known=f"It is {record.state}.",
                hint="wait until it is done, or start it again (POST /api/v1/jobs)",
            )
        return found

    def slices(self, model: str, dataset: str) -> tuple[str, ...]:
        """Cohorts of the slices that a search of the whole evaluation found last."""
        runs = [
            run
            for run in self._all()
            if run.kind is SLICES
            and (run.record.model, run.record.dataset) == (model, dataset)
            and run.record.state == "done"
            and not run.record.options["where"]
        ]
        for run in sorted(runs, key=lambda run: run.record.ended_at or "", reverse=True):
            found = self._workspace.store.cache.get(_key(run.record.id, ""))
            if found is not None:
                return tuple(str(row["where"]) for row in json.loads(found)["rows"])
        return ()

    def cancel(self, id_: str) -> Job:
        """The job, no longer wanted; one that is over stays as it is."""
        run = self._find(id_)
        with self._lock:
            if run.record.state not in _OVER:
                run.is_unwanted.set()
                self._change(run, state="cancelled", ended_at=_now())
            return _job(run)

    def watch(self, id_: str, watcher: Watcher) -> Callable[[], None]:
        """Call the watcher with the job now and at each change; what ends that."""
        run = self._find(id_)
        with self._lock:
            run.watchers.append(watcher)
            watcher(_job(run))

        def stop() -> None:
            with self._lock, suppress(ValueError):
                run.watchers.remove(watcher)

        return stop

    def counts(self) -> dict[str, int]:
        """How many jobs are in each state."""
        found = dict.fromkeys(("waiting", "running", *_OVER), 0)
        for run in self._all():
            found[run.record.state] += 1
        return found

    # ── inside ───────────────────────────────────────────────────────────────────────

    def _all(self) -> list[_Run]:
        with self._lock:
            return list(self._runs.values())

    def _find(self, id_: str) -> _Run:
        with self._lock:
            if id_ not in self._runs:
                raise NotFound(
                    UnknownName.of("job", id_, list(self._runs), hint="GET /api/v1/jobs")
                )
            return self._runs[id_]

    def _identity(self, kind: Kind, model: str, dataset: str, options: Options) -> tuple[str, str]:
        """Id of the job, from all that its result depends on, and what else it is true of."""
        from mispredict import __version__

        told = _told(options)
        if kind.about != "evaluation":
            id_ = hash_json([kind.name, dataset, told, __version__])[:20]
            return id_, kind.state(self._workspace, dataset, options)
        if kind is EVALUATE:
            return hash_json([kind.name, model, dataset, told, __version__])[:20], ""
        opened = self._opened.open(model, dataset)
        said = f"{told}".lower()
        is_derived = not kind.adds_columns and any(word in said for word in DERIVED)
        state = [
            opened.names if any(word in said for word in _SPOKEN) else "",
            opened.columns if is_derived else "",
        ]
        key = [kind.name, opened.base, told, state, __version__]
        return hash_json(key)[:20], kind.stands_on(opened.evaluation, options)

    def _stand(self, run: _Run, evaluation: Evaluation | None) -> str:
        """What the result is true of, now that it is there."""
        if run.kind.about != "evaluation":
            return run.kind.state(self._workspace, run.record.dataset, run.options)
        return "" if evaluation is None else run.kind.stands_on(evaluation, run.options)

    def _kept(self, kind: Kind, options: Options, id_: str, stand: str) -> Encoded | None:
        found = self._workspace.store.cache.get(_key(id_, stand))
        return None if found is None else encoded(found, kind.media(options))

    def _start(self, id_: str, kind: Kind, model: str, dataset: str, options: Options) -> _Run:
        waiting = sum(run.record.state == "waiting" for run in self._runs.values())
        if waiting >= self._limits.job_queue:
            raise Refused(
                503,
                "Busy",
                "too many jobs are waiting.",
                known=f"{waiting:,} wait for their turn.",
                hint="cancel some, or ask again later",
                headers={"Retry-After": "30"},
            )
        record = Record(id_, kind.name, model, dataset, _told(options), "waiting", _now())
        watchers = self._runs[id_].watchers if id_ in self._runs else []
        run = self._runs[id_] = _Run(record, kind, options, watchers=watchers)
        self._forget()
        self._save(run)
        self._submit(run)
        return run

    def _submit(self, run: _Run) -> None:
        if run.kind.lane == "search":
            self._threads.submit(lambda: self._run(run))
            return
        lanes = self._quick if run.kind.lane == "quick" else self._asking
        lanes.submit(lambda: self._run(run), run.record.model)

    def _save(self, run: _Run) -> None:
        """Write the job's file, so that the next server takes it up."""
        if run.kind.lane != "quick":
            self._files.save(run.record)

    def _take_up(self, record: Record) -> None:
        """Know a job of a server before, and start it again if it was not over."""
        try:
            kind = KINDS[record.kind]
            options = kind.options(**record.options)
        except (InputError, ValidationError):
            return
        with self._lock:
            if record.state in _OVER:
                self._runs.setdefault(record.id, _Run(record, kind, options))
            elif self._files.is_orphan(record):
                run = _Run(replace(record, state="waiting", done=0, total=0), kind, options)
                self._runs[record.id] = run
                self._save(run)
                self._submit(run)

    def _run(self, run: _Run) -> None:
        with self._lock:
            if run.is_unwanted.is_set() or self.is_closing:
                return
            run.is_begun = True
            self._change(run, state="running", started_at=_now())
        try:
            self._end(run)
        finally:
            run.is_left.set()

    def _end(self, run: _Run) -> None:
        """Compute, and say how it ended, unless nobody wants to know."""
        changes: dict[str, Any]
        try:
            self._compute(run)
            changes = {"state": "done"}
        except Cancelled:
            changes = {"state": "cancelled"}
        except BaseException as error:  # noqa: BLE001 - a job's fault is told, and ends nothing
            if run.is_unwanted.is_set():
                return  # it was stopped, perhaps with the process: no fault of its own
            changes = {"state": "failed", "error": problem_of(error)}
        with self._lock:
            if not run.is_unwanted.is_set():
                self._change(run, ended_at=_now(), **changes)

    def _compute(self, run: _Run) -> None:
        """Run the job and keep its result, unless nobody wants it any more."""
        record, kind = run.record, run.kind
        evaluation = None
        if kind.about == "evaluation" and kind is not EVALUATE:
            evaluation = self._opened.open(record.model, record.dataset).evaluation
        work = Work(
            workspace=self._workspace,
            evaluation=evaluation,
            model=record.model,
            dataset=record.dataset,
            options=run.options,
            trust=self._trust,
            progress=lambda done, total: self._progress(run, done, total),
            is_cancelled=run.is_unwanted.is_set,
        )
        with limited(self._limits.of_queries):
            found = kind.run(work)
        if run.is_unwanted.is_set():
            return
        stand = self._stand(run, evaluation)
        body = found if isinstance(found, bytes) else dumps(found)
        if not self._workspace.store.cache.put(_key(record.id, stand), body):
            raise MispredictError(
                "the result cannot be kept.",
                known=f"It has {len(body):,} bytes.",
                hint="space on the disk, and write permission on the workspace",
            )

    def _progress(self, run: _Run, done: int, total: int) -> None:
        if not run.is_unwanted.is_set():
            self._change(run, is_kept=False, done=int(done), total=int(total))

    def _change(self, run: _Run, *, is_kept: bool = True, **changes: Any) -> None:
        with self._lock:
            run.record = replace(run.record, **changes)
            if is_kept:
                self._save(run)
            job = _job(run)
            for watcher in tuple(run.watchers):
                watcher(job)

    def _forget(self) -> None:
        """Drop the oldest jobs that are over, when there are very many."""
        over = [id_ for id_, run in self._runs.items() if run.record.state in _OVER]
        over.sort(key=lambda id_: self._runs[id_].kind.lane != "quick")
        for id_ in over[: max(len(self._runs) - _MOST_KNOWN, 0)]:
            del self._runs[id_]


def _told_of(run: _Run) -> Job:
    """The job, for who asked for its result."""
    run.is_told = run.record.state in ("failed", "cancelled")
    return _job(run)


def _job(run: _Run) -> Job:
    record, kind = run.record, run.kind
    return Job(
        id=record.id,
        kind=record.kind,
        title=kind.title,
        evaluation="/".join(filter(None, (record.model, record.dataset))),
        state=record.state,  # type: ignore[arg-type]
        done=record.done,
        total=record.total,
        created_at=record.created_at,
        started_at=record.started_at,
        ended_at=record.ended_at,
        error=Failure(**record.error) if record.error else None,
        options=record.options,
        result_url=_result_url(run) if record.state == "done" else None,
    )


def _result_url(run: _Run) -> str:
    """Address of the result, below the server's own."""
    record = run.record
    model, dataset = (quote(name, safe="@") for name in (record.model, record.dataset))
    places = {
        "evaluation": f"/api/v1/evaluations/{model}/{dataset}",
        "dataset": f"/api/v1/datasets/{dataset}",
        "workspace": "/api/v1",
    }
    place = places[run.kind.about]
    if run.kind is EVALUATE:
        return place
    if not run.kind.path:
        return f"/api/v1/jobs/{record.id}/result"
    told = urlencode(run.options.model_dump(exclude_defaults=True), doseq=True)
    return f"{place}/{run.kind.path}" + (f"?{told}" if told else "")


def _told(options: Options) -> dict[str, Any]:
    found: dict[str, Any] = options.model_dump(mode="json")
    return found


def _key(id_: str, stand: str) -> str:
    return f"job:{id_}:{stand}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
