"""Every case status against every move."""

import datetime as dt
from dataclasses import replace
from itertools import product

import pytest

from store.rules.cases.case import Case
from store.rules.cases.lifecycle import Move, after
from store.rules.errors import NotPossibleNow
from store.rules.model import ENDED_CASES, CaseStatus

# One column for each status, one row for each move; "-" is impossible, "=" keeps the status.
# A view opens the discussion (§13), and only then can the student be contacted. While a case is
# paused no one writes about engagement, but a concern for welfare never waits (§27).
TABLE = """
            open        discussing  agreed      in-contact  responded   re-engaging  referred    paused     handed-over  closed      merged
discuss     discussing  =           =           =           =           =            =           =          =            -           -
agree       agreed      agreed      =           =           =           agreed       =           =          =            -           -
draft       =           =           =           =           =           =            =           -          -            -           -
contact     -           =           =           =           =           =            =           -          -            -           -
welfare     =           =           =           =           =           =            =           =          =            -           -
work        =           =           =           =           =           =            =           =          =            -           -
pause       paused      paused      paused      paused      paused      paused       paused      =          -            -           -
refer       referred    referred    referred    referred    referred    referred     =           -          -            -           -
resume      -           -           -           -           -           -            discussing  discussing -            -           -
hand_over   handed-over handed-over handed-over handed-over handed-over handed-over  handed-over handed-over =           -           -
acknowledge -           -           -           -           -           -            -           -          open         -           -
close       closed      closed      closed      closed      closed      closed       closed      closed     closed       -           -
reopen      -           -           -           -           -           -            -           -          -            discussing  -
merge       -           -           -           -           -           -            -           -          -            merged      -
sent        in-contact  in-contact  in-contact  =           in-contact  in-contact   in-contact  =          =            -           -
bounce      =           =           =           discussing  =           =            =           =          =            -           -
answer      responded   responded   responded   responded   =           responded    responded   responded  =            -           -
flag        =           =           =           =           =           discussing   =           =          =            -           -
recover     =           =           =           re-engaging re-engaging =            =           =          =            -           -
"""  # noqa: E501


def read_table() -> dict[tuple[CaseStatus, Move], CaseStatus]:
    head, *lines = (line.split() for line in TABLE.strip().splitlines())
    return {
        (CaseStatus(status), Move[move.upper()]): CaseStatus(status if result == "=" else result)
        for move, *results in lines
        for status, result in zip(head, results, strict=True)
        if result != "-"
    }


LEADS_TO = read_table()
EVERY = list(product(CaseStatus, Move))
HAPPENS = {Move.SENT, Move.BOUNCE, Move.ANSWER, Move.FLAG, Move.RECOVER}
"""Moves caused from outside, not chosen by a colleague, so no sentence offers them."""


def case(status: CaseStatus) -> Case:
    return Case(7, "LANG-7", 12, 1, status, None, 1, dt.date(2025, 10, 22))


def test_the_table_is_about_every_status_and_move() -> None:
    head, *lines = (line.split() for line in TABLE.strip().splitlines())
    assert sorted(head) == sorted(CaseStatus)
    assert sorted(line[0].upper() for line in lines) == sorted(Move.__members__)


@pytest.mark.parametrize(("status", "move"), [each for each in EVERY if each in LEADS_TO])
def test_what_can_happen_leads_where_the_table_says(status: CaseStatus, move: Move) -> None:
    assert after(case(status), move) is LEADS_TO[status, move]


@pytest.mark.parametrize(("status", "move"), [each for each in EVERY if each not in LEADS_TO])
def test_what_cannot_happen_says_what_to_do_in_few_words(status: CaseStatus, move: Move) -> None:
    with pytest.raises(NotPossibleNow) as refused:
        after(case(status), move)

    said = refused.value.sentence
    assert said.startswith("LANG-7 ")
    assert len(said.split()) <= 16
    assert said.count(",") <= 1, "no list of everything that is possible"
    if status in FIRST:
        assert FIRST[status] in said


FIRST = {
    CaseStatus.PAUSED: "Resume it first.",
    CaseStatus.CLOSED: "Reopen it first.",
    CaseStatus.HANDED_OVER: "Acknowledge it first.",
    CaseStatus.MERGED: "Use that one.",
}


def test_a_paused_case_says_until_when_and_what_a_complaint_asks_for() -> None:
    paused = replace(case(CaseStatus.PAUSED), paused_until=dt.date(2025, 11, 3))
    with pytest.raises(NotPossibleNow) as refused:
        after(paused, Move.DRAFT)
    assert refused.value.sentence == "LANG-7 is paused until Monday 3 November. Resume it first."
    with pytest.raises(NotPossibleNow, match="because of a complaint"):
        after(replace(paused, complaint=True), Move.DRAFT)


@pytest.mark.parametrize("status", [CaseStatus.PAUSED, CaseStatus.REFERRED])
@pytest.mark.parametrize("before", [CaseStatus.OPEN, CaseStatus.IN_CONTACT, CaseStatus.RESPONDED])
def test_a_case_that_rested_goes_on_where_it_was(status: CaseStatus, before: CaseStatus) -> None:
    assert after(replace(case(status), rested_from=before), Move.RESUME) is before


def test_what_comes_from_outside_is_never_refused_while_a_case_is_under_way() -> None:
    under_way = [status for status in CaseStatus if status not in ENDED_CASES]
    assert all((status, move) in LEADS_TO for status in under_way for move in HAPPENS)


def test_only_closing_and_merging_end_a_case_and_only_reopening_begins_it_again() -> None:
    ending = {
        move
        for (status, move), result in LEADS_TO.items()
        if result in ENDED_CASES and status not in ENDED_CASES
    }
    beginning = {
        move
        for (status, move), result in LEADS_TO.items()
        if status in ENDED_CASES and result not in ENDED_CASES
    }
    assert ending == {Move.CLOSE}
    assert beginning == {Move.REOPEN}


@pytest.mark.parametrize(
    ("status", "move", "sentence"),
    [
        (
            CaseStatus.OPEN,
            Move.REOPEN,
            "LANG-7 is open already, so there is nothing to reopen.",
        ),
        (CaseStatus.OPEN, Move.CONTACT, "LANG-7 has no view yet. Add one first."),
        (CaseStatus.PAUSED, Move.DRAFT, "LANG-7 is paused. Resume it first."),
        (
            CaseStatus.DISCUSSING,
            Move.MERGE,
            f"LANG-7 is {CaseStatus.DISCUSSING.label} and cannot {Move.MERGE.value} now.",
        ),
    ],
)
def test_a_refusal_says_why_word_for_word(status: CaseStatus, move: Move, sentence: str) -> None:
    with pytest.raises(NotPossibleNow) as refused:
        after(case(status), move)
    assert refused.value.sentence == sentence
