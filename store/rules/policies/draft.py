"""Change some figures of a policy for a simulation, within the limits of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from store.rules.errors import InvalidInput
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Limits, Rule, limits_of
from store.rules.policies.checks import problems_of
from store.rules.policies.overrides import RuleChange
from store.rules.policies.policy import SchoolPolicy

_OF_THE_SCHOOL = ("capacity", "clear_after_days")
_SWITCHES = ("on", "off")


@dataclass(frozen=True, slots=True)
class DraftFigure:
    """One figure of a policy: its key, as in ``inactivity.days``, and its current value."""

    key: str
    value: float

    @property
    def label(self) -> str:
        """Return the text for a choice in a form."""
        return f"{self.key} (now {self.value:g})"


def figures_of(policy: SchoolPolicy) -> list[DraftFigure]:
    """List every figure that can be tested: of the rules switched on, then of the school."""
    return [
        *(
            DraftFigure(f"{rule.NAME}.{name}", getattr(rule, name))
            for rule in policy.rules
            for name in limits_of(type(rule))
        ),
        *(DraftFigure(name, getattr(policy, name)) for name in _OF_THE_SCHOOL),
    ]


def drafted(policy: SchoolPolicy, changes: Mapping[str, str]) -> SchoolPolicy:
    """Draft the policy with these figures: ``{"inactivity.days": "10", "attendance": "off"}``.

    A rule that is switched off is switched on when one of its figures is given.

    Raises:
        InvalidInput: an unknown key, or a value that a document could not have either.
    """
    made = policy
    for key, value in changes.items():
        rule, _, threshold = key.partition(".")
        if key in _OF_THE_SCHOOL:
            number = _number(key, value, limits_of(SchoolPolicy)[key])
            changed: Mapping[str, Any] = {key: number}
            made = replace(made, **changed)
        elif threshold or value in _SWITCHES:
            made = replace(made, rules=tuple(_changed(made.rules, rule, threshold, value)))
        else:
            raise InvalidInput(_unknown(key), field="figure")
    if problems := list(problems_of(made)):
        raise InvalidInput(" ".join(problems), field="value")
    return made


def _changed(rules: tuple[Rule, ...], name: str, threshold: str, value: str) -> Iterator[Rule]:
    kind = next((each for each in RULES if name == each.NAME), None)
    if kind is None or (threshold and threshold not in limits_of(kind)):
        raise InvalidInput(_unknown(f"{name}.{threshold}".rstrip(".")), field="figure")
    yield from (rule for rule in rules if name != rule.NAME)
    old = next((rule for rule in rules if name == rule.NAME), None)
    if not threshold and value == "off":
        return
    found = _number(f"{name}.{threshold}", value, limits_of(kind)[threshold]) if threshold else None
    change = RuleChange(name, ((threshold, found),) if found is not None else ())
    try:
        yield change.applied_to(old)
    except ValueError as error:
        raise InvalidInput(f"{name}.{error}.", field="value") from None


def _number(key: str, text: str, kept: tuple[type[int | float], Limits]) -> int | float:
    kind, limits = kept
    said = text.strip().replace(" ", "")
    try:
        # A share is decided in per cent as often as in parts of one.
        number = kind(said) if not said.endswith("%") else kind(float(said[:-1]) / 100)
    except ValueError:
        number = None
    if number is None or not limits.least_now <= number <= limits.most:
        raise InvalidInput(f"{key} can be {limits.named(kind)}.", field="value")
    return number


def _unknown(key: str) -> str:
    keys = [f"{rule.NAME}.{name}" for rule in RULES for name in limits_of(rule)]
    return (
        f"There is no figure {key[:60]}. Try one of these: {', '.join([*keys, *_OF_THE_SCHOOL])}."
    )
