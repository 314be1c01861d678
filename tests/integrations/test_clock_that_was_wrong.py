"""A clock that ran far ahead for a moment, or is set back, does not delay messages later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.chat.rate_limit import RateLimit as ChatPace
from integrations.chat.slack.retry_after import Pauses
from integrations.mail.graph.rate_limit import PACE, Gate
from store.delivery import claims, outbox, rate_limit
from store.delivery.claims import LEASE
from store.rules.calendar import LONGEST_PAUSE
from store.rules.model import OutboxKind
from tests.people import MORNING
from tests.stores import FakeClock
from tests.world import World, opened_world, populated_sqlite

YEAR = dt.timedelta(days=365)
SECOND = dt.timedelta(seconds=1)
BOX = "lang@example.ac.uk"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    path = tmp_path / "lantern.sqlite3"
    path.write_bytes(populated_sqlite())
    with opened_world(f"sqlite:///{path}") as made:
        yield made


@pytest.mark.parametrize("ahead", [dt.timedelta(hours=3), YEAR])
def test_what_was_written_by_a_clock_ahead_holds_nothing(world: World, ahead: dt.timedelta) -> None:
    store, clock = world.store, world.clock
    with store.unit_of_work() as work:
        outbox.put(work, OutboxKind.CARD, "card:1", school=world.school())
    clock.now = MORNING + ahead
    rate_limit.reserve_slot(store, "channel", SECOND, SECOND)
    rate_limit.put_off(store, "asked", 30 * SECOND)
    rate_limit.reserve_mailbox_slot(store, BOX, PACE)
    assert claims.claim(store, OutboxKind.CARD, "dies")

    clock.now = MORNING
    for name in ("channel", "asked"):
        assert rate_limit.reserve_slot(store, name, SECOND, SECOND) == (dt.timedelta(), True)
    assert rate_limit.reserve_mailbox_slot(store, BOX, PACE) == (dt.timedelta(), True)
    row = claims.claim(store, OutboxKind.CARD, "lives")
    assert row is not None
    assert row.key == "card:1"


def test_a_turn_and_a_claim_that_are_right_hold_as_before(world: World) -> None:
    store = world.store
    with store.unit_of_work() as work:
        outbox.put(work, OutboxKind.CARD, "card:1", school=world.school())
    rate_limit.put_off(store, "asked", YEAR)
    assert rate_limit.reserve_slot(store, "asked", SECOND, SECOND) == (LONGEST_PAUSE, False)
    assert claims.claim(store, OutboxKind.CARD, "first")
    world.clock.now += LEASE
    assert claims.claim(store, OutboxKind.CARD, "second") is None


def _never(_seconds: float) -> None:
    raise AssertionError("nothing is waited for")


def test_no_pause_in_memory_outlives_a_clock_that_is_set_back() -> None:
    clock = FakeClock(MORNING + YEAR)
    pace = ChatPace(((1, SECOND),), clock, _never)
    pauses, gate = Pauses(clock, _never), Gate(clock, _never)
    pace.take_turn("chat")
    pace.close("asked", 30 * SECOND)
    pauses.begin("T1", "chat.postMessage", "C1", 30 * SECOND)
    gate.close(BOX, 30 * SECOND)

    clock.now = MORNING
    pace.take_turn("chat")
    pace.take_turn("asked")
    pauses.keep("T1", "chat.postMessage", "C1")
    with gate.enter(BOX):
        pass
