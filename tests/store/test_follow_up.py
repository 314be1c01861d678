"""The next step's email is drafted once when its wait ends, for a named person, and not sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from store.actions.cases import log_attempt as attempts
from store.actions.cases import pause as resting
from store.actions.outreach import approve as outreach
from store.actions.outreach.receive_reply import record_reply
from store.actions.students.record_message import record_message
from store.rules.errors import NotPossibleNow
from store.rules.model import AttemptResult, OutreachStatus, Rung
from store.rules.students.messages import Said, Saying
from store.tables import audit, cases, notices, outbox, staff
from store.tables import outreach as outreach_table
from tests.people import policy_document
from tests.store.test_guards_at_sending import complain, exempt, write
from tests.world import World

WAIT_IS_OVER = dt.datetime(2025, 10, 27, 8, 30, tzinfo=dt.UTC)
"""Monday, three working days after Wednesday."""


@pytest.fixture
def case(world: World) -> int:
    """Create Sana's case, whose first email has been sent."""
    return world.begins_with(World.writes_to_dana)


def morning(world: World, at: dt.datetime = WAIT_IS_OVER) -> int:
    world.clock.now = at
    return world.follow_up()


def test_it_is_drafted_for_the_owner_who_is_told_and_it_does_not_leave(
    world: World, case: int
) -> None:
    assert morning(world) == 1
    draft = world.draft(case)
    assert (draft.rung, draft.recipient) == (Rung.PERSONAL_EMAIL, "dana@home.example")
    assert (draft.drafter, draft.prepared) == (world.staff("sana"), True)
    assert "Sana Support" in draft.body
    assert (draft.approver, draft.opened_by) == (None, None)
    assert [row["staff_id"] for row in world.rows(notices, kind="prepared")] == [draft.drafter]
    assert len(world.rows(outbox, kind="mail")) == 1
    assert world.rows(audit, action="prepare-draft")[0]["actor"] == "system:follow-up"

    world.approve(case)
    assert world.send("conversation-2").recipient == "dana@home.example"


@pytest.mark.usefixtures("case")
def test_it_is_drafted_once_whatever_becomes_of_it(world: World) -> None:
    assert morning(world) == 1
    assert morning(world) == 0
    drafts = sa.update(outreach_table).where(outreach_table.c.status == "draft")
    write(world, drafts.values(status=OutreachStatus.CANCELLED))
    assert morning(world, WAIT_IS_OVER + dt.timedelta(days=1)) == 0
    assert len(world.rows(outreach_table)) == 2


def test_not_before_the_wait_is_over_and_not_where_nothing_has_left(world: World) -> None:
    case = world.open_case()
    assert morning(world) == 0
    world.clock.now = dt.datetime(2025, 10, 27, 9, 30, tzinfo=dt.UTC)
    world.approved_mail(case)
    world.send()
    assert morning(world, WAIT_IS_OVER + dt.timedelta(days=2)) == 0
    assert morning(world, WAIT_IS_OVER + dt.timedelta(days=3)) == 1


def test_nothing_is_sent_without_a_person_who_opens_and_approves_it(
    world: World, case: int
) -> None:
    morning(world)
    draft = world.draft(case)
    with pytest.raises(NotPossibleNow, match="Open and read"):
        outreach.approve_email(world.store, world.by("alice"), case, draft.id)


def answered(world: World) -> None:
    record_reply(
        world.store,
        message="m",
        conversation="conversation-1",
        body="I am fine",
        received_at=world.clock.now,
    )


def says(kind: Saying) -> Callable[[World], None]:
    def between(world: World) -> None:
        record_message(world.store, Said(world.student("dana"), kind), "k")

    return between


def paused(world: World) -> None:
    until, case = dt.date(2025, 11, 20), world.rows(cases)[0]["id"]
    resting.pause_case(world.store, world.by("sana"), case, until, "She moves house now")


def leaves(world: World) -> None:
    write(world, sa.update(staff).where(staff.c.email.startswith("sana")).values(active=False))


def drafted(world: World) -> None:
    case = world.rows(cases)[0]["id"]
    world.clock.now = WAIT_IS_OVER
    world.write_draft(case, "alice")


def on_every_case(**values: object) -> Callable[[World], None]:
    return lambda world: write(world, sa.update(cases).values(**values))


QUIET: dict[str, Callable[[World], None]] = {
    "answered": answered,
    "said": says(Saying.FINE),
    "opted out": says(Saying.OPT_OUT),
    "paused": paused,
    "complained": complain,
    "exempt": lambda world: exempt(world, "placement"),
    "deceased": lambda world: exempt(world, "deceased"),
    "nobody's": on_every_case(owner_id=None),
    "owner left": leaves,
    "snoozed": on_every_case(snoozed_until=dt.date(2025, 11, 20)),
    "drafted": drafted,
}


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize("why", QUIET)
def test_where_it_would_be_wrong_nothing_is_drafted(world: World, why: str) -> None:
    QUIET[why](world)
    assert morning(world) == 0
    assert world.rows(notices, kind="prepared") == []


@pytest.mark.usefixtures("case")
def test_an_answer_takes_back_what_was_drafted_about_silence(world: World) -> None:
    morning(world)
    answered(world)
    assert world.rows(outreach_table, status=OutreachStatus.DRAFT) == []


def test_an_answer_leaves_alone_what_a_person_wrote(world: World, case: int) -> None:
    morning(world)
    world.write_draft(case, body="Hello Dana, shall we meet?")
    assert not world.draft(case).prepared
    answered(world)
    assert world.draft(case).body == "Hello Dana, shall we meet?"


@pytest.mark.usefixtures("case")
def test_where_a_call_comes_next_no_mail_is_drafted(world: World) -> None:
    ladder = '[[ladder]]\nrung = "personal-email"\nwait_days = 3\n'
    phone = '[[ladder]]\nrung = "phone"\nwait_days = 2\n'
    world.publish(policy_document().replace(ladder, phone + ladder))
    assert morning(world) == 0


@pytest.mark.usefixtures("case")
def test_what_was_tried_long_ago_is_a_new_question_for_a_person(world: World) -> None:
    assert morning(world, dt.datetime(2025, 11, 4, 8, 30, tzinfo=dt.UTC)) == 0


def test_after_a_call_that_came_first_it_is_drafted_once(world: World) -> None:
    ladder = '[[ladder]]\nrung = "university-email"\nwait_days = 3\n'
    phone = '[[ladder]]\nrung = "phone"\nwait_days = 2\n'
    world.publish(policy_document().replace(ladder, phone + ladder))
    case = world.open_case()
    world.give_view(case)
    attempts.log_attempt(
        world.store, world.by("sana"), case, Rung.PHONE, AttemptResult.NO_ANSWER, "Rang twice"
    )
    assert morning(world) == 1
    assert world.draft(case).rung is Rung.UNIVERSITY_EMAIL
    drafts = sa.update(outreach_table).where(outreach_table.c.status == "draft")
    write(world, drafts.values(status=OutreachStatus.CANCELLED))
    assert morning(world) == 0
