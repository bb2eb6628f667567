"""Checks of what was found, as YAML and as they are run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption
from mispredict.core.results import plain
from mispredict.expectations.check import KINDS, Check

if TYPE_CHECKING:
    from mispredict.data.doubt.conformal_results import ConformalSets
    from mispredict.data.doubt.uncertainty_results import Spread, Uncertainty
    from mispredict.data.duplicates.duplicates import Conflicts, Duplicates

_COMMON = ("severity", "tags", "owner", "reason", "seed")


def check_yaml(name: str, kind: str, options: Mapping[str, Any], *, reason: str = "") -> str:
    """The lines of a check in a suite."""
    import yaml

    values = {"name": name, "kind": kind, **plain(dict(options))}
    values |= {"reason": reason} if reason else {}
    return "\n".join(
        f"{key}: {_line(yaml, value)}" for key, value in values.items() if value is not None
    )


def check_of_yaml(text: str) -> Check:
    """The check that `check_yaml` wrote."""
    import yaml

    values = dict(yaml.safe_load(text))
    name, kind = values.pop("name"), values.pop("kind")
    common = {key: values.pop(key) for key in _COMMON if key in values}
    return Check(str(name), KINDS[kind](**values), **common)


def checks_of(texts: Iterable[str]) -> tuple[Check, ...]:
    """The checks of several texts, each once; "" is none."""
    found = {text: check_of_yaml(text) for text in texts if text}
    named = {check.name: check for check in found.values()}
    return tuple(named.values())


def duplicates_check(found: Duplicates, *, most: float | None, name: str) -> Check:
    """A check that there are no more duplicates than were found.

    Raises:
        BadOption: they were found by an embedding that no check can name.
    """
    if not found.check:
        raise BadOption(
            "there is no check of rows that are alike by a function or an array.",
            known="A check reads the columns of a dataset.",
            hint="store the vectors as a column: data.duplicates(0.95, ['the column']).to_check()",
        )
    return check_of_yaml(duplicates_text(found, most=most, name=name))


def duplicates_text(found: Duplicates, *, most: float | None = None, name: str = "") -> str:
    """The same check as YAML."""
    is_near = found.near < 1
    kind = ("leak_near" if is_near else "leak_exact") if found.against else ""
    kind = kind or ("near_duplicates" if is_near else "duplicates")
    options: dict[str, Any] = {"columns": list(found.columns_used)}
    options |= {"near": found.near} if is_near else {}
    limit = found.share if most is None else most
    title = name or f"no more {kind.replace('_', ' ')}"
    return check_yaml(title, kind, {**options, "max": limit})


def conflicts_check(found: Conflicts, *, most: float | None, name: str) -> Check:
    """A check that no more labels contradict each other than were found to."""
    return check_of_yaml(conflicts_text(found, most=most, name=name))


def conflicts_text(found: Conflicts, *, most: float | None = None, name: str = "") -> str:
    """The same check as YAML."""
    options: dict[str, Any] = {"columns": list(found.columns_used)}
    limit = found.share if most is None else most
    title = name or "no more conflicting labels"
    return check_yaml(title, "conflicting_labels", {**options, "max": limit})


def selective_check(found: Uncertainty, kept: float, *, name: str) -> Check:
    """A check that errors among the surest rows do not become more.

    The bound is their error rate plus two and a half times the distance to its interval's end.

    Raises:
        BadOption: the measure is not read from probabilities, or rows are not right or wrong.
    """
    if found.measure not in ("confidence", "margin", "entropy") or not found.doubts:
        raise BadOption(
            f"there is no check of the {found.metric} by {found.measure}.",
            known="It is of error rates by confidence, margin or entropy.",
            hint="ev.uncertainty(by='confidence').to_check()",
        )
    row = min(found.rows, key=lambda item: abs(item.kept - kept))
    most = min(row.value + 2.5 * (row.high - row.value), 1.0)
    options: dict[str, Any] = {"kept": row.kept, "max": round(most, 4), "measure": found.measure}
    options |= {"where": found.source.where} if found.source.where else {}
    return Check(name or "few errors among the surest rows", KINDS["selective"](**options))


def conformal_check(found: ConformalSets, slack: float, *, name: str) -> Check:
    """A check that sets hold the label in each cohort that was judged."""
    options: dict[str, Any] = {"target": found.target, "slack": slack}
    options |= {"method": found.method} if found.method in ("lac", "aps", "raps") else {}
    options |= {"where": found.source.where} if found.source.where else {}
    cohorts = tuple(row.cohort for row in found.rows[1:])
    options |= {"cohorts": cohorts} if cohorts else {}
    return Check(name or "sets hold the label", KINDS["conformal"](**options))


def robustness_check(found: Spread, *, name: str) -> Check:
    """A check that no more predictions move under the noise than did.

    Raises:
        BadOption: there was no noise, or values moved and not classes.
    """
    if not found.noise or found.flipped != found.flipped or not found.perturbation:
        raise BadOption(
            "there is no check of a model that draws.",
            known="Checks of kind robustness put noise on inputs.",
            hint="ev.spread(noise=0.05).to_check()",
        )
    options: dict[str, Any] = {
        "perturbation": found.perturbation,
        "strengths": (found.noise,),
        "min_share": round(max(1 - found.high, 0.0), 4),
    }
    options |= {"where": found.source.where} if found.source.where else {}
    return Check(name or "small noise changes little", KINDS["robustness"](**options))


def check_text(check: Check) -> str:
    """The lines of a check, with the options that are not as they are by default."""
    options = {
        item.name: getattr(check.kind, item.name)
        for item in fields(check.kind)
        if item.default is MISSING or getattr(check.kind, item.name) != item.default
    }
    return check_yaml(check.name, check.kind.name, options)


def _line(yaml: Any, value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**9)
    return str(text).removesuffix("\n...\n").strip().replace("${", "$${")
