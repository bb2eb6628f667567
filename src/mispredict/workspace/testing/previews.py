"""Proposed checks with what they come to now, so that one can choose among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.checks.suites.editing import passages
from mispredict.checks.suites.suite import Suite
from mispredict.core.errors import EmptyCohort
from mispredict.core.results import Result
from mispredict.expectations.verdict import Verdict

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class ProposedCheck:
    """A check that is not saved yet: its YAML, why, and its verdict now."""

    check: str
    kind: str
    yaml: str
    reason: str
    tags: tuple[str, ...]
    verdict: Verdict


@dataclass(frozen=True)
class ProposedChecks(Result):
    """Checks that would keep what was found from getting worse; `empty` has those without any."""

    rows: tuple[ProposedCheck, ...]
    suite: str
    empty: Mapping[str, str]

    row_type: ClassVar[type] = ProposedCheck
    title: ClassVar[str] = "Proposed checks"


def proposed_checks(
    of: Evaluation,
    sources: Sequence[str],
    *,
    where: str | None = None,
    name: str = "",
    limit: int = 15,
    seed: int = 0,
) -> ProposedChecks:
    """Checks of what the sources found, or of one cohort, with their verdicts now."""
    from mispredict.workspace.testing.proposals import propose, propose_for

    if where is not None:
        return previewed(of, [propose_for(of, where, name=name, seed=seed)], {})
    found, empty = [], {}
    for source in sources:
        try:
            found.append(propose(of, source, limit=limit, seed=seed))
        except EmptyCohort as error:
            empty[source] = error.message
    return previewed(of, found, empty)


def previewed(
    of: Evaluation, found: Sequence[Suite], empty: Mapping[str, str], *, trust: bool = False
) -> ProposedChecks:
    """The checks of the suites with their YAML and their verdicts now."""
    from mispredict.workspace.testing.testing import judge

    checks = {check.name: check for suite in found for check in suite.checks}
    if not checks:
        return ProposedChecks((), "", empty)
    suite = Suite(found[0].name, tuple(checks.values()))
    texts = passages(suite.to_yaml())
    verdicts = judge(suite, of, trust=trust)
    rows = [
        ProposedCheck(
            check.name,
            check.kind.name,
            texts[check.name].text,
            check.reason,
            check.tags,
            verdicts[check.name],
        )
        for check in suite.checks
    ]
    return ProposedChecks(tuple(rows), suite.name, empty)
