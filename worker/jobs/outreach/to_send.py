"""What the worker may send: an approved email, an automatic reply, one about data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from integrations.mail.ics import calendar_entry
from integrations.mail.interface import Draft, Mail
from store.actions.outreach import automatic_reply as replying
from store.actions.outreach import record_sending
from store.actions.outreach import send as sending
from store.actions.outreach.send import ApprovedMail
from store.actions.privacy import data_letters as telling
from store.db.unit_of_work import Store
from store.delivery.claims import OutboxRow
from store.letters.phrases import SAYINGS
from store.rules.cases.case import Outreach
from store.rules.model import OutboxKind


class ToSend(Protocol):
    """One email of the outbox: its mailbox, its last check, and how its result is recorded."""

    @property
    def mailbox(self) -> str:
        """Return the mailbox that the email is sent from."""
        ...

    def check(self, store: Store, row: OutboxRow) -> Mail | None:
        """Repeat every check; None where it must not be sent now."""
        ...

    def record_sent(
        self, store: Store, row: OutboxRow, conversation: str, message_id: str = ""
    ) -> None:
        """Record that the mail service has accepted the email."""
        ...

    def record_refused(self, store: Store, row: OutboxRow, trouble: str) -> None:
        """Record that the mail service will never take the email."""
        ...

    def record_unknown(self, store: Store, row: OutboxRow, trouble: str) -> None:
        """Record that it is unknown whether the email was sent."""
        ...

    def record_found_unsent(self, store: Store, row: OutboxRow, reason: str) -> None:
        """Record that an email whose result was unknown was not sent."""
        ...

    def went_to_student(self, draft: Draft) -> bool:
        """Return whether what was sent from the mailbox went to the student."""
        ...

    def is_still(self, draft: Draft, row: OutboxRow, now: dt.datetime) -> bool:
        """Return whether a draft in the mailbox is unchanged since Lantern wrote it."""
        ...


def to_send(store: Store, row: OutboxRow) -> ToSend:
    """Return the email that an outbox row asks to send."""
    if row.kind is OutboxKind.AUTOMATIC_REPLY:
        return _Reply(replying.mailbox_of(store, row))
    if row.kind is OutboxKind.DATA_LETTER:
        return _DataLetter(telling.mailbox_of(store, row))
    return _Approved(sending.mail_of(store, row))


@dataclass(frozen=True, slots=True)
class _Approved:
    """An email that a named person read and approved."""

    outreach: Outreach

    @property
    def mailbox(self) -> str:
        return self.outreach.sender

    def check(self, store: Store, row: OutboxRow) -> Mail | None:
        approved = sending.check_before_sending(store, row)
        return _as_mail(row, approved, store.now()) if approved else None

    def record_sent(
        self, store: Store, row: OutboxRow, conversation: str, message_id: str = ""
    ) -> None:
        record_sending.record_sent(store, row, self.outreach, conversation, message_id)

    def record_refused(self, store: Store, row: OutboxRow, trouble: str) -> None:
        record_sending.record_refused(store, row, self.outreach, trouble)

    def record_unknown(self, store: Store, row: OutboxRow, trouble: str) -> None:
        record_sending.record_unknown(store, row, self.outreach, trouble)

    def record_found_unsent(self, store: Store, row: OutboxRow, reason: str) -> None:
        record_sending.record_found_unsent(store, row, self.outreach, reason)

    def went_to_student(self, draft: Draft) -> bool:
        return draft.went_to(self.outreach.recipient)

    def is_still(self, draft: Draft, row: OutboxRow, now: dt.datetime) -> bool:
        return draft.is_still(_as_mail(row, ApprovedMail(self.outreach, ""), now))


class _WithoutDraft:
    """An email that Lantern sends by itself; no colleague sees it as a draft in the mailbox."""

    __slots__ = ()

    def went_to_student(self, draft: Draft) -> bool:
        del draft
        # It goes only to the student's address, and no colleague sends it.
        return True

    def is_still(self, draft: Draft, row: OutboxRow, now: dt.datetime) -> bool:
        del draft, row, now
        # No colleague was asked to look at the draft, so none has changed it.
        return True


@dataclass(frozen=True, slots=True)
class _Reply(_WithoutDraft):
    """An automatic reply, with the school's contacts out of hours."""

    mailbox: str

    def check(self, store: Store, row: OutboxRow) -> Mail | None:
        reply = replying.check_before_replying(store, row)
        if reply is None:
            return None
        return Mail(
            key=row.key,
            mailbox=reply.sender,
            sender_name=reply.sender_name,
            recipient=reply.recipient,
            subject=reply.subject,
            body=reply.body,
            language=reply.language,
            answers=reply.answers,
            is_automatic=True,
        )

    def record_sent(
        self, store: Store, row: OutboxRow, conversation: str, message_id: str = ""
    ) -> None:
        replying.record_replied(store, row, conversation, message_id)

    def record_refused(self, store: Store, row: OutboxRow, trouble: str) -> None:
        replying.record_not_replied(store, row, trouble)

    def record_unknown(self, store: Store, row: OutboxRow, trouble: str) -> None:
        replying.record_reply_unknown(store, row, trouble)

    def record_found_unsent(self, store: Store, row: OutboxRow, reason: str) -> None:
        replying.record_not_replied(store, row, reason)


@dataclass(frozen=True, slots=True)
class _DataLetter(_WithoutDraft):
    """An email about a student's request for a copy, or their complaint about data."""

    mailbox: str

    def check(self, store: Store, row: OutboxRow) -> Mail | None:
        letter = telling.check_before_telling(store, row)
        if letter is None:
            return None
        return Mail(
            key=row.key,
            mailbox=letter.sender,
            sender_name=letter.sender_name,
            recipient=letter.recipient,
            subject=letter.subject,
            body=letter.body,
            language=letter.language,
            is_automatic=True,
            reply_to=letter.officers,
        )

    def record_sent(
        self, store: Store, row: OutboxRow, conversation: str, message_id: str = ""
    ) -> None:
        telling.record_told(store, row, conversation, message_id)

    def record_refused(self, store: Store, row: OutboxRow, trouble: str) -> None:
        telling.record_not_told(store, row, trouble)

    def record_unknown(self, store: Store, row: OutboxRow, trouble: str) -> None:
        telling.record_telling_unknown(store, row, trouble)

    def record_found_unsent(self, store: Store, row: OutboxRow, reason: str) -> None:
        telling.record_not_told(store, row, reason)


def _as_mail(row: OutboxRow, approved: ApprovedMail, now: dt.datetime) -> Mail:
    outreach = approved.outreach
    title = SAYINGS[outreach.language].meeting.format(writer=approved.sender_name)
    return Mail(
        key=row.key,
        mailbox=outreach.sender,
        sender_name=approved.sender_name,
        recipient=outreach.recipient,
        subject=outreach.subject,
        body=outreach.text,
        language=outreach.language,
        calendar=calendar_entry(row.key, outreach.meeting, title, now) if outreach.meeting else "",
    )
