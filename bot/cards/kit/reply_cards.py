"""Short private answers: it is done, it cannot be done, or something went wrong."""

from __future__ import annotations

from bot.cards.kit.model import Card, Text, TextStyle
from bot.cards.kit.registry import example


def notice(sentence: str, hint: str = "") -> Card:
    """Show one sentence to the person who asked, with what they may do next."""
    hints = (Text(hint, TextStyle.SUBTLE),) if hint else ()
    return Card(kind="notice", summary=sentence, blocks=(Text(sentence), *hints))


def broken(reference: str) -> Card:
    """Report an unexpected error. The reference finds it in the log."""
    return notice(
        "Something went wrong and nothing was changed. Try again. If it happens again, give your "
        f"Lantern administrator this reference: {reference}."
    )


def unavailable(sentence: str) -> Card:
    """Report that a service is unavailable. ``sentence`` is what the log tells the operator."""
    return notice(
        "Lantern cannot do this at the moment, and nothing was changed. Try again in a few "
        "minutes.",
        f"For your Lantern administrator: {sentence}",
    )


@example("notice")
def _notice() -> Card:
    return notice("LANG-12 is assigned to you.")


@example("notice-nearest-command")
def _nearest() -> Card:
    return notice(
        "There is no command “tkae”. Did you mean “take”?", "For example: /lantern take LANG-12"
    )


@example("notice-broken")
def _broken() -> Card:
    return broken("E-4F2A9C")


@example("notice-unavailable")
def _unavailable() -> Card:
    return unavailable("The database cannot be reached; check that its server runs.")
