"""Capture what people say in the thread of a case's card, from any platform."""

from __future__ import annotations

import datetime as dt

from bot.interaction import Person
from store.actions.cases import thread_context as context
from store.db.unit_of_work import Store
from store.queries.cases.posted import case_of_message
from store.queries.schools.staff import actor_by_identity


def capture(
    store: Store,
    person: Person,
    channel: str,
    message_root: str,
    message: str,
    text: str,
    at: dt.datetime,
) -> bool:
    """Save a reply under a case's card as context; False where it is not for Lantern.

    ``message_root`` is the platform's id of the card's message and ``message`` that of the reply.
    No one is notified: talking in a thread is no command.
    """
    with store.database.read() as connection:
        actor = actor_by_identity(connection, person.platform, person.tenant, person.user)
        case = case_of_message(connection, person.platform, person.tenant, channel, message_root)
    if actor is None or case is None:
        return False
    said = _said(person, channel, message)
    return context.remark(store, person.platform, said, actor.id, case, text, at)


def capture_edit(store: Store, person: Person, channel: str, message: str, text: str) -> bool:
    """Save the change of a reply. ``person`` gives the platform and tenant, not the author."""
    return context.follow_edit(store, person.platform, _said(person, channel, message), text)


def capture_deletion(store: Store, person: Person, channel: str, message: str) -> bool:
    """Delete a reply that was deleted on the platform."""
    return context.follow_deletion(store, person.platform, _said(person, channel, message))


def _said(person: Person, channel: str, message: str) -> str:
    """Make a message's id unique: ids of messages are often unique in their channel only."""
    return f"{person.tenant}/{channel}/{message}"
