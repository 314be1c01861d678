"""§7: a named colleague stands behind every email, also at the moment of sending.

If its author or approver has left, lost the role or is complained about, the email returns to the
remaining colleagues. If only the owner has left, or a person is away, it is sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import pytest
import sqlalchemy as sa

from bot.cards.notices.staff_notices import notice_card
from store.actions.cases import assign as ownership
from store.actions.outreach import send as sending
from store.actions.outreach import write_draft as outreach
from store.actions.outreach.outdated_drafts import drafts_waiting, send_back_outdated
from store.actions.schools.arrange_cover import Absence, arrange_cover
from store.queries.notices.notices import notice_view
from store.rules.errors import NotPossibleNow
from store.rules.letters.approval_basis import IN_YOUR_NAME
from store.rules.model import NoticeKind, OutreachStatus, Role
from store.tables import notices, staff, staff_roles
from store.tables import outreach as outreach_table
from tests.people import MORNING
from tests.world import World

Gone = Callable[[World, str], None]


def leaves(world: World, name: str) -> None:
    with world.store.unit_of_work() as work:
        here = staff.c.id == world.staff(name)
        work.connection.execute(sa.update(staff).where(here).values(active=False))


def changes_role(world: World, name: str) -> None:
    with world.store.unit_of_work() as work:
        here = staff_roles.c.staff_id == world.staff(name)
        work.connection.execute(sa.update(staff_roles).where(here).values(role=Role.FACULTY_LEAD))


def is_away(world: World, name: str) -> None:
    absence = Absence(
        world.staff(name), world.staff("lena"), world.today, world.today + dt.timedelta(days=5)
    )
    arrange_cover(world.store, world.by("lena"), world.school(), absence)


GONE: Mapping[str, Gone] = {"left": leaves, "lost the role": changes_role}
EITHER = pytest.mark.parametrize("gone", GONE.values(), ids=GONE)


@pytest.fixture
def case(world: World) -> int:
    """Create a case that Alice owns, with an email by Sana that Alice has approved."""
    case = world.open_case()
    ownership.take_case(world.store, world.by("alice"), case)
    world.approved_mail(case)
    return case


def told(world: World, kind: NoticeKind) -> set[int]:
    return {row["staff_id"] for row in world.rows(notices, kind=kind)}


def comes_back(world: World, why: str) -> None:
    """Check that the email is not sent, the reason is recorded and its text is a draft again."""
    mail = sending.mail_of(world.store, row := world.claim_mail())
    assert sending.check_before_sending(world.store, row) is None
    (kept,) = world.rows(outreach_table, id=mail.id)
    assert (kept["status"], why in kept["not_sent"]) == (OutreachStatus.CANCELLED, True)
    assert world.draft(mail.case).body == mail.body


@EITHER
def test_another_colleague_approves_it_where_the_approver_is_gone(
    world: World, case: int, gone: Gone
) -> None:
    gone(world, "alice")
    comes_back(world, "its approver may no longer approve it")
    assert told(world, NoticeKind.NOT_SENT) == {world.staff("sana"), world.staff("lena")}
    assert world.draft(case).returned == ""
    world.approve(case, "lena")
    assert world.send().status is OutreachStatus.SENT


@EITHER
def test_the_owner_writes_it_in_their_own_name_where_the_author_is_gone(
    world: World, case: int, gone: Gone
) -> None:
    gone(world, "sana")
    comes_back(world, "its author may no longer write to the student")
    assert told(world, NoticeKind.NOT_SENT) == {world.staff("alice")}
    assert world.draft(case).returned == IN_YOUR_NAME
    with pytest.raises(NotPossibleNow, match="in your own name"):
        world.approve(case, "lena")

    letter = outreach.compose(world.store, world.by("alice"), case)
    assert letter.returned == IN_YOUR_NAME
    assert "Alice Adviser" in letter.body
    assert letter.before, "the words of the colleague who has gone are lost"
    outreach.save_draft(world.store, world.by("alice"), case, letter.subject, letter.body)
    world.approve(case, "lena")
    row = world.claim_mail()
    approved = sending.check_before_sending(world.store, row)
    assert approved
    assert approved.sender_name == "Alice Adviser"


@EITHER
def test_the_leads_hear_of_it_where_the_owner_is_the_author(world: World, gone: Gone) -> None:
    case = world.open_case()
    world.approved_mail(case)
    gone(world, "sana")
    comes_back(world, "its author may no longer write to the student")
    assert told(world, NoticeKind.NOT_SENT) == {world.staff("alice"), world.staff("lena")}


@EITHER
def test_a_draft_that_is_not_approved_yet_goes_to_the_owner(world: World, gone: Gone) -> None:
    case = world.open_case()
    ownership.take_case(world.store, world.by("alice"), case)
    world.give_view(case)
    world.write_draft(case)
    gone(world, "sana")
    with pytest.raises(NotPossibleNow, match="in your own name"):
        world.approve(case)
    assert drafts_waiting(world.store, world.school()) == [case]
    assert send_back_outdated(world.store, case)
    assert not send_back_outdated(world.store, case), "it goes back once"
    (row,) = world.rows(notices, kind=NoticeKind.RETURNED)
    assert row["staff_id"] == world.staff("alice")
    with world.store.database.read() as connection:
        said = repr(notice_card(notice_view(connection, row["id"], world.today), can_open=True))
    assert "The author of the draft for LANG-1 may no longer write to its student" in said
    assert "Edit the draft" in said


def test_lantern_s_own_draft_is_written_again_in_the_new_owner_s_name(world: World) -> None:
    case = world.open_case()
    world.approved_mail(case)
    world.send()
    world.clock.now = MORNING + dt.timedelta(days=7)
    assert world.follow_up() == 1
    leaves(world, "sana")
    ownership.assign_case(world.store, world.by("lena"), case, world.staff("alice"))
    assert send_back_outdated(world.store, case)
    draft = world.draft(case)
    assert (draft.drafter, draft.returned) == (world.staff("alice"), "")
    assert "Alice Adviser" in draft.body
    assert world.staff("alice") in told(world, NoticeKind.PREPARED)


@pytest.mark.parametrize("who", ["sana", "alice"])
def test_it_leaves_while_its_author_or_approver_is_away_and_covered(
    world: World, case: int, who: str
) -> None:
    is_away(world, who)
    assert world.case(case).owner == world.staff("alice")
    assert world.send().status is OutreachStatus.SENT


@EITHER
def test_it_leaves_where_only_the_case_s_owner_is_gone(world: World, case: int, gone: Gone) -> None:
    ownership.assign_case(world.store, world.by("lena"), case, world.staff("lena"))
    gone(world, "lena")
    with world.store.unit_of_work() as work:
        trained = {"trained_on": world.today}
        work.connection.execute(sa.update(staff).values(trained))
        lead = staff_roles.c.staff_id == world.staff("sana")
        work.connection.execute(
            sa.update(staff_roles).where(lead).values(role=Role.ENGAGEMENT_LEAD)
        )
    assert world.send().status is OutreachStatus.SENT
