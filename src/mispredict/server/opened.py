"""Evaluations kept open, by the state of what they show; new versions are seen at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mispredict.core.errors import InputError
from mispredict.core.ids import Ref, hash_json

if TYPE_CHECKING:
    from mispredict.store import Version
    from mispredict.workspace import Evaluation, Workspace

NAMES = ("cohort", "tag", "tag_settings")  # kinds of versions that cohorts may speak of
COLUMNS = (
    "clusters",
    "map",
    "attributions",
    "label_errors",
    "noise",
    "conformal",
)  # kinds that give an evaluation further columns
_KINDS = ("evaluation", "dataset", *NAMES, *COLUMNS)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open evaluation with the hash of all that its answers stand on.

    `base` is of rows and predictions, `columns` of columns that were derived later, `names` of
    tags and saved cohorts.
    """

    evaluation: Evaluation
    key: str
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
        self._found: dict[tuple[str, str], Opened] = {}
        self._revision = ""
        self._lock = threading.Lock()

    def open(self, model: str, dataset: str) -> Opened:
        """The newest evaluation of the model and dataset, opened now if it is not.

        What was found holds until something is written; labels move without a trace, so that
        only versions by number are remembered.

        Raises:
            UnknownName: there is none.
        """
        revision = self._workspace.store.revision(*_KINDS)
        with self._lock:
            if revision != self._revision:
                self._found, self._revision = {}, revision
            known = self._found.get((model, dataset))
        if known is not None:
            return self._touched(known)
        found = self._opened(model, dataset)
        with self._lock:
            if revision == self._revision and _is_numbered(model) and _is_numbered(dataset):
                self._found[model, dataset] = found
        return found

    def _opened(self, model: str, dataset: str) -> Opened:
        store = self._workspace.store
        version = self._version(model, dataset)
        data = store.version("dataset", str(version.spec["dataset"]))
        base = hash_json([version.content, data.content])
        columns = store.revision(*COLUMNS)
        key = f"{version.ref} {base} {columns}"
        return Opened(self._get(key, version), key, base, columns, store.revision(*NAMES))

    def _touched(self, opened: Opened) -> Opened:
        with self._lock:
            if opened.key in self._items:
                self._items.move_to_end(opened.key)
        return opened

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
                gone, _ = self._items.popitem(last=False)
                self._found = {at: item for at, item in self._found.items() if item.key != gone}
            return found

    def _version(self, model: str, dataset: str) -> Version:
        from mispredict.workspace.evaluating import stored_name

        workspace = self._workspace
        if _is_numbered(model) and _is_numbered(dataset):
            head = workspace.store.head("evaluation", stored_name(model, dataset))
            if head is not None:
                return head
        return workspace.evaluation(f"{model}/{dataset}").version


def _is_numbered(ref: str) -> bool:
    """Whether it names one version for ever."""
    try:
        return Ref.parse(ref).version is not None
    except InputError:
        return False
