"""Has the student been in touch or been seen? Every kind of sign, against every rule that asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import replace

import pytest

from store.actions.cases import close as closing
from store.actions.cases import decide_fitness_to_study as fitness
from store.actions.cases import discuss as discussion
from store.actions.cases import log_attempt as attempts
from store.actions.cases import refer as referring
from store.actions.outreach import approve as outreach
from store.actions.outreach import send as sending
from store.actions.outreach.receive_reply import record_reply
from store.actions.students.record_message import note_chat, record_message
from store.actions.students.use_link import Visit, confirm_link, own_page, visit_link
from store.delivery import outbox
from store.policies.versions import school_policy
from store.queries.cases.contact_ladder import ladder_of
from store.queries.cases.waiting import waiting_in
from store.queries.contacts import contacts_of, engaged_on
from store.rules.calendar import Calendar
from store.rules.letters.approval_basis import Basis, unpacked, what_changed
from store.rules.model import (
    AnswerKind,
    AttemptResult,
    CaseStatus,
    InterventionKind,
    OutboxKind,
    Outcome,
    OutreachStatus,
    Rung,
)
from store.rules.notices.reminders import WaitingFor
from store.rules.students.contacts import COUNTS, ContactKind, ContactQuestion
from store.rules.students.digital_traces import Look, Trace
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import Said, Saying
from store.signed_links import StudentLink
from store.tables import cases, notices
from store.tables import outreach as outreach_table
from tests.people import finding, policy_document
from tests.store.test_follow_up import WAIT_IS_OVER
from tests.world import World

K, Q = ContactKind, ContactQuestion
SERVICE = """
[[services]]
key = "wellbeing"
name = "Wellbeing"
helps_with = "talking things over"
contact = "wellbeing@example.ac.uk"
"""
FIRST = "the first mail's conversation"


@pytest.fixture
def case(world: World) -> int:
    """Dana's, which is Sana's. Its first mail has left, and a day has passed."""
    return world.begins_with(written_to_yesterday)


def written_to_yesterday(world: World) -> int:
    world.publish(policy_document() + SERVICE)
    case = world.open_case()
    world.approved_mail(case)
    world.send(FIRST)
    world.clock.forward(days=1)
    return case


# -- What can happen -------------------------------------------------------------------------

Happens = Callable[[World, int], object]


def comes_back(kind: AnswerKind = AnswerKind.ANSWER, sender: str = "") -> Happens:
    return lambda world, _: record_reply(
        world.store,
        message="m1",
        conversation=FIRST,
        body="I am well",
        received_at=world.clock.now,
        kind=kind,
        sender=sender,
    )


def says(kind: Saying) -> Happens:
    return lambda world, _: record_message(world.store, Said(world.student("dana"), kind), "k")


def logs(kind: InterventionKind, *, reached: bool | None = None, on: str = "") -> Happens:
    return lambda world, case: discussion.log_intervention(
        world.store, world.by("alice"), case, kind, "Half an hour", reached=reached, on=on
    )


def tries(rung: Rung, result: AttemptResult) -> Happens:
    return lambda world, case: attempts.log_attempt(
        world.store, world.by("alice"), case, rung, result
    )


def refers(*, consented: bool) -> Happens:
    return lambda world, case: referring.refer_student(
        world.store, world.by("alice"), case, "wellbeing", consented=consented
    )


def opens_page(world: World, _: int) -> None:
    mail = world.rows(outreach_table)[0]["id"]
    coming = Visit(mail, world.student("dana"), LinkPurpose.PAGE)
    confirm_link(world.store, coming, "1001")
    own_page(world.store, replace(coming, purpose=LinkPurpose.PROOF))


def fetches_link(world: World, _: int) -> None:
    """As a scanner of mail does, which follows every link."""
    mail, until = world.rows(outreach_table)[0]["id"], world.clock.now + dt.timedelta(days=30)
    for purpose in (LinkPurpose.FINE, LinkPurpose.PAGE, LinkPurpose.DOOR):
        visit_link(world.store, world.store.links.sign(StudentLink(mail, purpose), until))


HAPPENS: dict[ContactKind, Happens] = {
    K.REPLY: comes_back(),
    K.UNCHECKED: comes_back(AnswerKind.DOUBTFUL),
    K.MESSAGE: says(Saying.FINE),
    K.WISH: says(Saying.OPT_IN),
    K.CHAT: lambda world, _: note_chat(world.store, world.student("dana")),
    K.SIGN_IN: opens_page,
    K.REACHED: tries(Rung.PHONE, AttemptResult.REACHED),
    K.MEETING: logs(InterventionKind.MEETING),
    K.CALL: logs(InterventionKind.CALL, reached=True),
    K.REFERRAL: refers(consented=True),
    K.TRACES: tries(Rung.DIGITAL_TRACES, AttemptResult.TRACES_SEEN),
    K.ACTIVITY: lambda _world, _case: None,
}

NO_CONTACT: dict[str, Happens] = {
    "an automatic reply": comes_back(AnswerKind.AUTOMATIC),
    "a bounce": comes_back(AnswerKind.BOUNCE),
    "a colleague's mail": comes_back(sender="bob@example.ac.uk"),
    "the school's own mail": comes_back(sender="lang@example.ac.uk"),
    "nobody picked up": tries(Rung.PHONE, AttemptResult.NO_ANSWER),
    "left a message": tries(Rung.PHONE, AttemptResult.LEFT_A_MESSAGE),
    "wrong number": tries(Rung.PHONE, AttemptResult.WRONG_NUMBER),
    "nothing seen": tries(Rung.DIGITAL_TRACES, AttemptResult.NOTHING_SEEN),
    "not measured": tries(Rung.DIGITAL_TRACES, AttemptResult.NOT_MEASURED),
    "did not come": logs(InterventionKind.MEETING, reached=False),
    "call not answered": logs(InterventionKind.CALL, reached=False),
    "a note": logs(InterventionKind.NOTE),
    "a resource": logs(InterventionKind.RESOURCE),
    "pointed to a service": refers(consented=False),
    "a link that was fetched": fetches_link,
}


# -- The rules that ask ----------------------------------------------------------------------


def looks(*, sees: bool) -> Look:
    """Every day is measured, and the student is seen today or not at all."""

    def look(
        _student: int, _which: Collection[str], first: dt.date, last: dt.date, **_only: bool
    ) -> tuple[Trace]:
        days = frozenset(first + dt.timedelta(days=n) for n in range((last - first).days + 1))
        return (Trace("moodle", first, last, last if sees else None, days),)

    return look


def blocks_fitness(world: World, case: int, *, sees: bool = False) -> bool:
    asked = fitness.ask_fitness_question(world.store, world.by("lena"), case, looks(sees=sees))
    signs = {*(f"{kind.says} on " for kind in ContactKind), "moodle shows the student on "}
    return any(block.startswith(sign) for block in asked.assessment.blocks for sign in signs)


def rests_ladder(world: World, case: int) -> bool:
    with world.store.database.read() as connection:
        policy = school_policy(connection, world.school(), world.today)
        stands = ladder_of(connection, world.case(case), policy, world.today)
    return stands.stopped_by is not None


def asks_for_reaction(world: World) -> bool:
    with world.store.database.read() as connection:
        found = waiting_in(connection, world.school(), Calendar(), world.today)
    return any(each.what is WaitingFor.REACTION for each in found)


def is_engagement(world: World) -> bool:
    with world.store.database.read() as connection:
        return bool(engaged_on(connection, world.today, world.today))


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
    row = outbox.claim(world.store, OutboxKind.MAIL, "worker-1")
    assert row
    left = sending.check_before_sending(world.store, row) is not None
    assert left is (kind not in TAKES_MAIL_BACK)


def waits(world: World, case: int) -> int:
    """A second mail is approved late in the evening, once the wait for an answer is over."""
    world.clock.now = WAIT_IS_OVER
    world.screen(finding(world.student("dana")))
    world.write_draft(case)
    world.clock.forward(hours=9)
    return world.approve(case).id


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


# -- Several cases, other days, and what was written before ------------------------------------


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
    row = outbox.claim(world.store, OutboxKind.MAIL, "worker-1")
    assert row, "it is looked at now, and not in the morning"
    assert sending.check_before_sending(world.store, row) is None
    assert world.mail(mail).status is OutreachStatus.CANCELLED
    (kept,) = world.rows(outreach_table, id=mail)
    assert "a colleague has been in touch with the student" in kept["not_sent"]
    assert "a colleague has been in touch with the student" in world.draft(case).returned


def test_an_approval_from_before_this_was_kept_still_stands() -> None:
    before = unpacked({"policy": 1, "flags": [], "answers": 2})
    assert list(what_changed(before, Basis(1, frozenset(), 2, met=3))) == []
