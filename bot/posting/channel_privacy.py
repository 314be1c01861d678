"""Covering up what stands in a channel that people from outside can read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import structlog

from bot.cards.kit.reply_cards import notice
from bot.posting.cards import RENDERERS
from integrations.chat.interface import Address, DeliveryError, MessageRef, Payload
from store.db.unit_of_work import Store
from store.delivery import closed_channels
from store.delivery.closed_channels import Became, Shown
from store.queries.schools.staff import Channel
from store.rules.model import Platform

WITHDRAWN = "This card is withdrawn, since people from outside the school are in this channel."

Deed = Callable[[MessageRef], Became]

log = structlog.get_logger(__name__)


class Changes(Protocol):
    """A workspace whose messages can be changed and deleted."""

    def update(self, message: MessageRef, payload: Payload) -> None:
        """Replace a posted message in place."""
        ...

    def delete(self, message: MessageRef) -> None:
        """Delete a posted message; one that is gone already is no error."""
        ...


class Cover:
    """Takes away what messages say, as fast as the platform lets it.

    A case's card is written over, since colleagues answer below it; lines and digests are deleted.
    Slack limits each of the two by itself, so that where one has to rest, the other goes on: a card
    that is deleted stands there anew once the channel is opened. Nobody waits here for long; what
    is left is done at the next look, until nothing is.
    """

    def __init__(self, store: Store, workspace: Changes, platform: Platform) -> None:
        self._store = store
        self._workspace = workspace
        self._payload = RENDERERS[platform](notice(WITHDRAWN))

    def cover(self, channel: Channel) -> None:
        """Everything in one channel, the newest first."""
        place = Address(channel.platform, channel.tenant, channel.channel)
        resting: set[Deed] = set()
        both = (self._write_over, self._delete)
        for shown in closed_channels.shown_messages(self._store, channel.id):
            deeds = both if shown.is_card else both[::-1]
            message = MessageRef(place, shown.message)
            if not self._cover(shown, message, deeds, resting) or len(resting) == len(both):
                return

    def _cover(
        self, shown: Shown, message: MessageRef, deeds: tuple[Deed, ...], resting: set[Deed]
    ) -> bool:
        """Try one way and then the other; False where the platform cannot be reached at all."""
        refused = 0
        for deed in deeds:
            if deed in resting:
                continue
            try:
                became = deed(message)
            except DeliveryError as error:
                log.warning("message not covered", message=shown.id, reason=str(error))
                if error.throttled:
                    resting.add(deed)
                elif not error.permanent:
                    return False
                else:
                    refused += 1
            else:
                closed_channels.mark(self._store, shown, became)
                return True
        if refused == len(deeds):
            closed_channels.mark(self._store, shown, Became.REFUSED)
        return True

    def _write_over(self, message: MessageRef) -> Became:
        self._workspace.update(message, self._payload)
        return Became.COVERED

    def _delete(self, message: MessageRef) -> Became:
        self._workspace.delete(message)
        return Became.GONE
