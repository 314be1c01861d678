"""Lines in a thread: from the outbox's row to the reply that mentions the right colleague."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from bot.cards.notices.thread_notice import Line
from bot.slack.thread_notice import line_message as slack_line
from integrations.chat.interface import Address, DeliveryError
from store.rules.model import Platform
from store.tables import outbox, staff
from tests.bot.slack.campus import LANG, SlackCampus, user_id
from tests.fakes.slack.records import TEAM, Message
from worker.jobs import sweep as sweeping


@pytest.fixture
def card(campus: SlackCampus) -> Message:
    """Provide the card of Dana's case, posted in the channel."""
    campus.office.world.open_case("dana")
    campus.office.works()
    return campus.card()


def _given_to_alice(campus: SlackCampus) -> list[str]:
    """Assign the case to Alice, and return the outbox states of the line that tells her."""
    campus.types("lena", "assign LANG-1 alice")
    campus.office.works()
    with campus.office.world.store.database.read() as connection:
        rows = connection.execute(sa.select(outbox.c.state).where(outbox.c.kind == "line"))
        return list(rows.scalars())


def _privately(campus: SlackCampus) -> str:
    campus.office.clock.forward(minutes=2)
    sweeping.sweep(campus.office.services)
    campus.office.works()
    return json.dumps([each.body for each in campus.slack.shown("D0ALICE")])


def test_the_owner_alone_is_mentioned_in_the_thread(campus: SlackCampus, card: Message) -> None:
    assert _given_to_alice(campus) == ["sent"]

    (line,) = campus.slack.shown(LANG, card.ts)
    assert line.body["text"] == f"<@{user_id('alice')}>: LANG-1 is assigned to you."
    assert "blocks" not in line.body
    assert "LANG-1" not in _privately(campus), "who is mentioned is not told twice"
    assert campus.slack.problems == []


def test_a_name_like_a_mention_mentions_nobody(campus: SlackCampus, card: Message) -> None:
    """Alice is not in the channel, so the line gives her name and she is told in private."""
    name = f"<@{user_id('bob')}> <!channel> *Alice*"
    with campus.office.world.store.unit_of_work() as work:
        mine = staff.c.email == "alice@example.ac.uk"
        work.connection.execute(sa.update(staff).where(mine).values(name=name))
    campus.slack.channels[LANG].members.remove(user_id("alice"))

    assert _given_to_alice(campus) == ["sent"]

    (line,) = campus.slack.shown(LANG, card.ts)
    assert "<" not in line.body["text"]
    assert "LANG-1" in _privately(campus)


def test_where_the_card_was_deleted_by_hand_the_line_stands_below_its_new_card(
    campus: SlackCampus, card: Message
) -> None:
    campus.slack.messages.remove(card)

    assert _given_to_alice(campus) == ["sent"]

    (anew,) = campus.slack.shown(LANG)
    assert "LANG-1" in str(anew.body["blocks"])
    assert [each.body["text"] for each in campus.slack.shown(LANG, anew.ts)] == [
        f"<@{user_id('alice')}>: LANG-1 is assigned to you."
    ]


def test_no_line_stands_among_the_cards(campus: SlackCampus, card: Message) -> None:
    """Slack posts a reply to a deleted message into the channel itself."""
    campus.slack.messages.remove(card)
    line = slack_line(Line("LANG-1 is assigned to you.", "Alice Adviser", user_id("alice")))
    place = Address(Platform.SLACK, TEAM, LANG)

    with pytest.raises(DeliveryError) as caught:
        campus.workspace.post(place, line, key="line:1", thread=card.ts)

    assert caught.value.permanent
    assert campus.slack.messages == []
