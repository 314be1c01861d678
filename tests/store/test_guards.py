"""The institution's limits on sending: the switch, test addresses, domains, cap and age."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from store.actions.outreach import approve as outreach
from store.actions.outreach import send as sending
from store.actions.outreach import stop_mail as stops
from store.delivery import claims
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.model import Opinion, OutboxKind, OutreachStatus
from store.rules.outreach.guards import SendingLimits, check_cap, check_recipient
from store.tables import audit
from store.tables import outbox as outbox_table
from store.tables import outreach as outreach_table
from tests.people import SUBJECT
from tests.world import World

DANA = "dana@students.example.ac.uk"


def look(world: World) -> sending.ApprovedMail | None:
    """Return the email that is due if the worker may send it, else None."""
    return sending.check_before_sending(world.store, world.claim_mail())


def why_not(world: World) -> str:
    """Return the reason why the email was cancelled."""
    assert world.rows(outreach_table)[0]["status"] == OutreachStatus.CANCELLED
    return str(world.rows(audit, action="not-sent")[0]["details"]["reason"])


# -- The switch ----------------------------------------------------------------------------------


def test_what_was_approved_waits_while_the_lead_has_stopped_the_mail(world: World) -> None:
    world.approved_mail(world.open_case())
    stops.stop_mail(world.store, world.by("lena"), world.school(), "The wording is wrong")

    assert look(world) is None
    assert world.rows(outbox_table, kind="mail")[0]["state"] == "due"
    assert claims.claim(world.store, OutboxKind.MAIL, "worker") is None

    stops.start_mail(world.store, world.by("lena"), world.school())
    world.clock.forward(minutes=6)
    assert look(world) is not None


def test_another_schools_mail_goes_on(world: World) -> None:
    world.approved_mail(world.open_case())
    stops.stop_mail(world.store, world.by("max"), world.school("MATH"), "Closed for holidays")
    assert look(world) is not None


def test_nobody_but_the_lead_stops_a_school(world: World) -> None:
    for name in ("alice", "sana", "bob", "charlie", "max"):
        with pytest.raises(NotAllowed):
            stops.stop_mail(world.store, world.by(name), world.school(), "It seems better so")
    assert stops.stopped_because(world.store.database.engine.connect(), world.school()) is None


def test_stopping_twice_and_starting_what_goes_is_said(world: World) -> None:
    with pytest.raises(NotPossibleNow, match="are not stopped"):
        stops.start_mail(world.store, world.by("lena"), world.school())
    with pytest.raises(InvalidInput, match="why"):
        stops.stop_mail(world.store, world.by("lena"), world.school(), " ")
    stops.stop_mail(world.store, world.by("lena"), world.school(), "The words are wrong")
    with pytest.raises(NotPossibleNow, match="stopped already"):
        stops.stop_mail(world.store, world.by("lena"), world.school(), "The words are wrong")


def test_the_command_line_stops_everybody_and_no_lead_can_undo_that(world: World) -> None:
    world.approved_mail(world.open_case())
    stops.stop_from_outside(world.store, "The mailbox is wrong")
    stops.stop_from_outside(world.store, "The mailbox is wrong")
    assert look(world) is None
    with pytest.raises(NotPossibleNow, match="whole institution"):
        stops.start_mail(world.store, world.by("lena"), world.school())
    with pytest.raises(InvalidInput, match="no school NOPE"):
        stops.stop_from_outside(world.store, "The mailbox is wrong", "NOPE")

    assert stops.start_from_outside(world.store)
    assert not stops.start_from_outside(world.store)
    world.clock.forward(minutes=6)
    assert look(world) is not None


# -- Recipients, and test or live sending --------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "passes"),
    [
        (SendingLimits(), True),
        (SendingLimits(testers=frozenset({DANA})), True),
        (SendingLimits(testers=frozenset({"tester@example.ac.uk"})), False),
        (SendingLimits(domains=frozenset({"students.example.ac.uk"})), True),
        (SendingLimits(domains=frozenset({"example.ac.uk"})), True),
        (SendingLimits(domains=frozenset({"ac.uk.example"})), False),
        (SendingLimits(domains=frozenset({"ts.example.ac.uk"})), False),
    ],
)
def test_only_allowed_addresses_are_written_to(limits: SendingLimits, passes: bool) -> None:
    for address in (DANA, DANA.upper()):
        if passes:
            check_recipient(limits, address)
        else:
            with pytest.raises(NotPossibleNow) as refused:
                check_recipient(limits, address)
            assert "dana" not in refused.value.sentence.casefold()


def test_on_trial_a_mail_to_a_student_is_refused_before_and_at_sending(world: World) -> None:
    case = world.open_case()
    world.give_view(case, opinion=Opinion.CONTACT_NOW)
    world.write_draft(case)
    opened = outreach.open_draft(world.store, world.by("alice"), case)
    world.store.limits = SendingLimits(testers=frozenset({"tester@example.ac.uk"}))
    with pytest.raises(NotPossibleNow, match="on trial"):
        outreach.approve_email(world.store, world.by("alice"), case, opened.id)

    world.store.limits = SendingLimits()
    outreach.approve_email(world.store, world.by("alice"), case, opened.id)
    world.store.limits = SendingLimits(testers=frozenset({"tester@example.ac.uk"}))
    assert look(world) is None
    assert "on trial" in why_not(world)


def test_a_dry_run_does_everything_but_the_sending(world: World) -> None:
    world.store.limits = SendingLimits(dry_run=True)
    world.approved_mail(world.open_case())
    assert look(world) is None
    assert "dry run" in why_not(world)


# -- Frequency and age ---------------------------------------------------------------------------


def test_the_cap_counts_mails_of_the_last_days() -> None:
    check_cap(1, 2)
    with pytest.raises(NotPossibleNow, match="had 2 emails about engagement"):
        check_cap(2, 2)


def test_a_student_is_not_written_to_over_and_over(world: World) -> None:
    case = world.open_case()
    for number in (1, 2):
        world.approved_mail(case)
        world.send(f"conversation-{number}")
        with world.store.unit_of_work() as work:  # the contact ladder is a separate condition
            work.connection.execute(
                outreach_table.update().values(rung="phone").where(outreach_table.c.case_id == case)
            )
    world.write_draft(case)
    opened = outreach.open_draft(world.store, world.by("alice"), case)
    with pytest.raises(NotPossibleNow, match="had 2 emails about engagement in the last 7 days"):
        outreach.approve_email(world.store, world.by("alice"), case, opened.id)

    world.clock.forward(days=7, seconds=1)
    world.write_draft(case)
    again = outreach.open_draft(world.store, world.by("alice"), case)
    outreach.approve_email(
        world.store, world.by("alice"), case, again.id, {"why": "They asked me for a word"}
    )


def test_an_approval_that_is_too_old_is_given_again(world: World) -> None:
    case = world.open_case()
    mail = world.approved_mail(case)
    # Three working days from a Wednesday end on the Monday.
    world.clock.now = dt.datetime(2025, 10, 28, 9, 30, tzinfo=dt.UTC)
    assert look(world) is None
    assert "too old" in why_not(world)
    again = world.write_draft(case)
    assert again.id != mail.id
    assert again.subject == SUBJECT
    world.approve(case)
    assert look(world) is not None


def test_limits_are_frozen() -> None:
    limits = SendingLimits(testers=frozenset({DANA}))
    assert replace(limits, dry_run=True) != limits
