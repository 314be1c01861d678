"""``lantern doctor slack``: test what Lantern may do in Slack, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bot.slack.manifest import PICTURES, SCOPES
from bot.slack.routes import EVENTS, INSTALL
from integrations.bootstrap import Services
from integrations.chat.interface import DeliveryError
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.settings import WrongSetting
from store.queries.schools.staff import Channel
from store.rules.calendar import INSTITUTION
from store.rules.model import Platform
from store.rules.text.formatting import counted
from worker.doctor.findings import CheckResult, examine_channels, examine_members, try_to_do
from worker.setup.channels import channel_address

_APP = "At api.slack.com/apps: Lantern,"
_REINSTALL = f"{_APP} App Manifest (lantern slack manifest writes it), then Install App, Reinstall."
_TOKEN = f"{_APP} OAuth & Permissions, copy the Bot User OAuth Token into SLACK_BOT_TOKEN."
_ADD = f"Have an administrator of the workspace open {INSTALL} at Lantern's address."
_SOCKET = f"{_APP} Basic Information, App-Level Tokens, one with connections:write."
_SIGNED = (
    f"only Slack can test the signing secret. {_APP} Event Subscriptions: the request URL ends "
    f"in {EVENTS} and is Verified."
)
_INVITE = "In the channel: /invite @Lantern."
_UNINVITED = ("channel_not_found", "not_in_channel")
_PRIVATE = "In Slack: the channel's name, Settings, Change to a private channel; stop sharing it."


def examine_slack(services: Services) -> Iterator[CheckResult]:
    """Test each workspace's token, scopes and connection, then check each school's channel.

    Raises:
        WrongSetting: Slack is not set up at all.
    """
    workspace = services.workspaces.get(Platform.SLACK)
    if not isinstance(workspace, SlackWorkspace):
        raise WrongSetting("The setting SLACK_BOT_TOKEN is missing: Lantern is not in Slack.")
    for team in workspace.account.teams:
        yield from _examine_token(workspace, team)
    yield _way_in(workspace)
    yield from examine_channels(
        services, Platform.SLACK, lambda channel: _examine(services, workspace, channel)
    )


def _examine_token(workspace: SlackWorkspace, team: str) -> Iterator[CheckResult]:
    try:
        answer, given = workspace.client.introduction(team)
    except DeliveryError as error:
        how = _ADD if workspace.account.client_id else _TOKEN
        yield CheckResult(False, f"{team}: signs in: {error}. {how}")
        return
    named = (answer.get("team_id"), answer.get("enterprise_id"))
    # An organisation's token speaks to each of its workspaces.
    is_ours = team in named or not set(named).isdisjoint(workspace.account.organisations)
    yield CheckResult(
        is_ours, f"{team}: signs in{'' if is_ours else ', but to another workspace. ' + _TOKEN}"
    )
    if ends := workspace.tokens.unrenewed_until(team):
        at = f"{ends.astimezone(INSTITUTION):%H:%M}"
        yield CheckResult(
            False, f"{team}: Slack did not renew the token, which expires at {at}. {_ADD}"
        )
    for scope, why in SCOPES.items():
        # Without this one everything works, with charts in characters.
        has = scope in given or (None if scope == PICTURES else False)
        yield CheckResult(has, f"{team}: {scope}: {why}{'' if has else '. ' + _REINSTALL}")
    for scope in sorted(given - set(SCOPES)):
        yield CheckResult(None, f"{team}: {scope} was given and is not needed. {_REINSTALL}")


def _way_in(workspace: SlackWorkspace) -> CheckResult:
    token = workspace.account.app_token
    if not token:
        return CheckResult(None, _SIGNED)
    opened = try_to_do(
        "opens a socket", partial(workspace.client.can_open_socket, token), DeliveryError
    )
    return opened if opened.is_fine else CheckResult(False, f"{opened.sentence}. {_SOCKET}")


def _examine(
    services: Services, workspace: SlackWorkspace, channel: Channel
) -> Iterator[CheckResult]:
    name = f"channel {channel.id}"
    address = channel_address(channel)
    try:
        standing = workspace.standing(address)
        members = [each for each in workspace.members(address) if each.is_active]
    except DeliveryError as error:
        also = f". {_INVITE}" if getattr(error, "code", "") in _UNINVITED else ""
        yield CheckResult(False, f"{name}: {error}{also}")
        return
    is_in = f"{name}: Lantern is in it, {counted(len(members), 'member')}"
    yield CheckResult(standing.is_member, is_in if standing.is_member else f"{name}: {_INVITE}")
    private = f"{name}: private and not shared"
    yield CheckResult(
        standing.is_private, private if standing.is_private else f"{name}: not private. {_PRIVATE}"
    )
    yield from examine_members(services, channel, members)
