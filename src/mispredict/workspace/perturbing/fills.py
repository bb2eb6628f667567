"""Templates filled with values of an evaluation's dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption

if TYPE_CHECKING:
    from mispredict.perturb.fills import Fills
    from mispredict.workspace.view import View


def fills_of(
    of: View,
    given: Any,
    n: int | None,
    *,
    vary: str | None,
    where: Any,
    label: Any,
    seed: int,
    lexicons: Mapping[str, Any],
) -> Fills:
    """Rows of a template; columns are read only where the template names them."""
    from mispredict.perturb.template import Template, template

    if isinstance(given, Template) and (lexicons or label is not None):
        raise BadOption(
            "the template has its lexicons and label already.",
            known="Words and labels belong to the template.",
            hint="mp.template(text, label=…, name=[…])",
        )
    made = given if isinstance(given, Template) else template(given, label=label, **lexicons)
    columns = [slot.column for slot in made.slots.values() if slot.column]
    if not columns:
        return made.fill(n, seed, vary=vary)
    for name in columns:
        of.dataset.schema[name]  # which says what there is
    frame = of.dataset.read(columns).to_pandas()
    mask = of._some(where)
    rows = frame if mask is None else frame[np.asarray(mask)]
    return made.fill(n, seed, vary=vary, data=rows)
