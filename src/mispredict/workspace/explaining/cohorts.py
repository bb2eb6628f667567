"""The rows that a feature misled, as a cohort: what a sentence about them leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.errors import InputError
from mispredict.core.predicate import (
    ColumnRef,
    Predicate,
    all_of,
    any_of,
    equals,
    has,
    is_true,
    less_than,
    more_than,
    negate,
    parse,
)
from mispredict.core.task import TaskKind
from mispredict.workspace.explaining.explained import PREFIX

if TYPE_CHECKING:
    from mispredict.workspace.explaining.explaining import Explaining


def misled(work: Explaining, name: str, *, is_token: bool) -> str:
    """The wrong rows that the feature pushed towards the wrong answer, or that have the token."""
    of = work.of
    terms = [of.predicate(work.wish.where)] if work.wish.where is not None else []
    if of.task.kind is not TaskKind.REGRESSION:
        terms.append(negate(is_true(ColumnRef("correct"))))
    try:
        terms.append(_has(work, name) if is_token else _pushed(work, name))
    except InputError:  # a token that is no phrase by itself
        return ""
    return all_of(terms).text


def _has(work: Explaining, token: str) -> Predicate:
    column = str(work.choice.explainer.facts["column"])
    return has(ColumnRef(column, is_input=column in work.of.fields.reserved), token)


def _pushed(work: Explaining, name: str) -> Predicate:
    task, push = work.of.task, ColumnRef(PREFIX + name)
    up, down = more_than(push, 0), less_than(push, 0)
    if task.kind is TaskKind.REGRESSION:
        over, under = (parse(f"prediction {sign} label", work.of.fields) for sign in "><")
        return any_of([all_of([over, up]), all_of([under, down])])
    if not work.is_about_one_class:
        return up  # each row is explained for the class that it was given
    said = equals(ColumnRef("prediction"), task.classes[int(work.targets(np.array([0]))[0])])
    return any_of([all_of([said, up]), all_of([negate(said), down])])
