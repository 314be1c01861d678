"""Keep the lake's copy of the roster's enrolments up to date."""

from __future__ import annotations

from integrations.activity.scratch_database import locked
from integrations.bootstrap import Services


def refresh_roster(services: Services) -> None:
    """Write the lake's copy of the enrolments, if the roster has changed since.

    One process at a time: the night's work and a lead's query must not overwrite each other's copy.
    """
    lake = services.lake
    mark = lake.roster.with_suffix(".revision")
    with locked(lake.roster.parent / ".copying"), services.records() as known:
        revision = known.roster_revision()
        if lake.roster.exists() and mark.exists() and mark.read_text() == revision:
            return
        lake.write_roster(known.enrolments())
        # After the copy, so that it is written again if the process dies in between.
        mark.write_text(revision)
