"""A school's channel in Teams, from the link that Teams copies."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

from integrations.bootstrap import Services
from integrations.chat.interface import Address, DeliveryError
from integrations.chat.teams.credentials import PLAYGROUND_TENANT
from integrations.chat.teams.workspace import TeamsWorkspace
from store.queries.schools.staff import school_channels
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from worker.setup import channels as setup_channels

_NO_LINK = "That is not a link to a channel. In Teams: the channel, …, Get link."
_GUEST = (
    "That account is a guest's, so Lantern would refuse each click. Take the colleague's own "
    "account in this tenant."
)
_IN_NO_CHANNEL = (
    "No school's channel has a member with that object ID. Check it in Entra, or add the colleague "
    "to the channel: until then Lantern may not be able to write to them."
)
_OTHER_TENANT = (
    "That channel is in a tenant that is not in TEAMS_TENANTS. Choose a channel in your own "
    "tenant; "
    "or, if the link's tenant is yours too, add its ID to TEAMS_TENANTS and start Lantern again."
)


def channel_of(link: str) -> tuple[str, str]:
    """Read a link as Teams copies it; return (tenant, channel).

    Raises:
        InvalidInput: it is not a link to a channel.
    """
    parts = urlsplit(link.strip())
    places = parts.path.strip("/").split("/")
    tenant = parse_qs(parts.query).get("tenantId", [""])[0].lower()
    if len(places) < 3 or places[:2] != ["l", "channel"] or not tenant:
        raise InvalidInput(_NO_LINK)
    channel = unquote(places[2])
    if not channel.startswith("19:") or not channel.isascii() or " " in channel:
        raise InvalidInput(_NO_LINK)
    return tenant, channel


def tenant_of(services: Services, workspace: TeamsWorkspace, user: str) -> tuple[str, str]:
    """Find an object ID among the members of the schools' channels; return its tenant, and what to
    do where it is in none of them: Lantern can look into those alone, so that is no error.

    Raises ``InvalidInput``: it is a guest's.
    """
    listed = workspace.account.tenants
    with services.store.database.read() as connection:
        known = [each for each in school_channels(connection) if each.tenant in listed]
    for channel in known:
        try:
            member = workspace.member(setup_channels.channel_address(channel), user)
        except DeliveryError:  # the doctor says why; they may be in another one
            continue
        if member is not None and member.is_outsider(channel.tenant):
            raise InvalidInput(_GUEST)
        if member is not None:
            return channel.tenant, ""
    return listed[0], _IN_NO_CHANNEL if known else ""


def add_channel(
    services: Services, workspace: TeamsWorkspace, school: str, link: str, *, replaces: bool = False
) -> str:
    """Post a school's cards to a channel, if it is private to the institution.

    Raises:
        InvalidInput: it is not a link to a channel, or the channel is in another tenant; or as
            ``worker.setup.channels.connect_channel``.
    """
    if workspace.account.is_playground:
        # Its channels and its people are of no tenant, and it gives no links.
        here = Address(Platform.TEAMS, PLAYGROUND_TENANT, _playground_channel(link))
        return setup_channels.connect_channel(services, school, here, [], replaces=replaces)
    tenant, channel = channel_of(link)
    if tenant not in workspace.account.tenants:
        raise InvalidInput(_OTHER_TENANT)
    address = Address(Platform.TEAMS, tenant, channel)
    members = list(workspace.members(address))
    return setup_channels.connect_channel(services, school, address, members, replaces=replaces)


def _playground_channel(link: str) -> str:
    """The playground's name of a channel, such as ``channel-announcements-id``, or of its link."""
    found = (
        link.strip() if "/" not in link else channel_of(f"{link}&tenantId={PLAYGROUND_TENANT}")[1]
    )
    if not found or not found.isascii() or " " in found or ";" in found:
        raise InvalidInput(_NO_LINK)
    return found
