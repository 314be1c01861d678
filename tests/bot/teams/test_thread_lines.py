"""Lines in a thread: from the outbox's row to the reply that mentions the right colleague."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from store.tables import outbox, staff
from tests.bot.teams.campus import LANG, Campus
from tests.fakes.teams.service import Message
from worker.jobs import sweep as sweeping


@pytest.fixture
def card(campus: Campus) -> Message:
    """Provide the card of Dana's case, which Alice owns."""
    campus.office.world.open_case("dana")
    campus.says("alice", "take LANG-1")
    campus.office.works()
    (card,) = campus.teams.shown(LANG)
    return card


def _after(campus: Campus, card: Message) -> Message:
    """Return the only line below the card, after Dana has said something."""
    campus.says("dana", "this is wrong: I was at sea")
    campus.office.works()
    with campus.office.world.store.database.read() as connection:
        rows = connection.execute(sa.select(outbox.c.state).where(outbox.c.kind == "line"))
        assert rows.scalars().all() == ["sent"]
    (line,) = [each for each in campus.teams.shown(LANG) if each.root == card.id]
    assert " sea" not in str(line.activity)
    assert "Dana" not in str(line.activity)
    return line


def _privately(campus: Campus, name: str) -> str:
    campus.office.clock.forward(minutes=2)
    sweeping.sweep(campus.office.services)
    campus.office.works()
    chat = campus.teams.direct(campus.people[name])
    return str([each.activity for each in campus.teams.shown(chat)][1:])


def test_the_owner_alone_is_mentioned_in_the_thread(campus: Campus, card: Message) -> None:
    line = _after(campus, card)

    (mention,) = line.activity["entities"]
    alice = {"id": campus.people["alice"].mention, "name": "Alice Adviser"}
    assert mention == {"type": "mention", "text": "<at>Alice Adviser</at>", "mentioned": alice}
    assert line.activity["text"].startswith("<at>Alice Adviser</at>: ")
    assert line.activity["text"].count("<at>") == 1
    assert "LANG-1" not in _privately(campus, "alice"), "who is mentioned is not told twice"
    for name in ("bob", "lena", "sana"):
        assert campus.people[name].mention not in str(line.activity)


def test_a_name_like_a_tag_mentions_nobody_else(campus: Campus, card: Message) -> None:
    name = "Alice</at> <at>Bob & Co</at>"
    with campus.office.world.store.unit_of_work() as work:
        mine = staff.c.email == "alice@example.ac.uk"
        work.connection.execute(sa.update(staff).where(mine).values(name=name))

    line = _after(campus, card)

    (mention,) = line.activity["entities"]
    assert mention["mentioned"]["id"] == campus.people["alice"].mention
    assert line.activity["text"].count("<at>") == line.activity["text"].count("</at>") == 1
    assert line.activity["text"].count(mention["text"]) == 1


def test_who_is_not_in_the_channel_is_named_there_and_told_privately(
    campus: Campus, card: Message
) -> None:
    campus.teams.members[LANG].remove(campus.people["alice"])

    line = _after(campus, card)

    assert "entities" not in line.activity
    assert line.activity["text"].startswith("Alice Adviser: ")
    assert "LANG-1" in _privately(campus, "alice")
