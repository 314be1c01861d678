"""help: what the person who asks can do here, and what was meant by a word that is no command."""

from __future__ import annotations

import re

from bot.cards.help import help_card
from bot.cards.kit.reply_cards import notice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.rules.cases.case import Actor

_LONGEST_NAME = 40
_REFERENCE = re.compile(r"[A-Za-z]{1,12}-[0-9]{1,9}")


@COMMANDS.add("help", "What you can do here, with an example of each.", "help take")
def help_command(call: Call) -> Reply:
    """What the person's roles allow; or one command of it, by its longest name."""
    words = call.words()
    if not words:
        rows = COMMANDS.rows_for(call.actor)
        return Reply(card=help_card([(row.name, row.help, row.example) for row in rows]))
    row = COMMANDS.longest(words)
    if row is None or not row.is_for(call.actor):
        return unknown(words[0] if row is None else row.name, call.actor)
    return Reply(card=notice(f"{row.name}: {row.help}", f"For example: {row.example}"))


def unknown(name: str, actor: Actor) -> Reply:
    """What is said to a word that is no command, or is none for this person."""
    if _REFERENCE.fullmatch(name):
        shown = f"For example: /lantern show {name.upper()}"
        return Reply(card=notice("Say what to do with that case.", shown))
    near = COMMANDS.nearest(name, actor)
    whose = " for your roles" if COMMANDS.find(name) else ""
    said = f"There is no command “{name[:_LONGEST_NAME]}”{whose}."
    if near is None:
        return Reply(card=notice(said, "Type /lantern help for all that there are."))
    return Reply(card=notice(f"{said} Did you mean “{near.name}”?", f"For example: {near.example}"))
