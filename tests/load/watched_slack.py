"""The local Slack, recording the instant at which each person sees an answer."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.records import Json
from tests.fakes.slack.service import FakeSlack

IS_WORKING = "Working on it"
"""A text of the dialog that says that the answer takes longer."""


@dataclass(slots=True)
class Waiting:
    """One interaction; times are in seconds of ``time.perf_counter``."""

    kind: str
    sent: float
    acknowledged: float | None = None
    answered: float | None = None
    status: int = 0
    fault: str = ""
    """Why there was no response at all."""


@dataclass
class WatchedSlack(FakeSlack):
    """A Slack that matches a dialog by its trigger or id, and a message to one person by its
    recipient."""

    windows_of: dict[str, Waiting] = field(default_factory=dict)
    people_of: dict[str, deque[Waiting]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Record also what is posted to the addresses that come with requests."""
        super().__post_init__()
        self.answered = _Heard(self._to_person)

    def expects(self, waiting: Waiting, user: str, trigger: str, window: str = "") -> None:
        """Record from now on when this interaction is answered."""
        self.windows_of[window or trigger] = waiting
        if not window:
            self.people_of.setdefault(user, deque()).append(waiting)

    def respond(self, method: str, token: str, given: Json) -> tuple[int, dict[str, str], Json]:
        """Answer as Slack does, and record what reached a person."""
        answer = super().respond(method, token, given)
        if answer[0] == 200 and answer[2].get("ok"):
            self._note(method, given, answer[2])
        return answer

    def _note(self, method: str, given: Json, answer: Json) -> None:
        now = time.perf_counter()
        if method in ("views.open", "views.push"):
            waiting = self.windows_of.pop(given["trigger_id"], None)
            if waiting and IS_WORKING in json.dumps(given["view"]):
                self.windows_of[answer["view"]["id"]] = waiting
            else:
                self._seen(waiting, now)
            self.opened.clear()
        elif method == "views.update":
            self._seen(self.windows_of.pop(given["view_id"], None), now)
        elif method == "chat.postEphemeral":
            self._to_person(given["user"], now)
            self.ephemerals.clear()
        elif method == "chat.postMessage" and given["channel"].startswith("D"):
            self._to_person(f"U{given['channel'][1:]}", now)
        self.calls.clear()

    def _to_person(self, user: str, now: float) -> None:
        """Mark the person's oldest open interaction as answered: answers come in the order of
        clicks."""
        for waiting in self.people_of.get(user, ()):
            if waiting.answered is None:
                self._seen(waiting, now)
                return

    def _seen(self, waiting: Waiting | None, now: float) -> None:
        if waiting is not None and waiting.answered is None:
            waiting.answered = now


class _Heard(list[tuple[str, Json]]):
    """Messages posted without a token, as (recipient, content); they are timed and not stored."""

    def __init__(self, hear: Callable[[str, float], None]) -> None:
        super().__init__()
        self._hear = hear

    def append(self, said: tuple[str, Json]) -> None:
        """Record that this person was answered."""
        self._hear(said[0], time.perf_counter())


def signed_headers(slack: FakeSlack, body: str) -> dict[str, Any]:
    """Return the headers of a signed request from Slack."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return {**kind, **slack.signed(body)}
