"""§9: attendance, work, online activity, meetings, recordings: unknown never counts as zero."""

import datetime as dt
import re

from tests.policy.people import GLAS, GONE, MODULES, OTHERS, SILENT, SILENT_TOO, Habit, write_rows
from tests.policy.school import School
from tests.policy.weeks import COLUMNS, row


def test_a_source_that_has_stopped_is_unknown_and_raises_nothing(school: School) -> None:
    """Trap: the registers are not loaded for two weeks, though no student was absent."""
    before = set(school.cards())
    who = OTHERS[0]
    school.changes(who, Habit(until=school.today - dt.timedelta(days=1)))
    school.lives_until(dt.date(2026, 12, 9), without=("registers", "learning-space"))
    school.morning("2026-12-10")
    for reference, card in school.cards().items():
        if reference not in before:
            told = f"two sources have stopped, and {who.number} or another is flagged: {card.text}"
            assert "Not seen" not in card.text, told
            assert "Attended" not in card.text, told
    said = school.person("edgar").types("feeds").text
    assert "unknown" in said or "no data" in said, said


def test_nothing_that_is_read_speaks_of_days_that_were_not_measured(school: School) -> None:
    """A3: “nothing was seen” requires every day of every agreed source."""
    school.lives_until(dt.date(2026, 12, 9), without=("registers",))
    school.morning("2026-12-10")
    card = school.person("alice").card(school.case_of(SILENT)).text
    assert "9 Dec" not in card or "registers" not in card.split("9 Dec")[0][-60:], card


def test_work_handed_in_early_has_been_handed_in(school: School) -> None:
    """A15: each student hands it in on another day, from the due day to two years before."""
    module, due = MODULES[GLAS][1], dt.date(2026, 11, 13)
    others = [each for each in OTHERS if each.school == GLAS]
    days_before = (0, 1, 6, 13, 27, 28, 55, 56, 89, 119, 121, 130, 364, 730)
    handed_in = {
        each: due - dt.timedelta(days=n) for each, n in zip(others, days_before, strict=True)
    }
    rows = [
        each
        for who, day in handed_in.items()
        for each in (
            row(who, module, "submissions", "done", f"{day}T10:00", "Summer essay"),
            row(who, module, "submissions", "expected", due, "Summer essay"),
        )
    ]
    done = school.lantern(
        "ingest", "events", write_rows(school.home / "essays.csv", COLUMNS, rows),
        "--source", "hand-in", "--from", min(handed_in.values()), "--to", due,
    )  # fmt: skip
    assert done.code == 0, done.text
    for day in ("2026-11-24", "2026-11-27"):
        school.morning(day)
    called = {
        f"{who.number}, handed in on {day}": school.person("alice").looks_at(reference)
        for who, day in handed_in.items()
        if (reference := school.case_of(who))
    }
    assert not called, f"work that was handed in early is called missing: {called}"


def test_a_meeting_with_an_adviser_is_engagement(school: School) -> None:
    """The student is inactive in every source except the adviser's diary."""
    who = OTHERS[2]
    school.changes(who, Habit(until=school.today - dt.timedelta(days=1)))
    school.lives_until(dt.date(2026, 12, 9))
    met = [
        row(who, MODULES[GLAS][0], "meetings", kind, "2026-12-05T14:00", "Adviser")
        for kind in ("expected", "done")
    ]
    school.drops("registers", "saturday", *met)
    school.morning("2026-12-10")
    reference = school.case_of(who)
    card = school.person("alice").card(reference).text if reference else ""
    assert "Not seen" not in card, f"he met his adviser on Saturday 5 December: {card}"


def test_a_meeting_that_a_colleague_logs_is_engagement_too(school: School) -> None:
    """A4: the meeting is recorded in Lantern itself, and in no feed."""
    alice = school.person("alice")
    reference = school.case_of(SILENT)
    alice.fills(f"log {reference}", kind="meeting", note="Met him for half an hour on Friday")
    school.works(sweep=True)
    card = alice.card(reference).text
    assert "meeting" in card.casefold(), card
    said = school.person("edgar").types(f"fitness {reference}").text
    assert re.search(r"\bmet\b|meeting", said.casefold()), (
        f"Fitness to Study is looked at, and the meeting of today is not named: {said}"
    )


def test_the_last_day_seen_is_never_before_what_a_source_says(school: School) -> None:
    """A recording watched after the last seminar counts as activity."""
    late = row(SILENT_TOO, MODULES[GLAS][0], "recordings", "done", "2026-11-21T21:00")
    school.drops("learning-space", "saturday", late)
    school.morning("2026-11-24")
    card = school.person("alice").card(school.case_of(SILENT_TOO)).active
    assert f"Not seen since Friday {GONE.day} November" not in card, (
        f"the student watched a lecture on Saturday night: {card}"
    )


def test_who_reads_counts_over_days_is_told_which_days_are_missing(school: School) -> None:
    """A3: the lead's coverage counts days too, and the statement tells students about it."""
    school.lives_until(dt.date(2026, 12, 9), without=("registers",))
    school.morning("2026-12-10")
    said = school.person("edgar").types("coverage").text
    assert "Not measured in these four weeks" in said, said
    assert "registers: 23 November to 9 December" in said, said
    assert "hand-in:" not in said.split("Not measured")[1], said
    assert "We leave those days out" in school.lantern("policy", "statement", GLAS).text
