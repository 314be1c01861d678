"""Rewrite commands for Teams: a slash begins Teams' own commands, a mention begins Lantern's.

Only Lantern's own sentences are rewritten. People's words, and every email, stay as written.
"""

from __future__ import annotations

from dataclasses import replace

from bot.cards.kit.fit import Block
from bot.cards.kit.model import Facts, Fold, Part, Text, TextStyle

ELSEWHERE, HERE = "/lantern", "@Lantern"
_WRITTEN = frozenset({TextStyle.QUOTE, TextStyle.LETTER})


def rewrite_sentence(text: str) -> str:
    """Replace ``/lantern`` in one of Lantern's sentences by the mention that Teams needs."""
    return text.replace(ELSEWHERE, HERE)


def block(said: Block) -> Block:
    """Rewrite the commands in one block of a card or dialog."""
    match said:
        case Text() | Facts():
            return _part(said)
        case Fold():
            return replace(said, parts=tuple(_part(each) for each in said.parts))
        case _:
            return said


def _part(said: Part) -> Part:
    match said:
        case Text() if said.style not in _WRITTEN:
            return replace(said, text=rewrite_sentence(said.text))
        case Facts():
            # A value may be a person's own words, such as the subject of an email.
            return Facts(tuple((rewrite_sentence(name), value) for name, value in said.items))
        case _:
            return said
