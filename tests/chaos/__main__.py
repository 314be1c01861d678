"""``make chaos``: killed workers, a term of bad days, and terms in the life of two schools.

500 emails and 200 kills for three seeds on SQLite and PostgreSQL; a term of bad days in 40 schools;
then, for each seed, a term of 15 weeks in two schools.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.chaos import bad_day
from tests.chaos.oulad_year import OuladYear
from tests.chaos.outages import University, before_outages, outages_of, whole
from tests.chaos.run import Chaos, Outcome, run
from tests.chaos.side_by_side import live_through
from tests.chaos.synthetic_year import Year
from tests.life.run import Term, live
from tests.servers import new_postgresql_database, postgresql_server

PARTS = ("mails", "bad-day", "life", "outages")


def main() -> int:
    """Run everything; return 0 if every run was right."""
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--patience", type=float, default=Chaos.patience, help="seconds at the end")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--weeks", type=int, default=15, help="of the term in the life; 0: none")
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--schools", type=int, default=bad_day.Term.schools, help="on bad days")
    parser.add_argument("--days", type=int, default=bad_day.Term.days, help="of the bad term")
    parser.add_argument("--cases", type=float, default=bad_day.Term.cases, help="a school and day")
    parser.add_argument("--outages", type=int, default=30, help="of the feeds, in the year")
    parser.add_argument("--oulad", type=Path, help="a folder of OULAD, instead of synthetic years")
    parser.add_argument("--only", choices=list(PARTS), action="append")
    asked = parser.parse_args()
    parts, right = asked.only or list(PARTS), True
    with ExitStack() as stack:
        kinds = asked.database or ["sqlite", "postgresql"]
        is_wanted = "postgresql" in kinds and not set(parts) <= {"life", "outages"}
        server = stack.enter_context(postgresql_server()) if is_wanted else ""
        if "mails" in parts:
            right &= _mails(asked, kinds, server)
        if "bad-day" in parts:
            how = (asked.schools, asked.days, asked.cases)
            terms = [bad_day.Term(seed, *how) for seed in asked.seeds]
            right &= live_through([(term, kind, server) for kind in kinds for term in terms])
    if asked.weeks and "life" in parts:
        lives = [_live(Term(seed, asked.weeks, asked.students)) for seed in asked.seeds]
        right &= all(lives)
    if "outages" in parts:
        years: list[University] = [Year(seed=seed) for seed in asked.seeds]
        if asked.oulad:
            years = [OuladYear(asked.oulad.resolve(), seed=seed) for seed in asked.seeds]
        held = [_outages(year, asked.outages) for year in years]
        right &= all(held)
    return 0 if right else 1


def _outages(year: University, number: int) -> bool:
    """Simulate a year with outages of its feeds, and print what was wrong."""
    outages = outages_of(year, number)
    with tempfile.TemporaryDirectory() as home:
        begun = before_outages(year, outages, Path(home) / "begun")
        found = whole(year, outages, begun, Path(home))
    wrong = [f"caused: {each}" for each in found.caused] + [f"lost: {each}" for each in found.lost]
    wrong += [f"false alarm: {each}" for each in found.false_alarms]
    named = f"{year.name}, seed {year.seed}, {year.weeks} weeks, {year.students} students"
    print("\n  ".join([f"{named}: {found.line()}", *wrong]), flush=True)
    return found.is_right


def _mails(asked: argparse.Namespace, kinds: list[str], server: str) -> bool:
    right, outcomes = True, list[Outcome]()
    for kind in kinds:
        for seed in asked.seeds:
            chaos = Chaos(asked.mails, asked.kills, seed, patience=asked.patience)
            outcome = _one(chaos, kind, server)
            print(_line(kind, seed, outcome), flush=True)
            outcomes.append(outcome)
            right &= outcome.is_right and outcome.killed == asked.kills
    print(_verdict(outcomes))
    return right


def _live(term: Term) -> bool:
    """Simulate a term, and print what was wrong."""
    with tempfile.TemporaryDirectory() as home:
        outcome = live(term, Path(home) / "home")
    print("\n  ".join([outcome.line(), *outcome.broken]), flush=True)
    return not outcome.broken


def _verdict(outcomes: list[Outcome]) -> str:
    if not all(each.has_ended for each in outcomes):
        return "Nothing is shown: a run did not come to its end. Try again with more --patience."
    if all(each.is_right for each in outcomes):
        return "Every mail left exactly once."
    return "NOT every mail left exactly once."


def _one(chaos: Chaos, kind: str, server: str) -> Outcome:
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        url = stack.enter_context(new_postgresql_database(server)) if kind != "sqlite" else ""
        return run(chaos, Path(home), url)


def _line(kind: str, seed: int, outcome: Outcome) -> str:
    end = "" if outcome.has_ended else f"NOT AT ITS END, {outcome.waiting} still wait; "
    faults = ", ".join(f"{number} {name}" for name, number in sorted(outcome.faults.items()))
    return (
        f"{kind:10} seed {seed}: {end}lost {outcome.lost}, duplicated {outcome.duplicated}, "
        f"wrong {outcome.wrong}, unrecorded {outcome.unrecorded}, "
        f"second drafts {outcome.drafts_left}, answers wrong {outcome.answers_wrong} "
        f"({outcome.killed} kills; {faults}; {outcome.seconds:.0f} s)"
    )


if __name__ == "__main__":
    sys.exit(main())
