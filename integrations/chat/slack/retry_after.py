"""What Slack asked to be left alone, so that no 429 is answered by another request.

Slack limits each method in each workspace; posting it limits in each channel, and beyond some
hundred messages a minute in the whole workspace (docs.slack.dev/apis/web-api/rate-limits). Whose
second channel is refused while the first one rests has met the latter.
"""

from __future__ import annotations

import datetime as dt
import threading

from integrations.chat.rate_limit import LONGEST_NAP, Now, Sleep
from integrations.chat.slack.errors import SlackError
from store.rules.calendar import believed

POST = "chat.postMessage"
Name = tuple[str, str, str]
"""Workspace, method, and a channel or ''."""


class Pauses:
    """For all threads of this process."""

    def __init__(self, now: Now, sleep: Sleep) -> None:
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._until: dict[Name, dt.datetime] = {}

    def keep(self, team: str, method: str, channel: str) -> None:
        """Wait until this may be asked.

        Raises:
            SlackError: with ``retry_after``, where the wait is longer than a nap.
        """
        while (wait := self._wait((team, method, ""), (team, method, channel))) > dt.timedelta():
            if wait > LONGEST_NAP:
                raise SlackError("ratelimited", retry_after=wait)
            self._sleep(wait.total_seconds())

    def begin(self, team: str, method: str, channel: str, wait: dt.timedelta) -> None:
        """Slack asked for a pause of so long."""
        with self._lock:
            now = self._now()
            self._until = {name: until for name, until in self._until.items() if until > now}
            others = [name for name in self._until if name[:2] == (team, method)]
            is_everywhere = method != POST or any(name[2] != channel for name in others)
            name = (team, method, "" if is_everywhere else channel)
            self._until[name] = max(now + wait, self._until.get(name, now))

    def _wait(self, *names: Name) -> dt.timedelta:
        with self._lock:
            now = self._now()
            return max(believed(self._until.get(name, now), now) for name in names) - now
