"""The readers of a note, and the deciders on a complaint, a death and a home-school alert."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from store.rules.access.confidentiality import Readers, RevealPurpose, may_read
from store.rules.access.death import (
    ELSEWHERE,
    FINAL,
    Death,
    check_second,
    may_decide,
    stopped,
)
from store.rules.access.deputies import Deciders, who_decides
from store.rules.access.permissions import (
    authorise_contributing,
    authorise_deputy,
    sees_whole_caseload,
)
from store.rules.cases.case import Actor, Case
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.model import CaseStatus, Role

HOME, OURS, THIRD = 1, 2, 3
MORNING = dt.datetime(2025, 10, 22, 9, 30, tzinfo=dt.UTC)
CASE = Case(7, "LANG-7", 12, HOME, CaseStatus.OPEN, None, 1, MORNING.date())


def person(number: int, school: int, *roles: Role, active: bool = True) -> Actor:
    return Actor(number, f"Person {number}", active, {school: frozenset(roles)})


def test_a_note_is_read_by_its_author_and_those_that_they_chose() -> None:
    lead, adviser = person(1, HOME, Role.ENGAGEMENT_LEAD), person(2, HOME, Role.ADVISER)
    organiser, elsewhere = person(3, HOME, Role.MODULE_ORGANISER), person(4, OURS, Role.ADVISER)
    gone = person(5, HOME, Role.ADVISER, active=False)
    people = [lead, adviser, organiser, elsewhere, gone]
    for readers, allowed in [
        (Readers.EVERYBODY, [lead, adviser, organiser, elsewhere, gone, None]),
        (Readers.CASEWORKERS, [lead, adviser]),
        (Readers.LEAD, [lead]),
    ]:
        assert [
            each for each in [*people, None] if may_read(each, HOME, 99, readers.roles)
        ] == allowed
        assert readers.label
    lead_only = Readers.LEAD.roles
    assert may_read(organiser, HOME, organiser.id, lead_only)
    assert not may_read(gone, HOME, gone.id, lead_only)
    assert not may_read(elsewhere, HOME, elsewhere.id, lead_only), "has left the school"
    assert len({each.label for each in RevealPurpose}) == len(RevealPurpose)


def test_the_first_group_with_anyone_able_decides() -> None:
    leads = [person(1, HOME, Role.ENGAGEMENT_LEAD), person(2, HOME, Role.ENGAGEMENT_LEAD)]
    faculty = [person(3, HOME, Role.FACULTY_LEAD), person(4, HOME, Role.FACULTY_LEAD)]
    others = [person(5, OURS, Role.ENGAGEMENT_LEAD), person(6, THIRD, Role.ENGAGEMENT_LEAD)]
    for kept_out, ids, deputises in [
        ((), [1, 2], False),
        ((1,), [2], False),
        ((1, 2), [3, 4], True),
        ((1, 2, 3, 4), [5], True),
        ((1, 2, 3, 4, 5), [6], True),
        (range(9), [], True),
    ]:
        found = who_decides(leads, faculty, others, kept_out)
        assert [each.id for each in found.people] == ids
        assert found.ids == set(ids)
        assert [found.stands_in(each) for each in ids] == [deputises] * len(ids)
        assert not found.stands_in(99)
    away = [replace(each, active=False) for each in leads]
    assert who_decides(away, faculty, (), ()).ids == {3, 4}
    assert who_decides(leads, faculty, others, ()).names == "Person 1 or Person 2"
    assert Deciders().names == ""
    assert not Deciders(tuple(leads)).deputies


def test_a_second_colleague_decides_on_a_death() -> None:
    said = Death(MORNING, reporter=1, reported_by="Alice Adviser", is_confirmed=False)
    by_roster = Death(MORNING, is_confirmed=False)
    alice, bob = person(1, HOME, Role.ADVISER), person(2, HOME, Role.ADVISER)
    for death, actor, may in [
        (said, alice, False),
        (said, bob, True),
        (said, person(2, OURS, Role.ADVISER), False),
        (said, person(2, HOME, Role.MODULE_ORGANISER), False),
        (by_roster, alice, True),
        (Death(MORNING), bob, False),
    ]:
        assert may_decide(death, actor, HOME) is may
    check_second(said, 2)
    check_second(by_roster, 1)
    with pytest.raises(NotAllowed, match="You reported it"):
        check_second(said, 1)
    with pytest.raises(NotPossibleNow, match="already confirmed"):
        check_second(Death(MORNING, reporter=1), 1)
    day = MORNING.date()
    assert said.line(day).startswith(
        "Alice Adviser reported on Wednesday 22 October that this student has died."
    )
    assert by_roster.line(day).startswith("The roster of Wednesday 22 October says that")
    no_longer = replace(by_roster, is_still_said=False)
    assert "a later one no longer says it" in no_longer.line(day)
    assert Death(MORNING, is_still_said=False).line(day) == FINAL != ELSEWHERE
    assert replace(said, is_still_said=False).line(day) == said.line(day)
    assert "/lantern death LANG-7 undo" in stopped("LANG-7").sentence


def test_a_school_that_also_teaches_the_student_tells_the_home_school() -> None:
    organiser = person(1, OURS, Role.MODULE_ORGANISER)
    assert authorise_contributing(organiser, CASE, [THIRD, OURS]) == OURS
    both = replace(organiser, roles={HOME: frozenset({Role.ADVISER}), **organiser.roles})
    assert authorise_contributing(both, CASE, [HOME, OURS]) == OURS
    for actor, case, contributing, why in [
        (replace(organiser, active=False), CASE, [OURS], "is not active"),
        (organiser, replace(CASE, barred=frozenset({1})), [OURS], "The home school looks after"),
        (organiser, CASE, [THIRD], "LANG-7 belongs to another school"),
        (both, CASE, [HOME], "You work in the home school"),
        (person(1, OURS, Role.FACULTY_LEAD), CASE, [OURS], "belongs to another school"),
    ]:
        with pytest.raises(NotAllowed, match=why) as refused:
            authorise_contributing(actor, case, contributing)
        assert "alert-home" not in refused.value.sentence


def test_a_deputy_is_active_and_not_whom_the_complaint_is_about() -> None:
    deputy = person(5, OURS, Role.ENGAGEMENT_LEAD)
    authorise_deputy(deputy, CASE)
    with pytest.raises(NotAllowed, match="is not active"):
        authorise_deputy(replace(deputy, active=False), CASE)
    with pytest.raises(NotAllowed, match="is about you"):
        authorise_deputy(deputy, replace(CASE, barred=frozenset({5})))


def test_the_whole_caseload_is_for_leads_and_support_officers_in_their_own_school() -> None:
    for role in Role:
        sees = role in (Role.ENGAGEMENT_LEAD, Role.STUDENT_SUPPORT_OFFICER)
        assert sees_whole_caseload(person(1, HOME, role), HOME) is sees
        assert not sees_whole_caseload(person(1, HOME, role), OURS)
        assert not sees_whole_caseload(person(1, HOME, role, active=False), HOME)
