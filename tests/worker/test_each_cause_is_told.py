"""People who wait for a repair are told the cause, once for each, and only if work is held up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.actions.notices import troubles
from store.actions.notices.troubles import Trouble
from store.rules.model import TroubleKind
from store.tables import notices
from tests.chaos.bad_services import BadSlack, Death
from tests.chaos.misfortunes import OF_CHANNEL, Kind, Misfortunes, Spell
from tests.fakes.slack.records import BOT, TOKEN, SlackChannel
from tests.worker.office import Office, office_in

ARCHIVED = "Lantern cannot post in the channel. Restore it."
CLOSED = "Lantern cannot post in the channel. Let Lantern post there."


@pytest.fixture
def office(tmp_path: Path, migrated_database_url: str) -> Iterator[Office]:
    with office_in(tmp_path, migrated_database_url) as made:
        yield made


def fails(office: Office, reason: str, times: int = 4) -> None:
    """Record the same refusal several times, five minutes apart."""
    for _ in range(times):
        named = Trouble(TroubleKind.CHANNEL, "1", reason, office.world.school())
        troubles.record_trouble(office.world.store, named)
        office.clock.forward(minutes=5)


def told(office: Office) -> list[str]:
    office.works()
    return [str(message.payload) for message in office.messages("direct:lena")]


def test_another_cause_is_told_too_and_none_twice(office: Office) -> None:
    fails(office, ARCHIVED)
    assert [ARCHIVED in each for each in told(office)] == [True]

    fails(office, CLOSED, times=2)
    assert len(told(office)) == 1, "it may pass"
    fails(office, CLOSED)
    assert [CLOSED in each for each in told(office)] == [False, True]

    for reason in (ARCHIVED, CLOSED, ARCHIVED):
        fails(office, reason)
    assert len(told(office)) == 2
    assert len(office.world.rows(notices, kind="trouble")) == 2


def test_causes_that_alternate_are_told_as_one(office: Office) -> None:
    for _ in range(6):
        fails(office, ARCHIVED, times=1)
        fails(office, CLOSED, times=1)
    assert len(told(office)) == 1


@pytest.mark.parametrize("kind", OF_CHANNEL)
def test_on_a_bad_day_only_what_is_refused_counts_as_a_wait(office: Office, kind: Kind) -> None:
    """A channel that refuses posts can still be read, and reading holds up no work to be told
    of."""
    clock = office.clock
    slack: Any = BadSlack(clock)
    slack.bad = Misfortunes(clock, random.Random(1), ["SAA"], 1, 1)
    slack.death = Death()
    slack.channels["CSAA"] = SlackChannel("CSAA", [BOT])
    spell = Spell(kind, "SAA", clock.now, clock.now + dt.timedelta(days=1))
    slack.bad.now = [spell]

    _, _, read = slack.respond("conversations.members", TOKEN, {"channel": "CSAA"})
    assert read["ok"] is (kind is Kind.RESTRICTED)
    assert len(spell.refused) == (not read["ok"])

    before = len(spell.refused)
    _, _, posted = slack.respond("chat.postMessage", TOKEN, {"channel": "CSAA", "text": "Hello"})
    assert posted == {"ok": False, "error": OF_CHANNEL[kind]}
    assert len(spell.refused) == before + 1
