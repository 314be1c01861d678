"""The channel page: read it, write in it, and use its cards and dialogs.

A request becomes one ``Interaction``, and its ``Reply`` is shown on the channel's own page. With
JavaScript, a script takes the new parts out of that same page, so there is one way of rendering.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.cards.kit.click import Click
from bot.cards.kit.model import Card
from bot.interaction import Interaction, Person, Reply
from bot.sandbox.action_values import clicked, submitted
from bot.sandbox.backend import SandboxChannel, SandboxPerson
from bot.sandbox.channel_timeline import Timeline
from bot.sandbox.ephemeral import Private, PrivateReplies
from bot.sandbox.errors import SorryError
from bot.sandbox.forms import CHANNEL, MAX_BODY, read_click, read_key, required_field
from bot.sandbox.page_frame import Pages
from bot.sandbox.renderer import card_html
from integrations.chat.interface import DeliveryError
from integrations.chat.sandbox import TENANT, Message
from store.rules.errors import CaseworkError
from store.rules.model import Platform

NO_CHANNELS = "{} has no role in any school, so there are no channels to see."
NOT_YOURS = "{} is not in this channel."
TOO_LONG = "That message is too long: {} characters at most."
MOST_CHARACTERS = 4000
SHOWN = 100
"""Conversations on one page; a link leads to older ones."""

_COMMAND = re.compile(r"[/@]lantern\b\s*(\S*)\s*(.*)", re.IGNORECASE | re.DOTALL)


MISTYPED = (
    "This looks like a command, so it was not posted to the channel. Commands begin with /lantern. "
    "For example: /lantern help"
)


def _is_mistyped(text: str) -> bool:
    """Return whether a line was meant as a command: no one in the channel should read it."""
    first = (text.split() or [""])[0].casefold()
    name = first.lstrip("/@")
    return first.startswith("/") or bool(get_close_matches(name, ["lantern"], cutoff=0.75))


@dataclass(frozen=True, slots=True)
class ChannelForm:
    """One submitted form: who, where, what, and the key that makes it count once."""

    person: SandboxPerson
    channel: SandboxChannel
    form: dict[str, str]
    key: str

    def interaction(self, click: Click, text: str = "") -> Interaction:
        """Translate the submitted form into a neutral interaction."""
        return Interaction(
            person=Person(Platform.SANDBOX, TENANT, self.person.user),
            action=click.action,
            channel=self.channel.channel,
            key=self.key,
            ids=click.ids,
            values=click.values,
            text=text,
        )


class ChannelPages:
    """The pages of a channel, ``/sandbox/c/…``, and the forms on them."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._backend = pages.backend
        self._replies = PrivateReplies()

    def routes(self) -> list[Route]:
        """List the pages to read and the forms to post."""
        return [
            Route("/", self.home),
            Route("/sandbox", self.home),
            Route("/sandbox/c/{channel}", self.read),
            *(
                Route(path, endpoint, methods=["POST"], max_body_size=MAX_BODY)
                for path, endpoint in (
                    ("/sandbox/say", self.say),
                    ("/sandbox/act", self.act),
                    ("/sandbox/submit", self.submit),
                )
            ),
        ]

    async def home(self, request: Request) -> Response:
        """Redirect to the first channel of the person; say so where they have none."""
        person = await self._pages.person(request)
        if person.channels:
            return _to(person.channels[0])
        sentence = person.sees or NO_CHANNELS.format(person.name)
        return await self._pages.show(request, "sorry.html", person, said=sentence)

    async def read(self, request: Request) -> Response:
        """Show a channel, newest messages last."""
        with self._backend.looks():
            person = await self._pages.person(request)
            channel = _channel_of(person, request.path_params["channel"])
            return await self._show(request, person, channel, Private())

    async def say(self, request: Request) -> Response:
        """Post a message to everyone in the channel, or run a command of Lantern.

        Raises ``SorryError`` (413) where the message is too long.
        """
        turn = await self._turn(request)
        text = required_field(turn.form, "text").strip()
        if len(text) > MOST_CHARACTERS:
            raise SorryError(413, TOO_LONG.format(MOST_CHARACTERS))
        command = _COMMAND.fullmatch(text)
        if command:
            click = Click(command[1].lower() or "help")
            return await self._ask(request, turn, turn.interaction(click, command[2]))
        if _is_mistyped(text):
            return await self._show(request, turn.person, turn.channel, Private(sentence=MISTYPED))
        if text:
            await run_in_threadpool(self._post, turn, text)
        return _to(turn.channel)

    async def act(self, request: Request) -> Response:
        """Handle a button, or a choice in a card."""
        turn = await self._turn(request)
        click = read_click(turn.form, clicked)
        return await self._ask(request, turn, turn.interaction(click))

    async def submit(self, request: Request) -> Response:
        """Handle a dialog's answers. If one is wrong, show the dialog again as it was filled in."""
        turn = await self._turn(request)
        click = read_click(turn.form, submitted)
        return await self._ask(request, turn, turn.interaction(click))

    async def _turn(self, request: Request) -> ChannelForm:
        person, form = await self._pages.turn(request)
        return ChannelForm(
            person, _channel_of(person, required_field(form, CHANNEL)), form, read_key(form)
        )

    def _post(self, turn: ChannelForm, text: str) -> None:
        thread = turn.form.get("thread") or None
        say = self._backend.workspace.say
        channel, user = turn.channel.channel, turn.person.user
        try:
            message = say(channel, user, text, thread, key=turn.key)
        except DeliveryError as error:
            raise SorryError(404, "The message you reply to no longer exists.") from error
        if thread and message:
            self._backend.heard(user, channel, thread, message, text)

    async def _ask(self, request: Request, turn: ChannelForm, interaction: Interaction) -> Response:
        try:
            reply = await run_in_threadpool(self._backend.handle, interaction)
        except CaseworkError as error:
            private = Private(sentence=error.sentence)
            return await self._show(request, turn.person, turn.channel, private)
        if reply == Reply():
            return _to(turn.channel)
        if self._replies.has_forgotten(reply, turn.key):
            # After a restart the server knows no open form. What was typed must not be lost.
            fresh = replace(interaction, values=None, text="", key=f"{turn.key}-again")
            opened = await run_in_threadpool(self._backend.handle, fresh)
            reply = replace(reply, dialog=opened.dialog)
        private = self._replies.rendered(
            reply,
            channel=interaction.channel,
            person=turn.person.user,
            key=turn.key,
            typed=interaction.values,
        )
        return await self._show(request, turn.person, turn.channel, private)

    async def _show(
        self,
        request: Request,
        person: SandboxPerson,
        channel: SandboxChannel,
        private: Private,
    ) -> Response:
        before = request.query_params.get("before", "")
        read = await run_in_threadpool(
            self._read, await self._pages.people(request), person, channel, before
        )
        return await self._pages.show(
            request,
            "channel.html",
            person,
            channel=channel,
            private=private,
            most=MOST_CHARACTERS,
            **read,
        )

    def _read(
        self,
        people: Sequence[SandboxPerson],
        person: SandboxPerson,
        channel: SandboxChannel,
        before: str,
    ) -> dict[str, Any]:
        until = int(before) if before.isdecimal() and len(before) < 18 else None
        messages = self._backend.workspace.messages(channel.channel, before=until, limit=SHOWN)
        names = {each.user: each.name for each in people}
        if until is None:
            self._pages.unread.have_seen(person.user, channel.channel, messages)
        own = self._backend.own_cards(person.user, channel.channel, [each.id for each in messages])
        messages = [_as_seen(each, own.get(each.id)) for each in messages]
        timeline = Timeline(person.user, names, self._backend.zone, self._backend.today())
        conversations = timeline.conversations(messages)
        is_full = len(conversations) == SHOWN
        earlier = conversations[0].root.id if is_full else None
        return {
            "conversations": conversations,
            "earlier": earlier,
            "is_past": until is not None,
            "commands": self._backend.commands(person.user),
        }


def _as_seen(message: Message, card: Card | None) -> Message:
    """Replace a case's card by the one for this person, whose page it is."""
    if card is None or message.payload.get("html") is None:
        return message
    html = card_html(card)
    seen = f"-{zlib.crc32(html.encode()):x}"
    return replace(message, payload={"html": html, "summary": card.summary, "seen": seen})


def _channel_of(person: SandboxPerson, wanted: str) -> SandboxChannel:
    """Find a channel of a school where the person has a role; any other gives 404."""
    channel = person.may_read(wanted)
    if channel is None:
        raise SorryError(404, NOT_YOURS.format(person.name))
    return channel


def _to(channel: SandboxChannel) -> Response:
    return RedirectResponse(f"/sandbox/c/{channel.channel}", status_code=303)
