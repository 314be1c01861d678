"""Check that a policy is consistent as a whole, once each of its values is valid by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo

from store.rules.flag_rules import RULES, rules_to_begin_with
from store.rules.flag_rules.base import Rule
from store.rules.model import Level, Rung
from store.rules.policies.custom_reasons import problems_with
from store.rules.policies.overrides import rules_for
from store.rules.policies.policy import SchoolPolicy
from store.rules.text.email_addresses import is_mail_address, is_no_reply_address
from store.rules.text.formatting import counted, listed

LONGEST_CONTACT = 200
"""Characters of a contact: who can be reached, and how."""

ROUTES_NEEDED = 2
"""The number of ways by which students are told before a policy is in force (§22)."""


def problems_of(policy: SchoolPolicy) -> Iterator[str]:
    """Yield one sentence for each contradiction: the key, what is wrong and what is allowed."""
    for check in _CHECKS:
        yield from check(policy)


def _approval(policy: SchoolPolicy) -> Iterator[str]:
    routes = {route.casefold() for route in policy.approval.published}
    if len(routes) < ROUTES_NEEDED:
        yield (
            f"approval.published names {counted(len(routes), 'route')}; allowed is at least "
            f'{ROUTES_NEEDED} by which students were told, as in ["student handbook", "email"]'
        )


def _markers(policy: SchoolPolicy) -> Iterator[str]:
    if not policy.markers:
        yield "markers is empty; allowed is at least one family with its agreed sources"
    yield from _twice("markers", "family", (marker.family for marker in policy.markers))
    for number, marker in enumerate(policy.markers, 1):
        if not marker.sources:
            yield f"markers[{number}].sources is empty; allowed is at least one agreed source"
        yield from _twice(f"markers[{number}].sources", "source", marker.sources)


def _traces(policy: SchoolPolicy) -> Iterator[str]:
    yield from _twice("traces.swipes", "source", policy.traces.swipes)
    swipes = set(policy.traces.swipes)
    for number, marker in enumerate(policy.markers, 1):
        for source in sorted(swipes.intersection(marker.sources)):
            yield (
                f'markers[{number}].sources has "{source}", which traces.swipes names; card swipes '
                "are the last resort and never evidence for a flag, so it is allowed in one of them"
            )


def _rules(policy: SchoolPolicy) -> Iterator[str]:
    if not policy.rules:
        yield f"rules is empty; allowed is at least one of {listed([rule.NAME for rule in RULES])}"
    agreed = {family for family, _ in policy.agreed_sources}
    is_left = any(agreed.issuperset(rule.NEEDS) for rule in policy.rules)
    others = () if is_left else rules_to_begin_with(agreed)
    on = f", and rules.{others[0].NAME} on" if others else ""
    for rule in policy.rules:
        instead = f'switch the rule off ("#" before each of its lines){on}'
        yield from _fed(policy, type(rule), f"rules.{rule.NAME}", instead)


def _fed(policy: SchoolPolicy, rule: type[Rule], path: str, instead: str) -> Iterator[str]:
    agreed = {family for family, _ in policy.agreed_sources}
    if missing := [family.value for family in rule.NEEDS if family not in agreed]:
        yield (
            f"{path} has no source to check: markers has none of {listed(missing)}; add an agreed "
            f"source, or {instead}"
        )


def _scope(policy: SchoolPolicy) -> Iterator[str]:
    scope = policy.scope
    if not scope.levels and not scope.programmes_in:
        yield "scope is empty; allowed is at least one level or programme"
    if Level.POSTGRADUATE_RESEARCH in scope.levels:
        yield (
            f'scope.levels has "{Level.POSTGRADUATE_RESEARCH}"; allowed is every other level, and '
            "programmes_in for a research programme whose own regulations say so"
        )
    if both := scope.programmes_in & scope.programmes_out:
        yield (
            f"scope has {listed(sorted(both))} both in programmes_in and in programmes_out; "
            "allowed is one of them"
        )


def _calendar(policy: SchoolPolicy) -> Iterator[str]:
    calendar = policy.calendar
    try:
        ZoneInfo(calendar.timezone)
    except (KeyError, ValueError, OSError):
        yield (
            f'calendar.timezone is "{calendar.timezone}"; '
            "allowed is the name of a time zone, as in Europe/London"
        )
    for key, periods in (("terms", calendar.terms), ("closures", calendar.closures)):
        for number, period in enumerate(periods, 1):
            if period.last < period.first:
                yield (
                    f"calendar.{key}[{number}].last is {period.last}; allowed is {period.first}, "
                    "which is first, or later"
                )
    for term, following in pairwise(sorted(calendar.terms, key=lambda term: term.first)):
        if following.first <= term.last:
            yield (
                f'calendar.terms overlap: "{following.name}" begins on {following.first}; '
                f'allowed is after {term.last}, when "{term.name}" ends'
            )
    if calendar.quiet_from == calendar.quiet_until:
        yield (
            f"calendar.quiet_from and quiet_until are both {calendar.quiet_from:%H:%M}; allowed "
            "is two different times, or outreach.quiet_hours = false for none"
        )


def _ladder(policy: SchoolPolicy) -> Iterator[str]:
    rungs = [step.rung for step in policy.ladder]
    if not rungs:
        yield "ladder is empty; allowed is at least one step of contact"
    yield from _twice("ladder", "rung", rungs)
    mailbox = policy.outreach.mailbox
    if not mailbox and {Rung.UNIVERSITY_EMAIL, Rung.PERSONAL_EMAIL} & set(rungs):
        yield "outreach.mailbox is missing; it has to be given, since the ladder has an email step"
    if mailbox and not is_mail_address(mailbox):
        yield f'outreach.mailbox is "{mailbox}"; allowed is one plain email address'
    if is_no_reply_address(mailbox):
        yield (
            f'outreach.mailbox is "{mailbox}"; allowed is a mailbox that people read, since '
            "students answer to it"
        )


def _urgent(policy: SchoolPolicy) -> Iterator[str]:
    urgent = policy.urgent
    if urgent.duty_contact and not is_mail_address(urgent.duty_contact):
        yield (
            f'urgent.duty_contact is "{urgent.duty_contact}"; allowed is the address of one '
            "colleague of the school"
        )
    for key, value in (("emergency", urgent.emergency), ("listening", urgent.listening)):
        if not any(sign.isdigit() for sign in value):
            yield f'urgent.{key} is "{value}"; allowed is a number to call, with who answers it'
    for key in ("out_of_hours", "emergency", "listening"):
        if len(getattr(urgent, key)) > LONGEST_CONTACT:
            yield f"urgent.{key} is too long; allowed are {LONGEST_CONTACT} characters"


def _overrides(policy: SchoolPolicy) -> Iterator[str]:
    kinds = [" and ".join(filter(None, (each.level, each.module))) for each in policy.overrides]
    yield from _twice("overrides", "entry for", filter(None, kinds))
    for number, override in enumerate(policy.overrides, 1):
        path = f"overrides[{number}]"
        if override.level is None and override.module is None:
            yield f"{path} covers no students; allowed is a level, a module, or both"
        for name in override.off:
            if name not in _BY_NAME:
                yield f'{path}.off has "{name}"; allowed is {listed(sorted(_BY_NAME))}'
        for change in override.rules:
            rule, where = _BY_NAME[change.rule], f"{path}.rules.{change.rule}"
            if override.module is not None and not rule.SAYS:
                yield (
                    f"{where} is for a module, and the rule looks at all modules together; "
                    "allowed is an override for a level"
                )
            yield from _fed(policy, rule, where, "delete this change")
        try:
            rules_for(policy.rules, policy.overrides, override.level, override.module)
        except ValueError as error:
            yield f"{path}.rules: {error}"


def _words(policy: SchoolPolicy) -> Iterator[str]:
    yield from _twice("words", "rule", (each.rule for each in policy.words))
    for number, words in enumerate(policy.words, 1):
        path = f"words[{number}]"
        kind = _BY_NAME.get(words.rule)
        if kind is None:
            yield f'{path}.rule is "{words.rule}"; allowed is one of {listed(sorted(_BY_NAME))}'
        else:
            yield from problems_with(words, kind(), path)


_BY_NAME = {rule.NAME: rule for rule in RULES}

_CHECKS: tuple[Callable[[SchoolPolicy], Iterator[str]], ...] = (
    _approval,
    _markers,
    _traces,
    _rules,
    _overrides,
    _words,
    _scope,
    _calendar,
    _ladder,
    _urgent,
)


def _twice(path: str, what: str, values: Iterable[str]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield f'{path} has the {what} "{value}" {counted(times, "time")}; allowed is once'
