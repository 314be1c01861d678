"""The example cards and dialogs of every module in this package, by name."""

from __future__ import annotations

import importlib
import pkgutil

import bot.cards
from bot.cards.model import Card, Dialog
from bot.cards.registry import registered


def every_example() -> dict[str, Card | Dialog]:
    """Each example, made afresh. Importing a cards module registers its own, however deep it lies,
    so none can be forgotten here.
    """
    for module in pkgutil.walk_packages(bot.cards.__path__, f"{bot.cards.__name__}."):
        importlib.import_module(module.name)
    return registered()


EXAMPLES = every_example()
