"""When Fitness to Study may be recommended: everything tried, nothing seen, every feed alive."""

import datetime as dt
from dataclasses import replace

import pytest

from store.policies.document import parse
from store.rules.cases.case import Case
from store.rules.cases.contact_ladder import Ladder, RungState, Standing
from store.rules.cases.fitness_to_study import Facts, Seen, assess, window_first
from store.rules.model import CaseStatus, ExemptionKind, Rung
from store.rules.students.digital_traces import Gap, Trace, gaps_in
from tests.people import policy_document

TODAY = dt.date(2025, 11, 19)
POLICY = parse(policy_document(), "policy.toml")
SINCE = window_first(POLICY, TODAY)
YESTERDAY = TODAY - dt.timedelta(days=1)
TRIED = RungState(Rung.UNIVERSITY_EMAIL, Standing.DONE, SINCE)
SILENT = Facts(
    case=Case(1, "LANG-1", 1, 1, CaseStatus.IN_CONTACT, None, 1, SINCE),
    ladder=Ladder((TRIED,)),
    seen=(Seen(SINCE - dt.timedelta(days=1), "The student answered"),),
    traces=(Trace("moodle", SINCE, None, YESTERDAY),),
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
        (replace(SILENT, ladder=Ladder(())), "Nobody has tried"),
        (replace(SILENT, ladder=Ladder((TRIED,), waiting_until=TODAY)), "waited for"),
        (replace(SILENT, ladder=Ladder((TRIED,), answered_on=SINCE)), "answered"),
        (replace(SILENT, seen=(Seen(SINCE, "The student answered"),)), "The student answered on"),
        (replace(SILENT, traces=(Trace("moodle", SINCE, SINCE, YESTERDAY),)), "moodle shows"),
        (replace(SILENT, traces=(Trace("moodle", SINCE, None, None),)), "not delivered"),
        (
            replace(
                SILENT, traces=(Trace("moodle", SINCE, None, YESTERDAY, (Gap(SINCE, SINCE),)),)
            ),
            "looks like silence",
        ),
        (replace(SILENT, traces=()), "No source"),
        (replace(SILENT, enrolled_since=TODAY), "enrolled only since"),
        (replace(SILENT, exempt=ExemptionKind.PLACEMENT), "exempt"),
        (replace(SILENT, case=replace(SILENT.case, complaint=True)), "complaint"),
        (replace(SILENT, case=replace(SILENT.case, status=CaseStatus.PAUSED)), "paused"),
    ],
)
def test_anything_else_blocks_it_and_is_said(facts: Facts, said: str) -> None:
    (block,) = assess(POLICY, facts).blocks
    assert said in block


def test_a_gap_longer_than_a_weekend_is_an_outage() -> None:
    days = [SINCE + dt.timedelta(days=n) for n in range(12)]
    assert gaps_in(days[:3] + days[6:], days[0], days[-1]) == ()
    assert gaps_in(days[:3] + days[7:], days[0], days[-1]) == (Gap(days[3], days[6]),)
    assert gaps_in(days[:6], days[0], days[-1]) == (Gap(days[6], days[-1]),), "still going on"
