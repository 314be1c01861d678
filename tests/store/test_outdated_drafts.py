"""A draft whose text no longer holds is written again, and is not approved or sent.

The kind of database makes no difference here, so one is enough.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.cards.notices.staff_notices import notice_card
from bot.cards.outreach.draft import draft_dialog
from store.actions.cases import log_access as reading
from store.actions.cases.open_draft import open_to_approve
from store.actions.outreach import approve as outreach
from store.actions.outreach import send as sending
from store.actions.outreach import write_draft
from store.actions.outreach.outdated_drafts import send_back_outdated
from store.queries.notices.notices import notice_view
from store.rules.access.permissions import Action
from store.rules.errors import NotPossibleNow
from store.rules.letters.approval_basis import Basis, outdated, unpacked
from store.rules.model import FlagEnd, OutreachStatus
from store.tables import notices
from tests.people import BODY, finding, policy_document
from tests.world import World

pytestmark = pytest.mark.parametrize("world_url", ["sqlite"], indirect=True)

OLD = "written on records of Tuesday 21 October"
SEEN = "the student was seen since, on Thursday 23 October"
GONE = "a reason for it has ended or was corrected"


def screened(world: World, **facts: Any) -> None:
    """Screen with both reasons holding, with these facts."""
    student = world.student("dana")
    world.screen(finding(student, **facts), finding(student, "essay", **facts))


def a_week_passes(world: World) -> None:
    world.clock.forward(days=7)
    screened(world, fresh=dt.date(2025, 10, 28))


def a_week_without_records(world: World) -> None:
    world.clock.forward(days=7)


def comes_once(world: World) -> None:
    world.clock.forward(days=2)
    day = dt.date(2025, 10, 23)
    screened(world, fresh=day, seen_on=day)


def one_flag_ends(world: World) -> None:
    world.clock.forward(days=1)
    student = world.student("dana")
    world.screen(finding(student, "essay"), judge=lambda _: FlagEnd.EXCUSED)


CHANGES = {
    "old": (a_week_passes, OLD),
    "old, and nothing newer came": (a_week_without_records, OLD),
    "seen": (comes_once, SEEN),
    "over": (one_flag_ends, GONE),
}


def drafted(world: World) -> int:
    """Create a case with two reasons, a view and a draft."""
    case = world.open_case()
    screened(world)
    world.give_view(case)
    world.write_draft(case)
    return case


@pytest.mark.parametrize("change", CHANGES)
def test_it_goes_back_to_its_author_and_one_step_writes_it_on_what_is_known_now(
    world: World, change: str
) -> None:
    case = drafted(world)
    happens, why = CHANGES[change]
    happens(world)

    opened = outreach.open_draft(world.store, world.by("alice"), case)
    with pytest.raises(NotPossibleNow, match=why):
        outreach.approve_email(world.store, world.by("alice"), case, opened.id)
    with pytest.raises(NotPossibleNow, match=f"{why}.*Write it again"):
        open_to_approve(world.store, world.by("alice"), case)
    assert why in world.draft(case).returned
    assert not send_back_outdated(world.store, case), "it goes back once"
    (told,) = world.rows(notices, kind="returned")
    assert told["staff_id"] == world.staff("sana")

    letter = write_draft.compose(world.store, world.by("sana"), case)
    assert why in letter.returned
    assert letter.before == BODY, "what the colleague had written is lost"
    assert "We have not seen you" in letter.body, "it is not written afresh"
    seen = reading.preview_case(world.store, world.staff("sana"), case, Action.DRAFT)
    assert BODY.splitlines()[0] in str(draft_dialog(seen, letter))

    write_draft.save_draft(world.store, world.by("sana"), case, letter.subject, letter.body)
    assert world.draft(case).returned == ""
    assert world.approve(case).status is OutreachStatus.APPROVED
    assert world.send().body == letter.body


def test_its_author_is_told_once_what_happened_and_not_each_morning(world: World) -> None:
    case = drafted(world)
    for number in (23, 24, 27):
        world.clock.forward(days=1)
        day = dt.date(2025, 10, number)
        screened(world, fresh=day, seen_on=day)
        assert send_back_outdated(world.store, case)
        assert f"{number} October" in world.draft(case).returned
    (told,) = world.rows(notices, kind="returned")
    with world.store.database.read() as connection:
        said = repr(notice_card(notice_view(connection, told["id"], world.today), can_open=True))
    assert "The records behind your draft for LANG-1 have changed. Read it again" in said
    assert "was returned" not in said

    letter = write_draft.compose(world.store, world.by("sana"), case)
    write_draft.save_draft(world.store, world.by("sana"), case, letter.subject, letter.body)
    one_flag_ends(world)
    assert send_back_outdated(world.store, case)
    assert len(world.rows(notices, kind="returned")) == 2, "another change is told"


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_approved_does_not_leave(world: World, change: str) -> None:
    case = drafted(world)
    mail = world.approve(case)
    happens, why = CHANGES[change]
    happens(world)

    assert sending.check_before_sending(world.store, world.claim_mail()) is None
    assert world.mail(mail.id).status is OutreachStatus.CANCELLED
    if change == "over":
        return
    again = world.draft(case)
    assert why in again.returned
    with pytest.raises(NotPossibleNow, match=why):
        world.approve(case)


def test_a_word_put_differently_makes_the_records_no_newer(world: World) -> None:
    case = drafted(world)
    world.clock.forward(days=4)
    world.write_draft(case, body=f"{BODY}\n\nSee you soon.")
    world.clock.forward(days=3)
    with pytest.raises(NotPossibleNow, match=OLD):
        world.approve(case)


def test_the_school_says_how_old_its_records_may_be(world: World) -> None:
    document = policy_document().replace("[outreach]", "[outreach]\nrecords_last_days = 14")
    world.publish(document)
    case = drafted(world)
    a_week_without_records(world)
    assert world.approve(case).status is OutreachStatus.APPROVED


def test_where_nothing_happened_it_stays_as_it_is(world: World) -> None:
    case = drafted(world)
    world.clock.forward(days=4)
    assert not send_back_outdated(world.store, case)
    assert world.approve(case).status is OutreachStatus.APPROVED


def test_a_draft_of_before_this_was_kept_is_asked_nothing(world: World) -> None:
    kept = unpacked({"policy": 1, "flags": [1], "answers": 0, "met": 0})
    assert outdated(kept, Basis(), world.today + dt.timedelta(days=365), 5) == ""
