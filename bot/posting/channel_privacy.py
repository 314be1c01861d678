"""Close channels that people outside the institution can read, and withdraw messages there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import structlog

from bot.cards.kit.reply_cards import notice
from bot.platforms import RENDERERS
from integrations.chat.interface import Address, DeliveryError, MessageRef, Payload
from integrations.do_all import do_all
from integrations.error_summary import GOES_THROUGH
from integrations.fault_log import log_failure
from store.actions.schools.close_channel import close_channel, reopen_channel
from store.db.unit_of_work import Store
from store.delivery import closed_channels
from store.delivery.closed_channels import ChannelOutcome, ShownMessage
from store.queries.schools.staff import Channel, school_channels
from store.rules.model import Platform

WITHDRAWN = "This card is withdrawn, since people from outside the school are in this channel."

Deed = Callable[[MessageRef], ChannelOutcome]

log = structlog.get_logger(__name__)


class Changes(Protocol):
    """A workspace whose messages can be changed and deleted."""

    def update(self, message: MessageRef, payload: Payload) -> None:
        """Replace a posted message in place."""
        ...

    def delete(self, message: MessageRef) -> None:
        """Delete a posted message; one that is gone already is no error."""
        ...


class MessageWithdrawal:
    """Withdraws messages from a closed channel, as fast as the platform allows.

    A case's card is overwritten, since colleagues answer below it; lines and digests are deleted.
    Slack limits each of the two calls separately, so one continues while the other waits. A
    deleted card is posted again once the channel is opened. This never waits long; what is left
    is withdrawn at the next check.
    """

    def __init__(self, store: Store, workspace: Changes, platform: Platform) -> None:
        self._store = store
        self._workspace = workspace
        self._payload = RENDERERS[platform](notice(WITHDRAWN))

    def cover(self, channel: Channel) -> None:
        """Withdraw everything in one channel, newest first.

        An unexpected error with one message does not stop the withdrawal of the others.
        """
        place = Address(channel.platform, channel.tenant, channel.channel)
        resting: set[Deed] = set()
        both = (self._write_over, self._delete)
        failed: Exception | None = None
        for shown in closed_channels.shown_messages(self._store, channel.id):
            deeds = both if shown.is_card else both[::-1]
            message = MessageRef(place, shown.message)
            try:
                goes_on = self._cover(shown, message, deeds, resting)
            except GOES_THROUGH:
                raise
            except Exception as error:  # noqa: BLE001 -- raised below, when the others are withdrawn
                failed = failed or error
                continue
            if not goes_on or len(resting) == len(both):
                return
        if failed is not None:
            raise failed

    def _cover(
        self, shown: ShownMessage, message: MessageRef, deeds: tuple[Deed, ...], resting: set[Deed]
    ) -> bool:
        """Try one call and then the other; False where the platform is unavailable."""
        refused = 0
        for deed in deeds:
            if deed in resting:
                continue
            try:
                became = deed(message)
            except DeliveryError as error:
                log_failure("message not covered", error, message=shown.id)
                if error.throttled:
                    resting.add(deed)
                elif not error.permanent:
                    return False
                else:
                    refused += 1
            else:
                closed_channels.mark_message(self._store, shown, became)
                return True
        if refused == len(deeds):
            closed_channels.mark_message(self._store, shown, ChannelOutcome.REFUSED)
        return True

    def _write_over(self, message: MessageRef) -> ChannelOutcome:
        self._workspace.update(message, self._payload)
        return ChannelOutcome.COVERED

    def _delete(self, message: MessageRef) -> ChannelOutcome:
        self._workspace.delete(message)
        return ChannelOutcome.GONE


GUEST = "outsider"
IN_A_MINUTE = 45
"""Channels to check in one minute; Slack allows about fifty such calls."""


class Watched(Changes, Protocol):
    """A workspace whose channels can be checked for outsiders."""

    def is_private(self, address: Address) -> bool:
        """Return whether only members of the institution can read what is posted there."""
        ...


class Watch:
    """Closes channels that outsiders can read; for listeners, and each minute for the worker.

    No platform reports every change: Teams not everyone who joins a private channel, Slack not a
    channel that is made public. Only the regular check finds all of them.
    """

    def __init__(self, store: Store, workspace: Watched, platform: Platform) -> None:
        self._store = store
        self._workspace = workspace
        self._platform = platform
        self._cover = MessageWithdrawal(store, workspace, platform)

    def changed(self, tenant: str, channel_id: str) -> None:
        """Check the channel whose members changed; all of the tenant where no school has this
        one."""
        ours = [each for each in self._channels() if each.tenant == tenant]
        named = [each for each in ours if each.channel == channel_id]
        do_all(named or ours, self._try)

    def check_all(self) -> int:
        """Check every channel; return how many were closed."""
        closed: list[bool] = []
        do_all(self.in_turn(), lambda channel: closed.append(self._try(channel)))
        return sum(closed)

    def in_turn(self) -> list[Channel]:
        """List every channel, in the order of this minute's check.

        Each check begins at another place: where a platform does not allow checking all channels in
        one minute, each is checked in one of the next.
        """
        channels = self._channels()
        minute = int(self._store.now().timestamp()) // 60
        first = minute * IN_A_MINUTE % len(channels) if channels else 0
        return [*channels[first:], *channels[:first]]

    def _try(self, channel: Channel) -> bool:
        try:
            return self.check(channel)
        except DeliveryError as error:
            log_failure("members not seen", error, channel=channel.id)
            return False

    def check(self, channel: Channel) -> bool:
        """Close this channel if outsiders can read it; return whether it was closed now.

        Raises:
            DeliveryError: the platform does not say who is in it.
        """
        if self._is_private(channel):
            return False
        is_new = close_channel(self._store, channel, GUEST)
        self._cover.cover(channel)
        return is_new

    def uncovered(self) -> list[Channel]:
        """List the closed channels that still have messages to withdraw."""
        with self._store.database.read() as connection:
            closed = closed_channels.closed_channels(connection)
        return [
            each
            for each in self._channels()
            if each.id in closed and closed_channels.shown_messages(self._store, each.id)
        ]

    def withdraw(self, channel: Channel) -> None:
        """Withdraw the messages that are left in a closed channel after a rate limit or a
        restart."""
        self._cover.cover(channel)

    def reopen(self, channel: Channel, actor: str) -> bool:
        """Open a channel again if no outsider is in it; return whether it is open."""
        if not self._is_private(channel):
            return False
        reopen_channel(self._store, channel.id, actor)
        return True

    def _is_private(self, channel: Channel) -> bool:
        return self._workspace.is_private(_address(channel))

    def _channels(self) -> list[Channel]:
        with self._store.database.read() as connection:
            found = school_channels(connection)
        return [each for each in found if each.platform is self._platform]


def _address(channel: Channel) -> Address:
    return Address(channel.platform, channel.tenant, channel.channel)
