"""What a webhook is told of problems."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

import mispredict as mp
from mispredict.review.webhook import Delivery, Webhook
from mispredict.workspace.problems import news as problems_news

from .cases import version


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, object]]]]:
    """What would go to the webhook."""
    got: list[tuple[str, dict[str, object]]] = []

    def send(hook: Webhook, event: str, value: object) -> Delivery:
        got.append((event, json.loads(json.dumps(value))))
        return Delivery(True, 204, 1)

    box = problems_news.Outbox(send)
    monkeypatch.setattr(problems_news, "_OUTBOX", box)
    monkeypatch.setenv("MISPREDICT_WEBHOOK_URL", "https://hooks.example/x")
    monkeypatch.setenv("MISPREDICT_WEBHOOK_SECRET", "sixteen letters or more")
    yield got
    assert box.flush(5)


def test_news_are_told_in_order_and_hold_no_rows(
    ws: mp.Workspace, ev: mp.Evaluation, sent: list[tuple[str, dict[str, object]]]
) -> None:
    ev.open_problem(where="age > 60", title="old", owner="Ada")
    ws.comment_problem("old", "hm")
    version(ws, 2, 0.05)
    ws.edit_problem("old", status="fixed")
    version(ws, 3, 0.6)
    ws.edit_problem("old", harm=5)
    assert problems_news.outbox().flush(5)
    assert [event for event, _ in sent] == [
        "problem.opened", "problem.commented", "problem.proposed", "problem.fixed",
        "problem.reopened", "problem.edited",
    ]  # fmt: skip
    last = sent[4][1]
    assert (last["problem"], last["status"], last["owner"]) == ("old", "reopened", "Ada")
    assert "person" not in json.dumps(sent)


def test_a_webhook_that_cannot_be_used_keeps_nobody_from_writing(
    ev: mp.Evaluation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MISPREDICT_WEBHOOK_URL", "ftp://hooks.example")
    with caplog.at_level(logging.WARNING):
        assert ev.open_problem(where="age > 60", title="old").version == 1
    assert "The webhook cannot be used" in caplog.text
