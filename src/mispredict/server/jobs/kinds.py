"""The kinds of jobs: what each may be told, what it does, and where its result is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.cohorts.clusters import Clusters
from mispredict.cohorts.map import EmbeddingMap
from mispredict.cohorts.slices import ScoredSlices, Slices
from mispredict.cohorts.tree import ErrorTree
from mispredict.report.overview import Overview
from mispredict.server.jobs.kind import Kind, Work, registered
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

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation


def _clusters_now(of: Evaluation, options: Options) -> str:
    """The version of the column `cluster`, which the cohorts of a result speak of."""
    from mispredict.workspace.finding import stored_clusters

    version = stored_clusters(of.workspace.store, of.version)
    return str(version.ref) if version else ""


def _map_now(of: Evaluation, options: Options) -> str:
    """The version of the columns `map_x` and `map_y`, which lassos speak of."""
    from mispredict.workspace.mapping import stored_map

    version = stored_map(of.workspace.store, of.dataset)
    return str(version.ref) if version else ""


def _slices(work: Work) -> Slices | ScoredSlices:
    return work.ev.slices(
        **work.options.model_dump(),
        progress=lambda conditions, done, total: work.progress(done, total if conditions else 0),
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
        trust=work.trust,
        progress=work.progress,
        cancel=work.is_cancelled,
    )
    return EvaluationMade(made.ref, made.model, made.dataset.ref, made.n)


SLICES = registered(
    Kind("slices", "Search for slices", SlicesOptions, _slices, (Slices, ScoredSlices), "slices")
)
TREE = registered(Kind("tree", "Error tree", TreeOptions, _tree, (ErrorTree,), "tree"))
CLUSTERS = registered(
    Kind(
        "clusters",
        "Clusters of errors",
        ClustersOptions,
        _clusters,
        (Clusters,),
        "clusters",
        stands_on=_clusters_now,
        adds_columns=True,
    )
)
MAP = registered(
    Kind(
        "map",
        "Map of rows",
        MapOptions,
        _map,
        (EmbeddingMap,),
        "map",
        stands_on=_map_now,
        adds_columns=True,
    )
)
OVERVIEW = registered(Kind("overview", "Overview", OverviewOptions, _overview, (Overview,)))
REPORT = registered(
    Kind("report", "Report", ReportOptions, _report, media_type="text/html; charset=utf-8")
)
EVALUATE = registered(
    Kind(
        "evaluate",
        "Call a model on a dataset",
        EvaluateOptions,
        _evaluate,
        (EvaluationMade,),
        is_kept=False,
        lane="asking",
        needs_model=False,
    )
)
