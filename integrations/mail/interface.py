"""The interface to email services: create a draft once, send that draft, read the answers.

The steps are separate on purpose. A draft carries the outreach's own key, so that after a crash it
is found again instead of created twice; only a draft that the store has recorded is ever sent. All
mailers have the same interface.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from integrations.mail.html import as_html, as_text, without_addresses
from integrations.service_error import ServiceError
from store.rules.model import AnswerKind

SETTLES_WITHIN = dt.timedelta(minutes=1)
"""How long after a lost response the mail service shows what it did: a draft under its key, a sent
message in the sent folder. After a crash the lease is the wait, which is longer."""


@dataclass(frozen=True, slots=True)
class Mail:
    """An approved email. ``key`` is the outreach's own, and the same at every attempt."""

    key: str
    mailbox: str
    """The school's shared mailbox: sender, and where the answers arrive."""
    sender_name: str
    recipient: str
    subject: str
    body: str
    """Plain text; the mailer adds the alternatives that it supports."""
    language: str = "en"
    """A language tag, for screen readers."""
    calendar: str = ""
    """A calendar entry to attach; '' for none."""
    answers: tuple[str, ...] = ()
    """The Message-IDs of its thread, oldest first."""
    is_automatic: bool = False
    """Whether no person wrote it: it is marked so that no machine replies to it (RFC 3834)."""
    reply_to: tuple[str, ...] = ()
    """Where an answer goes; () for the mailbox."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft at the mail service.

    Answers are matched by ``message_id`` ('' where unknown) and by ``conversation``.
    """

    ref: str
    conversation: str
    is_sent: bool
    recipients: tuple[str, ...] | None = None
    subject: str | None = None
    text: str | None = None
    """Its recipients and text; None where no one can change a draft."""
    is_with_file: bool = False
    """Whether it has an attachment. Irrelevant where no one can change a draft."""
    message_id: str = ""

    def went_to(self, recipient: str) -> bool:
        """Return whether this address is among its recipients, where they can be changed at all."""
        if self.recipients is None:
            return True
        return recipient.casefold() in (each.casefold() for each in self.recipients)

    def is_still(self, mail: Mail) -> bool:
        """Return whether the draft is still as approved: colleagues can edit it in the mailbox."""
        if self.recipients is None or self.subject is None or self.text is None:
            return True
        text = as_text(as_html(mail.subject, mail.body))
        return (
            [each.casefold() for each in self.recipients] == [mail.recipient.casefold()]
            and self.subject.split() == mail.subject.split()
            and without_addresses(self.text, mail.body).split() == text.split()
            and self.is_with_file == bool(mail.calendar)
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A message that arrived in the mailbox. ``message`` is unique for ever.

    ``references`` are the Message-IDs that it answers, oldest first; ``key`` is the key of our own
    email, if it came back with the message; ``whole`` is the text with everything it quotes, if
    that differs from ``body``.
    """

    message: str
    conversation: str
    body: str
    received_at: dt.datetime
    kind: AnswerKind = AnswerKind.ANSWER
    sender: str = ""
    """The address in ``From``; '' for none."""
    references: tuple[str, ...] = ()
    key: str = ""
    whole: str = ""
    subject: str = ""
    is_unproven: bool = False
    """Whether the mail server found that the sender in ``From`` did not send it."""
    unread: str = ""
    """Why it cannot be read, as a sentence; then only its marks are known."""


class MailError(ServiceError):
    """The mail service failed or refused a request. The text has no address or content.

    ``permanent``: a retry will never succeed. ``waits``: it will, once a person has acted.
    ``unknown``: the request may have succeeded, so the draft has to be checked before anything
    else. ``away``: the service cannot be reached or refuses every sign-in, so the error is not
    about the requested message.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        waits: bool = False,
        unknown: bool = False,
        away: bool = False,
        retry_after: dt.timedelta | None = None,
    ) -> None:
        is_away = away or retry_after is not None
        super().__init__(reason, waits=waits, away=is_away, retry_after=retry_after)
        self.permanent = permanent
        self.unknown = unknown


class OutOfTurn(MailError):
    """It is not this email's turn yet: others go first. No request was made."""

    def __init__(self, reason: str, wait: dt.timedelta) -> None:
        super().__init__(reason, retry_after=wait)


GoingOut = Callable[[], None]
"""Called right before each changing request, retries included. If it raises, the request is not
made, and the error reaches the caller."""


def unnoted() -> None:
    """Do nothing, for a caller that does not record when sending begins."""


class Mailer(Protocol):
    """One mail service: create a draft once, send that draft, read replies."""

    def find(self, mailbox: str, key: str) -> Draft | None:
        """Return the draft or sent message that carries this key, if there is one."""
        ...

    def draft(self, mail: Mail, going_out: GoingOut = unnoted) -> Draft:
        """Write a new draft. The caller has to check for an older one first."""
        ...

    def look(self, mailbox: str, ref: str) -> Draft:
        """Return this draft as it is now, to find out whether it was sent after a lost response."""
        ...

    def send(self, mailbox: str, ref: str, going_out: GoingOut = unnoted) -> None:
        """Send this draft. Sending one that was sent already does nothing."""
        ...

    def answers(self, mailbox: str) -> Iterable[Answer]:
        """Yield the messages that have arrived, oldest first; the same message may come again.

        When the caller asks for the next message, the mailer may forget the previous one. An
        unreadable message does not stop the others; it has the reason in ``unread``.
        """
        ...

    def erase(self, mailbox: str, key: str) -> bool:
        """Delete the draft or message with this key; False where a person has to delete it.

        A message that is gone already counts as deleted.
        """
        ...

    def erase_answer(self, mailbox: str, message: str) -> bool:
        """Delete a message that arrived; False where a person has to."""
        ...


@runtime_checkable
class ReadsAgain(Protocol):
    """A mailer that can read a single message again by its id."""

    def read_again(self, mailbox: str, message: str) -> Answer | None:
        """Return this message; None where it is no longer there.

        Raises ``MailError`` where it still cannot be read.
        """
        ...


@runtime_checkable
class Closes(Protocol):
    """A mailer that holds connections and has to be closed."""

    def close(self) -> None:
        """Close the connections to the mail service."""
        ...
