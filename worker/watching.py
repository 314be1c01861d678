"""Looking, once a minute, whether the schools' channels are still theirs alone."""

from __future__ import annotations

import datetime as dt

from bot.teams.members import Watch
from integrations.bootstrap import Services
from integrations.teams.workspace import TeamsWorkspace
from store.rules.model import Platform
from worker.slots import claim

EVERY = dt.timedelta(minutes=1)


def watch_teams(services: Services) -> None:
    """Close the Teams channels that people from outside have come into.

    Teams does not tell of everybody who joins a private channel, so it has to be looked.
    """
    workspace = services.workspaces.get(Platform.TEAMS)
    if not isinstance(workspace, TeamsWorkspace) or workspace.account.is_playground:
        return
    with services.store.unit_of_work() as work:
        past = (work.now - dt.datetime.min.replace(tzinfo=dt.UTC)) % EVERY
        mine = claim(work, "watch-teams", work.now - past)
    if mine:
        Watch(services.store, workspace).check_all()
