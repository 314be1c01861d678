"""Whoever a case is assigned to is mentioned in its thread, or Teams would tell them nothing."""

from __future__ import annotations

import re

import sqlalchemy as sa
import structlog

from bot.teams.arrival import Arrival
from bot.teams.markup import Json
from integrations.teams.workspace import TeamsWorkspace
from integrations.workspace import Address, DeliveryError
from store.rules.model import Platform
from store.tables import cases, channels, identities, posts
from store.unit_of_work import Store

_NO_NAME = re.compile(r"[<>&]")

log = structlog.get_logger(__name__)


def owner(store: Store, case: str) -> int | None:
    """Who looks after a case, by an id that came back from a client and may be anything."""
    if not (case.isascii() and case.isdigit() and len(case) <= 18):
        return None
    with store.database.read() as connection:
        found: int | None = connection.execute(
            sa.select(cases.c.owner_id).where(cases.c.id == int(case))
        ).scalar_one_or_none()
    return found


def mention_owner(store: Store, workspace: TeamsWorkspace, arrived: Arrival, case: int) -> None:
    """Say in the thread of a case's cards with whom it is now, unless they did it themselves."""
    for channel, root, reference, user in _places(store, arrived.tenant, case):
        if user == arrived.user:
            continue
        address = Address(Platform.TEAMS, arrived.tenant, channel)
        try:
            owner = workspace.member(address, user)
            if owner and not owner.is_outsider(arrived.tenant):
                said = mention(owner.mention, owner.name, f"{reference} is with you now.")
                workspace.post(address, said, key=f"{arrived.key}:mention", thread=root)
        except DeliveryError as error:
            log.warning("colleague not mentioned", reason=str(error))


def mention(account: str, name: str, sentence: str) -> Json:
    """A message that mentions one person. Their name cannot be read as a tag."""
    tag = f"<at>{_NO_NAME.sub('', name) or 'colleague'}</at>"
    mentioned = {"id": account, "name": name}
    return {
        "type": "message",
        "textFormat": "xml",
        "text": f"{tag}: {sentence}",
        "entities": [{"type": "mention", "text": tag, "mentioned": mentioned}],
    }


def _places(store: Store, tenant: str, case: int) -> list[tuple[str, str, str, str]]:
    """(channel, message of the card, reference, owner's account) of each card in the tenant."""
    query = (
        sa.select(channels.c.channel, posts.c.message, cases.c.reference, identities.c.user_id)
        .select_from(cases)
        .join(posts, posts.c.subject == f"case:{case}")
        .join(channels, channels.c.id == posts.c.channel_id)
        .join(identities, identities.c.staff_id == cases.c.owner_id)
        .where(
            cases.c.id == case,
            channels.c.school_id == cases.c.school_id,
            channels.c.platform == Platform.TEAMS,
            channels.c.tenant == tenant,
            identities.c.platform == Platform.TEAMS,
            identities.c.tenant == tenant,
        )
    )
    with store.database.read() as connection:
        return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]
