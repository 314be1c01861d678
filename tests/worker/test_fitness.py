"""The last step of contact, and Fitness to Study: it surfaces, and a named lead decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.actions.outreach.receive_reply import record_reply
from store.policies.document import PolicyProblems, parse
from store.rules.model import AttemptResult, CaseStatus, MarkerFamily, NoticeKind
from store.tables import attempts, audit, cases, contributing_schools, fitness, notices, outbox
from tests.people import policy_document
from tests.worker.office import Office, office_in, words
from worker.jobs.cases.fitness_to_study import surface_fitness
from worker.jobs.schools.ingest import forget_swipes, ingest_events

TODAY = dt.date(2025, 12, 3)
"""Six weeks after the office's first morning; a Wednesday."""

LADDER = """
[[ladder]]
rung = "digital-traces"
wait_days = 1
"""


@pytest.fixture(scope="module")
def unanswered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dana's case: two mails went unanswered, and her feed is complete and silent."""
    home = tmp_path_factory.mktemp("unanswered") / "home"
    with office_in(home) as made:
        made.world.publish(policy_document() + LADDER)
        case = made.world.open_case()
        made.world.both_emails_unanswered(case)
        deliver(made, dt.date(2025, 10, 1), TODAY - dt.timedelta(days=1))
    return home


@pytest.fixture
def office(unanswered: Path, tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home", begun=unanswered) as made:
        made.clock.now = dt.datetime.combine(TODAY, dt.time(9, 30), dt.UTC)
        yield made


def deliver(office: Office, first: dt.date, last: dt.date, seen: dt.date | None = None) -> None:
    """Moodle's files of these days; Dana is in them on ``seen``, and Eli on every day."""
    lake, world = office.services.lake, office.world
    dana, eli = world.student("dana"), world.student("eli")
    with lake.workspace() as work:
        for offset in range((last - first).days + 1):
            day = first + dt.timedelta(days=offset)
            who = [eli] + ([dana] if day == seen else [])
            rows = " UNION ALL ".join(
                f"SELECT {each}::BIGINT AS student, 'FR101' AS module, 'vle' AS family, "
                "NULL::VARCHAR AS item, 0::BIGINT AS expected, 1::BIGINT AS done"
                for each in who
            )
            lake.replace_day(work, "moodle", day, rows)


def said(reply: object) -> str:
    return repr(reply)


def looks_at_traces(office: Office) -> None:
    assert "nothing seen" in said(office.types("alice", "traces LANG-1 nobody can reach her"))
    office.clock.forward(days=2)
    day = office.world.today
    deliver(office, TODAY, day - dt.timedelta(days=1))


def test_traces_are_looked_at_last_for_a_purpose_and_logged(office: Office) -> None:
    dialog = office.dialog("alice", "traces", 1)
    assert list(office.submits("alice", dialog, purpose="no").errors) == ["purpose"]
    assert office.world.rows(attempts) == []
    looked = said(office.submits("alice", dialog, purpose="Nobody can reach her"))
    assert "moodle: nothing seen; delivered up to Tuesday 2 December." in looked
    (row,) = office.world.rows(attempts)
    assert (row["result"], row["note"]) == (AttemptResult.NOTHING_SEEN, "Nobody can reach her")


def test_what_is_seen_is_said_and_logged(office: Office) -> None:
    deliver(
        office,
        TODAY - dt.timedelta(days=9),
        TODAY - dt.timedelta(days=9),
        seen=TODAY - dt.timedelta(days=9),
    )
    assert "last seen on Monday 24 November" in said(
        office.types("alice", "traces LANG-1 nobody can reach her")
    )
    assert office.world.rows(attempts)[0]["result"] == AttemptResult.TRACES_SEEN


def test_while_other_steps_are_left_nobody_looks(office: Office) -> None:
    office.world.publish(policy_document() + '[[ladder]]\nrung = "phone"\nwait_days = 1\n' + LADDER)
    assert "phone comes first" in said(office.types("alice", "traces LANG-1 nobody can reach her"))
    assert "you need to be" in said(office.types("bob", "traces LANG-1 nobody can reach her"))
    assert office.world.rows(attempts) == []


def test_before_the_end_of_the_ladder_it_is_not_recommended_and_says_why(office: Office) -> None:
    shown = words(office.types("lena", "fitness LANG-1").dialog)
    assert "It is not recommended now" in shown
    assert "The contact ladder is not finished: digital traces comes next." in shown
    refused = said(office.types("lena", "fitness LANG-1 invoke there is nothing else left"))
    assert "is not recommended now" in refused
    assert surface_fitness(office.services, office.world.today) == 0
    assert office.world.rows(fitness) == []


def test_it_surfaces_once_and_the_lead_decides(office: Office) -> None:
    looks_at_traces(office)
    for _ in range(2):
        surface_fitness(office.services, office.world.today)
    told = office.world.rows(notices, kind=NoticeKind.FITNESS)
    assert [row["staff_id"] for row in told] == [office.world.staff("lena")]
    assert office.world.case(1).status is CaseStatus.IN_CONTACT, "nothing happens by itself"
    office.works()
    (row,) = office.world.rows(outbox, notice_id=told[0]["id"])
    assert row["state"] == "sent"
    heard = [str(message.payload) for message in office.messages("direct:lena")]
    assert len([each for each in heard if "Fitness to Study" in each and "LANG-1" in each]) == 1
    assert not any("Dana" in each or "Dvorak" in each for each in heard)

    dialog = office.types("lena", "fitness LANG-1").dialog
    assert dialog
    assert "There has been no contact and no activity from" in words(dialog)
    assert "Dana" not in words(dialog)
    answers = {"decision": "invoke", "why": "Everything was tried for six weeks"}
    assert "is referred" in said(office.submits("lena", dialog, **answers))
    assert office.world.case(1).status is CaseStatus.REFERRED
    (row,) = office.world.rows(fitness)
    assert row["decided_by"] == office.world.staff("lena")
    assert "University email on" in row["summary"]


def test_a_second_look_at_traces_begins_no_new_wait(office: Office) -> None:
    """§16: every step was tried, so what is next is the lead's decision."""
    looks_at_traces(office)
    surface_fitness(office.services, office.world.today)
    assert "every contact step was tried" in words(office.types("alice", "show LANG-1").dialog)
    office.types("alice", "traces LANG-1 her tutor asked me to look once more")
    shown = words(office.types("lena", "fitness LANG-1").dialog)
    assert "not finished" not in shown
    assert "You decide whether it is right" in shown
    window = words(office.types("alice", "show LANG-1").dialog)
    assert "the next contact step is due" not in window
    assert "The lead" in window
    surface_fitness(office.services, office.world.today)
    assert len(office.world.rows(notices, kind=NoticeKind.FITNESS)) == 1, "told once"


def test_a_lead_may_say_not_now_and_is_not_asked_again(office: Office) -> None:
    looks_at_traces(office)
    reply = said(office.types("lena", "fitness LANG-1 not-now her mother rang yesterday"))
    assert "not now" in reply
    assert office.world.case(1).status is CaseStatus.IN_CONTACT
    assert surface_fitness(office.services, office.world.today) == 0


def test_only_a_lead_decides(office: Office) -> None:
    looks_at_traces(office)
    for name in ("alice", "sana", "bob", "max"):
        office.types(name, "fitness LANG-1 invoke there is nothing else left")
    assert office.world.rows(fitness) == []
    assert office.world.rows(cases)[0]["status"] == CaseStatus.IN_CONTACT


def loses(office: Office, *days: dt.date) -> None:
    """Of these days moodle's files never came."""
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
    """Only Sundays came, so that the newest day looks fresh on a Monday morning."""
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
    """Also to the first mail, and the leads are not told of what is over."""
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


# -- Card swipes -------------------------------------------------------------------------------

SWIPES = '\n[traces]\nswipes = ["doors"]\nkeep_days = 14\n'


def swiped(office: Office, *days: dt.date) -> None:
    """The doors' file: Dana's card on these days, in the event feed's columns or in its own."""
    path = office.services.settings.home / "doors.csv"
    path.write_text("student_number,at,door\n" + "".join(f"1001,{day},library\n" for day in days))
    report = ingest_events(office.services, path, "doors", (min(days), office.world.today))
    assert report.rejected_total == 0


def test_swipes_are_looked_at_last_for_a_purpose_of_their_own(office: Office) -> None:
    office.world.publish(policy_document() + LADDER + SWIPES)
    swiped(office, TODAY - dt.timedelta(days=3))
    early = said(office.types("alice", "traces LANG-1 swipes her parents are worried"))
    assert "log-ins and use of the learning space come first" in early
    assert office.world.rows(attempts) == []

    dialog = office.dialog("alice", "traces", 1)
    looked = said(office.submits("alice", dialog, what="logins", purpose="Nobody can reach her"))
    assert "moodle: nothing seen" in looked
    assert "doors" not in looked

    missing = office.submits("alice", dialog, what="swipes", purpose="no")
    assert list(missing.errors) == ["purpose"]
    found = said(office.submits("alice", dialog, what="swipes", purpose="Her parents are worried"))
    assert "doors: last seen on Sunday 30 November" in found
    assert "library" not in found
    row = office.world.rows(attempts)[-1]
    assert (row["result"], row["note"]) == (AttemptResult.TRACES_SEEN, "Her parents are worried")
    kept = [each["details"] for each in office.world.rows(audit, action="attempt")]
    assert ["swipes" in str(each) for each in kept] == [False, True]


def test_where_log_ins_showed_something_or_nothing_was_agreed_nobody_looks(office: Office) -> None:
    office.types("alice", "traces LANG-1 nobody can reach her")
    assert "has agreed no source" in said(
        office.types("alice", "traces LANG-1 swipes they worry a lot")
    )
    office.world.publish(policy_document() + LADDER + SWIPES)
    seen = TODAY - dt.timedelta(days=2)
    deliver(office, seen, seen, seen=seen)
    office.types("alice", "traces LANG-1 nobody can reach her")
    refused = said(office.types("alice", "traces LANG-1 swipes her parents are worried"))
    assert "showed something of the student" in refused
    assert "you need to be" in said(office.types("bob", "traces LANG-1 swipes I am curious"))


def test_a_policy_that_makes_swipes_a_marker_is_refused() -> None:
    with pytest.raises(PolicyProblems, match="never evidence for a flag"):
        parse(policy_document() + SWIPES.replace("doors", "moodle"), "lang.toml")


def test_swipes_are_in_no_markers_family_and_go_after_the_days_that_the_school_set(
    office: Office,
) -> None:
    office.world.publish(policy_document() + LADDER + SWIPES)
    swiped(office, TODAY - dt.timedelta(days=20), TODAY - dt.timedelta(days=3))
    lake = office.services.lake
    day = TODAY - dt.timedelta(days=3)
    with lake.workspace() as work:
        path = str(lake.path("doors", day))
        rows = work.con.execute("SELECT DISTINCT family FROM read_parquet(?)", [path]).fetchall()
    assert rows == [("access",)]
    assert "access" not in set(MarkerFamily)

    assert forget_swipes(office.services, TODAY) == 6
    kept = {key.day for key in lake.files(dt.date.min, TODAY) if key.source == "doors"}
    assert min(kept) == TODAY - dt.timedelta(days=14)
    assert any(
        key.source == "moodle" and key.day < min(kept) for key in lake.files(dt.date.min, TODAY)
    )
