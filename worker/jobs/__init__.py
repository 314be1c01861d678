"""Every job by name. The same functions run on rq's workers and in the embedded process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import cache, partial

import structlog

from integrations.bootstrap import Services, build
from integrations.error_summary import GOES_THROUGH, place
from integrations.fault_log import log_failure
from integrations.settings import load_settings
from integrations.trail import TRAIL
from store.actions.notices import troubles
from store.actions.outreach.draft_follow_up import cases_waiting, prepare_next
from store.actions.outreach.outdated_drafts import drafts_waiting, send_back_outdated
from store.delivery.clicks import forget_old_clicks
from store.delivery.job_slots import forget_old_slots, newest_slot
from store.rules.calendar import INSTITUTION
from store.rules.errors import InvalidInput
from store.rules.model import EMAILS, OutboxKind
from worker.jobs import flags as screening
from worker.jobs import privacy as erasing
from worker.jobs import sweep as sweeping
from worker.jobs.cases import fitness_to_study as fitness
from worker.jobs.cases import hand_over_pictures
from worker.jobs.notices import deliver as announce
from worker.jobs.outreach import receive_replies as replies
from worker.jobs.outreach import send as outreach
from worker.jobs.retention import delete_overdue
from worker.jobs.schools import ingest, kept_files, poll_feeds, reading, take_received
from worker.jobs.schools.look_at_directory import look_at_directory
from worker.jobs.schools.tell_of_feeds import tell_of_feeds
from worker.jobs.schools.weekly_standings import publish_standings
from worker.jobs.slots import FOLLOW_UP, SCREENING_AT, alive_while, instant
from worker.one_by_one import each_case, each_step

log = structlog.get_logger(__name__)


def _deliver(services: Services, *, kind: str) -> None:
    if OutboxKind(kind) in EMAILS:
        outreach.send_due(services, OutboxKind(kind))
    elif OutboxKind(kind) is OutboxKind.ERASURE:
        erasing.erase_due(services)
    elif OutboxKind(kind) is OutboxKind.PICTURE:
        hand_over_pictures.hand_over_due(services)
    else:
        announce.announce_due(services, OutboxKind(kind))


def _screen(services: Services, *, day: str, resume: int = 0) -> None:
    """The night's work, each step by itself; ``resume`` 1 continues where a run was cut off."""
    store, on = services.store, dt.date.fromisoformat(day)
    with alive_while(store, "screen", instant(on, SCREENING_AT, INSTITUTION)):
        each_step(
            store,
            ("polls", partial(poll_feeds.poll_sources, services)),
            ("received", partial(take_received.take_received, services)),
            ("new files", partial(ingest.ingest_new_files, services)),
            ("changed readers", partial(kept_files.read_changed, services)),
            ("old swipes", partial(ingest.forget_swipes, services, on)),
            ("old deliveries", partial(reading.forget_old_deliveries, services)),
            ("screening", partial(_screen_schools, services, on, only_missing=bool(resume))),
            ("feed news", partial(tell_of_feeds, services, on)),
            ("standings", partial(publish_standings, services, on)),
            ("retention", partial(delete_overdue, services, on)),
            ("fitness to study", partial(fitness.surface_fitness, services, on)),
            ("seen after it", partial(fitness.tell_of_activity, services, on)),
            ("old troubles", partial(troubles.forget_old_troubles, store)),
            ("old slots", partial(forget_old_slots, store)),
            ("old clicks", partial(forget_old_clicks, store)),
        )


def _screen_schools(services: Services, day: dt.date, *, only_missing: bool) -> None:
    try:
        screening.screen(services, day, only_missing=only_missing)
    except InvalidInput as error:
        # No school has a policy yet: nothing to do, and nothing wrong.
        log.info("no screening", reason=error.sentence)


def _follow_up(services: Services, *, school: int) -> None:
    """Write the drafts of a school's morning, and send back those that are out of date."""
    job = f"{FOLLOW_UP}{school}"
    with services.store.database.read() as connection:
        at = newest_slot(connection, job)
    with alive_while(services.store, job, at) if at else nullcontext():
        _prepare(services, school)


def _prepare(services: Services, school: int) -> None:
    drafted = drafts_waiting(services.store, school)
    look = partial(send_back_outdated, services.store)
    each_case(services.store, dict.fromkeys(drafted, school), "drafts", look, school=school)
    waiting = cases_waiting(services.store, school)
    prepare = partial(prepare_next, services.store)
    each_case(services.store, dict.fromkeys(waiting, school), "follow-up", prepare, school=school)


def jobs_by_name(*jobs: tuple[str, Callable[..., None]]) -> Mapping[str, Callable[..., None]]:
    """Map each name to its job. ``ValueError`` where a name is taken: the second would replace
    the first.
    """
    table: dict[str, Callable[..., None]] = {}
    for name, job in jobs:
        if name in table:
            raise ValueError(f"there are two jobs named {name!r}")
        table[name] = job
    return table


# No name is ever changed: jobs of an older version may still wait in Redis under theirs.
JOBS = jobs_by_name(
    ("collect-replies", replies.collect_replies),
    ("deliver", _deliver),
    ("directory", look_at_directory),
    ("follow-up", _follow_up),
    ("screen", _screen),
    ("sweep", sweeping.sweep),
)


class JobFailed(Exception):
    """A job did not finish. The text names the job and the place of the error, and no data."""

    lantern_logged = True


def run_with(services: Services) -> Callable[..., None]:
    """Return the ``JobRunner`` of a process that has its services already."""

    def run(name: str, **ids: int | str) -> None:
        with TRAIL.of_job(name, ids):
            JOBS[name](services, **ids)

    return run


def run(name: str, **ids: int | str) -> None:
    """Run a job, as rq calls it. A worker's process opens the services once and keeps them.

    rq logs a failure and keeps it in Redis, and a database's error quotes the row. So this raises
    ``JobFailed`` with only the error's kind and place.
    """
    try:
        run_with(_services())(name, **ids)
    except GOES_THROUGH as error:
        log_failure("job ended", error, job=name)
        raise
    except Exception as error:  # noqa: BLE001
        sentence = log_failure("job failed", error, job=name)
        what = sentence or f"{type(error).__name__} at {place(error)}"
        raise JobFailed(f"{name}: {what}") from None


@cache
def _services() -> Services:
    return build(load_settings())
