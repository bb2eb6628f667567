"""`demo`: a real model on real data, fitted and taken apart while you wait."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mispredict.cli import overview, table
from mispredict.cli.commands import serving
from mispredict.cli.failures import writing
from mispredict.cli.group import Command
from mispredict.cli.numbers import size
from mispredict.cli.output import print_json, record_of
from mispredict.cli.settings import Settings
from mispredict.cli.terminal import stdout
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.cohorts.cards import Cards
    from mispredict.cohorts.errors import ErrorClasses
    from mispredict.demo import Story
    from mispredict.report.overview import Overview
    from mispredict.store import Version
    from mispredict.workspace import Evaluation, Workspace

NAMES = ("churn", "sentiment", "census", "flights")
_SHOWN = 8


@click.command("demo", cls=Command)
@click.argument("name", required=False, default="churn", type=click.Choice(NAMES), metavar="[NAME]")
@click.option("--sources", is_flag=True, help="Only say where the data come from.")
@click.option(
    "--serve/--no-serve",
    "is_served",
    default=None,
    help="Open the workspace at the end (default: if this is a terminal).",
)
@click.pass_obj
def demo(settings: Settings, name: str, sources: bool, is_served: bool | None) -> None:
    """Find where a real model is wrong, on real data.

    Fetches the data, fits the model, evaluates it and shows what it finds; nothing is canned.
    Then it opens the workspace in a browser, until Ctrl-C. NAME is churn (who leaves a telephone
    company, the default), sentiment (texts of four domains), census (who earns over 50,000
    dollars) or flights (3 million rows).
    """
    if sources:
        _show_sources(settings)
        return
    from mispredict.demo.timing import wait_passively

    wait_passively()
    from mispredict.demo import STORIES

    steps = _Steps(settings)
    settings.note(f"Workspace: {Path(settings.place).expanduser().resolve()}")
    story = STORIES[name](on_step=lambda step: steps.tell(step.name, step.seconds))
    with settings.open_or_create() as workspace:
        found = _evaluate(workspace, story, steps)
        name, title, about = story.name, story.title, story.about
        del story  # the largest has three million rows, which are stored by now
        findings = _find(workspace, found, name, steps)
        if settings.json:
            print_json({"demo": name, "title": title, **findings.to_dict(), "steps": steps.done})
        else:
            _show(findings, f"{title}. {about}", steps)
            if stdout().isatty():
                _say_what_next(findings, name)
        if is_served or (is_served is None and not settings.json and _is_for_people()):
            table.line()
            serving.run(settings, serving.listening(workspace), found)
        elif not settings.json:
            table.line()
            table.line("Run `mispredict serve` to look around in a browser.")


def _is_for_people() -> bool:
    """Whether somebody looks at the terminal, and can end the server there."""
    return sys.stdin.isatty() and stdout().isatty() and not os.environ.get("CI")


@dataclass(frozen=True)
class _Findings:
    """What the demo found, all of it computed just now."""

    evaluation: str
    overview: Overview
    error_classes: ErrorClasses
    cards: Cards
    cohort: Version | None
    report: Path

    def to_dict(self) -> dict[str, Any]:
        return {
            "evaluation": self.evaluation,
            "overview": self.overview.to_dict(),
            "error_classes": self.error_classes.to_dict(),
            "cards": self.cards.to_dict(),
            "slices": self.overview.to_dict()["slices"],
            "cohort": self.cohort and {**record_of(self.cohort), **self.cohort.spec},
            "report": str(self.report),
        }


class _Steps:
    """Steps so far and how long each took, told on stderr as they end."""

    def __init__(self, settings: Settings) -> None:
        self.done: list[dict[str, Any]] = []
        self._settings = settings

    def tell(self, name: str, seconds: float) -> None:
        self.done.append({"step": name, "seconds": round(seconds, 3)})
        self._settings.note(f"  {seconds:6.1f} s  {name}")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.tell(name, time.perf_counter() - start)


def _evaluate(workspace: Workspace, story: Story, steps: _Steps) -> Evaluation:
    """The story's model on its rows, after the model that it replaced."""
    with steps.step(f"store {counted(len(story.frame), 'row')}"):
        workspace.add_dataset(
            story.name,
            story.frame,
            label=story.label,
            id=story.id,
            time=story.time,
            split=story.split,
            metadata=story.metadata,
            annotations=story.annotations,
            positive=story.positive,
        )
    for version in story.versions:
        _run(workspace, story.versions_name, version, story, steps)
    if story.previous is not None:
        _run(workspace, story.previous_name, story.previous, story, steps)
    return _run(workspace, story.model_name, story.model, story, steps)


def _run(workspace: Workspace, name: str, model: Any, story: Story, steps: _Steps) -> Evaluation:
    with steps.step(f"evaluate {name} on {counted(len(story.frame), 'row')}"):
        from mispredict.models.own import remember

        version = workspace.add_model(name, model, copy=True)  # other processes can call it too
        remember(version.role("copy")[0].hash)
        return workspace.evaluate(name, story.name)


def _find(workspace: Workspace, found: Evaluation, name: str, steps: _Steps) -> _Findings:
    from mispredict.report.html import write_html

    with steps.step("overview, with slices searched on one half and confirmed on the other"):
        view = found.overview()
    with steps.step("error classes"):
        error_classes = found.error_classes()
    with steps.step("what goes with being wrong"):
        cards = found.cards()
    cohort = None
    worst = view.finding("slices")
    if worst is not None and worst.where:
        where = found.predicate(worst.where)
        cohort = workspace.save_cohort(f"{name}-weak-spot", where, note=f"{worst.sentence}.")
    path = Path(f"mispredict-{name}.html")
    with steps.step("report"), writing(path):
        report = write_html(view, path).resolve()
    return _Findings(found.ref, view, error_classes, cards, cohort, report)


def _show(findings: _Findings, about: str, steps: _Steps) -> None:
    table.line()
    table.line(about)
    table.line()
    overview.show(findings.overview, most=_SHOWN)
    table.line()
    if findings.cohort is not None:
        cohort = findings.cohort
        table.line(f"Saved as cohort('{cohort.name}'): {cohort.spec['where']}")
    amount = size(findings.report.stat().st_size)
    seconds = sum(step["seconds"] for step in steps.done)
    table.line(f"Report: {findings.report} ({amount}), to be opened in a browser.")
    table.line(f"All of it was computed in {seconds:.0f} s: {len(steps.done)} steps, listed above.")


def _say_what_next(findings: _Findings, name: str) -> None:
    table.line()
    table.heading("Look closer")
    spot = f"{name}-weak-spot" if findings.cohort is not None else ""
    where = (
        f"""mispredict rows {name} --where "cohort('{spot}') AND NOT correct\""""
        if spot
        else (f"mispredict rows {name} --where 'NOT correct'")
    )
    card = next((card for card in findings.cards.rows if card.kind == "value"), None)
    by = f"mispredict metrics {name} --by {card.column}" if card else f"mispredict metrics {name}"
    commands = [f"mispredict mistakes {name} --order near", by, where]
    if name == "churn":
        commands.append("mispredict diff retention@1 retention@2 retention@3")
    for command in commands:
        table.line(f"  {command}")
    table.line()
    table.heading("Your own model, in Python")
    for text in _OWN_MODEL:
        table.line(f"  {text}")


_OWN_MODEL = (
    "import mispredict as mp",
    "ws = mp.open()",
    "ws.add_dataset('mine', test_frame, label='the column with the truth')",
    "ws.add_model('mine', fitted_pipeline)",
    "print(ws.evaluate('mine', 'mine'))",
)


def _show_sources(settings: Settings) -> None:
    from mispredict.demo import SOURCES

    sources = [SOURCES[name] for name in SOURCES]
    facts = ("name", "title", "rows", "licence", "origin", "registry", "package", "version")
    if settings.json:
        print_json({"rows": [{key: getattr(item, key) for key in facts} for item in sources]})
        return
    for item in sources:
        table.heading(f"{item.name}: {item.title}, {item.rows}")
        table.line(f"  licence  {item.licence}")
        table.line(f"  from     {item.origin}")
        table.line(f"  package  {item.package} {item.version} ({item.registry})")
