"""What happened to problems, told to the operator's webhook in the background."""

from __future__ import annotations

import atexit
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption
from mispredict.core.results import plain

if TYPE_CHECKING:
    from mispredict.review.results import ProblemEvent
    from mispredict.review.state import ProblemState
    from mispredict.review.webhook import Delivery, Webhook

_LOG = logging.getLogger(__name__)
_MOST = 1_000  # news that wait; further ones are dropped
_TOLD = ("at", "who", "what", "evaluation", "sentence")  # of an event
_LAST_S = 10.0  # that the end of the process waits for news to be sent


class Outbox:
    """News that a thread sends one after the other; whoever writes never waits for them."""

    def __init__(self, send: Callable[[Webhook, str, Mapping[str, Any]], Delivery]) -> None:
        self._send = send
        self._waiting: queue.Queue[tuple[Webhook, str, Mapping[str, Any]]] = queue.Queue(_MOST)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, hook: Webhook, event: str, value: Mapping[str, Any]) -> None:
        """Send it soon; dropped, and told in the log, where too much waits."""
        try:
            self._waiting.put_nowait((hook, event, value))
        except queue.Full:
            _LOG.warning("The webhook is too slow: %s was dropped.", event)
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="webhook", daemon=True)
                self._thread.start()

    def flush(self, timeout_s: float = _LAST_S) -> bool:
        """Wait until all is sent or given up; False where that takes longer."""
        deadline = time.monotonic() + timeout_s
        with self._waiting.all_tasks_done:
            while self._waiting.unfinished_tasks:
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._waiting.all_tasks_done.wait(left)
        return True

    def _run(self) -> None:
        while True:
            hook, event, value = self._waiting.get()
            try:
                found = self._send(hook, event, value)
                if not found.is_delivered:
                    _LOG.warning(
                        "The webhook was not told of %s after %d tries: %s.",
                        event, found.tries, found.problem,
                    )  # fmt: skip
            except Exception:  # noqa: BLE001 - a thread that ends would send nothing any more
                _LOG.exception("The webhook could not be told of %s.", event)
            finally:
                self._waiting.task_done()


def tell(name: str, state: ProblemState, events: Sequence[ProblemEvent], *, version: int) -> None:
    """Tell the webhook, where the operator has set one, what a new version of a problem changed."""
    from mispredict.review.webhook import Webhook

    try:
        hook = Webhook.from_environment(os.environ)
    except BadOption as error:
        _LOG.warning("The webhook cannot be used: %s", error.message)
        return
    if hook is None or not events:
        return
    outbox().put(hook, _kind(events), news(name, state, events, version=version))


def news(
    name: str, state: ProblemState, events: Sequence[ProblemEvent], *, version: int
) -> dict[str, Any]:
    """What is sent: what people wrote of the problem and what changed, and no row of the data."""
    return {
        "event": _kind(events),
        "problem": name,
        "title": state.title,
        "status": state.status,
        "proposed_by": state.proposed_by,
        "owner": state.owner,
        "harm": state.harm,
        "model": state.model,
        "dataset": state.dataset,
        "links": [str(item["url"]) for item in state.links],
        "version": version,
        "events": [{key: plain(getattr(item, key)) for key in _TOLD} for item in events],
    }  # fmt: skip


def outbox() -> Outbox:
    """The outbox of this process, which is emptied before it ends."""
    global _OUTBOX  # noqa: PLW0603 - one thread for the process, started with the first news
    with _STARTING:
        if _OUTBOX is None:
            from mispredict.review.webhook import send

            _OUTBOX = Outbox(send)
            atexit.register(_OUTBOX.flush)
    return _OUTBOX


def _kind(events: Sequence[ProblemEvent]) -> str:
    """The name of the event: the most telling of what changed at once."""
    whats = {item.what: item for item in events}
    if "opened" in whats:
        return "problem.opened"
    if "status" in whats:
        return f"problem.{whats['status'].after}"
    if "proposed_by" in whats:
        return "problem.proposed" if whats["proposed_by"].after else "problem.withdrawn"
    return "problem.commented" if "comments" in whats else "problem.edited"


_OUTBOX: Outbox | None = None
_STARTING = threading.Lock()
