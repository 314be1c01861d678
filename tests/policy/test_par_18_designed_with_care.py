"""§18: trends, not single events; ownership; no harm from monitoring; regular review."""

import datetime as dt
import re

import pytest

from tests.policy.acts import emailed
from tests.policy.document import policy
from tests.policy.people import GLAS, MODULES, ONE_CLICK, SELDOM, SILENT, STUDENTS, Habit
from tests.policy.school import School
from tests.policy.weeks import row


def test_one_log_in_clears_nothing(school: School) -> None:
    """A5: inactive since 6 November, one click on the 24th, and inactive again."""
    school.changes(SILENT, Habit(until=dt.date(2026, 11, 6), back=(dt.date(2026, 11, 24),)))
    for day in ("2026-11-25", "2026-11-28", "2026-12-01", "2026-12-02", "2026-12-03"):
        school.morning(day)
    card = school.person("alice").card(school.case_of(SILENT))
    assert "Not seen" in card.active, (
        f"one click on 24 November cleared the flag of a student who is silent again: {card.text}"
    )
    assert school.case_of(SILENT) in school.person("alice").types("today").text


def test_a_burst_of_clicks_on_one_day_is_one_day(school: School) -> None:
    """Trap: four hundred clicks in one evening to game the system."""
    burst = row(SILENT, MODULES[GLAS][0], "vle", "done", "2026-11-24T23:50", count="400")
    school.morning("2026-11-24")
    school.drops("learning-space", "burst", burst)
    for day in ("2026-11-25", "2026-11-30", "2026-12-01"):
        school.morning(day)
    reference = school.case_of(SILENT)
    alice = school.person("alice")
    assert "Not seen" in alice.card(reference).active, alice.card(reference).text
    assert "gaming" not in alice.card(reference).text.casefold()
    assert "unusual" not in alice.card(reference).text.casefold(), "shown where everyone reads it"


def test_one_session_attended_clears_nothing(school: School) -> None:
    come = [
        row(SELDOM, SELDOM.modules[0], "attendance", kind, "2026-11-21T10:00", "Extra")
        for kind in ("expected", "done")
    ]
    school.drops("registers", "saturday", *come)
    for day in ("2026-11-24", "2026-12-01"):
        school.morning(day)
    card = school.person("alice").card(school.case_of(SELDOM))
    assert "Attended" in card.active, (
        f"one day's sign cleared what was seen over weeks: {card.text}"
    )


def test_one_click_a_week_is_no_return(school: School) -> None:
    for day in ("2026-11-30", "2026-12-07"):
        school.morning(day)
    card = school.person("alice").card(school.case_of(ONE_CLICK))
    assert "Attended" in card.active, (
        f"one day's sign cleared what was seen over weeks: {card.text}"
    )


def test_a_clearing_period_that_one_event_could_satisfy_is_refused(school: School) -> None:
    """A5: fourteen days of inactivity, and two days until a flag clears."""
    file = school.home / "quick.toml"
    for days in (1, 2):
        file.write_text(policy(GLAS, top=f"clear_after_days = {days}"), encoding="utf-8")
        done = school.lantern("policy", "check", file)
        assert done.code != 0, "accepted: a flag that clears within two days of one click"
        assert f"clear_after_days is {days}; allowed is a whole number from 3 to 60" in done.text
    file.write_text(policy(GLAS, top="clear_after_days = 3"), encoding="utf-8")
    assert school.lantern("policy", "check", file).code == 0


def test_a_student_decides_how_they_are_contacted(school: School) -> None:
    """Ownership: a student who declines these emails gets none, and is not flagged for that."""
    email = emailed(school, SILENT)
    student = school.tab()
    student.press(email.links[-1], "Stop emails", "No more")
    school.morning("2026-11-27")
    alice = school.person("alice")
    refused = alice.types(f"draft {school.case_of(SILENT)}")
    sent = refused.sends().text if refused.dialog else refused.said
    school.works(sweep=True)
    assert sent, "drafted against the student's wish, and nothing is said"
    assert len(school.emails(SILENT)) == 1


@pytest.mark.parametrize("what", ["threshold", "letter", "fairness"])
def test_the_design_has_a_review_calendar(school: School, what: str) -> None:
    """A16: when a review is due, which colleague did it and what they found."""
    edgar = school.person("edgar")
    said = " ".join(
        edgar.types(line).text
        for line in ("review", "reviews", "policy-review", "digest week", "policy")
    )
    assert re.search(rf"{what}.{{0,200}}due|due.{{0,200}}{what}", said, re.IGNORECASE), (
        f"nothing says when the {what}s are reviewed next"
    )


def test_fairness_is_looked_at_and_tells_of_nobody_s_group(school: School) -> None:
    """A university supplies its groups, and the lead asks for the results. The school is too small
    for any figure, and nothing that colleagues read has changed."""
    before = school.cards().keys()
    rows = [f"{each.number},{('Zephyrian', 'Quokkan')[at % 2]}" for at, each in enumerate(STUDENTS)]
    file = school.home / "groups.csv"
    file.write_text("\n".join(["student_number,origin", *rows]) + "\n", encoding="utf-8")
    loaded = school.lantern("ingest", "groups", file)
    assert loaded.code == 0, loaded.text
    school.morning("2026-11-24")
    assert before <= school.cards().keys()
    for name in ("alice", "edgar", "petra"):
        seen = " ".join(card.text for card in school.cards(name).values())
        assert "Zephyrian" not in seen

    edgar, petra = school.people("edgar", "petra")
    early = edgar.types("fairness GLAS 2026").text
    assert "can be reported from 29 August 2027" in early, early
    school.clock.set(dt.datetime(2027, 9, 1, 9, 0, tzinfo=dt.UTC))
    said = edgar.types("fairness").text
    assert "too few students in this year for figures that identify no one" in said, said
    assert "Recorded" in petra.types(f"objection {SILENT.number}").text
    assert "Quokkan" not in said + school.audit()
    assert "Only a school's engagement lead" in school.person("alice").types("fairness").text


def test_staff_learn_what_they_work_with(school: School) -> None:
    said = school.person("alice").types("me").text
    assert "1 September" in said or "2026-09-01" in said, f"no record of Alice's training: {said}"
