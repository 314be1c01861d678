"""The requests of 200 colleagues, sent on time whether or not the earlier ones were answered."""

from __future__ import annotations

import asyncio
import ipaddress
import itertools
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp

from bot.slack.routes import EVENTS
from tests.fakes.slack.records import TEAM
from tests.load.university import NOTE, Clicker
from tests.load.watched_slack import IS_WORKING, Waiting, WatchedSlack, signed_headers

PATIENCE = 120.0
"""Seconds after the last click within which its answer must come; otherwise it is lost."""
KINDS = ("typed", "button", "list", "form")


class NotThisMachine(Exception):
    """Raised if the load would be sent to another machine."""


def check_loopback(url: str) -> str:
    """Return the address if it leads to this machine and nowhere else.

    Raises:
        NotThisMachine: it is another host's, or a name, which may lead anywhere tomorrow.
    """
    try:
        here = ipaddress.ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:
        here = False
    if not here:
        raise NotThisMachine(
            "The load is sent to this machine alone. Give an address of the loopback interface, "
            "such as 127.0.0.1."
        )
    return url


@dataclass
class Load:
    """Clicks at an even pace, and the result of each."""

    url: str
    slack: WatchedSlack
    slack_url: str
    people: Sequence[Clicker]
    notes: int = 0
    """The number of notes that were acknowledged: each must be stored."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        check_loopback(self.url)

    def click(self, a_second: float, seconds: float) -> list[Waiting]:
        """Send clicks at this pace, and return when the last is answered or lost."""
        return asyncio.run(self._click(a_second, round(a_second * seconds)))

    async def _click(self, a_second: float, total: int) -> list[Waiting]:
        # Unlimited connections, as from Slack, so that none waits for another's answer.
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            begin = time.perf_counter() + 0.1
            sending = (self._one(session, begin + n / a_second) for n in range(total))
            sent = await asyncio.gather(*sending)
        until = time.perf_counter() + PATIENCE
        while time.perf_counter() < until and any(each.answered is None for each in sent):
            await asyncio.sleep(0.05)
        self.slack.people_of.clear()
        self.slack.windows_of.clear()
        return list(sent)

    async def _one(self, session: aiohttp.ClientSession, due: float) -> Waiting:
        await asyncio.sleep(due - time.perf_counter())
        number = next(self._numbers)
        who = self.people[number % len(self.people)]
        turn = number // len(self.people)
        # Each person makes each kind in turn, and all kinds are under way at each moment.
        kind = KINDS[(number + turn) % len(KINDS)]
        case, reference = who.cases[turn % len(who.cases)]
        trigger = self.slack.trigger(who.user)
        # No id that the local Slack gives a window of its own: the two would be taken for one.
        window = f"VFORM{number}" if kind == "form" else ""
        if window:
            self.slack.windows[window] = {}
        asked = _body(kind, who, trigger, window, case, reference)
        # The address at which Slack takes an answer to this person alone, without a token.
        there = f"{self.slack_url}response/{who.user}"
        body = urlencode(_with_address(asked, there))
        waiting = Waiting(kind, due)
        self.slack.expects(waiting, who.user, trigger, window)
        try:
            headers = signed_headers(self.slack, body)
            async with session.post(f"{self.url}{EVENTS}", data=body, headers=headers) as answer:
                said = await answer.text()
                waiting.status = answer.status
                waiting.acknowledged = time.perf_counter()
        except (aiohttp.ClientError, TimeoutError) as error:
            waiting.fault = type(error).__name__
            return waiting
        if window and waiting.status == 200:
            self.notes += 1
            # The answer comes with the acknowledgement, unless that announces a wait.
            if IS_WORKING not in said:
                waiting.answered = waiting.acknowledged
        return waiting


def _body(
    kind: str, who: Clicker, trigger: str, window: str, case: int, reference: str
) -> dict[str, str]:
    if kind in ("typed", "list"):
        line = f"show {reference}" if kind == "typed" else "today"
        typed = {"command": "/lantern", "text": line, "team_id": TEAM, "user_id": who.user}
        return {**typed, "channel_id": who.channel, "trigger_id": trigger}
    payload: dict[str, Any] = {
        "team": {"id": TEAM},
        "user": {"id": who.user, "team_id": TEAM},
        "trigger_id": trigger,
    }
    ids = json.dumps({"case": str(case)}, separators=(",", ":"))
    payload |= _button(who, ids) if kind == "button" else _form(window, ids)
    return {"payload": json.dumps(payload)}


def _with_address(asked: dict[str, str], there: str) -> dict[str, str]:
    if "payload" not in asked:
        return {**asked, "response_url": there}
    return {"payload": json.dumps({**json.loads(asked["payload"]), "response_url": there})}


def _button(who: Clicker, ids: str) -> dict[str, Any]:
    button = {"type": "button", "action_id": "view#0.0", "value": ids}
    return {"type": "block_actions", "actions": [button], "channel": {"id": who.channel}}


def _form(window: str, ids: str) -> dict[str, Any]:
    kind = {"type": "static_select", "selected_option": {"value": "note"}}
    view = {
        "id": window,
        "type": "modal",
        "callback_id": "log",
        "private_metadata": ids,
        "hash": window,
        "blocks": [],
        "state": {
            "values": {
                "kind": {"kind": kind},
                "note": {"note": {"type": "plain_text_input", "value": NOTE}},
            }
        },
    }
    return {"type": "view_submission", "view": view}
