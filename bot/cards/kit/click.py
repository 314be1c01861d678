"""What comes back from a rendered card: the inverse of rendering, the same for every platform.

Each renderer has beside it a ``clicks`` module that reads its platform's payload into a
``Click``; a listener adds who did it and makes an ``Interaction`` of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Click:
    """Which action, on what. ``values`` are a dialog's answers, or None for a click.

    Choosing in a card's select answers one question: its ``values`` hold the option's value under
    the select's name, which is also the action.
    """

    action: str
    ids: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] | None = None
