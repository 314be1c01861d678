"""Parsing a school's policy document, and the exact sentence for each kind of mistake."""

import contextlib
import datetime as dt
import tomllib
from dataclasses import fields
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.policies.document import PolicyProblems, default_document, parse
from store.rules.calendar import Calendar, Period
from store.rules.flag_rules import RULES
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.base import Limits
from store.rules.flag_rules.fading_out import FadingOut
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.model import Level, MarkerFamily, Rung
from store.rules.policies.policy import (
    Approval,
    LadderRung,
    Marker,
    OutreachRules,
    SchoolPolicy,
    Scope,
    Urgent,
)
from tests.store.policy_example import DOCUMENT, changed, problems


def test_a_document_says_the_whole_policy() -> None:
    policy = parse(DOCUMENT, "language.toml")

    assert policy.school == "LANG"
    assert (policy.views_needed, policy.clear_after_days, policy.show_names) == (2, 10, True)
    assert policy.digest_at == dt.time(8, 15)
    assert policy.approval == Approval(
        "Alice Adviser, engagement lead",
        dt.date(2025, 9, 1),
        ("student handbook", "module pages"),
    )
    assert policy.markers == (
        Marker(MarkerFamily.VLE, ("moodle",)),
        Marker(MarkerFamily.ATTENDANCE, ("registers", "card-readers")),
    )
    assert policy.rules == (Inactivity(days=10), Attendance(below_share=1))
    assert policy.scope == Scope(
        levels=frozenset({Level.UNDERGRADUATE, Level.MRES}), programmes_in=frozenset({"R900"})
    )
    assert policy.calendar == Calendar(
        terms=(
            Period("Autumn", dt.date(2025, 9, 22), dt.date(2025, 12, 12)),
            Period("Spring", dt.date(2026, 1, 19), dt.date(2026, 4, 3)),
        ),
        closures=(Period("Winter closure", dt.date(2025, 12, 22), dt.date(2026, 1, 2)),),
        quiet_from=dt.time(17, 30),
        quiet_until=dt.time(8, 30),
    )
    assert policy.outreach == OutreachRules("languages@example.ac.uk", drafter_may_approve=False)
    assert policy.ladder == (LadderRung(Rung.UNIVERSITY_EMAIL, 3), LadderRung(Rung.PHONE, 2))


def test_what_is_not_said_has_its_default() -> None:
    policy = parse(DOCUMENT.replace("days = 10\n\n", "\n").replace("views_needed = 2", ""), "x")
    assert policy.views_needed == 1
    assert policy.rules[0] == Inactivity()


def test_a_text_that_may_be_left_out_may_be_given_empty_and_no_other() -> None:
    empty = '[urgent]\nduty_contact = ""\nout_of_hours = " "\n'
    assert parse(DOCUMENT + empty, "x").urgent == Urgent()
    (problem,) = problems(DOCUMENT + '[urgent]\nlistening = ""\n')
    assert problem.endswith('urgent.listening is ""; allowed is text in quotes, as in "LANG"')


ONE_VALUE = [
    ('school = "LANG"', "school = 7", 'school is 7; allowed is text in quotes, as in "LANG"'),
    ('school = "LANG"', 'school = " "', 'school is " "; allowed is text in quotes, as in "LANG"'),
    ('school = "LANG"', "", "school is missing; it has to be given"),
    (
        "[rules.inactivity]\ndays = 10",
        "[rules.inactivity]\ndays = 0",
        "rules.inactivity.days is 0; allowed is a whole number from 3 to 60",
    ),
    (
        "[rules.inactivity]\ndays = 10",
        "[rules.inactivity]\ndays = true",
        "rules.inactivity.days is true; allowed is a whole number from 3 to 60",
    ),
    (
        "[rules.inactivity]\ndays = 10",
        "[rules.inactivity]\ndays = 10.5",
        "rules.inactivity.days is 10.5; allowed is a whole number from 3 to 60",
    ),
    (
        "below_share = 1",
        'below_share = "half"',
        'rules.attendance.below_share is "half"; allowed is a number from 0.05 to 1',
    ),
    (
        "below_share = 1",
        "below_share = nan",
        "rules.attendance.below_share is nan; allowed is a number from 0.05 to 1",
    ),
    ("show_names = true", 'show_names = "yes"', 'show_names is "yes"; allowed is true or false'),
    (
        '"08:15"',
        '"8.15"',
        'digest_at is "8.15"; allowed is a time in quotes, as in "08:30"',
    ),
    (
        'rung = "phone"',
        'rung = "pigeon"',
        'ladder[2].rung is "pigeon"; allowed is one of university-email, personal-email, phone, '
        "digital-traces",
    ),
    (
        "wait_days = 2",
        "wait_days = 31",
        "ladder[2].wait_days is 31; allowed is a whole number from 1 to 30",
    ),
    (
        "effective = 2025-09-01",
        'effective = "1 September"',
        'approval.effective is "1 September"; allowed is a date, as in 2026-09-01',
    ),
    (
        "effective = 2025-09-01",
        "effective = 2025-09-01T08:00:00",
        "approval.effective is 2025-09-01 08:00:00; allowed is a date, as in 2026-09-01",
    ),
    (
        'sources = ["moodle"]',
        'sources = "moodle"',
        'markers[1].sources is "moodle"; allowed is a list in square brackets',
    ),
    ("[calendar]", "[calendar.terms]\n[other]", "calendar.terms is a table; allowed is a list"),
    ("[scope]", "scope = 3\n[other]", "rules.attendance.scope is not a setting"),
    ("views_needed", "veiws_needed", "veiws_needed is not a setting; did you mean views_needed?"),
    (
        "[rules.inactivity]",
        "[rules.inactivty]",
        "rules.inactivty is not a setting; did you mean inactivity?",
    ),
    (
        "below_share = 1",
        "colour = 1",
        "rules.attendance.colour is not a setting; allowed here is below_share, "
        "expected_at_least and stale_after_days",
    ),
    (
        'name = "Spring", first',
        'name = "Spring", frist',
        "calendar.terms[2].frist is not a setting; did you mean first?",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), ONE_VALUE)
def test_a_value_that_is_not_allowed(old: str, new: str, sentence: str) -> None:
    found = problems(changed(old, new))
    assert any(each.startswith(f"language.toml: {sentence}") for each in found), found


def test_broken_toml_is_named_with_its_line() -> None:
    (sentence,) = problems('school = "LANG"\nviews_needed 2\n')
    assert sentence.startswith("language.toml: this is not valid TOML: ")
    assert "line 2" in sentence


def test_every_problem_is_listed_at_once() -> None:
    found = problems('school = 7\nvews_needed = 1\n[rules.inactivity]\ndays = "x"\n')
    assert len(found) == 6  # and approval, markers and outreach.mailbox are missing
    with pytest.raises(PolicyProblems) as caught:
        parse("school = 7", "language.toml")
    assert caught.value.sentence == "\n".join(caught.value.problems)


def test_a_fault_in_one_part_hides_none_in_another() -> None:
    service = '[[services]]\nkey = "a"\nname = "A"\nhelps_with = "at-risk students"\n'
    whole = DOCUMENT + service + 'contact = "a@example.ac.uk"\n'
    others = whole.replace("views_needed = 2", "views_needed = 9")
    alone = [each for each in problems(whole) if "services" in each]

    assert len(alone) == 1
    assert alone[0].partition(": ")[2] in " ".join(problems(others))
    assert "views_needed is 9" in " ".join(problems(others))


@pytest.mark.parametrize("rule", RULES)
def test_every_threshold_of_every_rule_has_limits_that_the_document_keeps(rule: type[Any]) -> None:
    hints = get_type_hints(rule, include_extras=True)
    for name in (field.name for field in fields(rule)):
        (limits,) = hints[name].__metadata__
        assert isinstance(limits, Limits)
        document = changed("[rules.inactivity]\ndays = 10", "[rules.inactivity]\n")
        document = document.replace(f"[rules.{rule.NAME}]\n", "").replace("below_share = 1\n", "")
        document += f"\n[rules.{rule.NAME}]\n{name} = {limits.most + 1}\n"
        assert any(f"rules.{rule.NAME}.{name} is " in each for each in problems(document))


# -- The default document ----------------------------------------------------------------------


def test_the_default_document_is_a_policy_for_what_there_is() -> None:
    document = default_document(
        "OULAD",
        "oulad@example.ac.uk",
        dt.date(2025, 9, 1),
        [
            Marker(MarkerFamily.VLE, ("oulad-vle",)),
            Marker(MarkerFamily.SUBMISSIONS, ('odd "name" é',)),
        ],
    )
    policy = parse(document, "default")

    assert (policy.school, policy.outreach.mailbox) == ("OULAD", "oulad@example.ac.uk")
    assert policy.rules == (FadingOut(weeks=2, below_share=0.35, forget_after_weeks=7),)
    assert policy.agreed_sources == (
        (MarkerFamily.VLE, "oulad-vle"),
        (MarkerFamily.SUBMISSIONS, 'odd "name" é'),
    )
    assert [step.rung for step in policy.ladder] == list(Rung)
    assert policy.urgent == Urgent()


# -- Arbitrary values --------------------------------------------------------------------------

leaves = st.one_of(
    st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes(), st.times()
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Yield the valid document with one random value replaced."""
    document: Any = tomllib.loads(DOCUMENT)
    spot, root = document, document
    while isinstance(spot, dict | list) and spot:
        keys = sorted(spot) if isinstance(spot, dict) else range(len(spot))
        key = draw(st.sampled_from(keys))
        if draw(st.booleans()) or not isinstance(spot[key], dict | list):
            spot[key] = draw(values)
            break
        spot = spot[key]
    assert isinstance(root, dict)
    return root


@settings(deadline=None)  # checking the letters of a valid policy takes time
@given(document=documents())
def test_any_value_anywhere_is_a_policy_or_a_list_of_problems(document: dict[str, Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", lambda _: document)
        with contextlib.suppress(PolicyProblems):
            assert isinstance(parse("", "any.toml"), SchoolPolicy)
