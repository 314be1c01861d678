"""Every kind of sign of contact or activity, and every rule that asks for one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import replace

import pytest

from store.actions.cases import decide_fitness_to_study as fitness
from store.actions.cases import discuss as discussion
from store.actions.cases import log_attempt as attempts
from store.actions.cases import refer as referring
from store.actions.outreach.receive_reply import record_reply
from store.actions.students.record_message import note_chat, record_message
from store.actions.students.use_link import Visit, confirm_link, own_page, visit_link
from store.policies.versions import school_policy
from store.queries.cases.contact_ladder import ladder_of
from store.queries.cases.waiting import waiting_in
from store.queries.contacts import engaged_on
from store.rules.calendar import Calendar
from store.rules.model import AnswerKind, AttemptResult, InterventionKind, Rung
from store.rules.notices.reminders import WaitingFor
from store.rules.students.contacts import ContactKind, ContactQuestion
from store.rules.students.digital_traces import Look, Trace
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import Said, Saying
from store.signed_links import StudentLink
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
    """Create Dana's case, owned by Sana, whose first email was sent a day ago."""
    return world.begins_with(written_to_yesterday)


def written_to_yesterday(world: World) -> int:
    world.publish(policy_document() + SERVICE)
    case = world.open_case()
    world.approved_mail(case)
    world.send(FIRST)
    world.clock.forward(days=1)
    return case


# -- Signs -----------------------------------------------------------------------------------

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
    """Follow every link, as an email scanner does."""
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


# -- Rules that ask for a sign ---------------------------------------------------------------


def looks(*, sees: bool) -> Look:
    """Return a look at traces in which every day is measured and the student is seen today or
    never."""

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


def waits(world: World, case: int) -> int:
    """Approve a second email late in the evening, after the wait for an answer has ended."""
    world.clock.now = WAIT_IS_OVER
    world.screen(finding(world.student("dana")))
    world.write_draft(case)
    world.clock.forward(hours=9)
    return world.approve(case).id
