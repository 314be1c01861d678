"""Who may do what, as one table; whatever is not in it is refused."""

import datetime as dt

import pytest

from store.rules.access import Action, authorise, may, may_in_role
from store.rules.case import Actor, Case
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

# Read: an officer, an adviser and a lead do everything; a module organiser sees the case and
# gives a view; nobody else does anything.
LOOKS_AFTER = {Role.STUDENT_SUPPORT_OFFICER, Role.ADVISER, Role.ENGAGEMENT_LEAD}
KNOWS_THE_STUDENT = LOOKS_AFTER | {Role.MODULE_ORGANISER}
TABLE = {
    "see": KNOWS_THE_STUDENT,
    "reveal": LOOKS_AFTER,
    "take": LOOKS_AFTER,
    "assign": LOOKS_AFTER,
    "view": KNOWS_THE_STUDENT,
    "log": LOOKS_AFTER,
    "draft": LOOKS_AFTER,
    "approve": LOOKS_AFTER,
    "close": LOOKS_AFTER,
}
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
        assert said.startswith(f"To {action} a case you need to be ")
        assert all(each.label in said for each in TABLE[action])


@pytest.mark.parametrize(("action", "role"), EVERYTHING)
def test_in_another_school_nobody_may_anything(action: Action, role: Role) -> None:
    said = refusal(person(role, OTHER), action)

    assert said == "LANG-7 belongs to another school, so you cannot act on it."


@pytest.mark.parametrize(("action", "role"), EVERYTHING)
def test_whoever_is_not_active_may_nothing(action: Action, role: Role) -> None:
    assert "is not active" in refusal(person(role, active=False), action)


@pytest.mark.parametrize("action", Action)
def test_without_a_role_nobody_may_anything(action: Action) -> None:
    assert "another school" in refusal(Actor(1, "Alice Adviser", True), action)
    assert "another school" in refusal(Actor(1, "Alice Adviser", True, {HOME: frozenset()}), action)


@pytest.mark.parametrize("action", Action)
def test_a_role_counts_only_in_its_own_school(action: Action) -> None:
    roles = {HOME: frozenset({Role.FACULTY_LEAD}), OTHER: frozenset({Role.ENGAGEMENT_LEAD})}

    assert f"To {action}" in refusal(Actor(1, "Alice Adviser", True, roles), action)


def test_any_one_of_several_roles_is_enough() -> None:
    both = Actor(1, "Alice", True, {HOME: frozenset({Role.FACULTY_LEAD, Role.ADVISER})})

    authorise(both, Action.APPROVE, CASE)
    assert may(both, Action.APPROVE, HOME)
