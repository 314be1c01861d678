"""Reach a person in a channel where their own chat with Lantern cannot be opened.

Teams lets a bot write to one person where it is installed for them, or knows them from a channel's
roster. A person who has blocked it, or may not have the app, is answered in the channel where they
are, by a message that only they see (a *targeted* message, which Teams removes after 24 hours).
If a tenant does not allow those, a message there says only how to add Lantern.
"""

from __future__ import annotations

import html
from dataclasses import replace

from bot.cards.kit.model import Card, Text, TextStyle
from bot.cards.notices.thread_notice import Line
from bot.posting.direct_messages import remember_private
from bot.teams.manifest import app_id
from bot.teams.renderer import message
from bot.teams.thread_notice import line_message
from integrations.chat.interface import Address, DeliveryError, MessageRef
from integrations.chat.teams.errors import TeamsError
from integrations.chat.teams.workspace import TeamsWorkspace
from store.db.unit_of_work import Store

VANISHES = (
    "Only you see this. Teams removes it after 24 hours, since I could not write to you in our own "
    "chat. Add Lantern to your own chats to get answers there."
)
BECKON = "I could not write to you: add Lantern, "
ASK_AGAIN = "I could not write to you just now: try again in a few minutes."
FORBIDDEN = 403
LINK = "https://teams.microsoft.com/l/app/"


def tell_aside(
    store: Store,
    workspace: TeamsWorkspace,
    here: Address,
    user: str,
    card: Card,
    key: str,
    *,
    thread: str | None = None,
    cases: tuple[int, ...] = (),
) -> MessageRef:
    """Show a card to one person of a channel, whose roster id is ``user``, for 24 hours.

    Raises ``DeliveryError``, where the tenant has no such messages or they are not in the channel.
    """
    said = replace(card, blocks=(*card.blocks, Text(VANISHES, TextStyle.SUBTLE)))
    del key  # Teams takes no key for these messages; a second one that only they see does no harm
    posted = workspace.post_aside(here, user, message(said), thread=thread)
    remember_private(store, posted, card, cases)
    return posted


def ask_in_channel(
    workspace: TeamsWorkspace,
    here: Address,
    person: tuple[str, str],
    key: str,
    *,
    lacks: bool,
    thread: str | None = None,
) -> MessageRef:
    """Ask one person to add Lantern if they lack it, otherwise to try again.

    The whole channel sees the message. ``person``: roster id and name.
    """
    user, name = person
    said = line_message(Line(BECKON if lacks else ASK_AGAIN, name or "colleague", user))
    if lacks:
        link = html.escape(f"{LINK}{app_id(workspace.account.client_id)}")
        said = {**said, "text": f'{said["text"].rstrip()} <a href="{link}">here</a>.'}
    return workspace.post(here, said, key=f"{key}:{'beckon' if lacks else 'again'}", thread=thread)


def lacks_app(error: DeliveryError) -> bool:
    """Return whether an error means that Lantern may not write to this person."""
    return isinstance(error, TeamsError) and error.status == FORBIDDEN
