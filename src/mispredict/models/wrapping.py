"""Which adapter calls an object, a file, an address or a name."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mispredict.core.errors import BadOption, ModelError
from mispredict.core.task import Scalar, Task
from mispredict.models.estimators import SklearnModel
from mispredict.models.functions import CallableModel
from mispredict.models.protocol import Model

ACCEPTED = (
    "an object with predict (scikit-learn's interface), a function of a DataFrame, "
    "a transformers pipeline, an .onnx file, an http(s) URL, "
    "an mlflow:, models: or runs: URI, 'module:attribute', a .joblib file with trust=True"
)
_HINT = "module:attribute, such as churn_models:gbm, or a file of a model"
_IMPORT = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
_PICKLES = (".joblib", ".pkl", ".pickle")


def wrap(
    model: Any,
    *,
    input: str | None = None,  # noqa: A002 - short, and shadows nothing that is used here
    classes: Sequence[Scalar] | None = None,
    task: Task | None = None,
    name: str | None = None,
    version: str | None = None,
    trust: bool = False,
    **options: Any,
) -> Model:
    """The model behind one interface, whatever it is.

    Only for what the operator of the workspace gives: a module is imported, and a pickle runs
    code. Never for what a client of the server sends.

    Args:
        model: what to call, see `ACCEPTED`. A model with our own protocol is returned as it is.
        input: the form of its rows: frame, array, records, text, or the name of a column.
        classes: names of its classes, in its order, where it has other ones or none.
        task: helps to read answers that could mean several things.
        name: what messages call it.
        version: the user's word that models of one version answer alike, so that answers can be
            kept where the model's content cannot be hashed (a function, an address).
        trust: allow to load a pickle, which can run any code.
        options: of the adapter, such as `timeout_s` of `HttpModel`.
    """
    common = {
        "input": input, "classes": classes, "task": task, "name": name, "version": version,
        **options,
    }  # fmt: skip
    if isinstance(model, (str, Path)):
        return _from_text(str(model), trust, common)
    if isinstance(model, Model) and not isinstance(model, type):
        return model
    if _is_transformers_pipeline(model):
        from mispredict.models.huggingface import HuggingFaceModel

        return _made(HuggingFaceModel, model, common)
    if _is_pyfunc(model):
        from mispredict.models.mlflow import MlflowModel

        return _made(MlflowModel, model, common)
    if hasattr(model, "predict") and not isinstance(model, type):
        return _made(SklearnModel, model, {key: common[key] for key in common if key != "task"})
    if callable(model) and not isinstance(model, type):
        return _made(CallableModel, model, common)
    raise ModelError(
        f"{model!r:.100} cannot be called as a model.", known=f"Accepted: {ACCEPTED}.", hint=_HINT
    )


def _from_text(text: str, trust: bool, common: dict[str, Any]) -> Model:
    if text.startswith(("http://", "https://")):
        from mispredict.models.http import HttpModel

        return _made(HttpModel, text, common)
    if text.startswith(("mlflow:", "models:/", "runs:/")):
        from mispredict.models.mlflow import MlflowModel

        return _made(MlflowModel, text, common)
    if text.endswith(".onnx"):
        from mispredict.models.onnx import OnnxModel

        return _made(OnnxModel, text, common)
    if text.endswith(_PICKLES):
        return wrap(_unpickled(Path(text), trust), **_named(common, Path(text).stem))
    if _IMPORT.fullmatch(text):
        return wrap(_imported(text), **_named(common, text.rpartition(":")[2]))
    raise ModelError(f"{text[:100]!r} is not a model.", known=f"Accepted: {ACCEPTED}.", hint=_HINT)


def _made(adapter: Callable[..., Model], model: Any, options: dict[str, Any]) -> Model:
    """The adapter of the model, which must have all of the options."""
    known = [name for name in list(inspect.signature(adapter).parameters)[1:] if name != "task"]
    for name in options:
        if name not in known and name != "task":
            listed = f"Options of such a model: {', '.join(known)}."
            hint = "leave it out"
            raise BadOption(f"no option {name!r} of a model.", known=listed, hint=hint)
    return adapter(model, **options)


def _named(common: dict[str, Any], name: str) -> dict[str, Any]:
    return {**common, "name": common["name"] or name}


def _unpickled(path: Path, trust: bool) -> Any:
    if not trust:
        raise BadOption(
            f"{str(path)!r} is a pickle, and loading a pickle can run any code that is in it.",
            known="mispredict loads one only if you say that you trust where it comes from.",
            hint="trust=True if you made the file, or export the model to ONNX",
        )
    if not path.is_file():
        raise ModelError(f"there is no file {str(path)!r}.")
    import joblib

    try:
        return joblib.load(path)
    except Exception as error:
        raise ModelError(
            f"{str(path)!r} cannot be loaded: {type(error).__name__}: {error}",
            hint="the environment that the model was saved in (same library versions)",
        ) from error


def _imported(text: str) -> Any:
    module_name, _, path = text.partition(":")
    try:
        found: Any = importlib.import_module(module_name)
        for part in path.split("."):
            found = getattr(found, part)
    except (Exception, SystemExit) as error:  # a script may end the process when it is imported
        raise ModelError(
            f"{text!r} cannot be imported: {type(error).__name__}: {error}",
            hint="module:attribute, with the module on PYTHONPATH",
        ) from error
    return found


def _is_transformers_pipeline(model: Any) -> bool:
    return callable(model) and hasattr(model, "task") and hasattr(model, "model")


def _is_pyfunc(model: Any) -> bool:
    return type(model).__module__.startswith("mlflow.pyfunc")
