"""Each reason and letter names the last day measured per source, and claims none after it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from store.letters.phrases import SAYINGS
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.evidence import Evidence, Finding
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flag_rules.measured_days import gaps_once
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.flag_rules.source_dates import stored_dates
from store.rules.flags.flagging import findings
from store.rules.letters.letter import Language
from store.rules.model import MarkerFamily
from store.rules.text.formatting import first_sentence
from tests.rules.unmeasured import CALENDAR, DAY, LAST, POLICY, ago, evidence, measure, of


def test_inactivity_says_up_to_when_it_knows() -> None:
    vle = replace(measure(MarkerFamily.VLE), fresh=ago(3))
    (found,) = Inactivity(days=14).findings(CALENDAR, Evidence(7, (vle,)), DAY)
    assert "up to Friday 14 November" in found.reason_staff
    assert "up to Friday 14 November" in found.reason_student


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
            # Lists and digests show only the first sentence.
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
