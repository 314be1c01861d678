"""A change between approval and sending stops the email, and the reason is recorded.

Each change is written to the database directly, at the last moment. Most use cases cancel approved
emails themselves; here only the worker can notice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from store.actions.cases.use_welfare_route import use_welfare_route
from store.actions.outreach import send as sending
from store.actions.outreach import stop_mail as stops
from store.actions.outreach import write_draft
from store.actions.schools.load_roster import load_roster
from store.actions.students.record_message import record_message
from store.rules.model import CaseStatus, OutreachStatus, Purpose
from store.rules.outreach.guards import SendingLimits
from store.rules.schools import Roster
from store.rules.students.messages import ContactWay, Said, Saying
from store.tables import audit, cases, complaints, exemptions, notices, policies, staff
from store.tables import outbox as outbox_table
from store.tables import outreach as outreach_table
from tests.people import ROSTER, finding, policy_document
from tests.world import World

Between = Callable[[World], None]


def write(world: World, *statements: sa.Executable) -> None:
    with world.store.unit_of_work() as work:
        for each in statements:
            work.connection.execute(each)


def exempt(world: World, kind: str) -> None:
    row = {
        "student_id": world.student("dana"),
        "school_id": world.school(),
        "kind": kind,
        "first": world.today,
        "reason": "Said so",
        "by_staff_id": world.staff("sana"),
        "at": world.clock.now,
    }
    write(world, sa.insert(exemptions).values(row))


def complain(world: World) -> None:
    row = {
        "case_id": world.rows(cases)[0]["id"],
        "recorded_by": world.staff("bob"),
        "summary": "The tone",
        "informal_by": world.today,
        "evidence": "{}",
        "evidence_hash": "0",
        "at": world.clock.now,
    }
    write(world, sa.insert(complaints).values(row))


def pause(world: World) -> None:
    until = world.today + dt.timedelta(days=3)
    write(world, sa.update(cases).values(status=CaseStatus.PAUSED, paused_until=until))


def close(world: World) -> None:
    write(world, sa.update(cases).values(status=CaseStatus.CLOSED))


def untrain(world: World) -> None:
    write(world, sa.update(staff).values(trained_on=None))


def write_from_elsewhere(world: World) -> None:
    """Record two emails this week from another school's case of the same student."""
    closed = sa.insert(cases).values(
        reference="MATH-90",
        student_id=world.student("dana"),
        school_id=world.school("MATH"),
        status=CaseStatus.CLOSED,
        version=1,
        opened_on=world.today,
        opened_at=world.clock.now,
        changed_at=world.clock.now,
        weeks=[],
        weeks_until=world.today,
    )
    write(world, closed)
    (there,) = world.rows(cases, reference="MATH-90")
    row = world.rows(outreach_table)[0]
    del row["id"]
    sent = {"case_id": there["id"], "status": OutreachStatus.SENT, "sent_at": world.clock.now}
    write(world, *(sa.insert(outreach_table).values(row | sent) for _ in range(2)))


def limit(**limits: object) -> Between:
    def between(world: World) -> None:
        world.store.limits = SendingLimits(**limits)  # type: ignore[arg-type]

    return between


def said(kind: Saying, way: ContactWay | None = None) -> Between:
    def between(world: World) -> None:
        record_message(world.store, Said(world.student("dana"), kind, "", way), "k")

    return between


def moves(world: World) -> None:
    dana = replace(ROSTER.students[0], university_email="dana.new@students.example.ac.uk")
    load_roster(world.store, Roster(students=(dana,)))


def loses_address(world: World) -> None:
    dana = replace(ROSTER.students[0], university_email="")
    load_roster(world.store, Roster(students=(dana,)))


def flag_anew(world: World) -> None:
    student = world.student("dana")
    world.screen(finding(student), finding(student, "essay"))


def withdraw(world: World) -> None:
    write(world, sa.text("UPDATE flags SET state = 'withdrawn'"))


def publish(world: World) -> None:
    world.publish(policy_document(clear_after_days=9))


CANCELS: dict[str, tuple[Between, str]] = {
    "dry run": (limit(dry_run=True), "dry run"),
    "trial": (limit(testers=frozenset({"tester@example.ac.uk"})), "on trial"),
    "domains": (limit(domains=frozenset({"example.org"})), "does not send to"),
    "no trained lead": (untrain, "until the training of an engagement lead is recorded"),
    "cap across schools": (write_from_elsewhere, "had 2 emails about engagement"),
    "opt-out": (said(Saying.OPT_OUT), "no more emails about engagement"),
    "by phone": (said(Saying.CONTACT_BY, ContactWay.PHONE), "to be contacted by phone"),
    "by chat": (said(Saying.CONTACT_BY, ContactWay.CHAT), "to be contacted by chat"),
    "another address": (
        said(Saying.CONTACT_BY, ContactWay.PERSONAL_EMAIL),
        "asked for emails by personal email",
    ),
    "complaint": (complain, "a complaint is open"),
    "pause": (pause, "is paused"),
    "closed": (close, "the case is closed"),
    "exempt": (lambda world: exempt(world, "placement"), "exempt now (placement)"),
    "deceased": (lambda world: exempt(world, "deceased"), "all contact has stopped"),
    "flag withdrawn": (withdraw, "every reason for the case has ended (later data corrected it)"),
    "new flag": (flag_anew, "there is a new flag"),
    "policy": (publish, "the school's policy has a new version"),
    "recipient": (moves, "the student has another address"),
    "no recipient": (loses_address, "the roster no longer has this address"),
    "answer": (said(Saying.FINE), "the student has answered"),
    "age": (lambda world: world.clock.forward(days=6), "the approval is too old"),
}


@pytest.mark.parametrize("guard", CANCELS)
def test_it_does_not_leave_and_the_case_the_audit_its_owner_and_the_approver_hear_why(
    world: World, guard: str
) -> None:
    case = world.open_case()
    mail = world.approved_mail(case)
    between, why = CANCELS[guard]
    between(world)

    assert sending.check_before_sending(world.store, world.claim_mail()) is None

    assert world.mail(mail.id).status is OutreachStatus.CANCELLED
    (row,) = world.rows(outbox_table, kind="mail")
    assert row["state"] == "cancelled"
    (entry,) = world.rows(audit, action="not-sent")
    assert why in entry["details"]["reason"]
    (kept,) = world.rows(outreach_table, id=mail.id)
    assert why in kept["not_sent"]
    assert "Dana" not in kept["not_sent"]
    assert "dana" not in kept["not_sent"]
    told = world.rows(notices, kind="not-sent")
    owner = world.case(case).owner
    assert {row["staff_id"] for row in told} == {world.staff("alice"), owner}
    assert {row["about"] for row in told} == {mail.id}


def close_school(world: World, quiet_hours: bool) -> None:
    closure = f"[[calendar.closures]]\nname = 'Fire'\nfirst = {world.today}\nlast = {world.today}\n"
    document = policy_document().replace("[outreach]", f"{closure}[outreach]")
    if not quiet_hours:
        document = document.replace("[outreach]", "[outreach]\nquiet_hours = false")
    # It replaces the version in force, so the closure is the only change.
    write(world, sa.update(policies).values(document=document, document_hash=document))


WAITS: dict[str, Between] = {
    "kill switch": lambda world: stops.stop_from_outside(world.store, "The mailbox is wrong"),
    "lead's switch": lambda world: stops.stop_mail(
        world.store, world.by("lena"), world.school(), "The words are wrong"
    ),
    "quiet hours": lambda world: world.clock.forward(hours=9),
    "closure": lambda world: close_school(world, quiet_hours=True),
    "closure without quiet hours": lambda world: close_school(world, quiet_hours=False),
}


@pytest.mark.parametrize("guard", WAITS)
def test_it_waits_and_nothing_is_lost(world: World, guard: str) -> None:
    case = world.open_case()
    mail = world.approved_mail(case)
    WAITS[guard](world)

    assert sending.check_before_sending(world.store, world.claim_mail()) is None

    assert world.mail(mail.id).status is OutreachStatus.APPROVED
    (row,) = world.rows(outbox_table, kind="mail")
    assert (row["state"], row["not_before"] > world.clock.now) == ("due", True)
    assert world.rows(notices, kind="not-sent") == []

    if guard == "closure without quiet hours":
        # The next working day after the closure, at the end of quiet hours.
        world.clock.now = row["not_before"]
        assert world.clock.now.date() == dt.date(2025, 10, 23)
        assert sending.check_before_sending(world.store, world.claim_mail()) is not None


def test_a_mail_about_welfare_goes_past_wishes_and_new_evidence(world: World) -> None:
    case = world.open_case()
    use_welfare_route(world.store, world.by("alice"), case, "A worrying voice message")
    letter = write_draft.compose(world.store, world.by("sana"), case, Purpose.WELFARE)
    write_draft.save_draft(
        world.store, world.by("sana"), case, letter.subject, letter.body, Purpose.WELFARE
    )
    world.approve(case)
    said(Saying.OPT_OUT)(world)
    said(Saying.CONTACT_BY, ContactWay.PHONE)(world)
    flag_anew(world)
    publish(world)
    assert sending.check_before_sending(world.store, world.claim_mail()) is not None
