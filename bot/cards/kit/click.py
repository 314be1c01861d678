"""A click on a rendered card, read back into neutral terms, the same for every platform.

Beside each renderer, a module ``action_values`` reads its platform's payload into a
``Click``; a listener adds the person and makes an ``Interaction`` of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Click:
    """An action and its target. ``values`` are a dialog's answers, or None for a click.

    Choosing in a card's select answers one question: its ``values`` hold the option's value under
    the select's name, which is also the action.
    """

    action: str
    ids: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] | None = None
