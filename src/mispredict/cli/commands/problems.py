"""`problems` and `changed`: what is wrong and who cares, and why a metric is another one now."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mispredict.cli import problems as views
from mispredict.cli.failures import FAILED, FINE, writing
from mispredict.cli.group import Command, Group, help_when_alone
from mispredict.cli.options import evaluation_argument, rows_option, trust_option, where_option
from mispredict.cli.output import done, give
from mispredict.cli.settings import Settings, some_rows
from mispredict.core.errors import BadOption
from mispredict.core.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from mispredict.workspace import Evaluation

STATUSES = ("open", "fixing", "fixed", "reopened", "accepted")
FINDINGS = ("slice", "error-class", "card", "tag")


@click.group("problems", cls=Group)
@click.pass_context
def problems(ctx: click.Context) -> None:
    """What is wrong, who cares, how bad, and when it is fixed."""
    help_when_alone(ctx)


@problems.command("list")
@evaluation_argument
@click.option("--status", type=click.Choice([*STATUSES, "proposed"]), help="Only those.")
@click.option("--owner", help="Only those of this owner.")
@click.option(
    "--sort",
    type=click.Choice(("priority", "newest", "harm", "status")),
    default="priority",
    show_default=True,
    help="What stands first.",
)
@click.pass_obj
def list_problems(
    settings: Settings, evaluation: str | None, status: str | None, owner: str | None, sort: str
) -> None:
    """The problems, the most urgent first.

    Each is judged by the newest version of its model, or by EVALUATION if that is given.
    """
    with settings.open() as workspace:
        found = workspace.problems(evaluation, status=status, owner=owner, sort=sort)
        give(settings, found, views.problems)


_FIELDS = (
    click.option("--description", help="What is wrong, in words."),
    click.option("--expected", help="What the model should do."),
    click.option("--owner", help="Who cares for it."),
    click.option("--harm", type=click.IntRange(1, 5), help="1 hardly noticed, 5 danger."),
    click.option("--positive", multiple=True, help="A pattern of examples that show it."),
    click.option("--negative", multiple=True, help="A pattern of examples that are no case of it."),
    click.option("--link", "links", multiple=True, metavar="URL", help="Its issue elsewhere."),
    click.option("--users", metavar="COLUMN", help="Column that says whose a row is."),
    click.option("--target", type=float, help="Bound of its check."),
)


def _fields(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say something of a problem."""
    for option in reversed(_FIELDS):
        command = option(command)
    return command


@problems.command("open")
@click.argument("title")
@evaluation_argument
@where_option
@rows_option
@click.option("--from", "finding", type=click.Choice(FINDINGS), help="A finding, by its place.")
@click.option("--place", type=click.IntRange(1), default=1, show_default=True, help="From the top.")
@click.option("--name", help="That it is known by; made of the title by default.")
@click.option("--metric", help="Of its check.")
@click.option("--no-check", is_flag=True, help="Make no check for it.")
@_fields
@click.pass_obj
def open_(
    settings: Settings,
    /,
    title: str,
    evaluation: str | None,
    where: str | None,
    rows: tuple[int, ...],
    *,
    finding: str | None,
    place: int,
    name: str | None,
    metric: str | None,
    no_check: bool,
    **said: Any,
) -> None:
    """Open a problem about a cohort, rows, or a finding of EVALUATION.

    It gets a check that passes when the rows are done clearly better than now.
    """
    with settings.open() as workspace:
        of = workspace.evaluation(evaluation)
        if where is not None:
            some_rows(of, where)
        given = _finding(of, finding, place) if finding is not None else None
        made = of.open_problem(
            given, title=title, where=where, rows=list(rows) or None, name=name, metric=metric,
            check=not no_check, **_given(said),
        )  # fmt: skip
        give(settings, made, views.problem)


@problems.command("show")
@click.argument("name")
@evaluation_argument
@click.pass_obj
def show(settings: Settings, name: str, evaluation: str | None) -> None:
    """Everything of a problem: priority, check, examples, comments and history."""
    with settings.open() as workspace:
        give(settings, workspace.problem(name, evaluation), views.problem)


@problems.command("edit")
@click.argument("name")
@click.option("--title", help="In a few words.")
@click.option("--status", type=click.Choice(STATUSES), help="How it stands.")
@click.option("--where", metavar="COHORT", help="The rows that it is about.")
@click.option("--reason", help="Why it is changed.")
@click.option("--version", type=click.IntRange(1), help="The version that you have seen.")
@_fields
@click.pass_obj
def edit(settings: Settings, /, name: str, version: int | None, **said: Any) -> None:
    """Change what is said of a problem.

    With --version nothing is written if somebody else changed it since.
    """
    changes = _given(said)
    if not changes:
        raise BadOption(
            f"nothing is to be changed of the problem {name!r}.",
            known="Every option is left out.",
            hint=f"mispredict problems edit {name} --status fixing --owner Ada",
        )
    with settings.open() as workspace:
        give(settings, workspace.edit_problem(name, version=version, **changes), views.problem)


@problems.command("comment")
@click.argument("name")
@click.argument("text")
@click.pass_obj
def comment(settings: Settings, name: str, text: str) -> None:
    """Say something about a problem."""
    with settings.open() as workspace:
        made = workspace.comment_problem(name, text)
        last = made.comments[-1]
        facts = {"problem": name, "number": last.number, "version": made.version}
        done(settings, facts, f"Comment {last.number:,} on {name}.")


@problems.command("history")
@click.argument("name", required=False)
@click.pass_obj
def history(settings: Settings, name: str | None) -> None:
    """A problem, or each of them, over the versions of its model."""
    with settings.open() as workspace:
        give(settings, workspace.problem_history(name), views.all_history)


@problems.command("triage")
@evaluation_argument
@trust_option
@click.option("--fail", is_flag=True, help="Exit with 1 if a problem came back.")
@click.pass_obj
def triage(settings: Settings, evaluation: str | None, trust: bool, fail: bool) -> int:
    """Hold all problems against an evaluation: passing proposes fixed, failing reopens.

    It happens by itself when an evaluation is made, but for checks that ask the model.
    """
    with settings.evaluation(evaluation) as of:
        found = of.triage(trust=trust)
        give(settings, found, views.triage)
    came_back = any(row.after == "reopened" for row in found.rows)
    return FAILED if fail and came_back else FINE


@problems.command("export")
@click.argument("folder")
@click.pass_obj
def export(settings: Settings, folder: str) -> None:
    """Write each problem as a YAML file, to be reviewed with git."""
    with settings.open() as workspace, writing(folder):
        paths = workspace.export_problems(folder)
        facts = {"files": [str(path) for path in paths]}
        done(settings, facts, f"Wrote {counted(len(paths), 'file')} into {Path(folder).resolve()}.")


@problems.command("import")
@click.argument("folder")
@click.pass_obj
def import_(settings: Settings, folder: str) -> None:
    """Save the problems of a folder of YAML files: all of them or, on an error, none."""
    with settings.open() as workspace:
        made = workspace.import_problems(folder)
        names = [record.name for record in made]
        done(
            settings,
            {"problems": names},
            f"Saved {counted(len(made), 'problem')}: {', '.join(names)}",
        )


@problems.command("webhook")
@click.pass_obj
def webhook(settings: Settings) -> int:
    """Send a test to the webhook that the environment names, and say whether it arrived."""
    from mispredict.review.webhook import HOSTS, PRIVATE, SECRET, URL, Webhook, send

    hook = Webhook.from_environment(os.environ)
    if hook is None:
        raise BadOption(
            "no webhook is set.",
            known=f"{URL} and {SECRET} set one; {HOSTS} limits it, {PRIVATE}=1 allows addresses of"
            " this machine and private networks.",
            hint=f"{URL}=https://hooks.example/mispredict",
        )
    found = send(hook, "ping", {"event": "ping"})
    facts = {"is_delivered": found.is_delivered, "status": found.status, "tries": found.tries}
    said = "It arrived." if found.is_delivered else f"It did not arrive: {found.problem}"
    done(settings, {**facts, "problem": found.problem}, said)
    return FINE if found.is_delivered else FAILED


@click.command("changed", cls=Command)
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@click.option("--metric", "-m", help="Of the task; accuracy, or the mean error or loss.")
@click.option("--by", multiple=True, metavar="COLUMN", help="Rows are of one kind by its values.")
@where_option
@click.option(
    "--threshold",
    "thresholds",
    type=float,
    multiple=True,
    help="Of both, or one before, one after.",
)
@click.option("--no-calls", is_flag=True, help="Call no model for a crossing that is missing.")
@trust_option
@click.pass_obj
def changed(
    settings: Settings,
    /,
    before: str,
    after: str,
    *,
    metric: str | None,
    by: tuple[str, ...],
    where: str | None,
    thresholds: tuple[float, ...],
    no_calls: bool,
    trust: bool,
) -> None:
    """Why a metric is another one for AFTER than for BEFORE.

    BEFORE and AFTER are evaluations, such as gbm@1/churn@1. The difference is divided among rows,
    labels, the model and the threshold; the parts add up to it.
    """
    if len(thresholds) > 2:
        raise BadOption(
            f"{len(thresholds)} thresholds were given.",
            known="There is one for both, or one before and one after.",
            hint="--threshold 0.5 --threshold 0.4",
        )
    cut = None if not thresholds else (thresholds[0], thresholds[-1])
    with settings.open() as workspace:
        found = workspace.changed(
            before, after, metric, by=list(by) or None, where=where, threshold=cut,
            calls=not no_calls, trust=trust,
        )  # fmt: skip
        give(settings, found, views.changed)


def _given(said: dict[str, Any]) -> dict[str, Any]:
    """What was said, without what was left out."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in said.items()
        if value not in (None, ())
    }


def _finding(of: Evaluation, kind: str, place: int) -> Any:
    """The finding of a kind at a place from the top."""
    sources: dict[str, Callable[[], Any]] = {
        "slice": of.slices, "error-class": of.error_classes, "card": of.cards, "tag": of.tags,
    }  # fmt: skip
    rows = sources[kind]().rows
    if place > len(rows):
        raise BadOption(
            f"there is no {kind} at place {place:,}.",
            known=f"{len(rows):,} were found in {of.ref}.",
            hint="a cohort: --where",
        )
    return rows[place - 1]
