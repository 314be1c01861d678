"""Handle Teams' activities: translate, run the command in a thread, and render the reply."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.add_to_case import ADD, as_note
from bot.cards.kit.click import Click
from bot.cards.kit.reply_cards import notice
from bot.cards.schools.home import KIND as HOME
from bot.interaction import Interaction, Reply
from bot.posting.channel_privacy import Watch
from bot.second_try import patiently
from bot.teams import message_extension as extension
from bot.teams import responses as answers
from bot.teams import thread_messages as threads
from bot.teams.action_values import clicked, submitted
from bot.teams.card_refresh import anew, refreshed
from bot.teams.gateway import Gateway
from bot.teams.inbound_request import ARRIVED, InboundRequest, part
from bot.teams.markup import Json
from bot.teams.plain_text import command, typed_text
from bot.teams.renderer import dialog as dialog_answer
from bot.teams.slow_replies import FOLLOWS, Patience
from bot.teams.student_chat import StudentChat
from integrations.fault_log import log_failure
from store.queries.schools.staff import actor_by_identity
from store.rules.errors import CaseworkError
from store.rules.model import Platform


class Listeners:
    """One method for each kind of activity; ``register`` connects them to the SDK."""

    def __init__(self, gateway: Gateway, watch: Watch) -> None:
        self._gateway = gateway
        self._patience = Patience(gateway)
        self._watch = watch
        self._students = StudentChat(gateway.store, gateway.authenticator)

    def register(self, app: Any) -> None:
        """Register with the SDK. Parameters stay untyped, since it compares annotations."""
        app.on_message(lambda _: self._in_thread(self.typed))
        app.on_card_action_execute(lambda _: self._in_thread(self.executed))
        app.on_dialog_open(lambda _: self._in_thread(self.opened))
        app.on_dialog_submit(lambda _: self._in_thread(self.submitted))
        app.on_message_ext_open(lambda _: self._in_thread(self.adding))
        app.on_message_ext_submit(lambda _: self._in_thread(self.added))
        app.on_message_ext_query(lambda _: self._in_thread(self.searched))
        app.on_message_update(lambda _: self._in_thread(self.message_changed))
        app.on_message_delete(lambda _: self._in_thread(self.message_changed))
        app.on_conversation_update(lambda _: self._in_thread(self.members_changed))
        app.on_install_add(lambda _: self._in_thread(self.installed))

    async def _in_thread(self, listener: Any) -> Any:
        arrived = ARRIVED.get()
        try:
            return await patiently(partial(listener, arrived))
        except Exception as error:
            # The SDK swallows it, and its text may quote a person; the endpoint answers 200.
            log_failure("teams listener failed", error, activity=arrived.kind)
            raise

    def typed(self, arrived: InboundRequest) -> None:
        """Handle a mention in a channel, or a line in the chat with one person."""
        if isinstance(arrived.body.get("value"), Mapping):
            self._clicked_in_message(arrived)
            return
        if not (arrived.is_personal or _mentions_bot(arrived)):
            threads.save_thread_message(self._gateway.store, self._gateway.authenticator, arrived)
            return
        line = typed_text(arrived.body.get("text"))
        asks = partial(self._gateway.guarded, arrived, lambda: self._line(arrived, line))
        reply = self._patience.answer(arrived, asks, late=Reply())
        if reply.dialog:
            name, rest = command(line)
            self._gateway.tell(arrived, self._gateway.opener(name, rest, reply.dialog))
        elif reply.card:
            self._gateway.tell(arrived, reply.card)

    def executed(self, arrived: InboundRequest) -> Json:
        """Handle a button or select of a card, or Teams' refresh of a card."""
        click = clicked(_data(part(_value(arrived), "action")))
        if arrived.is_refresh:
            return anew(self._gateway, arrived, click.ids)
        reply = self._in_time(arrived, click)
        if reply.dialog:
            return answers.private_line(answers.ONLY_A_BUTTON)
        if reply.card and answers.is_short(reply.card):
            return answers.private_line(answers.words(reply.card))
        if reply.card:
            return answers.private_line(self._gateway.reach_and_say(arrived, reply.card))
        if not reply.errors and "case" in click.ids:
            return refreshed(self._gateway, arrived, click.ids["case"])
        return answers.private_line(" ".join(reply.errors.values()) or answers.DONE)

    def opened(self, arrived: InboundRequest) -> Json:
        """Open the dialog of a button."""
        return answers.window(self._gateway.asks(arrived, clicked(_data(_value(arrived)))))

    def submitted(self, arrived: InboundRequest) -> Json:
        """Handle a dialog's answers. Errors appear beside their field, and what was typed stays."""
        data = _data(_value(arrived))
        # A button of a card that is shown in a window comes back as a submission too.
        click = clicked(data) if "dialog_id" in data else submitted(data)
        return self._closed(arrived, click, self._in_time(arrived, click))

    def adding(self, arrived: InboundRequest) -> Json:
        """Open the “Add to case” dialog for a message."""
        payload = part(_value(arrived), "messagePayload")
        return answers.window(
            self._gateway.guarded(arrived, lambda: self._add_dialog(arrived, payload))
        )

    def added(self, arrived: InboundRequest) -> Json:
        """Handle the submitted “Add to case” dialog."""
        click = submitted({"action": ADD, **part(_value(arrived), "data")})
        reply = self._gateway.guarded(arrived, lambda: self._add(arrived, click), click.values)
        if not reply.errors:
            return answers.told(answers.words(reply.card) if reply.card else "Added to the case.")
        payload = {"body": {"content": (click.values or {}).get("note", "")}}
        again = self._gateway.guarded(arrived, lambda: self._add_dialog(arrived, payload))
        if again.dialog is None:
            return answers.window(again)
        wrong = {"note": " ".join(reply.errors.values())}
        return dialog_answer(again.dialog, wrong, click.values)

    def searched(self, arrived: InboundRequest) -> Json:
        """Search cases by a few letters of their reference, status or colleague."""
        given = _value(arrived).get("parameters")
        first = given[0] if isinstance(given, list) and given else {}
        query = str(first.get("value") or "") if isinstance(first, Mapping) else ""
        is_first = isinstance(first, Mapping) and first.get("name") == "initialRun"
        try:
            person = self._gateway.authenticator.person(arrived)
            return extension.found(self._gateway.store, person, "" if is_first else query)
        except CaseworkError:
            return extension.result([])

    def message_changed(self, arrived: InboundRequest) -> None:
        """Save the edit or deletion of a thread message. In the chat with one person, it was acted
        upon already: say that Lantern does not read the change."""
        edited = part(arrived.body, "channelData").get("eventType") == threads.EDITED
        if arrived.is_personal and edited:
            self._gateway.tell(arrived, answers.TOO_LATE)
        else:
            threads.save_changed_message(self._gateway.store, arrived)

    def members_changed(self, arrived: InboundRequest) -> None:
        """Check the channel after people joined or left; a guest closes it."""
        self._gateway.authenticator.forget(arrived)
        self._watch.changed(arrived.tenant, arrived.conversation)

    def installed(self, arrived: InboundRequest) -> None:
        """Greet a person who added Lantern to their chats: staff get their page, students what they
        can ask for. A group chat is told where it works; a team gets no message."""
        if arrived.is_group:
            self._gateway.say_here(arrived, notice(answers.IN_A_GROUP))
        if not arrived.is_personal:
            return
        reply = self._gateway.guarded(arrived, lambda: self._line(arrived, HOME))
        if reply.card:
            self._gateway.tell(arrived, reply.card)

    # -- The parts of these --------------------------------------------------------------------

    def _in_time(self, arrived: InboundRequest, click: Click) -> Reply:
        """Answer a click or a form in time, or say that the answer follows."""
        return self._patience.answer(
            arrived, lambda: self._gateway.asks(arrived, click), late=Reply(card=FOLLOWS)
        )

    def _line(self, arrived: InboundRequest, line: str) -> Reply:
        """Run a typed line: for staff as a command, for a student in their own chat."""
        gateway = self._gateway
        person = gateway.authenticator.person(arrived)
        with gateway.store.database.read() as connection:
            is_staff = actor_by_identity(connection, Platform.TEAMS, person.tenant, person.user)
        if is_staff is None and (student := self._students.student(arrived)):
            return Reply(card=self._students.answer(student, line, arrived.key))
        name, rest = command(line)
        return gateway.asks(arrived, Click(name), rest)

    def _clicked_in_message(self, arrived: InboundRequest) -> None:
        """Handle an Action.Submit outside a dialog, which arrives as a message without text."""
        reply = self._gateway.asks(arrived, clicked(_data(_value(arrived))))
        if reply.card:
            self._gateway.tell(arrived, reply.card)

    def _closed(self, arrived: InboundRequest, click: Click, reply: Reply) -> Json:
        if reply.dialog:
            return dialog_answer(reply.dialog)
        if reply.card and not answers.is_short(reply.card):
            return answers.window(reply)
        if reply.card:
            return answers.told(answers.words(reply.card))
        if not reply.errors:
            return {}
        asked = self._gateway.again(arrived, click)
        if asked is None:
            return answers.told(" ".join(reply.errors.values()))
        return dialog_answer(asked, reply.errors, click.values)

    def _add(self, arrived: InboundRequest, click: Click) -> Reply:
        person = self._gateway.authenticator.person(arrived)
        asked = Interaction(
            person,
            click.action,
            arrived.conversation,
            arrived.key,
            click.ids,
            click.values or {},
        )
        kept = as_note(asked)
        return self._gateway.asks(arrived, Click(kept.action, kept.ids, kept.values), kept.text)

    def _add_dialog(self, arrived: InboundRequest, payload: Mapping[str, Any]) -> Reply:
        person = self._gateway.authenticator.person(arrived)
        return extension.open_add_dialog(self._gateway.store, person, payload)


def _value(arrived: InboundRequest) -> Mapping[str, Any]:
    return part(arrived.body, "value")


def _data(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the ``data`` of an action, or the value itself, as Action.Submit in a message has it.

    It comes back from a client and may be anything; an empty action is no command.
    """
    data = part(value, "data") or value
    ids = data.get("ids")
    return {"action": "", **data, "ids": ids if isinstance(ids, Mapping) else {}}


def _mentions_bot(arrived: InboundRequest) -> bool:
    bot = part(arrived.body, "recipient").get("id")
    entities = arrived.body.get("entities")
    found = [each for each in entities if isinstance(each, Mapping)] if entities else []
    return any(part(each, "mentioned").get("id") == bot for each in found)
