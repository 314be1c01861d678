"""Putting a card where it belongs: posted once, then changed in place, and taken away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from bot.cards.kit.model import Card
from bot.cards.kit.reply_cards import notice
from bot.platforms import LINES, RENDERERS
from integrations.chat.interface import Address, DeliveryError, MessageRef, Workspace
from store.db.unit_of_work import Store
from store.delivery import closed_channels, posted_cards
from store.delivery.posted_cards import PostedAlready
from store.queries.schools.staff import Channel, school_channels
from store.rules.model import Platform

__all__ = ["LINES", "RENDERERS", "WITHDRAWN", "erase", "put"]

WITHDRAWN = "What stood here has been withdrawn."


def put(
    store: Store, workspaces: Mapping[Platform, Workspace], school: int, subject: str, card: Card
) -> None:
    """Show ``card`` as the message about ``subject`` in every channel of a school.

    Where the subject has a message already, that one is changed; where it would stay the same,
    nothing is done. Raises ``DeliveryError`` when every channel has had its turn, so that one that
    takes nothing keeps back no other; what was posted stays recorded. Where two workers change one
    message at once, one of them gets the error and shows the newest afterwards.
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
        # What may still succeed decides: the row then comes again, and is done where it was not.
        raise min(refused, key=lambda error: error.permanent)


def erase(workspace: Workspace, platform: Platform, message: MessageRef) -> bool:
    """Take a message away; False where it could only be emptied, and stands there still.

    Raises ``DeliveryError``: it is still there with all that it says.
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
            # Somebody deleted it by hand; the case goes on, and needs a card.
            closed_channels.set_aside(store, known.id)
            _put(store, workspace, channel, subject, card)
        else:
            if not posted_cards.record_change(store, known, digest):
                raise _at_once()


def _at_once() -> DeliveryError:
    """Another worker changed the message at the same time, so it may show the older of the two."""
    return DeliveryError("another worker changed the same message at the same moment")
