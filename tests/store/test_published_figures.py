"""One rounding for all reports: no figure, alone or combined, identifies a few people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.actions.cases import close as closing
from store.actions.students.record_message import record_message
from store.queries.outreach.letter_statistics import letter_report
from store.queries.schools.report import Report, school_report
from store.rules.letters.statistics import LetterReport, letter_lines
from store.rules.model import Help, Outcome, Usefulness
from store.rules.small_numbers import EXACT, PUBLISHED, Figures, ReportPeriod, whole_weeks
from store.rules.students.messages import Said, Saying
from tests.world import World, world_in

COUNT = st.integers(0, 400)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(f"sqlite:///{tmp_path}/lantern.db") as made:
        yield made


def both(world: World, figures: Figures) -> tuple[Report, LetterReport]:
    now = world.clock.now
    since = dt.date(2025, 9, 1)
    period = ReportPeriod(since) if figures.exact else whole_weeks(since, now.date())
    with world.store.database.read() as connection:
        return (
            school_report(connection, world.school(), period, figures),
            letter_report(connection, world.school(), period, now, figures),
        )


def numbers(made: Report, letters: LetterReport) -> list[int]:
    """Return every count of a report."""
    counted = [made.opened, made.closed, made.answered]
    parts = [*made.outcomes, *made.helped, *(part for _, each in made.useful for part in each)]
    rates = [letters.altogether, *(rate for _, rate in letters.letters)]
    return [
        *counted,
        *(number for _, number in parts),
        *(n for rate in rates for n in (rate.mails, rate.answered, rate.watched, rate.back)),
    ]


def three_are_written_to(world: World) -> None:
    for name in ("dana", "eli"):
        case = world.open_case(name)
        world.approved_mail(case)
        world.send(f"conversation-{name}")
        record_message(world.store, Said(world.student(name), Saying.FINE), f"voice-{name}")
    closing.close_case(
        world.store,
        world.by("lena"),
        case,
        Outcome.MEETING_HELD,
        helped=Help.CONVERSATION,
        usefulness=Usefulness.TRUE_CONCERN,
    )


def test_a_lead_s_report_is_exact_as_a_whole_and_says_one_thing(world: World) -> None:
    three_are_written_to(world)
    made, letters = both(world, EXACT)
    assert (made.opened, made.answered) == (2, 2)
    assert (letters.altogether.mails, letters.altogether.answered) == (2, 2)
    assert "2 sent, 2 of 2 (100%) answered" in "\n".join(letter_lines(letters)).replace(
        "2 of 2 (100%) answered", "2 of 2 (100%) answered"
    )


def test_everybody_else_s_is_rounded_as_a_whole_and_names_no_small_part(world: World) -> None:
    three_are_written_to(world)
    world.clock.forward(days=7)
    made, letters = both(world, PUBLISHED)
    assert set(numbers(made, letters)) == {0}
    assert (made.outcomes, made.helped, made.useful) == ((), (), ())
    assert letters.letters == (), "that a letter is named says that it was used"
    assert made.days_to_view is None


def test_all_of_one_week_s_reports_are_the_same_whatever_happens_in_it(world: World) -> None:
    three_are_written_to(world)
    world.clock.forward(days=7)
    before = both(world, PUBLISHED)
    closing.close_case(world.store, world.by("lena"), 1, Outcome.DATA_ERROR)
    world.open_case("mira")
    for _ in range(3):
        world.clock.forward(days=1)
        assert both(world, PUBLISHED) == before


@pytest.mark.parametrize("day", range(7))
def test_a_report_begins_and_ends_with_a_week(day: int) -> None:
    monday = dt.date(2025, 10, 20)
    period = whole_weeks(dt.date(2025, 9, 1) + dt.timedelta(days=day), monday + dt.timedelta(day))
    assert period == ReportPeriod(dt.date(2025, 9, 1), monday)


@given(st.lists(COUNT, min_size=1, max_size=6))
def test_parts_and_total_tell_no_small_part(parts: list[int]) -> None:
    """Each number stands for at least five others, and so does each difference of two."""
    shown = PUBLISHED.parts(enumerate(parts))
    assert all(number % 5 == 0 and number for _, number in shown)
    assert PUBLISHED.number(sum(parts)) % 5 == 0
    hidden = set(range(len(parts))) - {n for n, _ in shown}
    assert all(parts[n] < 3 for n in hidden)


@given(COUNT, COUNT)
def test_no_share_and_no_average_of_few(some: int, of: int) -> None:
    given = PUBLISHED.share(min(some, of), of)
    assert (given is None) == (of < 22.5)
    assert (PUBLISHED.average(1, of) is None) == (of <= 7)
