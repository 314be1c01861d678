"""A card that was deleted by hand, or can no longer be changed, is replaced by a new one."""

from __future__ import annotations

import json

import pytest

from bot.posting.cards import AS_IT_IS_NOW, IN_PLACE, OUT_OF_DATE
from store.tables import outbox, troubles
from tests.bot.slack.campus import LANG, SlackCampus
from worker.jobs.sweep import sweep


def works_on(campus: SlackCampus, minutes: int = 1) -> None:
    """Run the sweeper and the worker for some minutes."""
    for _ in range(minutes):
        campus.office.clock.forward(minutes=1)
        sweep(campus.office.services)
        campus.office.works()


def with_a_card(campus: SlackCampus) -> int:
    case = campus.office.world.open_case()
    campus.office.works()
    return case


def test_what_changes_after_a_colleague_deleted_the_card_is_shown_by_a_new_one(
    campus: SlackCampus,
) -> None:
    with_a_card(campus)
    campus.slack.messages.remove(campus.card())
    campus.types("alice", "take LANG-1")
    works_on(campus)
    campus.types("lena", "take LANG-1")
    works_on(campus)

    (card,) = campus.slack.shown(LANG)
    assert "Lena Lead" in str(card.body)
    assert IN_PLACE in str(card.body), "also after its next change"
    assert campus.office.world.rows(troubles) == []


def test_a_line_whose_card_was_deleted_stands_below_a_new_one(campus: SlackCampus) -> None:
    case = with_a_card(campus)
    campus.office.drafts_a_mail(case)
    campus.slack.messages.remove(campus.card())
    works_on(campus)

    cards = campus.slack.shown(LANG)
    assert len(cards) == 1
    assert IN_PLACE in str(cards[0].body)
    assert campus.slack.shown(LANG, cards[0].ts), "the line about the draft"
    assert {row["state"] for row in campus.office.world.rows(outbox, kind="line")} == {"sent"}


@pytest.mark.parametrize("code", ["block_mismatch", "cant_update_message", "edit_window_closed"])
def test_a_card_that_can_never_be_changed_again_says_where_the_new_one_is(
    campus: SlackCampus, code: str
) -> None:
    with_a_card(campus)
    old = campus.card()
    campus.slack.faults = [("chat.update", code)]
    campus.types("alice", "take LANG-1")
    works_on(campus)

    assert len(campus.slack.shown(LANG)) == 2
    new = campus.card()
    assert "Alice" in str(new.body)
    assert IN_PLACE in str(new.body)
    (word,) = campus.slack.shown(LANG, old.ts)
    assert OUT_OF_DATE in str(word.body)
    assert AS_IT_IS_NOW in str(word.body)
    assert new.ts in str(word.body)
    assert campus.office.world.rows(troubles) == []

    campus.types("lena", "take LANG-1")
    works_on(campus)
    assert campus.slack.faults == []
    assert len(campus.slack.shown(LANG)) == 2, "the new one is changed in place"
    assert "Lena" in str(campus.card().body)


def test_a_private_message_that_can_never_be_sent_asks_for_no_other_one(
    campus: SlackCampus,
) -> None:
    """Otherwise each message would report the one before it, without end."""
    campus.office.world.open_case()
    campus.slack.faults = [("chat.postMessage", "invalid_arguments")] * 50
    works_on(campus, 30)

    refused = campus.office.world.rows(outbox, state="cancelled")
    assert [row["kind"] for row in refused] == ["card", "notice", "notice"], (
        "to the owner and to the lead"
    )
    assert len(campus.office.world.rows(troubles)) == 3, "all stand in the doctor and the week"
    assert "Dana" not in json.dumps(campus.office.world.rows(troubles), default=str)
