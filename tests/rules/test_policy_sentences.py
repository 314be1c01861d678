"""What a policy says to students and to its lead, held sentence by sentence, and for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from store.policies.document import parse
from store.rules.calendar import Period
from store.rules.errors import InvalidInput
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.base import limits_of
from store.rules.flag_rules.evidence import Evidence
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flags.flagging import findings
from store.rules.model import Level, MarkerFamily
from store.rules.policies.checks import LONGEST_CONTACT, problems_of
from store.rules.policies.clearing_checks import weak_clearing
from store.rules.policies.custom_reasons import OwnWords
from store.rules.policies.diff import policy_differences
from store.rules.policies.draft import drafted
from store.rules.policies.overrides import Override, RuleChange, has_rule_for, looking_at, rules_for
from store.rules.policies.policy import SchoolPolicy, Scope
from store.rules.policies.publication import Route, Told, evidence, route_meant, told_by, told_in
from store.rules.policies.retention import Retention
from store.rules.policies.review_calendar import months_later
from store.rules.policies.statement import statement
from store.rules.policies.statement_formats import markdown
from store.rules.policies.statement_sections import Ways
from tests.rules.measures import DAY, attended
from tests.store.policy_example import DOCUMENT, changed, problems

NO_WAYS = Ways(own_page=False, teams=False)
A = MarkerFamily.ATTENDANCE
VLE = MarkerFamily.VLE


@pytest.fixture
def policy() -> SchoolPolicy:
    return parse(DOCUMENT, "language.toml")


def told(policy: SchoolPolicy, ways: Ways = NO_WAYS, evidence: tuple[Told, ...] = ()) -> list[str]:
    return markdown(statement(policy, "School", 3, ways, evidence)).split("\n")


# The statement


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


# How students were told


@pytest.mark.parametrize(
    ("words", "route"),
    [
        ("the student handbook", Route.HANDBOOK),
        ("Handbook, page 12", Route.HANDBOOK),
        ("by email", Route.EMAIL),
        ("word of mouth", None),
    ],
)
def test_a_route_is_found_in_the_policy_s_words(words: str, route: Route | None) -> None:
    assert route_meant(words) is route


def test_evidence_without_a_place_or_a_day_says_which_field() -> None:
    today = dt.date(2025, 9, 1)
    with pytest.raises(InvalidInput, match="Give a day") as day:
        told_by("handbook", "page 12", "whenever", today)
    assert day.value.field == "day"
    with pytest.raises(InvalidInput, match="handbook") as route:
        told_by("pigeon", "page 12", "yesterday", today)
    assert route.value.field == "route"
    with pytest.raises(InvalidInput, match="is in the future") as coming:
        told_by("handbook", "page 12", "3 september", today)
    assert coming.value.field == "day"
    line = told_in("email: the office: to all students, 28 august", today)
    assert (line.route, line.place, line.on) == (
        Route.EMAIL, "the office: to all students", dt.date(2025, 8, 28),
    )  # fmt: skip


def test_a_route_in_words_that_are_none_has_no_evidence(policy: SchoolPolicy) -> None:
    strange = replace(policy.approval, published=("word of mouth", "student handbook"))
    email = Told(Route.EMAIL, "to all", dt.date(2025, 8, 28))
    found = list(evidence(replace(policy, approval=strange), (email,)))
    assert found == [("word of mouth", None), ("student handbook", None), ("email", email)]


# The review calendar


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2025, 1, 31), 1, dt.date(2025, 2, 28)),
        (dt.date(2025, 10, 31), 1, dt.date(2025, 11, 30)),
        (dt.date(2025, 11, 30), 1, dt.date(2025, 12, 30)),
        (dt.date(2025, 11, 30), 12, dt.date(2026, 11, 30)),
        (dt.date(2025, 12, 31), 2, dt.date(2026, 2, 28)),
        (dt.date(2025, 12, 15), 12, dt.date(2026, 12, 15)),
        (dt.date(2026, 1, 31), -1, dt.date(2025, 12, 31)),
        (dt.date(2026, 3, 31), -13, dt.date(2025, 2, 28)),
    ],
)
def test_months_are_counted_over_the_year_s_end(day: dt.date, months: int, later: dt.date) -> None:
    assert months_later(day, months) == later


# Thresholds of a level and a module


def change(**thresholds: float) -> tuple[RuleChange, ...]:
    return (RuleChange("attendance", tuple(thresholds.items())),)


LEVEL = Override(level=Level.FOUNDATION, rules=change(below_share=0.4, expected_at_least=9))
MODULE = Override(module="FR101", rules=change(below_share=0.3))
BOTH = Override(level=Level.FOUNDATION, module="FR101", rules=change(below_share=0.2))


@pytest.mark.parametrize("given", [(LEVEL, MODULE, BOTH), (BOTH, MODULE, LEVEL)])
def test_the_more_precise_override_wins_in_whatever_order(given: tuple[Override, ...]) -> None:
    usual = (Inactivity(days=10), Attendance(below_share=1, expected_at_least=4))

    def share(level: Level | None, module: str | None) -> tuple[float, float]:
        _, rule = rules_for(usual, given, level, module)
        assert isinstance(rule, Attendance)
        return rule.below_share, rule.expected_at_least

    assert share(None, None) == (1, 4)
    assert share(Level.FOUNDATION, None) == (0.4, 9)
    assert share(None, "FR101") == (0.3, 4)
    assert share(Level.FOUNDATION, "FR101") == (0.2, 9), "what it does not name stays the level's"


def test_a_student_of_a_level_is_judged_by_it_on_every_module() -> None:
    usual = (Attendance(below_share=0.1, expected_at_least=4),)
    measures = (attended(2, 10), replace(attended(2, 10), module="ES1"))
    given = list(looking_at(usual, (LEVEL, MODULE), Evidence(7, measures), Level.FOUNDATION))
    assert [
        (rule.below_share, [each.module for each in part.measures])
        for rule, part in given
        if isinstance(rule, Attendance)
    ] == [(0.4, ["ES1"]), (0.3, ["FR101"])]


@pytest.mark.parametrize(
    ("families", "level", "module", "has"),
    [
        ((A,), None, "FR101", True),
        ((VLE,), None, "FR101", False),
        ((), None, "FR101", False),
        ((A,), Level.FOUNDATION, "FR101", True),
        ((A,), None, "FR900", False),
        ((A,), Level.FOUNDATION, "ES1", False),
    ],
)
def test_a_module_is_looked_at_where_a_rule_is_on_and_fed(
    families: tuple[MarkerFamily, ...], level: Level | None, module: str, *, has: bool
) -> None:
    overrides = (
        Override(module="FR900", off=("attendance",)),
        Override(level=Level.FOUNDATION, off=("attendance",)),
        Override(level=Level.FOUNDATION, module="FR101", rules=change(below_share=0.5)),
    )
    assert has_rule_for((Attendance(),), overrides, families, level, module) is has


def test_inactivity_looks_at_any_family_over_all_modules() -> None:
    off = (Override(level=Level.FOUNDATION, off=("inactivity",)),)
    assert has_rule_for((Inactivity(),), off, (VLE,), None, "FR101")
    assert not has_rule_for((Inactivity(),), off, (), None, "FR101")
    assert not has_rule_for((Inactivity(),), off, (VLE,), Level.FOUNDATION, "FR101")


def test_a_scope_covers_levels_and_programmes_and_no_one_else() -> None:
    scope = Scope(
        levels=frozenset({Level.UNDERGRADUATE}),
        programmes_in=frozenset({"R900"}),
        programmes_out=frozenset({"X1"}),
    )
    assert scope.covers(Level.UNDERGRADUATE, "R100")
    assert scope.covers(Level.MRES, "R900")
    assert not scope.covers(Level.MRES, "R100")
    assert not scope.covers(Level.UNDERGRADUATE, "X1")


# What is refused, and what a draft changes


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


def test_what_a_list_gains_or_loses_is_named(policy: SchoolPolicy) -> None:
    override = Override(level=Level.FOUNDATION, off=("attendance",))
    more = replace(policy, overrides=(override,))
    assert policy_differences(policy, more) == ["overrides.foundation is new: off attendance."]
    assert policy_differences(more, policy) == [
        "overrides.foundation is removed; it was off attendance."
    ]
    other = replace(more, overrides=(replace(override, off=(), rules=change(below_share=0.5)),))
    assert policy_differences(more, other) == [
        "overrides.foundation.off was attendance; it becomes nothing.",
        "overrides.foundation.rules.attendance.below_share was nothing; it becomes 0.5.",
    ]
    nobody = replace(policy, outreach=replace(policy.outreach, mailbox=""))
    assert policy_differences(policy, nobody) == [
        "outreach.mailbox was languages@example.ac.uk; it becomes nothing."
    ]
    without = replace(policy, calendar=replace(policy.calendar, closures=()))
    (said,) = policy_differences(policy, without)
    assert said.endswith("; it becomes nothing.")


def test_a_long_text_is_cut_where_it_is_new(policy: SchoolPolicy) -> None:
    words = "please tell us how you are " * 12
    new = replace(policy, words=(OwnWords("inactivity", student=words.strip()),))
    (said,) = policy_differences(policy, new)
    assert said == f"words.inactivity is new: student {words.strip()[:200]}…."
    short = replace(policy, words=(OwnWords("inactivity", student="x" * 200),))
    assert policy_differences(policy, short) == [f"words.inactivity is new: student {'x' * 200}."]


# Reasons in a school's own words


def test_colleagues_read_the_school_s_words_too_and_a_place_unknown_stays() -> None:
    document = (
        f'{DOCUMENT}\n[[words]]\nrule = "attendance"\nstudent = "We miss you in {{module}}."\n'
        'staff = "Few sessions in {module}: below {below_share}."\n'
    )
    (finding,) = findings(parse(document, "x"), Evidence(7, (attended(2, 8),)), DAY)
    assert finding.reason_student == "We miss you in FR101."
    assert finding.reason_staff.startswith("Few sessions in FR101: below ")


def test_a_staff_s_sentence_is_checked_as_well() -> None:
    found = problems(
        f'{DOCUMENT}\n[[words]]\nrule = "inactivity"\nstaff = "At risk in {{module}}."\n'
    )
    assert any("words[1].staff has the placeholder module" in each for each in found), found


# The ends of a range are allowed


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
