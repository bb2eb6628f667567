"""`init` and `add`: a workspace and what goes into it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mispredict.cli.failures import FAILED, FINE
from mispredict.cli.group import Command, Group, help_when_alone
from mispredict.cli.options import as_class, trust_option
from mispredict.cli.output import done, print_json, record_of
from mispredict.cli.problems import news
from mispredict.cli.settings import Settings
from mispredict.cli.terminal import echo
from mispredict.core.errors import BadOption, GateFailed
from mispredict.core.schema import ColumnType
from mispredict.core.task import TaskKind
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.workspace import Dataset, Evaluation

INFINITIES = ("error", "missing", "keep")
FORMS = ("frame", "array", "records", "text")


@click.command("init", cls=Command)
@click.option("--catalog", metavar="URL", help="Keep the catalog in this PostgreSQL database.")
@click.pass_obj
def init(settings: Settings, catalog: str | None) -> None:
    """Make a workspace; nothing happens if there is one."""
    root = Path(os.path.abspath(Path(settings.place).expanduser()))  # noqa: PTH100 - asks no disk
    is_new = not os.path.exists(root / "workspace.json")  # noqa: PTH110 - False where forbidden
    from mispredict.workspace import open_workspace

    with open_workspace(settings.place, create=True, catalog=catalog):
        made = "Made a workspace" if is_new else "There is a workspace already"
        done(settings, {"workspace": str(root), "created": is_new}, f"{made} in {root}.")


@click.group("add", cls=Group)
@click.pass_context
def add(ctx: click.Context) -> None:
    """Add a dataset, a model, or predictions made elsewhere."""
    help_when_alone(ctx)


@add.command("dataset")
@click.argument("name")
@click.argument("source", metavar="SOURCE")
@click.option(
    "--label",
    metavar="COLUMN",
    multiple=True,
    help="The column with the truth; several for multilabel.",
)
@click.option("--id", metavar="COLUMN", help="Column that names each row.")
@click.option("--time", metavar="COLUMN", help="Column of when a row happened.")
@click.option("--split", metavar="COLUMN", help="Column of the part a row belongs to.")
@click.option("--weight", metavar="COLUMN", help="Column of how much a row counts.")
@click.option(
    "--metadata", metavar="COLUMN", multiple=True, help="Column that the model is not given."
)
@click.option(
    "--annotations",
    metavar="COLUMN",
    multiple=True,
    help="Column known only with the label: votes, what happened later. Not searched.",
)
@click.option(
    "--type",
    "types",
    metavar="COLUMN=TYPE",
    multiple=True,
    help=f"Type of a column, where inference is wrong: {', '.join(ColumnType)}.",
)
@click.option(
    "--task", type=click.Choice([kind.value for kind in TaskKind]), help="What the label asks for."
)
@click.option("--class", "classes", metavar="NAME", multiple=True, help="A class; all, in order.")
@click.option("--positive", metavar="NAME", help="The class that binary metrics speak of.")
@click.option(
    "--missing",
    metavar="WORD",
    multiple=True,
    help="A word that means no value, beside NA, NaN, null and None; with '' it replaces these.",
)
@click.option("--encoding", help="Of a text file, such as latin-1 (default: UTF-8).")
@click.option("--delimiter", help="Between the columns of a CSV file, such as ';' or '\\t'.")
@click.option(
    "--infinities",
    type=click.Choice(INFINITIES),
    default="error",
    show_default=True,
    help="What to do with infinite numbers.",
)
@click.option(
    "--gate", metavar="SUITE", help="Checks that the rows must pass, or else nothing is stored."
)
@click.pass_obj
def add_dataset(
    settings: Settings,
    /,
    name: str,
    source: str,
    *,
    label: tuple[str, ...],
    types: tuple[str, ...],
    classes: tuple[str, ...],
    delimiter: str | None,
    **options: Any,
) -> int:
    """Store the rows of SOURCE as dataset NAME.

    SOURCE is a CSV, TSV, JSON-lines, Parquet or Arrow file, or a folder of Parquet files,
    images or sounds. The same rows again give the same version. The exit code is 1 if a gate
    refuses them.
    """
    with settings.open_or_create() as workspace:
        try:
            made = workspace.add_dataset(
                name,
                source,
                label=(label[0] if len(label) == 1 else label) or None,
                types=_pairs(types),
                classes=[as_class(item) for item in classes],
                delimiter=delimiter.replace("\\t", "\t") if delimiter else None,
                **options,
            )
        except GateFailed as error:
            return tell_refusal(settings, error)
        tell_dataset(settings, made)
    return FINE


@add.command("model")
@click.argument("name")
@click.argument("place", metavar="PLACE")
@click.option(
    "--input", "input_", metavar="FORM", help=f"Its rows as: {', '.join(FORMS)}, or a column."
)
@click.option(
    "--class", "classes", metavar="NAME", multiple=True, help="Its classes, in its order."
)
@trust_option
@click.option("--timeout", type=float, metavar="SECONDS", help="Of an address, per call.")
@click.option("--token-env", metavar="VARIABLE", help="Environment variable with its token.")
@click.pass_obj
def add_model(
    settings: Settings,
    name: str,
    place: str,
    input_: str | None,
    classes: tuple[str, ...],
    trust: bool,
    timeout: float | None,
    token_env: str | None,
) -> None:
    """Register the model at PLACE as NAME.

    PLACE is an .onnx file, an http(s) address, an mlflow:, models: or runs: URI, a
    module:attribute (found in the current folder too), or a .joblib file with --trust.
    """
    given: dict[str, Any] = {"timeout_s": timeout, "token_env": token_env}
    with settings.open_or_create() as workspace:
        version = workspace.add_model(
            name,
            place,
            input=input_,
            classes=[as_class(item) for item in classes] or None,
            trust=trust,
            **{key: value for key, value in given.items() if value is not None},
        )
        kind = version.spec["kind"]
        done(settings, record_of(version), f"Model {version.ref}: {kind}, {place}.")


@add.command("predictions")
@click.argument("model")
@click.argument("dataset")
@click.argument("source", metavar="SOURCE")
@click.pass_obj
def add_predictions(settings: Settings, model: str, dataset: str, source: str) -> None:
    """Store predictions made elsewhere as an evaluation of MODEL on DATASET.

    SOURCE is a file with the dataset's id, a column `prediction`, probabilities (a column per
    class, named as the class or p_<class>) and optionally `loss` or `score` per row. MODEL is
    registered as predictions only if it is new.
    """
    with settings.open() as workspace:
        tell_evaluation(settings, workspace.add_predictions(model, dataset, source))


def tell_refusal(settings: Settings, error: GateFailed) -> int:
    """The verdicts of the gate that refused data."""
    from mispredict.cli import testing
    from mispredict.cli.output import give

    give(settings, error.verdicts, testing.verdicts)
    settings.note(f"{error.problem} {error.known}")
    return FAILED


def tell_dataset(settings: Settings, made: Dataset) -> None:
    """What was stored: its size, task and roles."""
    if settings.json:
        print_json({**record_of(made.version), "columns": made.columns.to_dict()})
        return
    task = "no label"
    if made.task is not None:
        classes = f" of {len(made.task.classes)} classes" if made.task.classes else ""
        task = f"{made.task.kind}{classes}, label {made.label!r}"
    echo(f"Dataset {made.ref}: {counted(made.n, 'row')} × {len(made.schema)} columns, {task}.")
    if made.id:
        echo(f"Rows are known by {made.id!r}. All columns: mispredict show {made.ref}")


def tell_evaluation(settings: Settings, made: Evaluation) -> None:
    """What was stored: the evaluation's name and size."""
    if settings.json:
        print_json({**record_of(made.version), "evaluation": made.ref, "rows": made.n})
        return
    for text in made.version.spec.get("notes", ()):
        settings.note(str(text))
    echo(f"Evaluation {made.ref}: {counted(made.n, 'row')}, {made.task.kind}.")
    said = news(made.problems().rows)
    if said:
        echo(f"{said}  (mispredict problems list {made.ref})")
    echo(f"Look at it: mispredict overview {made.ref}")


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for text in given:
        name, equals, kind = text.rpartition("=")
        if not equals:
            raise BadOption(f"--type {text!r} is not COLUMN=TYPE.", hint="--type zip=categorical")
        if kind not in list(ColumnType):
            raise BadOption.choice("types", kind, ColumnType)
        pairs[name] = kind
    return pairs
