"""A school's channel in Teams, from the link that Teams copies."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

from integrations.bootstrap import Services
from integrations.chat.interface import Address
from integrations.chat.teams.workspace import TeamsWorkspace
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from worker.setup import channels as setup_channels


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
    address = Address(Platform.TEAMS, *channel_of(link))
    members = list(workspace.members(address))
    return setup_channels.add_channel(services, school, address, members)
