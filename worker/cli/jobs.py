"""``lantern screen``, ``sweep`` and ``digest``: jobs of a day, done at once."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from worker.cli.common import open_services, quick_imports, refuse_later, schools_of

OptionalDay = Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD")]


def screen(
    day: OptionalDay = None,
    first: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="Screen every day from this one..."),
    ] = None,
    last: Annotated[
        dt.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="...to this one.")
    ] = None,
) -> None:
    """Screen a day: raise flags and open cases from the data of the days before it."""
    with quick_imports():
        from integrations.feeds.manifest import MOST_DAYS
        from worker.cli.progress import screen_days
        from worker.jobs.schools.ingest import ingest_new_files
        from worker.jobs.schools.poll_feeds import poll_sources
        from worker.jobs.schools.take_received import take_received

    if day and (first or last):
        raise typer.BadParameter("give --day, or --from and --to, not both")
    with open_services() as services:
        today = institution_day(services.now())
        start, end = ((given or day) for given in (first, last))
        span = start.date() if start else today, end.date() if end else today
        if span[0] > span[1]:
            raise typer.BadParameter("--from is after --to, which is today where it is left out")
        refuse_later(span[1], today)
        if (span[1] - span[0]).days >= MOST_DAYS:
            raise typer.BadParameter(f"--from and --to cover {MOST_DAYS} days at most")
        # As before each night's screening: what waits at a source or in its folder counts.
        poll_sources(services)
        take_received(services)
        ingest_new_files(services)
        screen_days(services, *span)


def sweep() -> None:
    """Post and send everything that is due, and read the replies, at once."""
    with quick_imports():
        from integrations.job_queue import InProcessQueue, RqQueue
        from store.queries.schools.troubles import troubles_now
        from worker import jobs
        from worker.jobs import sweep as sweeping

    with open_services() as services:
        sweeping.sweep(services)
        if isinstance(services.queue, InProcessQueue):
            services.queue.run_waiting(jobs.run_with(services))
        elif isinstance(services.queue, RqQueue):
            services.queue.ping()  # raises where what is due could not be queued
        with services.store.database.read() as connection:
            left = dict.fromkeys(each.reason for each in troubles_now(connection))
        here = isinstance(services.queue, InProcessQueue)
    done = "All due work is done." if here else "The due work is in the workers' queue."
    typer.echo("\n".join(left) or done)
    if left:
        raise typer.Exit(1)


def post_digests(day: OptionalDay = None) -> None:
    """Post the digest of every school for a day."""
    from store.queries.schools.staff import school_channels
    from worker.jobs.notices.digests import request_digest

    with open_services() as services:
        schools = schools_of(services)
        with services.store.database.read() as connection:
            if not school_channels(connection):
                raise InvalidInput("No school has a channel yet. Set one: lantern slack channel")
        today = institution_day(services.now())
        which = day.date() if day else today
        refuse_later(which, today)
        with services.store.unit_of_work() as work:
            for school in schools:
                request_digest(work, school.id, which)
    sweep()
