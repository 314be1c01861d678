"""Short private answers: it is done, it cannot be done, or something went wrong."""

from __future__ import annotations

from bot.cards.kit.model import Card, Text, TextStyle
from bot.cards.kit.registry import example


def notice(sentence: str, hint: str = "") -> Card:
    """One sentence for the person who asked, with what they may do next."""
    hints = (Text(hint, TextStyle.SUBTLE),) if hint else ()
    return Card(kind="notice", summary=sentence, blocks=(Text(sentence), *hints))


def broken(reference: str) -> Card:
    """Something failed that nobody foresaw. The reference finds it in the log."""
    return notice(
        "Something went wrong on our side, and nothing was changed. Please try again; if it "
        f"stays, tell your Lantern administrator the reference {reference}."
    )


@example("notice")
def _notice() -> Card:
    return notice("LANG-12 is with you now.")


@example("notice-nearest-command")
def _nearest() -> Card:
    return notice(
        "There is no command “tkae”. Did you mean “take”?", "For example: /lantern take LANG-12"
    )


@example("notice-broken")
def _broken() -> Card:
    return broken("E-4F2A9C")
