"""Turn typed Slack text into plain words: without mentions, links' addresses and entities."""

from __future__ import annotations

import html
import re

_MENTION = re.compile(r"<[@!#][^<>]*>")
_LINK = re.compile(r"<([^|<>]+)(?:\|([^<>]*))?>")
_PREFIX = re.compile(r"/?lantern\b[\s,:]*", re.IGNORECASE)


def without_mentions(text: object) -> str:
    """Return the words with their line breaks, without mentions: the log names no bystander."""
    if not isinstance(text, str):
        return ""
    without = _MENTION.sub("", text)
    return html.unescape(_LINK.sub(lambda found: found[2] or found[1], without)).strip()


def command(text: object) -> tuple[str, str]:
    """Split a command's name from what follows it."""
    said = " ".join(without_mentions(text).split())
    name, _, rest = _PREFIX.sub("", said, count=1).partition(" ")
    return name, rest.strip()
