"""Commands as Teams has them: a slash begins Teams' own commands there, a mention begins Lantern's.

Only what Lantern itself says is put so. What people wrote, and every mail, stays as it was written.
"""

from __future__ import annotations

from dataclasses import replace

from bot.cards.kit.fit import Block
from bot.cards.kit.model import Facts, Text, TextStyle

ELSEWHERE, HERE = "/lantern", "@Lantern"
_WRITTEN = frozenset({TextStyle.QUOTE, TextStyle.LETTER})


def sentence(text: str) -> str:
    """A sentence of Lantern's own."""
    return text.replace(ELSEWHERE, HERE)


def block(said: Block) -> Block:
    """A part of a card or dialog."""
    match said:
        case Text() if said.style not in _WRITTEN:
            return replace(said, text=sentence(said.text))
        case Facts():
            # A value may be somebody's own, such as the subject of a mail.
            return Facts(tuple((sentence(name), value) for name, value in said.items))
        case _:
            return said
