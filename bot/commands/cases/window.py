"""A case's window, which shows the result of each action above the updated case."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.cases.actions import IN_WINDOW
from bot.cards.kit.model import Actions, Card, Dialog, DialogBlock, Facts, Text
from bot.commands.cases.own import JUST_DONE, show
from bot.commands.table import Call
from bot.interaction import Reply
from store.rules.errors import CaseworkError

DONE = "Done."


def after_a_click(call: Call, reply: Reply) -> Reply:
    """Show the answer to a click in a case's window in that window.

    A dialog that follows remembers the window. Once the action is done, the case is shown again,
    with a sentence on top; only the answer, where the person may no longer see the case.
    """
    case = call.interaction.ids.get(IN_WINDOW)
    if case is None or reply.errors:
        return reply
    if reply.dialog is not None:
        return Reply(dialog=_remembering(reply.dialog, case))
    said = _sentence(reply.card)
    if said is None:
        return reply
    ids = {"case": case, IN_WINDOW: case, JUST_DONE: said}
    asked = replace(call.interaction, ids=ids, values=None, key=f"{call.interaction.key}:shown")
    try:
        shown = show(replace(call, interaction=asked))
    except CaseworkError:
        return reply
    return shown if shown.dialog else reply


def _sentence(card: Card | None) -> str | None:
    """Return what a short answer says; None for a card that has more than words."""
    if card is None:
        return DONE
    words = [block.text for block in card.blocks if isinstance(block, Text)]
    is_short = card.kind == "notice" and not any(isinstance(b, Facts) for b in card.blocks)
    return "\n".join(words) if is_short else None


def _remembering(dialog: Dialog, case: str) -> Dialog:
    """Mark the dialog, and what it leads to, so that the answer is shown in the case's window."""
    mark = {IN_WINDOW: case}

    def block(each: DialogBlock) -> DialogBlock:
        if not isinstance(each, Actions):
            return each
        buttons = (replace(one, ids={**one.ids, **mark}) for one in each.buttons)
        more = (replace(one, ids={**one.ids, **mark}) for one in each.more)
        return Actions(tuple(buttons), tuple(more))

    return replace(
        dialog, ids={**dialog.ids, **mark}, blocks=tuple(block(each) for each in dialog.blocks)
    )
