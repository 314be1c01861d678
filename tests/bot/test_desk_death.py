"""A student has died: the first report stops all contact and reminders.

The tests use commands, cards and pages, as colleagues do.
"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.cards.cases.contributing import contributing_card
from bot.interaction import Reply
from store.actions.cases import alert_home_school as alerting
from store.actions.outreach.receive_reply import record_reply
from store.actions.students.record_message import CLOSED, record_message
from store.actions.students.use_link import visit_link
from store.queries.cases.contributing import contributing_view
from store.queries.cases.lists import open_cases
from store.queries.cases.school_digest import school_digest
from store.queries.cases.waiting import waiting_in
from store.queries.flags.queue import waiting
from store.queries.notices.week import week
from store.queries.outreach.letter_statistics import letter_report
from store.queries.schools.report import school_report
from store.rules.calendar import Calendar
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import CaseStatus, NoticeKind, OutboxKind, OutreachStatus
from store.rules.small_numbers import EXACT, ReportPeriod
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import Said, Saying
from store.signed_links import LinkBroken, StudentLink
from store.tables import cases, flags, notices, outbox, sandbox_messages
from tests.bot.death import (
    KNOWN,
    LINE,
    buttons,
    case,
    decides,
    mornings,
    reports,
    said,
    shown,
    told,
)
from tests.people import LANGUAGES, MATHEMATICS, finding
from tests.worker.office import Office, words

__all__ = ["case"]


# -- The first report stops everything -----------------------------------------------------------


def test_the_card_becomes_one_line(office: Office, case: int) -> None:
    assert "No activity since" in shown(office, case)
    reports(office, case)

    card = shown(office, case)
    assert "Alice Adviser reported on Wednesday 22 October that this student has died." in card
    for gone in ("No activity", "R100", "Draft", "Days active", "Looked after"):
        assert gone not in card, gone
    assert buttons(office, case) == ["Confirm or correct"]

    assert decides(office, case, "confirmed") == Reply()
    assert LINE in shown(office, case)
    assert buttons(office, case) == []
    office.works()
    assert LINE in office.shown()
    assert "No activity" not in office.shown()


def test_a_draft_an_approved_email_and_one_about_to_leave_stop(office: Office, case: int) -> None:
    office.approves_a_mail(case)
    reports(office, case)
    office.works()
    assert office.left() == []
    (row,) = office.world.rows(outbox, kind=OutboxKind.MAIL)
    assert office.world.mail(row["outreach_id"]).status is OutreachStatus.CANCELLED


def test_an_email_that_a_worker_holds_already_does_not_leave(office: Office, case: int) -> None:
    office.approves_a_mail(case)
    with office.world.store.unit_of_work() as work:
        mine = outbox.c.kind == OutboxKind.MAIL
        work.connection.execute(sa.update(outbox).where(mine).values(provider_ref="draft-1"))
    reports(office, case)
    office.works()
    assert office.left() == []


def test_nothing_can_be_done_any_more_however_it_is_asked(office: Office, case: int) -> None:
    office.drafts_a_mail(case)
    reports(office, case)
    for line in (
        "take LANG-1",
        "view LANG-1 contact-now she would want us to write",
        "draft LANG-1",
        "approve LANG-1",
        "reject LANG-1 please mention the extension",
        "log LANG-1 call nobody answered",
        "attempt LANG-1 phone no-answer",
        "welfare LANG-1 she sounded unsafe to me",
        "draft-welfare LANG-1",
        "refer LANG-1 wellbeing no",
        "pause LANG-1 friday waiting for a note",
        "snooze LANG-1 in 3 days",
        "exempt LANG-1 placement in 8 weeks at a school abroad",
        "exempt LANG-1 end",
        "fitness LANG-1",
        "traces LANG-1 phone and emails failed",
        "history LANG-1",
        "close LANG-1 meeting-held",
        "assign LANG-1 Sana",
        "ask LANG-1 Bob",
        "note LANG-1 she was well on Monday",
    ):
        answer = said(office.types("lena", line))
        assert "all contact has stopped" in answer, line
    assert office.world.case(case).status is CaseStatus.AGREED


def test_pages_links_and_chats_are_closed_without_a_word_of_why(office: Office, case: int) -> None:
    world = office.world
    world.approved_mail(case)
    mail = world.send()
    coming = StudentLink(mail.id, LinkPurpose.PAGE)
    later = office.clock.now.replace(year=2026)
    assert visit_link(world.store, world.store.links.sign(coming, later)).mail == mail.id
    reports(office, case)
    with pytest.raises(LinkBroken):
        visit_link(world.store, world.store.links.sign(coming, later))
    with pytest.raises(InvalidInput) as closed:
        record_message(world.store, Said(world.student("dana"), Saying.FINE), "key-1")
    assert closed.value.sentence == CLOSED
    assert "died" not in CLOSED


def test_no_list_digest_reminder_week_or_report_counts_it(office: Office, case: int) -> None:
    world, school = office.world, office.world.school()
    world.approved_mail(case)
    world.send()
    office.clock.forward(days=20)
    with world.store.database.read() as connection:
        since = ReportPeriod(world.today.replace(year=2024))
        assert letter_report(connection, school, since, office.clock.now, EXACT).letters
    reports(office, case)
    with world.store.database.read() as connection:
        assert waiting_in(connection, school, Calendar(), world.today) == []
        assert open_cases(connection, [school], reader=None) == []
        assert school_digest(connection, school, world.today).open_total == 0
        found = week(connection, school, world.today)
        assert (found.open_now, found.opened, found.unseen, found.no_case) == (0, 0, 0, ())
        assert (
            school_report(
                connection, school, ReportPeriod(world.today.replace(year=2024)), EXACT
            ).opened
            == 0
        )
        since = ReportPeriod(world.today.replace(year=2024))
        assert letter_report(connection, school, since, office.clock.now, EXACT).letters == ()
    for line in ("today", "mine"):
        assert "LANG-1" not in said(office.types("sana", line)), line


def test_one_who_waits_for_room_waits_no_longer_and_no_day_finds_them(office: Office) -> None:
    world = office.world
    case = world.open_case()
    office.types("alice", "close LANG-1 circumstances-known")
    reports(office, case)
    office.clock.forward(days=30)
    for day in (world.today, world.today.replace(day=1)):
        world.screen(finding(world.student("dana"), "Essay"), day=day)
    assert len(world.rows(cases)) == 1
    with world.store.database.read() as connection:
        assert waiting(connection, [world.school()]) == []
    assert world.rows(flags), "nothing was deleted"


def test_both_schools_of_a_joint_programme_stop(office: Office) -> None:
    world = office.world
    case = world.open_case("mira")
    office.works()
    assert "Alert home school" in office.shown("lang")
    dialog = office.clicks("max", "death", case=case).dialog
    assert dialog
    office.submits("max", dialog, known=KNOWN)
    office.works()
    assert "This student is reported to have died. All contact has stopped." in office.shown("lang")
    assert "Alert home school" not in office.shown("lang")
    assert "has died" in office.shown("math")
    with world.store.database.read() as connection:
        view = contributing_view(connection, case, world.school(), world.today)
    assert view
    assert list(contributing_card(view, Calendar()).buttons()) == []
    with pytest.raises(NotPossibleNow):
        alerting.alert_home_school(
            world.store, world.by("bob"), case, "Not seen since Monday in class"
        )
    world.screen(finding(world.student("mira"), "Essay"), school=LANGUAGES)
    assert len(world.rows(cases)) == 1
    with world.store.database.read() as connection:
        assert week(connection, world.school(MATHEMATICS), world.today).open_now == 0


# -- The second person -----------------------------------------------------------------------


def test_leads_and_owner_are_asked_and_nothing_waits_for_them(office: Office, case: int) -> None:
    reports(office, case)
    told = [row["staff_id"] for row in office.world.rows(notices, kind=NoticeKind.DEATH)]
    assert told == [office.world.staff("sana"), office.world.staff("lena")]
    office.works()
    (message,) = office.messages("direct:lena")
    assert "The student of LANG-1 is reported to have died." in str(message.payload)
    assert "Dana" not in str(message.payload)


def test_what_comes_in_afterwards_reaches_a_person(office: Office, case: int) -> None:
    office.types("sana", "reveal LANG-1 prepare-contact")
    reports(office, case)
    dialog = office.types("lena", "reveal LANG-1 prepare-contact").dialog
    assert "Dana Dvorak" in words(dialog)
    assert "No activity" not in words(dialog)


@pytest.mark.parametrize("decision", ["", "confirmed"])
def test_no_morning_speaks_of_it(office: Office, case: int, decision: str) -> None:
    """In two weeks no digest, reminder, escalation or weekly post names or counts the case."""
    reports(office, case)
    if decision:
        decides(office, case, decision)
    office.works()
    before = len(office.world.rows(sandbox_messages))
    mornings(office, 14)
    said = told(office, before)
    assert "LANG-1" not in said
    assert "1 open" not in said
    assert "1 case" not in said
    assert "Good morning" in said or "No case" in said or "open" in said, "mornings were told"


def test_words_that_cannot_wait_are_read_all_the_same(office: Office, case: int) -> None:
    """A message from the student may mean that the report is wrong."""
    office.world.approved_mail(case)
    office.world.send()
    reports(office, case)
    assert record_reply(
        office.world.store,
        message="m-1",
        conversation="conversation-1",
        body="I am here, and I cannot go on",
        received_at=office.clock.now,
        sender="dana@students.example.ac.uk",
    )
    office.works()
    assert "Read this now" in " ".join(str(each.payload) for each in office.messages("direct:sana"))
