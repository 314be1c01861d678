"""Bringing a school into Teams: its channel, and who of it is who there."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import sqlalchemy as sa

from integrations.bootstrap import Services
from integrations.teams.workspace import TeamsWorkspace
from integrations.workspace import Address
from store import accounts as accounts_kept
from store.queries.people import Channel
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.tables import channels, schools


def channel_of(link: str) -> tuple[str, str]:
    """(tenant, channel) of a link as Teams copies it.

    Raises:
        InvalidInput: it is none.
    """
    parts = urlsplit(link.strip())
    places = parts.path.strip("/").split("/")
    tenant = parse_qs(parts.query).get("tenantId", [""])[0].lower()
    if len(places) < 3 or places[:2] != ["l", "channel"] or not tenant:
        raise InvalidInput("That is no link to a channel. In Teams: the channel, …, Get link.")
    channel = unquote(places[2])
    if not channel.startswith("19:") or not channel.isascii() or " " in channel:
        raise InvalidInput("That is no link to a channel. In Teams: the channel, …, Get link.")
    return tenant, channel


def add_channel(services: Services, workspace: TeamsWorkspace, school: str, link: str) -> str:
    """Have a school's cards go to a channel; only to one that is private to the institution."""
    tenant, channel = channel_of(link)
    members = list(workspace.members(Address(Platform.TEAMS, tenant, channel)))
    if any(member.is_outsider(tenant) for member in members):
        raise InvalidInput("People from outside the institution are in that channel.")
    with services.store.unit_of_work() as work:
        found = work.connection.execute(
            sa.select(schools.c.id).where(schools.c.code == school)
        ).scalar_one_or_none()
        if found is None:
            raise InvalidInput("There is no school of that code.")
        there = work.connection.execute(
            sa.select(channels.c.id).where(
                channels.c.platform == Platform.TEAMS,
                channels.c.tenant == tenant,
                channels.c.channel == channel,
            )
        ).first()
        if there:
            raise InvalidInput("That channel is a school's already.")
        row = {"school_id": found, "platform": Platform.TEAMS, "tenant": tenant}
        row |= {"channel": channel, "name": f"{school.lower()}-engagement"}
        work.connection.execute(sa.insert(channels).values(row))
        work.record("system:cli", "add-channel", f"school:{found}", platform="teams")
    return f"The cards of {school} go to that channel, which has {len(members)} members."


def enrol(services: Services, workspace: TeamsWorkspace, channel: Channel) -> int:
    """Enrol the staff of the channel's school who are in it; gives how many are new."""
    members = workspace.members(Address(Platform.TEAMS, channel.tenant, channel.channel))
    accounts = {
        member.address: member.user
        for member in members
        if member.address and not member.is_outsider(channel.tenant)
    }
    return accounts_kept.enrol(
        services.store, Platform.TEAMS, channel.tenant, channel.school, accounts
    )
