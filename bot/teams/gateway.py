"""Run requests from Teams in a thread, and show answers to one person alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from bot.cards.kit.click import Click
from bot.cards.kit.model import Actions, Button, Card, Dialog, Text
from bot.commands.dispatcher import Dispatcher
from bot.error_boundary import guarded
from bot.interaction import Interaction, Reply
from bot.posting.direct_messages import post_privately
from bot.teams import responses
from bot.teams.authentication import Authenticator
from bot.teams.inbound_request import InboundRequest, part
from bot.teams.reach import ask_in_channel, lacks_app, tell_aside
from bot.teams.renderer import message
from integrations.activity.lookups import Lookups
from integrations.chat.interface import Address, DeliveryError, MessageRef
from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.fault_log import log_failure
from store.db.unit_of_work import Store
from store.queries.students.references import case_id_of
from store.rules.model import Platform

log = structlog.get_logger(__name__)


class Gateway:
    """Runs requests and shows answers. All calls block; listeners call them in a thread."""

    def __init__(
        self, store: Store, workspace: TeamsWorkspace, lookups: Lookups | None = None
    ) -> None:
        self.store = store
        self.workspace = workspace
        self.authenticator = Authenticator(store, workspace)
        self._desk = Dispatcher(store, lookups)

    def asks(self, arrived: InboundRequest, click: Click, text: str = "") -> Reply:
        """Run a person's click, form or command. Never raises."""
        return self.guarded(arrived, lambda: self._ask(arrived, click, text), click.values)

    def again(self, arrived: InboundRequest, click: Click) -> Dialog | None:
        """Build the dialog of a submission again, to show it with its errors; None where the person
        may not open it."""
        asked, key = Click(click.action, click.ids), f"{arrived.key}:again"
        return self.guarded(arrived, lambda: self._ask(arrived, asked, key=key)).dialog

    def guarded(
        self,
        arrived: InboundRequest,
        do: Callable[[], Reply],
        values: Mapping[str, str] | None = None,
    ) -> Reply:
        """Run ``do``, and answer an error with a sentence."""
        return guarded(arrived.kind, do, values)

    def tell(self, arrived: InboundRequest, card: Card) -> None:
        """Show a card to this person alone: in their own chat, or else where they are. If Teams
        allows neither, say there how to add Lantern; if it fails, that they may try again."""
        try:
            self.reach(arrived, card, arrived.key)
        except DeliveryError as error:
            if not arrived.is_personal:
                self._say_that_it_failed(arrived, error)

    def begin(self, arrived: InboundRequest, card: Card) -> MessageRef | None:
        """Show a card that another one will replace; None where it is not delivered."""
        try:
            return self.reach(arrived, card, f"{arrived.key}:begun")
        except DeliveryError:
            return None

    def reach_and_say(self, arrived: InboundRequest, card: Card) -> str:
        """Show a card to this person alone; say where it is, or what to do where that failed."""
        try:
            told = self.reach(arrived, card, arrived.key)
        except DeliveryError as error:
            return responses.NOT_SENT if lacks_app(error) else responses.NOT_NOW
        return responses.sent(told, arrived.conversation)

    def reach(self, arrived: InboundRequest, card: Card, key: str) -> MessageRef:
        """Show a card to this person alone: in their own chat, or else where they are.

        Raises:
            DeliveryError: it is not delivered; its ``lacks_app`` says whether that is because
                Lantern may not write to them.
        """
        try:
            return self._post_privately(arrived, card, key)
        except DeliveryError as error:
            log_failure("private message not delivered", error)
            if arrived.is_personal or not lacks_app(error):
                raise
            return self._tell_aside(arrived, card, key, error)

    def _tell_aside(
        self, arrived: InboundRequest, card: Card, key: str, lacking: DeliveryError
    ) -> MessageRef:
        here, user = self._here(arrived), str(part(arrived.body, "from").get("id"))
        try:
            return tell_aside(
                self.store, self.workspace, here, user, card, key, thread=arrived.thread
            )
        except DeliveryError as error:
            log_failure("targeted message not delivered", error)
            # A temporary error says nothing about the tenant or the person.
            is_settled = error.waits or error.permanent
            raise (lacking if is_settled else error) from None

    def _say_that_it_failed(self, arrived: InboundRequest, failed: DeliveryError) -> None:
        who = part(arrived.body, "from")
        person = str(who.get("id")), str(who.get("name") or "")
        try:
            ask_in_channel(
                self.workspace,
                self._here(arrived),
                person,
                arrived.key,
                lacks=lacks_app(failed),
                thread=arrived.thread,
            )
        except DeliveryError as error:
            log_failure("message not delivered", error)

    def finish(self, begun: MessageRef, card: Card) -> None:
        """Replace the card that ``begin`` showed by the answer."""
        try:
            self.workspace.update(begun, message(card))
        except DeliveryError as error:
            log_failure("late answer not delivered", error)

    def say_here(self, arrived: InboundRequest, card: Card) -> None:
        """Show a card to everyone in the conversation; it must contain nothing about a case."""
        here = self._here(arrived)
        try:
            self.workspace.post(here, message(card), key=arrived.key)
        except DeliveryError as error:
            log_failure("message not delivered", error)

    def opener(self, action: str, text: str, dialog: Dialog) -> Card:
        """Build a button that opens the dialog: a typed line in Teams cannot."""
        case = dialog.ids.get("case") or self._case(text)
        ids = dict(dialog.ids) | ({"case": case} if case else {})
        button = Button("Open", action.casefold(), ids, opens_dialog=True)
        return Card("open", dialog.title, (Text(dialog.title), Actions((button,))))

    def _post_privately(self, arrived: InboundRequest, card: Card, key: str) -> MessageRef:
        return post_privately(self.store, self.workspace, self._private(arrived), card, key)

    def _ask(self, arrived: InboundRequest, click: Click, text: str = "", key: str = "") -> Reply:
        person = self.authenticator.person(arrived)
        asked = Interaction(
            person,
            click.action,
            arrived.conversation,
            key or arrived.key,
            click.ids,
            click.values,
            text,
        )
        return self._desk.handle(asked)

    def _private(self, arrived: InboundRequest) -> Address:
        if arrived.is_personal:
            return self._here(arrived)
        self.workspace.know(arrived.tenant, arrived.user, part(arrived.body, "from").get("id"))
        return self.workspace.direct(arrived.tenant, arrived.user)

    def _here(self, arrived: InboundRequest) -> Address:
        return Address(Platform.TEAMS, arrived.tenant, arrived.conversation)

    def _case(self, text: str) -> str:
        reference = text.partition(" ")[0]
        if not reference:
            return ""
        with self.store.database.read() as connection:
            found = case_id_of(connection, reference)
        return "" if found is None else str(found)
