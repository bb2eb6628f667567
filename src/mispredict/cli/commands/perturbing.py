"""`perturb`, `augment`, `generate`: changed rows, what is worth adding, made-up rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mispredict.cli import perturbations
from mispredict.cli.failures import writing
from mispredict.cli.group import Command
from mispredict.cli.options import as_class, evaluation_argument, trust_option, where_option
from mispredict.cli.output import give
from mispredict.cli.progress import progress_bar
from mispredict.cli.settings import Settings
from mispredict.core.errors import BadOption
from mispredict.core.words import counted
from mispredict.exchange.spreadsheet import as_csv

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.perturb.fills import Fills

_NAMES = "Its name; 'a | b' for one after the other."
_OUT = "Write the rows there: FILE.csv, FILE.jsonl or FILE.parquet."
_ENDINGS = (".csv", ".jsonl", ".parquet")
_SEED = click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed.")


@click.command("perturb", cls=Command)
@evaluation_argument
@click.option("--with", "-p", "names", metavar="PERTURBATION", multiple=True, help=_NAMES)
@click.option("--strength", type=float, default=0.3, show_default=True, help="From 0 to 1.")
@where_option
@click.option("--column", "columns", metavar="COLUMN", multiple=True, help="Change only this one.")
@click.option(
    "--limit",
    "-n",
    type=click.IntRange(0),
    default=1000,
    show_default=True,
    help="Rows that are changed, drawn by the seed; 0 for all.",
)
@click.option(
    "--set", "options", metavar="OPTION=VALUE", multiple=True, help="An option of a perturbation."
)
@_SEED
@click.option("--out", "-o", metavar="FILE", help=_OUT)
@click.option("--show", type=click.IntRange(0), default=20, show_default=True, help="Rows to show.")
@click.option("--list", "is_list", is_flag=True, help="List the perturbations and change nothing.")
@trust_option
@click.pass_obj
def perturb(
    settings: Settings,
    /,
    evaluation: str | None,
    *,
    names: tuple[str, ...],
    where: str | None,
    columns: tuple[str, ...],
    limit: int,
    options: tuple[str, ...],
    out: str | None,
    show: int,
    is_list: bool,
    **wishes: Any,
) -> None:
    """Change rows and see how many predictions change.

    Several --with are done one after the other.
    """  # fmt: skip
    if is_list:
        give(settings, _catalog(), perturbations.catalog)
        return
    if not names:
        raise BadOption("no perturbation was named.", hint="--with typo, or --list for all")
    path = None if out is None else _place(out)
    with settings.evaluation(evaluation, where) as found, progress_bar("perturbing") as bar:
        result = found.perturb(
            list(names),
            where=where,
            columns=columns or None,
            limit=limit or None,
            progress=bar,
            **wishes,
            **_options(options),
        )
        bar.stop()
        label = found.dataset.label
    if path is not None:
        _write(path, result.inputs if label is None else result.labelled(label))
    give(settings, result, lambda all_: perturbations.perturbed(all_, show))
    if path is not None:
        settings.note(f"Wrote {len(result.inputs):,} changed rows to {path}.")


@click.command("augment", cls=Command)
@evaluation_argument
@click.option("--with", "-p", "names", metavar="PERTURBATION", multiple=True, help=_NAMES)
@click.option(
    "--strength", "strengths", type=float, multiple=True, help="Try this one; 0.1, 0.3 and 0.6."
)
@where_option
@click.option("--column", "columns", metavar="COLUMN", multiple=True, help="Change only this one.")
@click.option("--ceiling", metavar="MODEL", help="A model that is thought to know the answers.")
@click.option("--votes", metavar="FILE", help="CSV of people's votes: perturbation, correct.")
@click.option(
    "--sample", type=click.IntRange(1), default=500, show_default=True, help="Rows to change."
)
@_SEED
@trust_option
@click.pass_obj
def augment(
    settings: Settings,
    /,
    evaluation: str | None,
    *,
    names: tuple[str, ...],
    strengths: tuple[float, ...],
    where: str | None,
    columns: tuple[str, ...],
    votes: str | None,
    **wishes: Any,
) -> None:
    """Tell which made-up data is worth adding.

    Of changed rows: are they realistic, still clear, and done poorly? Nothing is trained.
    """
    with settings.evaluation(evaluation, where) as found, progress_bar("measuring") as bar:
        result = found.augmentation_advice(
            list(names) or None,
            strengths=strengths or (0.1, 0.3, 0.6),
            where=where,
            columns=columns or None,
            votes=None if votes is None else _votes(votes),
            progress=bar,
            **wishes,
        )
        bar.stop()
        give(settings, result, perturbations.advice)


@click.command("generate", cls=Command)
@click.argument("text", required=False, metavar="[TEMPLATE]")
@click.option("--like", metavar="DATASET", help="Make rows up that are like the dataset's.")
@where_option
@click.option("-n", "n", type=click.IntRange(1), help="How many; 100, or as many as there are.")
@click.option(
    "--set", "words", metavar="NAME=WORD,WORD", multiple=True, help="The words of a lexicon."
)
@click.option(
    "--label",
    "labels",
    metavar="[PLACE:GROUP=]LABEL",
    multiple=True,
    help="The right answer: of all rows, or of a word or group in a place.",
)
@click.option("--vary", metavar="NAME", help="A place whose words are all tried.")
@click.option("--column", "columns", metavar="COLUMN", multiple=True, help="Only this column.")
@click.option(
    "--method",
    default="trees",
    type=click.Choice(["trees", "copula"]),
    show_default=True,
    help="How rows are made up.",
)
@_SEED
@click.option("--name", metavar="DATASET", help="Keep the rows as a dataset of this name.")
@click.option("--out", "-o", metavar="FILE", help=_OUT)
@click.option("--show", type=click.IntRange(0), default=20, show_default=True, help="Rows to show.")
@click.pass_obj
def generate(
    settings: Settings,
    /,
    text: str | None,
    *,
    like: str | None,
    out: str | None,
    **wishes: Any,
) -> None:
    """Make rows from a template, or like a dataset's.

    \b
      mispredict generate "{name} is {a profession}." -n 5
      mispredict generate --like churn --where "age > 60" -n 500 --name older
    """  # fmt: skip
    if (text is None) == (like is None):
        raise BadOption(
            "give a template or --like, one of them.",
            known="None was given." if text is None else "Both were given.",
            hint="mispredict generate '{name} is {a profession}.'",
        )
    path = None if out is None else _place(out)
    if text is not None:
        _from_template(settings, text, path, _Make(**wishes))
    else:
        _like(settings, str(like), path, _Make(**wishes))


@dataclass(frozen=True)
class _Make:
    """What `generate` was asked for, beside the template or the dataset."""

    where: str | None
    n: int | None
    words: tuple[str, ...]
    labels: tuple[str, ...]
    vary: str | None
    columns: tuple[str, ...]
    method: str
    seed: int
    name: str | None
    show: int


def _from_template(settings: Settings, text: str, path: Path | None, make: _Make) -> None:
    from mispredict.perturb import template

    if make.where is not None or make.columns or make.method != "trees":
        raise BadOption(
            "--where, --column and --method are for --like.",
            known="A template takes its words from lexicons.",
            hint="without them, or --like DATASET",
        )
    pairs = _pairs(make.words, "name=Ana,Bo")
    lexicons: dict[str, Any] = {key: value.split(",") for key, value in pairs}
    made = template(text, label=_label(make.labels), **lexicons)
    result = made.fill(make.n or min(100, max(made.size, 1)), make.seed, vary=make.vary)
    frame = result.to_frame()
    if make.name is not None:
        _keep(settings, make.name, result)
    if path is not None:
        _write(path, frame)
    give(settings, result, lambda all_: perturbations.fills(all_, make.show))


def _keep(settings: Settings, name: str, result: Fills) -> None:
    """Store the rows; a label that is the same everywhere is kept as an annotation."""
    frame = result.to_frame()
    kinds = frame["label"].nunique()
    wanted = [*result.columns_made, *(["label"] if kinds else [])]
    with settings.open_or_create() as workspace:
        stored = workspace.add_dataset(
            name,
            frame[wanted],
            label="label" if kinds > 1 else None,
            annotations=["label"] if kinds == 1 else [],
        )
    settings.note(f"Kept {counted(len(frame), 'row')} as {stored.ref}.")


def _label(given: tuple[str, ...]) -> Any:
    """One answer for all rows, or the answers by place and by word or group."""
    rules: dict[str, dict[str, Any]] = {}
    for item in given:
        left, equals, answer = item.rpartition("=")
        place, colon, group = left.partition(":")
        if equals and colon:
            rules.setdefault(place.strip(), {})[group.strip()] = as_class(answer.strip())
        elif len(given) > 1:
            raise BadOption(
                f"--label {item!r} is an answer for all rows, and there are {len(given)}.",
                known="Several say of which word or group in which place they are.",
                hint="--label adjective:positive=good --label adjective:negative=bad",
            )
    return rules or (as_class(given[0]) if given else None)


def _like(settings: Settings, data: str, path: Path | None, make: _Make) -> None:
    if make.words or make.labels or make.vary is not None:
        raise BadOption(
            "--set, --label and --vary are for templates.",
            known=f"Rows are made like those of {data!r}.",
            hint="without them",
        )
    with settings.open() as workspace:
        result = workspace.synthesise(
            data,
            make.n,
            where=make.where,
            columns=make.columns or None,
            method=make.method,
            seed=make.seed,
            name=make.name,
        )
    if path is not None:
        _write(path, result.frame)
    give(settings, result, lambda all_: perturbations.synthetic(all_, make.show))
    if make.name is not None:
        settings.note(f"Kept {counted(result.n, 'row')} as {result.kept}.")


def _catalog() -> Any:
    from mispredict.perturb.catalog import catalog

    return catalog()


def _options(given: tuple[str, ...]) -> dict[str, Any]:
    """Options of perturbations, with numbers and truth values as what they are."""
    found: dict[str, Any] = {}
    for key, value in _pairs(given, "group=hispanic"):
        if key in ("strength", "where", "columns", "limit", "seed", "trust"):
            raise BadOption(f"--set {key} is an option of its own.", hint=f"--{key}")
        found[key] = _value(value)
    return found


def _value(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "." not in text else number


def _pairs(given: Sequence[str], example: str) -> list[tuple[str, str]]:
    found = []
    for item in given:
        key, equals, value = item.partition("=")
        if not equals or not key.strip():
            raise BadOption(
                f"{item!r} says no value.", known="It is NAME=VALUE.", hint=f"--set {example}"
            )
        found.append((key.strip(), value))
    return found


def _votes(path: str) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_csv(Path(path).expanduser())
    except (OSError, ValueError) as error:
        raise BadOption(
            f"the votes in {path!r} cannot be read.",
            known=str(error)[:200],
            hint="a CSV file with the columns perturbation, strength and correct",
        ) from error


def _place(out: str) -> Path:
    path = Path(out).expanduser()
    if path.suffix not in _ENDINGS:
        raise BadOption(
            f"--out {out!r} has an ending that is not written.",
            known=f"Endings: {', '.join(_ENDINGS)}.",
            hint=f"--out {path.stem or 'rows'}.csv",
        )
    return path


def _write(path: Path, frame: pd.DataFrame) -> None:
    with writing(path):
        if path.suffix == ".csv":
            path.write_bytes(as_csv(frame).encode("utf-8"))
        elif path.suffix == ".jsonl":
            frame.to_json(path, orient="records", lines=True, force_ascii=False)
        else:
            frame.to_parquet(path, index=False)
