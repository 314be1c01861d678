"""§3: students at risk of not progressing are found, and no student is overlooked."""

import datetime as dt

from tests.policy.acts import explained
from tests.policy.people import OTHERS, SILENT, SILENT_TOO, Habit
from tests.policy.school import School


def _closed(school: School) -> str:
    bob = school.person("bob")
    reference = school.case_of(SILENT)
    bob.fills(f"close {reference}", outcome="meeting-held", helped="conversation")
    school.works(sweep=True)
    assert "Closed" in bob.card(reference).heading
    return reference


def test_a_flag_opens_a_case_with_an_owner_on_the_mornings_card(school: School) -> None:
    school.morning("2026-11-24")
    alice = school.person("alice")
    reference = school.case_of(SILENT)
    card = alice.card(reference)
    assert "Bob Beryl" in card.text or "Otto Opal" in card.text, "the case has no owner"
    assert reference in alice.types("today").text


def test_who_falls_silent_today_is_on_a_card_after_the_schools_days(school: School) -> None:
    """The school says fourteen days: neither earlier nor later."""
    gone = school.today - dt.timedelta(days=3)
    who = OTHERS[0]
    school.changes(who, Habit(until=gone))
    school.morning(gone + dt.timedelta(days=14))
    early = school.case_of(who)
    text = school.person("alice").card(early).text if early else ""
    assert "Not seen" not in text, f"called silent before the school's days were over: {text}"
    school.morning(gone + dt.timedelta(days=18))
    reference = school.case_of(who)
    assert reference, f"nobody sees that {who.number} has been away for 17 days"
    assert "Not seen since Friday 20 November" in school.person("alice").card(reference).text


def test_a_closed_case_is_not_the_end_of_it(school: School) -> None:
    """A1: the case was closed after a meeting, and the student never comes back."""
    reference = _closed(school)
    said = explained(school)
    assert "1" in said, f"doctor does not count the student with a flag and no open case: {said}"
    school.morning("2026-11-30")
    assert school.case_of(SILENT) == reference, "reopened within the grace"
    assert "Closed" in school.person("bob").card(reference).heading
    for day in ("2026-12-07", "2026-12-08", "2026-12-09"):
        school.morning(day)
    newest = school.case_of(SILENT)
    card = school.person("bob").card(newest)
    assert "Closed" not in card.heading, (
        f"{newest} is closed since 23 November, the student was never seen again, and eleven "
        "school days later no case is open"
    )
    assert newest in school.person("bob").types("today").text
    assert reference in card.text or "closed on" in card.text.casefold(), (
        f"the card does not say that there was a case before: {card.text}"
    )


def test_who_came_back_for_good_is_left_alone_after_the_close(school: School) -> None:
    reference = _closed(school)
    school.changes(SILENT, Habit())
    for day in ("2026-12-01", "2026-12-08", "2026-12-15", "2026-12-16"):
        school.morning(day)
    bob, newest = school.person("bob"), school.case_of(SILENT)
    assert "Closed" in bob.card(reference).heading
    # Sessions missed in November may be a new reason; inactivity no longer is.
    assert newest == reference or "Not seen" not in bob.card(newest).text


def test_an_exempt_student_is_explained_and_nobody_is_reminded(school: School) -> None:
    """A16: the owner of an exempt student's case was reminded every school morning."""
    bob, edgar = school.people("bob", "edgar")
    reference = school.case_of(SILENT_TOO)
    bob.fills(
        f"exempt {reference}", kind="placement", last="2027-01-29", reason="At a glassworks abroad"
    )
    before = bob.direct().count(reference), edgar.direct().count(reference)
    for day in ("2026-11-30", "2026-12-07"):
        school.morning(day)
    after = bob.direct().count(reference), edgar.direct().count(reference)
    assert after == before, f"reminded of an exempt student's case: {before} → {after}"
    assert "draft" not in bob.card(reference).buttons, (
        "the card of an exempt student offers a draft"
    )
