"""The example cards and dialogs of every module in this package, by name."""

from __future__ import annotations

import importlib
import pkgutil

from bot import cards
from bot.cards.kit.model import Card, Dialog
from bot.cards.kit.registry import registered


def every_example() -> dict[str, Card | Dialog]:
    """Build every example. Importing a cards module registers its examples, and all modules of
    the package are imported here.
    """
    for module in pkgutil.walk_packages(cards.__path__, f"{cards.__name__}."):
        importlib.import_module(module.name)
    return registered()
