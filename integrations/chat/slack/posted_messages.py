"""Find messages that a channel has already, so that none is posted twice.

``chat.postMessage`` has no idempotency key. Instead a message carries its key in its metadata. If a
worker began to post that message before (``store.delivery.post_intents``), the channel is read from
that moment on, unless it was read less than ``FRESH`` ago. The outbox passes an interrupted
delivery to another worker only after a longer time, so that worker has read the channel.

Slack allows an institution's own app some fifty reads a minute for all channels of a workspace
together (docs.slack.dev/reference/methods/conversations.history, tier 3), and one that is
distributed commercially outside its Marketplace a single one, of fifteen messages. A channel that
could not be read to the end is read on from there at the next try.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from dataclasses import dataclass, field, replace
from typing import Any

from integrations.chat.slack.client import Client
from integrations.chat.slack.errors import CURSOR_LOST, SlackError
from integrations.rate_limit import Now

EVENT = "lantern_message"
FRESH = dt.timedelta(seconds=45)
BACK = dt.timedelta(days=90)
"""How long intents to post are kept. A card may wait long for the repair of its channel: when this
was two days, such a card was posted twice."""
SKEW = dt.timedelta(minutes=2)
"""How far the clocks of Slack and of Lantern's machines may differ."""
PAGE = 200
MOST_PAGES = 10


@dataclass
class _Read:
    """The messages read so far: at ``at``, back to ``since``; ``cursor`` is the next page."""

    at: dt.datetime
    since: dt.datetime
    messages: dict[str, str] = field(default_factory=dict)
    cursor: str | None = None
    is_whole: bool = False


class Posted:
    """The messages of each channel or thread that this process has read."""

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
        """Return the message posted with this key ``since`` then, or None.

        ``anew`` reads the channel even if it was read recently.
        """
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
        """Record a message that was just posted."""
        with self._lock:
            if known := self._read.get((channel, thread)):
                known.messages[message_key(key)] = message

    def forget(self, channel: str, message: str) -> None:
        """Record that a message is gone, so that its key may be posted again."""
        with self._lock:
            for (place, _), read in self._read.items():
                if place == channel:
                    gone = [key for key, known in read.messages.items() if known == message]
                    for key in gone:
                        del read.messages[key]

    def _look(self, team: str, channel: str, thread: str | None, since: dt.datetime) -> _Read:
        """Read all messages since then. Raises ``SlackError`` if the end is not reached yet."""
        with self._lock:
            read = self._unfinished.pop((channel, thread), None)
        if read is None or read.since > since:
            read = _Read(self._now(), since)
        self._read_on(team, channel, thread, read)
        while self._now() - read.at > FRESH:
            # Reading took several tries, and another worker may have posted meanwhile.
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
        """Read the channel's pages, keeping those read so far for the next try."""
        pages = 0
        while not read.is_whole and pages < MOST_PAGES:
            try:
                answer = self._page(team, channel, thread, read)
            except SlackError as error:
                if error.code != CURSOR_LOST:
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
    """Return the message metadata that holds this key."""
    return {"event_type": EVENT, "event_payload": {"key": message_key(key)}}


def message_key(key: str) -> str:
    """Hash a key, so that it reveals nothing."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _key(message: dict[str, Any]) -> str | None:
    found = message.get("metadata") or {}
    if found.get("event_type") != EVENT:
        return None
    return str(found["event_payload"].get("key"))
