"""The same rules in Slack and Teams: signed requests, and requests with false signatures.

The schools are the prepared ones; the platforms are local, and everything else is as it runs.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette

from bot.slack.routes import EVENTS
from integrations import bootstrap
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.moved_clock import MovedClock
from integrations.settings import load_settings
from store.platforms.accounts import identify
from store.rules.model import Platform
from tests.fakes.slack import wire as slack_wire
from tests.fakes.slack.records import SIGNING_SECRET, TEAM, TOKEN, SlackPerson
from tests.fakes.slack.service import FakeSlack
from tests.policy.people import RIVE, SILENT, STAFF, address
from tests.policy.school import copy_of, open_school
from tests.policy.teams import Teams, teams_in

CHANNEL = "C0GLAS"


def _case(home: Path) -> str:
    with open_school(home) as school:
        return school.case_of(SILENT)


@pytest.fixture
def home(prepared: Path, tmp_path: Path) -> Path:
    """Return a copy of the prepared schools."""
    return copy_of(prepared, tmp_path / "home")


@dataclass
class Slack:
    """The Slack side of the conversation."""

    fake: FakeSlack
    http: httpx.AsyncClient
    runner: asyncio.Runner

    def types(self, name: str, line: str, *, signed: bool = True) -> str:
        """Type ``/lantern <line>``; return what only this person sees."""
        told, opened = len(self.fake.ephemerals), len(self.fake.opened)
        body = urlencode(
            {
                "command": "/lantern",
                "text": line,
                "team_id": TEAM,
                "user_id": f"U0{name.upper()}",
                "channel_id": CHANNEL,
                "trigger_id": self.fake.trigger(f"U0{name.upper()}"),
            }
        )
        headers = self.fake.signed(body) if signed else {"X-Slack-Signature": "v0=00"}
        answer = self.runner.run(self._post(body, headers))
        if not signed:
            return str(answer.status_code)
        windows = [self.fake.windows[each[1]["id"]] for each in self.fake.opened[opened:]]
        said = [each[2] for each in self.fake.ephemerals[told:]]
        return json.dumps([said, windows], ensure_ascii=False, default=str)

    async def _post(self, body: str, headers: dict[str, str]) -> httpx.Response:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self.http.post(EVENTS, content=body, headers={**kind, **headers})
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.gather(*others)
        return answer


@pytest.fixture
def slack(home: Path) -> Iterator[Slack]:
    """Run Lantern in Slack on the prepared schools."""
    from bot.slack.app import SlackPlugin

    clock = MovedClock(home / "clock")
    with ExitStack() as stack:
        fake = FakeSlack(clock)
        settings = load_settings(
            home=home,
            slack_bot_token=TOKEN,
            slack_signing_secret=SIGNING_SECRET,
            slack_teams=TEAM,
            slack_api_url=stack.enter_context(slack_wire.serving(fake)),
        )
        services = bootstrap.build(settings, now=clock)
        stack.callback(services.close)
        for name in STAFF:
            fake.people[f"U0{name.upper()}"] = SlackPerson(f"U0{name.upper()}", address(name))
            identify(services.store, Platform.SLACK, TEAM, address(name), f"U0{name.upper()}")
        workspace = services.workspaces[Platform.SLACK]
        assert isinstance(workspace, SlackWorkspace)
        side = SlackPlugin(services, workspace, 30.0, 30.0)
        runner = stack.enter_context(asyncio.Runner())
        transport = httpx.ASGITransport(Starlette(routes=side.routes))
        client = httpx.AsyncClient(transport=transport, base_url="https://x.example")
        yield Slack(fake, client, runner)


@pytest.fixture
def teams(home: Path) -> Iterator[Teams]:
    """Run Lantern in Teams on the prepared schools."""
    with teams_in(home) as opened:
        yield opened


@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_three_thumbs_up_are_no_view_there_either(
    platform: str, home: Path, request: pytest.FixtureRequest
) -> None:
    """§13, A2: emoji are not a view in Slack and Teams either."""
    reference = _case(home)
    door: Slack | Teams = request.getfixturevalue(platform)
    door.types("dora", f"show {reference}")
    door.types("dora", f"view {reference} contact-now 👍 👍 👍")
    with open_school(home) as school:
        shown = school.person("alice").looks_at(reference)
    assert "👍" not in shown, f"a view of three thumbs-up stands on the case, by way of {platform}"


@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_a_pseudonym_there_too_and_no_case_for_another_school(
    platform: str, home: Path, request: pytest.FixtureRequest
) -> None:
    """§24, §28: no name is shown, and a colleague of the other school is refused."""
    reference = _case(home)
    door: Slack | Teams = request.getfixturevalue(platform)
    shown = door.types("alice", f"show {reference}")
    assert reference in shown
    assert SILENT.family not in shown
    refused = door.types("goran", f"show {reference}")
    assert "Not seen" not in refused, f"{RIVE} reads a case of Glass: {refused}"


@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_a_request_without_a_good_signature_does_nothing(
    platform: str, home: Path, request: pytest.FixtureRequest
) -> None:
    """§28: knowing the address does not make a person a colleague."""
    reference = _case(home)
    door: Slack | Teams = request.getfixturevalue(platform)
    assert door.types("alice", f"take {reference}", signed=False) in ("401", "403")
    shown = door.types("alice", f"show {reference}")
    assert "after by Alice" not in shown


@pytest.mark.parametrize("platform", ["slack", "teams", "sandbox"])
def test_a_typed_log_takes_the_day_on_every_platform(
    platform: str, home: Path, request: pytest.FixtureRequest
) -> None:
    """§9, §16: a meeting last week is not logged as today's."""
    reference = _case(home)
    line = f"log {reference} meeting reached 2026-11-20: met for half an hour"
    if platform == "sandbox":
        with open_school(home) as school:
            assert "Friday 20 November" in school.person("alice").types(line).text
    else:
        door: Slack | Teams = request.getfixturevalue(platform)
        door.types("alice", line)
    with open_school(home) as school:
        shown = school.person("alice").looks_at(reference)
    assert "a meeting of Friday 20 November: met for half an hour" in shown
