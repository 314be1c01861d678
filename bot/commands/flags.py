"""hold: answer whether the data of a held day is right."""

from __future__ import annotations

from bot.cards.flags.surge_holds import hold_dialog
from bot.cards.kit.reply_cards import notice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.flags import hold_surges as holds
from store.queries.flags.queue import HeldLine
from store.rules.access.permissions import Action
from store.rules.errors import InvalidInput
from store.rules.flags.capacity import HoldDecision
from store.rules.text.formatting import counted, listed, short_day

_SAID = {
    "release": HoldDecision.RELEASED,
    "released": HoldDecision.RELEASED,
    "right": HoldDecision.RELEASED,
    "dismiss": HoldDecision.DISMISSED,
    "dismissed": HoldDecision.DISMISSED,
    "error": HoldDecision.DISMISSED,
}


@COMMANDS.add(
    "hold",
    "As module organiser or lead: say whether a held day's data is right.",
    "hold FR101 dismiss the registers were never loaded",
    Action.SEE,
)
def hold(call: Call) -> Reply:
    """Answer a question: ``7`` or ``FR101``, then ``release`` or ``dismiss`` and a reason.

    Raises ``InvalidInput`` where the line says neither release nor dismiss.
    """
    words = call.words() if call.was_typed else []
    given = call.interaction.ids.get("decision", "")
    said = words[1] if len(words) > 1 else given
    decision = _SAID.get(said.casefold())
    if decision is None:
        raise InvalidInput(
            f"Type release if the data is right, dismiss if it is not. For example: "
            f"{call.command.example}"
        )
    line = _question(call, words)
    why = " ".join(words[2:]) if call.answers is None else call.answers.get("reason", "")
    if call.answers is None and not why:
        return Reply(dialog=hold_dialog(line, decision))
    about = f"{line.name}, {short_day(line.day)}"
    if decision is HoldDecision.DISMISSED:
        holds.dismiss_surge(call.store, call.request, line.id, why)
        lines = [f"{about}: flags dismissed as a data error. No cases were opened."]
    else:
        opened = holds.release_surge(call.store, call.request, line.id, why)
        lines = [
            f"{about}: flags released, {counted(opened, 'case')} opened now.",
            "Students over today's limit are in /lantern queue.",
        ]
    if left := holds.still_open(call.store, line):
        lines.append(f"{line.name} still has {listed(left)} to answer.")
    return Reply(card=notice(lines[0], " ".join(lines[1:])))


def _question(call: Call, words: list[str]) -> HeldLine:
    """Find the question that a button carries, or that is typed by its number or its module."""
    wanted = call.interaction.ids.get("hold") or (words[0] if words else "")
    return holds.find_question(call.store, call.request, wanted)
