"""The kinds of jobs: what each may be told, what it does, and where its result is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mispredict.cohorts.clusters import Clusters
from mispredict.cohorts.map import EmbeddingMap
from mispredict.cohorts.slices import ScoredSlices, Slices
from mispredict.cohorts.tree import ErrorTree
from mispredict.core.registry import Registry
from mispredict.report.overview import Overview
from mispredict.server.jobs.options import (
    ClustersOptions,
    EvaluateOptions,
    MapOptions,
    Options,
    OverviewOptions,
    ReportOptions,
    SlicesOptions,
    TreeOptions,
)
from mispredict.server.shapes import EvaluationMade
from mispredict.server.wire import JSON

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation, Workspace


@dataclass(frozen=True, slots=True)
class Work:
    """What a running job is about, how it says how far it is, and whether it is still wanted."""

    workspace: Workspace
    evaluation: Evaluation | None
    model: str
    dataset: str
    options: Any
    progress: Callable[[int, int], None]
    is_cancelled: Callable[[], bool]

    @property
    def ev(self) -> Evaluation:
        """The evaluation, of jobs that are about one."""
        assert self.evaluation is not None
        return self.evaluation


def _nothing(of: Evaluation) -> str:
    return ""


def _clusters_now(of: Evaluation) -> str:
    """The version of the column `cluster`, which the cohorts of a result speak of."""
    from mispredict.workspace.finding import stored_clusters

    version = stored_clusters(of.workspace.store, of.version)
    return str(version.ref) if version else ""


def _map_now(of: Evaluation) -> str:
    """The version of the columns `map_x` and `map_y`, which lassos speak of."""
    from mispredict.workspace.mapping import stored_map

    version = stored_map(of.workspace.store, of.dataset)
    return str(version.ref) if version else ""


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    Attributes:
        name: by which it is asked for.
        title: what it does, for people.
        options: what it may be told.
        run: does it; gives a result, or bytes as they are.
        answers: dataclasses, one of which the result is.
        path: below the evaluation's address, where the result is asked for; "" for the job's.
        media_type: of the result.
        stands_on: what a result is true of beside evaluation and options.
        is_kept: whether the result is kept, or made again when asked again.
    """

    name: str
    title: str
    options: type[Options]
    run: Callable[[Work], Any]
    answers: tuple[type, ...] = ()
    path: str = ""
    media_type: str = JSON
    stands_on: Callable[[Evaluation], str] = _nothing
    is_kept: bool = True

    def media(self, options: Options) -> str:
        """Media type of the result with these options."""
        if getattr(options, "format", "") == "markdown":
            return "text/markdown; charset=utf-8"
        return self.media_type


KINDS: Registry[Kind] = Registry("job")


def _registered(kind: Kind) -> Kind:
    KINDS.register(kind.name)(kind)
    return kind


def _slices(work: Work) -> Slices | ScoredSlices:
    return work.ev.slices(
        **work.options.model_dump(),
        progress=lambda conditions, done, total: work.progress(done, total),
        cancel=work.is_cancelled,
    )


def _tree(work: Work) -> ErrorTree:
    return work.ev.error_tree(**work.options.model_dump())


def _clusters(work: Work) -> Clusters:
    return work.ev.clusters(**work.options.model_dump())


def _map(work: Work) -> EmbeddingMap:
    return work.ev.map(
        **work.options.model_dump(), progress=work.progress, cancel=work.is_cancelled
    )


def _overview(work: Work) -> Overview:
    return work.ev.overview(work.options.where)


def _report(work: Work) -> bytes:
    from mispredict.report.html import render_html
    from mispredict.report.markdown import render_markdown

    view = work.ev.overview(work.options.where)
    text = render_markdown(view) if work.options.format == "markdown" else render_html(view)
    return text.encode()


def _evaluate(work: Work) -> EvaluationMade:
    made = work.workspace.evaluate(
        work.model,
        work.dataset,
        batch_rows=work.options.batch_rows,
        progress=work.progress,
        cancel=work.is_cancelled,
    )
    return EvaluationMade(made.ref, made.model, made.dataset.ref, made.n)


SLICES = _registered(
    Kind("slices", "Search for slices", SlicesOptions, _slices, (Slices, ScoredSlices), "slices")
)
TREE = _registered(Kind("tree", "Error tree", TreeOptions, _tree, (ErrorTree,), "tree"))
CLUSTERS = _registered(
    Kind(
        "clusters",
        "Clusters of errors",
        ClustersOptions,
        _clusters,
        (Clusters,),
        "clusters",
        stands_on=_clusters_now,
    )
)
MAP = _registered(
    Kind("map", "Map of rows", MapOptions, _map, (EmbeddingMap,), "map", stands_on=_map_now)
)
OVERVIEW = _registered(Kind("overview", "Overview", OverviewOptions, _overview, (Overview,)))
REPORT = _registered(
    Kind("report", "Report", ReportOptions, _report, media_type="text/html; charset=utf-8")
)
EVALUATE = _registered(
    Kind(
        "evaluate",
        "Call a model on a dataset",
        EvaluateOptions,
        _evaluate,
        (EvaluationMade,),
        is_kept=False,
    )
)
