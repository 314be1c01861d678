"""Convert drafts and replies in an IMAP mailbox, without connecting."""

from __future__ import annotations

import hashlib
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import getaddresses

from integrations.mail import eml
from integrations.mail.eml_parts import CAREFUL, address_of
from integrations.mail.html import as_text
from integrations.mail.interface import Answer, Draft, MailError
from integrations.mail.smtp.imap import Stored, message_id_of
from store.rules.outreach.mail_match import Marks

_LONGEST_ID = 200


def message_id(mailbox: str, key: str) -> str:
    """Return the Message-ID of the email with this key, known before the email exists."""
    digest = hashlib.sha256(f"{mailbox.casefold()} {key}".encode("utf-8", "replace")).hexdigest()
    return f"<lantern.{digest[:32]}@{mailbox.rpartition('@')[2].casefold()}>"


def draft_of(stored: Stored, ref: str, *, is_sent: bool) -> Draft:
    """Return a message of ours as a draft, with any changes by colleagues.

    Raises ``MailError`` where it cannot be parsed.
    """
    message = message_from_bytes(stored.raw, policy=CAREFUL)
    if not isinstance(message, EmailMessage):
        raise MailError("The draft cannot be read.", permanent=True)
    html = message.get_body(["html"])
    content = as_text(str(html.get_content())) if html else eml.read_email(stored.raw).body
    return Draft(
        ref,
        ref,
        is_sent,
        recipients=tuple(recipients_of(message)),
        subject=str(message.get("Subject", "")),
        text=content.replace("\r\n", "\n").strip("\n"),
        is_with_file=any(True for _ in message.iter_attachments()),
        message_id=ref,
    )


def recipients_of(message: EmailMessage) -> list[str]:
    """Return all recipients of a message."""
    headers = [str(each) for name in ("To", "Cc", "Bcc") for each in message.get_all(name, [])]
    return [address for _, address in getaddresses(headers) if address]


def looks_like_report(raw: bytes) -> bool:
    """Return whether these are the headers of a report about an email, which is enclosed."""
    message = message_from_bytes(raw, policy=CAREFUL)
    sender = address_of(str(message.get("From", ""))).casefold()
    return (
        message.get_content_type() == "multipart/report"
        or str(message.get("Return-Path", "")).strip() == "<>"
        or sender.startswith(("mailer-daemon@", "postmaster@"))
        or not sender
    )


def marks_of(message: eml.ParsedEmail, mailbox: str) -> Marks:
    """Return the headers of a message by which its email and sender are recognised."""
    return Marks(
        references=message.references,
        key=message.key,
        sender=address_of(message.sender),
        mailbox=mailbox,
    )


def name_of(stored: Stored, validity: int) -> str:
    """Return a name for an arrived message that stays valid if the server renumbers its folder."""
    own = message_id_of(stored.raw)
    is_plain = 0 < len(own) <= _LONGEST_ID and own.isascii() and own.isprintable()
    if is_plain and not set(' "\\') & set(own):
        return f"{int(stored.arrived.timestamp())} {own}"
    return f"{validity} {stored.uid}"


def answer_of(stored: Stored, name: str, message: eml.ParsedEmail) -> Answer:
    """Return a message that arrived as an ``Answer``."""
    return Answer(
        name,
        message.references[-1] if message.references else "",
        message.body,
        stored.arrived,
        message.kind,
        address_of(message.sender),
        message.references,
        message.key,
        subject=message.subject,
        is_unproven=message.is_unproven,
    )


def unread_of(stored: Stored, name: str, marks: Marks, reason: str) -> Answer:
    """Return an unreadable message as an ``Answer``, with its marks and the reason."""
    return Answer(
        name,
        marks.references[-1] if marks.references else "",
        "",
        stored.arrived,
        sender=marks.sender,
        references=marks.references,
        key=marks.key,
        unread=reason,
    )
