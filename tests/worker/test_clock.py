"""What is due happens once: with two clocks, in both of October's hours, and after a late start."""

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from apscheduler.schedulers.background import BackgroundScheduler
from rq.timeouts import JobTimeoutException

from store.db.unit_of_work import Store
from store.delivery.job_slots import claim_slot, finish
from store.rules.calendar import INSTITUTION
from store.tables import outbox, screenings, slots
from tests.people import policy_document
from tests.worker.office import Office, office_in
from worker import jobs
from worker.jobs.slots import SCREENING_AT, instant
from worker.jobs.sweep import screening_overdue, sweep
from worker.one_by_one import Step, each_step
from worker.processes import clock
from worker.processes.clock import tick

WEDNESDAY = dt.date(2025, 10, 22)


class Jobs:
    """A job queue that only writes down what is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, int | str]]] = []
        self.looked = threading.Event()

    def enqueue(self, name: str, **ids: int | str) -> None:
        self.asked.append((name, ids))
        self.looked.set()

    def screens(self) -> list[str]:
        return [str(ids["day"]) for name, ids in self.asked if name == "screen"]


@pytest.fixture
def queue() -> Jobs:
    return Jobs()


@pytest.fixture
def office(tmp_path: Path, queue: Jobs) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        made.services = replace(made.services, queue=queue)
        yield made


def at(office: Office, day: dt.date, hour: int, minute: int = 0) -> None:
    """It is this time in London; of an hour that comes twice, the first."""
    office.clock.now = dt.datetime.combine(day, dt.time(hour, minute), INSTITUTION).astimezone(
        dt.UTC
    )


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
    """Silence at a weekend counts, so the morning after is screened; colleagues are at home."""
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


# -- The two odd nights --------------------------------------------------------------------------


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


# -- What got lost -------------------------------------------------------------------------------


def test_a_screening_whose_worker_died_is_begun_again_by_the_sweeper(
    office: Office, queue: Jobs
) -> None:
    at(office, WEDNESDAY, 5, 30)
    tick(office.services)
    queue.asked.clear()  # the worker took the job and died
    office.clock.forward(minutes=19)
    sweep(office.services)
    assert queue.screens() == [], "it may still be at it"

    office.clock.forward(minutes=2)
    sweep(office.services)
    assert queue.screens() == ["2025-10-22"]

    finish(office.world.store, "screen", instant(WEDNESDAY, SCREENING_AT, INSTITUTION))
    for school in ("LANG", "MATH"):
        office.clock.forward(minutes=21)
        office.world.screen(school=school)
        done = len(office.world.rows(screenings))
        assert screening_overdue(office.services) == (done < 2), "one school is still missing"


@pytest.mark.parametrize("step", ["feed news", "retention", "fitness to study", "old troubles"])
def test_a_night_cut_off_after_its_last_school_comes_to_its_end(
    office: Office, queue: Jobs, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever cuts it off: rq's time limit, or the end of the process."""
    at(office, WEDNESDAY, 5, 30)
    tick(office.services)
    done: list[str] = []

    def cut_off(store: Store, *steps: Step) -> None:
        each_step(store, *steps[: [name for name, _ in steps].index(step)])
        raise JobTimeoutException

    monkeypatch.setattr(jobs, "each_step", cut_off)
    with pytest.raises(JobTimeoutException):
        jobs.JOBS["screen"](office.services, **queue.asked.pop()[1])
    assert len(office.world.rows(screenings)) == 2, "every school is screened"
    monkeypatch.setattr(jobs, "each_step", lambda _, *steps: done.extend(name for name, _ in steps))
    for minutes in (19, 2):
        assert queue.screens() == []
        office.clock.forward(minutes=minutes)
        sweep(office.services)
        sweep(office.services)
    assert queue.screens() == ["2025-10-22"], "asked for once, by whichever process sweeps first"
    jobs.JOBS["screen"](office.services, **queue.asked.pop()[1])
    assert step in done

    office.clock.forward(hours=1)
    sweep(office.services)
    assert queue.screens() == [], "and that was its end"


def test_drafts_whose_wake_up_was_lost_are_written_the_same_morning(
    office: Office, queue: Jobs
) -> None:
    """Redis was away, or came back empty; or the worker died over them."""
    at(office, WEDNESDAY, 8, 15)
    tick(office.services)
    queue.asked.clear()
    school = office.world.school("LANG")
    jobs.JOBS["follow-up"](office.services, school=office.world.school("MATH"))
    for minutes, asked in ((14, 0), (2, 1), (0, 0), (16, 1)):
        office.clock.forward(minutes=minutes)
        sweep(office.services)
        again = [ids for name, ids in queue.asked if name == "follow-up"]
        assert again == [{"school": school}] * asked, f"after {minutes} more minutes"
        queue.asked.clear()
    jobs.JOBS["follow-up"](office.services, school=school)
    office.clock.forward(hours=1)
    sweep(office.services)
    assert "follow-up" not in {name for name, _ in queue.asked}


def test_the_sweeper_begins_no_screening_that_no_clock_has_called(
    office: Office, queue: Jobs
) -> None:
    at(office, WEDNESDAY, 5)
    sweep(office.services)
    assert queue.screens() == []


def test_the_sweeper_wakes_only_what_is_due(office: Office, queue: Jobs) -> None:
    office.world.open_case()
    sweep(office.services)
    assert queue.asked == [("deliver", {"kind": "card"})]

    queue.asked.clear()
    with office.world.store.unit_of_work() as work:
        work.connection.execute(sa.update(outbox).values(state="sent"))
    sweep(office.services)
    assert queue.asked == []


# -- APScheduler ---------------------------------------------------------------------------------


def test_a_clock_looks_and_sweeps_as_soon_as_it_starts(
    office: Office, queue: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Nowhere/City")  # the machine's own zone is nobody's business
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
