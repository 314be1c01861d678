"""Lists as long as they come: no card shows more than five buttons, and nothing is lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.cards.looking_cards import queue_card
from bot.cards.saying_cards import sayings_card
from store.queries.queue import HeldLine
from store.queries.voice import SayingLine
from store.rules.calendar import Calendar
from store.rules.model import Level
from store.rules.student_voice import Saying

AT = dt.datetime(2026, 10, 28, 9, 0, tzinfo=dt.UTC)
HELD = HeldLine(
    id=1,
    school=1,
    module="FR101",
    title="French for beginners",
    day=AT.date(),
    flagged=11,
    cohort=140,
    reasons=(),
    organiser=2,
    organiser_name="Bob Brown",
    decision=None,
    decided_by=None,
    why="",
)


def test_many_held_days_keep_two_with_buttons_and_say_how_to_answer_the_others() -> None:
    held = [replace(HELD, id=number) for number in range(1, 7)]

    card = queue_card([], held, answers=range(1, 7))

    assert len(list(card.buttons())) <= 5
    for number in range(3, 7):
        assert f"/lantern hold {number} release" in repr(card)


def test_many_students_who_wait_for_an_answer_are_counted() -> None:
    lines = [
        SayingLine(
            id=number,
            school=1,
            case=number,
            reference=f"LANG-{number}",
            level=Level.UNDERGRADUATE,
            programme="R100",
            kind=Saying.WRONG,
            at=AT,
        )
        for number in range(1, 9)
    ]

    card = sayings_card(lines, Calendar())

    assert len(list(card.buttons())) == 5
    assert "and 3 more" in repr(card)
