"""What a daily limit costs: the wait of each place, and who is not reached."""

import datetime as dt

from store.rules.flags.queue_cost import FURTHEST, Flow, describe_costs, forecast
from store.rules.policies.waits import describe_waits, waits_of

MONDAY = dt.date(2025, 10, 6)
QUIET = Flow(0, 0)


def test_a_queue_without_newcomers_moves_up_by_the_limit() -> None:
    cost = forecast([MONDAY] * 25, MONDAY, 10, QUIET)
    assert [cost.waits.count(days) for days in (1, 2, 3)] == [10, 10, 5]
    assert cost.waits[:3] == (1, 1, 1)
    assert cost.never == 0
    assert forecast([], MONDAY, 10, QUIET).waits == ()


def test_five_more_a_day_reach_those_whom_the_limit_leaves_behind() -> None:
    """More come than there is room for, and their flags end after a while."""
    queue, flow = [MONDAY] * 60, Flow(new=14, leaves=0.05)
    now, more = (forecast(queue, MONDAY, a_day, flow) for a_day in (10, 15))
    assert now.never > more.never
    assert max(day for day in more.waits if day) < max(day for day in now.waits if day)
    told = describe_costs(now, more)
    assert told[0].startswith("At 10 new cases a day: place 1 in 1 day, place 30 ")
    assert told[0].endswith(f"; {now.never} of 60 are not reached.")
    assert told[1].startswith("At 15 new cases a day: ")
    assert describe_costs(*(forecast([], MONDAY, n, flow) for n in (10, 15))) == []


def test_nobody_is_left_behind_though_more_come_than_there_is_room_for() -> None:
    cost = forecast([MONDAY] * 30, MONDAY, 5, Flow(new=9, leaves=0))
    assert cost.never == 0
    assert max(day for day in cost.waits if day) <= FURTHEST


def test_a_replay_says_how_long_its_students_waited() -> None:
    now = waits_of(1, [{1: 0}, {2: 4}, {}], [{2, 3}, {3}, {3}])
    more = waits_of(6, [{1: 0, 2: 0, 3: 0}], [set()])
    assert (now.median, now.ninth, now.never) == (0, 4, 1)
    assert list(describe_waits(now, more)) == [
        "At 1 a day half of the cases open within 0 days of the first flag and nine of ten within "
        "4 days; 1 flagged student gets no case. At 6 a day half of the cases open within 0 days "
        "of the first flag and nine of ten within 0 days; 0 flagged students get no case."
    ]
    assert list(describe_waits(more, more)) == []
    nothing = waits_of(1, [{}], [{7}])
    assert "no case opens; 1 flagged student gets no case" in next(describe_waits(nothing, more))
