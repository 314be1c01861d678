"""Read what arrived in a mailbox: replies to our own emails, in the order of arrival."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from integrations.mail import eml
from integrations.mail.eml_parts import LARGEST, NOT_READ, TOO_LARGE, UNREADABLE
from integrations.mail.interface import Answer, MailError
from integrations.mail.smtp.imap import Mailbox, Stored
from integrations.mail.smtp.messages import (
    answer_of,
    looks_like_report,
    marks_of,
    name_of,
    unread_of,
)
from integrations.records import MailboxRecords
from store.rules.outreach.mail_match import Marks

INBOX = "INBOX"
OTHERS = ("\\Junk", "\\Trash")
FIRST_LOOK_BACK = dt.timedelta(days=30)
"""How far back the inbox is read without a marker, or after the server renumbered it."""
PAGE_SIZE = 50


def arrived_since(box: Mailbox, records: MailboxRecords, mailbox: str) -> Iterator[Answer]:
    """Yield replies since the last call; see ``SmtpMailer.answers``."""
    for use in (INBOX, *OTHERS):
        if folder := use if use == INBOX else box.found(use):
            yield from _in_folder(box, records, mailbox, use, folder)


def _in_folder(
    box: Mailbox, records: MailboxRecords, mailbox: str, use: str, folder: str
) -> Iterator[Answer]:
    named = mailbox if use == INBOX else f"{mailbox} {use}"
    known, _, last = (records.read_up_to(named) or "").partition(":")
    validity = box.select(folder)
    is_new = known != str(validity) or not last.isdecimal()
    since = (records.now() - FIRST_LOOK_BACK).date() if is_new else None
    uids = box.after(0 if is_new else int(last), since)
    for start in range(0, len(uids), PAGE_SIZE):
        page = uids[start : start + PAGE_SIZE]
        for stored in box.headers(page):
            # Whether one without an id of its own was read in the inbox, no one can tell.
            name = name_of(stored, validity)
            if use != INBOX and ("<" not in name or records.is_recorded(name)):
                continue
            if answer := _opened(box, records, mailbox, stored, validity):
                yield answer
        records.remember_read(named, f"{validity}:{page[-1]}")


def _opened(
    box: Mailbox, records: MailboxRecords, mailbox: str, stored: Stored, validity: int
) -> Answer | None:
    """Return a message, or one with the reason why it is unreadable; None if not for us."""
    name, marks = name_of(stored, validity), Marks(mailbox=mailbox)
    try:
        marks = marks_of(eml.read_email(stored.raw), mailbox)
        if not looks_like_report(stored.raw) and not records.may_be_ours(marks):
            return None
        if (opened := _read(box, stored.uid, stored.size)) is None:
            return None
        whole, message = opened
        if not records.may_be_ours(marks_of(message, mailbox)):
            return None
        return answer_of(whole, name, message)
    except _TooLarge:
        return unread_of(stored, name, marks, f"{TOO_LARGE}.")
    except UNREADABLE:
        return unread_of(stored, name, marks, f"{NOT_READ}.")


def open_again(box: Mailbox, message: str) -> Answer | None:
    """Return a message that could not be read before; None where it is gone.

    Raises ``MailError`` where it is too large or still cannot be read.
    """
    if (found := find_arrived(box, message)) is None:
        return None
    try:
        opened = _read(box, found.uid, found.size)
        return opened and answer_of(opened[0], message, opened[1])
    except _TooLarge:
        raise MailError(f"{TOO_LARGE}.") from None
    except UNREADABLE:
        raise MailError(f"{NOT_READ}.") from None


def find_arrived(box: Mailbox, message: str, *, to_change: bool = False) -> Stored | None:
    """Return a message by its name, its folder open; None where it is gone."""
    number, _, own = message.partition(" ")
    for folder in (INBOX, *filter(None, map(box.found, OTHERS))):
        validity = box.select(folder)
        if own.isdecimal():
            found = box.headers([int(own)]) if number == str(validity) else []
        else:
            found = box.with_id(folder, own)
        for each in found:
            if name_of(each, validity) == message:
                # Only now, since a folder without this message may be for reading alone.
                box.select(folder, to_change=to_change)
                return each
    return None


class _TooLarge(Exception):
    """The message is larger than is opened, and its words may be anywhere in it."""


def _read(box: Mailbox, uid: int, size: int) -> tuple[Stored, eml.ParsedEmail] | None:
    """Open one message of the open folder; None where it is gone meanwhile."""
    if size <= LARGEST:
        whole = box.whole(uid)
        return None if whole is None else (whole, eml.read_email(whole.raw))
    if (begun := box.beginning(uid, LARGEST)) is None:
        return None
    if (message := eml.read_beginning(begun.raw)) is None:
        raise _TooLarge
    return begun, message
