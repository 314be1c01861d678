"""Show a private message in the school's channel, to a colleague who has no chat with Lantern.

Only they see it there, for a day (a targeted message). Where a tenant does not allow those, a
message in the channel tells them once a week how to add Lantern, and the card waits until they
have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import structlog

from bot.cards.kit.model import Card
from bot.teams.reach import ask_in_channel, lacks_app, tell_aside
from integrations.bootstrap import Services
from integrations.chat.interface import Address, DeliveryError, Workspace
from integrations.chat.teams.workspace import TeamsWorkspace
from store.actions.request import AlreadyDone, once
from store.delivery.closed_channels import closed_channels
from store.queries.notices.notices import Identity, NoticeView
from store.queries.schools.staff import Channel, school_channels

log = structlog.get_logger(__name__)


def told_in_channel(
    services: Services,
    workspace: Workspace,
    view: NoticeView,
    account: Identity,
    card: Card,
    cases: Collection[int],
    error: DeliveryError,
) -> bool:
    """Show the card to the person in a channel, after ``error`` in their own chat; return whether
    that succeeded."""
    if not isinstance(workspace, TeamsWorkspace) or not lacks_app(error):
        return False
    for channel in _channels(services, view, account):
        here = Address(channel.platform, channel.tenant, channel.channel)
        try:
            user = workspace.mention(here, account.user)
            if user is None:
                continue
            tell_aside(services.store, workspace, here, user, card, "", cases=tuple(cases))
        except DeliveryError as refused:
            log.warning("targeted message not delivered", reason=str(refused))
            # A temporary error says nothing about the tenant or the person.
            if refused.waits or refused.permanent:
                _beckon(services, workspace, view, account, channel)
            continue
        return True
    return False


def _channels(services: Services, view: NoticeView, account: Identity) -> Iterator[Channel]:
    """Return the school's channels in this person's tenant that no one from outside can read."""
    with services.store.database.read() as connection:
        found, closed = school_channels(connection, view.school), closed_channels(connection)
    for channel in found:
        is_theirs = (channel.platform, channel.tenant) == (account.platform, account.tenant)
        if is_theirs and channel.id not in closed:
            yield channel


def _beckon(
    services: Services,
    workspace: TeamsWorkspace,
    view: NoticeView,
    account: Identity,
    channel: Channel,
) -> None:
    here = Address(channel.platform, channel.tenant, channel.channel)
    year, week, _ = services.now().isocalendar()
    key = f"teams:beckon:{channel.id}:{view.to.id}:{year}-{week}"
    try:
        user = workspace.mention(here, account.user)
        if user is None:
            return
        with services.store.unit_of_work() as work:
            once(work, key)
        ask_in_channel(workspace, here, (user, view.to.name), key, lacks=True)
    except AlreadyDone:
        return
    except DeliveryError as error:
        log.warning("word in the channel not delivered", reason=str(error))
