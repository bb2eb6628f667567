"""The jobs that look at the rows of a dataset themselves, with or without models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from mispredict.core.ids import hash_json
from mispredict.data.coverage_results import Coverage
from mispredict.data.difference.difference import DatasetDiff
from mispredict.data.duplicates.duplicates import Conflicts, Duplicates
from mispredict.data.health.health import Health
from mispredict.data.leakage.leakage import Leakage
from mispredict.server.jobs.kind import Kind, Work, registered
from mispredict.server.jobs.kinds_why import DERIVED
from mispredict.server.jobs.options import Options
from mispredict.server.opened import COLUMNS, NAMES
from mispredict.workspace.inspecting.suites import ProposedDataChecks, proposed_data_checks

if TYPE_CHECKING:
    from mispredict.workspace import Workspace

_Name = Annotated[str, Field(max_length=500)]
_Columns = Annotated[
    list[_Name] | None,
    Field(max_length=1_000, description="Columns to compare; all inputs without it."),
]
_Limit = Annotated[int, Field(ge=0, le=1_000, description="Most groups or rows to list.")]
_Other = Annotated[str | None, Field(max_length=500, examples=["churn@1"])]


class HealthOptions(Options):
    """What data are held against, as `data.health` has it."""

    reference: Annotated[
        _Other, Field(description="An older version, or what was learned from.")
    ] = None
    evaluation: Annotated[
        str | None, Field(max_length=500, description="Of these data, to say what findings cost.")
    ] = None


class DuplicatesOptions(Options):
    """Which rows count as the same, as `data.duplicates` has it."""

    near: Annotated[
        float, Field(gt=0, le=1, description="The least similarity; 1 is the same.")
    ] = 1.0
    columns: _Columns = None
    against: Annotated[
        _Other, Field(description="Another dataset, for rows that are there too.")
    ] = None
    limit: _Limit = 100


class ConflictsOptions(Options):
    """Which inputs count as the same, as `data.conflicts` has it."""

    near: Annotated[
        float, Field(gt=0, le=1, description="The least similarity of inputs; 1 is the same.")
    ] = 1.0
    columns: _Columns = None
    limit: _Limit = 100


class LeakageOptions(Options):
    """Where leaks are looked for, as `data.leakage` has it."""

    against: Annotated[_Other, Field(description="What a model learned from.")] = None
    group: Annotated[
        str | None, Field(max_length=500, description="Column whose values should not be in both.")
    ] = None
    time: Annotated[
        str | None, Field(max_length=500, description="Column of when a row happened.")
    ] = None
    near: Annotated[
        float, Field(gt=0, le=1, description="The least similarity of nearly the same rows.")
    ] = 0.9
    near_vectors: Annotated[
        float,
        Field(gt=0, le=1, description="The least cosine of vectors that are nearly the same."),
    ] = 0.95


class DiffOptions(Options):
    """What is compared with what, as `data.diff` has it."""

    other: Annotated[_Name, Field(description="The version before.", examples=["churn@1"])]
    key: Annotated[
        str | None, Field(max_length=500, description="Column by which rows are matched.")
    ] = None
    by: Annotated[
        list[Annotated[str, Field(max_length=100_000)]] | None,
        Field(max_length=50, description="Columns or cohorts to count by; the label without it."),
    ] = None
    limit: _Limit = 20


class DataProposalsOptions(Options):
    """What checks are learned from, as `data.propose_checks` has it."""

    reference: Annotated[
        _Other, Field(description="Data to learn bounds from; these without it.")
    ] = None


class CoverageOptions(Options):
    """What covers what, as `ws.coverage` has it."""

    reference: Annotated[
        _Name | None,
        Field(
            description="The dataset or evaluation that ought to cover; without it the version "
            "before, or the training data, of the same task and inputs."
        ),
    ] = None
    current: Annotated[_Name, Field(description="The rows to be covered.")]
    where: Annotated[
        str | None, Field(max_length=100_000, description="Cohort of the current rows.")
    ] = None
    reference_where: Annotated[
        str | None, Field(max_length=100_000, description="Cohort of the reference rows.")
    ] = None
    columns: _Columns = None
    bound: Annotated[
        float, Field(ge=0, le=1, description="Share of uncovered rows from which there are gaps.")
    ] = 0.01
    search: Annotated[
        bool, Field(description="Whether combinations and far rows are looked for too.")
    ] = True
    seed: Annotated[int, Field(ge=0, lt=2**32, description="Seed of samples and halves.")] = 0


def _watched(work: Work) -> dict[str, Any]:
    return {"progress": work.progress, "cancel": work.is_cancelled}


def _health(work: Work) -> Health:
    said = work.options
    return work.data.health(said.reference or None, said.evaluation or None, **_watched(work))


def _duplicates(work: Work) -> Duplicates:
    said = work.options
    return work.data.duplicates(
        said.near, said.columns, said.against or None, limit=said.limit, **_watched(work)
    )


def _conflicts(work: Work) -> Conflicts:
    said = work.options
    return work.data.conflicts(said.near, said.columns, limit=said.limit)


def _leakage(work: Work) -> Leakage:
    said = work.options
    return work.data.leakage(
        said.against or None, said.group or None, said.time or None,
        near=said.near, near_vectors=said.near_vectors, **_watched(work),
    )  # fmt: skip


def _diff(work: Work) -> DatasetDiff:
    said = work.options
    return work.data.diff(said.other, said.key or None, said.by, limit=said.limit)


def _proposals(work: Work) -> ProposedDataChecks:
    return proposed_data_checks(work.data, work.options.reference or None, **_watched(work))


def _coverage(work: Work) -> Coverage:
    said = work.options
    return work.workspace.coverage(
        said.reference or None, said.current, columns=said.columns, where=said.where or None,
        reference_where=said.reference_where or None, bound=said.bound, search=said.search,
        seed=said.seed, **_watched(work),
    )  # fmt: skip


def _data_now(workspace: Workspace, dataset: str, options: Any) -> str:
    """The rows of the dataset and of those that it is held against, and names of cohorts."""
    said = options.model_dump()
    others = [said.get(name) for name in ("reference", "against", "other")]
    found = [workspace.dataset(name).version.content for name in [dataset, *others] if name]
    evaluation = said.get("evaluation")
    if evaluation:
        found.append(workspace.evaluation(evaluation).version.content)
    return hash_json([found, _names_now(workspace, f"{said.get('by')}")])


def _sides_now(workspace: Workspace, dataset: str, options: Any) -> str:
    """The rows of both sides, and the tags, cohorts and columns that are spoken of."""
    from mispredict.workspace.drifting.sides import rows_of
    from mispredict.workspace.drifting.usual import usual_reference

    found = []
    current = rows_of(workspace, options.current)
    reference = options.reference or usual_reference(workspace, current)
    for rows in (rows_of(workspace, reference), current):
        evaluation = rows.evaluation
        found += [rows.dataset.version.content]
        found += [] if evaluation is None else [evaluation.version.content]
    said = f"{options.where} {options.reference_where} {options.columns}"
    return hash_json([found, _names_now(workspace, said)])


def _names_now(workspace: Workspace, said: str) -> str:
    """The state of what a text may speak of by name."""
    said = said.lower()
    kinds = [*NAMES] if "tag" in said or "cohort" in said else []
    kinds += [*COLUMNS] if any(word in said for word in DERIVED) else []
    return workspace.store.revision(*kinds) if kinds else ""


def _of_data(
    name: str, title: str, options: type[Options], run: Any, answer: type, path: str
) -> Kind:
    return registered(
        Kind(name, title, options, run, (answer,), path, about="dataset", state=_data_now)
    )


HEALTH = _of_data("health", "Health of the data", HealthOptions, _health, Health, "health")
DUPLICATES = _of_data(
    "duplicates", "Duplicates", DuplicatesOptions, _duplicates, Duplicates, "duplicates"
)
CONFLICTS = _of_data(
    "conflicts", "Conflicting labels", ConflictsOptions, _conflicts, Conflicts, "conflicts"
)
LEAKAGE = _of_data("leakage", "Leaks", LeakageOptions, _leakage, Leakage, "leakage")
DIFF = _of_data("dataset_diff", "What changed in the data", DiffOptions, _diff, DatasetDiff, "diff")
DATA_PROPOSALS = _of_data(
    "data_proposals", "Proposed checks of data", DataProposalsOptions, _proposals,
    ProposedDataChecks, "checks/proposals",
)  # fmt: skip
COVERAGE = registered(
    Kind(
        "coverage", "Coverage", CoverageOptions, _coverage, (Coverage,), "coverage",
        about="workspace", state=_sides_now,
    )
)  # fmt: skip
