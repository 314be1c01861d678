"""A university on Slack: the office, the fake Slack and the real bolt application.

``campus.types("alice", "mine")``, ``campus.clicks(…)`` and ``campus.submits(…)`` are what Slack
sends when people act.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from threading import Event
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import httpx
import sqlalchemy as sa
from starlette.applications import Starlette

from bot.slack.app import SlackPlugin
from bot.slack.routes import EVENTS
from integrations.chat.slack.credentials import account_of
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.settings import load_settings
from store.platforms.accounts import enrol
from store.rules.model import Platform
from store.tables import audit, channels
from tests.bot.shown import menu_options
from tests.fakes.slack.records import (
    BOT,
    CLIENT_ID,
    CLIENT_SECRET,
    SIGNING_SECRET,
    TEAM,
    TOKEN,
    Message,
    SlackChannel,
    SlackPerson,
)
from tests.fakes.slack.service import FakeSlack
from tests.fakes.slack.wire import serving
from tests.people import LANGUAGES, MATHEMATICS, ROSTER
from tests.worker.office import Office, office_in

LANG = "C0LANG"
MATH = "C0MATH"

Json = dict[str, Any]


def user_id(name: str) -> str:
    """Return an account's id."""
    return f"U0{name.upper()}"


@dataclass
class SlackCampus:
    """The office, the fake and the application together; see the module."""

    office: Office
    slack: FakeSlack
    workspace: SlackWorkspace
    side: SlackPlugin
    runner: asyncio.Runner
    http: httpx.AsyncClient
    acknowledged: Event = field(default_factory=Event)
    """Set once the newest request has its response, even while Lantern still works on it."""
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    # -- What Slack sends ------------------------------------------------------------------------

    def delivers(self, body: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Deliver one request, signed by default, and wait until its work has finished."""
        return self.runner.run(self._deliver(body, self.slack.signed(body), headers))

    async def _deliver(
        self, body: str, signed: dict[str, str], headers: dict[str, str] | None
    ) -> httpx.Response:
        kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
        sent = {"Content-Type": kind, **(signed if headers is None else headers)}
        self.acknowledged.clear()
        answer = await self.http.post(EVENTS, content=body, headers=httpx.Headers(sent, "latin-1"))
        self.acknowledged.set()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.gather(*others)
        return answer

    def types(self, name: str, line: str, channel: str = LANG) -> None:
        """Type ``/lantern <line>`` as this person."""
        assert self.delivers(self.command(name, line, channel)).status_code == 200

    def command(self, name: str, line: str, channel: str = LANG) -> str:
        """Return the body of a slash command."""
        return urlencode(
            {
                "command": "/lantern",
                "text": line,
                "team_id": TEAM,
                "user_id": user_id(name),
                "channel_id": channel,
                "trigger_id": self.slack.trigger(user_id(name)),
                "response_url": self.response_url(name),
            }
        )

    def response_url(self, name: str) -> str:
        """Return the address for answers to this person alone, which need no token."""
        return f"{self.workspace.account.api_url}response/{user_id(name)}"

    def interacts(self, name: str, kind: str, **parts: Any) -> Json:
        """Send a click, a form or a shortcut, and return the body of its answer."""
        answer = self.delivers(self.interaction(name, kind, **parts))
        assert answer.status_code == 200, answer.text
        found: Json = answer.json() if answer.text else {}
        return found

    def interaction(self, name: str, kind: str, **parts: Any) -> str:
        """Return the body of a click, a form or a shortcut."""
        who = self.slack.people[user_id(name)]
        payload = {
            "type": kind,
            "team": {"id": TEAM},
            "user": {"id": who.user, "team_id": who.team},
            "trigger_id": self.slack.trigger(who.user),
            **parts,
        }
        return urlencode({"payload": json.dumps(payload)})

    def clicks(self, name: str, element: Json, channel: str = LANG) -> None:
        """Press a button of a message as this person."""
        self.interacts(
            name,
            "block_actions",
            actions=[{**element, "action_ts": str(next(self._ids))}],
            channel={"id": channel},
            container={"type": "message", "channel_id": channel},
            response_url=self.response_url(name),
        )

    def submits(self, name: str, view: Json, **typed: str) -> Json:
        """Submit a window as this person; fields that are not typed keep the values shown."""
        return self.interacts(name, "view_submission", view=filled(view, typed))

    def event(self, event: Json, **parts: Any) -> httpx.Response:
        """Deliver an event of the Events API."""
        made = {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": f"Ev{next(self._ids)}",
            "authorizations": [{"user_id": BOT}],
            "event": event,
            **parts,
        }
        return self.delivers(json.dumps(made))

    def says(self, name: str, text: str, channel: str, **parts: Any) -> str:
        """Post a message in a channel as this person, and return its id."""
        ts = f"{self.office.clock().timestamp():.0f}.{next(self._ids) + 500_000}"
        said = {"type": "message", "user": user_id(name), "text": text, "channel": channel}
        said |= {"ts": ts, "channel_type": "im" if channel.startswith("D") else "group"}
        assert self.event({**said, **parts}).status_code == 200
        return ts

    # -- What is in Slack ------------------------------------------------------------------------

    def card(self, channel: str = LANG) -> Message:
        """Return the newest message of a channel."""
        return self.slack.shown(channel)[-1]

    def button(self, action: str, blocks: list[Json] | None = None) -> Json:
        """Return what Slack sends when the button for this action is pressed."""
        found = _buttons(blocks or self.card().body["blocks"])
        matching = [each for name, each in found if name == action]
        assert matching, f"no button for {action!r} among {[name for name, _ in found]}"
        return matching[0]

    def window(self) -> Json:
        """Return the newest window in its current state."""
        name = self.slack.opened[-1][1]["id"]
        return {"id": name, **self.slack.windows[name]}

    def told(self) -> str:
        """Return the newest message to one person alone."""
        return json.dumps(self.slack.ephemerals[-1][2], ensure_ascii=False)

    def audited(self, action: str) -> list[Json]:
        """Return the audit's rows of one action."""
        return self.office.world.rows(audit, action=action)


def filled(view: Json, typed: dict[str, str]) -> Json:
    """Return a window with its state, as ``view_submission`` carries it."""
    state: Json = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], block["block_id"]
        kind = element["type"]
        given = typed.get(name.partition("#")[0])
        if kind == "static_select":
            option = element.get("initial_option")
            if given is not None:
                (option,) = [each for each in element["options"] if each["value"] == given]
            answer = {"selected_option": option}
        elif kind == "datepicker":
            answer = {"selected_date": given or element.get("initial_date")}
        else:
            answer = {"value": element.get("initial_value") if given is None else given}
        state[name] = {element["action_id"]: {"type": kind, **answer}}
    return {**view, "id": view.get("id", "V0"), "hash": "1.a", "state": {"values": state}}


def _buttons(blocks: list[Json]) -> list[tuple[str, Json]]:
    found = []
    for block in blocks:
        beside = [block["accessory"]] if "action_id" in block.get("accessory", {}) else []
        for element in block.get("elements", []) if block["type"] == "actions" else beside:
            name = element["action_id"].partition("#")[0]
            for option in menu_options(element):
                chosen = {**element, "selected_option": option}
                found.append((option["value"].partition("#")[0], chosen))
            found.append((name, element))
    return found


BY_TOKEN: Mapping[str, str] = MappingProxyType({"slack_bot_token": TOKEN})
BY_OAUTH = {"slack_client_id": CLIENT_ID, "slack_client_secret": CLIENT_SECRET}


@contextmanager
def slack_campus_in(
    home: Path,
    patience: float = 30.0,
    form_patience: float | None = None,
    installed: Mapping[str, str] = BY_TOKEN,
    database_url: str = "",
    teams: str = TEAM,
) -> Iterator[SlackCampus]:
    """Start a campus on an empty database.

    ``installed`` says how Lantern gets its token, ``teams`` what SLACK_TEAMS lists.
    """
    with ExitStack() as stack:
        office = stack.enter_context(office_in(home, database_url))
        fake = FakeSlack(office.clock)
        account = account_of(
            load_settings(
                **installed,
                slack_signing_secret=SIGNING_SECRET,
                slack_teams=teams,
                slack_api_url=stack.enter_context(serving(fake)),
            )
        )
        assert account

        def sleep(seconds: float) -> None:
            office.clock.forward(seconds=seconds)

        workspace = SlackWorkspace(account, office.services.store, now=office.clock, sleep=sleep)
        services = replace(office.services, workspaces={Platform.SLACK: workspace})
        office.services = services
        _install(office, fake)
        side = SlackPlugin(
            services, workspace, patience, patience if form_patience is None else form_patience
        )
        runner = stack.enter_context(asyncio.Runner())
        transport = httpx.ASGITransport(Starlette(routes=side.routes))
        http = httpx.AsyncClient(transport=transport, base_url="https://lantern.example")
        yield SlackCampus(office, fake, workspace, side, runner, http)


def _install(office: Office, fake: FakeSlack) -> None:
    """Add the app to both schools' channels, and enrol their staff."""
    store = office.services.store
    names = [each.email.partition("@")[0] for each in ROSTER.staff]
    for name in names:
        fake.people[user_id(name)] = SlackPerson(user_id(name), f"{name}@example.ac.uk")
    accounts = {f"{name}@example.ac.uk": user_id(name) for name in names}
    with store.unit_of_work() as work:
        work.connection.execute(sa.delete(channels))
        for school, channel in ((LANGUAGES, LANG), (MATHEMATICS, MATH)):
            row: Json = {"platform": Platform.SLACK, "tenant": TEAM, "name": school}
            row |= {"school_id": office.world.school(school), "channel": channel}
            work.connection.execute(sa.insert(channels).values(row))
    for school, channel in ((LANGUAGES, LANG), (MATHEMATICS, MATH)):
        fake.channels[channel] = SlackChannel(channel, [*map(user_id, names), BOT])
        enrol(store, Platform.SLACK, TEAM, office.world.school(school), accounts)


def long_ago() -> dt.datetime:
    """Return a time at which a signature would be too old."""
    return dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6)
