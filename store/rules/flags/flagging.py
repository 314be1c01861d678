"""Run a school's rules on evidence, and judge the flags that were not found again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from store.rules.flag_rules.base import Clearing, Criterion, Standing, widened
from store.rules.flag_rules.day_bits import counting_days
from store.rules.flag_rules.evidence import Evidence, Finding
from store.rules.flag_rules.measured_days import qualified, with_last_seen
from store.rules.flags.reconcile import FlagRun, Judge
from store.rules.model import FlagEnd, Level
from store.rules.policies.custom_reasons import in_own_words
from store.rules.policies.overrides import every_rule, looking_at, rules_for
from store.rules.policies.policy import SchoolPolicy


def criterion(policy: SchoolPolicy, day: dt.date) -> Criterion:
    """Combine the filters of the school's rules and looks into one, for the engine."""
    rules = every_rule(policy.rules, policy.overrides)
    of_rules = widened(rule.criterion(policy.calendar, day) for rule in rules)
    return widened([of_rules, policy.looks.criterion(policy.calendar, day, of_rules)])


def findings(
    policy: SchoolPolicy, evidence: Evidence, day: dt.date, level: Level | None = None
) -> list[Finding]:
    """Run the school's rules on the evidence of one student of this level.

    The reasons use the school's own words, where it has some, and name the days that were not
    measured.
    """
    words = {each.rule: each for each in policy.words}
    return [
        with_last_seen(
            qualified(
                in_own_words(words[rule.NAME], rule, finding) if rule.NAME in words else finding,
                evidence,
                policy.calendar,
            ),
            evidence,
        )
        for rule, part in looking_at(policy.rules, policy.overrides, evidence, level)
        for finding in rule.findings(policy.calendar, part, day)
    ]


def looks(policy: SchoolPolicy, evidence: Evidence, day: dt.date) -> list[Finding]:
    """Return what makes a student worth a look, beside any flag: see ``LookRules``."""
    return policy.looks.findings(policy.calendar, evidence, day) if policy.looks.is_on else []


def clearing(policy: SchoolPolicy, day: dt.date) -> Clearing:
    """Return the clearing period, in which a return must be seen, for the engine."""
    return Clearing(policy.clear_after_days, counting_days(policy.calendar, day))


def judging(
    policy: SchoolPolicy,
    evidence: Iterable[Evidence],
    day: dt.date,
    levels: Mapping[int, Level],
    left_out: Mapping[int, FlagEnd | None],
) -> Judge:
    """Build the judge of active flags that were not found today, by their current rules.

    Flags of students in ``left_out`` end for the reason given there, or stay as they are for None.
    If nothing is known about a student, their flags stay as they are too.
    """
    known = {each.student: each for each in evidence}

    def judge(run: FlagRun) -> Standing:
        if run.student in left_out:
            return left_out[run.student]
        flag = run.raised
        rules = rules_for(policy.rules, policy.overrides, levels.get(run.student), flag.module)
        rule = next((each for each in rules if flag.rule == each.NAME), None)
        if rule is None:
            return FlagEnd.RULE_OFF
        of_student = known.get(run.student)
        if of_student is None:
            return None
        standing = rule.standing(policy.calendar, of_student, flag, day)
        if isinstance(standing, Finding):
            return with_last_seen(qualified(standing, of_student, policy.calendar), of_student)
        return standing

    return judge


_WHATEVER_THE_DATA_SAY = (
    FlagEnd.EXCUSED,
    FlagEnd.EXEMPT,
    FlagEnd.ENROLMENT_ENDED,
    FlagEnd.OUT_OF_SCOPE,
    FlagEnd.RULE_OFF,
)


def correcting(judge: Judge, again: Mapping[int, Finding | None]) -> Judge:
    """Build a judge like ``judging`` that uses later data for flags whose days were rebuilt.

    ``again`` maps such flags, by id, to what they say with the data known now; None: they were
    never true, and end as corrected. An end for another reason than the data keeps its own name.
    """

    def judged(run: FlagRun) -> Standing:
        standing = judge(run)
        if run.id not in again or standing in _WHATEVER_THE_DATA_SAY:
            return standing
        said = again[run.id]
        return FlagEnd.CORRECTED if said is None else standing or said

    return judged


UNKNOWN_AFTER = dt.timedelta(days=3)
"""As long as a weekend. A source without data for longer cannot end its flags."""


def unknown_sources(fresh: Mapping[str, dt.date], day: dt.date) -> frozenset[str]:
    """List the sources that have stopped delivering.

    Missing is not zero: their flags are neither confirmed nor ended.
    """
    return frozenset(source for source, newest in fresh.items() if newest < day - UNKNOWN_AFTER)


def by_student(found: Iterable[Finding]) -> Mapping[int, tuple[Finding, ...]]:
    """Group findings by student, since each student gets one case."""
    grouped: dict[int, list[Finding]] = {}
    for finding in found:
        grouped.setdefault(finding.student, []).append(finding)
    return {student: tuple(each) for student, each in grouped.items()}
