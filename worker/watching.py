"""Looking, once a minute, whether the schools' channels are still theirs alone."""

from __future__ import annotations

import datetime as dt

from bot.watch import Watch
from integrations.bootstrap import Services
from integrations.slack.workspace import SlackWorkspace
from integrations.teams.workspace import TeamsWorkspace
from store.rules.model import Platform
from worker.slots import claim

EVERY = dt.timedelta(minutes=1)


def watch_channels(services: Services) -> None:
    """Close the channels that people from outside have come into; no platform tells of all."""
    for platform, workspace in services.workspaces.items():
        if isinstance(workspace, TeamsWorkspace) and workspace.account.is_playground:
            continue
        if isinstance(workspace, TeamsWorkspace | SlackWorkspace):
            _look(services, Watch(services.store, workspace, platform), platform)


def _look(services: Services, watch: Watch, platform: Platform) -> None:
    with services.store.unit_of_work() as work:
        past = (work.now - dt.datetime.min.replace(tzinfo=dt.UTC)) % EVERY
        mine = claim(work, f"watch-{platform}", work.now - past)
    if mine:
        watch.check_all()
