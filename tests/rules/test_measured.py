"""Days that were not measured: named, never counted as days on which nothing was seen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace

import pytest

from store.letters.phrases import SAYINGS
from store.policies.document import parse
from store.rules.calendar import Calendar, Period
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, MissedItem
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flag_rules.measured_days import (
    days_said,
    gaps_once,
    missing_by_source,
    missing_days,
)
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.flag_rules.source_dates import stored_dates
from store.rules.flags.flagging import findings, judging
from store.rules.flags.reconcile import FlagRun
from store.rules.letters.letter import Language
from store.rules.model import FlagState, MarkerFamily
from store.rules.text.formatting import first_sentence
from tests.people import policy_document

DAY = dt.date(2025, 11, 17)
"""A Monday."""
CALENDAR = Calendar()
POLICY = parse(policy_document(), "policy.toml")


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def november(*days: int) -> list[dt.date]:
    return [dt.date(2025, 11, day) for day in days]


def test_weekends_closures_and_vacations_are_not_asked_for() -> None:
    first, last = dt.date(2025, 11, 3), dt.date(2025, 11, 16)
    week = Period("break", dt.date(2025, 11, 10), dt.date(2025, 11, 14))
    assert missing_days(CALENDAR, november(*range(3, 8), *range(10, 15)), first, last) == ()
    assert missing_days(Calendar(closures=(week,)), november(*range(3, 8)), first, last) == ()
    term = Period("autumn", dt.date(2025, 9, 22), dt.date(2025, 11, 7))
    assert missing_days(Calendar(terms=(term,)), november(*range(3, 8)), first, last) == ()
    assert missing_days(CALENDAR, november(9, 16), first, first) == (first,)
    assert missing_by_source(CALENDAR, {"a": november(3)}, ["a", "b"], first, first) == {
        "b": (first,)
    }


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (november(5), "Wednesday 5 November"),
        (november(5, 6), "5 to 6 November"),
        (november(7, 10), "7 to 10 November"),
        (november(5, 7), "Wednesday 5 November and Friday 7 November"),
        ([dt.date(2025, 10, 31), *november(3)], "31 October to 3 November"),
        (november(3, 5, 7, 11), "Monday 3 November, Wednesday 5 November and 2 more days"),
    ],
)
def test_days_are_said_as_runs(days: Iterable[dt.date], said: str) -> None:
    assert days_said(list(days), CALENDAR, 2) == said


NAMED = {family: f"{family.label[0].upper()}{family.label[1:]}" for family in MarkerFamily}
EVERYTHING = (
    "Attendance, co-curricular sessions, meetings with staff, recordings, the online learning "
    "space and work handed in"
)

# -- Every rule ------------------------------------------------------------------------------

MISSING = ago(5)
"""A Wednesday."""


def measure(family: MarkerFamily) -> Measure:
    """Everything that each rule looks for: nothing done for four weeks."""
    return Measure(
        student=7,
        module="FR101",
        family=family,
        source=f"source-of-{family}",
        fresh=ago(1),
        last_done=ago(30),
        active_days_28=0,
        expected_28=8,
        done_28=0,
        missed=(MissedItem("FR101", "Essay 1", ago(12)),),
        since=ago(50),
        weeks=(4, 4, 4, 4, 0, 0, 0, 0),
        class_weeks=(4.0,) * 8,
        absences=6,
        meetings_missed=6,
    )


def evidence(*missing: dt.date) -> Evidence:
    measures = tuple(measure(family) for family in MarkerFamily)
    unmeasured = {each.source: frozenset(missing) for each in measures}
    return Evidence(7, measures, (4, 4, 4, 4, 0, 0, 0, 0), ago(50), unmeasured=unmeasured)


def of(rule: type[Rule], *missing: dt.date) -> list[Finding]:
    return findings(replace(POLICY, rules=(rule(),)), evidence(*missing), DAY)


SELDOM = tuple(ago(n) for n in range(42, 140) if n % 7)
"""Days that a source which does not deliver daily has not delivered either; too old to be named."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.NAME)
def test_each_rules_reason_names_the_days_that_were_not_measured(rule: type[Rule]) -> None:
    whole, broken = of(rule), of(rule, MISSING, ago(1), ago(2), *SELDOM)
    assert whole
    assert len(whole) == len(broken)
    for before, after in zip(whole, broken, strict=True):
        named = NAMED[before.family] if before.module else EVERYTHING
        assert "data" not in before.reason_student
        assert (
            after.reason_staff
            == f"{before.reason_staff} {named} not measured: Wednesday 12 November."
        )
        assert after.reason_student.startswith(before.reason_student)
        assert after.reason_student.endswith(" for Wednesday 12 November.")


@pytest.mark.parametrize(
    "rule",
    # Missed work says nothing new until it ends.
    [each for each in RULES if each.NAME != "missed-submission"],
    ids=lambda rule: rule.NAME,
)
def test_a_flag_that_goes_on_names_them_too(rule: type[Rule]) -> None:
    """The student was seen once since, three days ago."""
    policy = replace(POLICY, rules=(rule(),))

    def goes_on(family: MarkerFamily, *missing: dt.date) -> Finding:
        known = evidence(*missing)
        seen = [
            replace(each, days_seen=1 << 2, last_done=ago(3), absences=0) for each in known.measures
        ]
        key = f"{rule.NAME}|{'FR101' if rule.SAYS else ''}|"
        run = FlagRun(
            1,
            7,
            key,
            FlagState.ACTIVE,
            ago(9),
            ago(7),
            family=family,
            source=f"source-of-{family}",
            measured={"last seen": ago(30).isoformat()},
        )
        found = judging(policy, [replace(known, measures=tuple(seen))], DAY, {}, {})(run)
        assert isinstance(found, Finding)
        return found

    signs = {MarkerFamily.VLE} if rule.NAME == "fading-out" else {*rule.NEEDS}
    for family in signs or {MarkerFamily.VLE}:
        # What the school looks at now, whatever raised the flag.
        named = EVERYTHING if rule.NAME == "inactivity" else NAMED[family]
        before, after = goes_on(family), goes_on(family, MISSING)
        assert (
            after.reason_staff
            == f"{before.reason_staff} {named} not measured: Wednesday 12 November."
        )
        assert after.reason_student.endswith(" for Wednesday 12 November.")


@pytest.mark.parametrize(
    ("gap", "is_found"),
    # Due twelve days ago, on a Wednesday, with seven days of grace; it may come two weeks early.
    [(ago(5), False), (ago(12), False), (ago(26), False), (ago(27), True), (ago(4), True)],
)
@pytest.mark.parametrize("is_daily", [True, False])
def test_work_that_may_have_come_on_a_lost_day_is_not_missed(
    gap: dt.date, is_found: bool, is_daily: bool
) -> None:
    known = replace(evidence(gap, *(() if is_daily else SELDOM)), looked_from=ago(140))
    policy = replace(POLICY, rules=(MissedSubmission(),))
    assert bool(findings(policy, known, DAY)) == (is_found or not is_daily)


def test_a_day_without_data_is_no_silent_day() -> None:
    """The outage lets one day in seven through, so that the newest day is always fresh."""
    vle = replace(measure(MarkerFamily.VLE), last_done=ago(15))
    sundays = frozenset(ago(n) for n in range(120) if ago(n).weekday() != 6)

    def fires(unmeasured: frozenset[dt.date]) -> bool:
        one = Evidence(7, (vle,), unmeasured={vle.source: unmeasured})
        return bool(Inactivity(days=14).findings(CALENDAR, one, DAY))

    assert fires(frozenset())
    assert not fires(sundays)
    assert not fires(frozenset({MISSING}))
    assert fires(frozenset({ago(40)})), "before what is counted"
    assert fires(frozenset({ago(8)})), "a weekend day is not asked for"


def test_inactivity_says_up_to_when_it_knows() -> None:
    vle = replace(measure(MarkerFamily.VLE), fresh=ago(3))
    (found,) = Inactivity(days=14).findings(CALENDAR, Evidence(7, (vle,)), DAY)
    assert "up to Friday 14 November" in found.reason_staff
    assert "up to Friday 14 November" in found.reason_student


# -- No claim about days after the last measured one --------------------------------------------

LAST = dt.date(2025, 11, 13)
"""A Thursday: on the Monday after it, Friday's data is missing."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.NAME)
def test_each_reason_names_the_last_day_that_was_measured_and_claims_none_after_it(
    rule: type[Rule],
) -> None:
    late = [replace(measure(family), fresh=LAST) for family in MarkerFamily]
    known = replace(evidence(), measures=tuple(late))
    found = findings(replace(POLICY, rules=(rule(),)), known, DAY)
    assert found
    for each in found:
        for said in (each.reason_staff, each.reason_student):
            # Lists and digests show the first sentence alone.
            first = first_sentence(said if each.family is MarkerFamily.VLE else f"{said} Seen.")
            assert "13 November" in (said if "was due" in said else first), said
            assert not re.search(r"in the last|since|so far|nothing has|not had", said), said


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.NAME)
def test_a_reason_that_is_read_weeks_later_still_says_which_weeks_it_means(
    rule: type[Rule],
) -> None:
    for each in of(rule):
        for said in (each.reason_staff, each.reason_student):
            assert "in the last" not in said.lower(), said


def test_work_that_was_due_after_the_last_measured_day_is_not_missed() -> None:
    work = replace(measure(MarkerFamily.SUBMISSIONS), fresh=ago(13))
    assert not MissedSubmission().findings(CALENDAR, Evidence(7, (work,)), DAY)


def test_days_before_the_work_can_have_been_set_are_not_named_and_each_gap_is_said_once() -> None:
    due = ago(12)
    before, early = due - dt.timedelta(days=33), due - dt.timedelta(days=26)
    work = replace(measure(MarkerFamily.SUBMISSIONS), since=None)

    def said(*missing: dt.date) -> Finding:
        known = Evidence(7, (work,), unmeasured={work.source: frozenset(missing)})
        (found,) = findings(replace(POLICY, rules=(MissedSubmission(),)), known, DAY)
        return found

    assert said(before).reason_staff == said().reason_staff
    assert said(before).reason_student == said().reason_student
    assert said(early).reason_staff.endswith(" not measured: Friday 10 October.")
    one, gap = said().reason_student, said(early).reason_student
    other = gap.replace("Essay 1", "Essay 2")
    assert gaps_once([gap, other]) == (one, other)
    both = said(early, early + dt.timedelta(days=6)).reason_student
    assert gaps_once([one, gap, both]) == (one, gap, both)


def test_inactivity_names_each_source_with_its_own_day() -> None:
    register = replace(measure(MarkerFamily.ATTENDANCE), fresh=LAST)
    known = Evidence(7, (register, measure(MarkerFamily.VLE)))
    (found,) = Inactivity(days=14).findings(CALENDAR, known, DAY)
    each = "attendance up to Thursday 13 November; the online learning space up to Sunday 16"
    assert each in found.reason_staff
    assert each in found.reason_student
    assert stored_dates(found.measured) == {
        (MarkerFamily.ATTENDANCE, register.source): LAST,
        (MarkerFamily.VLE, "source-of-vle"): ago(1),
    }


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            Language.ENGLISH,
            "This comes from our records of attendance up to Thursday 13 November; work handed in "
            "and the online learning space up to Sunday 16 November.",
        ),
        (
            Language.WELSH,
            "Daw hyn o'n cofnodion: presenoldeb hyd at ddydd Iau 13 Tachwedd; gwaith a "
            "gyflwynwyd a'r man dysgu ar-lein hyd at ddydd Sul 16 Tachwedd.",
        ),
    ],
)
def test_a_letter_names_each_source_once_with_its_own_day(language: Language, said: str) -> None:
    fresh = {
        MarkerFamily.ATTENDANCE: LAST,
        MarkerFamily.SUBMISSIONS: ago(1),
        MarkerFamily.VLE: ago(1),
    }
    assert SAYINGS[language].sources(fresh) == said


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (MarkerFamily.VLE, "a'r man dysgu ar-lein"),
        (MarkerFamily.MEETINGS, "a chyfarfodydd â staff"),
        (MarkerFamily.ATTENDANCE, "a phresenoldeb"),
        (MarkerFamily.SUBMISSIONS, "a gwaith a gyflwynwyd"),
    ],
)
def test_the_welsh_and_fits_the_word_after_it(last: MarkerFamily, said: str) -> None:
    fresh = {MarkerFamily.RECORDINGS: LAST, last: LAST}
    found = SAYINGS[Language.WELSH].sources(fresh)
    assert found == f"Daw hyn o'n cofnodion hyd at ddydd Iau 13 Tachwedd: recordiadau {said}."
