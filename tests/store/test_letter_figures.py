"""Figures of answers and returns after each letter: counted correctly, no student identifiable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache, partial
from itertools import count
from pathlib import Path

import pytest

from store.actions.cases import close as closing
from store.actions.outreach.receive_reply import record_reply
from store.actions.privacy import erase as erasing
from store.actions.schools.load_roster import load_roster
from store.actions.students.record_message import record_message
from store.queries.outreach import letter_statistics as letters
from store.queries.outreach.letter_statistics import letter_report
from store.queries.schools.report import school_report
from store.rules.letters.letter import Language, LetterKind
from store.rules.letters.statistics import LetterName, LetterReport, letter_lines, letter_notes
from store.rules.model import AnswerKind, Level, Outcome, Rung
from store.rules.schools import EnrolmentEntry, Roster, StudentEntry
from store.rules.small_numbers import EXACT, ReportPeriod, rounded, share
from store.rules.students.messages import Said, Saying
from store.tables import flags, metadata, outreach, sayings, students
from tests.people import LANGUAGES, MATHEMATICS, finding, policy_document
from tests.pristine import Pristine, own_database, pristine
from tests.store.test_reach import joins
from tests.stores import sqlite_file
from tests.world import World, opened_world, populate

CROWD = [f"Student{number}" for number in range(30)]
TERM = ReportPeriod(dt.date(2025, 9, 1))
OVER = dt.timedelta(days=40)
"""Longer than the sustained period of 28 days."""
WRITTEN_TO = 22
"""Students of the crowd with an email at first: one too few for a percentage."""


def gather(world: World, size: int = len(CROWD), written_to: int = WRITTEN_TO) -> None:
    """Load this many students and open a case for each."""
    names = CROWD[:size]
    load_roster(
        world.store,
        Roster(
            students=tuple(_student(number, name) for number, name in enumerate(names)),
            enrolments=tuple(
                EnrolmentEntry(f"30{number:02}", "FR101", dt.date(2025, 9, 22))
                for number in range(size)
            ),
        ),
    )
    world.publish(policy_document(capacity=100) + "[surge]\nshare = 1\nat_least = 100\n")
    world.screen(*(finding(world.student(name)) for name in names))
    write_to(world, crowd_cases(world, size)[:written_to])


def _student(number: int, name: str) -> StudentEntry:
    return StudentEntry(
        f"30{number:02}",
        name,
        "Crowd",
        Level.UNDERGRADUATE,
        "R100",
        LANGUAGES,
        university_email=f"{name}@students.example.ac.uk",
        personal_email=f"{name}@home.example",
    )


def crowd_cases(world: World, size: int) -> list[int]:
    """Return the case ids of the crowd, in the order of its students."""
    found = {row["student_id"]: row["id"] for row in world.rows(metadata.tables["cases"])}
    return [found[world.student(name)] for name in CROWD[:size]]


def write_to(world: World, which: list[int]) -> None:
    for case in which:
        world.approved_mail(case)
        world.send(f"conversation-{case}")


def crowd(world: World, size: int = len(CROWD)) -> list[int]:
    """Return the cases of this many students of the crowd, after an email to each of them."""
    which = crowd_cases(world, size)
    write_to(world, which[WRITTEN_TO:])
    return which


def few(world: World) -> list[int]:
    """Load three students in a world without the crowd and return their cases."""
    gather(world, 3)
    return crowd_cases(world, 3)


def _gather_at(url: str) -> None:
    populate(url)
    with opened_world(url) as world:
        gather(world)


@cache
def _crowded_sqlite() -> bytes:
    return sqlite_file(_gather_at)


@pytest.fixture(scope="module")
def crowded_postgres(postgres_url: str) -> Iterator[Pristine]:
    with pristine(postgres_url, _gather_at) as made:
        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.exhaustive)])
def crowded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Open a world with the crowd on each kind of database. Two dozen emails take seconds to write
    and send, so it is done once."""
    lent = partial(request.getfixturevalue, "crowded_postgres")
    with (
        own_database(request.param, tmp_path, _crowded_sqlite, lent) as url,
        opened_world(url) as made,
    ):
        made._keys = count(1000)  # keys of clicks that gathering the crowd has not used
        yield made


def figures(world: World, school: str = LANGUAGES, since: dt.date | None = None) -> LetterReport:
    first = since or dt.date(2025, 9, 1)
    with world.store.database.read() as connection:
        return letter_report(connection, world.school(school), ReportPeriod(first), world.clock.now)


def answers(world: World, case: int, kind: AnswerKind = AnswerKind.ANSWER) -> None:
    record_reply(
        world.store,
        message=f"m-{case}-{kind}",
        conversation=f"conversation-{case}",
        body="I am fine",
        received_at=world.clock.now,
        kind=kind,
    )


def test_answers_by_mail_and_by_a_link_count_and_automatic_replies_do_not(crowded: World) -> None:
    which = crowd(crowded)
    for case in which[:9]:
        answers(crowded, case)
    answers(crowded, which[0])
    (mail,) = crowded.rows(outreach, case_id=which[9])
    said = Said(crowded.student(CROWD[9]), Saying.FINE, mail=mail["id"])
    record_message(crowded.store, said, "k")
    answers(crowded, which[10], AnswerKind.AUTOMATIC)

    found = figures(crowded)

    ((name, rates),) = found.letters
    kind, rung = LetterKind.UNIVERSITY_EMAIL, Rung.UNIVERSITY_EMAIL
    assert name == LetterName(kind, Language.ENGLISH, False, 2, rung)
    assert (rates.mails, rates.answered) == (30, 10)
    assert rates.answered_share == pytest.approx(1 / 3)
    assert found.altogether == rates


def test_a_mail_that_came_back_is_left_out(crowded: World) -> None:
    for case in crowd(crowded)[:6]:
        answers(crowded, case, AnswerKind.BOUNCE)
    rates = figures(crowded).altogether
    assert (rates.mails, rates.answered) == (25, 0)


def test_who_is_back_within_the_period_counts_once_it_is_over(crowded: World) -> None:
    which = crowd(crowded)
    for case in which[:10]:
        closing.close_case(crowded.store, crowded.by("lena"), case, Outcome.RE_ENGAGED)
    assert (figures(crowded).altogether.watched, figures(crowded).altogether.back) == (0, 0)
    crowded.clock.now += OVER
    closing.close_case(crowded.store, crowded.by("lena"), which[10], Outcome.RE_ENGAGED)
    closing.close_case(crowded.store, crowded.by("lena"), which[11], Outcome.MEETING_HELD)
    rates = figures(crowded).altogether
    assert (rates.watched, rates.back) == (30, 10)
    assert rates.back_share == pytest.approx(1 / 3)


def test_flags_that_cleared_count_and_one_that_speaks_again_does_not(crowded: World) -> None:
    crowd(crowded)
    quiet = crowded.today + dt.timedelta(days=8)
    still = [finding(crowded.student(name)) for name in CROWD[:15]]
    crowded.screen(*still, day=quiet)
    assert len([row for row in crowded.rows(flags) if row["cleared_on"] == quiet]) == 15
    again = [finding(crowded.student(name)) for name in CROWD[25:]]
    crowded.screen(*still, *again, day=quiet + dt.timedelta(days=1))
    crowded.clock.now += OVER
    assert figures(crowded).altogether.back == 10


def test_few_are_not_told_apart(crowded: World) -> None:
    which = crowd(crowded, 22)
    answers(crowded, which[0])
    answers(crowded, which[1])
    rates = figures(crowded).altogether
    assert (rates.mails, rates.answered, rates.answered_share) == (20, 0, None)


def test_two_mails_to_one_student_are_no_second_student(crowded: World) -> None:
    which = crowd(crowded, 22)
    crowded.clock.now += dt.timedelta(days=5)
    for case in which[:5]:
        crowded.write_draft(case)
        crowded.approve(case)
        crowded.send(f"again-{case}")
    rates = figures(crowded).altogether
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
    record_message(world.store, Said(world.student("dana"), Saying.FINE), "k")
    with world.store.database.read() as connection:
        read = letters._read(connection, world.school())
    answered = letters._answered(read.mails, read.heard, ReportPeriod(world.today))
    assert answered == {read.mails[-1].id}


def test_an_erased_student_still_counts(crowded: World) -> None:
    which = crowd(crowded, 23)
    for case in which[:8]:
        answers(crowded, case)
    (mail,) = crowded.rows(outreach, case_id=which[8])
    record_message(
        crowded.store,
        Said(crowded.student(CROWD[8]), Saying.FINE, "in hospital", mail=mail["id"]),
        "k",
    )
    before = figures(crowded)
    with crowded.store.database.read() as connection:
        answered = school_report(connection, crowded.school(), TERM, EXACT).answered
    priya = joins(crowded)
    for number in (0, 8, 20):
        seen = str(erasing.preview_erasure(crowded.store, priya(f"look{number}"), f"30{number:02}"))
        erasing.erase_student(
            crowded.store, priya(f"do{number}"), f"30{number:02}", "Asked for it", seen
        )
    assert figures(crowded) == before
    with crowded.store.database.read() as connection:
        assert school_report(connection, crowded.school(), TERM, EXACT).answered == answered == 9
    (kept,) = crowded.rows(sayings)
    assert (kept["words"], kept["answered_at"]) == ("", kept["at"])
    crowded.clock.now += OVER
    assert figures(crowded).altogether.back == 0
    assert "Student" not in repr([row for row in crowded.rows(students) if row["erased_at"]])


def test_each_school_sees_its_own_and_since_its_day(world: World) -> None:
    few(world)
    assert figures(world, MATHEMATICS).letters == ()
    assert figures(world).altogether.mails == 5
    assert figures(world, since=world.today + dt.timedelta(days=1)).letters == ()


def test_the_words_name_nobody_and_say_that_contact_is_never_withheld(world: World) -> None:
    answers(world, few(world)[0])
    found = figures(world)
    said = "\n".join([*letter_lines(found), *letter_notes(found)])
    assert "No student is left out of contact" in said
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
