"""Fitness to Study is not recommended if days have no data or the student was seen."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.actions.outreach.receive_reply import record_reply
from store.rules.model import AttemptResult, NoticeKind
from store.tables import attempts, contributing_schools, fitness, notices, outbox
from tests.people import policy_document
from tests.worker.office import Office, words
from tests.worker.unanswered import TODAY, looks_at_traces, office, said, unanswered
from worker.jobs.cases.fitness_to_study import surface_fitness

__all__ = ["office", "unanswered"]


def loses(office: Office, *days: dt.date) -> None:
    """Remove moodle's files of these days, as if they never came."""
    for day in days:
        office.services.lake.path("moodle", day).unlink()


def test_a_feed_that_failed_blocks_it_and_the_days_are_named(office: Office) -> None:
    looks_at_traces(office)
    loses(office, *(TODAY - dt.timedelta(days=offset) for offset in range(5, 12)))
    shown = words(office.types("lena", "fitness LANG-1").dialog)
    assert "moodle has no data for 24 to 28 November." in shown
    assert "Nothing was" not in shown
    assert surface_fitness(office.services, office.world.today) == 0


def test_one_school_day_is_enough_and_weekends_are_not_asked_for(office: Office) -> None:
    looks_at_traces(office)
    loses(office, dt.date(2025, 11, 29), dt.date(2025, 11, 30))
    assert surface_fitness(office.services, office.world.today) == 1
    loses(office, dt.date(2025, 11, 26))
    shown = words(office.types("lena", "fitness LANG-1").dialog)
    assert "moodle has no data for Wednesday 26 November." in shown


def test_one_day_in_seven_is_no_feed(office: Office) -> None:
    """Only Sundays arrived, so the newest day looks recent on a Monday morning."""
    looks_at_traces(office)
    first, last = dt.date(2025, 10, 27), office.world.today - dt.timedelta(days=1)
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    loses(office, *(day for day in days if day.weekday() != 6))
    assert "It is not recommended now" in words(office.types("lena", "fitness LANG-1").dialog)
    looked = said(office.types("alice", "traces LANG-1 nobody can reach her"))
    assert "moodle: no data for" in looked
    assert office.world.rows(attempts)[-1]["result"] == AttemptResult.NOT_MEASURED


def test_a_look_at_days_that_were_not_measured_is_no_step_taken(office: Office) -> None:
    loses(office, dt.date(2025, 11, 26))
    looked = said(office.types("alice", "traces LANG-1 nobody can reach her"))
    assert "no data for Wednesday 26 November; nothing seen on the other days." in looked
    assert "digital traces comes next" in words(office.types("lena", "fitness LANG-1").dialog)


def test_another_schools_source_that_shows_the_student_blocks_it(office: Office) -> None:
    office.world.publish(policy_document("MATH").replace('"moodle"', '"maths-lab"'))
    world = office.world
    with world.store.unit_of_work() as work:
        named = {"student_id": world.student("dana"), "school_id": world.school("MATH")}
        work.connection.execute(sa.insert(contributing_schools).values(named))
    looks_at_traces(office)
    assert "maths-lab has no data" in words(office.types("lena", "fitness LANG-1").dialog)


def test_a_logged_meeting_blocks_it(office: Office) -> None:
    looks_at_traces(office)
    office.types("alice", "log LANG-1 meeting met her for half an hour")
    shown = words(office.types("lena", "fitness LANG-1").dialog)
    assert "A colleague met the student on Friday 5 December." in shown
    refused = said(office.types("lena", "fitness LANG-1 invoke there is nothing else left"))
    assert "it is not recommended now" in refused
    assert surface_fitness(office.services, office.world.today) == 0


def test_a_meeting_that_nobody_came_to_or_long_ago_does_not(office: Office) -> None:
    looks_at_traces(office)
    office.types("alice", "log LANG-1 meeting not-reached she did not come")
    office.types("alice", "log LANG-1 note her mother rang and was worried")
    dialog = office.dialog("alice", "log", 1)
    early = {"kind": "meeting", "note": "We had met", "reached": "reached", "on": "2025-10-20"}
    assert not office.submits("alice", dialog, **early).errors
    assert surface_fitness(office.services, office.world.today) == 1
    wrong = office.submits("alice", dialog, **(early | {"on": "next friday"}))
    assert list(wrong.errors) == ["on"]


def test_an_answer_after_it_was_recommended_is_asked_for_again(office: Office) -> None:
    """Also for an answer to the first email. The leads are not told of a withdrawn
    recommendation."""
    looks_at_traces(office)
    surface_fitness(office.services, office.world.today)
    dialog = office.types("lena", "fitness LANG-1").dialog
    assert dialog
    record_reply(
        office.world.store,
        message="m",
        conversation="conversation-1",
        body="I was ill",
        received_at=office.clock.now,
    )
    answers = {"decision": "invoke", "why": "Everything was tried for six weeks"}
    assert "it is not recommended now" in said(office.submits("lena", dialog, **answers))
    shown = words(office.types("lena", "fitness LANG-1").dialog)
    assert "The student answered on Friday 5 December." in shown
    assert office.world.rows(fitness) == []
    office.works()
    (notice,) = office.world.rows(notices, kind=NoticeKind.FITNESS)
    (row,) = office.world.rows(outbox, notice_id=notice["id"])
    assert row["state"] == "cancelled"
