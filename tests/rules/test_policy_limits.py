"""Policy values that contradict each other are refused; the last allowed value passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.policies.document import parse
from store.rules.errors import InvalidInput
from store.rules.flag_rules.base import limits_of
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.policies.checks import LONGEST_CONTACT, problems_of
from store.rules.policies.clearing_checks import weak_clearing
from store.rules.policies.draft import drafted
from store.rules.policies.policy import SchoolPolicy
from tests.store.policy_example import changed, problems


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('quiet_from = "17:30"', 'quiet_from = "17:30"\n[traces]\nswipes = ["gates", "gates"]',
         'traces.swipes has the source "gates" 2 times; allowed is once'),
        ('quiet_from = "17:30"', 'quiet_from = "17:30"\n[traces]\nswipes = ["registers"]',
         'markers[2].sources has "registers", which traces.swipes names;'),
        ("last = 2025-12-12", "last = 2025-09-21",
         "calendar.terms[1].last is 2025-09-21; allowed is 2025-09-22, which is first, or later"),
        ("last = 2026-01-02", "last = 2025-12-21",
         "calendar.closures[1].last is 2025-12-21; allowed is 2025-12-22, which is first, or"),
        ("[outreach]", '[urgent]\nduty_contact = "the duty tutor"\n[outreach]',
         'urgent.duty_contact is "the duty tutor"; allowed is the address of one colleague'),
        ("[outreach]", '[urgent]\nemergency = "a friend"\n[outreach]',
         'urgent.emergency is "a friend"; allowed is a number to call, with who answers it'),
        ("[outreach]", '[urgent]\nlistening = "a friend"\n[outreach]',
         'urgent.listening is "a friend"; allowed is a number to call, with who answers it'),
        ("clear_after_days = 10", "clear_after_days = 1", "clear_after_days is 1; allowed is"),
    ],
)  # fmt: skip
def test_values_that_do_not_go_together_are_named(old: str, new: str, sentence: str) -> None:
    text = changed(old, new)
    if "[traces]" in new:
        text = changed("[outreach]", new.split("\n", 1)[1] + "\n[outreach]")
    found = problems(text)
    assert any(each.startswith(f"language.toml: {sentence}") for each in found), found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("last = 2025-12-12", "last = 2025-09-22"),
        ("[outreach]", '[urgent]\nduty_contact = "duty@example.ac.uk"\n[outreach]'),
    ],
    ids=["a term of one day", "a colleague's address"],
)
def test_what_is_right_is_taken(old: str, new: str) -> None:
    parse(changed(old, new), "language.toml")


def test_one_evening_never_clears_a_flag_by_whatever_figure(policy: SchoolPolicy) -> None:
    assert list(weak_clearing(policy)) == []
    low = replace(policy, clear_after_days=2)
    (days, *_) = weak_clearing(low)
    assert days.startswith("clear_after_days is 2; allowed is a whole number from ")
    for back, wrong in ((9, False), (10, True), (11, True)):
        rules = (Inactivity(days=10, back_on_days=back),)
        found = list(weak_clearing(replace(policy, rules=rules)))
        assert (
            found
            == [
                f"rules.inactivity.back_on_days is {back}, and the clearing period has 10 days; "
                "allowed is fewer than clear_after_days"
            ]
            * wrong
        )
    day = replace(policy, clear_after_days=1, rules=(Inactivity(days=10, back_on_days=50),))
    assert any("the clearing period has 1 day;" in each for each in weak_clearing(day))


def test_a_contact_may_be_as_long_as_is_said(policy: SchoolPolicy) -> None:
    for more, found in (("", 0), ("x", 1)):
        contact = "0800 1".ljust(LONGEST_CONTACT, "x") + more
        night = replace(policy, urgent=replace(policy.urgent, out_of_hours=contact))
        assert sum("urgent.out_of_hours" in each for each in problems_of(night)) == found


def test_a_draft_may_have_the_least_figure_and_no_less(policy: SchoolPolicy) -> None:
    least = limits_of(Inactivity)["days"][1].least_now
    assert Inactivity(days=int(least)) in drafted(policy, {"inactivity.days": str(least)}).rules
    with pytest.raises(InvalidInput, match="can be a whole number from"):
        drafted(policy, {"inactivity.days": str(least - 1)})
