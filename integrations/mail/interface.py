"""What Lantern asks of a mail service: draft once, send that draft, and read the answers.

The steps are apart on purpose. A draft carries the outreach's own key, so that after a crash it
is found again instead of made again; only a draft that the store has recorded is ever sent. The
folder mailer and Microsoft Graph answer the same protocol.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from integrations.mail.html import as_html, as_text, without_addresses
from integrations.service_error import ServiceError
from store.rules.model import AnswerKind


@dataclass(frozen=True, slots=True)
class Mail:
    """One approved message. ``key`` is the outreach's own and the same at every attempt."""

    key: str
    mailbox: str
    """The school's shared mailbox: sender, and where the answers arrive."""
    sender_name: str
    recipient: str
    subject: str
    body: str
    """Plain text; the mailer makes the alternatives that it can."""
    language: str = "en"
    """A tag; what a screen reader reads the email in."""
    calendar: str = ""
    """An entry for the calendar that goes with it; '' for none."""
    answers: tuple[str, ...] = ()
    """The ids of the messages that it follows, oldest first."""
    is_automatic: bool = False
    """Whether no person wrote it: it is marked so that no machine replies to it (RFC 3834)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as the mail service knows it. Answers are matched by ``message_id`` ('' where it is
    not known) and by ``conversation``."""

    ref: str
    conversation: str
    is_sent: bool
    recipients: tuple[str, ...] | None = None
    subject: str | None = None
    text: str | None = None
    """Its recipients and text; None where no one can change a draft."""
    is_with_file: bool = False
    """Whether something is attached. Of no meaning where no one can change a draft."""
    message_id: str = ""

    def is_still(self, mail: Mail) -> bool:
        """Say whether the draft is what was approved. Colleagues can reach the mailbox's drafts."""
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

    ``references`` are the messages that it answers, oldest first; ``key`` is the mark of our own
    email, where it came back with it; ``whole`` is the text with all that it quotes, where that is
    not the ``body`` anyway.
    """

    message: str
    conversation: str
    body: str
    received_at: dt.datetime
    kind: AnswerKind = AnswerKind.ANSWER
    sender: str = ""
    """The address that it says it comes from; '' where it says none."""
    references: tuple[str, ...] = ()
    key: str = ""
    whole: str = ""
    unread: str = ""
    """Why it cannot be read, as a sentence; then nothing is known but where it belongs."""


class MailError(ServiceError):
    """The mail service did not do it. The text holds no address and nothing of the message.

    ``permanent``: trying again will never help. ``waits``: it will, once a person has acted.
    ``unknown``: it may have happened, so the draft has to be looked at again before anything else
    is done. ``away``: the service cannot be reached or lets Lantern in nowhere, so this says
    nothing about the one message that was asked for.
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
        super().__init__(reason, waits=waits, retry_after=retry_after)
        self.permanent = permanent
        self.unknown = unknown
        self.away = away or retry_after is not None


class OutOfTurn(MailError):
    """It is not this email's turn yet, since others go first. Nothing was asked or refused."""

    def __init__(self, reason: str, wait: dt.timedelta) -> None:
        super().__init__(reason, retry_after=wait)


GoingOut = Callable[[], None]
"""Called right before each request that changes something, repetitions included. Where it raises,
the request is not made, and what it raised goes to the caller."""


def unnoted() -> None:
    """Do nothing, for a caller that does not record when sending begins."""


class Mailer(Protocol):
    """One mail service: create a draft once, send that draft, read replies."""

    def find(self, mailbox: str, key: str) -> Draft | None:
        """Return the draft or sent message that carries this key, if there is one."""
        ...

    def draft(self, mail: Mail, going_out: GoingOut = unnoted) -> Draft:
        """Write a new draft. The caller has looked for an older one."""
        ...

    def look(self, mailbox: str, ref: str) -> Draft:
        """Return this very draft as it is now: after an unknown answer, was it sent?"""
        ...

    def send(self, mailbox: str, ref: str, going_out: GoingOut = unnoted) -> None:
        """Send this draft. Sending one that was sent already does nothing."""
        ...

    def answers(self, mailbox: str) -> Iterable[Answer]:
        """Give the messages that have arrived, oldest first; the same message may come again.

        A caller that asks for the next one has dealt with the one before, which a mailer may then
        forget. One that cannot be read keeps back none of the others, and says why in ``unread``.
        """
        ...

    def erase(self, mailbox: str, key: str) -> bool:
        """Delete the draft or message that carries this key; False where it was sent and a human
        has to delete it. One that is gone already is gone."""
        ...

    def erase_answer(self, mailbox: str, message: str) -> bool:
        """Delete a message that arrived; False where a human has to."""
        ...


@runtime_checkable
class ReadsAgain(Protocol):
    """A mailer that forgets what it gave out, and has to be asked for one message by its id."""

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
