"""Example dialogs that the product never opens; see ``specimens``."""

from __future__ import annotations

from bot.cards.kit.model import (
    Dialog,
    Divider,
    Facts,
    Input,
    InputKind,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from tests.bot.cards.specimens import CASE, HOSTILE, WEEKS

OPINIONS = (
    Option("contact-now", "Contact now"),
    Option("wait", "Wait a week"),
    Option("not-appropriate", "Not appropriate"),
)

LETTER = """Dear Robin,

I have noticed that we have not seen you on Coastal Processes for a while, and I wanted to ask how \
you are.

If something has made this term difficult, please tell me as much as you like. We can look \
together at extensions, at a lighter plan for the coming weeks, or at who else could help.

Would Thursday at 14:00 suit you, in person or online?

With best wishes,
Alice Example
Student Support Officer"""


@example("specimen-form")
def form() -> Dialog:
    """Return a dialog with each kind of field, required and optional, empty and filled."""
    return Dialog(
        kind="specimen",
        title="Log what you did",
        action="log",
        ids=CASE,
        submit="Save",
        blocks=(
            Text("Case L-0041 · BSc Geography, year 2", TextStyle.SUBTLE),
            Select("kind", "What happened", (Option("call", "Call"), Option("meeting", "Meeting"))),
            Input("on", "When", InputKind.DATE, value="2025-11-18"),
            Input("subject", "In a few words", value="Phone call", max_length=80),
            Input(
                "note",
                "What was said",
                InputKind.PARAGRAPH,
                required=False,
                hint="The student can read this. Write what helps.",
                max_length=1000,
            ),
            Select("opinion", "Your view", OPINIONS, chosen="wait", required=False),
            Input("until", "Come back on", InputKind.DATE, required=False),
        ),
    )


@example("specimen-letter")
def letter() -> Dialog:
    """Return a dialog that shows a whole email before a person decides on it."""
    return Dialog(
        kind="specimen",
        title="Approve this email",
        action="approve",
        ids={"outreach": "12", "version": "2"},
        submit="Approve",
        blocks=(
            Facts((("To", "University address"), ("Subject", "How are things going?"))),
            Text(LETTER, TextStyle.LETTER),
            Text(
                "Written by Bob Sample. It goes out as soon as quiet hours end.", TextStyle.SUBTLE
            ),
        ),
    )


@example("specimen-hostile-form")
def hostile_form() -> Dialog:
    """Return a dialog in which every text tries to mention, link, format or inject."""
    return Dialog(
        kind="specimen",
        title=HOSTILE,
        action="reply",
        ids=CASE,
        submit=HOSTILE,
        blocks=(
            Text(HOSTILE, TextStyle.LETTER),
            WEEKS,
            Divider(),
            Select("who", HOSTILE, (Option("1", HOSTILE),), hint=HOSTILE),
            Input("what", HOSTILE, InputKind.PARAGRAPH, HOSTILE, hint=HOSTILE),
        ),
    )


@example("specimen-read-only")
def read_only() -> Dialog:
    """Return a dialog without fields, which only shows something."""
    return Dialog(
        kind="specimen",
        title="Who this is",
        action="reveal",
        ids=CASE,
        blocks=(
            Facts((("Name", "Robin Casewell"), ("Email", "robin_c@example.ac.uk"))),
            Text("That you looked is on record.", TextStyle.SUBTLE),
        ),
    )
