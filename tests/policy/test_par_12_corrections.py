"""§12 and §18: wrong data are corrected, and so is everything that follows from them.

The register of a fortnight recorded a student as absent who was there.
"""

from __future__ import annotations

import re

import pytest

from tests.policy.acts import VIEW, corrects_register, delivery_of, emailed
from tests.policy.people import SELDOM, SILENT, Habit
from tests.policy.school import School

CORRECTED = "later data corrected it"
OVER = f"every reason for the case has ended ({CORRECTED})"


def _is_corrected(school: School, reference: str, reasons: int = 2) -> str:
    """Check that the card calls every reason corrected, by that name alone, and offers only to
    close. Return the card's text."""
    card = school.person("alice").card(reference)
    assert card.heading == f"{reference} · Reasons ended", card.heading
    assert f"Every reason has ended: {CORRECTED}." in card.text, card.text
    assert card.text.count("Corrected: ") == reasons, card.text
    assert "Cleared: " not in card.text
    assert "it is over" not in card.text
    assert card.primary == "close", card.buttons
    assert "draft" not in card.buttons
    today = school.person("alice").types("today").text
    assert f"{reference} · Reasons ended" in today, today
    return card.text


def test_a_correction_ends_a_case_that_nobody_has_looked_at_yet(school: School) -> None:
    reference = school.case_of(SILENT)
    corrects_register(school, SILENT)
    school.morning("2026-11-24")
    _is_corrected(school, reference)
    assert "Every reason has ended" in school.person("alice").channel().text
    refused = school.person("alice").types(f"draft {reference}").text
    assert f"Every reason for the case has ended ({CORRECTED})" in refused, refused
    assert school.person("alice").clicks("close", reference).dialog is not None
    # Nor does it return by itself.
    for day in ("2026-11-25", "2026-11-30", "2026-12-01"):
        school.morning(day)
        _is_corrected(school, reference)


@pytest.mark.parametrize(
    "days", [("2026-11-26",), ("2026-11-24", "2026-11-26")], ids=["today", "an earlier day first"]
)
def test_a_correction_in_the_afternoon_counts_when_the_day_is_screened_again(
    school: School, days: tuple[str, ...]
) -> None:
    """The flag was found for days by then; someone may have screened an earlier day first."""
    reference = school.case_of(SILENT)
    for _ in school.mornings("2026-11-26"):
        pass
    corrects_register(school, SILENT)
    file = school.home / "feeds" / "registers" / "corrected-2026-11-09.csv"
    school.lantern("ingest", "events", str(file), "--source", "registers")
    for day in days:
        school.lantern("screen", "--day", day)
    _is_corrected(school, reference, reasons=5)


def test_a_draft_goes_back_to_its_author(school: School) -> None:
    reference = school.case_of(SILENT)
    alice, bob, dora = school.people("alice", "bob", "dora")
    dora.views(reference, VIEW)
    alice.drafts(reference)
    corrects_register(school, SILENT)
    school.morning("2026-11-24")
    _is_corrected(school, reference)
    assert f"Every reason for {reference} has ended, so your draft is returned" in alice.direct()
    assert CORRECTED in bob.types(f"approve {reference}").text
    assert CORRECTED in alice.types(f"draft {reference}").text


def test_an_approved_email_does_not_leave(school: School) -> None:
    """Approved in the evening; the corrected register arrives before the email can be sent."""
    reference = school.case_of(SILENT)
    alice, bob, dora = school.people("alice", "bob", "dora")
    dora.views(reference, VIEW)
    alice.drafts(reference)
    school.at("19:00")
    bob.looks_at(reference)
    assert "Tuesday 24 November at 08:00" in bob.approves(reference).text
    corrects_register(school, SILENT)
    school.morning("2026-11-24")
    school.at("10:00")
    assert not school.emails(SILENT)
    said = _is_corrected(school, reference)
    assert f"not sent: the approval is no longer valid, since {OVER}" in said, said
    assert f"The approved email of {reference} was not sent" in alice.direct()


def test_who_was_emailed_is_told_that_it_was_wrong(school: School) -> None:
    """Lantern cannot know how to say so, and asks the owner until a colleague makes contact."""
    reference = school.case_of(SILENT)
    email = emailed(school, SILENT)
    assert "We have not seen you since Friday 6 November" in email.text
    corrects_register(school, SILENT)
    school.morning("2026-11-24")
    wrong = "Our email of Monday 23 November told the student something that later data corrected."
    assert wrong in _is_corrected(school, reference)
    told = f"Later data corrected what an email of {reference} told the student"
    assert told in school.person("bob").direct()
    page = school.tab().press(email.links[-1], "see", "show", number=SILENT.number).text
    assert "6 November" not in page.replace("Monday 23 November", ""), page
    # No further email is prepared, and no next step is asked for.
    for day in ("2026-11-25", "2026-11-27", "2026-12-01"):
        school.morning(day)
        assert "next contact step" not in school.person("alice").card(reference).text
    assert len(school.emails(SILENT)) == 1
    assert "no action" not in school.person("bob").types("mine").text.split(reference)[1][:60]
    school.person("bob").types(f"log {reference} call today rang her and said that we were wrong")
    assert wrong not in school.person("alice").card(reference).text


def test_a_closed_case_says_so_and_stays_closed(school: School) -> None:
    reference = school.case_of(SILENT)
    emailed(school, SILENT)
    bob = school.person("bob")
    assert not bob.fills(f"close {reference}", outcome="circumstances-known").is_refused
    corrects_register(school, SILENT)
    for day in ("2026-11-24", "2026-11-27"):
        school.morning(day)
        assert school.case_of(SILENT) == reference
    shown = bob.looks_at(reference)
    assert shown.count("Corrected: ") == 2, shown
    assert "Still active" not in shown
    assert "told the student something that later data corrected" in shown
    assert f"Later data corrected what an email of {reference} told the student" in bob.direct()


def test_an_answer_that_has_come_is_answered_all_the_same(school: School) -> None:
    reference = school.case_of(SILENT)
    email = emailed(school, SILENT)
    school.answers(email, "I was there every day, please look again")
    corrects_register(school, SILENT)
    school.morning("2026-11-24")
    card = school.person("alice").card(reference)
    assert "Student answered" in card.heading, card.heading
    assert "acts on the answer" in card.text, card.text
    school.person("bob").fills(f"reveal {reference}", purpose="answer-request")
    answer = school.person("bob").types(f"draft {reference}")
    assert answer.can_be_sent, answer.text


def test_a_correction_that_is_withdrawn_is_as_if_it_had_never_come(school: School) -> None:
    reference = school.case_of(SILENT)
    corrects_register(school, SILENT)
    school.morning("2026-11-24")
    _is_corrected(school, reference)
    number = delivery_of(school, "corrected-2026-11-09.csv")
    assert "was withdrawn" in school.lantern("feeds", "withdraw", number).text
    school.morning("2026-11-25")
    card = school.person("alice").card(reference)
    assert card.heading == f"{reference} · New", card.heading
    assert "Not seen since Friday 6 November." in card.text
    assert "up to Tuesday 24 November" in card.text, "it says what is true by now"
    assert "Corrected: " not in card.text, card.text


def test_who_told_the_student_that_it_was_wrong_hears_that_it_was_right(school: School) -> None:
    """Trap: Bob told her of the correction, and was not told when it was withdrawn."""
    reference, bob = school.case_of(SILENT), school.person("bob")
    emailed(school, SILENT)
    corrects_register(school, SILENT)
    school.morning("2026-11-24")
    bob.types(f"log {reference} call today rang her and said that we were wrong")
    school.lantern("feeds", "withdraw", delivery_of(school, "corrected-2026-11-09.csv"))
    for _ in school.mornings("2026-11-26"):
        pass
    told = f"The correction of what an email of {reference} told the student was withdrawn"
    assert bob.direct().count(told) == 2, "in the message, and in the name of its thread"


def test_a_correction_whose_rows_were_refused_corrects_nothing(school: School) -> None:
    """Trap: an unreadable row is unknown; it is neither absence nor presence."""
    reference = school.case_of(SILENT)
    corrects_register(school, SILENT)
    file = school.home / "feeds" / "registers" / "corrected-2026-11-09.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    torn = [
        line.replace(",done,", ",d?ne,").replace(",expected,", ",exp?cted,")
        if line.startswith(SILENT.number)
        else line
        for line in lines
    ]
    file.write_text("".join(torn), encoding="utf-8")
    school.morning("2026-11-24")
    card = school.person("alice").card(reference)
    assert card.heading == f"{reference} · New", card.heading
    assert "Not seen since Friday 6 November" in card.text, card.text
    assert "Corrected: " not in card.text, card.text


def test_a_register_that_is_withdrawn_supports_nothing_any_more(school: School) -> None:
    """A reason that rests on other sources too states what they alone show."""
    reference = school.case_of(SILENT)
    assert "was withdrawn" in school.lantern("feeds", "withdraw", 1).text
    school.morning("2026-11-24")
    card = school.person("alice").card(reference).text
    assert "Corrected: Not at the last 4 meetings arranged for GLA101 of old" in card, card
    said = "This looked at recordings, the online learning space and work handed in, up to Sunday"
    assert said in card, card


def test_the_chart_is_as_new_as_the_reason_beside_it(school: School) -> None:
    """Trap: "attended 3 of 8" beside a chart that still drew the week before its correction, since
    the chart was not redrawn as long as the same reasons held."""
    reference, alice = school.case_of(SELDOM), school.person("alice")
    before = _sessions(alice.card(reference).text)
    corrects_register(school, SELDOM, "2026-11-16", "2026-11-20", Habit(comes_to_every=2))
    school.morning("2026-11-24")
    after = _sessions(alice.card(reference).text)
    assert "to Monday 23 November" in alice.card(reference).text
    assert len(after) == len(before)
    assert after[-2] > before[-1], f"the corrected week: {before}, then {after}"


def _sessions(card: str) -> list[str]:
    drawn: list[str] = re.findall(r"Sessions attended: ([^.]*)\.", card)
    return drawn[0].split(", ")
