"""`test`, `propose`, `history`: suites of checks, run and looked back on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mispredict.cli.failures import FAILED, FINE, writing
from mispredict.cli.group import Command
from mispredict.cli.options import evaluation_argument, limit_option, trust_option
from mispredict.cli.output import done, give, print_json
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings
from mispredict.cli.terminal import echo
from mispredict.core.errors import BadOption, MispredictError, NotWritable
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.checks.suites.yaml import Place
    from mispredict.expectations.verdict import Verdicts
    from mispredict.workspace import Workspace
    from mispredict.workspace.testing.testing import Prepared

SOURCES = ("slices", "error_classes", "priorities", "cohorts", "counterfactuals")
ENDINGS = (".suite.yaml", ".suite.yml")


@click.command("test", cls=Command)
@click.argument("suites", nargs=-1, metavar="[SUITE]...")
@click.option("--model", metavar="MODEL", help="The model to test, if not the suite's own.")
@click.option("--dataset", metavar="DATASET", help="The data to test it on, likewise.")
@click.option("--baseline", metavar="MODEL@VERSION", help="The model to compare with, likewise.")
@click.option("--reference", metavar="DATASET", help="The data to compare with, likewise.")
@click.option(
    "--select", "-s", multiple=True, metavar="WORD", help="Only checks of this tag, name or name*."
)
@click.option(
    "--set", "settings_", multiple=True, metavar="NAME=VALUE", help="A parameter's value."
)
@click.option("--fail-fast", is_flag=True, help="Stop after the first check that blocks.")
@click.option(
    "--workers",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Processes that ask the model; 0: one a core.",
)
@click.option("--junit", metavar="FILE", help="Write the verdicts as JUnit XML too.")
@click.option("--markdown", metavar="FILE", help="Write them as Markdown too, for a pull request.")
@click.option("--github", is_flag=True, help="Print annotations for GitHub Actions too.")
@click.option("--list", "is_listed", is_flag=True, help="Only read the suites and list the checks.")
@trust_option
@click.option("--schema", is_flag=True, help="Print the JSON schema of suites, and run nothing.")
@click.pass_obj
def test(  # noqa: PLR0913 - each says one thing of the run
    settings: Settings,
    /,
    suites: tuple[str, ...],
    *,
    model: str | None,
    dataset: str | None,
    baseline: str | None,
    reference: str | None,
    select: tuple[str, ...],
    settings_: tuple[str, ...],
    fail_fast: bool,
    workers: int,
    junit: str | None,
    markdown: str | None,
    github: bool,
    is_listed: bool,
    trust: bool,
    schema: bool,
) -> int:
    """Run suites of checks; the exit code is 1 if one fails.

    SUITE is a file, or a folder of which all files NAME.suite.yaml are run; by default the
    current folder. All suites are read before the first model is called.
    """
    if schema:
        return _show_schema()
    paths = _files(suites)
    asked = {"model": model, "data": dataset, "baseline": baseline, "reference": reference}
    if is_listed:
        return _list(settings, paths, settings_, select, github)
    _check_folders(junit, markdown)
    with _annotated_faults(github), settings.open() as workspace:
        prepared = _prepare(workspace, paths, settings_, select, asked)
        how = {"fail_fast": fail_fast, "trust": trust, "workers": workers}
        runs = _run_all(workspace, prepared, how)
    places = [_places(item) for item in prepared]
    _show(settings, runs, is_alone=[Path(item) for item in suites] == paths[:1])
    _write(junit, markdown, runs, places)
    if github:
        _annotate(runs, places)
    left = len(prepared) - len(runs)
    if left:
        settings.note(f"{left:,} more suites were not run after the first failure.")
    return FINE if all(run.is_passed for run in runs) and not left else FAILED


@click.command("history", cls=Command)
@click.argument("suite", required=False, metavar="[SUITE]")
@click.option("--check", "checks", multiple=True, metavar="NAME", help="Only this check.")
@click.pass_obj
def history(settings: Settings, suite: str | None, checks: tuple[str, ...]) -> None:
    """What checks came to for each model version, or all runs.

    SUITE is the name of a suite; without it all runs of suites are listed.
    """
    from mispredict.cli import testing

    with settings.open() as workspace:
        if suite is None:
            give(settings, workspace.runs(), testing.runs)
        else:
            found = workspace.check_history(suite, list(checks) or None)
            give(settings, found, testing.history)


@click.command("propose", cls=Command)
@evaluation_argument
@click.option(
    "--from",
    "sources",
    multiple=True,
    type=click.Choice(SOURCES),
    help="What to make checks of; all but counterfactuals by default.",
)
@limit_option(15, "checks from each")
@click.option("--out", "-o", metavar="FILE", help="Write the suite there instead of printing it.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed.")
@click.pass_obj
def propose(
    settings: Settings,
    evaluation: str | None,
    sources: tuple[str, ...],
    limit: int,
    out: str | None,
    seed: int,
) -> None:
    """Make a suite of checks from what was found.

    Each keeps a finding from getting worse: its bound is the value now, less two and a half
    times the distance to the end of its interval.
    """
    with settings.evaluation(evaluation) as found:
        suite = found.propose_checks(sources or None, limit=limit, seed=seed)
    if out is None:
        give(settings, suite, lambda made: echo(made.to_yaml(), nl=False))
        return
    path = suite.save(Path(out).expanduser())
    facts = {"path": str(path), "checks": len(suite)}
    done(settings, facts, f"Wrote {counted(len(suite), 'check')} to {path}.")


def _files(given: Sequence[str]) -> list[Path]:
    """The files that are meant; of a folder all suites in it.

    Raises:
        BadOption: there is no suite.
    """
    paths: list[Path] = []
    for item in given or (".",):
        path = Path(item).expanduser()
        if not path.is_dir():
            paths.append(path)
            continue
        found = sorted(child for ending in ENDINGS for child in path.rglob(f"*{ending}"))
        if not found:
            raise BadOption(
                f"there is no suite in {item!r}.",
                known="Suites in a folder are files NAME.suite.yaml.",
                hint="mispredict test FILE, or mispredict propose --out churn.suite.yaml",
            )
        paths += found
    return list(dict.fromkeys(paths))


def _prepare(
    workspace: Workspace,
    paths: Sequence[Path],
    parameters: Sequence[str],
    words: Sequence[str],
    asked: Mapping[str, Any],
) -> list[Prepared]:
    """Every suite, read and looked up."""
    from mispredict.checks.suites.parameters import parse_settings
    from mispredict.checks.suites.several import load_several
    from mispredict.workspace.testing.testing import prepare

    suites = load_several(paths, parse_settings(parameters), words)
    return [prepare(workspace, suite, select=own, **asked) for suite, own in suites]


def _list(
    settings: Settings,
    paths: Sequence[Path],
    parameters: Sequence[str],
    words: Sequence[str],
    github: bool,
) -> int:
    """Show the checks of suites that were read without fault; no workspace is needed."""
    from mispredict.checks.suites.parameters import parse_settings
    from mispredict.checks.suites.several import load_several
    from mispredict.cli import testing

    with _annotated_faults(github):
        found = load_several(paths, parse_settings(parameters), words)
    suites = [suite.select(own) for suite, own in found]
    if settings.json:
        print_json([suite.to_dict() for suite in suites])
    else:
        for suite in suites:
            testing.checks(suite)
    return FINE


def _run_all(
    workspace: Workspace, prepared: Sequence[Prepared], how: Mapping[str, Any]
) -> list[Verdicts]:
    from mispredict.workspace.testing.testing import run

    runs = []
    for item in prepared:
        with progress_bar(item.suite.name) as bar:
            runs.append(run(workspace, item, progress=bar, **how))
        if how["fail_fast"] and not runs[-1].is_passed:
            break
    return runs


def _places(prepared: Prepared) -> dict[str, Place]:
    """Where the checks stand, from the current folder where that is above them."""
    from dataclasses import replace

    places = {name: origin.place for name, origin in prepared.suite.origins.items()}
    return {name: replace(place, file=_from_here(place.file)) for name, place in places.items()}


def _from_here(file: str) -> str:
    path = Path(file).resolve()
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else file


def _check_folders(*files: str | None) -> None:
    """Raise for a file that could not be written after a run, before the run."""
    for file in files:
        if file is not None and not Path(file).absolute().parent.is_dir():
            raise NotWritable(
                f"{file!r} cannot be written: its folder does not exist.",
                known="No check was run.",
                hint="another file, in a folder that exists and may be written",
            )


def _write(
    junit: str | None,
    markdown: str | None,
    runs: Sequence[Verdicts],
    places: Sequence[Mapping[str, Place]],
) -> None:
    if junit is not None:
        from mispredict.checks.writing.junit import junit_xml

        with writing(junit):
            Path(junit).write_text(junit_xml(runs, places), encoding="utf-8")
    if markdown is not None:
        from mispredict.checks.writing.markdown import markdown as as_markdown

        with writing(markdown):
            Path(markdown).write_text(as_markdown(runs), encoding="utf-8")


def _show(settings: Settings, runs: Sequence[Verdicts], *, is_alone: bool) -> None:
    from mispredict.cli import testing

    if not settings.json:
        for run in runs:
            testing.verdicts(run)
    elif is_alone:
        print_json(runs[0].to_dict())
    else:
        is_passed = all(run.is_passed for run in runs)
        print_json({"is_passed": is_passed, "runs": [run.to_dict() for run in runs]})


def _annotate(runs: Sequence[Verdicts], places: Sequence[Mapping[str, Place]]) -> None:
    from mispredict.checks.writing.github import annotated

    for run, known in zip(runs, places, strict=False):
        for line in annotated(run, known):
            echo(line)


@contextmanager
def _annotated_faults(is_wanted: bool) -> Iterator[None]:
    """A suite that cannot be read is annotated too, before the error is told."""
    try:
        yield
    except MispredictError as error:
        if is_wanted:
            from mispredict.checks.writing.github import annotation_of_fault

            echo(annotation_of_fault(error))
        raise


def _show_schema() -> int:
    from mispredict.checks.suites.schema import suite_schema

    print_json(suite_schema())
    return FINE
