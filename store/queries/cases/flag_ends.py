"""Explain why a flag ended: a rule may be off for only one module or one level (§9)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from store.policies.versions import policy_in_force
from store.rules.model import FlagEnd, FlagState
from store.rules.policies.overrides import every_rule, rules_for


def flag_end(ended: str | None, state: FlagState) -> FlagEnd | None:
    """Return why a flag ended; for flags of earlier versions only a correction is known."""
    if ended:
        return FlagEnd(ended)
    return FlagEnd.CORRECTED if state is FlagState.WITHDRAWN else None


def end_words(connection: sa.Connection, flag: Any) -> str:
    """Return in words why this row of ``flags`` ended; '' where that was not recorded."""
    end = flag_end(flag.ended, FlagState(flag.state))
    if end is None:
        return ""
    return f"{end.label}{_where(connection, flag) if end is FlagEnd.RULE_OFF else ''}"


def over_on(flag: Any) -> dt.date | None:
    """Return the day on which this row of ``flags`` ended, or None where that is not known."""
    day: dt.date | None = flag.ended_on or flag.cleared_on
    return day


def _where(connection: sa.Connection, flag: Any) -> str:
    """Return where the rule is off; '' where that day's policy does not use the rule at all."""
    day = over_on(flag)
    published = policy_in_force(connection, flag.school_id, day) if day else None
    if published is None:
        return ""
    rules, overrides = published.policy.rules, published.policy.overrides
    if all(flag.rule != rule.NAME for rule in every_rule(rules, overrides)):
        return ""
    on_module = rules_for(rules, overrides, None, flag.module)
    if flag.module and all(flag.rule != rule.NAME for rule in on_module):
        return f" in {flag.module}"
    return " for this student's level"
