"""The pauses that Slack asked for, so that a 429 is not followed by another request.

Slack limits each method in each workspace; posting it limits in each channel, and beyond some
hundred messages a minute in the whole workspace (docs.slack.dev/apis/web-api/rate-limits). If a
second channel is refused while a first one is paused, the workspace's limit was reached.
"""

from __future__ import annotations

import datetime as dt
import threading

from integrations.chat.slack.errors import SlackError
from integrations.rate_limit import LONGEST_NAP, NamedPauses, Now, Sleep, wait_for_turn

POST = "chat.postMessage"
BY_TRIGGER = frozenset({"views.open", "views.push"})
"""They open a window within three seconds of a click: a longer wait is useless."""
LONGEST_BY_TRIGGER = dt.timedelta(seconds=1)
Name = tuple[str, str, str]
"""Workspace, method, and a channel or ''."""


class Pauses:
    """The pauses of methods and channels, for all threads of this process."""

    def __init__(self, now: Now, sleep: Sleep) -> None:
        self._sleep = sleep
        self._lock = threading.Lock()
        self._pauses = NamedPauses[Name](now)

    def keep(self, team: str, method: str, channel: str) -> None:
        """Wait until this method may be called in this channel.

        Raises:
            SlackError: with ``retry_after``, where the wait is longer than ``LONGEST_NAP``, or than
                ``LONGEST_BY_TRIGGER`` for what opens a window.
        """
        wait_for_turn(
            lambda: self._pauses.remaining((team, method, ""), (team, method, channel)),
            self._sleep,
            lambda wait: SlackError("ratelimited", retry_after=wait),
            LONGEST_BY_TRIGGER if method in BY_TRIGGER else LONGEST_NAP,
        )

    def begin(self, team: str, method: str, channel: str, wait: dt.timedelta) -> None:
        """Begin a pause that Slack asked for."""
        with self._lock:
            others = [name for name in self._pauses.names() if name[:2] == (team, method)]
            is_everywhere = method != POST or any(name[2] != channel for name in others)
            self._pauses.begin((team, method, "" if is_everywhere else channel), wait)
