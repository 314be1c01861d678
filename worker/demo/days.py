"""The demo's days after the story: moves the sandbox's clock to the next school morning."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from integrations.bootstrap import Services
from integrations.job_queue import InProcessQueue
from store.rules.calendar import institution_day
from worker import jobs
from worker.demo import setup as stage
from worker.demo.activity import write_more_activity
from worker.demo.clock import StoryClock, next_school_day
from worker.jobs.schools.ingest import ingest_events
from worker.processes import clock

NIGHT = dt.time(4)
"""When the files of the days before arrive."""
MORNING = tuple(dt.time.fromisoformat(at) for at in ("05:30", "08:15", "08:30", "09:00"))
"""Times of the screening, the drafts, the digests and the start of the working day."""


@dataclass(frozen=True, slots=True)
class Days:
    """Simulates further days of the demo's schools. ``story`` is the day that the demo opened
    on."""

    services: Services
    clock: StoryClock
    story: dt.date

    def forward(self) -> dt.date:
        """Advance to the next school morning with all the work due until then; returns its day.

        What the students did meanwhile arrives first, as it would from the feeds. Inactive students
        stay inactive, and colleagues do only what they are asked for.
        """
        today = institution_day(self.clock())
        day = next_school_day(today)
        folder = self.services.settings.home / "later"
        covers = (today, day - dt.timedelta(days=1))
        silent = stage.silent_after(self.story)
        self.clock.forward(day, NIGHT)
        for source, path in write_more_activity(folder, self.story, silent, *covers).items():
            ingest_events(self.services, path, source, covers)
        for at in MORNING:
            self.clock.forward(day, at)
            clock.tick(self.services)
            if isinstance(self.services.queue, InProcessQueue):
                self.services.queue.run_waiting(jobs.run_with(self.services))
        return day
