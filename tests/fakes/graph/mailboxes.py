"""The fake's mailboxes: messages and submissions."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

DRAFTS, SENT, INBOX = "drafts", "sentitems", "inbox"


@dataclass
class Message:
    """A message. Filters find it after ``hidden_until``, and it looks sent after ``settles_at``."""

    id: str
    mailbox: str
    conversation: str
    created: dt.datetime
    content: dict[str, Any]
    properties: dict[str, str]
    folder: str = DRAFTS
    hidden_until: dt.datetime | None = None
    settles_at: dt.datetime | None = None
    internet_id: str = ""
    """Its ``Message-ID``, which Exchange also gives to a draft."""
    in_limbo: bool = False
    """While it settles it is in no folder at all; otherwise it still looks like a draft."""


@dataclass(frozen=True)
class Submission:
    """A message that was sent, as the student has it."""

    mailbox: str
    key: str
    recipients: list[str]
    subject: str
    content: str
    at: str


@dataclass
class Mailboxes:
    """All stored messages. The caller holds the fake's lock."""

    now: Callable[[], dt.datetime]
    chance: random.Random
    longest_lag: float = 40.0
    """Seconds until a change is visible everywhere, at most; drawn for each message."""
    answered: float = 0
    """The share of emails that the student answers at once."""
    messages: dict[str, Message] = field(default_factory=dict)
    inbox: dict[str, list[str]] = field(default_factory=dict)
    """Mailbox → ids in the order of arrival."""
    left: list[Submission] = field(default_factory=list)

    def add_draft(
        self, mailbox: str, content: dict[str, Any], properties: dict[str, str]
    ) -> Message:
        """Create a new draft, also if the same one was requested before."""
        number = len(self.messages) + 1
        message = Message(
            id=f"AAkALg{number:06d}=",
            mailbox=mailbox,
            conversation=f"conversation-{number}",
            created=self.now(),
            content=content,
            properties=properties,
            hidden_until=self.now() + self._lag(),
            internet_id=f"<{number}.{mailbox.partition('@')[0]}@exchange.example>",
        )
        self.messages[message.id] = message
        return message

    def submit(self, message: Message) -> None:
        """Send a message. One that was already sent is sent again: Graph does not exclude it."""
        to = [each["emailAddress"]["address"] for each in message.content["toRecipients"]]
        self.left.append(
            Submission(
                mailbox=message.mailbox,
                key=next(iter(message.properties.values()), ""),
                recipients=to,
                subject=message.content["subject"],
                content=message.content["body"]["content"],
                at=self.now().isoformat(),
            )
        )
        message.settles_at = self.now() + self._lag()
        message.in_limbo = self.chance.random() < 0.5
        if self.chance.random() < self.answered:
            self.deliver(message.mailbox, message.conversation, "Thank you.")

    def deliver(
        self,
        mailbox: str,
        conversation: str,
        text: str,
        *,
        message_class: str = "IPM.Note",
        headers: dict[str, str] | None = None,
        received: dt.datetime | None = None,
        sender: str = "",
    ) -> str:
        """Put a message into the inbox, and return its id."""
        message = self.add_draft(mailbox, {}, {"String 0x1a": message_class})
        message.folder = INBOX
        message.conversation = conversation
        message.created = received or self.now()
        message.content = {
            **({"from": {"emailAddress": {"address": sender}}} if sender else {}),
            "body": {"contentType": "text", "content": f"{text}\r\n\r\n> the mail it answers"},
            "uniqueBody": {"contentType": "text", "content": f"{text}\r\n"},
            "internetMessageHeaders": [
                {"name": name, "value": value} for name, value in (headers or {}).items()
            ],
        }
        self.inbox.setdefault(mailbox, []).append(message.id)
        return message.id

    def move(self, id_: str, folder: str) -> None:
        """Move a message out of the inbox, as a rule or a colleague does; its id stays."""
        self.messages[id_].folder = folder

    def seen(self, mailbox: str, id_or_path: str) -> Message | None:
        """Return the message with this id, immutable or bound to its folder, if visible now."""
        id_, _, folder = id_or_path.partition("~")
        message = self.messages.get(id_)
        if message is None or message.mailbox != mailbox:
            return None
        self._settle(message)
        if folder and folder != message.folder:
            return None
        return None if message.settles_at and message.in_limbo else message

    def with_property(self, mailbox: str, name: str, value: str) -> list[Message]:
        """Return what a filter finds: case matters in the name, and not in the value."""
        return [
            message
            for message in list(self.messages.values())
            if message.properties.get(name, "\0").casefold() == value.casefold()
            and (message.hidden_until is None or message.hidden_until <= self.now())
            and self.seen(mailbox, message.id)
        ]

    def state(self) -> dict[str, Any]:
        """Return what a test counts at the end."""
        for message in self.messages.values():
            self._settle(message)
        drafts = [each for each in self.messages.values() if each.folder == DRAFTS]
        return {
            "left": [asdict(each) for each in self.left],
            "drafts": len(drafts),
            "answers": sum(map(len, self.inbox.values())),
        }

    def _settle(self, message: Message) -> None:
        if message.settles_at and message.settles_at <= self.now():
            message.folder, message.settles_at = SENT, None

    def _lag(self) -> dt.timedelta:
        return dt.timedelta(seconds=self.chance.uniform(0, self.longest_lag))
