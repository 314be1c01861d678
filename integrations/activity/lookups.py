"""The functions by which commands query the activity lake, passed to the dispatcher together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock

from integrations.activity.coverage import lead_notes
from integrations.activity.digital_traces import look_in
from integrations.activity.measured import Measured, measured_days
from integrations.activity.simulation import simulate
from integrations.bootstrap import Services
from store.rules.errors import NotPossibleNow
from store.rules.flags.coverage import Notes
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.simulation import Simulate, Simulation
from store.rules.students.digital_traces import Look


@dataclass(frozen=True, slots=True)
class Lookups:
    """The queries on activity data.

    ``look``: one student's digital traces; ``simulate``: a draft policy over past weeks; ``notes``:
    the engagement lead's notes; ``newest``: source → its last known day on a morning; ``measured``:
    the measured days of every source until then; ``delivered``: source → its days with
    activity, from one day to another.
    """

    look: Look
    simulate: Simulate
    notes: Notes
    newest: Callable[[dt.date], Mapping[str, dt.date]]
    measured: Callable[[dt.date], Measured]
    delivered: Callable[[dt.date, dt.date], Mapping[str, frozenset[dt.date]]]


def lookups(services: Services) -> Lookups:
    """Build the queries on activity data for the commands of this process."""
    return Lookups(
        look=look_in(services.lake, services.records),
        simulate=_one_at_a_time(lambda *asked: simulate(services, *asked)),
        notes=partial(lead_notes, services),
        newest=services.engine.newest,
        measured=lambda day: measured_days(services.lake, services.records, day),
        delivered=services.lake.days_delivered,
    )


def _one_at_a_time(run: Callable[[SchoolPolicy, dt.date, dt.date], Simulation]) -> Simulate:
    """A simulation takes all of the engine's memory, so only one runs at a time."""
    busy = Lock()

    def asked(draft: SchoolPolicy, first: dt.date, last: dt.date) -> Simulation:
        if not busy.acquire(blocking=False):
            raise NotPossibleNow("Another simulation is running. Try again in a minute.")
        try:
            return run(draft, first, last)
        finally:
            busy.release()

    return asked
