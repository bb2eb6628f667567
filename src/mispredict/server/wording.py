"""Hints in the words of the web pages and of HTTP.

The library's hints speak Python (`by='a column'`, `ev.slices()`). Nobody can type that into a
page or an address: here a keyword becomes the name of a parameter with its value, a call the
place on the pages that does the same, or the command where there is none. What has neither is
left out. Cohort texts, commands and sentences stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_GONE = "\0"  # where something was that cannot be said here
_OBJECT = re.compile(r"(?<![\w.])(?:ev|ws|mp|ds|suite|template|explanation|mlflow|mispredict)\.")
_KEYWORD = re.compile(r"(?<![`\w'\"$?&/-])(?<!--set )([a-z][a-z_]*)=(?!=)")
_PLACES = {
    "add_dataset": "`mispredict add dataset` in a terminal",
    "add_model": "`mispredict add model` in a terminal",
    "add_predictions": "`mispredict add predictions` in a terminal",
    "check_history": "the history of a suite under Tests",
    "cohorts": "the cohorts that Explore lists",
    "comment_problem": "a comment under Problems",
    "compare": "Compare",
    "cross_validate": "`mispredict data labels cross-validate` in a terminal",
    "datasets": "the datasets of the first page",
    "decide_labels": "the review under Data, Labels",
    "drift": "Data, Drift",
    "effects": "the effect of an input under Overview, Why",
    "evaluate": "`mispredict evaluate` in a terminal",
    "evaluations": "the evaluations of the first page",
    "explain": "why on the page of a row",
    "export_html": "`mispredict export` in a terminal",
    "interactions": "the interactions under Overview, Why",
    "label_decisions": "the decisions under Data, Labels",
    "label_queue": "the review under Data, Labels",
    "lasso": "a line drawn on the map of Explore",
    "map": "the map of Explore",
    "metrics": "the metrics of Overview",
    "mistakes": "the mistakes of Overview",
    "models": "the models of the first page",
    "open_problem": "‘Open a problem’ beside a slice or some rows",
    "edit_problem": "the problem's own page under Problems",
    "perturb": "Generate",
    "fill": "Generate",
    "problems": "Problems",
    "propose_checks": "‘Propose checks’ under Tests",
    "reevaluate": "‘Re-evaluate’ on the board of models",
    "report": "`mispredict report` in a terminal",
    "run": "‘Run’ under Tests",
    "runs": "the runs under Tests",
    "save_cohort": "‘Save as cohort’ in Explore",
    "show": "`mispredict serve` in a terminal",
    "slices": "Slices",
    "spread": "noise on the inputs under Data, Uncertainty",
    "tag": "‘Tag’ in Explore",
    "tags": "the tags of Priorities",
    "text_edits": "edits of a text on the page of a row",
    "counterfactuals": "what would have to change, on the page of a row",
    "uncertainty": "Data, Uncertainty",
    "what_if": "what if, on the page of a row",
}
_COMMANDS = {  # whose names belong to what is to be typed
    "evaluate": "mispredict evaluate",
    "add_predictions": "mispredict add predictions",
    "add_dataset": "mispredict add dataset",
    "add_model": "mispredict add model",
}
_ARGUMENT = re.compile(r"^(?:([a-z]+)=)?'([^']*)'$")
_HERE = " in this process"  # of Python, which pages have nothing to do with
_APART = re.compile(r"\s*(?:, or |; |, then |, | or )")


def in_page_words(hint: str) -> str:
    """The hint without Python, as what to click, to type or to send.

    Example:
        >>> in_page_words("ev.slices(), or by='a column'")
        'Slices, or by: a column'
        >>> in_page_words("Age > 60 AND label = 'yes'")
        "Age > 60 AND label = 'yes'"
    """
    text = _without_keywords(_without_calls(hint))
    if text == hint:
        return text
    if _GONE not in text and not any(text.count(place) > 1 for place in _PLACES.values()):
        return text
    return ", or ".join(dict.fromkeys(_said(text)))


def _said(text: str) -> Iterator[str]:
    """The parts of a hint that nothing is missing from; what explains a missing one goes too."""
    is_gone = False
    for part in _APART.split(text):
        is_gone = _GONE in part or (is_gone and part.startswith("which "))
        if not is_gone and part.strip():
            yield part.strip()


def _without_calls(text: str) -> str:
    done, at = [], 0
    for start, end in _calls(text):
        done += [text[at:start], _place(text[start:end])]
        at = end + len(_HERE) if text.startswith(_HERE, end) else end
    return "".join([*done, text[at:]])


def _calls(text: str) -> Iterator[tuple[int, int]]:
    """Where calls and names of the library stand: from their object to the last bracket."""
    at = 0
    while (found := _OBJECT.search(text, at)) is not None:
        end = found.end()
        while end < len(text) and (text[end].isalnum() or text[end] in "_.([<"):
            if text[end] == "." and not text[end + 1 : end + 2].isalpha():
                break  # the end of a sentence
            end = _closed(text, end) if text[end] in "([<" else end + 1
        yield found.start(), end
        at = end


def _closed(text: str, start: int) -> int:
    """The place after the bracket that closes the one at `start`."""
    depth, quote = 0, ""
    for at in range(start, len(text)):
        letter = text[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([{<":
            depth += 1
        elif letter in ")]}>":
            depth -= 1
            if depth == 0:
                return at + 1
    return len(text)


def _place(call: str) -> str:
    """What does on the pages what a call does in Python."""
    name = call.split(".", 1)[1]
    name, bracket, rest = name.partition("(")
    if "." in name or not bracket:
        return _GONE
    if name in _COMMANDS:
        inside = rest[: _closed(call, call.index("(")) - call.index("(") - 2]
        typed = [word for part in inside.split(",") for word in _typed(part.strip())]
        if typed:
            return f"`{' '.join([_COMMANDS[name], *typed])}` in a terminal"
    return _PLACES.get(name, _GONE)


def _typed(argument: str) -> list[str]:
    """An argument as words of a command."""
    found = _ARGUMENT.match(argument)
    if found is None:
        return []
    value = f"'{found[2]}'" if " " in found[2] else found[2]
    return [f"--{found[1]}", value] if found[1] else [value]


def _without_keywords(text: str) -> str:
    """Each `name=value` as `name: value`."""
    done, at = [], 0
    while (found := _KEYWORD.search(text, at)) is not None:
        end = _value_end(text, found.end())
        value = _plain(text[found.end() : end])
        done += [text[at : found.start()], f"{found[1]}: {value}" if value else found[1]]
        at = end
    return "".join([*done, text[at:]])


def _value_end(text: str, start: int) -> int:
    if start < len(text) and text[start] in "([{":
        return _closed(text, start)
    if start < len(text) and text[start] in "'\"":
        end = text.find(text[start], start + 1)
        return len(text) if end < 0 else end + 1
    found = re.compile(r"[^\s,;)]*").match(text, start)
    return start if found is None else found.end()


def _plain(value: str) -> str:
    """A value of Python as one writes it in a form: no quotes, lists with commas."""
    if value in ("", "…", "(…)", "[…]"):
        return ""
    if value == "lambda":
        return _GONE
    words = {"None": "none", "True": "yes", "False": "no"}
    if value in words:
        return words[value]
    if value[0] in "([":
        value = value[1:-1].rstrip(",")
    quotes = re.compile(r"""'([^']*)'|"([^"]*)\"""")
    return quotes.sub(lambda found: found[1] or found[2] or "", value).replace("None", "none")
