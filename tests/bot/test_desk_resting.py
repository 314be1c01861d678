"""The commands pause, resume, snooze, exempt, close and reopen, typed and clicked."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.interaction import Reply
from store.rules.model import CaseStatus, OutreachStatus
from store.tables import audit, cases, exemptions, outreach
from tests.people import finding
from tests.worker.office import Office, words

# The office's day is a Wednesday.
FRIDAY = dt.date(2025, 10, 24)


@pytest.fixture
def case(office: Office) -> int:
    return office.world.open_case()


def said(reply: Reply) -> str:
    return words(reply.card)


def test_a_pause_is_typed_in_one_line(office: Office, case: int) -> None:
    reply = office.types("alice", "pause LANG-1 friday waiting for a note")
    assert "LANG-1 is paused until Friday 24 October." in said(reply)
    paused = office.world.case(case)
    assert (paused.status, paused.paused_until) == (CaseStatus.PAUSED, FRIDAY)
    assert paused.pause_reason == "waiting for a note"

    assert "LANG-1 has resumed. Its status is open." in said(office.types("sana", "resume LANG-1"))
    assert office.world.case(case).status is CaseStatus.OPEN


def test_a_pause_is_filled_in_and_the_card_says_so(office: Office, case: int) -> None:
    dialog = office.dialog("alice", "pause", case)
    kept = {"until": "2025-10-24", "why": "Moving house, back soon"}
    assert office.submits("alice", dialog, **kept) == Reply()
    office.works()
    shown = office.shown()
    assert "Paused until Friday 24 October: Moving house, back soon." in shown
    assert "Resume" in shown
    assert office.clicks("alice", "resume", case=case) == Reply()


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("pause LANG-1 someday because it is so", "Give a day, such as friday"),
        ("pause LANG-1 friday ill", "your reason in a few words"),
        ("pause LANG-1 2025-10-20 waiting for a note", "is not after today"),
        ("pause LANG-77 friday waiting for a note", "no case"),
        ("pause", "Which case?"),
        ("resume LANG-1", "there is nothing to resume"),
        ("snooze LANG-1 yesterday", "Give a day"),
        ("exempt LANG-1 holiday friday on a beach", "approved-absence, placement, interruption"),
        ("exempt LANG-1 placement friday gone", "what is known in a few words"),
        ("exempt LANG-1 end", "no exemption to end"),
        ("close LANG-1 happily", "meeting-held, resource-pointed-to, referral-agreed"),
        ("reopen LANG-1", "is open already"),
    ],
)
@pytest.mark.usefixtures("case")
def test_what_cannot_be_done_says_why_and_changes_nothing(
    office: Office, line: str, answer: str
) -> None:
    before = office.world.rows(cases)
    assert answer in said(office.types("alice", line))
    assert office.world.rows(cases) == before


@pytest.mark.parametrize(
    "line",
    [
        "pause LANG-1 friday waiting for a note",
        "resume LANG-1",
        "snooze LANG-1 friday",
        "exempt LANG-1 placement friday at a school abroad",
        "close LANG-1 circumstances-known",
        "reopen LANG-1",
    ],
)
@pytest.mark.parametrize("name", ["bob", "charlie", "max"])
def test_whoever_may_not_is_refused_and_audited(
    office: Office, case: int, line: str, name: str
) -> None:
    before = office.world.case(case)
    office.types(name, line)
    assert office.world.case(case) == before
    assert len(office.world.rows(audit, action="refused")) == 1


def test_a_wrong_day_is_said_beside_its_field(office: Office, case: int) -> None:
    dialog = office.dialog("alice", "pause", case)
    reply = office.submits("alice", dialog, until="2025-10-01", why="Moving house, back soon")
    assert list(reply.errors) == ["until"]
    assert office.world.case(case).status is CaseStatus.OPEN


def test_snoozing_and_ending_it(office: Office, case: int) -> None:
    reply = office.types("sana", "snooze LANG-1 in 3 days")
    assert "snoozed until Saturday 25 October" in said(reply)
    dialog = office.dialog("sana", "snooze", case)
    assert office.submits("sana", dialog, until="2025-10-24") == Reply()
    office.works()
    assert "Snoozed until Friday 24 October." in office.shown()
    assert "no longer snoozed" in said(office.types("alice", "snooze LANG-1 off"))
    assert office.world.case(case).snoozed_until is None


def test_an_exemption_stops_what_was_approved(office: Office, case: int) -> None:
    office.approves_a_mail(case)
    reply = office.types("alice", "exempt LANG-1 placement in 8 weeks at a school abroad")
    assert "is exempt until Wednesday 17 December" in said(reply)
    office.works()
    assert office.left() == []
    assert office.world.rows(outreach)[0]["status"] == OutreachStatus.CANCELLED
    assert "The student is exempt now: placement." in office.shown()
    assert "has ended" in said(office.types("alice", "exempt LANG-1 end"))
    two_days = said(
        office.types("alice", "exempt LANG-1 placement monday in 2 weeks at sea school")
    )
    assert "is exempt from Monday 27 October until Wednesday 5 November" in two_days
    assert office.world.rows(exemptions)[-1]["reason"] == "at sea school"


def test_an_exemption_is_filled_in_with_an_open_end(office: Office, case: int) -> None:
    dialog = office.dialog("alice", "exempt", case)
    answers = {
        "kind": "interruption",
        "first": "2025-10-22",
        "last": "",
        "reason": "A year at home",
    }
    assert office.submits("alice", dialog, **answers) == Reply()
    (row,) = office.world.rows(exemptions)
    assert (row["kind"], row["last"]) == ("interruption", None)


def test_a_colleagues_reminders_are_stopped_once_asked_and_never_for_long(
    office: Office, case: int
) -> None:
    for name in ("alice", "sana", "lena"):
        assert "6 weeks at most" in said(office.types(name, "snooze LANG-1 2026-10-10"))
    line = "snooze LANG-1 in 2 weeks"
    assert "Sana Support owns LANG-1" in said(office.types("alice", line))
    assert office.world.case(case).snoozed_until is None
    assert "is snoozed until" in said(office.types("alice", line))
    assert "is snoozed until" in said(office.types("lena", "snooze LANG-1 in 3 weeks"))


def test_closing_asks_what_helped_and_whether_the_flag_was_of_use(
    office: Office, case: int
) -> None:
    dialog = office.dialog("alice", "close", case)
    assert [each.name for each in dialog.fields()] == ["outcome", "helped", "usefulness", "note"]
    answers = {
        "outcome": "circumstances-known",
        "helped": "time",
        "usefulness": "data-error",
        "note": "",
    }
    assert office.submits("alice", dialog, **answers) == Reply()
    (row,) = office.world.rows(cases)
    assert (row["helped"], row["usefulness"]) == (["time"], "data-error")
    wrong = office.submits("alice", dialog, **answers | {"usefulness": "very"})
    assert "already closed" in " ".join(wrong.errors.values())


def test_a_case_is_closed_and_opened_again_in_two_lines(office: Office, case: int) -> None:
    assert "is closed" in said(
        office.types("alice", "close LANG-1 circumstances-known we had a talk")
    )
    assert office.world.rows(cases)[0]["outcome_note"] == "we had a talk"
    assert "LANG-1 is open again." in said(office.types("alice", "reopen LANG-1"))
    assert office.world.case(case).status is CaseStatus.DISCUSSING


@pytest.mark.parametrize("outcome", ["re-engaged", "meeting-held"])
def test_an_outcome_that_the_record_does_not_know_of_is_asked_about_once(
    office: Office, case: int, outcome: str
) -> None:
    asked = said(office.types("alice", f"close LANG-1 {outcome}"))
    assert "1 reason is still active, and by the case no one has seen the student" in asked
    assert not office.world.case(case).is_closed
    assert "is closed" in said(office.types("alice", f"close LANG-1 {outcome}"))


@pytest.mark.usefixtures("case")
def test_what_was_logged_needs_no_question(office: Office) -> None:
    office.types("alice", "log LANG-1 meeting we had a long talk")
    assert "is closed" in said(office.types("alice", "close LANG-1 meeting-held"))


@pytest.mark.usefixtures("case")
def test_an_old_case_goes_on_in_the_newer_one(office: Office) -> None:
    office.types("alice", "close LANG-1 circumstances-known")
    office.clock.forward(days=1)
    office.world.screen(finding(office.world.student("dana"), "Essay"))
    assert "LANG-1 was merged into LANG-2" in said(office.types("alice", "reopen LANG-1"))
    office.works()
    assert "Merged into LANG-2" in office.shown()
