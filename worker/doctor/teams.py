"""``lantern doctor teams``: test what Lantern may do in Teams, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from bot.teams.manifest import PERMISSIONS
from bot.teams.reach import lacks_app
from integrations.bootstrap import Services
from integrations.chat.interface import DeliveryError
from integrations.chat.teams.members import Member
from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.settings import WrongSetting
from store.platforms import teams
from store.queries.schools.staff import Channel, on_platform
from store.rules.model import Platform
from store.rules.text.formatting import counted
from worker.doctor.findings import CheckResult, examine_channels, examine_members, try_to_do
from worker.setup.channels import channel_address

_INSTALL = "In Teams: the team's name, Manage team, Apps, add Lantern from the uploaded package."
_ADD = (
    "They add Lantern in Teams: Apps, Built for your org; or an administrator installs it for a "
    "group: Teams admin centre, Teams apps, Setup policies."
)
_REGISTER = "In Azure: the bot's messaging endpoint, and its channel Microsoft Teams."


def examine_teams(services: Services) -> Iterator[CheckResult]:
    """Sign in, then check each school's channel: installed, private, its members enrolled.

    Raises:
        WrongSetting: Teams is not set up at all.
    """
    workspace = services.workspaces.get(Platform.TEAMS)
    if not isinstance(workspace, TeamsWorkspace):
        raise WrongSetting("The setting TEAMS_CLIENT_ID is missing: Lantern is not in Teams.")
    if workspace.account.is_playground:
        yield CheckResult(
            None, "the playground is on: anyone who reaches this machine may act as anyone"
        )
        return
    signed_in = try_to_do("signs in", workspace.connector.sign_in, DeliveryError)
    yield signed_in
    if not signed_in.is_fine:
        return
    for number, tenant in enumerate(workspace.account.tenants, start=1):
        yield _reached(services, number, tenant)
    for name, why in PERMISSIONS.items():
        yield CheckResult(None, f"a team's owner has to agree to {name}: {why}")
    yield from examine_channels(
        services, Platform.TEAMS, lambda channel: _examine(services, workspace, channel)
    )


def _reached(services: Services, number: int, tenant: str) -> CheckResult:
    """Check whether Teams has sent anything yet, which it does only once the bot is registered in
    Azure."""
    name = f"tenant {number} of TEAMS_TENANTS"
    if teams.service_url(services.store, tenant):
        return CheckResult(True, f"{name}: Teams reaches Lantern")
    return CheckResult(None, f"{name}: nothing has come from Teams yet. {_REGISTER}")


def _examine(
    services: Services, workspace: TeamsWorkspace, channel: Channel
) -> Iterator[CheckResult]:
    name = f"channel {channel.id}"
    if channel.tenant not in workspace.account.tenants:
        yield CheckResult(False, f"{name}: its tenant is not in TEAMS_TENANTS")
        return
    try:
        members = list(workspace.members(channel_address(channel)))
    except DeliveryError as error:
        yield CheckResult(False, f"{name}: {error}. {_INSTALL} {_REGISTER}")
        return
    yield CheckResult(True, f"{name}: Lantern is installed, {counted(len(members), 'member')}")
    yield from examine_members(services, channel, members)
    yield from _unreachable(services, workspace, channel, members)


def _unreachable(
    services: Services, workspace: TeamsWorkspace, channel: Channel, members: list[Member]
) -> Iterator[CheckResult]:
    """Find a school's colleagues that Lantern may not write to, whether they are in its channel or
    not. The test shows them nothing."""
    with services.store.database.read() as connection:
        people = on_platform(connection, channel.platform, channel.tenant).people
    rosters = {each.user: each.mention for each in members}
    for person in people:
        is_there = person.user in rosters
        if not is_there and all(school.id != channel.school for school, _ in person.roles):
            continue
        workspace.know(channel.tenant, person.user, rosters.get(person.user))
        try:
            workspace.direct(channel.tenant, person.user)
        except DeliveryError as error:
            can = False if lacks_app(error) else None
            elsewhere = "" if is_there else " They are not in the channel."
            said = f"{person.name}: Lantern cannot write to them"
            yield CheckResult(can, f"channel {channel.id}: {said}: {error}.{elsewhere} {_ADD}")
