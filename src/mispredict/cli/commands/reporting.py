"""`report`: an evaluation's overview as a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mispredict.cli.failures import writing
from mispredict.cli.group import Command
from mispredict.cli.numbers import size
from mispredict.cli.options import evaluation_argument, where_option
from mispredict.cli.output import done
from mispredict.cli.settings import Settings

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation


@click.command("report", cls=Command)
@evaluation_argument
@click.option(
    "--out",
    "-o",
    default="mispredict-report.html",
    show_default=True,
    metavar="FILE",
    help="Where to write it: HTML or, if it ends in .md, Markdown.",
)
@where_option
@click.pass_obj
def report(settings: Settings, evaluation: str | None, out: str, where: str | None) -> None:
    """Write the overview as one file that needs no network."""
    with settings.evaluation(evaluation, where) as found, writing(out):
        path = _write(found, Path(out).expanduser(), where).resolve()
        amount = path.stat().st_size
        facts = {"evaluation": found.ref, "path": str(path), "bytes": amount}
        done(settings, facts, f"Wrote {path} ({size(amount)}).")


def _write(found: Evaluation, path: Path, where: str | None) -> Path:
    """Write the form that the file's ending asks for."""
    if path.suffix.lower() not in (".md", ".markdown"):
        return found.report(path, where)
    from mispredict.report.html import write_text
    from mispredict.report.markdown import render_markdown

    return write_text(render_markdown(found.overview(where)), path)
