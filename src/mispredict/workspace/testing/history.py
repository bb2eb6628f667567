"""Runs of suites that a workspace keeps: each an unchanging version, small, with its verdicts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar

from mispredict.core.errors import UnknownName
from mispredict.core.results import Result, plain
from mispredict.expectations.verdict import Changed, Cost, FailingRow, Verdict, Verdicts

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.checks.suites.suite import Suite
    from mispredict.store import Store, Version
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation

KIND = "run"
MOST_EXAMPLES = 10  # of one check that are kept
_LONGEST = 500  # letters of a text in an example
_NUMBERS = ("value", "low", "high", "bound", "seconds")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a suite: on what, when, and how many checks came to each verdict.

    `model` is "" where the data alone were checked.
    """

    run: str
    suite: str
    model: str
    dataset: str
    baseline: str
    reference: str
    is_passed: bool
    passed: int
    failed: int
    unsure: int
    errors: int
    skipped: int
    seconds: float
    created_at: str
    created_by: str


@dataclass(frozen=True)
class Runs(Result):
    """Runs of suites, the newest first."""

    rows: tuple[Run, ...]

    row_type: ClassVar[type] = Run
    title: ClassVar[str] = "Runs of suites"


@dataclass(frozen=True, slots=True)
class CheckVersion:
    """What a check came to for one model version on one dataset version, the last time it ran.

    `before` is its verdict for the model version before on the same data, "" for the first.
    """

    check: str
    kind: str
    model: str
    dataset: str
    verdict: str
    before: str
    value: float
    low: float
    high: float
    n: int
    bound: float
    expected: str
    severity: str
    sentence: str
    run: str
    created_at: str


@dataclass(frozen=True)
class CheckHistory(Result):
    """Each check over the versions of models, in the order in which they were first tested."""

    rows: tuple[CheckVersion, ...]
    suite: str

    row_type: ClassVar[type] = CheckVersion
    title: ClassVar[str] = "Checks by model version"

    @property
    def regressed(self) -> tuple[CheckVersion, ...]:
        """Those that passed for the version before and do not any more."""
        return tuple(row for row in self.rows if row.before == "pass" and row.verdict != "pass")

    @property
    def fixed(self) -> tuple[CheckVersion, ...]:
        """Those that pass, and did not for the version before."""
        return tuple(row for row in self.rows if row.before != "pass" == row.verdict and row.before)

    def wide(self) -> pd.DataFrame:
        """A row per check, a column per model version (and dataset, if there are several)."""
        frame = self.to_frame()
        over = ["model"] if frame["dataset"].nunique() < 2 else ["model", "dataset"]
        over = over if frame["model"].any() else ["dataset"]
        columns = list(dict.fromkeys(map(tuple, frame[over].to_numpy())))
        table = frame.pivot_table(index="check", columns=over, values="verdict", aggfunc="last")
        ordered = [column[0] if len(over) == 1 else column for column in columns]
        return table.loc[list(dict.fromkeys(frame["check"])), ordered]


def keep_run(
    store: Store,
    of: Evaluation | Dataset,
    verdicts: Verdicts,
    *,
    selected: Sequence[str] = (),
    suite: Suite | None = None,
) -> Version:
    """Store the verdicts of a run as a new version of its suite's runs, with the suite's text.

    A run on data alone has no model.
    """
    from mispredict.workspace.dataset import Dataset

    bounded = replace(verdicts, rows=tuple(map(_bounded, verdicts.rows)))
    spec = {
        "suite": verdicts.suite,
        "model": "" if isinstance(of, Dataset) else of.model,
        "dataset": of.ref if isinstance(of, Dataset) else of.dataset.ref,
        "baseline": verdicts.baseline.partition("/")[0],
        "reference": verdicts.reference,
        "is_passed": verdicts.is_passed,
        "counts": dict(verdicts.counts),
        "skipped": len(verdicts.skipped),
        "selected": list(selected),
        "seconds": round(verdicts.seconds, 3),
    }
    parts = {"verdicts": store.write_json(plain(bounded))}
    text = _text(suite) if suite is not None else ""
    if text:
        parts["text"] = store.write_bytes(text.encode(), "yaml")
    return store.commit(
        KIND,
        verdicts.suite,
        spec=spec,
        parts=parts,
        parents=(of.version.key,),
    )


def runs(store: Store, suite: str | None = None) -> Runs:
    """All runs, or those of a suite, the newest first."""
    versions = [] if KIND not in store.kinds() else list(store.versions(KIND, suite))
    if suite is not None and not versions:
        raise UnknownName.of("suite run", suite, store.names(KIND), hint="ws.runs()")
    versions.sort(key=lambda version: (version.created_at, version.number), reverse=True)
    return Runs(tuple(map(_run, versions)))


def stored_verdicts(store: Store, run: str) -> Verdicts:
    """The verdicts of a run, `churn-gate@3`, or the newest of a suite."""
    if KIND not in store.kinds():
        raise UnknownName.of("run", run, (), hint="ws.run('churn.suite.yaml')")
    return _verdicts_of(store, store.version(KIND, run))


def check_history(store: Store, suite: str, *, checks: Sequence[str] | None = None) -> CheckHistory:
    """What each check came to for each version of a model, by its last run.

    Args:
        store: of the workspace.
        suite: whose runs.
        checks: only these.
    """
    newest: dict[tuple[str, str, str], CheckVersion] = {}
    order: dict[tuple[str, str], None] = {}
    names: dict[str, None] = {}
    for version, verdict in _oldest_first(store, suite):
        model, dataset = str(version.spec["model"]), str(version.spec["dataset"])
        order.setdefault((model, dataset))
        names.setdefault(verdict.check)
        newest[verdict.check, model, dataset] = _version_row(version, verdict)
    if checks is not None:
        for name in checks:
            if name not in names:
                raise UnknownName.of("check", name, names, hint=f"ws.check_history({suite!r})")
    chosen = names if checks is None else checks
    rows = [row for name in chosen for row in _over_models(name, order, newest)]
    return CheckHistory(tuple(rows), suite)


def _over_models(
    check: str,
    order: Mapping[tuple[str, str], None],
    newest: Mapping[tuple[str, str, str], CheckVersion],
) -> Iterator[CheckVersion]:
    """The check's rows in order of model versions, each with the verdict before."""
    before: dict[tuple[str, str], str] = {}
    for model, dataset in order:
        row = newest.get((check, model, dataset))
        if row is not None:
            line = (model.partition("@")[0], dataset if model else dataset.partition("@")[0])
            yield replace(row, before=before.get(line, ""))
            before[line] = row.verdict


def _text(suite: Suite) -> str:
    """The suite as YAML; "" where an option of a kind of one's own cannot be written."""
    import yaml

    try:
        return suite.to_yaml()
    except yaml.YAMLError:
        return ""


def _oldest_first(store: Store, suite: str) -> Iterator[tuple[Version, Verdict]]:
    if suite not in store.names(KIND):
        raise UnknownName.of("suite run", suite, store.names(KIND), hint="ws.runs()")
    for version in sorted(store.versions(KIND, suite), key=lambda item: item.number):
        for verdict in _verdicts_of(store, version).rows:
            yield version, verdict


def _run(version: Version) -> Run:
    spec, counts = version.spec, version.spec["counts"]
    return Run(
        run=str(version.ref),
        suite=str(spec["suite"]),
        model=str(spec["model"]),
        dataset=str(spec["dataset"]),
        baseline=str(spec["baseline"]),
        reference=str(spec.get("reference", "")),
        is_passed=bool(spec["is_passed"]),
        passed=int(counts["pass"]),
        failed=int(counts["fail"]),
        unsure=int(counts["unsure"]),
        errors=int(counts["error"]),
        skipped=int(spec["skipped"]),
        seconds=float(spec["seconds"]),
        created_at=version.created_at.isoformat(timespec="seconds"),
        created_by=version.created_by,
    )


def _version_row(version: Version, verdict: Verdict) -> CheckVersion:
    return CheckVersion(
        check=verdict.check,
        kind=verdict.kind,
        model=str(version.spec["model"]),
        dataset=str(version.spec["dataset"]),
        verdict=verdict.verdict,
        before="",
        value=verdict.value,
        low=verdict.low,
        high=verdict.high,
        n=verdict.n,
        bound=verdict.bound,
        expected=verdict.expected,
        severity=verdict.severity,
        sentence=verdict.sentence,
        run=str(version.ref),
        created_at=version.created_at.isoformat(timespec="seconds"),
    )


def _bounded(verdict: Verdict) -> Verdict:
    """The verdict with few examples, and no long texts in them."""
    examples = tuple(map(_clipped_row, verdict.examples[:MOST_EXAMPLES]))
    return replace(verdict, examples=examples)


def _clipped_row(row: FailingRow) -> FailingRow:
    changes = tuple(
        Changed(change.column, _clipped(change.before), _clipped(change.after))
        for change in row.changes
    )
    inputs = tuple((name, _clipped(value)) for name, value in row.inputs)
    return replace(row, changes=changes, inputs=inputs)


def _clipped(value: Any) -> Any:
    is_long = isinstance(value, str) and len(value) > _LONGEST
    return f"{value[: _LONGEST - 1]}…" if is_long else value


def _verdicts_of(store: Store, version: Version) -> Verdicts:
    value = store.read_json(version.role("verdicts")[0])
    return Verdicts(
        tuple(map(_verdict, value["rows"])),
        of=value["of"],
        baseline=value["baseline"],
        suite=value["suite"],
        seconds=value["seconds"],
        cost=Cost(**value["cost"]),
        skipped=tuple(value["skipped"]),
        reference=value.get("reference", ""),
    )


def _verdict(value: Mapping[str, Any]) -> Verdict:
    known = {field.name for field in fields(Verdict)}
    kept = {name: item for name, item in value.items() if name in known}
    kept |= {name: _number(kept[name]) for name in _NUMBERS}
    kept |= {"tags": tuple(kept["tags"]), "examples": tuple(map(_example, kept["examples"]))}
    return Verdict(**kept)


def _example(value: Mapping[str, Any]) -> FailingRow:
    known = {field.name for field in fields(FailingRow)}
    kept = {name: item for name, item in value.items() if name in known}
    kept["probability"] = _number(kept["probability"])
    kept["changes"] = tuple(Changed(**change) for change in kept["changes"])
    kept["inputs"] = tuple((name, item) for name, item in kept["inputs"])
    return FailingRow(**kept)


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
