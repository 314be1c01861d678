"""home: a colleague's own page, shown as Slack's App Home and as a card in Teams."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.kit.model import Card
from bot.cards.kit.reply_cards import notice
from bot.cards.schools.home import home_card
from bot.commands.table import COMMANDS, Call
from bot.interaction import Interaction, Reply
from store.rules.errors import CaseworkError

PARTS = ("mine", "me", "feeds")
"""The commands whose answers make up the page, in order."""


@COMMANDS.add("home", "See your own page: your cases, your roles, your school's data.", "home")
def home(call: Call) -> Reply:
    """Build the person's own page: their cases, roles and whether data arrives."""
    return Reply(card=home_card([card for part in PARTS if (card := _part(call, part))]))


def _part(call: Call, name: str) -> Card | None:
    """Return a command's card; a refusal is shown in its place, and the other parts stay."""
    command = COMMANDS.find(name)
    if command is None:
        return None
    who, channel, key = call.interaction.person, call.interaction.channel, call.interaction.key
    asked = Interaction(who, name, channel, f"{key}:{name}")
    try:
        return command.run(replace(call, interaction=asked, command=command)).card
    except CaseworkError as error:
        return notice(error.sentence)
