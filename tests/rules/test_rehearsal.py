"""Days gone through in memory: room for so many, the others looked at again the day after."""

import datetime as dt

from store.rules.flag_rules.evidence import Evidence, Finding
from store.rules.flags.replay import Rehearsal
from tests.people import back, finding
from tests.rules.test_flags_over_weeks import clicks

FIRST = dt.date(2025, 10, 6)
KNOWN = [Evidence(n, (clicks(*[4 - n] * 3),)) for n in (1, 2, 3)]
"""Three is on fewest days, so has the most evidence."""


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
