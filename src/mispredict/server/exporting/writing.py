"""Write an evaluation's screens into one file."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mispredict.core.options import whole
from mispredict.report.errors import LONGEST_TEXT
from mispredict.report.html import check_target, write_text
from mispredict.server.exporting.gathering import Contents, gathered, worst_order
from mispredict.server.exporting.inside import Inside
from mispredict.server.exporting.page import Template, page_of
from mispredict.server.settings import BUNDLE

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation

ROWS = 500
MOST_ROWS = 20_000


def export_html(
    evaluation: Evaluation,
    path: str | os.PathLike[str],
    *,
    rows: int = ROWS,
    bundle: Path = BUNDLE,
) -> Path:
    """Write the evaluation's screens as one file that needs neither server nor network.

    Args:
        evaluation: what is exported.
        path: the file, which is replaced as a whole.
        rows: so many rows are in it, worst first and in the order of the data.
        bundle: folder of the built pages.

    Raises:
        BadOption: `rows` is no number of rows.
        NotBuilt: the pages are not built.
        NotWritable: the file cannot be written.
    """
    whole("rows", rows, 0, MOST_ROWS, hint=f"rows={ROWS}")
    template = Template.read(bundle)
    check_target(path, "export")
    contents = _run(lambda: _gathered(evaluation, rows))
    title = f"{evaluation.ref} · mispredict"
    page = page_of(template, title, _data(contents, rows), contents.examples)
    return write_text(page, path, what="export")


def _run(make: Callable[[], Coroutine[Any, Any, Contents]]) -> Contents:
    """What the coroutine gives; in another thread where a loop runs already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(make())  # which Ctrl-C ends
    with ThreadPoolExecutor(1, thread_name_prefix="mispredict-export") as pool:
        return pool.submit(lambda: asyncio.run(make())).result()


async def _gathered(evaluation: Evaluation, rows: int) -> Contents:
    async with Inside(evaluation.workspace).running() as inside:
        return await gathered(inside, evaluation.model, evaluation.dataset.ref, rows)


def _data(contents: Contents, rows: int) -> dict[str, Any]:
    """What the pages read, as ui/src/api/exported.ts has it."""
    facts = contents.facts
    return {
        "about": {
            "model": facts["model"],
            "dataset": facts["dataset"],
            "n": facts["n"],
            "rows": min(rows, facts["n"]),
            "worst": worst_order(facts),
            "longest_text": LONGEST_TEXT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "version": contents.workspace["version"],
        },
        "workspace": contents.workspace,
        "answers": contents.answers,
        "columns": contents.columns,
        "lists": contents.lists,
        "records": contents.records,
    }
