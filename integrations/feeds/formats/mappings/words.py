"""How a draft writes what it found in a file, and what it could not find."""

from __future__ import annotations

import json

OPEN = "?"
"""A meaning that a person still has to fill in."""


def plain(text: str) -> str:
    """Return a text on one line, for a comment."""
    return "".join(each if each.isprintable() else " " for each in text)


def quoted(text: str) -> str:
    """Return a text as a TOML string."""
    return json.dumps(text, ensure_ascii=True)
