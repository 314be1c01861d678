"""Responses to Teams' invokes: the body of the HTTP response."""

from __future__ import annotations

from bot.cards.kit.model import Card, Facts, Text
from bot.cards.kit.reply_cards import notice
from bot.interaction import Reply
from bot.teams import command_syntax as wording
from bot.teams.markup import Json
from bot.teams.renderer import CONTENT_TYPE, message
from bot.teams.renderer import dialog as dialog_answer
from integrations.chat.interface import MessageRef
from integrations.chat.teams.workspace import TARGETED

SAID = "application/vnd.microsoft.activity.message"
SENT_PRIVATELY = "I have sent the answer to you in our chat."
SENT_HERE = "Only you see my answer here. Teams removes it after 24 hours."
NOT_SENT = (
    "I could not write to you. Add Lantern to your own chats in Teams, then press the button again."
)
NOT_NOW = "I could not write to you just now. Press the button again in a few minutes."
IN_A_GROUP = (
    "Hello. Cases are in the schools' channels, so none is shown in this chat. If you mention me "
    "here, I reply only to you, in our own chat."
)
ONLY_A_BUTTON = "Use the button on the card again: this opens in a window."
TOO_LATE = notice(
    "I have acted on your first message, and do not read changes to it.",
    "To say something else, send a new message.",
)
DONE = "Done."
TITLE = "Lantern"


def sent(told: MessageRef, conversation: str) -> str:
    """Say in which chat to find an answer that was too long for the line at the card."""
    is_here = told.message.startswith(TARGETED) and told.address.channel == conversation
    return SENT_HERE if is_here else SENT_PRIVATELY


def private_line(sentence: str) -> Json:
    """Answer Action.Execute with a line at the card, for this person alone."""
    return {"statusCode": 200, "type": SAID, "value": wording.rewrite_sentence(sentence)}


def shown(card: Card) -> Json:
    """Answer Action.Execute with the current card, for this person alone."""
    content = message(card)["attachments"][0]["content"]
    return {"statusCode": 200, "type": CONTENT_TYPE, "value": content}


def window(reply: Reply) -> Json:
    """Build the response to ``task/fetch`` that opens a dialog."""
    if reply.dialog:
        return dialog_answer(reply.dialog)
    if reply.card is None:
        return told(DONE)
    card = message(reply.card)["attachments"][0]
    value = {"title": TITLE, "width": "medium", "height": "medium", "card": card}
    return {"task": {"type": "continue", "value": value}}


def told(sentence: str) -> Json:
    """Answer ``task/submit`` by closing the dialog with a sentence."""
    return {"task": {"type": "message", "value": wording.rewrite_sentence(sentence)}}


def words(card: Card) -> str:
    """Return the words of a notice as one paragraph."""
    lines = [block.text for block in card.blocks if isinstance(block, Text)]
    return "\n\n".join(lines) or card.summary


def is_short(card: Card) -> bool:
    """Return whether a card has nothing but its words."""
    return card.kind == "notice" and not any(isinstance(block, Facts) for block in card.blocks)
