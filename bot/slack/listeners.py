"""Handle Slack's requests: acknowledge, run the command in a thread, and render the reply.

Slack waits three seconds, so only reading the request comes before the acknowledgement. A form is
the exception, since its errors are part of the acknowledgement; it waits for the dispatcher as
long as ``FORM_PATIENCE``.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.add_to_case import ADD
from bot.interaction import Reply
from bot.posting.channel_privacy import Watch
from bot.second_try import patiently
from bot.slack import thread_messages as threads
from bot.slack.action_values import clicked, places_of, submitted
from bot.slack.gateway import WORKING, Gateway
from bot.slack.inbound_request import InboundRequest, inbound_request, part
from bot.slack.markup import Json
from bot.slack.plain_text import command, without_mentions
from bot.slack.renderer import beside, card_view
from bot.slack.resubmitted_form import refilled
from integrations.chat.slack.credentials import is_organisation
from integrations.error_summary import GOES_THROUGH
from integrations.fault_log import log_failure
from store.actions.schools.channels import move_channel
from store.platforms.slack import uninstall
from store.rules.model import Platform

PATIENCE = 1.5
"""Seconds before a person is told that the answer takes longer."""
FORM_PATIENCE = 0.1
"""The same for a form, whose acknowledgement carries its errors and so comes last."""
FORMS_AT_ONCE = 4
ANSWERS_AT_ONCE = 32
"""They wait for Slack, some tenths of a second each, and for the next message of a chat."""

ANYTHING = re.compile(r".*", re.DOTALL)
TYPED = "plain_text_input"
_SILENT = ("bot_id", "app_id")

Ack = Callable[..., Awaitable[Any]]


class Listeners:
    """One method for each kind of request; ``register`` connects them to bolt."""

    def __init__(
        self,
        gateway: Gateway,
        watch: Watch,
        patience: float = PATIENCE,
        form_patience: float = FORM_PATIENCE,
    ) -> None:
        self._gateway = gateway
        self._watch = watch
        self._patience = patience
        self._form_patience = form_patience
        # So that a form does not queue behind commands, whose acknowledgement is out already.
        self._forms = ThreadPoolExecutor(FORMS_AT_ONCE, "slack-forms")
        # So that an answer that waits for Slack holds up no other person's command.
        self._answers = ThreadPoolExecutor(ANSWERS_AT_ONCE, "slack-answers")

    def register(self, app: AsyncApp) -> None:
        """Register the listeners with bolt, which passes arguments by parameter name."""
        app.command(ANYTHING)(self.typed)
        app.block_action(ANYTHING)(self.clicked)
        app.view_submission(ANYTHING)(self.submitted)
        app.message_shortcut(ADD)(self.adding)
        app.event("app_home_opened")(self.home_opened)
        app.event("app_mention")(self.mentioned)
        app.event("message")(self.said)
        for each in ("member_joined_channel", "channel_shared", "channel_unshared"):
            app.event(each)(self.channel_changed)
        app.event("channel_id_changed")(self.channel_moved)
        app.event("user_change")(self.person_changed)
        for each in ("app_uninstalled", "tokens_revoked"):
            app.event(each)(self.removed)
        # What is not understood is acknowledged all the same, or Slack sends it three times more.
        app.event(ANYTHING)(self.ignored)

    async def typed(self, ack: Ack, body: Json) -> None:
        """Answer the slash command ``/lantern`` with a message for its author."""
        await ack()
        name, rest = command(body.get("text"))
        arrived = self._arrival(body)
        await self._answer(arrived, lambda: self._gateway.line(arrived, name, rest))

    async def clicked(self, ack: Ack, body: Json) -> None:
        """Handle a button, a select or a menu, in a message, a window or on the Home page; or the
        words of a field while they are typed, which are only remembered."""
        await ack()
        arrived = self._arrival(body)
        action = body["actions"][0]
        if action["type"] == TYPED:
            person = arrived.team, arrived.user
            await self._in_thread(lambda: self._gateway.typed.keep(person, body["view"]))
            return
        await self._answer(arrived, lambda: self._gateway.asks(arrived, lambda: clicked(action)))

    async def submitted(self, ack: Ack, body: Json) -> None:
        """Handle a form. Errors appear beside their field, and what was typed stays."""
        arrived = self._arrival(body)
        shown = body["view"]
        values = submitted(shown).values or {}
        work = asyncio.get_running_loop().run_in_executor(
            self._forms, lambda: self._gateway.asks(arrived, lambda: submitted(shown), values)
        )
        work.add_done_callback(lambda done: self._forget(arrived, shown, done))
        if await _is_quick(work, self._form_patience):
            await ack(**self._outcome(await work, places_of(shown)))
            return
        await ack(response_action="update", view=card_view(WORKING))
        reply = await work
        again = refilled(shown, reply.errors) if reply.errors else self._gateway.result(reply)
        await self._in_thread(
            lambda: self._gateway.put_in(arrived, arrived.view, again, reply), self._answers
        )

    def _forget(self, arrived: InboundRequest, shown: Json, done: asyncio.Future[Reply]) -> None:
        if not done.cancelled() and not done.exception() and not done.result().errors:
            self._gateway.typed.forget((arrived.team, arrived.user), shown)

    async def adding(self, ack: Ack, body: Json) -> None:
        """Handle “Add to case” on a message."""
        await ack()
        arrived = self._arrival(body)
        words = without_mentions(part(body, "message").get("text"))
        await self._answer(arrived, lambda: self._gateway.adding(arrived, words))

    async def home_opened(self, body: Json) -> None:
        """Show the Home page when a person opens it."""
        if part(body, "event").get("tab") == "home":
            await self._in_thread(lambda: self._gateway.publish_home(self._arrival(body)))

    async def mentioned(self, body: Json) -> None:
        """Run a command from a mention of Lantern."""
        await self._line(body)

    async def said(self, body: Json) -> None:
        """Run a line in the chat with Lantern as a command; capture one below a card as context."""
        event = part(body, "event")
        if event.get("channel_type") != "im":
            await self._in_thread(
                lambda: threads.save_thread_message(self._gateway, self._arrival(body))
            )
        elif not event.get("subtype") and not any(name in event for name in _SILENT):
            await self._line(body)

    async def channel_changed(self, body: Json) -> None:
        """Check a channel when a person or another organisation has joined it."""
        arrived = self._arrival(body)
        await self._in_thread(lambda: self._watch.changed(arrived.team, arrived.channel))

    async def channel_moved(self, body: Json) -> None:
        """Follow a private channel that got a new id, since someone began to share it with another
        organisation."""
        team, event = self._arrival(body).team, part(body, "event")
        old, new = str(event.get("old_channel_id")), str(event.get("new_channel_id"))

        def follow() -> None:
            if move_channel(self._gateway.store, Platform.SLACK, team, old, new):
                self._watch.changed(team, new)

        await self._in_thread(follow)

    async def person_changed(self, body: Json) -> None:
        """Look up an account again that has changed: it may be a guest's or deactivated."""
        team, user = self._arrival(body).team, str(part(part(body, "event"), "user").get("id"))
        self._gateway.authenticator.forget(team, user)
        self._gateway.workspace.forget(team, user)
        await self._in_thread(self._watch.check_all)

    async def removed(self, body: Json) -> None:
        """Forget the token of a workspace that removed Lantern."""
        event, arrived = part(body, "event"), self._arrival(body)
        team = arrived.team
        if is_organisation(team) and not arrived.is_of_organisation:
            return  # one of its workspaces left; the organisation's own token stays valid
        # The event may be about a person's own token, and Lantern has none of those.
        if event.get("type") == "app_uninstalled" or part(event, "tokens").get("bot"):
            # Slack gives whole seconds.
            at = dt.datetime.fromtimestamp(int(body.get("event_time") or 0) + 1, dt.UTC)
            why = str(event.get("type"))
            await self._in_thread(lambda: uninstall(self._gateway.store, team, why, at))

    async def ignored(self) -> None:
        """Ignore an event that needs no action."""

    def _arrival(self, body: Json) -> InboundRequest:
        return inbound_request(body, self._gateway.workspace.account.teams)

    # -- The parts of these --------------------------------------------------------------------

    async def _line(self, body: Json) -> None:
        arrived = self._arrival(body)
        name, rest = command(part(body, "event").get("text"))
        await self._answer(arrived, lambda: self._gateway.line(arrived, name, rest))

    async def _answer(self, arrived: InboundRequest, do: Callable[[], Reply]) -> None:
        """Run the command, and say in time that it takes longer."""
        work = asyncio.ensure_future(asyncio.to_thread(do))
        window = None
        if not await _is_quick(work, self._patience):
            loop = asyncio.get_running_loop()
            window = await loop.run_in_executor(self._answers, self._gateway.wait, arrived)
        reply = await work
        await self._in_thread(lambda: self._gateway.show(arrived, reply, window), self._answers)

    def _outcome(self, reply: Reply, places: Mapping[str, str]) -> Json:
        if reply.errors and places:
            said = beside(list(places), reply.errors)
            found = {places[name]: sentence for name, sentence in said.items()}
            return {"response_action": "errors", "errors": found}
        if reply.errors or reply.dialog or reply.card:
            return {"response_action": "update", "view": self._gateway.result(reply)}
        return {}

    async def _in_thread(self, do: Callable[[], object], threads: Executor | None = None) -> None:
        try:
            await patiently(do, threads)
        except GOES_THROUGH:
            raise
        except Exception as error:  # noqa: BLE001 -- bolt would log it with what a person said
            log_failure("listener failed", error)


async def _is_quick(work: asyncio.Future[Reply], patience: float) -> bool:
    done, _ = await asyncio.wait({work}, timeout=patience)
    return bool(done)
