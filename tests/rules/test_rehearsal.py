"""Rehearsal of days in memory: cases up to the capacity, the other students next day."""

import datetime as dt
from dataclasses import replace

from store.rules.flag_rules.evidence import Evidence, Finding
from store.rules.flags.capacity import Room
from store.rules.flags.reconcile import FlagRun
from store.rules.flags.replay import Holding, Rehearsal
from store.rules.model import FlagEnd, FlagState
from tests.people import back, finding
from tests.rules.test_flags_over_weeks import clicks

FIRST = dt.date(2025, 10, 6)
KNOWN = [Evidence(n, (clicks(*[4 - n] * 3),)) for n in (1, 2, 3)]
"""Student 3 is active on the fewest days, so has the strongest evidence."""


def days(rehearsal: Rehearsal, *found: tuple[int, ...], room: int = 1) -> list[tuple[int, ...]]:
    taken = []
    for n, students in enumerate(found):
        findings: list[Finding] = [finding(student) for student in students]
        day = FIRST + dt.timedelta(days=n)
        taken.append(rehearsal.take(findings, KNOWN, day, room, back).taken)
    return taken


def test_the_strongest_are_taken_up_and_the_others_on_the_days_after() -> None:
    everybody = (1, 2, 3)
    assert days(Rehearsal(7), everybody, everybody, everybody, everybody) == [(3,), (2,), (1,), ()]


def test_nobody_is_taken_up_twice_while_the_flag_goes_on() -> None:
    assert days(Rehearsal(7), (3,), (), (3,), (), (3,)) == [(3,), (), (), (), ()]


def test_who_is_no_longer_found_is_not_taken_up() -> None:
    assert days(Rehearsal(7), (2, 3), (), (1,)) == [(3,), (), (1,)]


def test_somebody_comes_again_once_the_flag_has_cleared() -> None:
    gap = [()] * 7
    assert days(Rehearsal(7), (3,), *gap, (3,))[-1] == (3,)


def test_it_says_how_many_are_new_and_wait() -> None:
    rehearsed = Rehearsal(7).take([finding(n) for n in (1, 2, 3)], KNOWN, FIRST, 1, back)
    assert (set(rehearsed.new), rehearsed.waiting) == ({1, 2, 3}, 2)


def test_what_was_taken_up_is_a_flag_like_the_store_s_and_its_student_is_watched() -> None:
    rehearsal = Rehearsal(2)
    silent, away = finding(3), replace(finding(3), rule="quiet-weeks", measured={"weeks": 3})
    assert rehearsal.take([silent], KNOWN, FIRST, 1, back).day == FIRST
    next_day = FIRST + dt.timedelta(days=1)
    more = rehearsal.take([silent, away, finding(1)], KNOWN, next_day, 1, back)
    assert (set(more.new), more.taken) == ({1}, (1,)), "another reason of a student who has a case"
    assert rehearsal.watched == {1, 3}
    assert [(run.id, run.student, run.key, run.state) for run in rehearsal.runs] == [
        (1, 3, silent.key, FlagState.ACTIVE),
        (2, 3, away.key, FlagState.ACTIVE),
        (3, 1, finding(1).key, FlagState.ACTIVE),
    ]
    kept = rehearsal.runs[1]
    assert (kept.family, kept.source, kept.measured) == (away.family, away.source, {"weeks": 3})
    assert (kept.raised_on, kept.last_found_on) == (next_day, next_day)


def test_a_flag_that_ended_shortly_before_is_the_same_one() -> None:
    def exempt(_run: FlagRun) -> FlagEnd:
        return FlagEnd.EXEMPT

    for gap, flags in [(1, 1), (2, 1), (3, 2)]:
        rehearsal = Rehearsal(3)
        rehearsal.take([finding(3)], KNOWN, FIRST, 1, exempt)
        for ago in range(1, gap):
            rehearsal.take([], KNOWN, FIRST + dt.timedelta(days=ago), 1, exempt)
        rehearsal.take([finding(3)], KNOWN, FIRST + dt.timedelta(days=gap), 1, exempt)
        assert len(rehearsal.runs) == flags, gap


def test_a_surge_is_held_until_it_is_answered_and_waits_are_counted() -> None:
    def classes(_day: dt.date) -> tuple[dict[int, set[str]], dict[str, int]]:
        return {n: {"FR101"} for n in (1, 2, 3)}, {"FR101": 20}

    everybody = [finding(n) for n in (1, 2, 3)]
    for after, expected in (
        (2, [(), (), (3,), (2,)]),
        (0, [(3,), (2,), (1,), ()]),
        (None, [()] * 4),
    ):
        rehearsal = Rehearsal(7, Holding(Room(1, 0.1, 1), classes, after))
        made = [
            rehearsal.take(everybody, KNOWN, FIRST + dt.timedelta(days=n), 1, back)
            for n in range(4)
        ]
        assert [each.taken for each in made] == expected, after
        assert [len(each.held) for each in made] == [1, 0, 0, 0], "asked once"
        assert len(made[-1].flagged) == 3 - sum(map(len, expected)), "held ones wait too"
    assert [dict(each.waited) for each in made] == [{}] * 4
