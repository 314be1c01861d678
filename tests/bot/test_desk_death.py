"""A student has died: the first report stops everything, a second person makes it final.

Acted out with commands, cards and pages, as colleagues meet it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.cards.cases.contributing import contributing_card
from bot.cards.kit.model import Dialog, Select
from bot.interaction import Reply
from bot.posting.channel_card import channel_card
from store.actions.cases import alert_home_school as alerting
from store.actions.outreach.receive_reply import record_reply
from store.actions.schools.load_roster import load_roster
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
from store.rules.model import CaseStatus, NoticeKind, OutboxKind, OutreachStatus, Role
from store.rules.outreach.guards import SendingLimits
from store.rules.schools import Roster, StaffEntry
from store.rules.small_numbers import EXACT, ReportPeriod
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import Said, Saying
from store.signed_links import LinkBroken, StudentLink
from store.tables import audit, cases, deaths, flags, notices, outbox, sandbox_messages
from tests.people import LANGUAGES, MATHEMATICS, finding
from tests.worker.office import Office, words
from worker.jobs.notices.digests import request_digest, request_messages

RANG = "I rang the registry as well"
KNOWN = "The registry told us this morning"
LINE = "This student has died. All contact has stopped."


@pytest.fixture
def case(office: Office) -> int:
    return office.world.open_case()


def said(reply: Reply) -> str:
    return words(reply.card)


def shown(office: Office, case: int) -> str:
    with office.world.store.database.read() as connection:
        return repr(channel_card(connection, case, office.clock.now, SendingLimits()))


def _without_versions(card: str) -> str:
    return re.sub(r"'version': '\d+'", "", card)


def buttons(office: Office, case: int) -> list[str]:
    with office.world.store.database.read() as connection:
        card = channel_card(connection, case, office.clock.now, SendingLimits())
    return [each.label for each in card.buttons()]


def joins(office: Office, name: str, role: Role) -> None:
    entry = StaffEntry(f"{name}@example.ac.uk", name.title(), (("LANG", role),), sandbox_user=name)
    load_roster(office.world.store, Roster(staff=(entry,)))


def reports(office: Office, case: int, name: str = "alice") -> None:
    dialog = office.dialog(name, "death", case)
    assert office.submits(name, dialog, known=KNOWN) == Reply()


def decides(office: Office, case: int, decision: str, name: str = "lena", why: str = RANG) -> Reply:
    dialog = office.clicks(name, "death", case=case, step="decide").dialog
    assert dialog
    return office.submits(name, dialog, decision=decision, why=why)


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


def test_the_reporter_cannot_be_the_second_person(office: Office, case: int) -> None:
    reports(office, case)
    for line in ("death LANG-1 confirm", "death LANG-1 refuse I was mistaken about this"):
        assert "a second colleague needs to confirm or correct it" in said(
            office.types("alice", line)
        )
    assert "a second colleague" in said(office.clicks("alice", "death", case=case, step="decide"))
    assert office.world.rows(deaths)[0]["decision"] is None


def test_a_module_organiser_reports_and_does_not_confirm(office: Office, case: int) -> None:
    reports(office, case, "bob")
    assert "All contact has stopped" in shown(office, case)
    assert "you need to be" in said(office.types("bob", "death LANG-1 confirm"))
    assert "confirmed" in said(office.types("sana", f"death LANG-1 confirm {RANG}"))


def test_a_second_report_changes_nothing(office: Office, case: int) -> None:
    reports(office, case)
    asked = office.types("sana", f"death LANG-1 {KNOWN}").dialog
    assert asked is not None, "a colleague who may confirm it is asked whether it is right"
    assert (asked.title, asked.ids["step"]) == ("Confirm or correct", "decide")
    assert KNOWN in words(asked), "what they typed is kept"
    assert "has died" in said(office.types("alice", f"death LANG-1 {KNOWN}")), "the reporter"
    assert len(office.world.rows(deaths)) == 1


def test_each_who_can_do_something_about_a_report_is_told_how(office: Office, case: int) -> None:
    """§1: the card is one line; each colleague's own view leads to what they may do."""
    joins(office, "priya", Role.DATA_PROTECTION_OFFICER)
    line = f"death LANG-1 {KNOWN}"
    assert "no death is recorded" in said(office.types("priya", "death LANG-1 undo it was wrong"))
    reports(office, case)
    assert "Confirm or correct" in words(office.types("sana", "show LANG-1").dialog)
    assert "Confirm or correct" not in words(office.types("alice", "show LANG-1").dialog)
    for typed in (line, "death LANG-1", "death LANG-1 confirm I rang the registry"):
        assert "/lantern death LANG-1 undo" in said(office.types("priya", typed))
    office.types("sana", "death LANG-1 confirm I rang the registry as well")
    assert "Confirm or correct" not in words(office.types("bob", "show LANG-1").dialog)
    assert "/lantern death LANG-1 undo" in said(office.types("lena", line))


def test_a_refusal_brings_everything_back(office: Office, case: int) -> None:
    office.drafts_a_mail(case)
    before = shown(office, case)
    reports(office, case)
    assert decides(office, case, "refused", why=" ").errors, "a reason is asked for"
    assert decides(office, case, "refused", why="She rang me herself just now") == Reply()

    assert _without_versions(shown(office, case)) == _without_versions(before)
    assert office.world.draft(case).body
    assert office.world.case(case).status is CaseStatus.AGREED
    with office.world.store.database.read() as connection:
        assert waiting_in(connection, office.world.school(), Calendar(), office.world.today)
    office.world.screen(finding(office.world.student("dana")))
    assert "No activity since" in shown(office, case)
    assert "LANG-1" in said(office.types("sana", "mine"))


def test_what_was_approved_is_read_and_approved_once_more(office: Office, case: int) -> None:
    office.approves_a_mail(case)
    reports(office, case)
    office.works()
    decides(office, case, "refused", why="She rang me herself just now")
    office.works()
    assert office.left() == [], "no one has read it since"
    assert office.submits("alice", office.dialog("alice", "approve", case)) == Reply()
    office.works()
    assert len(office.left()) == 1


def test_the_lead_undoes_it_later_and_no_other_colleague(office: Office, case: int) -> None:
    reports(office, case)
    decides(office, case, "confirmed")
    undo = "death LANG-1 undo The registry mixed up two people"
    assert "you need to be" in said(office.types("sana", undo))
    opened = office.types("lena", "show LANG-1").dialog
    assert opened
    assert [each.label for each in opened.buttons()] == ["Undo the report"]
    sana = office.types("sana", "show LANG-1").dialog
    assert sana
    assert list(sana.buttons()) == []
    assert "as it was" in said(office.types("lena", undo))
    assert "No activity since" in shown(office, case)


def test_the_data_protection_officer_undoes_it(office: Office, case: int) -> None:
    joins(office, "petra", Role.DATA_PROTECTION_OFFICER)
    reports(office, case)
    undo = "death LANG-1 undo The registry mixed up two people"
    assert "as it was" in said(office.types("petra", undo))
    assert office.world.rows(deaths)[0]["decision"] == "undone"


def test_it_can_be_reported_again_after_a_correction(office: Office, case: int) -> None:
    reports(office, case)
    decides(office, case, "refused", why="She rang me herself just now")
    reports(office, case, "sana")
    assert "Sana Support reported" in shown(office, case)
    assert decides(office, case, "confirmed", "alice") == Reply()
    assert LINE in shown(office, case)


# -- Guarded, and respectful -----------------------------------------------------------------


def test_it_is_no_entry_of_a_list(office: Office, case: int) -> None:
    dialog = office.dialog("alice", "exempt", case)
    assert "died" not in words(dialog)
    assert "deceased" not in words(dialog)
    values = {"first": "2025-10-22", "last": "", "reason": KNOWN}
    forged = office.submits("alice", dialog, kind="deceased", **values)
    assert forged.errors
    assert office.world.rows(deaths) == []


def test_a_report_says_what_is_known(office: Office, case: int) -> None:
    dialog = office.dialog("alice", "death", case)
    assert "Everything stops at once" in words(dialog)
    assert office.submits("alice", dialog, known="yes").errors
    assert "BA" not in words(dialog)
    assert office.world.rows(deaths) == []


@pytest.mark.usefixtures("case")
def test_the_old_words_take_the_guarded_path(office: Office) -> None:
    assert "all contact has stopped" in said(
        office.types("alice", f"exempt LANG-1 deceased {KNOWN}")
    )
    assert len(office.world.rows(deaths)) == 1


def test_a_closed_case_can_be_the_one_it_is_reported_on(office: Office, case: int) -> None:
    office.types("alice", "close LANG-1 circumstances-known")
    reports(office, case)
    assert "has died" in shown(office, case)


def test_what_comes_in_afterwards_reaches_a_person(office: Office, case: int) -> None:
    office.types("sana", "reveal LANG-1 prepare-contact")
    reports(office, case)
    dialog = office.types("lena", "reveal LANG-1 prepare-contact").dialog
    assert "Dana Dvorak" in words(dialog)
    assert "No activity" not in words(dialog)


def test_the_audit_says_who_and_never_what_was_known(office: Office, case: int) -> None:
    reports(office, case)
    decides(office, case, "confirmed")
    actions = [row["action"] for row in office.world.rows(audit)]
    assert "report-death" in actions
    assert "confirm-death" in actions
    assert KNOWN not in repr(office.world.rows(audit))


# -- Confirming takes the same care as reporting -------------------------------------------------


@pytest.mark.parametrize("decision", ["confirmed", "refused"])
@pytest.mark.parametrize("why", ["", " ", "yes", "👍 👍 👍", ". . . ."])
def test_without_words_nothing_is_decided(
    office: Office, case: int, decision: str, why: str
) -> None:
    reports(office, case)
    assert "why" in decides(office, case, decision, why=why).errors
    word = {"confirmed": "confirm", "refused": "refuse"}[decision]
    office.types("lena", f"death LANG-1 {word} {why}".strip())
    assert office.world.rows(deaths)[0]["decision"] is None


@pytest.mark.parametrize("word", ["confirm", "refuse"])
def test_a_typed_decision_without_words_opens_the_form(
    office: Office, case: int, word: str
) -> None:
    reports(office, case)
    dialog = office.types("lena", f"death LANG-1 {word}").dialog
    assert dialog
    assert "How do you know?" in repr(dialog)
    office.submits("lena", dialog, decision=dict(_chosen(dialog))["decision"], why=RANG)
    row = office.world.rows(deaths)[0]
    assert (row["decision"], row["why"]) == ({"confirm": "confirmed"}.get(word, "refused"), RANG)


def _chosen(dialog: Dialog) -> Iterator[tuple[str, str]]:
    for field in dialog.fields():
        if isinstance(field, Select):
            yield field.name, field.chosen or ""


# -- No morning counts it ------------------------------------------------------------------------


def mornings(office: Office, days: int) -> None:
    """School days go by: each morning's digests, reminders and the week are asked for and sent."""
    for _ in range(days):
        office.clock.now += dt.timedelta(days=1)
        school, today = office.world.school(), office.world.today
        with office.world.store.unit_of_work() as work:
            request_digest(work, school, today)
            request_messages(work, school, today)
        office.works()


def told(office: Office, since: int) -> str:
    """Everything that was posted in the channel and in private after the first ``since``."""
    rows = office.world.rows(sandbox_messages)
    return "\n".join(str(row["payload"]) for row in rows[since:])


@pytest.mark.parametrize("decision", ["", "confirmed"])
def test_no_morning_speaks_of_it(office: Office, case: int, decision: str) -> None:
    """Two weeks of mornings: no digest, reminder, escalation or week names or counts the case."""
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
