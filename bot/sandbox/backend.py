"""Everything that the sandbox's pages need from the rest of the system, as one protocol.

The calls are plain and may block; the pages make them in threads. All texts are plain text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """Somebody to act as. ``channels`` are those of the schools where the person has a role."""

    user: str
    name: str
    roles: str
    """In words, such as "Adviser, Biology"."""
    channels: tuple[SandboxChannel, ...]
    direct: SandboxChannel | None = None
    """What Lantern tells this person alone."""

    def may_read(self, channel: str) -> SandboxChannel | None:
        """The channel of this id, where this person is in it."""
        mine = [*self.channels, *([self.direct] if self.direct else [])]
        return next((each for each in mine if each.channel == channel), None)


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One thing that Lantern sent or will send, newest first in a list.

    ``about`` says in a few words what it is. Only a mail has ``to``, ``subject`` and ``body``.
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


@dataclass(frozen=True, slots=True)
class StudentAnswer:
    """What the student wrote back."""

    text: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class StudentMail:
    """A mail in a student's inbox. ``message`` is what an answer refers to."""

    message: str
    sender: str
    subject: str
    body: str
    at: dt.datetime
    answers: tuple[StudentAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class StudentMailbox:
    """A student who has mail, newest first."""

    student: str
    name: str
    mails: tuple[StudentMail, ...]


class Backend(Protocol):
    """The system behind the sandbox."""

    @property
    def workspace(self) -> SandboxWorkspace:
        """The messages of all channels."""
        ...

    @property
    def zone(self) -> dt.tzinfo:
        """The institution's time zone, in which every time is shown."""
        ...

    def today(self) -> dt.date:
        """The sandbox's own day."""
        ...

    def people(self) -> Sequence[SandboxPerson]:
        """Everybody whom one can act as, in the order of the list to choose from."""
        ...

    def handle(self, interaction: Interaction) -> Reply:
        """Do what a person asked: ``commands.Desk.handle``. May raise ``CaseworkError``."""
        ...

    def own_cards(self, user: str, channel: str, messages: Sequence[int]) -> Mapping[int, Card]:
        """Message → its card as this person alone may use it, for cards of cases they may see."""
        ...

    def heard(self, user: str, channel: str, thread: str, message: str, text: str) -> None:
        """Somebody said something in a thread: under a case's card it is context."""
        ...

    def outbox(self, user: str) -> Sequence[OutboxEntry]:
        """What was sent lately and what is about to be, newest first."""
        ...

    def student_mail(self, user: str) -> Sequence[StudentMailbox]:
        """The students who have mail."""
        ...

    def audit(self, before: int | None) -> Sequence[AuditLine]:
        """The newest rows of the audit, or those before a row."""
        ...

    def audit_trouble(self) -> str:
        """Where the audit's chain does not hold; '' where it holds."""
        ...

    @property
    def can_forward(self) -> bool:
        """Whether the clock is the sandbox's own, and can be moved."""
        ...

    def forward(self) -> None:
        """Go on to the next school morning."""
        ...

    def lesson(self) -> LessonView | None:
        """How far the lesson has come; None where there is none."""
        ...

    def begin_lesson(self, user: str) -> None:
        """This person learns from now on."""
        ...

    def finish_lesson(self) -> None:
        """Record the learner's training, once every step is done."""
        ...

    def answer(self, message: str, text: str, key: str) -> None:
        """Answer a mail as the student, once for a key. ``LookupError``: there is no such mail."""
        ...
