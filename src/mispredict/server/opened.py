"""Evaluations kept open, by the state of what they show; new versions are seen at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mispredict.core.errors import InputError, UnknownName
from mispredict.core.ids import Ref, hash_json
from mispredict.server.failures import NotFound

if TYPE_CHECKING:
    from mispredict.store import Version
    from mispredict.workspace import Evaluation, Workspace

NAMES = ("cohort", "tag", "tag_settings")  # kinds of versions that cohorts may speak of
COLUMNS = ("clusters", "map")  # kinds that give an evaluation further columns


@dataclass(frozen=True, slots=True)
class Opened:
    """An open evaluation with the hash of all that its answers stand on.

    `base` is of rows and predictions, `columns` of columns that were derived later, `names` of
    tags and saved cohorts.
    """

    evaluation: Evaluation
    base: str
    columns: str
    names: str

    @property
    def content(self) -> str:
        """The hash of all rows and columns."""
        return hash_json([self.base, self.columns])


class OpenEvaluations:
    """The evaluations that were asked for last, ready to be asked again."""

    def __init__(self, workspace: Workspace, limit: int) -> None:
        self._workspace = workspace
        self._limit = limit
        self._items: OrderedDict[str, Evaluation] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, model: str, dataset: str) -> Opened:
        """The newest evaluation of the model and dataset, opened now if it is not.

        Raises:
            NotFound: there is none.
        """
        store = self._workspace.store
        version = self._version(model, dataset)
        data = store.version("dataset", str(version.spec["dataset"]))
        base = hash_json([version.content, data.content])
        columns = store.revision(*COLUMNS)
        evaluation = self._get(f"{version.ref} {base} {columns}", version)
        return Opened(evaluation, base, columns, store.revision(*NAMES))

    def __len__(self) -> int:
        return len(self._items)

    def _get(self, key: str, version: Version) -> Evaluation:
        from mispredict.workspace import Evaluation

        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
                return self._items[key]
        made = Evaluation(
            self._workspace, version, self._workspace.dataset(str(version.spec["dataset"]))
        )
        with self._lock:
            found = self._items.setdefault(key, made)
            self._items.move_to_end(key)
            while len(self._items) > self._limit:
                self._items.popitem(last=False)
            return found

    def _version(self, model: str, dataset: str) -> Version:
        from mispredict.workspace.evaluating import stored_name

        workspace = self._workspace
        try:
            if Ref.parse(model).version and Ref.parse(dataset).version:
                head = workspace.store.head("evaluation", stored_name(model, dataset))
                if head is not None:
                    return head
        except InputError:
            pass  # a label, or no name at all: the long way says which
        try:
            return workspace.evaluation(f"{model}/{dataset}").version
        except UnknownName as error:
            raise NotFound(error) from error
