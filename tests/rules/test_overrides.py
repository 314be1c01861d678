"""Thresholds that differ for a level or a module, from the document to the finding."""

import datetime as dt
from dataclasses import replace

import pytest

from store.policies.document import parse
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.evidence import Evidence
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flags.flagging import criterion, findings
from store.rules.model import Level, MarkerFamily
from store.rules.policies.overrides import every_rule, rules_for
from store.rules.policies.policy import SchoolPolicy
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
         "overrides[1].rules.missed-submission has no source to check; it is allowed where "
         "markers has submissions with an agreed source"),
        ('[[overrides]]\nlevel = "first-year"\n', 'overrides[1].level is "first-year"; allowed is'),
        ('[[overrides]]\nlevel = "mres"\n[overrides.rules.inactivity]\ndays = 1\n',
         "overrides[1].rules.inactivity.days is 1; allowed is a whole number from 3 to 60"),
        ('[[overrides]]\nlevel = "mres"\n[overrides.rules.inactivity]\ndayss = 5\n',
         "overrides[1].rules.inactivity.dayss is not a setting; did you mean days?"),
        ('[[overrides]]\nlevel = "mres"\n[overrides.rules.quiet-weeks]\nweeks = 6\n'
         "forget_after_weeks = 6\n",
         "overrides[1].rules: forget_after_weeks is 6; allowed is more than weeks, which is 6"),
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
