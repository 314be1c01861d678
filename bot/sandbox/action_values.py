"""Read the forms of a card or dialog in the sandbox.

A form sends its ``action``, its ``ids`` as compact JSON, and its answers with their own prefix,
so that no field can pass for another part of the form.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards.kit.click import Click
from bot.cards.kit.ids import unpack

FIELD = "field."


def clicked(form: Mapping[str, str]) -> Click:
    """Read a form posted to ``/sandbox/act``. A select's form answers one question."""
    return Click(form["action"], unpack(form["ids"]), _values(form) or None)


def submitted(form: Mapping[str, str]) -> Click:
    """Read a form posted to ``/sandbox/submit``."""
    return Click(form["action"], unpack(form["ids"]), _values(form))


def _values(form: Mapping[str, str]) -> dict[str, str]:
    return {key.removeprefix(FIELD): value for key, value in form.items() if key.startswith(FIELD)}
