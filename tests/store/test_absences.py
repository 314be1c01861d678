"""Absence requests in the store: who decides, that it is once, and deletion with the student."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from store.actions.schools.arrange_cover import Absence, arrange_cover
from store.actions.students.answer_message import answer_message
from store.actions.students.decide_absence import (
    Decision,
    decide_absence,
    document_links,
    read_absence,
    read_document,
)
from store.actions.students.request_absence import request_absence
from store.db import dependents
from store.queries.cases.waiting import waiting_in
from store.queries.students.exemptions import back_since, exempt_on
from store.rules.calendar import Calendar
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.model import ExemptionKind
from store.rules.notices.reminders import WaitingFor
from store.rules.students.absences import LINK_LIFE, AbsenceAsked, Document, DocumentKind
from store.signed_links import DocumentLink, LinkBroken
from store.tables import absence_requests, exemptions, outreach, students
from tests.people import LANGUAGES
from tests.store.together import together
from tests.world import World

WHY = "My grandmother has an operation."
AGREED = Decision(True, "We agree, and wish you both well.")
REFUSED = Decision(False, "We would like to talk with you about it first.")
PAPER = Document(DocumentKind.PDF, b"%PDF-1.4 %%EOF")


def asks(world: World, key: str = "k1", paper: Document | None = None, days: int = 2) -> int:
    today = world.today
    last = today + dt.timedelta(days=days)
    asked = AbsenceAsked(world.student("dana"), today, last, WHY, paper)
    assert request_absence(world.store, asked, key)
    (*_, row) = world.rows(absence_requests)
    number: int = row["saying_id"]
    return number


def opens(world: World, saying: int, name: str) -> Document:
    link = DocumentLink(saying, world.staff(name))
    address = document_links(world.store).address_of(link, world.clock() + LINK_LIFE)
    return read_document(world.store, address.rsplit("/", 1)[-1])


def test_an_agreed_absence_is_an_exemption_without_its_reason(world: World) -> None:
    saying = asks(world)
    decide_absence(world.store, world.by("sana"), saying, AGREED)
    (row,) = world.rows(exemptions)
    assert row["kind"] == ExemptionKind.APPROVED_ABSENCE
    assert (row["first"], row["last"]) == (world.today, world.today + dt.timedelta(days=2))
    assert "grandmother" not in row["reason"]
    dana, school = world.student("dana"), world.school(LANGUAGES)
    with world.store.database.read() as connection:
        assert dana in exempt_on(connection, school, world.today)
        # From then on the days count again, as after any other exemption.
        later = world.today + dt.timedelta(days=5)
        back = back_since(connection, later, dt.timedelta(days=30))
        assert back[dana] == world.today + dt.timedelta(days=3)


def test_it_waits_like_a_report_of_a_mistake_and_stops_what_was_to_be_sent(world: World) -> None:
    case = world.open_case()
    world.approved_mail(case)
    saying = asks(world)
    with world.store.database.read() as connection:
        found = waiting_in(connection, world.school(LANGUAGES), Calendar(), world.today)
    assert WaitingFor.QUESTION in {each.what for each in found}
    with pytest.raises(NotPossibleNow, match="asks for a decision"):
        answer_message(world.store, world.by("sana"), saying, "Thank you for telling us.")
    decide_absence(world.store, world.by("sana"), saying, AGREED)
    assert {row["status"] for row in world.rows(outreach)} == {"cancelled"}
    with world.store.database.read() as connection:
        found = waiting_in(connection, world.school(LANGUAGES), Calendar(), world.today)
    assert WaitingFor.QUESTION not in {each.what for each in found}


def test_of_two_who_decide_at_once_one_does(world: World) -> None:
    saying = asks(world)
    done = together(
        lambda: decide_absence(world.store, world.by("sana"), saying, AGREED),
        lambda: decide_absence(world.store, world.by("lena"), saying, REFUSED),
    )
    assert sum(isinstance(each, NotPossibleNow) for each in done) == 1
    (row,) = world.rows(absence_requests)
    assert len(world.rows(exemptions)) == int(row["agreed"])


def test_who_opens_the_document_decides_unless_away(world: World) -> None:
    saying = asks(world, paper=PAPER)
    assert opens(world, saying, "sana") == PAPER
    for refused in (
        lambda: read_absence(world.store, world.by("lena"), saying),
        lambda: decide_absence(world.store, world.by("lena"), saying, AGREED),
        lambda: opens(world, saying, "lena"),
    ):
        with pytest.raises(NotPossibleNow, match="Sana Support has opened the document"):
            refused()
    away = Absence(world.staff("sana"), world.staff("alice"), world.today, world.today)
    arrange_cover(world.store, world.by("lena"), world.school(LANGUAGES), away)
    assert opens(world, saying, "lena") == PAPER
    decide_absence(world.store, world.by("lena"), saying, REFUSED)
    assert world.rows(absence_requests)[0]["document"] is None
    with pytest.raises(LinkBroken):
        opens(world, saying, "lena")


def test_only_caseworkers_of_the_home_school_read_it(world: World) -> None:
    saying = asks(world, paper=PAPER)
    for name in ("bob", "max", "charlie"):
        with pytest.raises(NotAllowed):
            read_absence(world.store, world.by(name), saying)
        with pytest.raises(NotAllowed):
            opens(world, saying, name)
    assert PAPER.content.decode() not in repr(world.dump())


def test_after_the_decision_the_reason_is_for_who_decided(world: World) -> None:
    saying = asks(world)
    decide_absence(world.store, world.by("sana"), saying, AGREED)
    assert read_absence(world.store, world.by("sana"), saying).reason == WHY
    theirs = read_absence(world.store, world.by("lena"), saying)
    assert (theirs.reason, theirs.answer, theirs.agreed) == ("", "", True)


def test_nothing_of_it_outlives_the_student_s_record(world: World) -> None:
    decide_absence(world.store, world.by("sana"), asks(world), AGREED)
    asks(world, "k2", PAPER, days=9)
    with world.store.unit_of_work() as work:
        reached = dependents.reach(work.connection, students, [world.student("dana")])
        counted = dependents.count(work.connection, reached)
        dependents.wipe(work.connection, reached, work.now)
        left = work.connection.execute(sa.select(sa.func.count()).select_from(absence_requests))
        assert (counted["absence_requests"], left.scalar_one()) == (2, 0)
