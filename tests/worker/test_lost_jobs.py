"""The sweeper starts lost jobs again: once, and not too early."""

import datetime as dt
import threading
import time

import pytest
import sqlalchemy as sa
from rq.timeouts import JobTimeoutException

from bot.interaction import Reply
from store.db.unit_of_work import Store
from store.delivery.job_slots import claim_slot, finish, forget_old_slots
from store.rules.calendar import INSTITUTION
from store.tables import interactions, outbox, screenings, slots
from tests.worker.clocked import WEDNESDAY, Jobs, at, office, queue
from tests.worker.office import Office
from worker import jobs
from worker.jobs.slots import SCREENING_AT, instant
from worker.jobs.sweep import screening_overdue, sweep
from worker.one_by_one import Step, each_step
from worker.processes.clock import tick

__all__ = ["office", "queue"]


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


def test_a_screening_that_was_stopped_is_taken_up_at_the_next_start(
    office: Office, queue: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It took longer than a process has to stop, and was killed."""
    at(office, WEDNESDAY, 5, 30)
    tick(office.services)
    stopping = threading.Event()
    monkeypatch.setattr("worker.jobs.slots.STOPPING", stopping)

    def killed(store: Store, *_steps: Step) -> None:
        stopping.set()
        until = time.monotonic() + 30
        while not office.world.rows(slots, job="screen")[0]["alive_at"] < store.now():
            assert time.monotonic() < until
            time.sleep(0.1)
        raise JobTimeoutException

    monkeypatch.setattr(jobs, "each_step", killed)
    with pytest.raises(JobTimeoutException):
        jobs.JOBS["screen"](office.services, **queue.asked.pop()[1])
    office.clock.forward(seconds=50)
    sweep(office.services)
    assert queue.screens() == [], "it may still be stopping"
    office.clock.forward(seconds=11)
    sweep(office.services)
    sweep(office.services)
    assert queue.screens() == ["2025-10-22"]


def test_old_slots_are_deleted_and_the_newest_of_each_job_stays(office: Office) -> None:
    at(office, WEDNESDAY, 5, 30)
    for days in range(100):
        with office.world.store.unit_of_work() as work:
            claim_slot(work, "screen", work.now - dt.timedelta(days=days))
    with office.world.store.unit_of_work() as work:
        claim_slot(work, "follow-up:1", work.now - dt.timedelta(days=90))
    forget_old_slots(office.world.store)
    kept = [row["job"] for row in office.world.rows(slots)]
    assert (kept.count("screen"), kept.count("follow-up:1")) == (31, 1)


def test_the_night_deletes_the_keys_of_clicks_a_month_later(office: Office) -> None:
    case = office.world.open_case("dana")
    assert office.clicks("alice", "take", "one-click", case=case) == Reply()
    for days, is_kept in ((29, True), (2, False)):
        office.clock.forward(days=days)
        jobs.run_with(office.services)("screen", day=str(office.world.today))
        assert bool(office.world.rows(interactions, key="one-click")) is is_kept, days


@pytest.mark.parametrize("step", ["feed news", "retention", "fitness to study", "old troubles"])
def test_a_night_cut_off_after_its_last_school_comes_to_its_end(
    office: Office, queue: Jobs, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """It is cut off by rq's time limit, or by the end of the process."""
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
    """Redis was unavailable or restarted empty, or the worker died during the drafts."""
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
