"""The statement of a policy to students: each sentence, and the students it covers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from store.rules.calendar import Period
from store.rules.policies.overrides import Override, RuleChange
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.publication import Route, Told
from store.rules.policies.retention import Retention
from store.rules.policies.statement import statement
from store.rules.policies.statement_formats import markdown
from store.rules.policies.statement_sections import Ways

NO_WAYS = Ways(own_page=False, teams=False)


def told(policy: SchoolPolicy, ways: Ways = NO_WAYS, evidence: tuple[Told, ...] = ()) -> list[str]:
    return markdown(statement(policy, "School", 3, ways, evidence)).split("\n")


def test_it_says_why_and_for_how_long(policy: SchoolPolicy) -> None:
    kept = replace(policy, retention=Retention(activity_months=18, case_years=2, student_years=1))
    lines = told(kept, Ways(own_page=True, teams=False, deletes=True, activity_months=18))
    why = lines.index("## Why we do this")
    assert lines[why - 1] == lines[why + 1] == ""
    assert lines[why + 2].startswith("We want you to do well.")
    assert "We keep the records that we look at for 18 months." in lines
    (periods,) = (each for each in lines if each.startswith("We keep what we wrote and did"))
    assert "for 2 years after we close it. We delete all of it 1 year after you leave." in periods
    assert "If you do not look at your own page, that never counts against you." in lines

    for_ever = told(kept, Ways(own_page=False, teams=False, deletes=True))
    assert not any("records that we look at for" in each for each in for_ever)
    assert periods in for_ever
    assert not any("after you leave" in each or "own page" in each for each in told(kept))


def test_it_says_where_to_write_and_only_what_there_is(policy: SchoolPolicy) -> None:
    said = " ".join(told(policy))
    assert "tell us. Write to languages@example.ac.uk. A person you did not complain" in said
    assert "You can write to languages@example.ac.uk." in said
    nowhere = replace(policy, outreach=replace(policy.outreach, mailbox="", quiet_hours=False))
    said = " ".join(told(nowhere))
    assert "tell us. A person you did not complain" in said
    assert "You can ask at your school office." in said
    assert "We do not write between" not in said


def test_help_in_danger_is_always_named(policy: SchoolPolicy) -> None:
    lines = told(policy)
    (danger,) = (each for each in lines if each.startswith("If you or a person near you may be in"))
    assert policy.urgent.emergency in danger
    assert policy.urgent.listening in danger
    assert (
        "If a message from you sounds urgent, we pass it on to a person at once, at any hour."
        in (lines)
    )
    assert not any("When our offices are closed" in each for each in lines)
    assert not any("an automatic reply comes" in each for each in lines)
    night = replace(policy, urgent=replace(policy.urgent, out_of_hours="the night line on 0100"))
    lines = told(night)
    assert "When our offices are closed, you can reach the night line on 0100." in lines
    assert any("an automatic reply comes" in each for each in lines)


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        (1, "Another person says whether"),
        (2, "At least 2 other people say whether"),
    ],
)
def test_it_says_how_many_people_are_asked(policy: SchoolPolicy, needed: int, said: str) -> None:
    assert said in " ".join(told(replace(policy, views_needed=needed)))


def test_only_closures_that_are_still_to_come_are_named(policy: SchoolPolicy) -> None:
    begins = policy.approval.effective
    over = Period("Over", begins - dt.timedelta(days=9), begins - dt.timedelta(days=1))
    last = Period("Last", begins - dt.timedelta(days=9), begins)
    one = Period("Flood", begins + dt.timedelta(days=8), begins + dt.timedelta(days=8))
    calendar = replace(policy.calendar, closures=(over, last, one))
    said = " ".join(told(replace(policy, calendar=calendar)))
    assert "Over" not in said
    assert "We are closed for: Last (23 August to 1 September) and Flood (9 September)." in said
    none = " ".join(told(replace(policy, calendar=replace(policy.calendar, closures=()))))
    assert "We are closed for" not in none


def test_it_names_where_students_were_told_and_when_it_is_looked_at_again(
    policy: SchoolPolicy,
) -> None:
    months = policy.reviews.thresholds_months
    handbook = Told(Route.HANDBOOK, "page 12", dt.date(2025, 8, 28))
    lines = told(policy, evidence=(handbook,))
    assert any(f"We look at these rules again every {months} months." in each for each in lines)
    assert "- Student handbook: page 12 (28 August 2025)" in lines
    assert not any("page 12" in each for each in told(policy))


def test_swipes_are_not_told_of_without_the_step_on_the_ladder(policy: SchoolPolicy) -> None:
    agreed = replace(policy, traces=replace(policy.traces, swipes=("gates",)))
    assert not any("your card" in each for each in told(agreed))


def test_a_module_with_other_thresholds_says_nothing_is_left_out(policy: SchoolPolicy) -> None:
    other = Override(module="FR101", rules=(RuleChange("attendance", (("below_share", 0.5),)),))
    lines = told(replace(policy, overrides=(other,)))
    assert "## On FR101" in lines
    assert not any("Here we do not check" in each for each in lines)
