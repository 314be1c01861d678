"""A university on Teams: the office, the fake Teams and the real SDK in the real application.

``campus.says("alice", "mine")``, ``campus.clicks(…)``, ``campus.opens(…)`` and
``campus.submits(…)`` are what Teams sends when people act; each returns the HTTP answer.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import httpx
import sqlalchemy as sa
from starlette.applications import Starlette

from bot.teams.app import teams_route
from integrations.chat.teams.connector import Connector
from integrations.chat.teams.credentials import account_of
from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.mail.graph.tokens import Tokens
from integrations.rate_limit import Sleep
from integrations.settings import load_settings
from store.platforms.accounts import enrol
from store.rules.model import Platform
from store.tables import audit, channels
from tests.bot.teams.cards import actions, fields
from tests.fakes.graph.entra import CLIENT, SECRET, TENANT, MsalRoute
from tests.fakes.teams.keys import claims_for
from tests.fakes.teams.service import SERVICE_URL, FakeTeams, Message, TeamsPerson
from tests.fakes.teams.wire import Rerouted, serving
from tests.people import LANGUAGES, MATHEMATICS, ROSTER
from tests.worker.office import Office, office_in

LANG = "19:lang@thread.tacv2"
MATH = "19:math@thread.tacv2"
OTHER_TENANT = "99999999-2222-3333-4444-555555555555"

Json = dict[str, Any]


def user_id(name: str) -> str:
    """Return an object id in Entra's format."""
    return str(uuid5(NAMESPACE_DNS, name))


def person(name: str, address: str = "") -> TeamsPerson:
    """Return a person of the directory, identified by their first name in small letters."""
    return TeamsPerson(user_id(name), address or f"{name}@example.ac.uk", name.title())


def _kind(conversation: str) -> str:
    """Return the type of a chat, which its id shows."""
    if conversation.startswith("a:"):
        return "personal"
    return "groupChat" if conversation.endswith("@thread.v2") else "channel"


class Browser:
    """A client that sends requests to the application on one event loop, as a server does."""

    def __init__(self, app: Starlette, runner: asyncio.Runner) -> None:
        transport = httpx.ASGITransport(app)
        self._http = httpx.AsyncClient(transport=transport, base_url="https://lantern.example")
        self._runner = runner

    def post(self, content: str | bytes, headers: dict[str, str]) -> httpx.Response:
        """Send one request to the endpoint."""
        asked = self._http.post("/teams/messages", content=content, headers=headers)
        return self._runner.run(asked)


@dataclass
class Campus:
    """The office, the fake and the application together; see the module."""

    office: Office
    teams: FakeTeams
    workspace: TeamsWorkspace
    wire: Rerouted
    browser: Browser
    people: dict[str, TeamsPerson]
    naps: list[float]
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    # -- What Teams sends ------------------------------------------------------------------------

    def activity(self, name: str, conversation: str = LANG, /, **parts: Any) -> Json:
        """Return an activity of this person in a conversation, in Teams's format."""
        who = self.people[name]
        return {
            "id": f"f:{next(self._ids)}",
            "timestamp": "2025-10-22T09:30:00.000Z",
            "channelId": "msteams",
            "serviceUrl": SERVICE_URL,
            "from": {"id": who.mention, "name": who.name, "aadObjectId": who.user},
            "conversation": {
                "id": conversation,
                "tenantId": TENANT,
                "conversationType": _kind(conversation),
            },
            "recipient": {"id": f"28:{CLIENT}", "name": "Lantern"},
            "channelData": {"tenant": {"id": TENANT}},
            **parts,
        }

    def delivers(self, activity: Json, token: str | None = None) -> httpx.Response:
        """Deliver an activity from Teams, signed by default."""
        if token is None:
            token = self.teams.keys.token(claims_for(CLIENT, str(activity.get("serviceUrl"))))
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.browser.post(json.dumps(activity), headers)

    def invokes(self, name: str, kind: str, value: Json, conversation: str = LANG) -> Json:
        """Send an invoke, and return the body of its answer, which must have status 200."""
        made = self.activity(name, conversation, type="invoke", name=kind, value=value)
        answer = self.delivers(made)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def says(self, name: str, line: str, conversation: str | None = None) -> list[Message]:
        """Type a line in the chat with Lantern, or mention it in a channel.

        Returns the messages that are new in the person's own chat.
        """
        chat = self.teams.direct(self.people[name])
        before = {each.id for each in self.teams.shown(chat)}
        parts: Json = {"type": "message", "text": line, "textFormat": "plain"}
        if conversation:
            bot = {"id": f"28:{CLIENT}", "name": "Lantern"}
            said = {"type": "mention", "text": "<at>Lantern</at>", "mentioned": bot}
            parts |= {"text": f"<at>Lantern</at>&nbsp;{line}\n", "entities": [said]}
        answer = self.delivers(self.activity(name, conversation or chat, **parts))
        assert answer.status_code == 200, answer.text
        return [each for each in self.teams.shown(chat) if each.id not in before]

    def clicks(self, name: str, data: Json, conversation: str = LANG, **value: Any) -> Json:
        """Press a button that is an Action.Execute as this person."""
        action = {"type": "Action.Execute", "verb": data.get("action"), "data": data}
        pressed = {"action": action, "trigger": "manual", **value}
        return self.invokes(name, "adaptiveCard/action", pressed, conversation)

    def opens(self, name: str, data: Json, conversation: str = LANG) -> Json:
        """Press a button that opens a dialog as this person."""
        return self.invokes(name, "task/fetch", {"data": data, "context": {}}, conversation)

    def submits(self, name: str, asked: Json, conversation: str = LANG, **typed: str) -> Json:
        """Submit a dialog as this person; fields that are not typed keep the values shown."""
        card = asked["task"]["value"]["card"]["content"]
        data = dict(card["actions"][0]["data"])
        data |= {each["id"]: each["value"] for each in fields(card) if each.get("value")}
        data |= {f"field.{field}": value for field, value in typed.items()}
        return self.invokes(name, "task/submit", {"data": data, "context": {}}, conversation)

    # -- What is in Teams ------------------------------------------------------------------------

    def card(self, conversation: str = LANG) -> Json:
        """Return the newest card of a channel, even if lines follow it."""
        return [each for each in self.teams.shown(conversation) if each.root is None][-1].card

    def button(self, action: str, conversation: str = LANG) -> Json:
        """Return what the button for this action on the newest card sends."""
        carried: list[Json] = [each.get("data", {}) for each in actions(self.card(conversation))]
        found = [data for data in carried if data.get("action") == action]
        assert found, f"no button for {action!r} among {carried}"
        return found[0]

    def audited(self, action: str) -> list[Json]:
        """Return the audit's rows of one action."""
        return self.office.world.rows(audit, action=action)


@contextmanager
def campus_in(home: Path) -> Iterator[Campus]:
    """Start a campus on an empty database."""
    with ExitStack() as stack:
        office = stack.enter_context(office_in(home))
        fake = FakeTeams(office.clock)
        wire = Rerouted(stack.enter_context(serving(fake)))
        http = stack.enter_context(httpx.Client(transport=wire))
        naps: list[float] = []

        def sleep(seconds: float) -> None:
            naps.append(seconds)
            office.clock.forward(seconds=seconds)

        entra = MsalRoute(stack.enter_context(httpx.Client()), wire.base)
        workspace = _workspace(office, http, entra, sleep)
        services = replace(office.services, workspaces={Platform.TEAMS: workspace})
        office.services = services
        names = [each.email.partition("@")[0] for each in ROSTER.staff]
        people = {name: person(name) for name in names}
        people["dana"] = person("dana", "dana@students.example.ac.uk")
        _install(office, fake, people)
        route = teams_route(services, workspace, http)
        runner = stack.enter_context(asyncio.Runner())
        browser = Browser(Starlette(routes=[route]), runner)
        yield Campus(office, fake, workspace, wire, browser, people, naps)


def _workspace(
    office: Office, http: httpx.Client, entra: MsalRoute, sleep: Sleep
) -> TeamsWorkspace:
    settings = load_settings(
        teams_client_id=CLIENT, teams_tenants=TENANT, teams_client_secret=SECRET
    )
    account = account_of(settings)
    assert account
    assert account.entra
    tokens = Tokens(account.entra, entra)
    connector = Connector(account.hosts, tokens, now=office.clock, sleep=sleep, http=http)
    return TeamsWorkspace(account, connector, office.services.store)


def _install(office: Office, fake: FakeTeams, people: dict[str, TeamsPerson]) -> None:
    """Add the app to both schools' channels, and enrol their staff."""
    store = office.services.store
    with store.unit_of_work() as work:
        work.connection.execute(sa.delete(channels))
        for school, channel in ((LANGUAGES, LANG), (MATHEMATICS, MATH)):
            row: Json = {"platform": Platform.TEAMS, "tenant": TENANT, "name": school}
            row |= {"school_id": office.world.school(school), "channel": channel}
            work.connection.execute(sa.insert(channels).values(row))
    staff = [each for name, each in people.items() if name != "dana"]
    for school, channel in ((LANGUAGES, LANG), (MATHEMATICS, MATH)):
        fake.channel(channel, *staff)
        accounts = {each.address: each.user for each in staff}
        enrol(store, Platform.TEAMS, TENANT, office.world.school(school), accounts)
    for each in people.values():
        fake.direct(each)
