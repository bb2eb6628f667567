"""Whether what a suite names is there: columns, cohorts, labels, metrics, before any model call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from mispredict.checks.suites.options import Option, options_of
from mispredict.checks.suites.reading import placed_error
from mispredict.checks.suites.suite import Suite
from mispredict.checks.suites.yaml import ListNode, MapNode, Node, TextNode
from mispredict.core.errors import (
    BadOption,
    InputError,
    MispredictError,
    UnknownColumn,
    UnknownName,
)
from mispredict.core.predicate import Fields, Predicate, parse
from mispredict.core.task import Task
from mispredict.expectations.check import Check


@dataclass(frozen=True, kw_only=True)
class Names:
    """What the texts of a suite may name.

    Attributes:
        of: the dataset, for messages.
        fields: the names that cohorts may use.
        task: of the dataset.
        tags: tags of its rows.
        cohorts: saved cohorts.
        has_probabilities: False where the predictions are labels alone.
        has_baseline: whether there is a model to compare with.
        has_reference: whether there are data to compare with.
        perturbation: raises for a name that is no perturbation.
    """

    of: str
    fields: Fields
    task: Task
    tags: Collection[str] = ()
    cohorts: Collection[str] = ()
    has_probabilities: bool = True
    has_baseline: bool = False
    has_reference: bool = False
    perturbation: Callable[[str], object] | None = None


def check_names(suite: Suite, names: Names) -> None:
    """Refuse a suite that names what there is not.

    Raises:
        BadSuite: with the place in the file.
        InputError: of a suite that was made in Python, with the name of the check.
    """
    for check in suite.checks:
        for option in options_of(type(check.kind)).values():
            value = getattr(check.kind, option.name)
            if value is not None:
                _check_option(suite, check, option, value, names)
        _check_bounds(suite, check, names)
        _check_compared(suite, check, names)


def _check_compared(suite: Suite, check: Check, names: Names) -> None:
    """A check that compares must have something to compare with."""
    if check.kind.needs_baseline and not names.has_baseline:
        error = BadOption(
            f"the check {check.name!r} compares with a baseline, and there is none.",
            known="It is another model, or another version.",
            hint="baseline: gbm@1 at the top of the file, or --baseline gbm@1",
        )
        _fail(suite, check, "kind", error)
    if check.kind.needs_reference and not names.has_reference:
        error = BadOption(
            f"the check {check.name!r} compares with a reference, and there is none.",
            known="It is other data: an older version, or what the model learned from.",
            hint="reference: churn@1 at the top of the file, or --reference churn@1",
        )
        _fail(suite, check, "kind", error)


def _check_option(suite: Suite, check: Check, option: Option, value: Any, names: Names) -> None:
    for flag, test in _TESTS.items():
        if not option.metadata.get(flag):
            continue
        node = _node(suite, check, option.name)
        for text, part in _parts(value, node, of_keys=flag in _OF_KEYS):
            try:
                test(text, names)
            except InputError as error:
                _fail(suite, check, option.name, error, part)


def _check_bounds(suite: Suite, check: Check, names: Names) -> None:
    """A bound that no value of the metric can be outside of, or inside of, is a mistake."""
    metric = getattr(check.kind, "metric", None)
    if check.kind.name != "metric" or not isinstance(metric, str):
        return
    found = _metric(metric, names)
    for name in ("min", "max"):
        bound = getattr(check.kind, name, None)
        if bound is not None and not found.low <= bound <= found.high:
            error = BadOption(
                f"{name}={bound:g} is out of the range of {metric!r}.",
                known=f"{metric} is {_span(found.low, found.high)}.",
                hint=f"{name}: {bound / 100:g}"
                if found.high == 1 and 1 < bound <= 100
                else "another bound, or another metric",
            )
            _fail(suite, check, name, error)


def _cohort(text: Any, names: Names) -> None:
    predicate = (
        text.bind(names.fields) if isinstance(text, Predicate) else parse(text, names.fields)
    )
    for tag in sorted(predicate.tags()):
        _tag(tag, names)
    for cohort in sorted(predicate.cohorts()):
        if cohort not in names.cohorts:
            raise _positioned(UnknownName.of("cohort", cohort, names.cohorts), str(text), cohort)


def _tag(text: Any, names: Names) -> None:
    if text not in names.tags:
        raise UnknownName.of("tag", str(text), names.tags)


def _column(text: Any, names: Names) -> None:
    if text not in names.fields.columns and text not in names.fields.reserved:
        raise UnknownColumn.among(str(text), names.fields.names, where=f"dataset {names.of!r}")


def _label(text: Any, names: Names) -> None:
    classes = [str(item) for item in names.task.classes]
    if classes and str(text) not in classes:
        raise UnknownName.of("class", str(text), classes)


def _metric(text: Any, names: Names) -> Any:
    from mispredict.metrics.registry import resolve

    (found,) = resolve([str(text)], names.task, has_probabilities=names.has_probabilities)
    return found.metric


def _perturbation(text: Any, names: Names) -> None:
    if names.perturbation is not None:
        names.perturbation(str(text))


_OF_KEYS = ("column", "perturbation")  # in a block, it is its names that name these
_TESTS: Mapping[str, Callable[[Any, Names], object]] = {
    "cohort": _cohort,
    "tag": _tag,
    "column": _column,
    "label": _label,
    "metric": _metric,
    "perturbation": _perturbation,
}


def _parts(value: Any, node: Node | None, *, of_keys: bool) -> Iterator[tuple[Any, Node | None]]:
    """The texts of a value with where they stand; of a block its names if `of_keys`."""
    if isinstance(value, Mapping):
        items = node.items if isinstance(node, MapNode) else {}
        for key, item in value.items():
            if not of_keys:
                yield from _parts(item, items.get(key), of_keys=False)
            elif isinstance(node, MapNode):
                yield key, TextNode(node.keys[key], str(key), is_plain=True)
            else:
                yield key, None
    elif isinstance(value, (tuple, list)):
        nodes = node.items if isinstance(node, ListNode) else ()
        for place, item in enumerate(value):
            part = nodes[place] if place < len(nodes) else node
            yield from _parts(item, part, of_keys=of_keys)
    elif value is not None:
        yield value, node


def _node(suite: Suite, check: Check, option: str) -> Node | None:
    origin = suite.origins.get(check.name)
    return origin.options.get(option) if origin is not None else None


def _fail(
    suite: Suite,
    check: Check,
    option: str,
    error: MispredictError,
    part: Node | None = None,
) -> NoReturn:
    """Raise the error with its place in the file, or with the name of the check."""
    node = part or _node(suite, check, option)
    if isinstance(node, TextNode):
        position = getattr(error, "position", None)
        place = node.place if position is None else node.at(position)
        raise placed_error(error, place) from error
    if node is not None:
        raise placed_error(error, node.place) from error
    origin = suite.place(check.name)
    if origin is not None:
        raise placed_error(error, origin) from error
    problem = f"check {check.name!r}: {error.problem}"
    raise type(error)(problem, known=error.known, hint=error.hint) from error


def _positioned(error: UnknownName, text: str, name: str) -> UnknownName:
    """The error with the position of the name in the cohort's text."""
    found = text.find(name)
    error.position = found if found >= 0 else None
    return error


def _span(low: float, high: float) -> str:
    if low == float("-inf"):
        return f"up to {high:g}" if high != float("inf") else "any number"
    return f"from {low:g} to {high:g}" if high != float("inf") else f"{low:g} or more"
