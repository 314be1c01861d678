"""Each field of a rule's net has an effect at every stage, and each rule's net is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache

import pytest

from integrations.activity.engine import ActivityEngine
from integrations.activity.lake import Lake
from integrations.activity.relations import AgreedSource
from store.rules import flag_rules as flags
from store.rules.calendar import Calendar
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Criterion, Rule, widened
from store.rules.flag_rules.looks import LookRules
from store.rules.model import MarkerFamily
from tests.completeness.walking import classes_of
from tests.integrations.small_lake import (
    MONDAY,
    REGISTER,
    TERM,
    VLE,
    WORK,
    Event,
    School,
    before,
    did,
    due,
    handed_in,
    write,
)
from tests.integrations.test_engine_reference import nets

AGREED = (VLE, REGISTER, WORK, AgreedSource("LANG", MarkerFamily.MEETINGS, "diary"))
NAMES = [each.name for each in fields(Criterion)]
ATTENDED = Criterion(attended_below=0.5, expected_at_least=4)
DUE = Criterion(missed_due_from=before(42), missed_due_by=before(8), arrived_share=0.5)
QUIET = Criterion(quiet_weeks=2, quiet_below=0.5)
FIRST = Criterion(first_due_by=before(-3), unseen_since=before(11))

REACHES: dict[str, tuple[Criterion, Criterion]] = {
    # Field → a net, and the same net with another value of this field, which catches more.
    "silent_since": (Criterion(silent_since=before(41)), Criterion(silent_since=before(15))),
    "missed_due_by": (replace(DUE, missed_due_by=before(11)), DUE),
    "missed_due_from": (replace(DUE, missed_due_from=before(9)), DUE),
    "arrived_share": (replace(DUE, arrived_share=0.6), DUE),
    "attended_below": (Criterion(attended_below=0.0), Criterion(attended_below=0.5)),
    "expected_at_least": (ATTENDED, replace(ATTENDED, expected_at_least=1)),
    "quiet_weeks": (replace(QUIET, quiet_weeks=8), QUIET),
    "quiet_below": (replace(QUIET, quiet_below=0.0), QUIET),
    "absent_in_a_row": (Criterion(absent_in_a_row=5), Criterion(absent_in_a_row=3)),
    "meetings_in_a_row": (Criterion(meetings_in_a_row=4), Criterion(meetings_in_a_row=2)),
    "first_due_by": (replace(FIRST, first_due_by=before(-2)), FIRST),
    "unseen_since": (replace(FIRST, unseen_since=before(60)), FIRST),
}
MEASURE = {"arrived_share"}
"""Fields that do not widen a net: of several values, the strictest applies (see ``Criterion``)."""


def came(student: int, days: int, family: str, source: str, done: int) -> Event:
    return Event(source, before(days), student, "FRE1", family, f"S{days}", 1, done)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> School:
    """Provide a class in which student 4 becomes inactive in every way that a rule detects."""
    roster = [(s, "LANG", "FRE1", "LANG", TERM, None) for s in (1, 2, 3, 4)]
    new = (4, "LANG", "FRE2", "LANG", before(20), None)
    school = School(Lake(tmp_path_factory.mktemp("net") / "lake"), [*roster, new])
    busy = [did(s, before(day)) for s in (1, 2, 3) for day in range(1, 40)]
    tasks = [due(s, before(10)) for s in (1, 2, 3, 4)]
    # The second piece of work shows that the source has delivered recently.
    arrived = [handed_in(1, before(10)), handed_in(2, before(10)), handed_in(2, before(1), "Other")]
    sessions = [came(4, day, "attendance", "register", 0) for day in (2, 4, 7)]
    others = [came(1, day, "attendance", "register", 1) for day in (2, 4, 7, 9)]
    meetings = [came(4, day, "meetings", "diary", 0) for day in (3, 6)]
    coming = due(4, before(-3))._replace(module="FRE2")
    events = [*busy, did(4, before(40)), *tasks, *arrived, *sessions, *others, *meetings, coming]
    delivered = [(each.source, before(day)) for each in AGREED for day in range(1, 41)]
    write(school.lake, events, delivered)
    return school


@cache
def caught(school: School, criterion: Criterion) -> set[int]:
    """Return the students caught, cached for each net because many tests use the same ones."""
    return {each.student for each in school.caught({"LANG": criterion}, AGREED)}


@pytest.mark.parametrize("name", NAMES)
def test_each_field_of_a_net_decides_whom_the_engine_catches(school: School, name: str) -> None:
    narrow, wide = REACHES[name]
    assert replace(narrow, **{name: getattr(wide, name)}) == wide, "they differ in this field alone"
    assert 4 in caught(school, wide) - caught(school, narrow)


@pytest.mark.parametrize("name", NAMES)
def test_several_nets_together_catch_whomever_one_of_them_catches(
    school: School, name: str
) -> None:
    narrow, wide = REACHES[name]
    for given in ((narrow, wide), (wide, narrow), (Criterion(), narrow, wide, Criterion())):
        together = widened(given)
        assert getattr(together, name) == getattr(narrow if name in MEASURE else wide, name)
        assert name in MEASURE or caught(school, together) >= caught(school, wide)


def test_a_value_that_is_the_fields_default_widens_as_well() -> None:
    """One session is enough for one net and four for the other, so one is enough for both."""
    one, four = Criterion(attended_below=0.5), Criterion(attended_below=0.5, expected_at_least=4)
    assert widened([four, one]) == widened([one, four]) == one


def test_the_net_has_twelve_fields_and_each_is_set_by_a_rule() -> None:
    assert len(NAMES) == 12
    assert set(REACHES) == set(NAMES)
    looks = LookRules(first_work=True, late_work=True)
    cast = [rule().criterion(Calendar(), MONDAY) for rule in RULES]
    cast.append(looks.criterion(Calendar(), MONDAY))
    idle = Criterion()
    assert {n for n in NAMES if any(getattr(c, n) != getattr(idle, n) for c in cast)} == set(NAMES)


def test_the_definitions_in_plain_python_are_tried_with_every_field() -> None:
    # The nets that hypothesis builds must vary every field, or a field is not compared.
    assert set(nets.wrapped_strategy.kwargs) == set(NAMES)  # type: ignore[attr-defined]


def _is_rule(each: type) -> bool:
    return each is not Rule and all(hasattr(each, name) for name in ("NAME", "NEEDS", "criterion"))


def test_every_rule_in_the_package_is_listed_once() -> None:
    assert set(filter(_is_rule, classes_of(flags))) == set(RULES)
    assert len({rule.NAME for rule in RULES}) == len(RULES) == 7


@dataclass(frozen=True)
class _Policy:
    """A policy with the rules that a school has switched on."""

    rules: Sequence[Rule]

    def findings(self, school: School) -> dict[str, set[int]]:
        """Return the students found by each rule, through the engine, as in a screening."""
        net = widened(rule.criterion(Calendar(), MONDAY) for rule in self.rules)
        engine = ActivityEngine(school.lake)
        known = dict(engine.evidence(MONDAY, AGREED, {"LANG": net}))["LANG"]
        return {
            rule.NAME: {
                finding.student
                for evidence in known
                for finding in rule.findings(Calendar(), evidence, MONDAY)
            }
            for rule in self.rules
        }


def _set_up(kind: type[Rule]) -> Rule:
    """Return the rule as a school sets it, with absences over fewer days than usual."""
    small = {"absences": {"in_a_row": 3}, "attendance": {"expected_at_least": 1}}
    return kind(**small.get(kind.NAME, {}))


@pytest.mark.parametrize("kind", RULES, ids=[rule.NAME for rule in RULES])
def test_each_rule_fires_alone_and_beside_all_others(school: School, kind: type[Rule]) -> None:
    """A rule whose net catches no students has no effect, and no error shows it."""
    rule = _set_up(kind)
    assert _Policy([rule]).findings(school)[rule.NAME] >= {4}
    everything = [_set_up(each) for each in RULES]
    assert _Policy(everything).findings(school)[rule.NAME] >= {4}
