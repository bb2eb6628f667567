"""Errors in the words of the command line.

The library's hints speak Python (`label=`, `trust=True`, `ws.add_model(…)`), which is said here
once as what to type (`--label`, `--trust`, `mispredict add model …`).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from mispredict.core.errors import BadOption, MispredictError, WorkspaceNotFound

_NOWHERE = "mispredict init, mispredict demo, or --workspace DIR for a workspace elsewhere"
_RENAMED = {
    "types": "type",
    "classes": "class",
    "metrics": "metric",
    "columns": "column",
    "kinds": "kind",
    "rows": "row",
    "threshold": "decide",
    "data": "dataset",
    "parameters": "set",
    "timeout_s": "timeout",
    "trusted_hosts": "allow-host",
    "trusted_origins": "allow-origin",
    "trusted_proxies": "trust-proxy",
    "frame_ancestors": "allow-frame",
}
_VALUE = r"(\[[^\]]*\]|\([^)]*\)|\{[^}]*\}|'[^']*'|…|-?[\w.@-]+)?"
_KEYWORD = re.compile(rf"(?<![\w'\"-])([a-z_]+)=(?!=){_VALUE}")
_PLACE = "where PLACE is a file, an address or module:attribute"
_CALLS = {
    r"ws\.add_dataset\('?([^',)]*)'?, …, (.*?)\)": r"mispredict add dataset \1 FILE \2",
    r"ws\.add_model\('?([^',)]*)'?, model\)( in this process)?": (
        rf"mispredict add model \1 PLACE, {_PLACE}"
    ),
    r"ws\.evaluate\('?([^',)]*)'?, '?([^',)]*)'?\)": r"mispredict evaluate \1 \2",
    r"ws\.add_predictions\(…\)": "mispredict add predictions MODEL DATASET FILE",
    r"ws\.add_predictions\('([^',)]*)', '([^',)]*)', …\)": r"mispredict add predictions \1 \2 FILE",
    r"ws\.cross_validate\(model, data\)": "mispredict data labels cross-validate MODEL DATASET",
    r"ws\.compare\('([^']*)', '([^']*)', data='([^']*)'\)": r"mispredict diff \1 \2 --dataset \3",
    r"ws\.drift\(…\)": "mispredict drift REFERENCE CURRENT",
    r"ws\.problems\(\)": "mispredict problems list",
    r"ws\.comment_problem\(name, ('[^']*')\)": r"mispredict problems comment NAME \1",
    r"ds\.label_decisions\(\)\.version": "mispredict data labels decisions DATASET",
    r"ev\.mistakes\(\)": "mispredict mistakes",
    r"ev\.metrics\(\)": "mispredict metrics",
    r"ws\.(datasets|models|evaluations)\(\)": r"mispredict list \1",
    r"ws\.(cohort|tag)s\(\)": r"mispredict \1 list",
    r"ws\.runs\(\)": "mispredict history",
    r"ws\.check_history\('([^']*)'\)": r"mispredict history '\1'",
    r"ws\.run\('([^']*)'(?:, (.*?))?\)": r"mispredict test \1 \2",
    r"mp\.open\('a folder'\)": "--workspace DIR",
    r"read it with pandas and give the frame": "save it as CSV or Parquet",
    r"export_cohorts": "mispredict cohort export",
    r"versions\(…, include_deleted=True\)": "mispredict show",
}


def in_cli_words(error: MispredictError, options: Collection[str]) -> MispredictError:
    """The error with what to try as something to type here; `options` are all there are."""
    if isinstance(error, WorkspaceNotFound):
        return type(error)(error.problem, known=error.known, hint=_NOWHERE)
    is_of_argument = isinstance(error, BadOption)
    problem = spoken(error.problem, options) if is_of_argument else error.problem
    return type(error)(problem, known=error.known, hint=spoken(error.hint, options))


def spoken(text: str, options: Collection[str]) -> str:
    """The text with Python's calls and keywords as commands and options."""
    for call, words in _CALLS.items():
        text = re.sub(call, words, text)
    return _KEYWORD.sub(lambda found: _typed(found, options), text)


def _typed(found: re.Match[str], options: Collection[str]) -> str:
    """`keyword=value` as `--option value`, or as it is where there is no such option."""
    name, value = found.groups()
    option = f"--{_RENAMED.get(name, name.replace('_', '-'))}"
    if option not in options:
        return found.group()
    if not value or value in ("True", "…"):
        return option
    inner = value.strip("[](){}")
    if value[0] == "{":
        return f"{option} {_pair(inner)}"
    return f"{option} {inner.replace(',', '')}" if value[0] in "[(" else f"{option} {value}"


def _pair(text: str) -> str:
    """`'name': 'text'` as the `name=text` that an option takes."""
    name, _, value = text.partition(":")
    pair = f"{name.strip().strip(chr(39))}={value.strip().strip(chr(39))}"
    return f"'{pair}'" if " " in pair else pair
