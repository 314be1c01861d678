"""Check once a minute that no one outside a school can read its channels."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

from bot.posting.channel_privacy import Watch
from integrations.bootstrap import Services
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.chat.teams.workspace import TeamsWorkspace
from store.actions.notices.troubles import Trouble
from store.delivery.job_slots import claim_slot
from store.queries.schools.staff import Channel
from store.rules.model import Platform, TroubleKind
from worker.one_by_one import each_step, one_by_one

UNSEEN = "Lantern cannot see who is in your school's channel."
NOT_WITHDRAWN = (
    "Lantern cannot remove its messages from a channel that people outside the school can read. "
    "Delete them by hand."
)
EVERY = dt.timedelta(minutes=1)
GO_ON_EVERY = dt.timedelta(seconds=15)
"""Short, so that withdrawal continues soon after a pause that a platform asked for."""


def watch_channels(services: Services) -> None:
    """Close channels that people from outside can now read; no platform reports all of them."""
    for platform, workspace in services.workspaces.items():
        if isinstance(workspace, TeamsWorkspace) and workspace.account.is_playground:
            continue
        if isinstance(workspace, TeamsWorkspace | SlackWorkspace):
            watch = Watch(services.store, workspace, platform)
            look = partial(_look, services, watch, platform)
            each_step(services.store, (f"channels of {platform}", look))


def _look(services: Services, watch: Watch, platform: Platform) -> None:
    if _is_first(services, f"watch-{platform}", EVERY):
        one_by_one(services.store, TroubleKind.WATCH, watch.in_turn(), _named, watch.check)
        return
    uncovered = watch.uncovered()
    if uncovered and _is_first(services, f"cover-{platform}", GO_ON_EVERY):
        one_by_one(services.store, TroubleKind.WATCH, uncovered, _to_withdraw, watch.withdraw)


def _named(channel: Channel) -> Trouble:
    return Trouble(TroubleKind.WATCH, str(channel.id), UNSEEN, channel.school)


def _to_withdraw(channel: Channel) -> Trouble:
    # With the key of ``_named``: the next check that finds the channel private closes both.
    return replace(_named(channel), reason=NOT_WITHDRAWN)


def _is_first(services: Services, job: str, every: dt.timedelta) -> bool:
    """Return whether no other process has done this in the current interval."""
    with services.store.unit_of_work() as work:
        past = (work.now - dt.datetime.min.replace(tzinfo=dt.UTC)) % every
        return claim_slot(work, job, work.now - past)
