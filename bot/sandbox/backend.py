"""The interface between the sandbox's pages and the rest of the system.

The calls are plain and may block; the pages make them in threads. All texts are plain text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.cards.kit.model import Card
from bot.interaction import Interaction, Reply
from bot.sandbox.lesson import LessonView
from integrations.chat.sandbox import SandboxWorkspace
from store.queries.audit import AuditLine
from store.rules.model import OutboxKind, OutboxState


@dataclass(frozen=True, slots=True)
class SandboxChannel:
    """A school's private channel: the platform's id, the short name, and the school's name."""

    channel: str
    name: str
    school: str
    silence: str = ""
    """A sentence on why no cards arrive in it; '' where they do."""


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """A person to act as. ``channels`` are those of the schools where the person has a role."""

    user: str
    name: str
    roles: str
    """In words, such as "Adviser, Biology"."""
    channels: tuple[SandboxChannel, ...]
    direct: SandboxChannel | None = None
    """The channel of Lantern's messages to this person alone."""
    sees: str = ""
    """What a person without a channel sees instead, in a sentence; '' for nothing."""

    def may_read(self, channel: str) -> SandboxChannel | None:
        """Return the channel with this id if this person is in it."""
        mine = [*self.channels, *([self.direct] if self.direct else [])]
        return next((each for each in mine if each.channel == channel), None)


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One thing that Lantern sent or will send, newest first in a list.

    ``about`` says in a few words what it is. Only an email has ``to``, ``subject`` and ``body``.
    """

    id: int
    kind: OutboxKind
    state: OutboxState
    at: dt.datetime
    about: str
    to: str = ""
    subject: str = ""
    body: str = ""
    trouble: str = ""


MAILS_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """The emails of one page, and the newest of everything else. ``page`` counts from 1."""

    entries: Sequence[OutboxEntry]
    page: int = 1
    has_older: bool = False
    """Whether there are older emails on the next page."""


@dataclass(frozen=True, slots=True)
class StudentAnswer:
    """A student's answer to an email."""

    text: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class StudentMail:
    """An email in a student's inbox. ``message`` is the id that an answer refers to."""

    message: str
    sender: str
    subject: str
    body: str
    at: dt.datetime
    answers: tuple[StudentAnswer, ...] = ()
    replies: tuple[StudentAnswer, ...] = ()
    """Automatic replies to the student."""


@dataclass(frozen=True, slots=True)
class StudentMailbox:
    """A student and their emails, newest first."""

    student: str
    name: str
    mails: tuple[StudentMail, ...]


class Backend(Protocol):
    """The interface that the sandbox's pages call; a test can replace it."""

    @property
    def workspace(self) -> SandboxWorkspace:
        """Return the sandbox's workspace, which holds the messages of all channels."""
        ...

    @property
    def zone(self) -> dt.tzinfo:
        """Return the institution's time zone, in which every time is shown."""
        ...

    def today(self) -> dt.date:
        """Return the sandbox's current day, by a clock that can be moved."""
        ...

    def looks(self) -> AbstractContextManager[None]:
        """Open a block in which all reads of one page see the same state.

        Only the record of the look is written in it.
        """
        ...

    def people(self) -> Sequence[SandboxPerson]:
        """List everyone you can act as, in the order of the menu."""
        ...

    def handle(self, interaction: Interaction) -> Reply:
        """Run a person's interaction, like ``commands.Dispatcher.handle``. May raise
        ``CaseworkError``.
        """
        ...

    def commands(self, user: str) -> Sequence[tuple[str, str, str]]:
        """List what a person may type: (name, what it is for, an example)."""
        ...

    def own_cards(self, user: str, channel: str, messages: Sequence[int]) -> Mapping[int, Card]:
        """Map each message to its card for this person, for cards of cases that they may see."""
        ...

    def heard(self, user: str, channel: str, thread: str, message: str, text: str) -> None:
        """Capture a thread reply; under a case's card it is context."""
        ...

    def outbox(self, user: str, page: int = 1) -> OutboxPage:
        """List what was sent lately and what waits to be sent, newest first."""
        ...

    def student_mail(self, user: str) -> Sequence[StudentMailbox]:
        """List the students who have emails."""
        ...

    def audit(self, before: int | None, about: str = "") -> Sequence[AuditLine]:
        """List the newest rows of the audit, or those before a row.

        ``about`` is a case's reference or a part of a colleague's name; '' for every row.
        """
        ...

    def audit_trouble(self) -> str:
        """Return a sentence on where the audit's chain is broken; '' where it is intact."""
        ...

    @property
    def can_forward(self) -> bool:
        """Return whether the sandbox has its own clock, which can be moved."""
        ...

    def forward(self) -> None:
        """Move the clock to the next school morning."""
        ...

    def lesson(self) -> LessonView | None:
        """Return the learner's progress; None where there is no lesson."""
        ...

    def begin_lesson(self, user: str) -> None:
        """Start the lesson for this person."""
        ...

    def finish_lesson(self) -> None:
        """Record the learner's training, once every step is done."""
        ...

    def answer(self, message: str, text: str, key: str) -> None:
        """Answer an email as the student, once for a key. ``LookupError``: no such email."""
        ...
