"""A complaint stops emails about engagement in every status; welfare contact continues."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from store.actions.cases import alert_home_school as alerting
from store.actions.cases import close as closing
from store.actions.complaints import handle as complaints
from store.actions.complaints.handle import Complaint
from store.actions.outreach import send as sending
from store.actions.outreach import write_draft
from store.actions.schools.load_roster import load_roster
from store.delivery.claims import claim
from store.rules.errors import NotPossibleNow
from store.rules.model import CaseStatus, OutboxKind, Outcome, OutreachStatus, Purpose
from store.rules.schools import Roster
from store.tables import audit, emergencies
from store.tables import complaints as complaints_table
from store.tables import outreach as outreach_table
from tests.people import BODY, MATHEMATICS, REASON, SUBJECT
from tests.store.test_complaints import DANA, SUMMARY, record
from tests.world import World

# -- Emails ------------------------------------------------------------------------------------


def test_nothing_about_engagement_leaves_any_more(world: World) -> None:
    case = world.open_case()
    mail = world.approved_mail(case)

    record(world, case)

    assert world.mail(mail.id).status is OutreachStatus.CANCELLED
    assert claim(world.store, OutboxKind.MAIL, "worker") is None
    with pytest.raises(NotPossibleNow):
        world.write_draft(case)


def welfare(world: World, case: int) -> None:
    """Record a use of the welfare route and draft an email about welfare."""
    with world.store.unit_of_work() as work:
        work.connection.execute(
            sa.insert(emergencies).values(
                case_id=case, used_by=world.staff("sana"), why=REASON, at=work.now
            )
        )
    write_draft.save_draft(world.store, world.by("sana"), case, SUBJECT, BODY, Purpose.WELFARE)


def test_a_concern_for_welfare_is_written_all_the_same(world: World) -> None:
    case = world.open_case()
    world.write_draft(case)
    record(world, case, "lena")

    welfare(world, case)
    mail = world.approve(case)

    assert world.mail(mail.id).purpose is Purpose.WELFARE
    assert world.send().status is OutreachStatus.SENT


@pytest.mark.parametrize(("approver", "leaves"), [("alice", False), ("lena", True)])
def test_a_mail_about_welfare_leaves_unless_whom_it_is_about_approved_it(
    world: World, approver: str, leaves: bool
) -> None:
    case = world.open_case()
    welfare(world, case)
    mail = world.approve(case, approver)

    record(world, case, "alice")

    status = world.mail(mail.id).status
    assert status is (OutreachStatus.APPROVED if leaves else OutreachStatus.CANCELLED)


def test_the_worker_asks_again_who_approved_it(world: World) -> None:
    """The complaint arrives after the worker has claimed the email."""
    case = world.open_case()
    welfare(world, case)
    mail = world.approve(case)
    row = world.claim_mail()
    record(world, case, "alice")
    with world.store.unit_of_work() as work:
        work.connection.execute(sa.update(outreach_table).values(status=OutreachStatus.APPROVED))

    assert sending.check_before_sending(world.store, row) is None
    assert world.mail(mail.id).status is OutreachStatus.CANCELLED
    (entry,) = world.rows(audit, action="not-sent")
    assert "its approver may no longer approve it" in entry["details"]["reason"]
    assert world.draft(case).body == mail.body, "another colleague may approve it"


# -- Statuses ----------------------------------------------------------------------------------


def test_a_closed_case_stays_closed_and_keeps_its_evidence(world: World) -> None:
    case = world.open_case()
    closing.close_case(world.store, world.by("lena"), case, Outcome.MEETING_HELD)

    record(world, case, "sana")

    assert world.case(case).status is CaseStatus.CLOSED
    assert world.case(case).complaint
    complaints.resolve_complaint(world.store, world.by("lena"), case, "We met and talked it over")
    assert world.case(case).status is CaseStatus.CLOSED


def test_a_handed_over_case_waits_for_its_acknowledgement_first(world: World) -> None:
    case = world.open_case()
    load_roster(world.store, Roster(students=(replace(DANA, home_school=MATHEMATICS),)))

    complaints.record_complaint(world.store, world.by("charlie"), case, Complaint(SUMMARY))

    assert world.case(case).status is CaseStatus.HANDED_OVER
    assert world.case(case).owner == world.staff("max")
    alerting.acknowledge_alert(world.store, world.by("max"), case)
    with pytest.raises(NotPossibleNow, match="complaint is open"):
        world.write_draft(case, "charlie")


def test_a_complaint_moves_with_its_case_to_the_new_school(world: World) -> None:
    case = world.open_case()
    record(world, case, "sana")

    load_roster(world.store, Roster(students=(replace(DANA, home_school=MATHEMATICS),)))

    assert world.case(case).complaint
    assert world.case(case).owner == world.staff("max")
    assert [row["handler_id"] for row in world.rows(complaints_table)] == [world.staff("max")]
