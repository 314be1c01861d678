"""``lantern doctor teams``: proves what Lantern may do in Teams, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.teams.manifest import PERMISSIONS
from integrations.bootstrap import Services
from integrations.settings import WrongSetting
from integrations.teams.workspace import TeamsWorkspace
from integrations.workspace import Address, DeliveryError
from store.closed_channels import closed_channels
from store.queries.people import Channel, enrolled_people, school_channels
from store.rules.model import Platform
from worker.doctor import Finding

_INSTALL = "In Teams: the team's name, Manage team, Apps, add Lantern from the uploaded package."
_REGISTER = "In Azure: the bot's messaging endpoint, and its channel Microsoft Teams."


def examine_teams(services: Services) -> Iterator[Finding]:
    """Sign in, then look at each school's channel: installed, private, its people enrolled.

    Raises:
        WrongSetting: Teams is not set up at all.
    """
    workspace = services.workspaces.get(Platform.TEAMS)
    if not isinstance(workspace, TeamsWorkspace):
        raise WrongSetting("The setting TEAMS_CLIENT_ID is missing: Lantern is not in Teams.")
    if workspace.account.is_playground:
        yield Finding(None, "the playground is on: anybody who reaches this machine is believed")
        return
    signed_in = _tried("signs in", workspace.connector.sign_in)
    yield signed_in
    if not signed_in.is_fine:
        return
    for name, why in PERMISSIONS.items():
        yield Finding(None, f"{name} is asked of a team's owner: {why}")
    with services.store.database.read() as connection:
        found = school_channels(connection)
        closed = closed_channels(connection)
    channels = [each for each in found if each.platform is Platform.TEAMS]
    if not channels:
        yield Finding(False, "no school has a channel. Add one with lantern teams channel.")
    for channel in channels:
        yield from _examine(services, workspace, channel, is_closed=channel.id in closed)


def _examine(
    services: Services, workspace: TeamsWorkspace, channel: Channel, *, is_closed: bool
) -> Iterator[Finding]:
    name = f"channel {channel.id}"
    if channel.tenant not in workspace.account.tenants:
        yield Finding(False, f"{name}: its tenant is not in TEAMS_TENANTS")
        return
    try:
        members = list(workspace.members(Address(Platform.TEAMS, channel.tenant, channel.channel)))
    except DeliveryError as error:
        yield Finding(False, f"{name}: {error}. {_INSTALL} {_REGISTER}")
        return
    yield Finding(True, f"{name}: Lantern is installed, {len(members)} members")
    outsiders = sum(member.is_outsider(channel.tenant) for member in members)
    yield Finding(not outsiders, f"{name}: {outsiders} members from outside the institution")
    if is_closed:
        yield Finding(False, f"{name}: closed. When it is private again: lantern teams reopen.")
    with services.store.database.read() as connection:
        known = {each.user for each in enrolled_people(connection, Platform.TEAMS, channel.tenant)}
    missing = sum(member.user not in known for member in members)
    yield Finding(
        None if missing else True,
        f"{name}: {missing} members are not enrolled; lantern teams enrol does so for staff",
    )


def _tried(what: str, attempt: Callable[[], object]) -> Finding:
    try:
        attempt()
    except DeliveryError as error:
        return Finding(False, f"{what}: {error}")
    return Finding(True, what)
