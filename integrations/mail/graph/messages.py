"""Convert emails, drafts and answers to and from Graph's format, without requests."""

from __future__ import annotations

import datetime as dt
from base64 import b64encode
from collections.abc import Callable
from typing import Any, TypeVar

from integrations.mail import eml
from integrations.mail.authentication import fails_authentication
from integrations.mail.auto_reply import is_report, kind_of
from integrations.mail.eml import KEY_HEADER
from integrations.mail.eml_parts import copied_in, references_in
from integrations.mail.graph.errors import NO_SENSE
from integrations.mail.html import as_html, as_text
from integrations.mail.ics import FILE_NAME
from integrations.mail.interface import Answer, Draft, Mail, MailError
from integrations.mail.invitation import choice_of_class
from store.rules.model import AnswerKind
from store.rules.outreach.mail_match import Marks

T = TypeVar("T")

KEY_PROPERTY = "String {8d6c5cb1-2f0b-4bb7-9d3e-6b1f3f0a7c52} Name LanternKey"
"""The named property that carries an outreach's key. The GUID is Lantern's own."""

_HEADER_PROPERTIES = {
    "In-Reply-To": "String 0x1042",
    "References": "String 0x1039",
    "Auto-Submitted": "String {00020386-0000-0000-C000-000000000046} Name Auto-Submitted",
}
"""Graph sets headers by name only where these begin with X-. Exchange writes the others from
PidTagInReplyToId, PidTagInternetReferences and PS_INTERNET_HEADERS ([MS-OXCMAIL], 2.1.3)."""

CLASS_PROPERTY = "String 0x001A"
"""PidTagMessageClass: distinguishes bounces and absence notices from people's emails."""

DRAFT_FIELDS = "id,conversationId,isDraft,createdDateTime,subject,body,toRecipients,ccRecipients"
DRAFT_FIELDS += ",bccRecipients,hasAttachments,internetMessageId"
ANSWER_FIELDS = "id,conversationId,receivedDateTime,from,subject,body,uniqueBody"
ANSWER_FIELDS += ",internetMessageHeaders"
LISTED_FIELDS = "id,conversationId,receivedDateTime,from,internetMessageHeaders"
"""The fields read of every message in a mailbox, to find answers to ours."""


def draft_body(mail: Mail) -> dict[str, Any]:
    """Return the email as a new message. Exchange makes the plain-text alternative from the HTML.

    Raises:
        MailError: permanent: an address or the key is not usable, or the email is too long.
    """
    subject = eml.checked_mail(mail)
    html = as_html(subject, mail.body, mail.language)
    headers = eml.extra_headers(mail)
    properties = {KEY_PROPERTY: mail.key}
    properties |= {
        named: headers.pop(each) for each, named in _HEADER_PROPERTIES.items() if each in headers
    }
    return {
        "subject": subject,
        "body": {"contentType": "html", "content": html},
        "from": {
            "emailAddress": {"name": eml.header_text(mail.sender_name), "address": mail.mailbox}
        },
        "toRecipients": [_person(mail.recipient)],
        "singleValueExtendedProperties": [
            {"id": name, "value": value} for name, value in properties.items()
        ],
        **({"replyTo": [_person(each) for each in mail.reply_to]} if mail.reply_to else {}),
        **({"internetMessageHeaders": _named(headers)} if headers else {}),
        **({"attachments": [_file(mail.calendar)]} if mail.calendar else {}),
    }


def _person(address: str) -> dict[str, dict[str, str]]:
    return {"emailAddress": {"address": address}}


def _named(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def _file(calendar: str) -> dict[str, str]:
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": FILE_NAME,
        "contentType": "text/calendar; method=PUBLISH; charset=utf-8",
        "contentBytes": b64encode(calendar.encode()).decode(),
    }


def key_filter(key: str) -> str:
    """Return Graph's filter for messages with this key."""
    value = key.replace("'", "''")
    return (
        f"singleValueExtendedProperties/Any(ep: ep/id eq '{KEY_PROPERTY}' "
        f"and ep/value eq '{value}')"
    )


def draft_of(message: dict[str, Any]) -> Draft:
    """Return a message of ours as a draft.

    Raises:
        MailError: ``unknown``, where Graph's response lacks required fields.
    """
    try:
        recipients = [
            str(each["emailAddress"]["address"])
            for kind in ("toRecipients", "ccRecipients", "bccRecipients")
            for each in message.get(kind) or ()
        ]
        return Draft(
            ref=str(message["id"]),
            conversation=str(message["conversationId"]),
            is_sent=not message["isDraft"],
            recipients=tuple(recipients),
            subject=str(message.get("subject") or ""),
            text=_text(message.get("body")),
            is_with_file=bool(message.get("hasAttachments")),
            message_id=str(message.get("internetMessageId") or ""),
        )
    except (LookupError, TypeError, AttributeError):
        raise MailError(NO_SENSE, unknown=True) from None


def choose_draft(messages: list[dict[str, Any]]) -> Draft | None:
    """Choose among drafts with one key: the sent one, else the oldest. All workers choose alike."""
    ordered = sorted(messages, key=lambda each: (each["isDraft"], each["createdDateTime"]))
    return draft_of(ordered[0]) if ordered else None


def answer_of(message: dict[str, Any]) -> Answer:
    """Return a message in the inbox as an answer, without quotations where Graph removes them."""
    headers = headers_of(message)
    properties = {
        str(each["id"]).casefold(): str(each["value"])
        for each in message.get("singleValueExtendedProperties") or ()
    }
    unique = _text(message.get("uniqueBody"))
    kind = kind_of(
        {"subject": str(message.get("subject") or ""), "from": _address(message.get("from"))}
        | headers,
        message_class=_class(properties),
        body=unique,
    )
    chosen = choice_of_class(_class(properties))
    if chosen and not unique and kind is AnswerKind.ANSWER:
        # A calendar may be set to answer by itself.
        kind, unique = AnswerKind.DOUBTFUL, chosen
    # If a person wrote nothing, the rest is our own email, quoted.
    is_person = kind in (AnswerKind.ANSWER, AnswerKind.DOUBTFUL)
    is_whole = not is_person or message.get("uniqueBody") is None
    # A mail server's message may name ours in its text alone, with the headers that it copies.
    copied = None if is_person else copied_in(_text(message.get("body")))
    own_key = _property(properties, KEY_PROPERTY) or headers.get(KEY_HEADER.lower(), "")
    return Answer(
        message=str(message["id"]),
        conversation=str(message["conversationId"]),
        body=unique or (_text(message.get("body")) if is_whole else ""),
        received_at=_instant(str(message["receivedDateTime"])),
        kind=kind,
        sender=_address(message.get("from")),
        references=references_of(headers)
        + references_in(str(copied.get("Message-ID", "")) if copied else ""),
        key=own_key or (str(copied.get(KEY_HEADER, "")).strip() if copied else ""),
        whole=_text(message.get("body")),
        subject=str(message.get("subject") or ""),
        is_unproven=fails_authentication(headers),
    )


def received(message: dict[str, Any]) -> dt.datetime | None:
    """Return when a message in a list arrived; None where missing."""
    try:
        return _instant(str(message["receivedDateTime"]))
    except (LookupError, ValueError):
        return None


def marks_of(message: dict[str, Any], mailbox: str) -> Marks:
    """Return the marks of a message in a list; missing or malformed ones are empty."""
    return Marks(
        conversation=str(message.get("conversationId") or ""),
        references=_or_nothing(lambda: references_of(headers_of(message)), ()),
        sender=_or_nothing(lambda: _address(message.get("from")), ""),
        mailbox=mailbox,
    )


def unread_of(message: dict[str, Any], mailbox: str, arrived: dt.datetime, reason: str) -> Answer:
    """Return an unreadable message in a list as an answer, with its marks and the reason."""
    marks = marks_of(message, mailbox)
    return Answer(
        str(message["id"]),
        marks.conversation,
        "",
        arrived,
        sender=marks.sender,
        references=marks.references,
        unread=reason,
    )


def is_from_server(message: dict[str, Any]) -> bool:
    """Return whether a message in a list is a mail server's, such as a report of delivery."""
    nothing: dict[str, str] = {}
    sender = _or_nothing(lambda: _address(message.get("from")), "")
    return is_report({"from": sender} | _or_nothing(lambda: headers_of(message), nothing))


def _or_nothing(read: Callable[[], T], nothing: T) -> T:
    """Return a mark, or a default if it is malformed: then the other marks have to do."""
    try:
        return read()
    except (LookupError, TypeError, ValueError, AttributeError):
        return nothing


def headers_of(message: dict[str, Any]) -> dict[str, str]:
    """Map lower-case header names to their first value. Graph may leave headers out."""
    headers: dict[str, str] = {}
    for each in message.get("internetMessageHeaders") or ():
        headers.setdefault(str(each.get("name")).lower(), str(each.get("value")))
    return headers


def references_of(headers: dict[str, str]) -> tuple[str, ...]:
    """Return the Message-IDs that the message answers, oldest first."""
    return references_in(f"{headers.get('references', '')} {headers.get('in-reply-to', '')}")


def _address(written: dict[str, Any] | None) -> str:
    return str(((written or {}).get("emailAddress") or {}).get("address") or "")


def _property(properties: dict[str, str], name: str) -> str:
    return properties.get(name.casefold(), "")


def _class(properties: dict[str, str]) -> str:
    # Graph changes the number's form: "String 0x001A" is requested, "String 0x1a" returned.
    return next((value for name, value in properties.items() if name.endswith("1a")), "")


def _text(body: dict[str, Any] | None) -> str:
    if not body:
        return ""
    content = str(body.get("content") or "")
    text = as_text(content) if str(body.get("contentType")).lower() == "html" else content
    return text.replace("\r\n", "\n").strip("\n")


def _instant(text: str) -> dt.datetime:
    """Parse Graph's times, such as ``2026-10-12T08:30:00Z``."""
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
