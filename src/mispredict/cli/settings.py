"""What holds for a whole command: which workspace, which form of output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mispredict.cli.terminal import echo, for_answers_alone
from mispredict.core.errors import EmptyCohort
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation, Workspace

VARIABLE = "MISPREDICT_WORKSPACE"
FOLDER = ".mispredict"


@dataclass
class Settings:
    """Options that every command takes, before or after its name."""

    workspace: str | None = None
    json: bool = False
    debug: bool = field(default_factory=lambda: bool(os.environ.get("MISPREDICT_DEBUG")))
    command: str = "mispredict"
    has_served: bool = False  # threads may still compute for pages that nobody looks at any more

    @property
    def place(self) -> str:
        """Folder of the workspace."""
        return self.workspace or os.environ.get(VARIABLE) or FOLDER

    @contextmanager
    def open(self) -> Iterator[Workspace]:
        """The workspace, which must exist."""
        with _workspace(self.place, create=False) as found:
            yield found

    @contextmanager
    def open_or_create(
        self, *, catalog: str | None = None, is_kept: bool = True
    ) -> Iterator[Workspace]:
        """The workspace, made if it is missing; unmade again if the command then fails.

        Args:
            catalog: URL of a database for the catalog of a new workspace.
            is_kept: keep a new workspace into which nothing was written.
        """
        folder = Path(self.place).expanduser()
        is_new = not os.path.exists(folder / "workspace.json")  # noqa: PTH110 - may be forbidden
        was_there = os.path.exists(folder)  # noqa: PTH110
        with _workspace(self.place, create=True, catalog=catalog) as found:
            try:
                yield found
            except BaseException:
                if is_new and not was_there and catalog is None:
                    _unmake(found, folder)
                raise
            if is_new and not was_there and not is_kept:
                _unmake(found, folder)
        if is_new and os.path.exists(folder):  # noqa: PTH110
            self.note(f"Made the workspace {folder.resolve()}.")

    @contextmanager
    def evaluation(self, ref: str | None, where: str | None = None) -> Iterator[Evaluation]:
        """The evaluation that `ref` names, the newest for None.

        Raises:
            EmptyCohort: no row of it meets `where`.
        """
        with self.open() as workspace:
            found = workspace.evaluation(ref)
            if where is not None:
                some_rows(found, where)
            yield found

    def note(self, text: str) -> None:
        """Tell people something on stderr, where it is not in the way of data."""
        echo(text, err=True)


def some_rows(found: Evaluation, where: str) -> int:
    """How many rows meet a condition, which must not be none."""
    n = int(found.mask(where).sum())
    if not n:
        raise EmptyCohort(
            f"no row of {found.ref} meets {found.predicate(where).text}.",
            known=f"The evaluation has {counted(found.n, 'row')}.",
            hint="a wider cohort, or another evaluation",
        )
    return n


@contextmanager
def _workspace(place: str, *, create: bool, catalog: str | None = None) -> Iterator[Workspace]:
    from mispredict.demo.timing import wait_passively
    from mispredict.workspace import open_workspace

    wait_passively()
    _see_own_modules()
    with open_workspace(place, create=create, catalog=catalog) as opened, for_answers_alone():
        yield opened


def _see_own_modules() -> None:
    """Let `module:attribute` name a file of the current folder, as `python -m` does."""
    here = str(Path.cwd())
    if here not in sys.path and "" not in sys.path:
        sys.path.insert(0, here)


def _unmake(workspace: Workspace, folder: Path) -> None:
    """Remove the folder of a workspace that this command made and nobody has written to."""
    import shutil

    if workspace.store.versions(include_deleted=True):
        return
    workspace.close()
    shutil.rmtree(folder, ignore_errors=True)
