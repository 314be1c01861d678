"""Slack takes some tenths of a second for each answer, and people do not wait for one another's."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import Any, cast

from bot.interaction import Reply
from bot.posting.channel_privacy import Watch
from bot.slack.gateway import Gateway
from bot.slack.listeners import Listeners

PEOPLE = 20
"""More than the threads that Python gives a process on a small machine."""


class SlowGateway:
    """A gateway whose answers Slack takes only when all commands have been run."""

    workspace = SimpleNamespace(account=SimpleNamespace(teams=("T0LANTERN",)))

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.all_asked = threading.Event()
        self.in_time: list[bool] = []

    def line(self, arrived: Any, _name: str, _rest: str) -> Reply:
        self.asked.append(arrived.user)
        if len(self.asked) == PEOPLE:
            self.all_asked.set()
        return Reply()

    def show(self, _arrived: Any, _reply: Reply, _window: str | None) -> None:
        self.in_time.append(self.all_asked.wait(30))


def test_answers_that_wait_for_slack_hold_up_no_command() -> None:
    gateway = SlowGateway()
    listeners = Listeners(cast("Gateway", gateway), cast("Watch", None))

    async def ack(**_said: Any) -> None:
        return

    async def all_type() -> None:
        typed = {"command": "/lantern", "text": "today", "team_id": "T0LANTERN"}
        await asyncio.gather(
            *(listeners.typed(ack, {**typed, "user_id": f"U{n}"}) for n in range(PEOPLE))
        )

    asyncio.run(all_type())
    assert gateway.in_time == [True] * PEOPLE
