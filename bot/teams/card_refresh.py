"""Refresh a card for the person who looks at it: only the buttons that they may use."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards.kit.click import Click
from bot.cards.kit.model import Card
from bot.cards.kit.reply_cards import notice
from bot.cards.schools.home import KIND as HOME
from bot.identity import actor_behind
from bot.interaction import Person, Reply
from bot.posting.channel_card import channel_card
from bot.teams import responses as answers
from bot.teams.gateway import Gateway
from bot.teams.inbound_request import PAGE, InboundRequest
from bot.teams.markup import Json
from store.actions.cases import log_access as reading
from store.db import repository
from store.db.unit_of_work import Store
from store.rules.access.permissions import Action
from store.rules.errors import InvalidInput, NotAllowed


def anew(gateway: Gateway, arrived: InboundRequest, ids: Mapping[str, str]) -> Json:
    """Build the current card for its reader, from the ids in the refresh request."""
    if ids.get(PAGE) != HOME:
        return refreshed(gateway, arrived, ids.get("case", ""))
    card = gateway.asks(arrived, Click(HOME)).card or notice(answers.DONE)
    return answers.shown(card) if card.kind == HOME else answers.private_line(answers.words(card))


def refreshed(gateway: Gateway, arrived: InboundRequest, case: str) -> Json:
    """Build the card of a case, or a sentence in its place.

    Raises ``InvalidInput`` where the card is out of date.
    """

    def fresh() -> Reply:
        person = gateway.authenticator.person(arrived)
        if not (case.isascii() and case.isdigit() and len(case) <= 18):
            actor_behind(gateway.store, person)
            raise InvalidInput("This card is out of date.")
        return Reply(card=fresh_card(gateway.store, person, int(case)))

    card = gateway.guarded(arrived, fresh).card or notice(answers.DONE)
    return answers.shown(card) if card.kind == "case" else answers.private_line(answers.words(card))


def fresh_card(store: Store, person: Person, case_id: int) -> Card:
    """Build the card of a case in its channel, for one person who looks at it.

    Raises:
        NotAllowed: this person may not see the case; the refusal is audited.
    """
    actor = actor_behind(store, person)
    reading.check_case(store, actor.id, case_id, Action.SEE)
    with store.database.read() as connection:
        school = repository.case(connection, case_id).school
        if school not in actor.roles:
            raise NotAllowed("This case belongs to another school.")
        return channel_card(connection, case_id, store.now(), store.limits, actor)
