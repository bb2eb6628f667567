"""What a problem is in the catalog: the texts and choices of people, and how they may change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlsplit

from mispredict.core.errors import BadOption, UnknownName
from mispredict.core.ids import Ref
from mispredict.core.options import choice, number, shown, text, whole

STATUSES = ("open", "fixing", "fixed", "reopened", "accepted")
STATUS_WORDS = {
    "open": "nobody works on it yet",
    "fixing": "somebody works on it",
    "fixed": "somebody said so; if its check fails later, it is reopened",
    "reopened": "it was fixed and came back",
    "accepted": "known, and left as it is",
}
OPEN = ("open", "fixing", "reopened")  # to be worked on
HARMS = (
    "hardly noticed",
    "annoying",
    "costs time or money",
    "serious loss for somebody",
    "danger to health, rights or the business",
)
MOST_HARM = len(HARMS)
_LONGEST_TEXT = 20_000
_MOST_ITEMS = 1_000  # comments, links, patterns
_SITES = (
    ("github", "GitHub"),
    ("gitlab", "GitLab"),
    ("atlassian", "Jira"),
    ("jira", "Jira"),
    ("linear.app", "Linear"),
    ("bitbucket", "Bitbucket"),
)
EDITABLE = (
    "title", "description", "expected", "where", "owner", "harm", "status", "positive",
    "negative", "links", "users", "target", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class ProblemState:
    """All that is kept of a problem, as JSON in the catalog.

    `check` is the YAML of its check in a suite, `scale` the loss that counts as an error of 1,
    `proposed_by` the evaluation that proposes that it is fixed, `fixed_in` the model version
    that fixed it, `settled` the evaluation that was known then, `by` the evaluation that made the
    last change where no person did, `reason` what a person said of the last one.
    """

    title: str
    where: str
    dataset: str
    model: str = ""
    description: str = ""
    expected: str = ""
    owner: str = ""
    harm: int = 3
    status: str = "open"
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    links: tuple[Mapping[str, str], ...] = ()
    comments: tuple[Mapping[str, Any], ...] = ()
    users: str = ""
    metric: str = ""
    target: float | None = None
    check: str = ""
    scale: float = 1.0
    origin: Mapping[str, str] = field(default_factory=dict)
    proposed_by: str = ""
    fixed_in: str = ""
    settled: str = ""
    by: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "where", "dataset", "model", "description", "expected", "owner",
                     "users", "metric", "check", "reason"):  # fmt: skip
            _short(name, getattr(self, name))
        if not self.title.strip():
            raise BadOption("a problem needs a title.", hint="title='seniors are misjudged'")
        object.__setattr__(self, "harm", harm(self.harm))
        choice("status", self.status, STATUSES)
        if self.target is not None:
            number("target", self.target)
        for name in ("positive", "negative"):
            object.__setattr__(self, name, _texts(name, getattr(self, name)))
        object.__setattr__(self, "links", _links(self.links))
        object.__setattr__(self, "comments", tuple(dict(item) for item in self.comments))

    def to_spec(self) -> dict[str, Any]:
        """JSON for the catalog."""
        value = asdict(self)
        return {**value, "positive": list(self.positive), "negative": list(self.negative),
                "links": list(self.links), "comments": list(self.comments),
                "origin": dict(self.origin)}  # fmt: skip

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> ProblemState:
        """The state that the catalog has; what a later version added is left out."""
        known = {item.name for item in fields(cls)}
        kept = {key: value for key, value in spec.items() if key in known}
        for name in ("positive", "negative", "links", "comments"):
            kept[name] = tuple(kept.get(name) or ())
        return cls(**kept)

    @property
    def is_open(self) -> bool:
        """Whether it is to be worked on."""
        return self.status in OPEN

    def is_about(self, model: str, dataset: str) -> bool:
        """Whether a model's version, such as `gbm@2`, on rows of a dataset tells of it."""
        return self.dataset == dataset and self.model in ("", Ref.parse(model).name)

    def edited(self, changes: Mapping[str, Any]) -> ProblemState:
        """The state after a person's edit; a status has consequences for what is proposed.

        Raises:
            UnknownName: there is nothing of that name to edit.
        """
        for name in changes:
            if name not in EDITABLE:
                raise UnknownName.of("field of a problem", name, EDITABLE)
        after = replace(self, **{"reason": "", **changes}, by="")
        if after.status != self.status:
            is_proposed = bool(self.proposed_by) and after.status == "fixed"
            fixed_in = self.proposed_by.partition("/")[0] if is_proposed else ""
            after = replace(after, proposed_by="", fixed_in=fixed_in)
        return after

    def settled_by(self, evaluation: str) -> ProblemState:
        """The state with the evaluation that was known when somebody said that it is fixed."""
        return replace(self, settled=evaluation)

    def said(self, words: str, who: str, at: str) -> ProblemState:
        """The state with another comment."""
        if not _short("comment", words).strip():
            raise BadOption(
                "the comment is empty.",
                known="A comment is a text of what was seen or decided.",
                hint="ws.comment_problem(name, 'a text')",
            )
        if len(self.comments) >= _MOST_ITEMS:
            raise BadOption(
                f"a problem has at most {_MOST_ITEMS:,} comments.",
                known=f"This one has {len(self.comments):,}.",
                hint="a problem of its own, with a link to this one",
            )
        made = {"number": len(self.comments) + 1, "text": words, "who": who, "at": at}
        return replace(self, comments=(*self.comments, made), by="", reason="")


def harm(value: Any) -> int:
    """The harm as a number from 1 to 5; words of the scale count too."""
    if isinstance(value, str) and value in HARMS:
        return HARMS.index(value) + 1
    scale = "; ".join(f"{at} {words}" for at, words in enumerate(HARMS, start=1))
    try:
        return whole("harm", value, 1, MOST_HARM)
    except BadOption as error:
        raise BadOption(
            f"harm={shown(value)} is not on the scale of harm.", known=f"{scale}.", hint="harm=3"
        ) from error


def harm_words(value: int) -> str:
    """What a number of the scale of harm means."""
    return HARMS[value - 1]


def link(url: str, title: str = "") -> dict[str, str]:
    """A link by its URL, with what can be told from it.

    Raises:
        BadOption: it is none of http or https.
    """
    try:
        parts = urlsplit(_short("link", url).strip())
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    has_space = any(letter.isspace() or not letter.isprintable() for letter in url.strip())
    if parts.scheme not in ("http", "https") or not host or parts.username or has_space:
        raise BadOption(
            f"link={shown(url)} cannot be used.",
            known="A link is an address of http or https, without a name or password in it.",
            hint="'https://github.com/acme/churn/issues/7'",
        )
    site = next((name for word, name in _SITES if word in host), host)
    return {"url": url.strip(), "title": title or _title(parts.path) or host, "site": site}


def slug(title: str) -> str:
    """A name for a problem from its title."""
    words = re.findall(r"[^\W_]+", title.lower())
    return "-".join(words)[:60].strip("-") or "problem"


def _title(path: str) -> str:
    """What the path of an issue is called: `acme/churn#7`, or `CH-12`."""
    parts = [part for part in path.split("/") if part and part != "-"]
    for word in ("issues", "pull", "merge_requests", "work_items"):
        if word in parts and parts.index(word) + 1 < len(parts):
            at = parts.index(word)
            mark = "!" if word == "merge_requests" else "#"
            return f"{'/'.join(parts[:at])}{mark}{parts[at + 1]}"
    return parts[-1] if parts else ""


def _links(given: Any) -> tuple[dict[str, str], ...]:
    items = [given] if isinstance(given, (str, Mapping)) else list(given)
    if len(items) > _MOST_ITEMS:
        raise BadOption(f"a problem has at most {_MOST_ITEMS:,} links.")
    made = []
    for item in items:
        if isinstance(item, Mapping):
            made.append(link(str(item.get("url", "")), str(item.get("title", ""))))
        else:
            made.append(link(item))
    return tuple({item["url"]: item for item in made}.values())


def _texts(name: str, given: Any) -> tuple[str, ...]:
    items = [given] if isinstance(given, str) else list(given)
    if len(items) > _MOST_ITEMS:
        raise BadOption(f"{name} has {len(items):,} texts.", known=f"Most are {_MOST_ITEMS:,}.")
    return tuple(_short(name, item) for item in items)


def _short(name: str, value: Any) -> str:
    if len(text(name, value)) > _LONGEST_TEXT:
        raise BadOption(
            f"{name} is too long: {len(value):,} letters.",
            known=f"At most {_LONGEST_TEXT:,} are kept.",
            hint="a link to a longer text",
        )
    return str(value)
