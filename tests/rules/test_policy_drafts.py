"""Draft thresholds and what they would flag, and periods counted in months."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from store.policies.document import parse
from store.rules.errors import InvalidInput
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.model import MarkerFamily
from store.rules.policies.draft import drafted, figures_of
from store.rules.policies.policy import Marker, SchoolPolicy
from store.rules.policies.publication import (
    Route,
    Told,
    begins_too_early,
    check_once,
    evidence,
    evidence_missing,
    not_named,
    told_in,
    told_too_late,
)
from store.rules.policies.retention import Retention
from store.rules.policies.review_calendar import (
    ReviewLine,
    ReviewRules,
    ReviewSubject,
)
from store.rules.policies.simulation import (
    CohortShare,
    HeldDay,
    SimulatedGroup,
    SimulatedWeek,
    Simulation,
    describe_simulation,
    trend,
)
from tests.people import policy_document

TODAY = dt.date(2025, 10, 22)
DAY = dt.timedelta(days=1)
AGREED = tuple(Marker(family, ("moodle",)) for family in MarkerFamily)
POLICY = replace(parse(policy_document(), "policy.toml"), markers=AGREED)


def names(made: SchoolPolicy) -> set[str]:
    return {rule.NAME for rule in made.rules}


def test_every_figure_can_be_tried_within_the_limits_of_a_document() -> None:
    figures = {each.key: each for each in figures_of(POLICY)}
    assert figures["capacity"].value == POLICY.capacity
    assert figures["capacity"].label == f"capacity (now {POLICY.capacity})"
    rule = next(each for each in POLICY.rules if isinstance(each, Inactivity))
    assert figures["inactivity.days"].value == rule.days

    made = drafted(
        POLICY,
        {"inactivity.days": " 1 6 ", "capacity": "3", "attendance.below_share": "25%"},
    )
    assert made.capacity == 3
    assert next(each for each in made.rules if isinstance(each, Inactivity)).days == 16
    shares = [each.below_share for each in made.rules if isinstance(each, Attendance)]
    assert shares == [0.25]
    assert drafted(POLICY, {}) == POLICY
    off = drafted(POLICY, {"inactivity": "off", "attendance.below_share": "0.4"})
    assert "inactivity" not in names(off)
    assert names(drafted(off, {"inactivity": "on"})) == names(off) | {"inactivity"}


@pytest.mark.parametrize(
    ("key", "value", "why", "field"),
    [
        ("nothing", "3", "There is no figure nothing. Try one of these: ", "figure"),
        ("inactivity.nothing", "3", "There is no figure inactivity.nothing. ", "figure"),
        ("nothing", "off", "There is no figure nothing. ", "figure"),
        ("inactivity", "3", "There is no figure inactivity. ", "figure"),
        ("capacity", "many", "capacity can be a whole number from 1 to 10000.", "value"),
        ("capacity", "0", "capacity can be", "value"),
        ("capacity", "10001", "capacity can be", "value"),
        ("attendance.below_share", "half", "attendance.below_share can be a number from", "value"),
        ("attendance.below_share", "x%", "attendance.below_share can be", "value"),
        ("missed-submission.grace_days", "28", "missed-submission.forget_after_days", "value"),
    ],
)
def test_a_figure_that_no_document_could_have_is_refused(
    key: str, value: str, why: str, field: str
) -> None:
    changes = {key: value}
    if why.startswith("missed-submission"):
        changes = {"missed-submission.forget_after_days": "20", key: value}
    with pytest.raises(InvalidInput) as error:
        drafted(POLICY, changes)
    assert error.value.sentence.startswith(why)
    assert error.value.field == field


# -- Effect of a draft -------------------------------------------------------------------------

MONDAY = dt.date(2025, 10, 6)
REFERENCES = tuple(f"LANG-{n}" for n in range(1, 8))
BUSY = Simulation(
    school="LANG",
    first=MONDAY,
    last=MONDAY + 13 * DAY,
    weeks=(
        SimulatedWeek(MONDAY, 3, 5, 2),
        SimulatedWeek(MONDAY + 7 * DAY, 4, 5, 0),
    ),
    cases=7,
    one_family=3,
    busiest=(MONDAY + DAY, 1),
    shares=tuple(CohortShare(f"FR10{n}", n, 8) for n in range(7)),
    held=(HeldDay(MONDAY, "FR101", 5, 8),),
    compared_with=2,
    new=SimulatedGroup(REFERENCES, 1),
    gone=SimulatedGroup(without_case=2),
    cases_before=1,
    missing=(("moodle", "6 October"),),
)


def test_a_simulation_says_on_one_screen_what_a_draft_would_bring() -> None:
    assert describe_simulation(BUSY) == [
        "7 cases in 2 weeks, with room for 10. In 1 week some still waited at the end.",
        "Busiest day: Tue 7 Oct, 1 new student.",
        "Based on only one family of evidence: 3 of 7.",
        "Version 2 gives 1 case in the same days.",
        "New under the draft: 8 – LANG-1, LANG-2, LANG-3, LANG-4, LANG-5, LANG-6 and 1 more; "
        "1 student without a case.",
        "No longer found: 2 – 2 students without a case.",
        "Share of each cohort: FR100 0% (0 of 8), FR101 12% (1 of 8), FR102 25% (2 of 8), "
        "FR103 38% (3 of 8), FR104 50% (4 of 8), FR105 62% (5 of 8) and 1 more.",
        "Held because the data may be wrong: Mon 6 Oct FR101 (5 of 8).",
        "No data from moodle for 6 October, so these days cannot show inactivity.",
    ]
    assert trend(BUSY) == (
        "New cases: 3 in the week of Mon 6 Oct (2 waiting) and 4 in the week of Mon 13 Oct."
    )


def test_without_cases_or_a_version_in_force_it_says_only_that() -> None:
    none = replace(
        BUSY,
        weeks=(SimulatedWeek(MONDAY, 0, 5, 0),),
        cases=0,
        busiest=None,
        shares=(),
        held=(),
        compared_with=None,
        missing=(),
    )
    assert describe_simulation(none) == [
        "0 cases in 1 week, with room for 5.",
        "There is no version in force to compare with.",
    ]
    same = replace(none, compared_with=1, new=SimulatedGroup(), gone=SimulatedGroup(("LANG-1",)))
    assert describe_simulation(same)[2:] == [
        "New under the draft: no students.",
        "No longer found: 1 – LANG-1.",
    ]
    assert CohortShare("FR101", 0, 0).percent == 0


# -- Months and years --------------------------------------------------------------------------


def test_retention_is_counted_back_in_years_and_reviews_have_their_own_months() -> None:
    kept = Retention(activity_months=13, case_years=1, student_years=2)
    assert kept.first_day_of_cases(TODAY) == dt.date(2024, 10, 22)
    assert kept.first_day_of_students(TODAY) == dt.date(2023, 10, 22)
    assert str(kept) == (
        "activity 13 months, closed cases 1 year, students 2 years after they left"
    )
    rules = ReviewRules(1, 2, 3)
    assert [rules.months(each) for each in ReviewSubject] == [1, 2, 3]
    line = ReviewLine(ReviewSubject.LETTERS, TODAY, None)
    assert [line.is_due(TODAY + n * DAY) for n in (-1, 0, 1)] == [False, True, True]


# -- Routes by which students were told --------------------------------------------------------


def told(route: Route, days: int) -> Told:
    return Told(route, "page 12", TODAY + days * DAY)


def test_evidence_is_typed_as_a_route_a_place_and_a_day() -> None:
    said = told_in("student handbook: page 12,  second part, 21 October", TODAY)
    assert said == Told(Route.HANDBOOK, "page 12, second part", TODAY - DAY)
    assert told_in("email: p12, 20 october 2024", TODAY).on == dt.date(2024, 10, 20)
    assert told_in("email: p12, 22 april", TODAY).on == dt.date(2025, 4, 22)
    for typed, field in [
        ("fax: all students, 21 October", "route"),
        ("email: ..., 21 October", "place"),
        ("email: p1, 21 October", "place"),
        (f"email: {'x' * 2000}, 21 October", "place"),
        ("email: all students, 23 October", "day"),  # in the future
        ("email: all students, 21 april", "day"),
        ("email: all students, soon", "day"),
    ]:
        with pytest.raises(InvalidInput) as error:
            told_in(typed, TODAY)
        assert error.value.field == field, typed
    with pytest.raises(InvalidInput, match="Give the route, where"):
        told_in("email: all students on 21 October", TODAY)


def test_students_are_told_before_a_version_begins() -> None:
    made = replace(POLICY, approval=replace(POLICY.approval, effective=TODAY))
    on_time, late = told(Route.EMAIL, 0), told(Route.HANDBOOK, 1)
    assert told_too_late(made, []) is None
    assert told_too_late(made, [on_time, told(Route.VLE, -3)]) is None
    why = told_too_late(made, [late, on_time])
    assert why
    assert why.endswith(" or a later day")
    assert "told by handbook only on 23 October 2025" in why
    assert begins_too_early(made, [on_time, late], TODAY) == why
    assert begins_too_early(made, [on_time], TODAY) is None
    passed = begins_too_early(made, [on_time], TODAY + DAY)
    assert passed
    assert passed.startswith("approval.effective is 2025-10-22, which is before today")


def test_each_route_has_its_first_evidence_once() -> None:
    named = replace(
        POLICY,
        approval=replace(POLICY.approval, published=("student handbook", "email to all", "fax")),
    )
    first, again = told(Route.HANDBOOK, -3), told(Route.HANDBOOK, -1)
    online = told(Route.VLE, -2)
    assert evidence(named, [again, first, online]) == [
        ("student handbook", first),
        ("email to all", None),
        ("fax", None),
        ("online learning space", online),
    ]
    assert evidence_missing(named, [first]) == ["email to all", "fax"]
    assert not_named(named, [first, online]) == ["vle"]
    assert Route.EMAIL.label == "email"
    check_once([first, online])
    with pytest.raises(InvalidInput, match=r"^handbook is given twice"):
        check_once([first, online, again])
