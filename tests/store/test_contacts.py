"""Every kind of sign of contact or activity, tested against every rule that asks for one."""

from __future__ import annotations

import datetime as dt

import pytest

from store.actions.cases import close as closing
from store.actions.outreach import approve as outreach
from store.actions.outreach import send as sending
from store.delivery import claims
from store.queries.contacts import contacts_of, engaged_on
from store.rules.calendar import Calendar
from store.rules.letters.approval_basis import Basis, unpacked, what_changed
from store.rules.model import CaseStatus, InterventionKind, OutboxKind, Outcome, OutreachStatus
from store.rules.students.contacts import COUNTS, ContactKind, ContactQuestion
from store.rules.students.messages import Saying
from store.tables import cases, notices
from store.tables import outreach as outreach_table
from tests.people import finding
from tests.store.signs import (
    HAPPENS,
    NO_CONTACT,
    K,
    Q,
    asks_for_reaction,
    blocks_fitness,
    case,
    comes_back,
    is_engagement,
    logs,
    rests_ladder,
    says,
    waits,
)
from tests.store.test_follow_up import WAIT_IS_OVER
from tests.world import World

__all__ = ["case"]

BLOCKS_FITNESS = set(K)
RESTS_THE_LADDER = {K.REPLY, K.MESSAGE, K.WISH, K.REACHED, K.MEETING, K.CALL, K.REFERRAL}
TAKES_MAIL_BACK = RESTS_THE_LADDER
ASKS_FOR_A_REACTION = {K.REPLY, K.MESSAGE, K.WISH}
IS_ENGAGEMENT = {K.MEETING}


@pytest.mark.parametrize("kind", ContactKind)
def test_each_kind_counts_for_the_rules_that_name_it_and_no_other(
    world: World, case: int, kind: ContactKind
) -> None:
    HAPPENS[kind](world, case)
    assert blocks_fitness(world, case, sees=kind is K.ACTIVITY) is (kind in BLOCKS_FITNESS)
    assert rests_ladder(world, case) is (kind in RESTS_THE_LADDER)
    assert asks_for_reaction(world) is (kind in ASKS_FOR_A_REACTION)
    assert is_engagement(world) is (kind in IS_ENGAGEMENT)
    world.clock.now = WAIT_IS_OVER
    drafted = world.follow_up() == 1
    assert drafted is (kind not in RESTS_THE_LADDER)


@pytest.mark.parametrize("kind", ContactKind)
def test_an_approved_mail_stays_only_where_the_student_was_not_in_touch(
    world: World, case: int, kind: ContactKind
) -> None:
    waits(world, case)
    HAPPENS[kind](world, case)
    world.clock.forward(hours=15)
    row = claims.claim(world.store, OutboxKind.MAIL, "worker-1")
    assert row
    left = sending.check_before_sending(world.store, row) is not None
    assert left is (kind not in TAKES_MAIL_BACK)


@pytest.mark.parametrize("what", NO_CONTACT)
def test_what_is_no_contact_counts_for_nothing(world: World, case: int, what: str) -> None:
    NO_CONTACT[what](world, case)
    with world.store.database.read() as connection:
        student = world.student("dana")
        assert contacts_of(connection, student, Calendar(), Q.FITNESS) == ()
    assert not blocks_fitness(world, case)
    assert not rests_ladder(world, case)


def test_every_question_names_kinds_and_every_kind_blocks_fitness() -> None:
    assert set(COUNTS) == set(ContactQuestion)
    assert all(COUNTS[each] for each in ContactQuestion)
    assert COUNTS[Q.FITNESS] == set(ContactKind)
    assert COUNTS[Q.ENGAGEMENT].isdisjoint({K.REPLY, K.SIGN_IN, K.CALL})


# -- Several cases, other days and earlier records ---------------------------------------------


def test_an_answer_to_an_earlier_cases_mail_is_one_on_the_case_of_now(
    world: World, case: int
) -> None:
    closing.close_case(world.store, world.by("sana"), case, Outcome.MEETING_HELD)
    world.screen(finding(world.student("dana"), "again"))
    later = world.rows(cases)[-1]["id"]
    assert later != case
    world.give_view(later)
    comes_back()(world, case)
    assert blocks_fitness(world, later)
    assert rests_ladder(world, later)
    assert world.case(later).status is CaseStatus.RESPONDED
    owner = world.case(later).owner
    told = [each["staff_id"] for each in world.rows(notices, kind="answered", case_id=later)]
    assert told == [owner]


def test_what_was_said_before_a_case_was_opened_is_no_answer_to_it(world: World, case: int) -> None:
    comes_back()(world, case)
    closing.close_case(world.store, world.by("sana"), case, Outcome.MEETING_HELD)
    world.clock.forward(days=40)
    world.screen(finding(world.student("dana"), "again"))
    later = world.rows(cases)[-1]["id"]
    assert not rests_ladder(world, later)
    assert not blocks_fitness(world, later), "and longer ago than the sustained period"


def test_what_a_student_says_without_a_case_counts(world: World) -> None:
    says(Saying.TALK)(world, 0)
    case = world.open_case()
    assert blocks_fitness(world, case)


def test_a_meeting_counts_on_its_own_day(world: World, case: int) -> None:
    logs(InterventionKind.MEETING, on="yesterday")(world, case)
    with world.store.database.read() as connection:
        (met,) = contacts_of(connection, world.student("dana"), Calendar(), Q.MET)
        yesterday = world.today - dt.timedelta(days=1)
        assert (met.day, met.where) == (yesterday, "LANG-1")
        assert engaged_on(connection, yesterday, yesterday) == {(world.student("dana"), met.day)}
        assert engaged_on(connection, world.today, world.today) == frozenset()


def test_a_meeting_before_the_last_mail_does_not_rest_the_ladder(world: World, case: int) -> None:
    logs(InterventionKind.MEETING, on="3 days ago")(world, case)
    assert not rests_ladder(world, case)
    assert blocks_fitness(world, case)


def test_what_lantern_had_drafted_goes_back_with_the_reason(world: World, case: int) -> None:
    world.clock.now = WAIT_IS_OVER
    assert world.follow_up() == 1
    outreach.open_draft(world.store, world.by("alice"), case)
    logs(InterventionKind.MEETING)(world, case)
    draft = world.draft(case)
    assert "A colleague met the student on Monday 27 October." in draft.returned
    assert draft.opened_by is None
    (told,) = world.rows(notices, kind="returned")
    assert told["staff_id"] == world.staff("sana")


def test_an_approved_mail_goes_back_with_the_reason(world: World, case: int) -> None:
    mail = waits(world, case)
    logs(InterventionKind.MEETING)(world, case)
    row = claims.claim(world.store, OutboxKind.MAIL, "worker-1")
    assert row, "it is looked at now, and not in the morning"
    assert sending.check_before_sending(world.store, row) is None
    assert world.mail(mail).status is OutreachStatus.CANCELLED
    (kept,) = world.rows(outreach_table, id=mail)
    assert "a colleague has been in touch with the student" in kept["not_sent"]
    assert "a colleague has been in touch with the student" in world.draft(case).returned


def test_an_approval_from_before_this_was_kept_still_stands() -> None:
    before = unpacked({"policy": 1, "flags": [], "answers": 2})
    assert list(what_changed(before, Basis(1, frozenset(), 2, met=3))) == []
