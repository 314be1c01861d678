"""How often students answer and come back after each letter: counted rightly, and nobody shown."""

from __future__ import annotations

import datetime as dt

import pytest

from store.casework import closing, erasing
from store.casework.answers import record_answer
from store.casework.roster import load_roster
from store.casework.student_voice import say
from store.queries import letters
from store.queries.letters import letter_report
from store.queries.report import report
from store.rules.letter_figures import LetterName, LetterReport, letter_lines, letter_notes
from store.rules.letters import Language, LetterKind
from store.rules.model import AnswerKind, Level, Outcome, Rung
from store.rules.roster import EnrolmentEntry, Roster, StudentEntry
from store.rules.small_numbers import rounded, share
from store.rules.student_voice import Said, Saying
from store.tables import flags, metadata, outreach, sayings, students
from tests.people import LANGUAGES, MATHEMATICS, finding, policy_document
from tests.store.test_reach import joins
from tests.world import World

CROWD = [f"Student{number}" for number in range(30)]
OVER = dt.timedelta(days=40)
"""Longer than the sustained period of 28 days."""


def crowd(world: World, size: int = 30) -> list[int]:
    """The cases of so many students, each of whom has had a mail; the first student's first."""
    names = CROWD[:size]
    load_roster(
        world.store,
        Roster(
            students=tuple(
                StudentEntry(
                    f"30{number:02}",
                    name,
                    "Crowd",
                    Level.UNDERGRADUATE,
                    "R100",
                    LANGUAGES,
                    university_email=f"{name}@students.example.ac.uk",
                    personal_email=f"{name}@home.example",
                )
                for number, name in enumerate(names)
            ),
            enrolments=tuple(
                EnrolmentEntry(f"30{number:02}", "FR101", dt.date(2025, 9, 22))
                for number in range(size)
            ),
        ),
    )
    world.publish(policy_document(capacity=100) + "[surge]\nshare = 1\nat_least = 100\n")
    world.screen(*(finding(world.student(name)) for name in names))
    found = {row["student_id"]: row["id"] for row in world.rows(metadata.tables["cases"])}
    which = [found[world.student(name)] for name in names]
    for case in which:
        world.approved_mail(case)
        world.send(f"conversation-{case}")
    return which


def figures(world: World, school: str = LANGUAGES, since: dt.date | None = None) -> LetterReport:
    first = since or dt.date(2025, 9, 1)
    with world.store.database.read() as connection:
        return letter_report(connection, world.school(school), first, world.clock.now)


def answers(world: World, case: int, kind: AnswerKind = AnswerKind.ANSWER) -> None:
    record_answer(
        world.store,
        message=f"m-{case}-{kind}",
        conversation=f"conversation-{case}",
        body="I am fine",
        received_at=world.clock.now,
        kind=kind,
    )


def test_answers_by_mail_and_by_a_link_count_and_automatic_replies_do_not(world: World) -> None:
    which = crowd(world)
    for case in which[:9]:
        answers(world, case)
    answers(world, which[0])
    (mail,) = world.rows(outreach, case_id=which[9])
    said = Said(world.student(CROWD[9]), Saying.FINE, mail=mail["id"])
    say(world.store, said, "k")
    answers(world, which[10], AnswerKind.AUTOMATIC)

    found = figures(world)

    ((name, rates),) = found.letters
    kind, rung = LetterKind.UNIVERSITY_EMAIL, Rung.UNIVERSITY_EMAIL
    assert name == LetterName(kind, Language.ENGLISH, False, 2, rung)
    assert (rates.mails, rates.answered) == (30, 10)
    assert rates.answered_share == pytest.approx(1 / 3)
    assert found.altogether == rates


def test_a_mail_that_came_back_is_left_out(world: World) -> None:
    for case in crowd(world)[:6]:
        answers(world, case, AnswerKind.BOUNCE)
    rates = figures(world).altogether
    assert (rates.mails, rates.answered) == (25, 0)


def test_who_is_back_within_the_period_counts_once_it_is_over(world: World) -> None:
    which = crowd(world)
    for case in which[:10]:
        closing.close(world.store, world.by("lena"), case, Outcome.RE_ENGAGED)
    assert (figures(world).altogether.watched, figures(world).altogether.back) == (0, 0)
    world.clock.now += OVER
    closing.close(world.store, world.by("lena"), which[10], Outcome.RE_ENGAGED)
    closing.close(world.store, world.by("lena"), which[11], Outcome.MEETING_HELD)
    rates = figures(world).altogether
    assert (rates.watched, rates.back) == (30, 10)
    assert rates.back_share == pytest.approx(1 / 3)


def test_flags_that_cleared_count_and_one_that_speaks_again_does_not(world: World) -> None:
    crowd(world)
    quiet = world.today + dt.timedelta(days=8)
    still = [finding(world.student(name)) for name in CROWD[:15]]
    world.screen(*still, day=quiet)
    assert len([row for row in world.rows(flags) if row["cleared_on"] == quiet]) == 15
    again = [finding(world.student(name)) for name in CROWD[25:]]
    world.screen(*still, *again, day=quiet + dt.timedelta(days=1))
    world.clock.now += OVER
    assert figures(world).altogether.back == 10


def test_few_are_not_told_apart(world: World) -> None:
    which = crowd(world, 22)
    answers(world, which[0])
    answers(world, which[1])
    rates = figures(world).altogether
    assert (rates.mails, rates.answered, rates.answered_share) == (20, 0, None)


def test_two_mails_to_one_student_are_no_second_student(world: World) -> None:
    which = crowd(world, 22)
    world.clock.now += dt.timedelta(days=5)
    for case in which[:5]:
        world.write_draft(case)
        world.approve(case)
        world.send(f"again-{case}")
    rates = figures(world).altogether
    assert (rates.mails, rates.answered_share) == (25, None)


def test_an_answer_counts_for_the_last_mail_before_it(world: World) -> None:
    case = world.open_case()
    world.approved_mail(case)
    world.send()
    world.clock.now += dt.timedelta(days=5)
    world.write_draft(case)
    world.approve(case)
    world.send("conversation-2")
    world.clock.now += dt.timedelta(hours=1)
    say(world.store, Said(world.student("dana"), Saying.FINE), "k")
    with world.store.database.read() as connection:
        rows = letters._left(connection, world.school())
        assert letters._answered(connection, rows) == {rows[-1].id}


def test_an_erased_student_still_counts(world: World) -> None:
    which = crowd(world, 23)
    for case in which[:8]:
        answers(world, case)
    (mail,) = world.rows(outreach, case_id=which[8])
    say(
        world.store, Said(world.student(CROWD[8]), Saying.FINE, "in hospital", mail=mail["id"]), "k"
    )
    before = figures(world)
    with world.store.database.read() as connection:
        answered = report(connection, world.school(), dt.date(2025, 9, 1)).answered
    priya = joins(world)
    for number in (0, 8, 20):
        seen = str(erasing.preview(world.store, priya(f"look{number}"), f"30{number:02}"))
        erasing.erase(world.store, priya(f"do{number}"), f"30{number:02}", "Asked for it", seen)
    assert figures(world) == before
    with world.store.database.read() as connection:
        assert report(connection, world.school(), dt.date(2025, 9, 1)).answered == answered == 9
    (kept,) = world.rows(sayings)
    assert (kept["words"], kept["answered_at"]) == ("", kept["at"])
    world.clock.now += OVER
    assert figures(world).altogether.back == 0
    assert "Student" not in repr([row for row in world.rows(students) if row["erased_at"]])


def test_each_school_sees_its_own_and_since_its_day(world: World) -> None:
    crowd(world, 3)
    assert figures(world, MATHEMATICS).letters == ()
    assert figures(world).letters
    assert figures(world, since=world.today + dt.timedelta(days=1)).letters == ()


def test_the_words_name_nobody_and_say_that_contact_is_never_withheld(world: World) -> None:
    answers(world, crowd(world, 3)[0])
    found = figures(world)
    said = "\n".join([*letter_lines(found), *letter_notes(found)])
    assert "Contact is never withheld" in said
    assert "too few for a percentage" in said
    assert "university email letter in English, Lantern's words, policy version 2" in said.replace(
        "University", "university"
    )
    assert "Student" not in said.replace("Students", "")


@pytest.mark.parametrize(("people", "shown"), [(2, 0), (3, 5), (22, 20), (23, 25)])
def test_people_are_rounded_to_five(people: int, shown: int) -> None:
    assert rounded(people) == shown


@pytest.mark.parametrize(
    ("some", "of", "people", "given"),
    [(22, 22, None, None), (23, 23, None, 1.0), (30, 40, 22, None), (0, 0, None, None)],
)
def test_a_share_is_of_enough_people(
    some: int, of: int, people: int | None, given: float | None
) -> None:
    assert share(some, of, people) == given
