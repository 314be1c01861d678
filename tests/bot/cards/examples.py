"""All example cards and dialogs: the product's own and the specimens of these tests."""

from bot.cards.kit.examples import every_example
from tests.bot.cards import specimen_dialogs, specimens

SPECIMENS = (specimens, specimen_dialogs)
"""The modules of specimens. Importing them registers their examples."""

EXAMPLES = every_example()
