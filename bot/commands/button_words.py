"""Read a typed line that begins with the words on a button: ``resolve the complaint LANG-5 …``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.cards.cases.actions import worded_buttons
from bot.interaction import Interaction

_SMALL_WORDS = frozenset({"a", "an", "the", "to", "of", "about"})
"""Left out when a line is compared with a button's words."""
_REFERENCE = re.compile(r"(?<!\S)[A-Za-z]+[- ]?[0-9]+(?!\S)")


def as_command(interaction: Interaction) -> Interaction:
    """Return the command of a typed line that says a button's words before a case reference.

    Any other interaction is returned as it came. A button's step, such as ``resolve``, follows the
    reference, as the command expects it.
    """
    if interaction.values is not None or interaction.ids:
        return interaction
    line = f"{interaction.action.replace('-', ' ')} {interaction.text}"
    for found in _REFERENCE.finditer(line):
        meant = _BUTTONS.get(_compared(line[: found.start()]))
        if meant is not None:
            action, step = meant
            reference = found[0].replace(" ", "-")
            text = " ".join([reference, *([step] if step else []), line[found.end() :].strip()])
            return replace(interaction, action=action, text=text.strip())
    return interaction


def _compared(words: str) -> str:
    kept = [word for word in words.casefold().split() if word not in _SMALL_WORDS]
    return " ".join(kept)


_BUTTONS: Mapping[str, tuple[str, str]] = {
    _compared(label): meant for label, meant in worded_buttons().items() if " " in label
}
"""A button's words → its command and step. One word is a command by itself."""
