"""Thresholds that differ by level or module, from the policy document to the finding."""

import datetime as dt
from dataclasses import replace

import pytest

from store.policies.document import parse
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.evidence import Evidence
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flags.flagging import criterion, findings
from store.rules.model import Level, MarkerFamily
from store.rules.policies.overrides import (
    Override,
    RuleChange,
    every_rule,
    has_rule_for,
    looking_at,
    rules_for,
)
from store.rules.policies.policy import SchoolPolicy, Scope
from tests.rules.measures import DAY, ago, attended, measure
from tests.store.policy_example import DOCUMENT, problems

OVERRIDES = """
[[overrides]]
level = "foundation"
[overrides.rules.inactivity]
days = 5

[[overrides]]
module = "FR101"
[overrides.rules.attendance]
below_share = 0.25

[[overrides]]
level = "foundation"
module = "FR101"
[overrides.rules.attendance]
expected_at_least = 2

[[overrides]]
module = "FR900"
off = ["attendance"]
"""


@pytest.fixture
def policy() -> SchoolPolicy:
    return parse(DOCUMENT + OVERRIDES, "language.toml")


def rules_found(policy: SchoolPolicy, evidence: Evidence, level: Level | None = None) -> list[str]:
    return [f"{each.rule} {each.module or ''}" for each in findings(policy, evidence, DAY, level)]


def test_only_what_is_named_is_otherwise(policy: SchoolPolicy) -> None:
    assert rules_for(policy.rules, policy.overrides) == policy.rules
    assert rules_for(policy.rules, policy.overrides, Level.FOUNDATION) == (
        Inactivity(days=5),
        Attendance(below_share=1),
    )


def test_the_more_precise_one_decides_and_keeps_what_it_does_not_name(
    policy: SchoolPolicy,
) -> None:
    assert rules_for(policy.rules, policy.overrides, Level.FOUNDATION, "FR101") == (
        Inactivity(days=5),
        Attendance(below_share=0.25, expected_at_least=2),
    )


def test_a_rule_can_be_switched_on_or_off_for_some() -> None:
    document = DOCUMENT + '[[overrides]]\nmodule = "FR101"\n[overrides.rules.absences]\n'
    policy = parse(document, "language.toml")
    names = [rule.NAME for rule in rules_for(policy.rules, policy.overrides, None, "FR101")]
    assert names == ["inactivity", "attendance", "absences"]
    assert "absences" in [rule.NAME for rule in every_rule(policy.rules, policy.overrides)]


def test_silence_follows_the_level_and_attendance_the_module(policy: SchoolPolicy) -> None:
    silent = Evidence(7, (measure(last=ago(8)),))
    assert rules_found(policy, silent, Level.FOUNDATION) == ["inactivity "]
    assert rules_found(policy, silent, Level.UNDERGRADUATE) == []

    half = replace(attended(4, 8), last_done=ago(1))
    everywhere = tuple(replace(half, module=module) for module in ("FR101", "FR102", "FR900"))
    assert rules_found(policy, Evidence(7, everywhere)) == ["attendance FR102"]


def test_a_foundation_student_on_that_module_has_both(policy: SchoolPolicy) -> None:
    few = replace(attended(0, 2), last_done=ago(1))
    assert rules_found(policy, Evidence(7, (few,)), Level.FOUNDATION) == ["attendance FR101"]
    assert rules_found(policy, Evidence(7, (few,)), Level.UNDERGRADUATE) == []


def test_the_net_is_wide_enough_for_everybody(policy: SchoolPolicy) -> None:
    net = criterion(policy, DAY)
    assert net.silent_since == ago(6), "five days of silence, for foundation students"
    assert (net.attended_below, net.expected_at_least) == (1, 2)


def test_who_is_monitored_for_a_research_degree_is_said_by_programme() -> None:
    scope = parse(DOCUMENT, "language.toml").scope
    assert scope.covers(Level.POSTGRADUATE_RESEARCH, "R900")
    assert not scope.covers(Level.POSTGRADUATE_RESEARCH, "R100")
    assert scope.covers(Level.MRES, "R100"), "this school has decided so"


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ("[[overrides]]\n[overrides.rules.inactivity]\ndays = 5\n",
         "overrides[1] covers no students; allowed is a level, a module, or both"),
        ('[[overrides]]\nmodule = "FR101"\n[overrides.rules.inactivity]\ndays = 5\n',
         "overrides[1].rules.inactivity is for a module, and the rule looks at all modules "
         "together; allowed is an override for a level"),
        ('[[overrides]]\nmodule = "FR101"\noff = ["silence"]\n',
         'overrides[1].off has "silence"; allowed is absences, attendance'),
        ('[[overrides]]\nmodule = "FR101"\n[overrides.rules.missed-submission]\n',
         "overrides[1].rules.missed-submission has no source to check: markers has none of "
         "submissions; add an agreed source, or delete this change"),
        ('[[overrides]]\nlevel = "first-year"\n', 'overrides[1].level is "first-year"; allowed is'),
        ('[[overrides]]\nlevel = "mres"\n[overrides.rules.inactivity]\ndays = 1\n',
         "overrides[1].rules.inactivity.days is 1; allowed is a whole number from 3 to 60"),
        ('[[overrides]]\nlevel = "mres"\n[overrides.rules.inactivity]\ndayss = 5\n',
         "overrides[1].rules.inactivity.dayss is not a setting; did you mean days?"),
        ('[[overrides]]\nlevel = "mres"\n[overrides.rules.quiet-weeks]\nweeks = 6\n'
         "forget_after_weeks = 6\n",
         "overrides[1].rules: forget_after_weeks is 6; allowed is more than weeks, which is 6"),
        ('[[overrides]]\nmodule = "FR101"\n[overrides.rules.missed-submission]\n'
         "grace_days = 20\nforget_after_days = 20\n",
         "overrides[1].rules: forget_after_days is 20; allowed is more than grace_days"),
        ('[[overrides]]\nlevel = "mres"\n[[overrides]]\nlevel = "mres"\n',
         'overrides has the entry for "mres" 2 times; allowed is once'),
    ],
)  # fmt: skip
def test_an_override_that_makes_no_sense_is_named(extra: str, sentence: str) -> None:
    found = problems(DOCUMENT + extra)
    assert any(each.startswith(f"language.toml: {sentence}") for each in found), found


def test_a_day_without_overrides_looks_at_everything_at_once(policy: SchoolPolicy) -> None:
    plain = replace(policy, overrides=())
    silent = Evidence(
        7, (measure(last=ago(30)), attended(0, 8)), enrolled_since=dt.date(2025, 1, 1)
    )
    assert rules_found(plain, silent) == ["inactivity ", "attendance FR101"]
    assert silent.measures[1].family is MarkerFamily.ATTENDANCE


A = MarkerFamily.ATTENDANCE
VLE = MarkerFamily.VLE


def change(**thresholds: float) -> tuple[RuleChange, ...]:
    return (RuleChange("attendance", tuple(thresholds.items())),)


LEVEL = Override(level=Level.FOUNDATION, rules=change(below_share=0.4, expected_at_least=9))
MODULE = Override(module="FR101", rules=change(below_share=0.3))
BOTH = Override(level=Level.FOUNDATION, module="FR101", rules=change(below_share=0.2))


@pytest.mark.parametrize("given", [(LEVEL, MODULE, BOTH), (BOTH, MODULE, LEVEL)])
def test_the_more_precise_override_wins_in_whatever_order(given: tuple[Override, ...]) -> None:
    usual = (Inactivity(days=10), Attendance(below_share=1, expected_at_least=4))

    def share(level: Level | None, module: str | None) -> tuple[float, float]:
        _, rule = rules_for(usual, given, level, module)
        assert isinstance(rule, Attendance)
        return rule.below_share, rule.expected_at_least

    assert share(None, None) == (1, 4)
    assert share(Level.FOUNDATION, None) == (0.4, 9)
    assert share(None, "FR101") == (0.3, 4)
    assert share(Level.FOUNDATION, "FR101") == (0.2, 9), "what it does not name stays the level's"


def test_a_student_of_a_level_is_judged_by_it_on_every_module() -> None:
    usual = (Attendance(below_share=0.1, expected_at_least=4),)
    measures = (attended(2, 10), replace(attended(2, 10), module="ES1"))
    given = list(looking_at(usual, (LEVEL, MODULE), Evidence(7, measures), Level.FOUNDATION))
    assert [
        (rule.below_share, [each.module for each in part.measures])
        for rule, part in given
        if isinstance(rule, Attendance)
    ] == [(0.4, ["ES1"]), (0.3, ["FR101"])]


@pytest.mark.parametrize(
    ("families", "level", "module", "has"),
    [
        ((A,), None, "FR101", True),
        ((VLE,), None, "FR101", False),
        ((), None, "FR101", False),
        ((A,), Level.FOUNDATION, "FR101", True),
        ((A,), None, "FR900", False),
        ((A,), Level.FOUNDATION, "ES1", False),
    ],
)
def test_a_module_is_looked_at_where_a_rule_is_on_and_fed(
    families: tuple[MarkerFamily, ...], level: Level | None, module: str, *, has: bool
) -> None:
    overrides = (
        Override(module="FR900", off=("attendance",)),
        Override(level=Level.FOUNDATION, off=("attendance",)),
        Override(level=Level.FOUNDATION, module="FR101", rules=change(below_share=0.5)),
    )
    assert has_rule_for((Attendance(),), overrides, families, level, module) is has


def test_inactivity_looks_at_any_family_over_all_modules() -> None:
    off = (Override(level=Level.FOUNDATION, off=("inactivity",)),)
    assert has_rule_for((Inactivity(),), off, (VLE,), None, "FR101")
    assert not has_rule_for((Inactivity(),), off, (), None, "FR101")
    assert not has_rule_for((Inactivity(),), off, (VLE,), Level.FOUNDATION, "FR101")


def test_a_scope_covers_levels_and_programmes_and_no_one_else() -> None:
    scope = Scope(
        levels=frozenset({Level.UNDERGRADUATE}),
        programmes_in=frozenset({"R900"}),
        programmes_out=frozenset({"X1"}),
    )
    assert scope.covers(Level.UNDERGRADUATE, "R100")
    assert scope.covers(Level.MRES, "R900")
    assert not scope.covers(Level.MRES, "R100")
    assert not scope.covers(Level.UNDERGRADUATE, "X1")
