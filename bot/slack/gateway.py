"""Run requests from Slack in a thread, and show answers to one person alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog

from bot.add_to_case import ADD, add_dialog, as_note
from bot.cards.kit.click import Click
from bot.cards.kit.model import Actions, Button, Card, Dialog, Text
from bot.cards.kit.reply_cards import notice
from bot.commands.dispatcher import Dispatcher
from bot.error_boundary import guarded
from bot.interaction import Interaction, Person, Reply
from bot.posting.direct_messages import post_privately
from bot.slack.authentication import Authenticator
from bot.slack.inbound_request import InboundRequest, part
from bot.slack.markup import Json
from bot.slack.renderer import card_view, home_view, message, modal_view
from bot.slack.typed_words import TypedWords
from integrations.activity.lookups import Lookups
from integrations.chat.interface import Address, DeliveryError
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.fault_log import log_failure
from store.actions.request import AlreadyDone, once
from store.db.unit_of_work import Store
from store.queries.students.references import case_id_of
from store.rules.model import Platform

WORKING = notice("Working on it …", "The answer will appear in this window.")
DONE = notice("Done.")

log = structlog.get_logger(__name__)


class Gateway:
    """Runs requests and shows answers. All calls block; listeners call them in a thread."""

    def __init__(
        self, store: Store, workspace: SlackWorkspace, lookups: Lookups | None = None
    ) -> None:
        self.store = store
        self.workspace = workspace
        self.authenticator = Authenticator(store, workspace)
        self.typed = TypedWords(store.now)
        self._desk = Dispatcher(store, lookups)

    def asks(
        self,
        arrived: InboundRequest,
        read: Callable[[], Click],
        values: Mapping[str, str] | None = None,
    ) -> Reply:
        """Run a person's click, form or command. Never raises.

        ``read`` reads the payload; it fails where the client sent an altered one.
        """
        return guarded(arrived.kind, lambda: self._ask(arrived, read()), values)

    def line(self, arrived: InboundRequest, name: str, text: str) -> Reply:
        """Run a command that a person typed after ``/lantern``."""
        return guarded(arrived.kind, lambda: self._ask(arrived, Click(name), text))

    def adding(self, arrived: InboundRequest, said: str) -> Reply:
        """Open or submit “Add to case” for a message."""
        return guarded(arrived.kind, lambda: add_dialog(self.store, self._person(arrived), said))

    def show(self, arrived: InboundRequest, reply: Reply, window: str | None) -> None:
        """Show the answer to this person alone: in ``window`` where one is waiting for it."""
        try:
            if window:
                self._replace(arrived, window, reply)
            elif reply.dialog and _is_turning(arrived, reply.dialog):
                self._replace(arrived, arrived.view, reply)
            elif reply.dialog:
                window_of = modal_view(self._with_typed(arrived, reply.dialog))
                self._open(arrived, window_of, self._opener(arrived, reply.dialog))
            elif card := reply.card or _wrong(reply):
                self._tell(arrived, card)
            if arrived.is_home:
                self.publish_home(arrived)
        except DeliveryError as error:
            log_failure("private answer not delivered", error)
            self._tell_without_token(arrived, reply)

    def _tell_without_token(self, arrived: InboundRequest, reply: Reply) -> None:
        """Answer at the address that came with the request: the token may be refused, and a click
        that nothing answers looks like one that Lantern did not get."""
        if not arrived.answers_to:
            return
        card = reply.card or _wrong(reply) or DONE
        if reply.dialog:
            card = self._opener(arrived, reply.dialog)
        try:
            self.workspace.answer_at(arrived.answers_to, message(card))
        except DeliveryError as error:
            log_failure("answer without a token not delivered", error)

    def _replace(self, arrived: InboundRequest, window: str, reply: Reply) -> None:
        """Replace the window by the answer."""
        if reply.dialog:
            reply = replace(reply, dialog=self._with_typed(arrived, reply.dialog))
        self.put_in(arrived, window, self.result(reply), reply)

    def _with_typed(self, arrived: InboundRequest, dialog: Dialog) -> Dialog:
        return self.typed.restored((arrived.team, arrived.user), dialog)

    def put_in(self, arrived: InboundRequest, window: str, view: Json, reply: Reply) -> None:
        """Show an answer in a window, as this ``view``.

        Where that is not possible, since it was closed meanwhile or Slack is too busy, the answer
        goes to the person's own chat. Raises ``DeliveryError`` where that fails, too.
        """
        try:
            _after_a_pause(lambda: self.workspace.update_view(arrived.team, window, view))
        except DeliveryError as error:
            log_failure("window not changed", error)
            if reply.dialog:
                self._tell_directly(arrived, self._opener(arrived, reply.dialog))
            else:
                self._tell_directly(arrived, reply.card or _wrong(reply) or DONE)

    def wait(self, arrived: InboundRequest) -> str | None:
        """Open a window that says that the answer takes longer, while Slack still allows it."""
        if not arrived.trigger:
            return None
        try:
            return self._window(arrived, card_view(WORKING))
        except DeliveryError as error:
            log_failure("window not opened", error)
            return None

    def result(self, reply: Reply) -> Json:
        """Render an answer as a window."""
        if reply.dialog:
            return modal_view(reply.dialog)
        return card_view(reply.card or _wrong(reply) or DONE)

    def publish_home(self, arrived: InboundRequest) -> None:
        """Show this person's current Home page."""

        def page() -> Reply:
            person = self.authenticator.person(arrived)
            return self._desk.handle(Interaction(person, "home", "", f"{arrived.key}:home"))

        reply = guarded(arrived.kind, page)
        try:
            shown = home_view(reply.card or DONE)
            _after_a_pause(lambda: self.workspace.publish_home(arrived.team, arrived.user, shown))
        except DeliveryError as error:
            log_failure("home not published", error)

    def is_first(self, arrived: InboundRequest) -> bool:
        """Return whether this event is new: an old edit delivered again would undo a newer one."""
        try:
            with self.store.unit_of_work() as work:
                once(work, f"{arrived.key}:seen")
        except AlreadyDone:
            return False
        return True

    def _person(self, arrived: InboundRequest) -> Person:
        """Identify who acts; a repeated request stops here."""
        person = self.authenticator.person(arrived)
        with self.store.unit_of_work() as work:
            once(work, f"{arrived.key}:seen")
        return person

    def _ask(self, arrived: InboundRequest, click: Click, text: str = "") -> Reply:
        asked = Interaction(
            self._person(arrived),
            click.action,
            arrived.channel,
            arrived.key,
            click.ids,
            click.values,
            text,
        )
        return self._desk.handle(as_note(asked) if click.action == ADD else asked)

    def _tell(self, arrived: InboundRequest, card: Card) -> None:
        if arrived.is_in_window or arrived.is_home:
            self._open(arrived, card_view(card), card)
            return
        here = Address(Platform.SLACK, arrived.team, arrived.channel)
        if arrived.channel.startswith("D"):
            _after_a_pause(
                lambda: post_privately(self.store, self.workspace, here, card, arrived.key)
            )
            return
        said = message(card)
        try:
            _after_a_pause(
                lambda: self.workspace.ephemeral(here, arrived.user, said, thread=arrived.thread)
            )
        except DeliveryError as error:
            if not (error.permanent or error.waits or error.throttled):
                raise
            # Commands also work where Lantern is no member: the answer then comes in its own chat.
            self._tell_directly(arrived, card)

    def _open(self, arrived: InboundRequest, window: Json, otherwise: Card) -> None:
        try:
            if arrived.trigger:
                self._window(arrived, window)
                return
        except DeliveryError as error:
            log_failure("window not opened", error)
        self._tell_directly(arrived, otherwise)

    def _window(self, arrived: InboundRequest, window: Json) -> str:
        if arrived.is_in_window:
            return self.workspace.push_view(arrived.team, arrived.trigger, window)
        return self.workspace.open_view(arrived.team, arrived.trigger, window)

    def _tell_directly(self, arrived: InboundRequest, card: Card) -> None:
        def tell() -> None:
            chat = self.workspace.direct(arrived.team, arrived.user)
            post_privately(self.store, self.workspace, chat, card, arrived.key)

        _after_a_pause(tell)

    def _opener(self, arrived: InboundRequest, dialog: Dialog) -> Card:
        """Build a button for the dialog: a mention, or a click 3 seconds old, cannot open one."""
        case = dialog.ids.get("case") or self._case_in(arrived)
        ids = dict(dialog.ids) | ({"case": case} if case else {})
        button = Button("Open", dialog.action, ids, opens_dialog=True)
        return Card("open", dialog.title, (Text(dialog.title), Actions((button,))))

    def _case_in(self, arrived: InboundRequest) -> str:
        words = str(arrived.body.get("text") or "").split()
        if len(words) < 2:
            return ""
        with self.store.database.read() as connection:
            found = case_id_of(connection, words[1])
        return "" if found is None else str(found)


def _after_a_pause(do: Callable[[], object]) -> None:
    """Run ``do``, and once more after a failure that may pass. A person is waiting for this answer,
    and nothing else would send it again. Not where Slack asked for a long pause; the workspace
    waits for a short one.
    """
    try:
        do()
    except DeliveryError as error:
        if error.waits or error.permanent:
            raise
        do()


def _wrong(reply: Reply) -> Card | None:
    return notice(" ".join(reply.errors.values())) if reply.errors else None


def _is_turning(arrived: InboundRequest, dialog: Dialog) -> bool:
    """Return whether the dialog replaces its own window, as the next page does: Slack stacks at
    most three windows.
    """
    window = part(arrived.body, "view")
    return arrived.is_in_window and window.get("callback_id") == dialog.action
