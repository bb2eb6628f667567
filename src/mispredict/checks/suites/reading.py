"""From a draft to a suite: kinds looked up, options read, every fault with its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mispredict.checks.catalog import KINDS, Check, Kind
from mispredict.checks.suites.files import ENDING, Draft, as_text
from mispredict.checks.suites.options import Option, options_of
from mispredict.checks.suites.suite import Origin, Suite
from mispredict.checks.suites.yaml import MapNode, Place
from mispredict.core.errors import BadOption, BadSuite, MispredictError, alternatives
from mispredict.core.ids import check_name

COMMON = ("severity", "tags", "owner", "reason", "seed")


def suite_of(draft: Draft) -> Suite:
    """The suite that a draft says.

    Raises:
        BadSuite: no such kind or option, a value of the wrong type or out of its range, a check
            without a name or with the name of another.
    """
    checks: list[Check] = []
    origins: dict[str, Origin] = {}
    for node in draft.checks:
        check, origin = _check(node)
        if check.name in origins:
            raise origin.name.fault(
                f"there is already a check {check.name!r}.",
                known=f"It stands at {origins[check.name].name}.",
                hint="another name, since verdicts are kept by them",
            )
        checks.append(check)
        origins[check.name] = origin
    if not checks:
        raise draft.place.fault(
            "the suite has no checks.",
            known="Neither it nor a file that it includes has any.",
            hint="checks: [{name: good enough, kind: metric, metric: accuracy, min: 0.8}]",
        )
    head = {key: node.text for key, node in draft.header.items() if key != "suite"}
    heads = {key: node.place for key, node in draft.header.items()}
    return Suite(_name(draft), tuple(checks), **head, origins=origins, heads=heads)


def kind_options(kind: type[Kind]) -> Mapping[str, Option]:
    """All that a check of a kind may say, besides its name and kind: its own options first."""
    common = options_of(Check)
    return {**options_of(kind), **{name: common[name] for name in COMMON}}


def _check(node: MapNode) -> tuple[Check, Origin]:
    if "name" not in node.items:
        raise node.place.fault(
            "this check has no name.",
            known="Verdicts are kept by the names of their checks.",
            hint="name: seniors are served",
        )
    name = as_text(node.items["name"], "'name'").text
    kind = _kind(node, name)
    options = kind_options(kind)
    values = {}
    for key, item in node.items.items():
        if key not in ("name", "kind"):
            values[key] = _option(node, key, kind, options).read(item)
    for option in options.values():
        if option.is_required and option.name not in values:
            raise node.place.fault(
                f"the check {name!r} has no {option.name!r}.",
                known=f"A check of kind {kind.name!r} needs it: {option.words}.",
                hint=f"{option.name}: {option.example}",
            )
    own = {key: value for key, value in values.items() if key not in COMMON}
    common = {key: value for key, value in values.items() if key in COMMON}
    with _at_option(node):
        made = Check(name, kind(**own), **common)
    return made, Origin(node.place, node.items["name"].place, node.items)


def _kind(node: MapNode, name: str) -> type[Kind]:
    if "kind" not in node.items:
        raise node.place.fault(
            f"the check {name!r} has no kind.",
            known=f"Kinds: {', '.join(KINDS)}.",
            hint="kind: metric",
        )
    said = as_text(node.items["kind"], "'kind'")
    if said.text not in KINDS:
        raise said.place.fault(
            f"no kind of check {said.text!r}.",
            known=alternatives(said.text, KINDS, "kind"),
            hint=f"kind: {_nearest(said.text, list(KINDS)) or 'metric'}",
        )
    return KINDS[said.text]


def _option(node: MapNode, key: str, kind: type[Kind], options: Mapping[str, Option]) -> Option:
    if key not in options:
        near = _nearest(key, list(options))
        raise node.keys[key].fault(
            f"a check of kind {kind.name!r} has no option {key!r}.",
            known=alternatives(key, options, "option"),
            hint=f"{near}: {options[near].example}" if near else f"leave out {key!r}",
        )
    return options[key]


@contextmanager
def _at_option(node: MapNode) -> Iterator[None]:
    """What a kind or check refuses itself gets the place of the option that it names."""
    try:
        yield
    except MispredictError as error:
        raise placed_error(error, _place_of(error, node)) from error


def placed_error(error: MispredictError, place: Place) -> BadSuite:
    """The error with its place in front, its hint in YAML's words."""
    hint = re.sub(r"(^|, )([a-z_]+)=", r"\1\2: ", error.hint)
    return place.fault(error.problem, known=error.known, hint=hint)


def _place_of(error: MispredictError, node: MapNode) -> Place:
    for name in re.findall(r"\b([a-z_]\w*)\b", error.problem):
        if name in node.items and name not in ("name", "kind"):
            return node.items[name].place
    return node.place


def _name(draft: Draft) -> str:
    given = draft.header.get("suite")
    if given is None:
        name = Path(draft.place.file).name.removesuffix(ENDING)
        return re.sub(r"[^\w.\-]+", "-", name.removesuffix(".yaml").removesuffix(".yml")).strip(
            ".-"
        )
    try:
        return check_name(given.text)
    except BadOption as error:
        raise placed_error(error, given.place) from error


def _nearest(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return near[0] if near else ""
