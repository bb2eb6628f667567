"""What an export holds: the answers that its screens ask for, and the first rows in full.

The pages' side of this is ui/src/api/exported.ts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mispredict.report.errors import LONGEST_TEXT
from mispredict.report.wording import clip
from mispredict.server.exporting.keys import Params, key_of

if TYPE_CHECKING:
    from mispredict.server.exporting.inside import Inside

QUALITY = ("metrics", "baselines", "confusion", "calibration", "curves", "threshold",
           "error classes", "spread")  # fmt: skip
ERRORS = ("slices", "cards", "mistakes", "near misses", "calibration")
# Each may be refused, such as a curve of a regression, whose screens do not ask for it.
ASKED: tuple[tuple[str, Params], ...] = (
    ("", {}),
    ("overview", {"parts": QUALITY}),
    ("overview", {"parts": ERRORS}),
    ("confusion", {}),
    ("thresholds", {}),
    ("roc", {}),
    ("precision-recall", {}),
    ("explore", {}),
    ("slices", {"top": 15}),
    ("tree", {}),
    ("priorities", {}),
)
MOST_COLUMNS = 80  # of a row in the table; its own page has all
_EXAMPLES = 8  # rows in a panel of examples
_PAGE = 1_000
_NEEDED = ("row", "correct", "label", "prediction", "confidence", "loss", "margin")


@dataclass(frozen=True)
class Contents:
    """All that the pages of an export are given.

    Attributes:
        answers: by `key_of` their path below the evaluation's.
        lists: rows by number, in the order of a question of the table.
        records: values of these rows, in the order of `columns`.
        examples: all that is known of each of these rows.
    """

    workspace: Any
    answers: dict[str, Any] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    lists: list[dict[str, Any]] = field(default_factory=list)
    records: dict[int, list[Any]] = field(default_factory=dict)
    examples: dict[int, Any] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, Any]:
        """What there is to ask of the evaluation."""
        return dict(self.answers[key_of("")])


async def gathered(inside: Inside, model: str, dataset: str, rows: int) -> Contents:
    """The contents of an export with so many rows of each order."""
    base = f"evaluations/{model}/{dataset}"
    found = Contents(_alone(await inside.ask("workspace"), model, dataset))
    for path, params in ASKED:
        answer = await inside.ask(f"{base}/{path}".rstrip("/"), params)
        if answer is not None:
            found.answers[key_of(path, params)] = answer
    found.answers[key_of("")]["can_call_model"] = False  # there is nobody to call it
    if any(item["name"] == "cluster" and item["is_reserved"] for item in found.facts["columns"]):
        found.answers[key_of("clusters")] = await inside.ask(f"{base}/clusters")
    found.columns.extend(_columns(found))
    for where, order_by, limit in _orders(found, rows):
        await _add_list(inside, base, found, where, order_by, limit)
    for row in found.records:
        answer = await inside.ask(f"{base}/rows/{row}")
        found.examples[row] = _clipped({**answer, "previous": None, "next": None})
    return found


def worst_order(facts: Mapping[str, Any]) -> str:
    """The order in which the rows come that the model did worst on."""
    has_loss = any(item["is_reserved"] and item["name"] == "loss" for item in facts["columns"])
    return "loss DESC" if has_loss else "correct"


def _alone(summary: dict[str, Any], model: str, dataset: str) -> dict[str, Any]:
    """The workspace as if it held this evaluation alone: an export tells nothing of others."""
    return {
        **summary,
        "evaluations": [
            item
            for item in summary["evaluations"]
            if (item["model"], item["dataset"]) == (model, dataset)
        ],
        "datasets": [item for item in summary["datasets"] if item["ref"] == dataset],
        "models": [item for item in summary["models"] if item["ref"] == model],
        "cohorts": [],
        "tags": [],
    }


def _columns(found: Contents) -> list[str]:
    """Columns of the table: those that panels show, then the data's as they come."""
    known = {item["name"]: item for item in found.facts["columns"]}
    errors = found.answers.get(key_of("overview", {"parts": ERRORS}), {})
    parts = [errors.get("mistakes") or {}, errors.get("near_misses") or {}]
    shown = [name for part in parts for name in part.get("columns", ())]
    own = [name for name, item in known.items() if item["type"] != "vector"]
    own.sort(key=lambda name: known[name]["is_reserved"])
    return [name for name in dict.fromkeys([*_NEEDED, *shown, *own]) if name in known][
        :MOST_COLUMNS
    ]


def _orders(found: Contents, rows: int) -> Iterable[tuple[str, str, int]]:
    """Cohort, order and number of the rows of each list that screens show."""
    facts = found.facts
    names = {item["name"] for item in facts["columns"] if item["is_reserved"]}
    yield "", worst_order(facts), rows
    yield "", "", rows
    if facts["is_loss"]:
        return
    yield "NOT correct", "confidence DESC" if "confidence" in names else "row", _EXAMPLES
    if "margin" in names:
        yield "NOT correct", "margin", _EXAMPLES


async def _add_list(
    inside: Inside, base: str, found: Contents, where: str, order_by: str, limit: int
) -> None:
    """Add the first rows of a cohort in an order, if they can be asked for."""
    numbers: list[int] = []
    asked: dict[str, Any] = {"where": where, "order_by": order_by, "columns": found.columns}
    total, source = 0, None
    while len(numbers) < limit:
        more = {"offset": len(numbers), "limit": min(_PAGE, limit - len(numbers))}
        page = await inside.ask(f"{base}/rows", {**asked, **more})
        if page is None or not page["rows"]:
            break
        total, source = page["total"], page["source"]
        for record in page["rows"]:
            number = int(record["row"])
            numbers.append(number)
            found.records[number] = _clipped([record.get(name) for name in found.columns])
    if source is not None:
        found.lists.append({"where": where, "order_by": order_by, "rows": numbers,
                            "total": total, "source": source})  # fmt: skip


def _clipped(value: Any) -> Any:
    """The value with its texts cut where they are long, as a report cuts them."""
    if isinstance(value, str):
        return clip(value, LONGEST_TEXT) if len(value) > LONGEST_TEXT else value
    if isinstance(value, list):
        return [_clipped(item) for item in value]
    if isinstance(value, dict):
        return {name: _clipped(item) for name, item in value.items()}
    return value
