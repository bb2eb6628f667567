"""How a model is called: adapters, batches, cache."""

from mispredict.models.caching import Cache, MemoryCache
from mispredict.models.estimators import SklearnModel
from mispredict.models.functions import CallableModel
from mispredict.models.protocol import Answer, Cancelled, Model, RowsRefused
from mispredict.models.running import Predictions, Usage, run
from mispredict.models.wrapping import wrap

__all__ = [
    "Answer",
    "Cache",
    "CallableModel",
    "Cancelled",
    "MemoryCache",
    "Model",
    "Predictions",
    "RowsRefused",
    "SklearnModel",
    "Usage",
    "run",
    "wrap",
]
