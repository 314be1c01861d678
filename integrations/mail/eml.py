"""Write and read email messages as ``.eml`` bytes; no text can inject a header."""

from __future__ import annotations

import datetime as dt
import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from integrations.mail.authentication import RESULTS, SPF, fails_authentication
from integrations.mail.auto_reply import kind_of
from integrations.mail.eml_parts import (
    CAREFUL,
    body_of,
    calendar_entry_of,
    references_in,
    report_of,
    reported_ids,
    returned,
)
from integrations.mail.html import as_html
from integrations.mail.ics import FILE_NAME
from integrations.mail.interface import Mail, MailError
from integrations.mail.invitation import choice_in
from store.rules.model import AnswerKind
from store.rules.text.email_addresses import is_mail_address

KEY_HEADER = "X-Lantern-Key"
LONGEST_SUBJECT = 255
LONGEST_BODY = 100_000
"""Characters: far above any letter, and far below what causes problems."""

_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,198}>")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class ParsedEmail:
    """The parts of a message that are read.

    ``references`` are the Message-IDs that it answers, oldest first; ``key`` is the key of an email
    of ours, if it came back with the message.
    """

    id: str
    references: tuple[str, ...]
    sender: str
    recipient: str
    subject: str
    body: str
    date: dt.datetime | None
    kind: AnswerKind = AnswerKind.ANSWER
    key: str = ""
    is_unproven: bool = False
    """Whether the mail server that took it found that its sender did not send it."""


def checked_address(address: str, whose: str) -> str:
    """Return the address, if it is a plain one.

    Raises ``MailError``, which does not repeat it, where it is not.
    """
    if not is_mail_address(address):
        raise MailError(f"{whose} is not a plain email address.", permanent=True)
    return address


def checked_mail(mail: Mail) -> str:
    """Check that an email can be sent; return its subject in a form for a header.

    Raises:
        MailError: permanent: an address or the key is not usable, or the email is too long.
    """
    if not _KEY.fullmatch(mail.key):
        raise MailError("The email's key is not a plain word.", permanent=True)
    if len(mail.subject) > LONGEST_SUBJECT or len(mail.body) > LONGEST_BODY:
        raise MailError("The email is too long to send.", permanent=True)
    checked_address(mail.mailbox, "The school's mailbox")
    checked_address(mail.recipient, "The recipient")
    for each in mail.reply_to:
        checked_address(each, "The address for answers")
    return header_text(mail.subject)


def extra_headers(mail: Mail) -> dict[str, str]:
    """Return extra headers: of a reply's thread, and of an automatic email.

    The latter, of RFC 3834 and of Exchange, keep other machines from replying.
    """
    found: dict[str, str] = {}
    if known := [each for each in mail.answers if _MESSAGE_ID.fullmatch(each)]:
        found |= {"In-Reply-To": known[-1], "References": " ".join(known)}
    if mail.is_automatic:
        found |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    return found


def compose_message(mail: Mail, message_id: str, date: dt.datetime) -> bytes:
    """Return the approved email as a message, plain text with an HTML alternative.

    Raises:
        MailError: permanent: an address or the key is not usable, or the email is too long.
    """
    subject = checked_mail(mail)
    message = _message(
        sender=Address(
            header_text(mail.sender_name),
            addr_spec=mail.mailbox,
        ),
        recipient=mail.recipient,
        subject=subject,
        message_id=message_id,
        date=date,
    )
    message[KEY_HEADER] = mail.key
    if mail.reply_to:
        message["Reply-To"] = ", ".join(mail.reply_to)
    for name, value in extra_headers(mail).items():
        message[name] = value
    message.set_content(_writable(mail.body))
    html = as_html(subject, _writable(mail.body), mail.language)
    message.add_alternative(html, subtype="html")
    if mail.calendar:
        message.add_attachment(
            mail.calendar, subtype="calendar", filename=FILE_NAME, params={"method": "PUBLISH"}
        )
    # Last, since adding an attachment would move these headers into a part.
    message["Content-Language"] = mail.language
    return message.as_bytes()


def build_reply(original: ParsedEmail, text: str, message_id: str, date: dt.datetime) -> bytes:
    """Build the message with which the recipient of ``original`` answers it."""
    message = _message(
        sender=original.recipient,
        recipient=original.sender,
        subject=f"Re: {original.subject}",
        message_id=message_id,
        date=date,
    )
    message["In-Reply-To"] = original.id
    message["References"] = original.id
    message.set_content(_writable(text))
    return message.as_bytes()


def read_email(raw: bytes) -> ParsedEmail:
    """Read a message from anywhere; plain text is preferred, HTML is stripped to text.

    Raises:
        UNREADABLE: one of these errors, such as ``TypeError``, if the message cannot be parsed.
    """
    # Before the first header a mark of the byte order would make a body of all of them.
    message = message_from_bytes(raw.removeprefix(BOM_UTF8), policy=CAREFUL)
    if not isinstance(message, EmailMessage):
        raise TypeError("not a message")
    body = body_of(message)
    kind = _kind(message, body)
    if not body and kind is AnswerKind.ANSWER and (chosen := choice_in(calendar_entry_of(message))):
        # A calendar may be set to answer by itself.
        kind, body = AnswerKind.DOUBTFUL, chosen
    answered = f"{message.get('References', '')} {message.get('In-Reply-To', '')}"
    key = str(message.get(KEY_HEADER, ""))
    if kind in (AnswerKind.BOUNCE, AnswerKind.AUTOMATIC):
        answered += "".join(f" {each}" for each in reported_ids(message))
        for sent in returned(message, body):
            answered += f" {sent.get('Message-ID', '')}"
            key = key or str(sent.get(KEY_HEADER, ""))
    return ParsedEmail(
        id=str(message.get("Message-ID", "")).strip(),
        references=references_in(answered),
        sender=str(message.get("From", "")),
        recipient=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        body=body,
        date=_date(str(message.get("Date", ""))),
        kind=kind,
        key=key.strip(),
        is_unproven=fails_authentication(
            {name: str(message.get(name, "")) for name in (RESULTS, SPF)}
        ),
    )


def read_beginning(raw: bytes) -> ParsedEmail | None:
    """Read the first bytes of a message that is too large; None where its words may be cut off.

    Most such messages are a few words and a large picture, which stands behind them.
    """
    message = read_email(raw)
    is_with_parts = message_from_bytes(raw, policy=CAREFUL).is_multipart()
    return message if is_with_parts and message.body else None


def header_text(text: str) -> str:
    """Return the text without line breaks and invisible characters: safe in a header."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())


def _message(
    *, sender: Address | str, recipient: str, subject: str, message_id: str, date: dt.datetime
) -> EmailMessage:
    # Non-ASCII letters are encoded, since some mail servers change them.
    message = EmailMessage(policy.SMTP.clone(cte_type="7bit"))
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = date
    message["Message-ID"] = message_id
    return message


def _writable(text: str) -> str:
    """Return the text without lone surrogates, which cannot be encoded."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _kind(message: EmailMessage, body: str) -> AnswerKind:
    headers: dict[str, str] = {}
    for name, value in message.items():
        headers.setdefault(name.lower(), str(value))
    return kind_of(headers, report=report_of(message), body=body)


def _date(header: str) -> dt.datetime | None:
    try:
        date = parsedate_to_datetime(header)
        return date.replace(tzinfo=dt.UTC) if date.tzinfo is None else date.astimezone(dt.UTC)
    except (OverflowError, ValueError):
        return None
