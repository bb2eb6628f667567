from __future__ import annotations

import pytest

from mispredict.core.errors import BadOption, UnknownName
from mispredict.review.rules import Seen, moved
from mispredict.review.state import HARMS, ProblemState, harm, link, slug


def state(**facts: object) -> ProblemState:
    return ProblemState(**{"title": "t", "where": "TRUE", "dataset": "d", "model": "m", **facts})  # type: ignore[arg-type]


def seen(verdict: str, evaluation: str = "m@2/d@1", **facts: bool) -> Seen:
    return Seen(evaluation, verdict, "a reason", **facts)


@pytest.mark.parametrize("status", ["open", "fixing", "reopened"])
def test_passing_proposes_and_a_person_confirms(status: str) -> None:
    after = moved(state(status=status), seen("pass"))
    assert after is not None
    assert (after.status, after.proposed_by) == (status, "m@2/d@1")
    fixed = after.edited({"status": "fixed"})
    assert (fixed.status, fixed.fixed_in, fixed.proposed_by) == ("fixed", "m@2", "")


def test_a_proposal_is_made_once() -> None:
    after = moved(state(), seen("pass"))
    assert after is not None
    assert moved(after, seen("pass")) is None


@pytest.mark.parametrize("verdict", ["fail", "unsure", "error"])
def test_a_proposal_is_taken_back(verdict: str) -> None:
    after = moved(state(proposed_by="m@2/d@1"), seen(verdict, "m@3/d@1"))
    assert after is not None
    assert (after.status, after.proposed_by) == ("open", "")


def test_failing_reopens_what_was_fixed() -> None:
    after = moved(state(status="fixed", fixed_in="m@2", settled="m@2/d@1"), seen("fail", "m@3/d@1"))
    assert after is not None
    assert (after.status, after.fixed_in, after.by) == ("reopened", "", "m@3/d@1")


@pytest.mark.parametrize("verdict", ["unsure", "error", "pass", ""])
def test_not_knowing_reopens_nothing(verdict: str) -> None:
    assert moved(state(status="fixed"), seen(verdict)) is None


def test_the_evaluation_that_was_known_reopens_nothing() -> None:
    """Somebody says it is fixed in the code, before the new model is there."""
    fixed = state(status="fixed", settled="m@1/d@1")
    assert moved(fixed, seen("fail", "m@1/d@1")) is None
    assert moved(fixed, seen("fail", "m@2/d@1")) is not None


def test_an_old_model_on_new_data_changes_nothing() -> None:
    assert moved(state(status="fixed"), seen("fail", is_current=False)) is None
    assert moved(state(), seen("pass", is_current=False)) is None


def test_what_it_was_opened_from_proposes_nothing() -> None:
    assert moved(state(), seen("pass", is_origin=True)) is None


@pytest.mark.parametrize("verdict", ["pass", "fail", "unsure"])
def test_what_was_accepted_stays_so(verdict: str) -> None:
    assert moved(state(status="accepted"), seen(verdict)) is None


def test_the_scale_of_harm_has_words() -> None:
    assert [harm(words) for words in HARMS] == [1, 2, 3, 4, 5]
    for value in (0, 6, 2.5, "much", None, True):
        with pytest.raises(BadOption, match="not on the scale of harm"):
            harm(value)


@pytest.mark.parametrize(
    ("url", "site", "title"),
    [
        ("https://github.com/acme/churn/issues/7", "GitHub", "acme/churn#7"),
        ("https://github.com/acme/churn/pull/8", "GitHub", "acme/churn#8"),
        ("https://gitlab.com/acme/ml/churn/-/issues/9", "GitLab", "acme/ml/churn#9"),
        ("https://gitlab.com/acme/churn/-/merge_requests/3", "GitLab", "acme/churn!3"),
        ("https://acme.atlassian.net/browse/CH-12", "Jira", "CH-12"),
        ("https://wiki.example/page", "wiki.example", "page"),
    ],
)
def test_links_are_known_by_their_address(url: str, site: str, title: str) -> None:
    assert link(url) == {"url": url, "site": site, "title": title}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://me:pw@x.example", "x", "http://",
            "https://x y"]
)  # fmt: skip
def test_links_that_are_none(url: str) -> None:
    with pytest.raises(BadOption, match="cannot be used"):
        link(url)


def test_only_fields_of_a_problem_can_be_edited() -> None:
    for name in ("check", "comments", "origin", "proposed_by", "dataset"):
        with pytest.raises(UnknownName, match="no field of a problem"):
            state().edited({name: "x"})


def test_a_state_survives_the_catalog() -> None:
    made = state(
        positive=["a"], links=["https://x.example/1"], harm=5, users="u", target=0.5
    ).said("hello", "Ada", "2026-01-01")  # fmt: skip
    assert ProblemState.from_spec(made.to_spec()) == made
    assert ProblemState.from_spec({**made.to_spec(), "later": 1}) == made


def test_names_come_from_titles() -> None:
    assert slug("Seniors, aged 60+: misjudged!") == "seniors-aged-60-misjudged"
    assert slug("Größe falsch") == "größe-falsch"
    assert slug("!!!") == "problem"
