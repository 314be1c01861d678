"""Every status a case can have, held against every move there is."""

import datetime as dt
from itertools import product

import pytest

from store.rules.case import Case
from store.rules.errors import NotPossibleNow
from store.rules.lifecycle import Move, after
from store.rules.model import CaseStatus

# One row for each status; "-" cannot happen. A view opens the discussion (§13), and only then
# can the student be contacted.
TABLE = """
            discuss     agree       draft       contact     bounce      answer     work        close
open        discussing  agreed      open        -           open        responded  open        closed
discussing  discussing  agreed      discussing  in-contact  discussing  responded  discussing  closed
agreed      agreed      agreed      agreed      in-contact  agreed      responded  agreed      closed
in-contact  in-contact  in-contact  in-contact  in-contact  discussing  responded  in-contact  closed
responded   responded   responded   responded   in-contact  responded   responded  responded   closed
closed      -           -           -           -           -           -          -           -
"""  # noqa: E501


def read_table() -> dict[tuple[CaseStatus, Move], CaseStatus]:
    head, *lines = (line.split() for line in TABLE.strip().splitlines())
    moves = [Move[name.upper()] for name in head]
    return {
        (CaseStatus(status), move): CaseStatus(result)
        for status, *results in lines
        for move, result in zip(moves, results, strict=True)
        if result != "-"
    }


LEADS_TO = read_table()
EVERY = list(product(CaseStatus, Move))


def case(status: CaseStatus) -> Case:
    return Case(7, "LANG-7", 12, 1, status, None, 1, dt.date(2025, 10, 22))


@pytest.mark.parametrize(("status", "move"), [each for each in EVERY if each in LEADS_TO])
def test_what_can_happen_leads_where_the_table_says(status: CaseStatus, move: Move) -> None:
    assert after(case(status), move) is LEADS_TO[status, move]


@pytest.mark.parametrize(("status", "move"), [each for each in EVERY if each not in LEADS_TO])
def test_what_cannot_happen_says_what_can(status: CaseStatus, move: Move) -> None:
    with pytest.raises(NotPossibleNow) as refused:
        after(case(status), move)

    said = refused.value.sentence
    if status is CaseStatus.CLOSED:
        assert said == f"LANG-7 is closed, so it can no longer {move.value}."
    else:
        assert said.startswith(f"LANG-7 is {status.label} and cannot {move.value} now. It can ")
        possible = said.partition("It can ")[2]
        for other in Move:
            assert (other.value in possible) is ((status, other) in LEADS_TO)


def test_nothing_leads_out_of_closed() -> None:
    assert not any(status is CaseStatus.CLOSED for status, _ in LEADS_TO)
    assert {result for (_, move), result in LEADS_TO.items() if move is Move.CLOSE} == {
        CaseStatus.CLOSED
    }
