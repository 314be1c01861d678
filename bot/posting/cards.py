"""Post a card in a school's channels, update it in place, and delete it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from bot.cards.kit.model import Card
from bot.cards.kit.reply_cards import notice
from bot.platforms import LINES, RENDERERS
from bot.posting.links import with_links
from integrations.chat.interface import Address, DeliveryError, MessageRef, Workspace
from store.db.unit_of_work import Store
from store.delivery import closed_channels, posted_cards
from store.delivery.posted_cards import PostedAlready
from store.queries.schools.staff import Channel, school_channels
from store.rules.model import Platform

__all__ = ["LINES", "RENDERERS", "WITHDRAWN", "erase_message", "put_card"]

WITHDRAWN = "This message has been withdrawn."


def put_card(
    store: Store, workspaces: Mapping[Platform, Workspace], school: int, subject: str, card: Card
) -> None:
    """Show ``card`` as the message about ``subject`` in every channel of a school.

    Updates a message about the subject where one exists, and does nothing where it would stay
    the same. Tries every channel before it raises ``DeliveryError``, so that one failing channel
    stops no other; what was posted stays recorded. If two workers change one message at once, one
    of them gets the error and shows the newest card afterwards.
    """
    with store.database.read() as connection:
        channels = school_channels(connection, school)
        closed = closed_channels.closed_channels(connection)
    refused = []
    for channel in channels:
        if channel.platform in workspaces and channel.id not in closed:
            try:
                _put(store, workspaces[channel.platform], channel, subject, card)
            except DeliveryError as error:
                refused.append(error)
    if refused:
        # A retryable error is raised first: the row is then retried, and done where it was not.
        raise min(refused, key=lambda error: error.permanent)


def erase_message(workspace: Workspace, platform: Platform, message: MessageRef) -> bool:
    """Delete a message; False where it could only be emptied and is still there.

    Raises ``DeliveryError``: the message is still there with its text.
    """
    try:
        workspace.delete(message)
    except DeliveryError as refused:
        if not refused.permanent:
            raise
        try:
            workspace.update(message, RENDERERS[platform](notice(WITHDRAWN)))
        except DeliveryError:
            raise refused from None
        return False
    return True


def _put(store: Store, workspace: Workspace, channel: Channel, subject: str, card: Card) -> None:
    with store.database.read() as connection:
        card = with_links(connection, channel.platform, channel.tenant, card)
    payload = RENDERERS[channel.platform](card)
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    address = Address(channel.platform, channel.tenant, channel.channel)
    known = posted_cards.posted_card(store, subject, channel.id)
    if known is None:
        posted = workspace.post(address, payload, key=f"{subject}@{channel.id}")
        try:
            posted_cards.record_first(store, subject, channel.id, posted.message, digest)
        except PostedAlready as other:
            # Both posted under one key. Where the platform kept two messages, one has to go.
            if not other.keeps_ours:
                workspace.delete(posted)
            raise _at_once() from None
    elif known.content_hash != digest:
        try:
            workspace.update(MessageRef(address, known.message), payload)
        except DeliveryError as error:
            if not error.gone:
                raise
            # A colleague deleted it by hand; the case continues, and needs a card.
            closed_channels.set_aside(store, known.id)
            _put(store, workspace, channel, subject, card)
        else:
            if not posted_cards.record_change(store, known, digest):
                raise _at_once()


def _at_once() -> DeliveryError:
    """Report that another worker changed the message at once, so it may show the older card."""
    return DeliveryError("another worker changed the same message at the same moment")
