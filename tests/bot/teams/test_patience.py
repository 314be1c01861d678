"""Slow work in Teams: announced in time, and answered in the person's own chat."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event

import pytest

from bot.cards.kit.model import Card, Dialog
from bot.cards.kit.reply_cards import notice
from bot.interaction import Reply
from bot.teams.inbound_request import InboundRequest
from bot.teams.slow_replies import FOLLOWS, WORKING, Patience
from integrations.chat.interface import Address, MessageRef
from store.rules.model import Platform

LATE = Reply(card=FOLLOWS)
ANSWER = notice("There it is.")


@dataclass
class Chat:
    """A person's own chat, with the cards that Lantern posted in it."""

    shown: list[Card] = field(default_factory=list)
    finished: Event = field(default_factory=Event)
    is_shut: bool = False

    def begin(self, arrived: InboundRequest, card: Card) -> MessageRef | None:
        del arrived
        if self.is_shut:
            return None
        self.shown.append(card)
        return MessageRef(Address(Platform.TEAMS, "tenant", "chat"), "1")

    def tell(self, arrived: InboundRequest, card: Card) -> None:
        del arrived
        self.shown.append(card)
        self.finished.set()

    def finish(self, message: MessageRef, card: Card) -> None:
        del message
        self.shown[-1] = card
        self.finished.set()

    def opener(self, action: str, text: str, dialog: Dialog) -> Card:
        del text
        return notice(f"Open {action} {dialog.title}")


@pytest.fixture
def arrived() -> InboundRequest:
    return InboundRequest("tenant", "user", "chat", None, True, False, "message", "key", {})


def test_what_comes_in_time_is_the_answer(arrived: InboundRequest) -> None:
    chat = Chat()
    assert Patience(chat, 30).answer(arrived, lambda: Reply(card=ANSWER), LATE).card == ANSWER
    assert chat.shown == []


def test_what_takes_longer_is_said_and_its_answer_takes_that_place(arrived: InboundRequest) -> None:
    chat, may_end = Chat(), Event()

    def slow() -> Reply:
        may_end.wait(60)
        return Reply(card=ANSWER)

    assert Patience(chat, 0.01).answer(arrived, slow, LATE) == LATE
    assert chat.shown == [WORKING]
    may_end.set()
    assert chat.finished.wait(60)
    assert chat.shown == [ANSWER]


def test_what_was_wrong_in_a_form_is_said_there_as_well(arrived: InboundRequest) -> None:
    chat, may_end = Chat(), Event()

    def slow() -> Reply:
        may_end.wait(60)
        return Reply(errors={"first": "Give a day in the past."})

    Patience(chat, 0.01).answer(arrived, slow, LATE)
    may_end.set()
    assert chat.finished.wait(60)
    assert chat.shown == [notice("Give a day in the past.")]


def test_an_answer_that_could_not_be_announced_is_said_all_the_same(
    arrived: InboundRequest,
) -> None:
    chat, may_end = Chat(is_shut=True), Event()

    def slow() -> Reply:
        may_end.wait(60)
        return Reply(card=ANSWER)

    assert Patience(chat, 0.01).answer(arrived, slow, LATE) == LATE
    may_end.set()
    assert chat.finished.wait(60)
    assert chat.shown == [ANSWER]
