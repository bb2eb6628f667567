"""Models as a workspace keeps them: what is recorded of one, and how it is had again."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import (
    ModelError,
)
from mispredict.core.task import Scalar

if TYPE_CHECKING:
    from mispredict.models.protocol import Model
    from mispredict.store import Store, Version


def spec_of(
    model: Any,
    wrapped: Model,
    *,
    column: str | None,
    classes: Sequence[Scalar] | None,
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """What is recorded of a model, enough to know it again and, given a text, to find it."""
    from mispredict.models.describing import likeness

    is_text = isinstance(model, (str, os.PathLike))
    spec: dict[str, Any] = {
        "kind": wrapped.kind,
        "place": str(model) if is_text else None,
        "input": column,
        "classes": list(classes) if classes is not None else None,
        "options": {key: value for key, value in options.items() if _is_plain(value)},
        "fingerprint": wrapped.fingerprint(),
        "describe": wrapped.describe(),
    }
    if spec["fingerprint"] is None and not is_text:
        spec["likeness"] = likeness(model)
    return spec


def found_again(store: Store, version: Version, *, trust: bool) -> Model:
    """The model of a version, by its text or from its copy.

    Raises:
        ModelError: it was an object in the memory of another process.
    """
    from mispredict.models.wrapping import wrap

    spec = version.spec
    place: Any = spec.get("place")
    if place is None and version.role("copy"):
        place = str(store.path(version.role("copy")[0], verify=True))
        trust = trust or is_own(version)
    if place is None:
        raise ModelError(
            f"model {str(version.ref)!r} cannot be called from here.",
            known="It was an object in another process, or only its predictions are known.",
            hint=f"ws.add_model({version.ref.name!r}, model) in this process; with copy=True"
            " it is kept for later ones",
        )
    return wrap(
        place, input=spec["input"], classes=spec["classes"], name=version.ref.name,
        trust=trust, **spec["options"],
    )  # fmt: skip


def is_own(version: Version) -> bool:
    """Whether a demo of this user wrote the model's copy."""
    from mispredict.models.own import is_own as is_own_copy

    return is_own_copy(version.role("copy")[0].hash)


def pickled(model: Any) -> bytes:
    """A copy of a model.

    Raises:
        ModelError: it cannot be copied.
    """
    import io

    import joblib

    buffer = io.BytesIO()
    try:
        joblib.dump(model, buffer)
    except Exception as error:
        raise ModelError(
            f"{model!r:.100} cannot be copied: {type(error).__name__}.",
            known="A copy is a pickle, which takes neither a lambda nor a function inside another.",
            hint="a function at the top of a module, named 'module:attribute', or copy=False",
        ) from error
    return buffer.getvalue()


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, bool))
