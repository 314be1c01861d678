"""The example cards and dialogs of every module in this package, by name."""

from __future__ import annotations

import importlib
import pkgutil

import bot.cards
from bot.cards.model import Card, Dialog
from bot.cards.registry import registered

_COLLECTORS = {"examples", "preview"}


def _collected() -> dict[str, Card | Dialog]:
    """Importing a cards module registers its examples, so none can be forgotten here."""
    for module in pkgutil.iter_modules(bot.cards.__path__):
        if module.name not in _COLLECTORS:
            importlib.import_module(f"{bot.cards.__name__}.{module.name}")
    return registered()


EXAMPLES = _collected()
