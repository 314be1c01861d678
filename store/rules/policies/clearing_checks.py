"""Check that no single event can clear a flag under a policy (paragraph 18)."""

from __future__ import annotations

from collections.abc import Iterator

from store.rules.flag_rules.base import limits_of
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.policies.overrides import every_rule
from store.rules.policies.policy import SchoolPolicy
from store.rules.text.formatting import counted

_LIMITS = limits_of(SchoolPolicy)["clear_after_days"][1]


def weak_clearing(policy: SchoolPolicy) -> Iterator[str]:
    """Yield one sentence for each figure that is too low: the key, the fault, what is allowed."""
    days = policy.clear_after_days
    if days < _LIMITS.least_now:
        yield (
            f"clear_after_days is {days}; allowed is {_LIMITS.named(int)}, since one evening that "
            "goes past midnight would clear a flag in less"
        )
    needed = {
        rule.back_on_days
        for rule in every_rule(policy.rules, policy.overrides)
        if isinstance(rule, Inactivity)
    }
    for number in sorted(each for each in needed if each >= max(days, _LIMITS.least_now)):
        yield (
            f"rules.inactivity.back_on_days is {number}, and the clearing period has "
            f"{counted(days, 'day')}; allowed is fewer than clear_after_days"
        )
