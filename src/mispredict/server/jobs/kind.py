"""What a kind of job is, and the registry of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from mispredict.core.registry import Registry
from mispredict.server.jobs.options import Options
from mispredict.server.wire import JSON

if TYPE_CHECKING:
    from mispredict.workspace import Dataset, Evaluation, Workspace


@dataclass(frozen=True, slots=True)
class Work:
    """What a running job is about, how it says how far it is, and whether it is still wanted."""

    workspace: Workspace
    evaluation: Evaluation | None
    model: str
    dataset: str
    options: Any
    trust: bool
    progress: Callable[[int, int], None]
    is_cancelled: Callable[[], bool]

    @property
    def ev(self) -> Evaluation:
        """The evaluation, of jobs that are about one."""
        assert self.evaluation is not None
        return self.evaluation

    @property
    def data(self) -> Dataset:
        """The dataset, of jobs that are about one."""
        return self.workspace.dataset(self.dataset)


About = Literal["evaluation", "dataset", "workspace"]
Lane = Literal["search", "asking", "quick"]


class Check(Protocol):
    """Looks at options before the job waits for its turn."""

    def __call__(self, of: Evaluation, options: Any, *, trust: bool) -> None:
        """Raise where they cannot be used."""


def _nothing(of: Evaluation, options: Options) -> str:
    return ""


def _same(workspace: Workspace, dataset: str, options: Any) -> str:
    return ""


def _unchecked(of: Evaluation, options: Any, *, trust: bool) -> None:
    return None


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    Attributes:
        name: by which it is asked for.
        title: what it does, for people.
        options: what it may be told.
        run: does it; gives a result, or bytes as they are.
        answers: dataclasses, one of which the result is.
        path: below the evaluation's address, where the result is asked for; "" for the job's.
        media_type: of the result.
        stands_on: what a result is true of beside evaluation and options.
        is_kept: whether the result is kept, or made again when asked again.
        lane: which threads do it: what searches the data does not keep waiting what asks a
            model, and neither what is over at once unless the model is slow (`quick`), of which
            no files are written. Jobs that ask one model do not keep those waiting that ask
            another.
        needs_model: whether one that may ask a model (lane `asking` or `quick`) is refused where
            there is none to ask.
        adds_columns: whether it gives the evaluation columns, so that a cohort that speaks of
            such columns may mean other rows afterwards.
        check: of the options, before a job that asks a model waits for its turn.
        about: what it is about; a job of a dataset, or of several things that its options name,
            has no evaluation, and `path` is below the dataset's address or the API's own.
        state: what a result of such a job is true of beside its options.
    """

    name: str
    title: str
    options: type[Options]
    run: Callable[[Work], Any]
    answers: tuple[type, ...] = ()
    path: str = ""
    media_type: str = JSON
    stands_on: Callable[[Evaluation, Options], str] = _nothing
    is_kept: bool = True
    lane: Lane = "search"
    needs_model: bool = True
    adds_columns: bool = False
    check: Check = _unchecked
    about: About = "evaluation"
    state: Callable[[Workspace, str, Any], str] = _same

    @property
    def asks_model(self) -> bool:
        """Whether it needs a model that can be called from here."""
        return self.needs_model and self.lane != "search"

    def media(self, options: Options) -> str:
        """Media type of the result with these options."""
        if getattr(options, "format", "") == "markdown":
            return "text/markdown; charset=utf-8"
        return self.media_type


KINDS: Registry[Kind] = Registry("job")


def registered(kind: Kind) -> Kind:
    """The kind itself, now known by its name."""
    KINDS.register(kind.name)(kind)
    return kind
