"""Post a message to one person, recorded with the cases it names, so that an erasure finds it."""

from __future__ import annotations

from collections.abc import Collection

from bot.cards.kit.model import Card
from bot.platforms import RENDERERS
from bot.posting.links import with_links
from integrations.chat.interface import Address, MessageRef, Workspace
from store.db.unit_of_work import Store
from store.delivery import direct_messages as directs


def post_privately(
    store: Store,
    workspace: Workspace,
    address: Address,
    card: Card,
    key: str,
    cases: Collection[int] = (),
) -> MessageRef:
    """Post a card in the chat with one person. ``cases`` are those that it names beside those of
    its buttons; without any, it counts as one that may name any student.

    Raises ``DeliveryError``.
    """
    with store.database.read() as connection:
        card = with_links(connection, address.platform, address.tenant, card)
    posted = workspace.post(address, RENDERERS[address.platform](card), key=key)
    remember_private(store, posted, card, cases)
    return posted


def remember_private(
    store: Store, posted: MessageRef, card: Card, cases: Collection[int] = ()
) -> None:
    """Record a card that only one person sees, wherever it is shown."""
    opened = {int(each.ids["case"]) for each in card.buttons() if "case" in each.ids}
    with store.unit_of_work() as work:
        directs.remember(work, posted.address, posted.message, opened | set(cases))
