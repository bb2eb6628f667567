"""Errors in the words of the command line.

The library's hints speak Python (`label=`, `trust=True`, `ws.add_model(…)`), which is said here
once as what to type (`--label`, `--trust`, `mispredict add model …`).
"""

from __future__ import annotations

import re

from mispredict.core.errors import BadOption, MispredictError, WorkspaceNotFound

_NOWHERE = "mispredict init, mispredict demo, or --workspace DIR for a workspace elsewhere"
_OPTIONS = {
    "label": "label",
    "id": "id",
    "time": "time",
    "split": "split",
    "weight": "weight",
    "metadata": "metadata",
    "types": "type",
    "task": "task",
    "classes": "class",
    "positive": "positive",
    "missing": "missing",
    "encoding": "encoding",
    "delimiter": "delimiter",
    "infinities": "infinities",
    "input": "input",
    "trust": "trust",
    "batch_rows": "batch-rows",
    "timeout_s": "timeout",
    "token_env": "token-env",
    "by": "by",
    "where": "where",
    "metrics": "metric",
    "columns": "column",
    "kinds": "kind",
    "order": "order",
    "limit": "limit",
    "offset": "offset",
    "bins": "bins",
    "review": "review",
    "cost_fp": "cost-fp",
    "cost_fn": "cost-fn",
    "threshold": "decide",
    "who": "who",
    "reason": "reason",
    "rows": "row",
    "force": "force",
    "top": "top",
}
_VALUE = r"(\[[^\]]*\]|\([^)]*\)|\{[^}]*\}|'[^']*'|…|-?[\w.@-]+)?"
_KEYWORD = re.compile(rf"(?<![\w'\"-])({'|'.join(_OPTIONS)})=(?!=){_VALUE}")
_PLACE = "where PLACE is a file, an address or module:attribute"
_CALLS = {
    r"ws\.add_dataset\('?([^',)]*)'?, …, (.*?)\)": r"mispredict add dataset \1 FILE \2",
    r"ws\.add_model\('?([^',)]*)'?, model\)( in this process)?": (
        rf"mispredict add model \1 PLACE, {_PLACE}"
    ),
    r"ws\.evaluate\('?([^',)]*)'?, '?([^',)]*)'?\)": r"mispredict evaluate \1 \2",
    r"ws\.add_predictions\(…\)": "mispredict add predictions MODEL DATASET FILE",
    r"ev\.mistakes\(\)": "mispredict mistakes",
    r"mp\.open\('a folder'\)": "--workspace DIR",
    r"read it with pandas and give the frame": "save it as CSV or Parquet",
    r"export_cohorts": "mispredict cohort export",
    r"versions\(…, include_deleted=True\)": "mispredict show",
}


def in_cli_words(error: MispredictError) -> MispredictError:
    """The error with what to try as something to type here."""
    if isinstance(error, WorkspaceNotFound):
        return type(error)(error.problem, known=error.known, hint=_NOWHERE)
    problem = spoken(error.problem) if isinstance(error, BadOption) else error.problem
    return type(error)(problem, known=error.known, hint=spoken(error.hint))


def spoken(text: str) -> str:
    """The text with Python's calls and keywords as commands and options."""
    for call, words in _CALLS.items():
        text = re.sub(call, words, text)
    return _KEYWORD.sub(_option, text)


def _option(found: re.Match[str]) -> str:
    name, value = found.groups()
    option = f"--{_OPTIONS[name]}"
    if not value or value in ("True", "…"):
        return option
    inner = value.strip("[](){}")
    if value[0] in "[({" and inner in ("", "…"):
        return f"{option} …"
    if value[0] == "{":
        return f"{option} {_pair(inner)}"
    return f"{option} {inner.replace(',', '')}" if value[0] in "[(" else f"{option} {value}"


def _pair(text: str) -> str:
    """`'name': 'text'` as the `name=text` that an option takes."""
    name, _, value = text.partition(":")
    pair = f"{name.strip().strip(chr(39))}={value.strip().strip(chr(39))}"
    return f"'{pair}'" if " " in pair else pair
