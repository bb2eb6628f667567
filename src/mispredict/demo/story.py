"""What a demo consists of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from mispredict.core.schema import Role
from mispredict.core.task import Scalar
from mispredict.demo.timing import OnStep, Step, keep_quiet

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Story:
    """Real data and a model fitted to it just now, ready to be evaluated.

    `frame` holds the rows to evaluate, `train` those the model was fitted on, in the same
    columns. The models take the raw frame (any columns beside `inputs` are ignored) and have
    `predict`, `predict_proba` and `classes_`. `previous` is the model they replaced;
    `versions` are of another model, each made to be better than the one before.
    `metadata` columns are known of a row but not seen by the model, `annotations` are known
    only with the label.
    """

    name: str
    title: str
    about: str
    frame: pd.DataFrame = field(repr=False)
    train: pd.DataFrame = field(repr=False)
    label: str
    positive: Scalar | None
    id: str
    inputs: tuple[str, ...] = field(repr=False)
    model: Any = field(repr=False)
    model_name: str
    previous: Any = field(default=None, repr=False)
    previous_name: str = ""
    versions: tuple[Any, ...] = field(default=(), repr=False)
    versions_name: str = ""
    time: str | None = None
    split: str | None = None
    metadata: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    steps: tuple[Step, ...] = field(default=(), repr=False)

    @property
    def roles(self) -> dict[str, Role]:
        """Role of every column of `frame`, in its order."""
        named = {self.label: Role.LABEL, self.id: Role.ID}
        named |= dict.fromkeys(self.metadata, Role.METADATA)
        named |= dict.fromkeys(self.annotations, Role.ANNOTATION)
        named |= {name: Role.TIME for name in (self.time,) if name}
        named |= {name: Role.SPLIT for name in (self.split,) if name}
        return {str(name): named.get(str(name), Role.INPUT) for name in self.frame.columns}


class Teller(Protocol):
    """Function that fetches, reads and fits a story, telling each step as it ends."""

    def __call__(self, *, on_step: OnStep = keep_quiet) -> Story: ...
