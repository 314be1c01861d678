"""§12: sources are accurate and agreed by each school; a surge is a question about the data."""

import datetime as dt

from tests.policy.document import TOLD, policy
from tests.policy.people import GLAS, GONE, MODULES, OTHERS, SILENT, SILENT_TOO, Habit
from tests.policy.school import School
from tests.policy.weeks import row


def test_source_and_freshness_stand_on_the_card(school: School) -> None:
    card = school.person("alice").card(school.case_of(SILENT)).text
    for source in ("registers", "learning-space"):
        assert source in card, f"{source} raised a flag and is not named: {card}"
    assert "22 Nov" in card or "23 Nov" in card, card


def test_what_nobody_agreed_neither_raises_nor_clears(school: School) -> None:
    """Trap: a source that was not agreed, “lift-camera”, is put into the feed folder."""
    who = OTHERS[0]
    rows = [
        row(each, MODULES[GLAS][0], "vle", "done", f"2026-11-{day}T09:00")
        for day in (19, 20, 23)
        for each in (SILENT, SILENT_TOO)
    ]
    rows += [
        row(who, MODULES[GLAS][0], "attendance", "expected", f"2026-11-{day}T11:00", "Lift")
        for day in (9, 10, 11, 12, 13, 16, 17, 18)
    ]
    school.drops("lift-camera", "lift", *rows)
    for day in ("2026-11-24", "2026-12-02"):
        school.morning(day)
    assert not school.case_of(who), "a source that nobody agreed raised a flag"
    card = school.person("alice").card(school.case_of(SILENT))
    assert "Not seen since Friday 6 November" in card.text, card.text
    assert "lift-camera" not in card.text


def test_a_day_that_flags_a_whole_class_is_a_question_about_the_data(school: School) -> None:
    """The registers of a fortnight arrive empty: sixty absences are one fault."""
    surge = "[surge]\nshare = 0.2\nat_least = 5\n"
    file = school.home / "surge.toml"
    file.write_text(policy(GLAS, effective="2026-11-24", surge=surge), encoding="utf-8")
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    before = set(school.cards())
    away = [
        row(each, module, "attendance", "expected", f"{day}T10:00", "Seminar")
        for each in OTHERS
        if each.school == GLAS
        for n in range(28)
        if (day := dt.date(2026, 10, 26) + dt.timedelta(days=n)).weekday() < 5
        for module in (each.modules[day.weekday() % 3],)
    ]
    school.drops("registers", "corrected", *away, complete=True)
    school.morning("2026-11-24")
    opened = set(school.cards()) - before
    assert len(opened) < 5, f"{len(opened)} cases were opened of one fault of a register"
    said = " ".join(school.person(name).types("queue").text for name in ("edgar", "dora"))
    said += school.person("edgar").tab.get("/sandbox/c/direct:edgar").text
    is_asked = "GLA10" in said or "registers has less than half of its usual data" in said
    assert is_asked, f"nobody is asked about the class that was flagged at once: {said}"


def test_a_case_that_was_held_is_not_lost(school: School) -> None:
    """Students over the day's capacity wait, and are shown as waiting."""
    file = school.home / "narrow.toml"
    file.write_text(policy(GLAS, effective="2026-11-24", top="capacity = 1"), encoding="utf-8")
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    gone = school.today - dt.timedelta(days=1)
    for who in OTHERS[:3]:
        school.changes(who, Habit(until=gone))
    school.morning("2026-12-08")
    waiting = [who for who in OTHERS[:3] if not school.case_of(who)]
    assert len(waiting) == 2, "the school has room for one new case a day"
    assert "2" in school.person("edgar").types("queue").text
    for day in ("2026-12-09", "2026-12-10"):
        school.morning(day)
    assert not [who.number for who in OTHERS[:3] if not school.case_of(who)]


def test_an_email_that_waited_is_written_again_on_what_is_known_now(school: School) -> None:
    """Drafted on Monday; the student is seen once on Tuesday; then a colleague takes a week."""
    reference = school.case_of(SILENT)
    alice, bob, dora = school.people("alice", "bob", "dora")
    dora.views(reference, "I met her in the corridor, and she sounded tired")
    alice.drafts(reference, "You are missed in the studio.")

    school.changes(SILENT, Habit(until=GONE, back=(dt.date(2026, 11, 24), dt.date(2026, 11, 24))))
    school.morning("2026-11-25")
    refused = bob.types(f"approve {reference}")
    assert refused.dialog is None
    assert "seen since, on Tuesday 24 November" in refused.text, refused.text
    assert "records behind your draft" in alice.direct(), "its author was not told in the morning"

    again = alice.types(f"draft {reference}")
    assert "You are missed in the studio." in again.text, "what she had written is lost"
    assert "24 November" in again.fields["body"], again.fields["body"]
    again.sends()
    school.morning("2026-12-02")
    refused = bob.types(f"approve {reference}")
    assert "on records of Tuesday 24 November" in refused.text, refused.text
    assert not school.emails(SILENT)

    alice.drafts(reference)
    bob.approves(reference)
    school.works(sweep=True)
    (email,) = school.emails(SILENT)
    assert "up to Tuesday 1 December" in email.text, email.text
