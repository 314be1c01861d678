"""A morning's cards posted by several workers on simulated time, for the test and the bench."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from integrations.chat.interface import Address
from integrations.chat.slack.credentials import account_of
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.settings import load_settings
from store.rules.model import Platform
from tests.fakes.slack.records import BOT, SIGNING_SECRET, TEAM, TOKEN, SlackChannel
from tests.fakes.slack.service import FakeSlack
from tests.fakes.slack.wire import serving
from tests.simulated import SimulatedTime
from tests.stores import FakeClock, empty_store

CARD = {"text": "A card", "blocks": [{"type": "divider"}]}
ROOMS = tuple(f"C{number}" for number in range(100, 140))
CARDS = 1500
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Morning:
    """The cards in Slack afterwards, the time it took, and the number of refusals by Slack."""

    cards: int
    seconds: float
    refused: int

    @property
    def share_of_limit(self) -> float:
        """Return the speed; 1 is one message a second in each channel, which is the limit."""
        return (CARDS / len(ROOMS) - 1) / self.seconds


def post_morning(home: Path) -> Morning:
    """Post ``CARDS`` cards to ``ROOMS`` by ``WORKERS`` workers on one database."""
    time = SimulatedTime()
    slack = FakeSlack(time.now)
    for room in ROOMS:
        slack.channels[room] = SlackChannel(room, [BOT])
    before = time.now()
    with ExitStack() as stack:
        url = stack.enter_context(serving(slack))
        workers = [_worker(stack, home, url, time) for _ in range(WORKERS)]
        time.work([_cards(worker, room, at) for room in ROOMS for at, worker in enumerate(workers)])
    posted = {str(each.body["metadata"]) for each in slack.messages}
    assert len(posted) == len(slack.messages), "none twice"
    return Morning(len(posted), (time.now() - before).total_seconds(), slack.too_fast)


def _worker(stack: ExitStack, home: Path, url: str, time: SimulatedTime) -> SlackWorkspace:
    clock = FakeClock()
    store = stack.enter_context(empty_store(f"sqlite:///{home / 'lantern.db'}", clock, []))
    store.now = time.now
    given = {"slack_bot_token": TOKEN, "slack_signing_secret": SIGNING_SECRET}
    account = account_of(load_settings(**given, slack_teams=TEAM, slack_api_url=url))
    assert account
    return SlackWorkspace(account, store, now=time.now, sleep=time.sleep)


def _cards(worker: SlackWorkspace, room: str, number: int) -> Callable[[], None]:
    """Return the function that posts this worker's share of a room's cards."""
    first = ROOMS.index(room) + number * len(ROOMS)

    def post() -> None:
        for at in range(first, CARDS, WORKERS * len(ROOMS)):
            worker.post(Address(Platform.SLACK, TEAM, room), CARD, key=f"card:{at}")

    return post
