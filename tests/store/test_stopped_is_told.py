"""The people of an approved email are told when a colleague's action stops it, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import pytest

from store.actions.cases import close as closing
from store.actions.cases import pause as resting
from store.actions.complaints import handle as complaints
from store.actions.complaints.handle import Complaint
from store.actions.students import exempt as exempting
from store.actions.students.exempt import Exemption
from store.rules.model import ExemptionKind, NoticeKind, Outcome, OutreachStatus
from store.tables import notices, outreach
from tests.world import World


def closes(world: World, case: int) -> None:
    closing.close_case(world.store, world.by("lena"), case, Outcome.MEETING_HELD)


def pauses(world: World, case: int) -> None:
    until = world.today + dt.timedelta(days=8)
    resting.pause_case(world.store, world.by("lena"), case, until, "Away with the choir")


def exempts(world: World, case: int) -> None:
    away = Exemption(ExemptionKind.PLACEMENT, world.today, None, "Placement at the archive")
    exempting.exempt_student(world.store, world.by("lena"), case, away)


def complains(world: World, case: int) -> None:
    complaints.record_complaint(
        world.store, world.by("lena"), case, Complaint("The email was hurtful")
    )


ACTS: Mapping[str, Callable[[World, int], None]] = {
    "the case was closed": closes,
    "the case was paused": pauses,
    "the student is exempt now": exempts,
    "a complaint is open": complains,
}


@pytest.mark.parametrize("why", ACTS)
def test_its_author_and_its_approver_hear_why(world: World, why: str) -> None:
    case = world.open_case()
    mail = world.approved_mail(case)

    ACTS[why](world, case)

    (stopped,) = world.rows(outreach, id=mail.id)
    assert (stopped["status"], stopped["not_sent"]) == (OutreachStatus.CANCELLED, why)
    told = {row["staff_id"] for row in world.rows(notices, kind=NoticeKind.NOT_SENT)}
    assert told == {world.staff("sana"), world.staff("alice")}


def test_who_stops_it_is_not_told(world: World) -> None:
    case = world.open_case()
    world.approved_mail(case)
    resting.pause_case(
        world.store, world.by("alice"), case, world.today + dt.timedelta(days=8), "With the choir"
    )
    told = [row["staff_id"] for row in world.rows(notices, kind=NoticeKind.NOT_SENT)]
    assert told == [world.staff("sana")]


def test_whom_a_complaint_is_about_is_not_told_of_it(world: World) -> None:
    case = world.open_case()
    world.approved_mail(case)
    about = Complaint("The email was hurtful", about=world.staff("sana"))
    complaints.record_complaint(world.store, world.by("lena"), case, about)
    told = [row["staff_id"] for row in world.rows(notices, kind=NoticeKind.NOT_SENT)]
    assert told == [world.staff("alice")]
