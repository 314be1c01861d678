"""Watching who is in a school's channel: with an outsider there, no more cards go to it."""

from __future__ import annotations

from typing import Protocol

import structlog

from bot.posting.channel_privacy import Changes, Cover
from integrations.chat.interface import Address, DeliveryError
from store.db.unit_of_work import Store
from store.delivery import closed_channels
from store.queries.schools.staff import Channel, school_channels
from store.rules.model import Platform

GUEST = "outsider"
IN_A_MINUTE = 45
"""Channels that can be looked at, where Slack lets somebody ask some fifty times."""

log = structlog.get_logger(__name__)


class Watched(Changes, Protocol):
    """A workspace whose channels can be looked at."""

    def is_private(self, address: Address) -> bool:
        """Whether only members of the institution can read what is posted there."""
        ...


class Watch:
    """Closes channels; for listeners when the platform says so, for the worker every minute.

    No platform tells of everything: Teams not of everybody who joins a private channel, Slack not
    of a channel that is made public. Only looking finds it all.
    """

    def __init__(self, store: Store, workspace: Watched, platform: Platform) -> None:
        self._store = store
        self._workspace = workspace
        self._platform = platform
        self._cover = Cover(store, workspace, platform)

    def changed(self, tenant: str, channel_id: str) -> None:
        """Members changed: look at that channel, or at all where it is none of a school's."""
        ours = [each for each in self._channels() if each.tenant == tenant]
        named = [each for each in ours if each.channel == channel_id]
        for channel in named or ours:
            self.check(channel)

    def check_all(self) -> int:
        """Look at every channel; gives how many are closed from now on.

        Each look begins somewhere else: where a platform lets nobody look at all of them in a
        minute, each has its turn in one of the next.
        """
        channels = self._channels()
        minute = int(self._store.now().timestamp()) // 60
        first = minute * IN_A_MINUTE % len(channels) if channels else 0
        return sum(self.check(channel) for channel in (*channels[first:], *channels[:first]))

    def check(self, channel: Channel) -> bool:
        """Whether this channel had to be closed, and is from now on."""
        try:
            is_open = self._is_private(channel)
        except DeliveryError as error:
            log.warning("members not seen", channel=channel.id, reason=str(error))
            return False
        if is_open:
            return False
        is_new = closed_channels.close(self._store, channel, GUEST)
        self._cover.cover(channel)
        return is_new

    def uncovered(self) -> list[Channel]:
        """The closed channels in which something stands that is still to be covered."""
        with self._store.database.read() as connection:
            closed = closed_channels.closed_channels(connection)
        return [
            each
            for each in self._channels()
            if each.id in closed and closed_channels.shown_messages(self._store, each.id)
        ]

    def go_on(self) -> None:
        """Cover what is left, where a platform wanted a pause or a worker died."""
        for channel in self.uncovered():
            self._cover.cover(channel)

    def reopen(self, channel: Channel, actor: str) -> bool:
        """Open a channel again if nobody from outside is in it; gives whether it is open."""
        if not self._is_private(channel):
            return False
        closed_channels.reopen(self._store, channel.id, actor)
        return True

    def _is_private(self, channel: Channel) -> bool:
        return self._workspace.is_private(_address(channel))

    def _channels(self) -> list[Channel]:
        with self._store.database.read() as connection:
            found = school_channels(connection)
        return [each for each in found if each.platform is self._platform]


def _address(channel: Channel) -> Address:
    return Address(channel.platform, channel.tenant, channel.channel)
