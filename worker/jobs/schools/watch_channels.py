"""Looking, once a minute, whether the schools' channels are still theirs alone."""

from __future__ import annotations

import datetime as dt

from bot.posting.channel_privacy import Watch
from integrations.bootstrap import Services
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.chat.teams.workspace import TeamsWorkspace
from store.rules.model import Platform
from worker.jobs.slots import claim

EVERY = dt.timedelta(minutes=1)
GO_ON_EVERY = dt.timedelta(seconds=15)
"""No pause that a platform asks for is much outlasted."""


def watch_channels(services: Services) -> None:
    """Close the channels that people from outside have come into; no platform tells of all."""
    for platform, workspace in services.workspaces.items():
        if isinstance(workspace, TeamsWorkspace) and workspace.account.is_playground:
            continue
        if isinstance(workspace, TeamsWorkspace | SlackWorkspace):
            _look(services, Watch(services.store, workspace, platform), platform)


def _look(services: Services, watch: Watch, platform: Platform) -> None:
    if _is_first(services, f"watch-{platform}", EVERY):
        watch.check_all()
    elif watch.uncovered() and _is_first(services, f"cover-{platform}", GO_ON_EVERY):
        watch.go_on()


def _is_first(services: Services, job: str, every: dt.timedelta) -> bool:
    """Whether nobody else has done it in this stretch of time."""
    with services.store.unit_of_work() as work:
        past = (work.now - dt.datetime.min.replace(tzinfo=dt.UTC)) % every
        return claim(work, job, work.now - past)
