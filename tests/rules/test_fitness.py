"""Fitness to Study needs every step tried, nothing seen and every day measured."""

import datetime as dt
from dataclasses import replace

import pytest

from store.policies.document import parse
from store.rules.cases.case import Case
from store.rules.cases.contact_ladder import Ladder, RungState, Standing, Taken
from store.rules.cases.fitness_to_study import (
    FitnessFacts,
    SwipesLookedAt,
    assess,
    window_first,
)
from store.rules.model import AttemptResult, CaseStatus, ExemptionKind, Rung
from store.rules.students.contacts import Contact, ContactKind
from store.rules.students.digital_traces import Trace
from tests.people import policy_document

TODAY = dt.date(2025, 11, 19)
POLICY = parse(policy_document(), "policy.toml")
SINCE = window_first(POLICY, TODAY)
YESTERDAY = TODAY - dt.timedelta(days=1)
NOON = dt.datetime.combine(YESTERDAY, dt.time(12), dt.UTC)
TRIED = RungState(Rung.UNIVERSITY_EMAIL, Standing.DONE, SINCE)
EVERY_DAY = frozenset(SINCE + dt.timedelta(days=n) for n in range((TODAY - SINCE).days))


def came(day: dt.date, kind: ContactKind = ContactKind.REPLY, where: str = "") -> Contact:
    return Contact(dt.datetime.combine(day, dt.time(12), dt.UTC), day, kind, where)


def trace(*missing: dt.date, source: str = "moodle", only: frozenset[dt.date] = EVERY_DAY) -> Trace:
    """Return a trace in which nothing is seen and nothing was delivered on the missing days."""
    return Trace(source, SINCE, YESTERDAY, None, only - set(missing))


SILENT = FitnessFacts(
    case=Case(1, "LANG-1", 1, 1, CaseStatus.IN_CONTACT, None, 1, SINCE),
    ladder=Ladder((TRIED,)),
    contacts=(came(SINCE - dt.timedelta(days=1)),),
    traces=(trace(),),
    enrolled_since=dt.date(2025, 9, 22),
    exempt=None,
    today=TODAY,
)


def test_it_is_recommended_when_nothing_at_all_was_seen() -> None:
    assert assess(POLICY, SILENT).recommended
    assert (YESTERDAY - SINCE).days + 1 == POLICY.sustained_days


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (replace(SILENT, ladder=Ladder(())), "no attempts to contact"),
        (replace(SILENT, ladder=Ladder((TRIED,), waiting_until=TODAY)), "waits for an answer"),
        (replace(SILENT, ladder=Ladder((TRIED,), stopped_by=came(SINCE))), "answered"),
        *(
            (replace(SILENT, contacts=(came(SINCE, kind, "moodle"),)), "Wednesday 22 October")
            for kind in ContactKind
        ),
        (replace(SILENT, traces=(trace(only=frozenset()),)), "moodle has no data for 22 October"),
        (replace(SILENT, traces=(trace(YESTERDAY),)), "no data for Tuesday 18 November"),
        (replace(SILENT, traces=()), "No activity source"),
        (replace(SILENT, enrolled_since=TODAY), "enrolled only since"),
        (replace(SILENT, exempt=ExemptionKind.PLACEMENT), "exempt"),
        (replace(SILENT, case=replace(SILENT.case, complaint=True)), "complaint"),
        (replace(SILENT, case=replace(SILENT.case, status=CaseStatus.PAUSED)), "paused"),
    ],
)
def test_anything_else_blocks_it_and_is_said(facts: FitnessFacts, said: str) -> None:
    (block,) = assess(POLICY, facts).blocks
    assert said in block


def days(first: int, last: int, month: int = 11) -> tuple[dt.date, ...]:
    return tuple(dt.date(2025, month, day) for day in range(first, last + 1))


SUNDAYS = frozenset(day for day in EVERY_DAY if day.weekday() == 6)
WEEKENDS = tuple(day for day in EVERY_DAY if day.weekday() >= 5)


@pytest.mark.parametrize(
    ("traces", "said"),
    [
        ((trace(*WEEKENDS),), []),
        ((trace(*days(15, 16)),), []),
        ((trace(*days(12, 12)),), ["moodle has no data for Wednesday 12 November."]),
        ((trace(*days(13, 17)),), ["moodle has no data for 13 to 17 November."]),
        (
            (trace(*days(4, 4), *days(6, 6)),),
            ["moodle has no data for Tuesday 4 November and Thursday 6 November."],
        ),
        ((trace(*days(30, 31, 10), *days(1, 4)),), ["for 30 October to 4 November."]),
        # An outage that delivers one day in seven, so that every source looks up to date.
        (
            tuple(trace(source=each, only=SUNDAYS) for each in ("moodle", "doors", "registers")),
            [f"{each} has no data for 22 October to" for each in ("moodle", "doors", "registers")],
        ),
        ((trace(), trace(*days(10, 10), source="registers")), ["registers has no data for Monday"]),
    ],
)
def test_each_school_day_that_a_source_has_not_delivered_blocks_it_and_is_named(
    traces: tuple[Trace, ...], said: list[str]
) -> None:
    blocks = assess(POLICY, replace(SILENT, traces=traces)).blocks
    assert len(blocks) == len(said)
    for block, expected in zip(blocks, said, strict=True):
        assert expected in block


def test_closures_and_vacations_are_not_asked_for() -> None:
    closed = parse(
        policy_document()
        + '[[calendar.closures]]\nname = "break"\nfirst = 2025-11-10\nlast = 2025-11-14\n',
        "policy.toml",
    )
    since = window_first(closed, TODAY)
    every = frozenset(since + dt.timedelta(days=n) for n in range((TODAY - since).days))
    looked = Trace("moodle", since, YESTERDAY, None, every - set(days(10, 14)))
    assert assess(closed, replace(SILENT, traces=(looked,), contacts=())).recommended


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            replace(SILENT, case=replace(SILENT.case, status=CaseStatus.REFERRED)),
            "The case is already referred.",
        ),
        (
            replace(SILENT, case=replace(SILENT.case, complaint=True)),
            "A complaint about the case is open.",
        ),
        (
            replace(SILENT, ladder=Ladder(())),
            "There have been no attempts to contact the student yet.",
        ),
        (
            replace(SILENT, ladder=Ladder((TRIED,), waiting_until=TODAY)),
            "The contact ladder is not finished: Lantern waits for an answer until "
            "Wednesday 19 November.",
        ),
        (replace(SILENT, enrolled_since=None), "The student has no current enrolment."),
        (
            replace(SILENT, traces=()),
            "No activity source was checked, so inactivity cannot be confirmed.",
        ),
    ],
)
def test_what_argues_against_it_is_one_whole_sentence(facts: FitnessFacts, sentence: str) -> None:
    assert assess(POLICY, facts).blocks == (sentence,)


def test_the_last_day_of_enrolment_that_still_covers_the_period_is_its_first() -> None:
    assert assess(POLICY, replace(SILENT, enrolled_since=SINCE)).recommended
    later = assess(POLICY, replace(SILENT, enrolled_since=SINCE + dt.timedelta(days=1)))
    assert len(later.blocks) == 1


SWIPED = Taken(Rung.DIGITAL_TRACES, NOON, AttemptResult.NOTHING_SEEN, of_swipes=True)
DOORS = SwipesLookedAt(SWIPED, (trace(source="doors"), trace(source="library")))


@pytest.mark.parametrize(
    ("facts", "blocks"),
    [
        (replace(SILENT, swipes=DOORS), []),
        (
            replace(SILENT, swipes=replace(DOORS, newest=None)),
            [
                "Card swipes (doors and library) have not been looked at since Wednesday 22 "
                "October. Look at them first: Digital traces → Card swipes."
            ],
        ),
        (
            replace(
                SILENT,
                swipes=replace(DOORS, newest=replace(SWIPED, at=NOON - dt.timedelta(days=28))),
            ),
            [
                "Card swipes (doors and library) have not been looked at since Wednesday 22 "
                "October. Look at them first: Digital traces → Card swipes."
            ],
        ),
        (
            replace(
                SILENT,
                swipes=replace(DOORS, newest=replace(SWIPED, result=AttemptResult.NOT_MEASURED)),
            ),
            [
                "Some days of card swipes (doors and library) had no data on Tuesday 18 November. "
                "Look again: Digital traces → Card swipes."
            ],
        ),
        (
            replace(SILENT, swipes=replace(DOORS, measured=(trace(YESTERDAY, source="doors"),))),
            ["doors has no data for Tuesday 18 November. The student may have been active then."],
        ),
        (
            replace(
                SILENT,
                ladder=Ladder((replace(TRIED, rung=Rung.PHONE, standing=Standing.NEXT),)),
                swipes=replace(DOORS, newest=None),
            ),
            ["The contact ladder is not finished: phone comes next."],
        ),
        (
            replace(
                SILENT,
                ladder=Ladder((replace(TRIED, rung=Rung.DIGITAL_TRACES, standing=Standing.NEXT),)),
                swipes=replace(DOORS, newest=None),
            ),
            [
                "The contact ladder is not finished: digital traces comes next.",
                "Card swipes (doors and library) have not been looked at since Wednesday 22 "
                "October. Look at them first: Digital traces → Card swipes.",
            ],
        ),
    ],
)
def test_card_swipes_are_looked_at_last_and_within_the_period(
    facts: FitnessFacts, blocks: list[str]
) -> None:
    assessed = assess(POLICY, facts)
    assert list(assessed.blocks) == blocks
    assert assessed.since == SINCE
