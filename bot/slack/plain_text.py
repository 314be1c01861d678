"""What somebody typed in Slack as plain words: without mentions, links' addresses and entities."""

from __future__ import annotations

import html
import re

_MENTION = re.compile(r"<[@!#][^<>]*>")
_LINK = re.compile(r"<([^|<>]+)(?:\|([^<>]*))?>")
_PREFIX = re.compile(r"/?lantern\b[\s,:]*", re.IGNORECASE)


def plain(text: object) -> str:
    """The words, with their line breaks. A mention is left out: the log names no bystander."""
    if not isinstance(text, str):
        return ""
    without = _MENTION.sub("", text)
    return html.unescape(_LINK.sub(lambda found: found[2] or found[1], without)).strip()


def command(text: object) -> tuple[str, str]:
    """A command's name and what follows it."""
    said = " ".join(plain(text).split())
    name, _, rest = _PREFIX.sub("", said, count=1).partition(" ")
    return name, rest.strip()
