"""Answer work that takes longer than Teams waits: first a notice, then the answer in its place.

Teams gives up on a click or a form after some ten seconds, and shows an error although the work
continues. So the person is told in time, and reads the answer in their own chat with Lantern.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import Protocol

from bot.cards.kit.model import Card, Dialog
from bot.cards.kit.reply_cards import notice
from bot.interaction import Reply
from bot.teams.inbound_request import InboundRequest
from bot.teams.responses import DONE
from integrations.chat.interface import MessageRef
from integrations.fault_log import log_failure

PATIENCE = 6.0
"""Seconds."""
WORKING = notice("Working on it …", "The answer will appear here.")
FOLLOWS = notice("Working on it. The answer comes in our chat.")


class Chat(Protocol):
    """The person's own chat with Lantern."""

    def begin(self, arrived: InboundRequest, card: Card) -> MessageRef | None:
        """Post a card in the person's chat; None where it could not be delivered."""
        ...

    def tell(self, arrived: InboundRequest, card: Card) -> object:
        """Show a card in the person's chat, or where else they see it."""
        ...

    def finish(self, message: MessageRef, card: Card) -> None:
        """Replace the card that ``begin`` posted by the answer."""
        ...

    def opener(self, action: str, text: str, dialog: Dialog) -> Card:
        """Build a card whose button opens the dialog."""
        ...


class Patience:
    """Runs work in a thread, and waits for it up to a time limit."""

    def __init__(self, chat: Chat, seconds: float = PATIENCE) -> None:
        self._chat = chat
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(32, "teams-ask")

    def answer(self, arrived: InboundRequest, ask: Callable[[], Reply], late: Reply) -> Reply:
        """Return the answer of ``ask`` if it comes in time; else return ``late`` and send it
        later."""
        asked = self._threads.submit(copy_context().run, ask)
        if wait({asked}, self._seconds).done:
            return asked.result()
        begun = self._chat.begin(arrived, WORKING)
        asked.add_done_callback(lambda done: self._finish(arrived, begun, done))
        return late

    def _finish(
        self, arrived: InboundRequest, begun: MessageRef | None, done: Future[Reply]
    ) -> None:
        error = done.exception()
        if error is not None:
            log_failure("late answer failed", error)
        reply = Reply() if error else done.result()
        card = reply.card or notice(" ".join(reply.errors.values()) or DONE)
        if reply.dialog:
            card = self._chat.opener(reply.dialog.action, "", reply.dialog)
        if begun is None:
            self._chat.tell(arrived, card)
        else:
            self._chat.finish(begun, card)
