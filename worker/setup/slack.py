"""A school's channel in Slack, from the link that Slack copies."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from integrations.bootstrap import Services
from integrations.chat.interface import Address
from integrations.chat.slack.credentials import is_organisation
from integrations.chat.slack.workspace import SlackWorkspace
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from worker.setup import channels as setup_channels

_NO_LINK = "That is not a link to a channel. In Slack: the channel's name, Copy, Copy link."
_COPY_MEMBER = "In Slack: their profile, …, Copy member ID."
_NO_MEMBER = f"That is not a member ID (U…). {_COPY_MEMBER}"
_NOT_PRIVATE = (
    "That channel is public, or is shared with another organisation. "
    "In Slack: the channel's name, Settings, Change to a private channel."
)


def channel_of(link: str, teams: tuple[str, ...]) -> tuple[str, str]:
    """Read a link as Slack copies it; return (workspace or organisation, channel).

    A link from a browser's address bar names the workspace. A link that Slack copies does not: then
    the workspace is the only one in ``teams``. A workspace that is not in ``teams`` may belong to
    an organisation that is; Slack says so when the channel is opened.

    Raises:
        InvalidInput: it is not a link to a channel, or the workspace is not clear.
    """
    places = urlsplit(link.strip()).path.strip("/").split("/")
    match places:
        case ["client", team, channel, *_]:
            found = _place(teams, team), channel
        case ["archives", channel, *_]:
            found = _place(teams), channel
        case _:
            raise InvalidInput(_NO_LINK)
    if not re.fullmatch(r"[CG][A-Z0-9]{2,20}", found[1]):
        raise InvalidInput(_NO_LINK)
    return found


def _place(teams: tuple[str, ...], team: str = "") -> str:
    wholes = [each for each in teams if is_organisation(each)]
    if team in teams or (not team and len(teams) == 1):
        return team or teams[0]
    if team and len(wholes) == 1:
        return wholes[0]
    if not team:
        raise InvalidInput(
            "This link names no workspace. Open Slack in a browser and copy the channel's address."
        )
    raise InvalidInput(
        "That channel's workspace is not in SLACK_TEAMS. Choose a channel of one that is; or, if "
        "the workspace is yours too, add its ID to SLACK_TEAMS and start Lantern again."
    )


def check_account(workspace: SlackWorkspace, team: str, user: str) -> None:
    """Check that a member ID is an account of the institution's own people.

    Raises ``InvalidInput``: Slack knows no such account, or it is a guest's, an app's, or one of
    another organisation.
    """
    if not re.fullmatch(r"[UW][A-Z0-9]{2,20}", user):
        raise InvalidInput(_NO_MEMBER)
    account = workspace.account_of(team, user)
    if account is None:
        raise InvalidInput(f"Slack has no account with that member ID. {_COPY_MEMBER}")
    if account.is_outsider(team) or not account.is_active:
        raise InvalidInput(
            "That account is a guest's, an app's, of another workspace, or switched off, so "
            "Lantern would refuse each click. Take the colleague's own account here."
        )


def add_channel(
    services: Services, workspace: SlackWorkspace, school: str, link: str, *, replaces: bool = False
) -> str:
    """Post a school's cards to a channel, if it is private to the institution.

    Raises ``InvalidInput`` where people outside can read it.
    """
    address = Address(Platform.SLACK, *channel_of(link, workspace.account.teams))
    if not workspace.standing(address).is_private:
        raise InvalidInput(_NOT_PRIVATE)
    members = [each for each in workspace.members(address) if each.is_active]
    return setup_channels.connect_channel(services, school, address, members, replaces=replaces)
