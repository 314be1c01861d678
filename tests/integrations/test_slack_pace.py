"""A whole morning's cards, as fast as Slack takes them and no faster. Time is simulated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from integrations.settings import load_settings
from integrations.slack.account import account_of
from integrations.slack.workspace import SlackWorkspace
from integrations.workspace import Address
from store.rules.model import Platform
from tests.fakes.slack.service import BOT, SIGNING_SECRET, TEAM, TOKEN, FakeSlack, SlackChannel
from tests.fakes.slack.wire import serving
from tests.simulated import SimulatedTime
from tests.world import FakeClock, empty_store

CARD = {"text": "A card", "blocks": [{"type": "divider"}]}
ROOMS = tuple(f"C{number}" for number in range(100, 140))
CARDS = 1500
WORKERS = 2


def test_1500_cards_over_40_channels_by_two_workers_take_what_the_limit_takes(
    tmp_path: Path,
) -> None:
    time = SimulatedTime()
    slack = FakeSlack(time.now)
    for room in ROOMS:
        slack.channels[room] = SlackChannel(room, [BOT])
    before = time.now()

    with ExitStack() as stack:
        url = stack.enter_context(serving(slack))
        workers = [_worker(stack, tmp_path, url, time) for _ in range(WORKERS)]
        time.work([_cards(worker, room, at) for room in ROOMS for at, worker in enumerate(workers)])

    assert len(slack.messages) == len({each.ts for each in slack.messages}) == CARDS
    assert slack.too_fast == 0, "no 429 at all"
    # A channel's 38 cards take 37 s; 90 % of that pace is allowed.
    assert time.now() - before <= dt.timedelta(seconds=37 / 0.9)


def _worker(stack: ExitStack, home: Path, url: str, time: SimulatedTime) -> SlackWorkspace:
    clock = FakeClock()
    store = stack.enter_context(empty_store(f"sqlite:///{home / 'lantern.db'}", clock, []))
    store.now = time.now
    given = {"slack_bot_token": TOKEN, "slack_signing_secret": SIGNING_SECRET}
    account = account_of(load_settings(**given, slack_teams=TEAM, slack_api_url=url))
    assert account
    return SlackWorkspace(account, store, now=time.now, sleep=time.sleep)


def _cards(worker: SlackWorkspace, room: str, number: int) -> Callable[[], None]:
    """This worker's share of a room's cards."""
    first = ROOMS.index(room) + number * len(ROOMS)

    def post() -> None:
        for at in range(first, CARDS, WORKERS * len(ROOMS)):
            worker.post(Address(Platform.SLACK, TEAM, room), CARD, key=f"card:{at}")

    return post
