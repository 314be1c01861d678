"""Read headers and text of a message from anyone, however malformed."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_string
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any

from integrations.mail.charset import decoded
from integrations.mail.html import as_text

# The email package raises almost any exception on a malformed message.
UNREADABLE = (
    AttributeError,
    LookupError,
    MessageError,
    OSError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)

NOT_READ = "The email cannot be read by Lantern"
TOO_LARGE = "The email is too large for Lantern"
LARGEST = 5_000_000
"""The most bytes of a message that is opened."""

LONGEST_HEADER = 2_000
"""Characters of one header that are read: far more than any mail program writes, and few enough for
a malicious header."""
_LONGEST_REFERENCES = 40_000
"""The same of ``References``, which grows with each reply: our email may stand at its beginning."""


_MARKS = ("message-id:", "x-lantern-key:")
"""How the lines of a copy begin by which an email of ours is known."""
_REPORTS = frozenset(
    {
        "message/delivery-status",
        "message/disposition-notification",
        "message/global-delivery-status",
        "message/global-disposition-notification",
    }
)


_LONGEST_STAND_IN = 200
"""The most characters of a plain text that only points to the HTML."""
_MOST_REFERENCES = 50
"""The most references that are kept: the oldest and the newest ones, as many of each."""


class _Careful(EmailPolicy):
    """The email package's policy, except that a malformed header is text, not an error."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        is_long = name.casefold() == "references"
        if is_long and len(value) > _LONGEST_REFERENCES:
            return name, value[: _LONGEST_REFERENCES // 2] + value[-_LONGEST_REFERENCES // 2 :]
        return name, value if is_long else value[:LONGEST_HEADER]

    # The base class is not typed: what it returns is a str with more to it.
    def header_fetch_parse(self, name: str, value: str) -> Any:
        readable = decoded(value.encode("utf-8", "surrogateescape"))
        try:
            return super().header_fetch_parse(name, readable)
        except UNREADABLE:
            return " ".join(readable.split())


CAREFUL = _Careful()


def address_of(header: str) -> str:
    """Return the one address in a header such as ``From``; '' where it is missing or malformed."""
    try:
        return parseaddr(header[:LONGEST_HEADER])[1]
    except UNREADABLE:
        return ""


def body_of(message: EmailMessage) -> str:
    """Return the text: plain text, else stripped HTML; '' where there is none.

    Some mail programs split the text around a picture, send it as a file, or leave the plain text
    empty. None of that loses a word.
    """
    try:
        said = "\n\n".join(_words(message)) or "\n\n".join(_words(message, files=True))
    except UNREADABLE:
        said = ""
    if not said and (part := next(_texts(message), None)):
        said = _said(part)
    return said.strip("\n")


def _words(part: Message, *, files: bool = False) -> list[str]:
    """Return the text parts in order, with one of each alternative. ``files``: attached ones too.

    The first part of a report is for people (RFC 6522, section 3), the others are for machines.
    """
    kind = part.get_content_type()
    inside = part.get_payload()
    if part.get_content_maintype() == "multipart" and isinstance(inside, list):
        said = [_words(each, files=files) for each in inside if isinstance(each, Message)]
        if kind == "multipart/alternative":
            return next((each for each in said if each and not _is_stand_in(each)), [])
        own = said[:1] if kind == "multipart/report" else said
        return [words for each in own for words in each]
    is_file = part.get_content_disposition() == "attachment" or bool(part.get_filename())
    if kind not in ("text/plain", "text/html") or (is_file and not files):
        return []
    words = _said(part)
    return [words] if words.strip() else []


def _is_stand_in(words: list[str]) -> bool:
    """Return whether a plain text only points to the HTML or to a picture."""
    said = " ".join(words).strip()
    return len(said) <= _LONGEST_STAND_IN and ("HTML" in said or said.startswith("[cid:"))


def _said(part: Message) -> str:
    words = _decoded(part)
    begins = words[:100].lstrip("\ufeff \t\r\n").casefold()
    if part.get_content_type() == "text/html" or begins.startswith(("<html", "<!doctype html")):
        words = as_text(words)
    return words.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def report_of(message: EmailMessage) -> str:
    """Return the machine-readable part of a report of delivery or reading; '' for none.

    It is found within a gateway's text too, but not in a report that a person forwards.
    """
    reports = []
    for part in own_parts(message):
        if part.get_content_type() in _REPORTS:
            inside = part.get_payload()
            blocks = inside if isinstance(inside, list) else [part]
            reports += [_fields(block) for block in blocks]
    return "\n".join(reports)


def calendar_entry_of(message: EmailMessage) -> str:
    """Return the calendar entry that came with a message; '' for none."""
    found = (each for each in own_parts(message) if each.get_content_type() == "text/calendar")
    return next((_decoded(each) for each in found), "")


def reported_ids(message: EmailMessage) -> list[str]:
    """Return the emails that a receipt is about (RFC 8098, section 3.2.5)."""
    fields = (line.partition(":") for line in report_of(message).splitlines())
    return [value.strip() for name, _, value in fields if name.casefold() == "original-message-id"]


def returned(message: EmailMessage, body: str) -> Iterator[Message]:
    """Find our own email, or its headers, in a report that a mail server sent back.

    The oldest servers send one plain text, in which ``body`` ends with a copy of the email.
    """
    for part in own_parts(message):
        kind = part.get_content_type()
        inside = part.get_payload()
        if kind == "message/rfc822" and isinstance(inside, list):
            yield from (each for each in inside if isinstance(each, Message))
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            yield message_from_string(_decoded(part)[: 20 * LONGEST_HEADER], policy=CAREFUL)
    if copied := copied_in(body):
        yield copied


def copied_in(body: str) -> Message | None:
    """Return the marks of a copy of an email of ours within a text; None where it has none."""
    lines = (line.strip(" \t>|") for line in body.splitlines())
    marks = [line for line in lines if line.casefold().startswith(_MARKS)]
    return message_from_string("\n".join([*marks, "", ""]), policy=CAREFUL) if marks else None


def references_in(header: str) -> tuple[str, ...]:
    """Return the messages that ``References`` or ``In-Reply-To`` name, in their order."""
    if "<" not in header:
        # Some programs leave the brackets out.
        header = " ".join(f"<{each.strip('>')}>" for each in header.split() if "@" in each)
    found = (each.partition("<")[2] for each in "".join(header.split()).split(">")[:-1])
    every = [f"<{each.rpartition('<')[2]}>" for each in found if each]
    # One that is named twice counts where it is named last.
    named = tuple(dict.fromkeys(reversed(every)))[::-1]
    few = _MOST_REFERENCES // 2
    return named if len(named) <= _MOST_REFERENCES else (*named[:few], *named[-few:])


def own_parts(message: Message) -> Iterator[Message]:
    """Yield the parts of a message, without those of an enclosed message."""
    yield message
    inside = message.get_payload() if message.get_content_maintype() == "multipart" else ()
    for part in inside if isinstance(inside, list) else ():
        if isinstance(part, Message):
            yield from own_parts(part)


def _fields(block: Message | str) -> str:
    if isinstance(block, str):
        return block
    body = block.get_payload()
    fields = [f"{name}: {value}" for name, value in block.items()]
    return "\n".join([*fields, body if isinstance(body, str) else ""])


def _texts(message: Message) -> Iterator[Message]:
    """Yield the text parts of a message whose structure is not as declared.

    An enclosed message may be anyone's, and is not shown as the sender's words.
    """
    for part in own_parts(message):
        # A multipart without its boundary is one text.
        is_text = part.get_content_maintype() in ("text", "multipart")
        if is_text and not part.is_multipart() and not part.get_filename():
            yield part


def _decoded(part: Message) -> str:
    """Decode a part, whose declared character set may be wrong or missing."""
    raw = part.get_payload(decode=True)
    charset = part.get_param("charset", "")
    # RFC 2231 gives (the name's own set, language, name).
    name = charset[2] if isinstance(charset, tuple) else str(charset)
    return decoded(raw if isinstance(raw, bytes) else b"", name)
