"""Changed and made-up rows that are kept: as a check, a file, or a dataset of the workspace."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mispredict.core.errors import BadOption, Conflict, EmptyCohort
from mispredict.core.ids import Ref, check_name
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.exchange.spreadsheet import as_csv
from mispredict.workspace.generating.fills import TemplateWish, filled_of, frame_of_fills, typed
from mispredict.workspace.generating.generating import inputs_or_given
from mispredict.workspace.perturbing.perturbing import Wish, altered_of

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.expectations.check import Kind
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.testing.previews import ProposedChecks

Expect = Literal["same", "label", "strengths"]
_STRENGTHS = (0.1, 0.3, 0.5)
_FROM = "changed_from"


@dataclass(frozen=True, slots=True)
class GeneratedDataset:
    """Rows that were stored as a dataset; `label` is null where no right answer is known."""

    dataset: str
    n: int
    columns: tuple[str, ...]
    label: str | None
    sentence: str


@dataclass(frozen=True, eq=False)
class Made:
    """Generated rows, the column of their right answers, and what else is known of them."""

    frame: pd.DataFrame
    label: str | None
    metadata: tuple[str, ...]


def changed_rows(of: Evaluation, wish: Wish, *, seed: int, trust: bool = False) -> Made:
    """The rows that a perturbation changes, with their right answers where it keeps them.

    Raises:
        EmptyCohort: it changes none.
    """
    import pandas as pd

    subjects, altered = altered_of(of, inputs_or_given(of, trust=trust), wish, seed)
    moved = np.flatnonzero(altered.is_changed)
    if not len(moved):
        raise EmptyCohort(
            f"“{altered.name}” changes none of the {counted(len(subjects.numbers), 'row')}.",
            hint="a higher strength, or another perturbation",
        )
    frame = altered.after.iloc[moved].reset_index(drop=True)
    metadata: tuple[str, ...] = ()
    if _FROM not in frame:
        frame[_FROM] = [str(subjects.ids[at]) for at in moved]
        metadata = (_FROM,)
    labels = [subjects.labels[at] for at in moved] if altered.keeps_label else []
    name = _label_of(of, frame)
    if name is None or not any(label is not None for label in labels):
        return Made(frame, None, metadata)
    return Made(frame.assign(**{name: pd.Series(labels, dtype=object)}), name, metadata)


def filled_rows(
    of: Evaluation, wish: TemplateWish, n: int, *, seed: int, trust: bool = False
) -> Made:
    """The rows of a template, with what is expected of them."""
    import pandas as pd

    _, fills = filled_of(of, wish, n, seed=seed, trust=trust)
    if not fills.rows:
        raise EmptyCohort("the template gives no row.", hint="a lexicon with more words")
    inputs = inputs_or_given(of, trust=trust)
    if isinstance(wish.template, Mapping):  # a model needs the other columns too
        frame = frame_of_fills(inputs, fills, seed, wish.where)
    else:
        columns = {
            name: typed(inputs, name, [row.values.get(name) for row in fills.rows])
            for name in fills.columns_made
        }
        frame = pd.DataFrame(columns)
    also = {f"{name} filled in": name for row in fills.rows[:1] for name in row.words}
    for title, place in also.items():
        frame[title] = [str(row.words.get(place)) for row in fills.rows]
    if fills.vary:
        frame["set"] = [row.set for row in fills.rows]
        also["set"] = "set"
    labels = [row.label for row in fills.rows]
    name = _label_of(of, frame)
    if name is None or not any(label is not None for label in labels):
        return Made(frame, None, tuple(also))
    answers = pd.Series([_class_of(of, label) for label in labels], dtype=object)
    return Made(frame.assign(**{name: answers}), name, tuple(also))


def store(of: Evaluation, made: Made, name: str) -> GeneratedDataset:
    """The rows as a dataset of the workspace, with the types that the columns have.

    Raises:
        Conflict: there is a dataset of that name.
    """
    check_name(name)
    known = {Ref.parse(row.name).name for row in of.workspace.datasets().rows}
    if name in known:
        raise Conflict(
            f"there is a dataset {name!r} already.",
            known="Generated rows are no new version of other data.",
            hint="another name",
        )
    types = {
        column: of.dataset.schema[column].type.value
        for column in made.frame.columns
        if column in of.dataset.schema.names
    }
    task = of.task
    told: dict[str, Any] = {}
    if made.label is not None:
        told = {"label": made.label, "task": str(task.kind.value)}
        if task.is_classification:
            told |= {"classes": task.classes, "positive": task.positive}
    stored = of.workspace.add_dataset(name, made.frame, metadata=made.metadata, types=types, **told)
    of_them = f" with {made.label!r} as label" if made.label else ", without labels"
    return GeneratedDataset(
        stored.ref,
        len(stored),
        tuple(map(str, made.frame.columns)),
        made.label,
        f"{counted(len(stored), 'row is', 'rows are')} the dataset {stored.ref} now{of_them}.",
    )


def file_of(made: Made, kind: Literal["csv", "parquet"]) -> bytes:
    """The rows as a file."""
    if kind == "csv":
        return as_csv(made.frame).encode("utf-8")
    buffer = io.BytesIO()
    _plain(made.frame).to_parquet(buffer, index=False)
    return buffer.getvalue()


def check_of_change(
    of: Evaluation, wish: Wish, *, expect: Expect, min_share: float | None, name: str, seed: int,
    trust: bool = False,
) -> ProposedChecks:  # fmt: skip
    """A check that predictions hold under the change, with its verdict now.

    Without `min_share` the bound is what the model does now, less its uncertainty; where that is
    nothing, the usual share, which fails until the model is mended.
    """
    from mispredict.checks.kinds.augmentation import AugmentationCheck, RobustnessCheck

    chain = _written(wish)
    columns = None if wish.columns is None else tuple(wish.columns)
    rest: dict[str, Any] = {"where": wish.where, "columns": columns}

    def made(bound: float | None) -> Kind:
        share = 0.0 if bound is None else bound
        if expect == "strengths":
            return RobustnessCheck(
                perturbation=chain, strengths=_STRENGTHS, min_share=share, **rest
            )
        return AugmentationCheck(
            perturbations=(chain,), strength=wish.strength, expect=expect, min_share=share, **rest
        )

    title = (
        name
        or {
            "same": f"predictions stay under {chain}",
            "label": f"right under {chain}",
            "strengths": f"predictions stay the stronger {chain} is",
        }[expect]
    )
    return _proposed(of, title, made, "robustness", min_share, seed, trust)


def check_of_template(
    of: Evaluation, wish: TemplateWish, *, min_share: float | None, name: str, n: int, seed: int,
    trust: bool = False,
) -> ProposedChecks:  # fmt: skip
    """A check that the rows of a template get what is expected, with its verdict now."""
    from mispredict.checks.kinds.template import TemplateCheck

    if not isinstance(wish.template, str) and hasattr(wish.template, "keys"):
        raise BadOption(
            "a check of a template is about sentences.",
            known="This template makes rows of a table.",
            hint="a directional or augmentation check, on the Tests screen",
        )
    if wish.label is None and wish.labels is None and wish.vary is None:
        raise BadOption(
            "nothing is expected of the sentences.",
            hint="a label, labels by a place, or a place that must not matter",
        )
    sentences = wish.template if isinstance(wish.template, str) else tuple(wish.template)
    expected: dict[str, Any] = {"same": wish.vary}
    if wish.vary is None:
        labels = None
        if wish.labels is not None:
            labels = {key: _class_of(of, label) for key, label in wish.labels.items()}
        label = None if wish.label is None else _class_of(of, wish.label)
        expected = {"label": label, "labels": labels, "by": wish.by}
    lexicons = None
    if wish.lexicons:
        lexicons = {key: tuple(words) for key, words in wish.lexicons.items()}

    def made(bound: float | None) -> Kind:
        return TemplateCheck(
            template=sentences, column=wish.column, lexicons=lexicons, n=n,
            min_share=0.0 if bound is None else bound, **expected,
        )  # fmt: skip

    first = sentences if isinstance(sentences, str) else sentences[0]
    return _proposed(of, name or first, made, "template", min_share, seed, trust)


def _proposed(
    of: Evaluation, name: str, made: Any, tag: str, min_share: float | None, seed: int, trust: bool
) -> ProposedChecks:
    from mispredict.checks.catalog import Check
    from mispredict.checks.suites.suite import Suite
    from mispredict.workspace.testing.previews import previewed
    from mispredict.workspace.testing.proposals import bound_of
    from mispredict.workspace.testing.testing import judge

    name = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    bound = min_share
    if bound is None:
        loose = Suite("proposed", (Check(name, made(None), seed=seed),))
        bound = bound_of(judge(loose, of, trust=trust).rows[0], is_least=True)
    reason = "Made on the Generate screen."
    check = Check(name, made(bound or _USUAL), tags=(tag,), reason=reason, seed=seed)
    model, dataset = Ref.parse(of.model).name, Ref.parse(of.dataset.ref).name
    suite = Suite(f"{model}-{dataset}", (check,), dataset=dataset, model=model)
    return previewed(of, [suite], {}, trust=trust)


_LONGEST = 80  # letters of a name
_USUAL = 0.95  # least share, as kinds of checks have it


def _written(wish: Wish) -> str:
    """The perturbations as a text, with the options that each of them has."""
    from mispredict.perturb.naming import written
    from mispredict.perturb.registry import chain_of

    options = wish.options or {}
    return " | ".join(
        written(part.name, {key: options[key] for key in part.options if key in options})
        for part in chain_of(wish.names).parts
    )


def _label_of(of: Evaluation, frame: pd.DataFrame) -> str | None:
    """What the column of right answers is called; None of tasks that have several or none."""
    if of.task.kind in (TaskKind.MULTILABEL, TaskKind.SCORE):
        return None
    name = of.dataset.label or "label"
    return None if name in frame else name


def _class_of(of: Evaluation, label: Any) -> Any:
    """The class that a text stands for, where classes are numbers or truth values."""
    if label is None or not of.task.is_classification or label in of.task.classes:
        return label
    known = {str(name): name for name in of.task.classes}
    return known.get(str(label), label)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without columns that Parquet has no type for: those of mixed types are texts."""
    import pandas as pd

    mixed = [
        name
        for name in frame.columns
        if frame[name].dtype == object
        and pd.api.types.infer_dtype(frame[name], skipna=True).startswith("mixed")
    ]
    return frame.assign(**{str(name): frame[name].map(_text, na_action="ignore") for name in mixed})


def _text(value: Any) -> str:
    return str(value)
