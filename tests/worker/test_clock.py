"""Due jobs run once: with two clocks, in both hours of October's change, and after a late start."""

import datetime as dt
import threading
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from store.delivery.job_slots import claim_slot
from store.rules.calendar import INSTITUTION
from store.tables import outbox, slots
from tests.people import policy_document
from tests.worker.clocked import WEDNESDAY, Jobs, at, office, queue
from tests.worker.office import Office, office_in
from worker.jobs.slots import instant
from worker.processes import clock
from worker.processes.clock import tick

__all__ = ["office", "queue"]


def digests(office: Office) -> list[tuple[int, dt.date]]:
    return [(row["school_id"], row["day"]) for row in office.world.rows(outbox, kind="digest")]


# -- A day ---------------------------------------------------------------------------------------


def test_a_school_day_has_one_screening_and_one_digest_for_each_school(
    office: Office, queue: Jobs
) -> None:
    for hour, minute in (
        (5, 29),
        (5, 30),
        (5, 31),
        (8, 14),
        (8, 15),
        (8, 29),
        (8, 30),
        (9, 0),
        (12, 0),
        (23, 59),
    ):
        at(office, WEDNESDAY, hour, minute)
        before = len(queue.asked), len(digests(office))
        tick(office.services)
        after = len(queue.asked), len(digests(office))
        assert (after != before) == ((hour, minute) in {(5, 30), (8, 15), (8, 30)}), (
            f"{hour}:{minute}"
        )

    follow_ups = [("follow-up", {"school": office.world.school(code)}) for code in ("LANG", "MATH")]
    assert queue.asked == [("screen", {"day": "2025-10-22"}), *follow_ups]
    schools = [office.world.school("LANG"), office.world.school("MATH")]
    assert digests(office) == [(school, WEDNESDAY) for school in schools]


def test_a_clock_that_starts_late_finds_what_nobody_has_taken(office: Office, queue: Jobs) -> None:
    at(office, WEDNESDAY, 10)
    tick(office.services)
    assert queue.screens() == ["2025-10-22"]
    assert len(digests(office)) == 2


def test_a_clock_that_starts_in_the_evening_screens_and_does_not_say_good_morning(
    office: Office, queue: Jobs
) -> None:
    at(office, WEDNESDAY, 19)
    tick(office.services)
    assert queue.screens() == ["2025-10-22"]
    assert digests(office) == []


def test_weekends_and_closures_have_a_screening_and_no_digest(office: Office, queue: Jobs) -> None:
    """Inactivity at a weekend counts, so the morning after is screened; colleagues are off duty."""
    closed = (
        '[calendar]\nclosures = [{ name = "Reading day", first = 2025-10-23, last = 2025-10-23 }]'
    )
    office.world.publish(policy_document("LANG") + closed)
    for day in (23, 25, 26):
        at(office, dt.date(2025, 10, day), 9)
        tick(office.services)

    assert queue.screens() == ["2025-10-23", "2025-10-25", "2025-10-26"]
    assert digests(office) == [(office.world.school("MATH"), dt.date(2025, 10, 23))]


def test_a_school_chooses_when_its_digest_comes(office: Office) -> None:
    office.world.publish('digest_at = "07:15"\n' + policy_document("LANG"))
    at(office, WEDNESDAY, 7, 15)
    tick(office.services)
    assert digests(office) == [(office.world.school("LANG"), WEDNESDAY)]


def test_just_after_midnight_in_summer_the_day_is_londons_and_not_utcs(
    office: Office, queue: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "SCREENING_AT", dt.time(0, 15))
    at(office, WEDNESDAY, 0, 20)
    assert office.clock.now.date() == dt.date(2025, 10, 21)
    tick(office.services)
    assert queue.screens() == ["2025-10-22"]


# -- The two nights of the clock change -----------------------------------------------------------


def test_an_hour_that_comes_twice_in_october_fires_once(
    office: Office, queue: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "SCREENING_AT", dt.time(1, 30))
    first = dt.datetime(2025, 10, 26, 0, 30, tzinfo=dt.UTC)
    for minutes in range(-30, 150, 10):
        office.clock.now = first + dt.timedelta(minutes=minutes)
        tick(office.services)
        assert len(queue.asked) == (minutes >= 0)

    assert instant(dt.date(2025, 10, 26), dt.time(1, 30), INSTITUTION) == first
    assert queue.screens() == ["2025-10-26"]


def test_an_hour_that_is_left_out_in_march_fires_all_the_same(
    office: Office, queue: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "SCREENING_AT", dt.time(1, 30))
    start = dt.datetime(2026, 3, 29, 0, 0, tzinfo=dt.UTC)
    for minutes in range(0, 240, 10):
        office.clock.now = start + dt.timedelta(minutes=minutes)
        tick(office.services)

    assert queue.screens() == ["2026-03-29"]


@pytest.mark.parametrize("month", [1, 7])
def test_the_wall_clock_counts_in_winter_and_in_summer(month: int) -> None:
    due = instant(dt.date(2026, month, 15), dt.time(8, 30), ZoneInfo("Europe/London"))
    assert due.astimezone(INSTITUTION).time() == dt.time(8, 30)
    assert due.hour == (8 if month == 1 else 7)


# -- Two clocks ----------------------------------------------------------------------------------


def test_two_clocks_at_once_do_everything_once(tmp_path: Path, migrated_database_url: str) -> None:
    with office_in(tmp_path, migrated_database_url) as office:
        queue = Jobs()
        services = replace(office.services, queue=queue)
        at(office, WEDNESDAY, 9)
        ready = threading.Barrier(4)

        def one_clock() -> None:
            ready.wait(timeout=60)
            tick(services)

        clocks = [threading.Thread(target=one_clock) for _ in range(4)]
        for each in clocks:
            each.start()
        for each in clocks:
            each.join()

        assert queue.screens() == ["2025-10-22"]
        assert len(digests(office)) == 2
        assert len(office.world.rows(slots)) == 5


def test_a_slot_whose_taker_fails_before_it_is_kept_is_free_again(office: Office) -> None:
    due = instant(WEDNESDAY, dt.time(8, 30), INSTITUTION)

    def dies() -> None:
        with office.world.store.unit_of_work() as work:
            assert claim_slot(work, "digest:1", due)
            raise RuntimeError("the process dies")

    with pytest.raises(RuntimeError, match="dies"):
        dies()
    with office.world.store.unit_of_work() as work:
        assert claim_slot(work, "digest:1", due)
    with office.world.store.unit_of_work() as work:
        assert not claim_slot(work, "digest:1", due)


# -- APScheduler ---------------------------------------------------------------------------------


def test_a_clock_looks_and_sweeps_as_soon_as_it_starts(
    office: Office, queue: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Nowhere/City")  # the machine's own time zone must not matter
    at(office, WEDNESDAY, 6)
    scheduler = BackgroundScheduler(timezone=INSTITUTION)
    clock.schedule(scheduler, office.services)
    scheduler.start()
    try:
        while {name for name, _ in queue.asked} != {"screen", "sweep"}:
            assert queue.looked.wait(timeout=60), f"only {queue.asked}"
            queue.looked.clear()
        jobs = {job.id: job for job in scheduler.get_jobs()}
    finally:
        scheduler.shutdown(wait=True)

    assert jobs.keys() == {"tick", "_sweep"}
    for job in jobs.values():
        assert job.coalesce, "a machine that slept looks once, not for every missed time"
        assert job.misfire_grace_time is None, "and however late it is"
        assert job.max_instances == 1
