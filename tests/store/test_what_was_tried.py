"""Contact attempts are described correctly: by phone or email, attempted or logged (§15)."""

from __future__ import annotations

import pytest

from bot.cards.cases.contact_ladder import ladder_card
from bot.cards.notices.staff_notices import notice_card
from store.actions.cases import discuss as discussion
from store.actions.cases import log_attempt as attempts
from store.delivery import outbox
from store.policies.versions import school_policy
from store.queries.cases.case import case_view
from store.queries.cases.contact_ladder import ladder_of, last_taken
from store.queries.notices.notices import NoticeView
from store.queries.outreach.mails import outbox_lines
from store.rules.cases.case import Actor
from store.rules.model import AttemptResult, InterventionKind, NoticeKind, OutboxKind, Rung
from tests.people import policy_document
from tests.stores import TOLD
from tests.world import World


def ladder(world: World, case: int) -> str:
    with world.store.database.read() as connection:
        found = world.case(case)
        policy = school_policy(connection, found.school, world.today)
        stands = ladder_of(connection, found, policy, world.today)
        seen = case_view(connection, case, world.today)
    return repr(ladder_card(seen, stands, policy.calendar))


def prepared(world: World, case: int) -> str:
    alice = Actor(1, "Alice Example", True)
    with world.store.database.read() as connection:
        tried = last_taken(connection, case)
    found = world.case(case)
    view = NoticeView(
        1, NoticeKind.PREPARED, found.school, alice, alice, found, None, None, tried=tried
    )
    return notice_card(view, can_open=True).summary


@pytest.mark.parametrize(
    ("how", "result"),
    [("log", "reached"), ("log", "no answer"), ("attempt", "reached"), ("attempt", "no answer")],
)
def test_a_call_is_the_step_by_phone_however_it_was_recorded(
    world: World, how: str, result: str
) -> None:
    phone = '[[ladder]]\nrung = "phone"\nwait_days = 2\n'
    world.publish(policy_document() + phone, TOLD)
    case = world.open_case()
    world.give_view(case)
    world.clock.forward(hours=1)
    was_reached = result == "reached"
    if how == "log":
        discussion.log_intervention(
            world.store, world.by("alice"), case, InterventionKind.CALL, "Rang", reached=was_reached
        )
    else:
        came = AttemptResult.REACHED if was_reached else AttemptResult.NO_ANSWER
        attempts.log_attempt(world.store, world.by("alice"), case, Rung.PHONE, came)
    shown = ladder(world, case)

    assert f"Phone: Wednesday 22 October, {result}" in shown
    assert "Phone: not yet" not in shown
    assert f"The last contact step was phone on Wednesday 22 October, {result}." in prepared(
        world, case
    )


def test_cards_hide_no_email_of_the_outbox(world: World) -> None:
    case = world.open_case()
    mail = world.approved_mail(case)
    row = {"kind": OutboxKind.CARD, "school_id": world.school(), "case_id": case, "day": None}
    with world.store.unit_of_work() as work:
        outbox.put_many(work, [{**row, "idem_key": f"later:{n}"} for n in range(120)])
    with world.store.database.read() as connection:
        (line,) = outbox_lines(connection, mails=True)
        assert outbox_lines(connection, mails=True, skip=1) == []
        others = outbox_lines(connection, mails=False, limit=200)

    assert line.subject == mail.subject
    assert len(others) > 120
    assert all(each.kind is not OutboxKind.MAIL for each in others)
