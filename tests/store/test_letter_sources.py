"""Letters and the student's page name every source once, with its own last day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from store.db.repository import actor
from store.policies.versions import school_policy
from store.queries.cases.case import case_view
from store.queries.readiness.compose_letter import compose_for
from store.queries.students.own_data import own_data
from store.rules.calendar import Calendar
from store.rules.flag_rules.evidence import Evidence, Measure
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.model import MarkerFamily
from tests.people import finding
from tests.world import World


def seen(student: int, family: MarkerFamily, source: str, fresh: dt.date) -> Measure:
    last = fresh - dt.timedelta(days=30)
    return Measure(student, "FR101", family, source, fresh, last, 0, 0, 0)


def test_a_letter_and_the_students_page_name_every_source_once(world: World) -> None:
    dana, day = world.student("dana"), world.today
    known = {
        MarkerFamily.ATTENDANCE: day - dt.timedelta(days=4),
        MarkerFamily.VLE: day - dt.timedelta(days=1),
    }
    measures = tuple(seen(dana, each, str(each), fresh) for each, fresh in known.items())
    (silent,) = Inactivity(days=14).findings(Calendar(), Evidence(dana, measures), day)
    work = replace(
        finding(dana, "Essay 3"),
        rule="missed-submission",
        family=MarkerFamily.SUBMISSIONS,
        module="FR101",
        reason_student="Essay 3 in FR101 was due on Friday 10 October.",
        source="turned-in",
        fresh=day - dt.timedelta(days=1),
    )
    world.screen(silent, work)
    case = world.case(1)
    with world.store.database.read() as connection:
        page = own_data(connection, dana, day).sources
        flags = case_view(connection, 1).flags
        policy = school_policy(connection, case.school, day)
        writer = actor(connection, world.staff("alice"))
        text = compose_for(connection, case, writer, policy, today=day).body
    assert text.count("attendance") == text.count("the online learning space") == 1, text
    assert "attendance up to" in page
    assert page in text
    assert page.count("up to") == 2
    assert {each: day for flag in flags for each, day in flag.known_to.items()} == {
        str(family): fresh for family, fresh in known.items()
    }
