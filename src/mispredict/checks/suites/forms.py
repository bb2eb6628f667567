"""Checks as forms: what each kind may be told, and a check's text as values and back."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass
from typing import Any, Literal

from mispredict.checks.catalog import KINDS, Kind
from mispredict.checks.suites.options import Option, as_yaml, options_of
from mispredict.checks.suites.reading import COMMON, kind_options
from mispredict.checks.suites.yaml import ListNode, MapNode, Node, TextNode, read_yaml
from mispredict.core.errors import BadOption, BadSuite, UnknownName

FieldKind = Literal["number", "whole", "text", "truth", "choice", "list", "yaml"]
NAMES = ("cohort", "tag", "column", "perturbation", "label", "metric")
_FILE = "check"


@dataclass(frozen=True, slots=True)
class CheckField:
    """An option of a kind of check, as a form asks for it.

    `kind` says how: a number, a whole number, a text, true or false, one of `choices`, a list of
    texts, or what only YAML can say. `names` is what a text names: a cohort, a tag, a column, a
    perturbation, a label or a metric, or "". `default` is YAML, "" where there is none.
    """

    name: str
    kind: FieldKind
    names: str
    says: str
    words: str
    is_required: bool
    is_common: bool
    default: str
    example: str
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True, slots=True)
class KindForm:
    """A kind of check with all that a check of it may say."""

    name: str
    says: str
    needs: str
    needs_baseline: bool
    needs_reference: bool
    fields: tuple[CheckField, ...]


@dataclass(frozen=True, slots=True)
class CheckForm:
    """A check as values: of each option that it gives, as JSON in `values`, as YAML in `texts`."""

    name: str
    kind: str
    values: Mapping[str, Any]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CheckText:
    """A check as YAML, without a dash before it."""

    text: str


def kind_forms() -> tuple[KindForm, ...]:
    """Every kind of check, those of models first."""
    kinds = [KINDS[name] for name in KINDS]
    kinds.sort(key=lambda kind: kind.needs == "data")
    return tuple(map(_kind_form, kinds))


def form_of(text: str) -> CheckForm:
    """The values of a check's text, parameters as they are written.

    Raises:
        BadSuite: it is no YAML, or no block of names and values.
    """
    root = read_yaml(text, _FILE)
    if not isinstance(root, MapNode):
        raise BadSuite(
            f"{_FILE}:1:1: a check is a block of names and values.",
            known="This is something else.",
            hint="name: good enough",
        )
    given = {key: _plain(node) for key, node in root.items.items()}
    name, kind = (str(given.pop(key, "") or "") for key in ("name", "kind"))
    return CheckForm(name, kind, given, {key: as_yaml(value) for key, value in given.items()})


def text_of(form: CheckForm) -> CheckText:
    """The text of a check; what says nothing, or only what is so anyway, is left out.

    Raises:
        UnknownName: there is no such kind.
        BadOption: the kind has no such option, or its YAML cannot be read.
    """
    if form.kind not in KINDS:
        raise UnknownName.of("kind of check", form.kind, list(KINDS))
    options = kind_options(KINDS[form.kind])
    for key in (*form.values, *form.texts):
        if key not in options:
            raise BadOption(
                f"a check of kind {form.kind!r} has no option {key!r}.",
                known=f"Options: {', '.join(options)}.",
                hint=f"without {key!r}",
            )
    said = {**form.values, **{key: _read(key, text) for key, text in form.texts.items()}}
    given: dict[str, Any] = {"name": form.name, "kind": form.kind}
    order = sorted(options, key=lambda key: not options[key].is_required)
    given |= {key: said[key] for key in order if key in said and _says(options[key], said[key])}
    return CheckText("\n".join(f"{key}: {as_yaml(value)}" for key, value in given.items()))


def _kind_form(kind: type[Kind]) -> KindForm:
    options = kind_options(kind)
    own = options_of(kind)
    fields = [_field(option, is_common=name not in own) for name, option in options.items()]
    fields.sort(key=lambda field: (field.is_common, not field.is_required))
    return KindForm(
        kind.name, kind.summary, kind.needs, kind.needs_baseline, kind.needs_reference,
        tuple(fields),
    )  # fmt: skip


def _field(option: Option, *, is_common: bool) -> CheckField:
    about = option.metadata
    kind, choices = _asked(option.type)
    low = about.get("minimum", about.get("exclusive_minimum"))
    high = about.get("maximum", about.get("exclusive_maximum"))
    has_default = option.default is not MISSING and option.default not in (None, (), "")
    return CheckField(
        name=option.name,
        kind=kind,
        names=next((name for name in NAMES if about.get(name)), ""),
        says=_sentence(option.about),
        words=f"{option.words}{option.bounds and ' '}{option.bounds}",
        is_required=option.is_required,
        is_common=is_common and option.name in COMMON,
        default=as_yaml(option.default) if has_default else "",
        example=option.example,
        choices=tuple(map(str, choices)),
        minimum=None if low is None else float(low),
        maximum=None if high is None else float(high),
    )


def _sentence(about: str) -> str:
    """What a docstring says, as people write it."""
    plain = about.replace("`", "")
    return plain[:1].upper() + plain[1:]


_ONE = {bool: "truth", int: "whole", float: "number", str: "text"}


def _asked(wanted: Any) -> tuple[FieldKind, Sequence[Any]]:
    """How a form asks for a value of the type."""
    parts = [part for part in _parts(wanted) if part is not type(None)]
    if len(parts) == 1 and typing.get_origin(parts[0]) is Literal:
        return "choice", typing.get_args(parts[0])
    if any(_is_list_of_texts(part) for part in parts):
        return "list", ()
    if str in parts and all(part in _ONE or typing.get_origin(part) is tuple for part in parts):
        return "text", ()
    if len(parts) == 1 and parts[0] in _ONE:
        return _ONE[parts[0]], ()  # type: ignore[return-value]
    return ("number", ()) if set(parts) == {int, float} else ("yaml", ())


def _parts(wanted: Any) -> tuple[Any, ...]:
    is_union = typing.get_origin(wanted) in (typing.Union, types.UnionType)
    return typing.get_args(wanted) if is_union else (wanted,)


def _is_list_of_texts(wanted: Any) -> bool:
    return typing.get_origin(wanted) is tuple and typing.get_args(wanted) == (str, ...)


def _plain(node: Node) -> Any:
    if isinstance(node, TextNode):
        return node.value
    if isinstance(node, ListNode):
        return [_plain(item) for item in node.items]
    return {key: _plain(item) for key, item in node.items.items()}


def _read(key: str, text: str) -> Any:
    try:
        found = read_yaml(f"{key}: {text}" if "\n" not in text.strip() else _block(key, text), key)
    except BadSuite as error:
        known = error.known or "It is YAML, such as [1, 2] or {a: 1}."
        problem = error.problem.split(": ", 1)[-1]
        raise BadOption(f"{key}: {problem}", known=known, hint=error.hint) from error
    assert isinstance(found, MapNode)  # it begins with a key
    return _plain(found.items[key]) if key in found.items else None


def _block(key: str, text: str) -> str:
    return "\n".join([f"{key}:", *(f"  {line}" for line in text.strip("\n").split("\n"))])


def _says(option: Option, value: Any) -> bool:
    """Whether a value says something that would not be so without it."""
    if value is None or value in ("", [], {}):
        # no text is written to say nothing, but null may be another thing than the default
        return value is None and option.default not in (None, MISSING)
    return option.default is MISSING or bool(as_yaml(value) != as_yaml(option.default))
