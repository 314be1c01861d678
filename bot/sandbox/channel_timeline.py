"""Arrange a channel's messages for the page: by day, with authors' names and threads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.sandbox.forms import completed
from integrations.chat.sandbox import LANTERN, Message

AVATAR_COLOURS = 6
SUMMARY_LENGTH = 120


@dataclass(frozen=True, slots=True)
class TimelineMessage:
    """One message. It has ``html`` (a card), ``text`` (a person's words) or, deleted, neither."""

    id: int
    revision: str
    """Changes whenever the message would look different, also for another person."""
    author: str
    initials: str
    colour: int
    """The avatar's colour number, or 0 for Lantern itself."""
    at: dt.datetime
    """In the institution's time zone."""
    edited: bool
    summary: str
    html: Markup | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A message and its replies. ``day`` is set where a new day begins."""

    root: TimelineMessage
    replies: tuple[TimelineMessage, ...]
    day: str | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Arranges messages into conversations. ``names`` are people's, by user id; ``reader`` is the
    user whose page it is."""

    reader: str
    names: Mapping[str, str]
    zone: dt.tzinfo
    today: dt.date

    def conversations(self, messages: Sequence[Message]) -> list[Conversation]:
        """Group messages into conversations, oldest first, in their order."""
        replies: dict[int, list[TimelineMessage]] = {}
        for message in messages:
            if message.thread is not None:
                replies.setdefault(message.thread, []).append(self._entry(message))
        made: list[Conversation] = []
        last_day = None
        for message in messages:
            if message.thread is None:
                root = self._entry(message)
                day = root.at.date()
                label = self.day(day) if day != last_day else None
                made.append(Conversation(root, tuple(replies.get(root.id, ())), label))
                last_day = day
        return made

    def day(self, day: dt.date) -> str:
        """Name a day as seen from today: "Yesterday", "Monday 6 October 2025"."""
        near = {0: "Today", 1: "Yesterday"}.get((self.today - day).days)
        return near or f"{day:%A} {day.day} {day:%B %Y}"

    def _entry(self, message: Message) -> TimelineMessage:
        name = self.names.get(message.author, "Former colleague")
        is_lantern = message.author == LANTERN
        html, text = message.payload.get("html"), message.payload.get("text")
        return TimelineMessage(
            id=message.id,
            revision=f"{message.revision}{message.payload.get('seen', '')}",
            author="Lantern" if is_lantern else name,
            initials="" if is_lantern else initials(name),
            colour=0 if is_lantern else 1 + sum(message.author.encode()) % AVATAR_COLOURS,
            at=message.posted_at.astimezone(self.zone),
            edited=html is None and message.changed_at > message.posted_at,
            summary=str(message.payload.get("summary") or text or "")[:SUMMARY_LENGTH],
            html=None if html is None else completed(html, message.channel, self.reader),
            text=text,
        )


def initials(name: str) -> str:
    """Return a name's initials: AA for "Alice Ahmed"; the first and the last word count."""
    words = name.split()
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))
