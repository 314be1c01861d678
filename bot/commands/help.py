"""help: list the commands that a person may use, and suggest one for an unknown word."""

from __future__ import annotations

import re

from bot.cards.help import help_card
from bot.cards.kit.reply_cards import notice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.rules.cases.case import Actor

_LONGEST_NAME = 40
_REFERENCE = re.compile(r"[A-Za-z]{1,12}-[0-9]{1,9}")


@COMMANDS.add("help", "See what you can do here, with examples.", "help take")
def help_command(call: Call) -> Reply:
    """List the commands that the person's roles allow, or describe one by its longest name."""
    words = call.words()
    if not words:
        rows = COMMANDS.rows_for(call.actor)
        return Reply(card=help_card([(row.name, row.help, row.example) for row in rows]))
    row = COMMANDS.longest(words)
    if row is None or not row.is_for(call.actor):
        return unknown(words[0] if row is None else row.name, call.actor)
    return Reply(card=notice(f"{row.name}: {row.help}", f"For example: {row.example}"))


def unknown(name: str, actor: Actor) -> Reply:
    """Answer a word that is no command, or no command for this person."""
    if _REFERENCE.fullmatch(name):
        shown = f"For example: /lantern show {name.upper()}"
        return Reply(card=notice("Say what to do with that case.", shown))
    near = COMMANDS.nearest(name, actor)
    whose = " for your roles" if COMMANDS.find(name) else ""
    said = f"There is no command “{name[:_LONGEST_NAME]}”{whose}."
    if near is None:
        return Reply(card=notice(said, "Type /lantern help to see all commands."))
    return Reply(card=notice(f"{said} Did you mean “{near.name}”?", f"For example: {near.example}"))
