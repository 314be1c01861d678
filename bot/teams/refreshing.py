"""A case's card as it is now, for one person: only with the buttons that this person may use."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.case_card import case_card
from bot.cards.model import Actions, Button, Card, CardBlock
from bot.identity import actor_behind
from bot.interaction import Person
from store import repository
from store.casework import reading
from store.policies import policy_in_force
from store.queries.case import case_view, private_view
from store.rules.access import Action, may
from store.rules.calendar import Calendar, institution_day
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
    today = institution_day(store.now())
    with store.database.read() as connection:
        school = repository.case(connection, case_id).school
        if school not in actor.roles:
            raise NotAllowed("This case is another school's.")
        view = case_view(connection, case_id, today)
        published = policy_in_force(connection, school, today)
        named = published is not None and published.policy.show_names
        name = private_view(connection, case_id).name if named else None
    card = case_card(view, published.policy.calendar if published else Calendar(), name)
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
