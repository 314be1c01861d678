"""How many messages each person has not seen yet, for the marks beside the channels.

It is kept in this process: after a restart everything counts as unread until its channel is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.sandbox.backend import SandboxPerson
from integrations.chat.sandbox import Message, SandboxWorkspace


class SeenMessages:
    """Remembers the newest message that each person has seen in each channel."""

    def __init__(self, workspace: SandboxWorkspace) -> None:
        self._workspace = workspace
        self._seen: dict[tuple[str, str], int] = {}

    def have_seen(self, user: str, channel: str, messages: Sequence[Message]) -> None:
        """Note that a person's page shows these messages."""
        newest = max((each.id for each in messages), default=0)
        place = user, channel
        self._seen[place] = max(self._seen.get(place, 0), newest)

    def counts(self, person: SandboxPerson | None) -> Mapping[str, int]:
        """Map each of the person's channels with unread messages to their number."""
        if person is None:
            return {}
        channels = [*person.channels, *([person.direct] if person.direct else [])]
        since = {each.channel: self._seen.get((person.user, each.channel), 0) for each in channels}
        return self._workspace.unread(since, person.user)
