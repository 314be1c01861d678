"""Which messages stand in a channel already, so that none is posted twice.

``chat.postMessage`` knows no idempotency key. A message carries its own in its metadata instead,
and a channel is read where somebody began to post that very message before
(``store.delivery.post_intents``), and what was read is older than ``FRESH``. The outbox hands a
delivery that was cut off to somebody else after a longer time than that, so whoever posts it again
has read what stands there. Slack allows
some fifty reads a minute for all channels of a workspace together
(docs.slack.dev/reference/methods/conversations.history, tier 3).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from dataclasses import dataclass, field
from typing import Any

from integrations.chat.rate_limit import Now
from integrations.chat.slack.client import Client

EVENT = "lantern_message"
FRESH = dt.timedelta(seconds=45)
BACK = dt.timedelta(days=2)
"""How far a channel is read: nothing is tried for longer."""
PAGE = 200
MOST_PAGES = 10


@dataclass
class _Read:
    at: dt.datetime
    messages: dict[str, str] = field(default_factory=dict)


class Posted:
    """What this process knows of the messages of each channel or thread."""

    def __init__(self, client: Client, now: Now) -> None:
        self._client = client
        self._now = now
        self._lock = threading.Lock()
        self._read: dict[tuple[str, str | None], _Read] = {}

    def find(
        self, team: str, channel: str, thread: str | None, key: str, *, anew: bool = False
    ) -> str | None:
        """The message that was posted under this key; ``anew`` reads the channel in any case."""
        place = (channel, thread)
        with self._lock:
            known = self._read.get(place)
        if anew or known is None or self._now() - known.at > FRESH:
            known = self._look(team, channel, thread)
            with self._lock:
                self._read[place] = known
        return known.messages.get(mark(key))

    def remember(self, channel: str, thread: str | None, key: str, message: str) -> None:
        """Note a message that was just posted."""
        with self._lock:
            if known := self._read.get((channel, thread)):
                known.messages[mark(key)] = message

    def forget(self, channel: str, message: str) -> None:
        """Note that a message is gone, so that its key may be posted again."""
        with self._lock:
            for (place, _), read in self._read.items():
                if place == channel:
                    gone = [key for key, known in read.messages.items() if known == message]
                    for key in gone:
                        del read.messages[key]

    def _look(self, team: str, channel: str, thread: str | None) -> _Read:
        read = _Read(self._now())
        cursor = None
        for _ in range(MOST_PAGES):
            answer = self._client.read(
                team,
                "conversations.replies" if thread else "conversations.history",
                channel=channel,
                ts=thread,
                oldest=f"{(read.at - BACK).timestamp():.6f}",
                limit=PAGE,
                include_all_metadata="true",
                cursor=cursor,
            )
            for message in answer["messages"]:
                if found := _key(message):
                    read.messages.setdefault(found, message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return read


def metadata(key: str) -> dict[str, Any]:
    """What marks a message as the one of this key."""
    return {"event_type": EVENT, "event_payload": {"key": mark(key)}}


def mark(key: str) -> str:
    """A key, so that it says nothing."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _key(message: dict[str, Any]) -> str | None:
    found = message.get("metadata") or {}
    if found.get("event_type") != EVENT:
        return None
    return str(found["event_payload"].get("key"))
