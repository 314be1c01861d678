"""Turn a typed line of Teams into plain words: without the bot's mention, tags and entities."""

from __future__ import annotations

import html
import re

from store.rules.text.formatting import storable

_MENTION = re.compile(r"<at\b[^<>]*>[^<]*</at>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_PREFIX = re.compile(r"[/@]?lantern\b[\s,:]*", re.IGNORECASE)


def typed_text(text: object) -> str:
    """Return what was typed, on one line; ``&nbsp;`` and the hard space become spaces.

    Mentions are removed first, so that a name cannot be taken for a command.
    """
    if not isinstance(text, str):
        return ""
    said = storable(html.unescape(_TAG.sub(" ", _MENTION.sub(" ", text))))
    said = " ".join(said.replace("\xa0", " ").split())
    # Cards and habits name the command as Slack has it.
    return _PREFIX.sub("", said, count=1) if _PREFIX.match(said) else said


def command(text: str) -> tuple[str, str]:
    """Split a command's name from what follows it."""
    name, _, rest = text.partition(" ")
    return name, rest.strip()
