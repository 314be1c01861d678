"""Post a card in a school's channels, update it in place, and delete it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.cards.kit.model import Card, Link, Text, TextStyle
from bot.cards.kit.reply_cards import notice
from bot.platforms import LINES, RENDERERS
from bot.posting.chart_pictures import with_picture
from bot.posting.links import with_links
from integrations.chat.interface import Address, DeliveryError, LostMessage, MessageRef, Workspace
from integrations.fault_log import log_failure
from store.db.unit_of_work import Store
from store.delivery import closed_channels, posted_cards
from store.delivery.posted_cards import PostedAlready
from store.queries.schools.staff import Channel, school_channels
from store.rules.model import Platform

__all__ = ["LINES", "RENDERERS", "WITHDRAWN", "erase_message", "put_card"]

WITHDRAWN = "This message has been withdrawn."
IN_PLACE = (
    "An earlier card of this case was deleted here, or can no longer be changed. This card "
    "replaces it. Continue in the thread below it."
)
OUT_OF_DATE = "The message above can no longer be kept up to date."
AS_IT_IS_NOW = "The card as it is now"

Held = Mapping[tuple[Platform, str], str]
"""The file that shows a card's chart as a picture, by the platform and tenant that hold it."""


def put_card(
    store: Store,
    workspaces: Mapping[Platform, Workspace],
    school: int,
    subject: str,
    card: Card,
    pictures: Held = MappingProxyType({}),
) -> frozenset[str]:
    """Show ``card`` as the message about ``subject`` in every channel of a school.

    ``pictures`` show its chart; returns those that a platform refused, where the card is shown
    without them.

    Updates a message about the subject where one exists, and does nothing where it would stay
    the same. Tries every channel before it raises ``DeliveryError``, so that one failing channel
    stops no other; what was posted stays recorded. If two workers change one message at once, one
    of them gets the error and shows the newest card afterwards.
    """
    with store.database.read() as connection:
        channels = school_channels(connection, school)
        closed = closed_channels.closed_channels(connection)
    refused, without = [], set()
    for channel in channels:
        if channel.platform in workspaces and channel.id not in closed:
            file = pictures.get((channel.platform, channel.tenant), "")
            try:
                if not _put_pictured(
                    store, workspaces[channel.platform], channel, subject, card, file
                ):
                    without.add(file)
            except DeliveryError as error:
                refused.append(error)
    if refused:
        # A retryable error is raised first, so that the row is retried. The retry changes only the
        # channels that failed.
        raise min(refused, key=lambda error: error.permanent)
    return frozenset(without)


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


def _put_pictured(
    store: Store, workspace: Workspace, channel: Channel, subject: str, card: Card, file: str
) -> bool:
    """Show the card with its chart as this file; False where only the card without it was taken."""
    if not file:
        _put(store, workspace, channel, subject, card)
        return True
    try:
        _put(store, workspace, channel, subject, with_picture(card, file))
    except DeliveryError as error:
        if not error.permanent or error.lost:
            raise
        # The platform may not have processed the file yet, or have lost it.
        _put(store, workspace, channel, subject, card)
        log_failure("card shown without its picture", error)
        return False
    return True


def _put(store: Store, workspace: Workspace, channel: Channel, subject: str, card: Card) -> None:
    earlier = posted_cards.count_earlier(store, subject, channel.id)
    payload = RENDERERS[channel.platform](_as_shown(store, channel, card, replaces=earlier > 0))
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    address = Address(channel.platform, channel.tenant, channel.channel)
    known = posted_cards.posted_card(store, subject, channel.id)
    if known is None:
        # Each later message gets its own key: the platform would take it for the earlier one.
        key = f"{subject}@{channel.id}" + (f":{earlier}" if earlier else "")
        posted = workspace.post(address, payload, key=key)
        try:
            posted_cards.record_first(store, subject, channel.id, posted.message, digest)
        except PostedAlready as other:
            # Two workers posted with the same key. If the platform kept both messages, ours is
            # deleted.
            if not other.keeps_ours:
                workspace.delete(posted)
            raise _at_once() from None
    elif known.content_hash != digest:
        old = MessageRef(address, known.message)
        try:
            workspace.update(old, payload)
        except DeliveryError as error:
            is_gone = error.lost is LostMessage.GONE
            is_fixed = error.lost is LostMessage.FIXED and subject.startswith(closed_channels.CARD)
            if not (is_gone or is_fixed):
                raise
            # A colleague deleted it by hand, or it can never be changed again, and the case is
            # still worked on.
            closed_channels.set_aside(store, known.id, is_gone=is_gone)
            _put(store, workspace, channel, subject, card)
            if is_fixed:
                _say_where(store, workspace, old, subject)
            return
        if not posted_cards.record_change(store, known, digest):
            raise _at_once()


def _as_shown(store: Store, channel: Channel, card: Card, *, replaces: bool) -> Card:
    """Return the card with its links, and with a note where it replaces an earlier one."""
    if replaces:
        card = replace(card, blocks=(*card.blocks, Text(IN_PLACE, TextStyle.SUBTLE)))
    with store.database.read() as connection:
        return with_links(connection, channel.platform, channel.tenant, card)


def _say_where(store: Store, workspace: Workspace, old: MessageRef, subject: str) -> None:
    """Post a line below a message that can no longer be changed, to say where the new one is."""
    here, case = old.address, int(subject.removeprefix(closed_channels.CARD))
    said = Card("moved", OUT_OF_DATE, (Text(OUT_OF_DATE), Link(AS_IT_IS_NOW, case=case)))
    with store.database.read() as connection:
        said = with_links(connection, here.platform, here.tenant, said)
    try:
        key = f"{subject}:moved:{old.message}"
        workspace.post(here, RENDERERS[here.platform](said), key=key, thread=old.message)
    except DeliveryError as error:  # the new card says the same
        log_failure("word below an old card not delivered", error)


def _at_once() -> DeliveryError:
    """Report that another worker changed the message at once, so it may show the older card."""
    return DeliveryError("another worker changed the same message at the same moment")
