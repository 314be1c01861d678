"""The example cards and dialogs of every module in this package, by name."""

from __future__ import annotations

import importlib
import pkgutil

from bot import cards
from bot.cards.kit.model import Card, Dialog
from bot.cards.kit.registry import registered


def every_example() -> dict[str, Card | Dialog]:
    """Each example, made afresh. Importing a cards module registers its own, however deep it lies,
    so none can be forgotten here.
    """
    for module in pkgutil.walk_packages(cards.__path__, f"{cards.__name__}."):
        importlib.import_module(module.name)
    return registered()
