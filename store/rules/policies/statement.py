"""The statement for students: the school's minimum expected levels of engagement (§22).

It is generated from the policy, so that it describes what really happens. Every sentence has to be
as easy to read as a flag's reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from store.rules.calendar import Period
from store.rules.model import Rung
from store.rules.policies.overrides import rules_for
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.publication import Told
from store.rules.policies.statement_rights import (
    complaints_section,
    help_section,
    version_section,
    your_data_section,
)
from store.rules.policies.statement_sections import Section, Statement, Ways, capital
from store.rules.text.formatting import counted, listed

_RUNGS = {
    Rung.UNIVERSITY_EMAIL: "an email to your university address",
    Rung.PERSONAL_EMAIL: "a short note to your own email address, which does not say why",
    Rung.PHONE: "a phone call",
    Rung.DIGITAL_TRACES: "a check for any sign of you, such as a log-in",
}


def statement(
    policy: SchoolPolicy,
    school_name: str,
    version: int | None,
    ways: Ways,
    told: Sequence[Told] = (),
) -> Statement:
    """Write the statement of a policy; ``version`` is None for a draft.

    It names only the ``ways`` that exist. ``told`` is where and when students were told.
    """
    return Statement(
        f"Taking part in your studies: {school_name}",
        tuple(
            section
            for section in (
                _why(),
                _looked_at(policy),
                _expected(policy),
                *_others(policy),
                _looks(policy),
                _what_happens(policy),
                _contact(policy),
                _not_counted(policy, ways),
                your_data_section(policy, ways),
                complaints_section(policy),
                help_section(policy),
                version_section(policy, version, told),
            )
            if section.paragraphs or section.points
        ),
    )


def _why() -> Section:
    return Section(
        "Why we do this",
        (
            "We want you to do well. If we have not seen you for a while, we ask how you are. "
            "This is to help you. It is not a mark and we do not give you a score.",
        ),
    )


def _looked_at(policy: SchoolPolicy) -> Section:
    return Section(
        "What we look at",
        (
            "We look only at the records in this list, and at each one by itself. If a record is "
            "missing, we treat it as unknown. It does not count against you.",
            "On some days they may not reach us. We leave those days out, and we tell you "
            "which they were.",
        ),
        tuple(
            f"{capital(marker.family.label)}, from {listed(marker.sources)}"
            for marker in policy.markers
        ),
    )


def _expected(policy: SchoolPolicy) -> Section:
    return Section(
        "What we hope to see",
        points=tuple(rule.expectation() for rule in policy.rules),
    )


def _looks(policy: SchoolPolicy) -> Section:
    said = policy.looks.expectations()
    about = (
        "Some of our staff then see your name in a short list for that day. It is not a mark. "
        "It opens no case. If one of us would like to write to you, another person has a say "
        "first, as always."
    )
    return Section("When we look a little sooner", (about,) if said else (), said)


CHECKED: Mapping[str, str] = {
    "attendance": "attendance over several weeks",
    "absences": "absences one after the other",
    "missed-submission": "whether work was submitted",
    "missed-meetings": "meetings that were missed one after the other",
    "quiet-weeks": "weeks with little activity online",
    "fading-out": "several signs of less activity together",
    "inactivity": "how long there was no activity",
}
"""What each rule checks, as students read it where the school has switched the rule off."""


def _others(policy: SchoolPolicy) -> Iterator[Section]:
    """Yield the sections on what differs for a level or a module."""
    for override in policy.overrides:
        usual = {rule.NAME: rule for rule in policy.rules}
        here = rules_for(policy.rules, policy.overrides, override.level, override.module)
        changed = [rule.expectation() for rule in here if usual.get(rule.NAME) != rule]
        gone = [name for name in usual if name not in {rule.NAME for rule in here}]
        group = [
            *([f"if you study at {override.level.label} level"] if override.level else []),
            *([f"on {override.module}"] if override.module else []),
        ]
        left_out = (
            (f"Here we do not check {listed([CHECKED[each] for each in gone])}.",) if gone else ()
        )
        yield Section(capital(", ".join(group)), left_out, tuple(changed))


def _what_happens(policy: SchoolPolicy) -> Section:
    needed = policy.views_needed
    others = (
        "Another person says"
        if needed == 1
        else f"At least {counted(needed, 'other person says', 'other people say')}"
    )
    return Section(
        "What happens when we do not see it",
        (
            "First, one of us looks at what was seen and what was not. "
            f"{others} whether we should get in touch, and how. Then a person writes to you. "
            "A person reads each email about this before it is sent.",
            "We will ask how you are, and what would help. We can meet you, find you support, or "
            "agree on more time. Tell us if what we saw is wrong.",
            "Once things have been back on track for "
            f"{counted(policy.clear_after_days, 'day')}, we stop.",
            "If we stop for another reason and nothing has changed "
            f"{counted(policy.grace_after_closing, 'working day')} later, a person looks again.",
        ),
    )


def _contact(policy: SchoolPolicy) -> Section:
    steps = tuple(
        f"{capital(_RUNGS[step.rung])}. Then we wait {counted(step.wait_days, 'working day')}."
        for step in policy.ladder
    )
    role = policy.duty.cases_go_to.label
    quiet = (
        (
            f"We do not write between {policy.calendar.quiet_from:%H:%M} and "
            f"{policy.calendar.quiet_until:%H:%M}, at the weekend, or when we are closed.",
        )
        if policy.outreach.quiet_hours
        else ()
    )
    return Section(
        "Who gets in touch, and how",
        (f"It is the {role} of your own school. We try these in turn:",),
        (*steps, *_swipes(policy), *quiet),
    )


def _swipes(policy: SchoolPolicy) -> Iterator[str]:
    """Yield how card swipes are used, if the ladder has traces and a source is agreed."""
    if policy.traces.swipes and Rung.DIGITAL_TRACES in {step.rung for step in policy.ladder}:
        yield (
            "If log-ins show no sign of you either, one of us may check whether your card was "
            f"used ({listed(policy.traces.swipes)}). They must first write down why. It is the "
            "last step we try. It shows the days on which you were here, but not where. We keep "
            f"it for {counted(policy.traces.keep_days, 'day')}, and it never raises a flag."
        )


def _not_counted(policy: SchoolPolicy, ways: Ways) -> Section:
    begins = policy.approval.effective
    coming = [each for each in policy.calendar.closures if each.last >= begins]
    closed = [f"{each.name} ({_days(each)})" for each in coming]
    page = ("If you do not look at your own page, that never counts against you.",)
    return Section(
        "Days that do not count",
        (
            "Days on which you have leave, a placement or a break agreed do not count. Nor do "
            "days out of term. Please tell us early, so that we know."
            + (f" We are closed for: {listed(closed)}." if closed else ""),
            *(page if ways.own_page else ()),
        ),
    )


def _days(period: Period) -> str:
    first, last = (f"{day.day} {day:%B}" for day in (period.first, period.last))
    return first if first == last else f"{first} to {last}"
