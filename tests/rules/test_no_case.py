"""Reasons why a flagged student has no open case, and when a closed case's flags count again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from store.rules.flags.grace import Closed, Grace, follows_from_silence, goes_on
from store.rules.flags.no_case import (
    ActiveFlag,
    Explained,
    NoCase,
    Silent,
    count_reasons,
    explain,
)
from store.rules.model import MarkerFamily

FRIDAY = dt.datetime(2025, 10, 24, 22, 30, tzinfo=dt.UTC)
"""23:30 in London, so still Friday."""
GRACE = Grace(days=2)
TUESDAY = dt.date(2025, 10, 28)
DAY = dt.timedelta(days=1)
FLAG = ActiveFlag(is_held=False, on_ended_case=False, is_exempt=False)
HELD, EXEMPT = replace(FLAG, is_held=True), replace(FLAG, is_exempt=True)
ENDED = replace(FLAG, on_ended_case=True)
LOST = replace(FLAG, is_found=False)
AWAY = replace(LOST, away="No attendance since Monday.")
CLOSED = Silent((ENDED,), closed_at=FRIDAY)


@pytest.mark.parametrize(
    ("student", "day", "why"),
    [
        (Silent((HELD,), has_died=True, is_elsewhere=True), TUESDAY, NoCase.DIED),
        (Silent((HELD,), is_elsewhere=True), TUESDAY, NoCase.AT_HOME_SCHOOL),
        (Silent((replace(EXEMPT, is_held=True),)), TUESDAY, NoCase.EXEMPT),
        (Silent((replace(HELD, on_ended_case=True),)), TUESDAY, NoCase.HELD),
        (Silent((FLAG,)), TUESDAY, NoCase.UNEXPLAINED),
        (Silent((HELD, FLAG)), TUESDAY, NoCase.UNEXPLAINED),
        (Silent((HELD, EXEMPT)), TUESDAY, NoCase.EXEMPT),
        (Silent((FLAG,), in_queue=True), TUESDAY, NoCase.QUEUED),
        (Silent((LOST, FLAG), in_queue=True), TUESDAY, NoCase.QUEUED),
        (Silent((LOST,), in_queue=True), TUESDAY, NoCase.NOT_FOUND),
        (replace(CLOSED, flags=(ENDED, LOST), in_queue=True), TUESDAY, NoCase.NOT_FOUND),
        (Silent((AWAY,), in_queue=True), TUESDAY, NoCase.NO_DATA),
        (replace(CLOSED, has_complaint=True, in_other_process=True), TUESDAY, NoCase.COMPLAINT),
        (replace(CLOSED, in_other_process=True), TUESDAY, NoCase.OTHER_PROCESS),
        (CLOSED, TUESDAY, NoCase.IN_GRACE),
        (CLOSED, TUESDAY + DAY, NoCase.UNEXPLAINED),
        (Silent((ENDED,)), TUESDAY, NoCase.UNEXPLAINED),
    ],
)
def test_each_student_has_the_first_reason_that_explains_every_flag(
    student: Silent, day: dt.date, why: NoCase
) -> None:
    assert explain(student, GRACE, day).why is why


def test_a_reason_says_until_when_and_its_cause() -> None:
    assert str(explain(CLOSED, GRACE, TUESDAY)) == (
        "in the time of grace after a closed case until Tuesday 28 October"
    )
    assert str(explain(Silent((AWAY,), in_queue=True), GRACE, TUESDAY)) == (
        "held until its data arrives (No attendance since Monday)"
    )
    assert len({each.told for each in NoCase}) == len(NoCase)


def test_reasons_are_counted_in_their_order_and_the_dead_are_not() -> None:
    found = [NoCase.QUEUED, NoCase.HELD, NoCase.QUEUED, NoCase.DIED]
    assert count_reasons(map(Explained, found)) == ((NoCase.HELD, 1), (NoCase.QUEUED, 2))


@pytest.mark.parametrize(
    ("closed", "goes_on_before", "goes_on_then"),
    [
        (Closed(FRIDAY), False, True),
        (Closed(None), True, True),
        (Closed(FRIDAY, has_open_case=True, has_complaint=True), True, True),
        (Closed(FRIDAY, has_new_flag=True, in_other_process=True), True, True),
        (Closed(FRIDAY, has_complaint=True), False, False),
        (Closed(FRIDAY, in_other_process=True), False, False),
        (Closed(None, is_left_alone=True, has_open_case=True), False, False),
    ],
)
def test_flags_of_a_closed_case_wait_for_the_end_of_grace(
    closed: Closed, goes_on_before: bool, goes_on_then: bool
) -> None:
    assert goes_on(closed, GRACE, TUESDAY - DAY) is goes_on_before
    assert goes_on(closed, GRACE, TUESDAY) is goes_on_then


def test_work_that_falls_due_is_news_after_inactivity_and_nothing_else_is() -> None:
    news = [each for each in MarkerFamily if not follows_from_silence(each)]
    assert news == [MarkerFamily.SUBMISSIONS]
