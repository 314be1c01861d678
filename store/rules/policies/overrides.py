"""Thresholds that differ for a level or a module, and the evidence that each rule sees.

A school states its rules once; an override names only what differs. The more precise one wins: a
module's over a level's, and one that names both over either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.evidence import Evidence, Measure
from store.rules.model import Level, MarkerFamily


@dataclass(frozen=True, slots=True)
class RuleChange:
    """Changed thresholds of a rule. The rule is switched on if it was off."""

    rule: str
    thresholds: tuple[tuple[str, float], ...] = ()

    def applied_to(self, rule: Rule | None) -> Rule:
        """Return the rule with these thresholds. Raises ``ValueError`` if they conflict."""
        kind: Any = next(each for each in RULES if self.rule == each.NAME)
        base: Any = rule or kind()
        made: Rule = replace(base, **dict(self.thresholds))
        return made


@dataclass(frozen=True, slots=True)
class Override:
    """The changes for the students of a level, on a module, or both."""

    level: Level | None = None
    module: str | None = None
    rules: tuple[RuleChange, ...] = ()
    off: tuple[str, ...] = ()
    """Rules that are switched off there."""

    def covers(self, level: Level | None, module: str | None) -> bool:
        """Return whether the override applies to a student of this level on this module."""
        return self.level in (None, level) and self.module in (None, module)

    @property
    def precision(self) -> tuple[bool, bool]:
        """Rank the override: one for a module is more precise than one for a level."""
        return self.module is not None, self.level is not None


@lru_cache(maxsize=1024)
def rules_for(
    rules: tuple[Rule, ...],
    overrides: tuple[Override, ...],
    level: Level | None = None,
    module: str | None = None,
) -> tuple[Rule, ...]:
    """Return the rules for a level and a module; without a module, for the level alone."""
    found = {rule.NAME: rule for rule in rules}
    for override in sorted(overrides, key=lambda each: each.precision):
        if override.covers(level, module):
            for change in override.rules:
                found[change.rule] = change.applied_to(found.get(change.rule))
            for name in override.off:
                found.pop(name, None)
    return tuple(found.values())


def every_rule(rules: tuple[Rule, ...], overrides: tuple[Override, ...]) -> tuple[Rule, ...]:
    """Return each rule in every variant, so that the engine's filter is wide enough for all."""
    levels = {None, *(each.level for each in overrides)}
    modules = {None, *(each.module for each in overrides)}
    kinds = [rules_for(rules, overrides, level, module) for level in levels for module in modules]
    return tuple(dict.fromkeys(rule for kind in kinds for rule in kind))


def has_rule_for(
    rules: tuple[Rule, ...],
    overrides: tuple[Override, ...],
    families: Collection[MarkerFamily],
    level: Level | None,
    module: str,
) -> bool:
    """Return whether any rule can find something on this module. ``families`` are those agreed."""
    over_all = [rule for rule in rules_for(rules, overrides, level) if not rule.SAYS]
    of_module = [rule for rule in rules_for(rules, overrides, level, module) if rule.SAYS]
    return bool(families) and any(
        set(rule.NEEDS) <= set(families) for rule in (*over_all, *of_module)
    )


def looking_at(
    rules: tuple[Rule, ...],
    overrides: tuple[Override, ...],
    evidence: Evidence,
    level: Level | None,
) -> Iterator[tuple[Rule, Evidence]]:
    """Yield each rule for this student, with the evidence that it is given.

    A rule over all modules together depends on the level only and gets all evidence. Another rule
    gets the modules for which it has the same thresholds.
    """
    if not overrides:
        yield from ((rule, evidence) for rule in rules)
        return
    for rule in rules_for(rules, overrides, level):
        if not rule.SAYS:
            yield rule, evidence
    set_apart = {each.module for each in overrides if each.module}
    rest = [each for each in evidence.measures if each.module not in set_apart]
    yield from _by_module(rules_for(rules, overrides, level), evidence, rest)
    for module in sorted(set_apart):
        own = [each for each in evidence.measures if each.module == module]
        yield from _by_module(rules_for(rules, overrides, level, module), evidence, own)


def _by_module(
    rules: Sequence[Rule], evidence: Evidence, measures: Sequence[Measure]
) -> Iterator[tuple[Rule, Evidence]]:
    if measures:
        part = replace(evidence, measures=tuple(measures))
        yield from ((rule, part) for rule in rules if rule.SAYS)
