"""A case's card as it is now, for one person: only with the buttons that this person may use."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.model import Actions, Button, Card, CardBlock
from bot.channel_card import channel_card
from bot.identity import actor_behind
from bot.interaction import Person
from store import repository
from store.casework import reading
from store.rules.access import Action, may
from store.rules.calendar import institution_day
from store.rules.case import Actor
from store.rules.errors import NotAllowed
from store.unit_of_work import Store

_ACTIONS = {action.value for action in Action}


def fresh_card(store: Store, person: Person, case_id: int) -> Card:
    """The card of a case in its channel, for somebody who looks at it.

    Raises:
        NotAllowed: this person may not see it; audited.
    """
    actor = actor_behind(store, person)
    reading.peek(store, actor.id, case_id, Action.SEE)
    with store.database.read() as connection:
        school = repository.case(connection, case_id).school
        if school not in actor.roles:
            raise NotAllowed("This case is another school's.")
        card = channel_card(connection, case_id, institution_day(store.now()))
    return _for(card, actor, school)


def _for(card: Card, actor: Actor, school: int) -> Card:
    blocks: list[CardBlock] = []
    for block in card.blocks:
        if not isinstance(block, Actions):
            blocks.append(block)
            continue
        buttons = [each for each in block.buttons if _may(each, actor, school)]
        more = [each for each in block.more if _may(each, actor, school)]
        if shown := buttons or more[:1]:
            blocks.append(Actions(tuple(shown), tuple(more[0 if buttons else 1 :])))
    return replace(card, blocks=tuple(blocks))


def _may(button: Button, actor: Actor, school: int) -> bool:
    """A button that is no one action's is left: the desk decides at the click, as always."""
    return button.action not in _ACTIONS or may(actor, Action(button.action), school)
