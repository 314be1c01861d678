"""Capture what colleagues say in the thread of a case's card, without mentioning Lantern.

Teams delivers it only where a team's owner has consented to ``ChannelMessage.Read.Group``. The
school's policy decides whether it is saved.
"""

from __future__ import annotations

from bot.teams.authentication import Authenticator
from bot.teams.inbound_request import InboundRequest, part
from bot.teams.plain_text import typed_text
from store.actions.cases import thread_context as context
from store.db.unit_of_work import Store
from store.queries.cases.posted import case_of_message
from store.queries.schools.staff import actor_by_identity
from store.rules.errors import CaseworkError
from store.rules.model import Platform

EDITED = "editMessage"
DELETED = "softDeleteMessage"


def save_thread_message(
    store: Store, authenticator: Authenticator, arrived: InboundRequest
) -> bool:
    """Save what an enrolled colleague said in the thread of a case; return whether it was saved."""
    case = _case_of(store, arrived)
    if case is None:
        return False
    with store.database.read() as connection:
        actor = actor_by_identity(connection, Platform.TEAMS, arrived.tenant, arrived.user)
    if actor is None or not actor.active:
        return False
    try:
        authenticator.person(arrived)
    except CaseworkError:
        return False
    text = typed_text(arrived.body.get("text"))
    now = store.now()
    return context.remark(store, Platform.TEAMS, _message(arrived), actor.id, case, text, now)


def save_changed_message(store: Store, arrived: InboundRequest) -> bool:
    """Edit or delete the saved message, as it was edited or deleted in Teams."""
    event = part(arrived.body, "channelData").get("eventType")
    if event == EDITED:
        text = typed_text(arrived.body.get("text"))
        return context.follow_edit(store, Platform.TEAMS, _message(arrived), text)
    if event == DELETED:
        return context.follow_deletion(store, Platform.TEAMS, _message(arrived))
    return False


def _message(arrived: InboundRequest) -> str:
    """Make a message's id unique: Teams numbers messages within a conversation only."""
    return f"{arrived.tenant}/{arrived.conversation}/{arrived.body['id']}"


def _case_of(store: Store, arrived: InboundRequest) -> int | None:
    """Find the case whose card began this thread."""
    if arrived.thread is None:
        return None
    with store.database.read() as connection:
        return case_of_message(
            connection, Platform.TEAMS, arrived.tenant, arrived.conversation, arrived.thread
        )
