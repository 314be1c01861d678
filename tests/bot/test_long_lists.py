"""No card shows more than five buttons, *More* included, and none of them is lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.cards.cases.card import case_card
from bot.cards.cases.lists import mine_card
from bot.cards.cases.show import actions_dialog
from bot.cards.kit.model import MOST_SHOWN, Actions, Button, Card, Dialog, Fold, Text
from bot.cards.kit.sample_data import busy_view, line, sample_case_view
from bot.cards.schools.home import home_card
from bot.cards.schools.lookups import queue_card
from bot.cards.students import sayings_card
from bot.slack.renderer import message as slack
from bot.teams.renderer import message as teams
from store.queries.cases.records import CaseView
from store.queries.flags.queue import HeldLine
from store.queries.students.messages import SayingLine
from store.rules.calendar import Calendar
from store.rules.model import CaseStatus, Level
from store.rules.students.messages import Saying
from tests.bot.cards.examples import EXAMPLES

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


def shown_at_once(card: Card | Dialog) -> int:
    rows = [block for block in card.blocks if isinstance(block, Actions)]
    return sum(len(row.buttons) + bool(row.more) for row in rows)


def with_everything(status: CaseStatus) -> CaseView:
    """Return a case in this state with a draft and everything else that a case can have at once."""
    busy = busy_view()
    case = replace(sample_case_view(status).case, complaint=True)
    return replace(busy, case=case, mails=sample_case_view(CaseStatus.AGREED).mails)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_card_shows_more_than_five(name: str) -> None:
    assert shown_at_once(EXAMPLES[name]) <= MOST_SHOWN


@pytest.mark.parametrize("status", CaseStatus)
def test_no_state_of_a_case_does_whatever_is_on_it(status: CaseStatus) -> None:
    for view in (sample_case_view(status), with_everything(status)):
        card = case_card(view, Calendar())
        assert shown_at_once(card) <= MOST_SHOWN
        for row in slack(card)["blocks"]:
            assert row["type"] != "actions" or len(row["elements"]) <= MOST_SHOWN
        shown = teams(card)["attachments"][0]["content"]
        buttons = shown.get("actions", [])
        behind_dots = [each for each in buttons if each.get("mode") == "secondary"]
        assert len(buttons) - len(behind_dots) + bool(behind_dots) <= MOST_SHOWN
        titles = str(shown)
        if "All actions" in titles:
            titles += str([b.label for b in _buttons_of(actions_dialog(card, view.case.id))])
        assert all(each.label in titles for each in card.buttons()), "and every one is there"


def _buttons_of(dialog: Dialog) -> list[Button]:
    rows = [row for row in dialog.blocks if isinstance(row, Actions)]
    return [button for row in rows for button in (*row.buttons, *row.more)]


def test_a_row_of_six_or_a_question_in_a_menu_is_an_error_of_its_module() -> None:
    button = Button("Take", "take")
    Actions((button,) * 5)
    Actions((button,) * 4, (button,) * 9)
    asks = Button("Close", "close", confirm="Close it now?")
    for shown, more in (
        ((button,) * 6, ()),
        ((button,) * 5, (button,)),
        ((), (button,)),
        ((button,), (asks,)),
    ):
        with pytest.raises(ValueError, match=r"five buttons|cannot ask for confirmation"):
            Actions(shown, more)


def test_a_card_says_how_many_steps_and_views_it_does_not_show_and_where_they_are() -> None:
    view = sample_case_view(CaseStatus.RESPONDED)
    many = tuple(replace(view.interventions[0], author=f"Colleague {n}") for n in range(9))
    view = replace(view, interventions=many, views=view.views * 4, mails=(), answered_at=())

    said = _folded(case_card(view, Calendar()))

    assert "3 earlier steps: Show lists them all" in said
    shown = len({given.author for given in view.views})
    assert f"and {len(view.views) - shown} earlier views: Show lists them all" in said
    assert len([each for each in said if "logged" in each]) == 6
    fewer = case_card(replace(view, interventions=many[:6], views=()), Calendar())
    assert "earlier" not in repr(fewer)


def _folded(card: Card) -> list[str]:
    (fold,) = (block for block in card.blocks if isinstance(block, Fold))
    return [part.text for part in fold.parts if isinstance(part, Text)]


def test_ones_own_page_with_many_cases_keeps_to_five_in_all() -> None:
    mine = mine_card([line(number, CaseStatus.OPEN, 2) for number in range(1, 9)])
    card = home_card([mine])
    assert shown_at_once(card) <= MOST_SHOWN
    assert len(list(card.buttons())) == len(list(mine.buttons())) + 2


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
