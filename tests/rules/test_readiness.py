"""The buttons of a card that can succeed, and the conditions that a draft still lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.rules.access.readiness import DraftState, Readiness
from store.rules.cases.case import Actor
from store.rules.model import Role

HOME = 1
ALICE, SANA, LENA, BOB = (
    Actor(number, name, True, {HOME: frozenset({role})})
    for number, name, role in [
        (1, "Alice Adviser", Role.ADVISER),
        (2, "Sana Support", Role.STUDENT_SUPPORT_OFFICER),
        (3, "Lena Lead", Role.ENGAGEMENT_LEAD),
        (4, "Bob Brown", Role.MODULE_ORGANISER),
    ]
)
PEOPLE = (ALICE, SANA, LENA, BOB)
NAMES = {each.id: each.name for each in PEOPLE}
BY_ALICE = DraftState(writers=frozenset({1}), drafter=1, views_from=frozenset({4}))
READY = Readiness(PEOPLE, HOME, draft=BY_ALICE, names=NAMES)


def test_views_of_authors_and_of_the_approver_do_not_count() -> None:
    draft = replace(BY_ALICE, views_from=frozenset({1, 2, 4}), views_needed=2)
    assert [draft.missing(each) for each in (None, 1, 2, 3, 4)] == [0, 0, 1, 0, 1]
    assert replace(draft, views_needed=1).missing(4) == 0
    asked = replace(draft, wanted_from=frozenset({1, 2}))
    assert [asked.lacks_role(each) for each in (None, 1, 2, 3)] == [False, False, True, False]
    assert not replace(asked, views_needed=0).lacks_role(2)
    assert replace(asked, wanted_from=frozenset()).lacks_role()
    assert not draft.lacks_role(2)


@pytest.mark.parametrize(
    ("draft", "able"),
    [
        (BY_ALICE, [1, 2, 3]),
        (replace(BY_ALICE, writer_may_approve=False), [2, 3]),
        (replace(BY_ALICE, hindrance="A complaint is open."), []),
        (replace(BY_ALICE, views_from=frozenset({3})), [1, 2]),
        (replace(BY_ALICE, wanted_from=frozenset({3})), [1, 2]),
        (replace(BY_ALICE, views_from=frozenset()), []),
        (replace(BY_ALICE, views_from=frozenset(), views_needed=0), [1, 2, 3]),
        (None, []),
    ],
)
def test_who_can_approve(draft: DraftState | None, able: list[int]) -> None:
    ready = replace(READY, draft=draft)
    assert [each.id for each in PEOPLE if ready.can("approve", each)] == able
    assert ready.anyone_can("approve") is bool(able)


@pytest.mark.parametrize(
    ("ready", "what", "able"),
    [
        (replace(READY, owner=1), "take", [2, 3]),
        (replace(READY, owner=1, may_be_given_it=frozenset({1})), "assign", []),
        (replace(READY, owner=1, may_be_given_it=frozenset({1, 2})), "assign", [1, 2, 3]),
        (READY, "ask", [1, 2, 3, 4]),
        (replace(READY, people=(ALICE,)), "ask", [2, 3, 4]),
        (READY, "draft", [1, 2, 3]),
        (replace(READY, draft=replace(BY_ALICE, edit_hindrance="It was sent.")), "draft", []),
        (replace(READY, draft_hindrance="It is too early."), "draft", [1, 2, 3]),
        (replace(READY, draft=None, draft_hindrance="It is too early."), "draft", []),
        (replace(READY, draft=None), "draft", [1, 2, 3]),
        (READY, "draft-welfare", [1, 2, 3]),
        (READY, "reject", [2, 3]),
        (replace(READY, draft=None), "reject", []),
        (READY, "refer", [1, 2, 3]),
        (replace(READY, has_services=False), "refer", []),
        (replace(READY, traces_come_next=False), "traces", []),
        (READY, "traces", [1, 2, 3]),
        (READY, "review", []),
        (replace(READY, reviewers=frozenset({4})), "review", [4]),
        (replace(READY, resolvers=frozenset({3})), "resolve", [3]),
        (replace(READY, resolvers=frozenset({2})), "export", [2]),
        (replace(READY, reporter=1), "death-decide", [2, 3]),
        (READY, "history", [1, 2, 3]),
        (READY, "attempt", [1, 2, 3]),
        (READY, "said", [1, 2, 3]),
        (READY, "check-reply", [1, 2, 3]),
        (READY, "view", [1, 2, 3, 4]),
        (READY, "fitness", [3]),
        (READY, "help", [1, 2, 3, 4]),
    ],
)
def test_a_button_is_shown_to_those_who_can_succeed(
    ready: Readiness, what: str, able: list[int]
) -> None:
    assert [each.id for each in PEOPLE if ready.can(what, each)] == able


NO_VIEW = replace(READY, draft=replace(BY_ALICE, views_from=frozenset()))
WANTED = replace(
    READY,
    draft=replace(BY_ALICE, wanted_from=frozenset(), wanted_roles="engagement lead"),
)
ALONE = replace(READY, draft=replace(BY_ALICE, writer_may_approve=False))


@pytest.mark.parametrize(
    ("ready", "person", "needs", "more"),
    [
        (READY, SANA, "", ""),
        (READY, ALICE, "", ""),
        (READY, None, "", ""),
        (replace(READY, draft=replace(BY_ALICE, views_from=frozenset({3}))), None, "",
         "The email can be approved, but not by Lena Lead."),
        (NO_VIEW, None, "Needs 1 view, not from Alice Adviser", "before"),
        (NO_VIEW, BOB, "Needs 1 view, not from Alice Adviser", "before"),
        (NO_VIEW, SANA, "Needs 1 view, not from Alice Adviser or you", "before"),
        (NO_VIEW, ALICE, "Needs 1 view, not from you", "before"),
        (replace(NO_VIEW, names={}), None, "Needs 1 view", "before"),
        (WANTED, SANA, "Needs a view of the engagement lead", "before"),
        (replace(READY, draft=replace(BY_ALICE, views_from=frozenset({2}))), SANA,
         "Needs 1 view, not from Alice Adviser or you", "before"),
        (replace(WANTED, draft=replace(WANTED.draft or BY_ALICE, wanted_from=frozenset({2}))), SANA,
         "Needs a view of the engagement lead", "before"),
        (ALONE, ALICE, "You wrote this email. In your school another colleague approves it.",
         "the same"),
        (ALONE, None, "", "The email can be approved, but not by Alice Adviser."),
        (ALONE, SANA, "", ""),
        (replace(READY, draft=replace(NO_VIEW.draft or BY_ALICE, hindrance="It is late.")), SANA,
         "", "The email cannot be approved now. It is late."),
        (replace(READY, draft=None), SANA, "", ""),
    ],
)  # fmt: skip
def test_a_draft_says_what_it_needs_before_it_can_be_approved(
    ready: Readiness, person: Actor | None, needs: str, more: str
) -> None:
    assert ready.missing_line(person) == needs
    if more == "before":
        more = f"{needs}, before the email can be approved."
    assert ready.approval_line(person) == (needs if more == "the same" else more)
