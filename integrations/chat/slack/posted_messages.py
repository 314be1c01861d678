"""Which messages stand in a channel already, so that none is posted twice.

``chat.postMessage`` knows no idempotency key. A message carries its own in its metadata instead,
and a channel is read where a worker began to post that very message before
(``store.delivery.post_intents``), from that moment on, and what was read is older than ``FRESH``.
The outbox hands a delivery that was cut off to another worker after a longer time than that, so
the worker that posts it again has read what stands there.

Slack allows an institution's own app some fifty reads a minute for all channels of a workspace
together (docs.slack.dev/reference/methods/conversations.history, tier 3), and one that is
distributed commercially outside its Marketplace a single one, of fifteen messages. What could not
be read to its end is read on from there at the next try.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from dataclasses import dataclass, field, replace
from typing import Any

from integrations.chat.rate_limit import Now
from integrations.chat.slack.client import Client
from integrations.chat.slack.errors import SlackError

EVENT = "lantern_message"
FRESH = dt.timedelta(seconds=45)
BACK = dt.timedelta(days=90)
"""How long it is known that a worker began. A card waits for the repair of its channel for as long
as that takes; after two days, which this was once, such a card was posted twice."""
SKEW = dt.timedelta(minutes=2)
"""How far the clocks of Slack and of Lantern's machines may differ."""
PAGE = 200
MOST_PAGES = 10


@dataclass
class _Read:
    """What was read, the newest page at ``at``, back to ``since``; ``cursor`` is the next page."""

    at: dt.datetime
    since: dt.datetime
    messages: dict[str, str] = field(default_factory=dict)
    cursor: str | None = None
    is_whole: bool = False


class Posted:
    """What this process knows of the messages of each channel or thread."""

    def __init__(self, client: Client, now: Now) -> None:
        self._client = client
        self._now = now
        self._lock = threading.Lock()
        self._read: dict[tuple[str, str | None], _Read] = {}
        self._unfinished: dict[tuple[str, str | None], _Read] = {}

    def find(
        self,
        team: str,
        channel: str,
        thread: str | None,
        key: str,
        since: dt.datetime,
        *,
        anew: bool = False,
    ) -> str | None:
        """Return the message that was posted under this key ``since`` then; ``anew`` reads in
        any case."""
        place, since = (channel, thread), since - SKEW
        with self._lock:
            known = self._read.get(place)
        is_old = known is None or self._now() - known.at > FRESH or known.since > since
        if anew or is_old or known is None:
            known = self._look(team, channel, thread, since)
            with self._lock:
                self._read[place] = known
        return known.messages.get(message_key(key))

    def remember(self, channel: str, thread: str | None, key: str, message: str) -> None:
        """Note a message that was just posted."""
        with self._lock:
            if known := self._read.get((channel, thread)):
                known.messages[message_key(key)] = message

    def forget(self, channel: str, message: str) -> None:
        """Note that a message is gone, so that its key may be posted again."""
        with self._lock:
            for (place, _), read in self._read.items():
                if place == channel:
                    gone = [key for key, known in read.messages.items() if known == message]
                    for key in gone:
                        del read.messages[key]

    def _look(self, team: str, channel: str, thread: str | None, since: dt.datetime) -> _Read:
        """All since then. Raises ``SlackError`` where it could not be read to its end yet."""
        with self._lock:
            read = self._unfinished.pop((channel, thread), None)
        if read is None or read.since > since:
            read = _Read(self._now(), since)
        self._read_on(team, channel, thread, read)
        while self._now() - read.at > FRESH:
            # It took several tries, and another worker may have posted meanwhile.
            newer = _Read(self._now(), read.at, read.messages)
            self._read_on(team, channel, thread, newer, before=read)
            read = replace(newer, since=read.since)
        return read

    def _read_on(
        self,
        team: str,
        channel: str,
        thread: str | None,
        read: _Read,
        before: _Read | None = None,
    ) -> None:
        """Read its pages. What was read so far is kept for the next try: of a second time round
        all that came ``before``."""
        pages = 0
        while not read.is_whole and pages < MOST_PAGES:
            try:
                answer = self._page(team, channel, thread, read)
            except SlackError:
                with self._lock:
                    self._unfinished[channel, thread] = before or read
                raise
            pages += 1
            for message in answer["messages"]:
                if found := _key(message):
                    read.messages.setdefault(found, message["ts"])
            read.cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            read.is_whole = not read.cursor
        read.is_whole = True

    def _page(self, team: str, channel: str, thread: str | None, read: _Read) -> dict[str, Any]:
        return self._client.read(
            team,
            "conversations.replies" if thread else "conversations.history",
            channel=channel,
            ts=thread,
            oldest=f"{read.since.timestamp():.6f}",
            limit=PAGE,
            include_all_metadata="true",
            cursor=read.cursor,
        )


def metadata(key: str) -> dict[str, Any]:
    """Say what marks a message as the one of this key."""
    return {"event_type": EVENT, "event_payload": {"key": message_key(key)}}


def message_key(key: str) -> str:
    """Return a key, so that it says nothing."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _key(message: dict[str, Any]) -> str | None:
    found = message.get("metadata") or {}
    if found.get("event_type") != EVENT:
        return None
    return str(found["event_payload"].get("key"))
