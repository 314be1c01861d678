"""Fixtures: a workspace of the local Slack, and a clock that moves as it waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from integrations.chat.interface import Address
from integrations.chat.slack.credentials import account_of
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.settings import load_settings
from store.rules.model import Platform
from tests.fakes.slack.records import BOT, SIGNING_SECRET, TEAM, TOKEN, SlackChannel, SlackPerson
from tests.fakes.slack.service import FakeSlack
from tests.fakes.slack.wire import serving
from tests.stores import FakeClock, empty_store

HERE = Address(Platform.SLACK, TEAM, "C1")
CARD = {
    "text": "A card",
    "blocks": [{"type": "divider"}],
    "unfurl_links": False,
    "unfurl_media": False,
}
Opens = Callable[..., SlackWorkspace]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def opens(tmp_path: Path, clock: FakeClock, address_of_api: str) -> Iterator[Opens]:
    """Return a function that opens another process's workspace on the same database."""
    with empty_store(f"sqlite:///{tmp_path / 'lantern.db'}", clock, []) as store:

        def open_one(token: str = TOKEN) -> SlackWorkspace:
            account = account_of(
                load_settings(
                    slack_bot_token=token,
                    slack_signing_secret=SIGNING_SECRET,
                    slack_teams=TEAM,
                    slack_api_url=address_of_api,
                )
            )
            assert account

            def sleep(seconds: float) -> None:
                clock.forward(seconds=seconds)

            return SlackWorkspace(account, store, now=clock, sleep=sleep)

        yield open_one


@pytest.fixture
def slack(clock: FakeClock) -> FakeSlack:
    fake = FakeSlack(clock)
    fake.people["U1"] = SlackPerson("U1", "alice@example.ac.uk")
    fake.channels["C1"] = SlackChannel("C1", ["U1", BOT])
    return fake


@pytest.fixture
def address_of_api(slack: FakeSlack) -> Iterator[str]:
    with serving(slack) as url:
        yield url


@pytest.fixture
def workspace(opens: Opens) -> SlackWorkspace:
    return opens()
