"""Every example card and dialog: those of the product, and the specimens of these tests."""

from bot.cards.kit.examples import every_example
from tests.bot.cards import specimen_dialogs, specimens

SPECIMENS = (specimens, specimen_dialogs)
"""Importing them registers their examples."""

EXAMPLES = every_example()
