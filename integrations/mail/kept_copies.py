"""Read emails that a person kept: an mbox, an ``.eml`` file, a folder of these, or copied text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

_NEXT = re.compile(rb"^(?=From .*\n[\w-]+:)", re.MULTILINE)
"""Where a message of an mbox begins."""
_HEADER = re.compile(
    rb"(From [^\n]*\n)?[\w-]+:[^\n]*\n([^\r\n][^\n]*\n)*?(MIME-Version|Content-Type):",
    re.IGNORECASE,
)
"""How an email begins, rather than text that was copied."""
_TAG = re.compile(r"<[^>]*>")
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def kept_text(path: Path) -> str:
    """Return the text of each email at this path, one after the other; else the file's own text.

    Raises ``OSError`` where something cannot be read.
    """
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    return "\n".join(part for file in files for part in _texts(file.read_bytes()))


def _texts(content: bytes) -> Iterator[str]:
    if not _HEADER.match(content):
        yield _decoded(content)
        return
    for each in _NEXT.split(content) if content.startswith(b"From ") else [content]:
        message = message_from_bytes(each, policy=policy.default)
        if isinstance(message, EmailMessage):
            yield _body(message)


def _body(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    text = ""
    # A message may name an encoding or a charset that does not exist.
    with suppress(LookupError, ValueError, AttributeError):
        text = str(part.get_content()) if part else ""
    return _TAG.sub(" ", text) if part and part.get_content_subtype() == "html" else text


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    return content.decode(encoding, "replace")
