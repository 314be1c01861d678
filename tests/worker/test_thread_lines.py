"""Lines below a case's card: posted once, when a person is needed, mentioning only that person."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.cases import alert_home_school as alerting
from store.actions.outreach import return_draft as returning
from store.actions.schools.arrange_cover import Absence, arrange_cover
from store.actions.students.record_message import record_message
from store.rules.model import AnswerKind
from store.rules.students.messages import Said, Saying
from tests.worker.office import Office
from tests.worker.threads import WORDS, answers, case, mails, mentioned, replies, said, told

__all__ = ["case"]


def test_an_answer_mentions_the_owner_once_below_the_card(office: Office, case: int) -> None:
    mails(office, case)
    answers(office)
    answers(office)
    (line,) = replies(office)
    assert line.payload["summary"] == "Alice Adviser: the student of LANG-1 has answered."
    assert mentioned(office) == ["alice"]
    card = next(each for each in office.messages() if each.thread is None)
    assert line.thread == card.id
    for private in ("Dana", "Dvorak", "grandmother"):
        assert private not in str(line.payload)
    assert told(office, "alice") == [], "who is mentioned is not told in private too"
    assert len(said(office)) == 1


def test_what_a_student_says_is_said_by_its_kind_alone(office: Office, case: int) -> None:
    del case
    dana = office.world.student("dana")
    record_message(office.world.store, Said(dana, Saying.WRONG, words=WORDS), "s1")
    (line,) = said(office)
    assert line == f"Alice Adviser: the student of LANG-1 {Saying.WRONG.told}."
    assert "grandmother" not in line


def test_a_bounce_and_a_mail_that_did_not_leave_say_what_happened(
    office: Office, case: int
) -> None:
    mails(office, case)
    answers(office, AnswerKind.BOUNCE)
    (bounced,) = said(office)
    assert bounced.startswith("Alice Adviser: the email of LANG-1 bounced")
    answers(office, AnswerKind.AUTOMATIC, "m2")
    assert len(said(office)) == 1, "an automatic reply needs nobody"


def test_a_mail_that_is_not_sent_says_why(office: Office, case: int) -> None:
    office.world.approved_mail(case)
    with office.world.store.unit_of_work() as work:
        work.connection.execute(sa.text("UPDATE students SET university_email = 'x@y.example'"))
    office.works()
    lines = [each for each in said(office) if "was not sent" in each]
    assert len(lines) == 1
    assert "LANG-1 was not sent: " in lines[0]
    assert "Dana" not in lines[0]


def test_a_draft_needs_the_owner_and_not_whoever_wrote_it(office: Office, case: int) -> None:
    office.world.give_view(case)
    office.world.write_draft(case, "sana")
    assert said(office) == [
        "Alice Adviser: an email of LANG-1 is waiting for another colleague to read and approve it."
    ]
    office.world.write_draft(case, "sana", "How are you now, and may we help with anything?")
    assert len(said(office)) == 1
    returning.return_draft(
        office.world.store, office.world.by("alice"), case, "a little shorter, please"
    )
    assert len(said(office)) == 1, "the drafter is told of that privately"
    office.world.write_draft(case, "sana", "How are you, and can we help?")
    assert len(said(office)) == 2


def test_the_owners_own_draft_needs_the_lead(office: Office, case: int) -> None:
    office.world.give_view(case)
    office.world.write_draft(case, "alice")
    assert mentioned(office) == ["lena"]


def test_whoever_gets_a_case_is_mentioned_and_nobody_who_takes_one(
    office: Office, case: int
) -> None:
    del case
    assert said(office) == []
    office.types("lena", "assign LANG-1 sana")
    office.types("bob", "take LANG-1")
    assert said(office) == ["Sana Support: LANG-1 is assigned to you."]
    office.types("lena", "assign LANG-1 lena")
    assert len(said(office)) == 1


def test_the_cover_of_today_is_mentioned(office: Office, case: int) -> None:
    mails(office, case)
    world = office.world
    away = Absence(world.staff("alice"), world.staff("sana"), world.today, world.today)
    arrange_cover(world.store, world.by("alice"), world.school(), away)
    answers(office)
    assert mentioned(office) == ["sana"]
    assert told(office, "sana") == []


def test_an_alert_is_said_at_home_and_not_where_it_came_from(office: Office) -> None:
    mira = office.world.open_case("mira")
    office.works()
    alerting.alert_home_school(
        office.world.store, office.world.by("bob"), mira, "She misses my seminar"
    )
    assert said(office) == []
    (line,) = said(office, "math")
    assert line.endswith("another school has alerted yours about MATH-1. Acknowledge it.")
    assert not line.startswith("Bob")
    assert "seminar" not in line
