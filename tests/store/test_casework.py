"""The usual actions on a case, each permitted and done in order."""

import pytest

from store.actions.cases import assign as ownership
from store.actions.cases import close as closing
from store.actions.cases import discuss as discussion
from store.actions.cases import log_access as reading
from store.actions.outreach import write_draft
from store.rules.access.confidentiality import RevealPurpose
from store.rules.errors import InvalidInput, NotAllowed
from store.rules.model import CaseStatus, InterventionKind, Opinion, OutboxKind, Outcome
from store.tables import audit, interventions, outbox, reveals, views
from store.tables import outreach as outreach_table
from tests.people import BODY
from tests.store.acts import EACH, Act, has_read
from tests.world import World


@EACH
def test_every_act_is_one_version_one_card_and_one_audit_row(world: World, act: Act) -> None:
    case = world.open_case()
    has_read(world, "alice", case)
    audited = len(world.rows(audit))
    world.woken.clear()

    act(world, world.by("alice"), case)

    assert world.case(case).version == 2
    assert [row["idem_key"] for row in world.rows(outbox, kind=OutboxKind.CARD)] == [
        f"card:{case}:1",
        f"card:{case}:2",
    ]
    # A colleague who is assigned a case or asked for a view also gets a message.
    assert OutboxKind.CARD in world.woken
    assert set(world.woken) <= {OutboxKind.CARD, OutboxKind.NOTICE, OutboxKind.LINE}
    assert len(world.rows(audit)) == audited + 1


def test_taking_and_assigning_change_the_owner(world: World) -> None:
    case = world.open_case()
    assert world.case(case).owner == world.staff("sana"), "the officer is the default"

    ownership.take_case(world.store, world.by("alice"), case)
    assert world.case(case).owner == world.staff("alice")

    ownership.assign_case(world.store, world.by("alice"), case, world.staff("lena"))
    assert world.case(case).owner == world.staff("lena")


@pytest.mark.parametrize(
    ("opinion", "status"),
    [(Opinion.WAIT, CaseStatus.DISCUSSING), (Opinion.CONTACT_NOW, CaseStatus.AGREED)],
)
def test_a_view_is_kept_with_its_reason(world: World, opinion: Opinion, status: CaseStatus) -> None:
    case = world.open_case()

    reading.show_case(world.store, world.by("bob"), case)
    discussion.add_view(world.store, world.by("bob"), case, opinion, "  told me \n all is well ")

    (view,) = world.rows(views)
    assert (view["author_id"], view["opinion"]) == (world.staff("bob"), opinion)
    assert view["reason"] == "told me all is well"
    assert world.case(case).status is status


def test_a_log_keeps_who_did_what(world: World) -> None:
    case = world.open_case()

    discussion.log_intervention(
        world.store, world.by("sana"), case, InterventionKind.CALL, " Called. "
    )

    (done,) = world.rows(interventions)
    assert (done["author_id"], done["kind"], done["note"]) == (
        world.staff("sana"),
        InterventionKind.CALL,
        "Called.",
    )


def test_a_suggested_mail_is_not_kept_until_somebody_does(world: World) -> None:
    case = world.open_case()

    letter = write_draft.compose(world.store, world.by("alice"), case)

    assert letter.recipient == "dana@students.example.ac.uk"
    assert "We have not seen you since Monday 6 October" in letter.body
    assert world.rows(outreach_table) == []
    world.write_draft(case)
    assert write_draft.compose(world.store, world.by("alice"), case).body == BODY


def test_the_second_drafter_writes_on_the_same_mail(world: World) -> None:
    case = world.open_case()
    first = world.write_draft(case, "sana")

    second = world.write_draft(case, "alice", body="Hello Dana, shall we meet?")

    assert second.id == first.id
    assert second.drafter == world.staff("sana"), "her name stands under it"
    assert second.writers == {world.staff("sana"), world.staff("alice")}
    assert second.body == "Hello Dana, shall we meet?"


def test_a_closed_case_has_its_outcome(world: World) -> None:
    case = world.open_case()

    closing.close_case(world.store, world.by("alice"), case, Outcome.MEETING_HELD, " We  met. ")

    assert world.case(case).outcome is Outcome.MEETING_HELD
    assert world.case(case).is_closed


def test_who_the_student_is_opens_only_for_those_who_look_after_them(world: World) -> None:
    case = world.open_case()

    for name in ("alice", "bob"):
        assert reading.show_case(world.store, world.by(name), case).private is None
    purpose = RevealPurpose.PREPARE_CONTACT
    opened = reading.reveal_student(world.store, world.by("alice"), case, purpose)
    assert opened.private is not None
    assert opened.private.name == "Dana Dvorak"
    (row,) = world.rows(reveals)
    assert (row["staff_id"], row["purpose"]) == (world.staff("alice"), purpose)

    with pytest.raises(NotAllowed):
        reading.reveal_student(world.store, world.by("bob"), case, purpose)
    with pytest.raises(InvalidInput, match="purpose"):
        reading.reveal_student(world.store, world.by("alice"), case, RevealPurpose.OTHER)
    assert len(world.rows(reveals)) == 1
    assert "Dana" not in str(opened.view)
