"""An approved email is sent once, only when permitted, and never from a closed case."""

import datetime as dt
from functools import partial

import pytest

from store.actions.cases import close as closing
from store.actions.outreach import approve as outreach
from store.rules.errors import CaseworkError, NotPossibleNow
from store.rules.model import (
    CaseStatus,
    Opinion,
    OutboxKind,
    OutboxState,
    Outcome,
    OutreachStatus,
)
from store.tables import outbox
from tests.store.together import together
from tests.world import World


def mails(world: World) -> list[str]:
    return [str(row["state"]) for row in world.rows(outbox, kind=OutboxKind.MAIL)]


def discussed(world: World, student: str = "dana") -> int:
    case = world.open_case(student)
    world.give_view(case, opinion=Opinion.CONTACT_NOW)
    world.write_draft(case)
    return case


def test_approving_twice_sends_once(world: World) -> None:
    case = world.open_case()
    approved = world.approved_mail(case)

    with pytest.raises(NotPossibleNow, match="This email is already approved"):
        outreach.approve_email(world.store, world.by("alice"), case, approved.id)

    assert mails(world) == [OutboxState.DUE]
    assert world.mail(approved.id) == approved


def test_two_clicks_at_the_same_moment_send_once(world: World) -> None:
    case = discussed(world)
    draft = outreach.open_draft(world.store, world.by("alice"), case)
    clicks = [world.by("alice"), world.by("alice")]

    def approve() -> object:
        return outreach.approve_email(world.store, clicks.pop(), case, draft.id)

    results = together(approve, approve)

    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotPossibleNow"]
    assert mails(world) == [OutboxState.DUE]


def test_an_approved_text_cannot_be_changed(world: World) -> None:
    case = world.open_case()
    approved = world.approved_mail(case)
    world.send()
    world.clock.forward(days=6)

    world.write_draft(case, body="Hello, a second mail: shall we meet?")

    sent = world.mail(approved.id)
    assert (sent.subject, sent.body) == (approved.subject, approved.body)
    assert world.draft(case).id != approved.id
    assert world.draft(case).recipient == "dana@home.example", "the next rung of the ladder"


def test_in_quiet_hours_a_mail_waits_for_the_morning(world: World) -> None:
    case = discussed(world)
    world.clock.now = dt.datetime(2025, 10, 24, 20, 0, tzinfo=dt.UTC)  # a Friday evening
    draft = outreach.open_draft(world.store, world.by("alice"), case)

    leaves = outreach.approve_email(world.store, world.by("alice"), case, draft.id)

    assert leaves is not None
    assert leaves.isoformat() == "2025-10-27T08:00:00+00:00", "Monday, and summer time is over"
    (row,) = world.rows(outbox, kind=OutboxKind.MAIL)
    assert row["not_before"] == leaves


# -- Closing cancels emails that have not been sent --------------------------------------------


def close(world: World, case: int) -> None:
    closing.close_case(world.store, world.by("lena"), case, Outcome.RE_ENGAGED)


def test_closing_stops_an_approved_mail(world: World) -> None:
    case = world.open_case()
    approved = world.approved_mail(case)

    close(world, case)

    assert mails(world) == [OutboxState.CANCELLED]
    assert world.mail(approved.id).status is OutreachStatus.CANCELLED


def test_closing_stops_a_draft(world: World) -> None:
    case = discussed(world)
    draft = outreach.open_draft(world.store, world.by("alice"), case)

    close(world, case)

    with pytest.raises(CaseworkError):
        outreach.approve_email(world.store, world.by("alice"), case, draft.id)
    assert world.mail(draft.id).status is OutreachStatus.CANCELLED
    assert mails(world) == []


def test_closing_leaves_the_mail_of_another_case_alone(world: World) -> None:
    world.approved_mail(world.open_case())
    other = world.open_case("eli")

    close(world, other)

    assert mails(world) == [OutboxState.DUE]


def test_approving_and_closing_at_once_never_sends_from_a_closed_case(world: World) -> None:
    for name in ("dana", "eli"):
        case = world.open_case(name)
        world.give_view(case, opinion=Opinion.CONTACT_NOW)
        world.write_draft(case)
        draft = outreach.open_draft(world.store, world.by("alice"), case)
        click, end = world.by("alice"), world.by("lena")

        approved, closed = together(
            partial(outreach.approve_email, world.store, click, case, draft.id),
            partial(closing.close_case, world.store, end, case, Outcome.RE_ENGAGED),
        )

        assert closed == 0
        assert approved is None or isinstance(approved, CaseworkError)
        assert world.case(case).status is CaseStatus.CLOSED
        assert world.mail(draft.id).status is OutreachStatus.CANCELLED
    assert OutboxState.DUE not in mails(world)
