"""The permissions of every role as one table; an action outside it is refused."""

import datetime as dt
from dataclasses import replace

import pytest

from store.rules.access.permissions import (
    Action,
    authorise,
    authorise_in,
    may,
    may_in_role,
    schools_where,
)
from store.rules.cases.case import Actor, Case
from store.rules.errors import NotAllowed
from store.rules.model import CaseStatus, Role

HOME, OTHER = 1, 2
CASE = Case(
    id=7,
    reference="LANG-7",
    student=12,
    school=HOME,
    status=CaseStatus.OPEN,
    owner=None,
    version=1,
    opened_on=dt.date(2025, 10, 22),
)

# In words: an officer, an adviser and a lead take every action on a case. A module organiser sees
# it, gives a view and a note, and asks. Only the lead reviews; the faculty's lead sees figures.
# All may read what the school has decided. The data protection officer handles the rights of
# students over their data.
LOOKS_AFTER = {Role.STUDENT_SUPPORT_OFFICER, Role.ADVISER, Role.ENGAGEMENT_LEAD}
KNOWS_THE_STUDENT = LOOKS_AFTER | {Role.MODULE_ORGANISER}
LEAD = {Role.ENGAGEMENT_LEAD}
PROTECTION = {Role.DATA_PROTECTION_OFFICER}
TABLE = {
    "see": KNOWS_THE_STUDENT,
    "reveal": LOOKS_AFTER,
    "take": LOOKS_AFTER,
    "assign": LOOKS_AFTER,
    "view": KNOWS_THE_STUDENT,
    "ask": KNOWS_THE_STUDENT,
    "log": LOOKS_AFTER,
    "note": KNOWS_THE_STUDENT,
    "draft": LOOKS_AFTER,
    "approve": LOOKS_AFTER,
    "reject": LOOKS_AFTER,
    "welfare": LOOKS_AFTER,
    "review": LEAD,
    "snooze": LOOKS_AFTER,
    "pause": LOOKS_AFTER,
    "resume": LOOKS_AFTER,
    "exempt": LOOKS_AFTER,
    "death": KNOWS_THE_STUDENT,
    "confirm-death": LOOKS_AFTER,
    "undo-death": LEAD | PROTECTION,
    "refer": LOOKS_AFTER,
    "ladder": KNOWS_THE_STUDENT,
    "traces": LOOKS_AFTER,
    "fitness": LEAD,
    "alert-home": KNOWS_THE_STUDENT,
    "acknowledge": LOOKS_AFTER,
    "complaint": KNOWS_THE_STUDENT,
    "resolve-complaint": LEAD,
    "evidence": LEAD | {Role.DATA_PROTECTION_OFFICER},
    "close": LOOKS_AFTER,
    "reopen": LOOKS_AFTER,
    "find": LOOKS_AFTER,
    "cover": LOOKS_AFTER,
    "lead": LEAD,
    "figures": LEAD | {Role.FACULTY_LEAD},
    "inform": set(Role),
    "erase": PROTECTION,
    "export": PROTECTION,
    "access-log": PROTECTION,
    "preserve": PROTECTION,
    "retention": PROTECTION,
    "fairness": LEAD | PROTECTION,
    "objection": PROTECTION,
    "forget-account": PROTECTION,
    "staff": LEAD | PROTECTION,
    "data-requests": PROTECTION,
    "harm": KNOWS_THE_STUDENT,
}
FIGURES_ONLY = frozenset({Role.FACULTY_LEAD})
EVERYTHING_THERE = frozenset({Role.ENGAGEMENT_LEAD, Role.DATA_PROTECTION_OFFICER})
EVERYTHING = [(action, role) for action in Action for role in Role]


def person(role: Role, school: int = HOME, *, active: bool = True) -> Actor:
    return Actor(1, "Alice Adviser", active, {school: frozenset({role})})


def refusal(actor: Actor, action: Action) -> str:
    assert not may(actor, action, HOME)
    with pytest.raises(NotAllowed) as refused:
        authorise(actor, action, CASE)
    assert "Alice" not in refused.value.sentence
    return refused.value.sentence


def test_the_table_knows_every_action() -> None:
    assert set(TABLE) == {action.value for action in Action}


@pytest.mark.parametrize(("action", "role"), EVERYTHING)
def test_in_the_home_school(action: Action, role: Role) -> None:
    actor = person(role)
    assert may_in_role(role, action) is (role in TABLE[action])

    if role in TABLE[action]:
        assert may(actor, action, HOME)
        authorise(actor, action, CASE)
    else:
        said = refusal(actor, action)
        assert said.startswith(f"To {action.label} a case you need to be ")
        assert all(each.label in said for each in TABLE[action])


@pytest.mark.parametrize(("action", "role"), EVERYTHING)
def test_in_another_school_nobody_may_anything(action: Action, role: Role) -> None:
    said = refusal(person(role, OTHER), action)

    assert said.startswith("LANG-7 belongs to another school, so you cannot act on it.")
    is_told_how = "/lantern alert-home LANG-7." in said
    assert is_told_how == may_in_role(role, Action.ALERT_HOME), said


@pytest.mark.parametrize(("action", "role"), EVERYTHING)
def test_whoever_is_not_active_may_nothing(action: Action, role: Role) -> None:
    assert "is not active" in refusal(person(role, active=False), action)


@pytest.mark.parametrize("action", Action)
def test_without_a_role_nobody_may_anything(action: Action) -> None:
    assert "another school" in refusal(Actor(1, "Alice Adviser", True), action)
    assert "another school" in refusal(Actor(1, "Alice Adviser", True, {HOME: frozenset()}), action)


@pytest.mark.parametrize("action", [each for each in Action if not TABLE[each] >= FIGURES_ONLY])
def test_a_role_counts_only_in_its_own_school(action: Action) -> None:
    roles = {HOME: FIGURES_ONLY, OTHER: EVERYTHING_THERE}

    assert f"To {action.label}" in refusal(Actor(1, "Alice Adviser", True, roles), action)


def test_any_one_of_several_roles_is_enough() -> None:
    both = Actor(1, "Alice", True, {HOME: frozenset({Role.FACULTY_LEAD, Role.ADVISER})})

    authorise(both, Action.APPROVE, CASE)
    assert may(both, Action.APPROVE, HOME)


@pytest.mark.parametrize("action", Action)
def test_whoever_a_complaint_is_about_does_nothing_on_that_case(action: Action) -> None:
    lead = Actor(1, "Alice Adviser", True, {HOME: EVERYTHING_THERE})
    authorise(lead, action, CASE)
    about_her = replace(CASE, complaint=True, barred=frozenset({lead.id}))

    with pytest.raises(NotAllowed, match="until a complaint about it is resolved"):
        authorise(lead, action, about_her)
    colleague = Actor(2, "Bob", True, {HOME: EVERYTHING_THERE})
    authorise(colleague, action, about_her)


@pytest.mark.parametrize(("action", "role"), EVERYTHING)
def test_what_concerns_a_school_is_held_against_the_same_table(action: Action, role: Role) -> None:
    if role in TABLE[action]:
        authorise_in(person(role), action, HOME)
    else:
        with pytest.raises(NotAllowed, match=f"To {action.label} a school you need to be "):
            authorise_in(person(role), action, HOME)
    with pytest.raises(NotAllowed):
        authorise_in(person(role, OTHER), action, HOME)
    with pytest.raises(NotAllowed, match="is not active"):
        authorise_in(person(role, active=False), action, HOME)


def test_a_refusal_names_the_action_and_who_may() -> None:
    assert refusal(person(Role.ADVISER), Action.FITNESS) == (
        "To decide on Fitness to Study for a case you need to be an engagement lead in its home "
        "school."
    )
    assert refusal(person(Role.FACULTY_LEAD), Action.TAKE) == (
        "To take a case you need to be an adviser, an engagement lead or a student support "
        "officer in its home school."
    )


def test_the_schools_where_somebody_may() -> None:
    both = {OTHER: frozenset({Role.ADVISER}), HOME: frozenset({Role.FACULTY_LEAD})}

    assert schools_where(Actor(1, "Alice", True, both), Action.TAKE) == [OTHER]
    assert schools_where(Actor(1, "Alice", True, both), Action.INFORM) == [HOME, OTHER]
    assert schools_where(Actor(1, "Alice", False, both), Action.INFORM) == []
