"""The sending protocol with faults of Graph: late views, lost answers, revoked rights, and
edits."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from integrations.mail.interface import SETTLES_WITHIN
from store.delivery import claims, results
from store.rules.model import CaseStatus, OutboxKind
from store.tables import outbox, outreach, troubles
from tests.fakes.graph.faults import Fault
from tests.fakes.graph.routes import Refused
from tests.fakes.graph.service import FakeGraph
from tests.integrations.graph_post import BOX
from tests.worker.graph_office import graph_behind
from tests.worker.office import Office
from worker.jobs.outreach.receive_replies import collect_replies
from worker.jobs.outreach.send import TURN, UNKNOWN_AFTER, send_due
from worker.jobs.sweep import sweep


@pytest.fixture
def graph(office: Office) -> Iterator[FakeGraph]:
    with graph_behind(office) as made:
        yield made


def works(office: Office, minutes: float) -> None:
    """Run the worker every half minute for this long."""
    for _ in range(int(minutes * 2) + 1):
        send_due(office.services)
        office.clock.forward(seconds=30)


def state(office: Office) -> tuple[str, str]:
    (row,) = office.world.rows(outbox, kind=OutboxKind.MAIL)
    (mail,) = office.world.rows(outreach)
    return row["state"], mail["status"]


@pytest.mark.parametrize("step", ["find", "draft", "send"])
@pytest.mark.parametrize("fault", list(Fault))
def test_one_fault_and_still_one_draft_and_one_mail(
    office: Office, graph: FakeGraph, step: str, fault: Fault
) -> None:
    office.has_approved_mails(1)
    graph.faults.planned.append((step, fault))

    works(office, 5)

    assert state(office) == ("sent", "sent")
    assert [each.mailbox for each in graph.boxes.left] == [BOX]
    assert len(graph.boxes.messages) == 1
    assert graph.faults.planned == []


def test_after_a_lost_answer_nothing_is_asked_until_it_can_be_seen(
    office: Office, graph: FakeGraph
) -> None:
    office.has_approved_mails(1)
    graph.faults.planned.append(("send", Fault.LOST))
    send_due(office.services)
    asked = sum(graph.asked.values())

    office.clock.forward(seconds=SETTLES_WITHIN.total_seconds() - 1)
    send_due(office.services)
    assert sum(graph.asked.values()) == asked

    office.clock.forward(seconds=1)
    send_due(office.services)
    assert state(office) == ("sent", "sent")
    assert graph.asked["send"] == 1


def test_what_no_one_can_see_is_for_a_human_after_a_quarter_of_an_hour_or_little_more(
    office: Office, graph: FakeGraph
) -> None:
    office.has_approved_mails(1)
    graph.faults.planned.append(("send", Fault.LOST))
    send_due(office.services)
    (message,) = graph.boxes.messages.values()
    message.in_limbo, message.settles_at = True, office.clock.now + dt.timedelta(days=1)

    works(office, UNKNOWN_AFTER.total_seconds() / 60 - 2)
    assert state(office) == ("due", "approved")
    works(office, 20)

    assert state(office) == ("unknown", "unknown")
    office.clock.forward(days=2)
    works(office, 5)
    assert len(graph.boxes.left) == 1


@pytest.mark.parametrize("change", [{"subject": "Final warning"}, {"toRecipients": []}])
def test_a_draft_that_somebody_changed_since_is_never_sent(
    office: Office, graph: FakeGraph, change: dict[str, object]
) -> None:
    office.has_approved_mails(1)
    graph.faults.planned.append(("send", Fault.DOWN))
    send_due(office.services)
    (message,) = graph.boxes.messages.values()
    message.content.update(change)

    works(office, 20)

    assert graph.boxes.left == []
    assert state(office) == ("unknown", "unknown"), "a human has to look"


def test_what_a_colleague_sent_by_hand_to_another_address_is_no_contact_and_people_look(
    office: Office, graph: FakeGraph
) -> None:
    (case,) = office.has_approved_mails(1).values()
    graph.faults.planned.append(("send", Fault.DOWN))
    send_due(office.services)
    (message,) = graph.boxes.messages.values()
    message.content["toRecipients"] = [{"emailAddress": {"address": "parent@home.example"}}]
    graph.boxes.submit(message)

    works(office, 40)
    sweep(office.services)
    office.works()

    assert state(office) == ("unknown", "unknown")
    assert office.world.case(case).status is CaseStatus.DISCUSSING
    assert len(graph.boxes.left) == 1, "Lantern sends nothing besides"
    for name in ("alice", "sana", "lena"):
        assert office.shown(f"direct:{name}").count("Look in the school&#39;s mailbox") == 1


def test_a_refused_draft_is_deleted_though_it_is_not_visible_at_once(
    office: Office, graph: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.has_approved_mails(1)
    graph.boxes.longest_lag = 0
    act = graph._act

    def refuses(kind: str, *rest: Any) -> Any:
        if kind == "draft":
            made = act(kind, *rest)
            (message,) = graph.boxes.messages.values()
            message.hidden_until = office.clock.now + dt.timedelta(seconds=50)
            return made
        if kind == "send":
            raise Refused(400, "ErrorInvalidRecipients")
        return act(kind, *rest)

    monkeypatch.setattr(graph, "_act", refuses)
    for _ in range(12):
        send_due(office.services)
        sweep(office.services)
        office.clock.forward(seconds=15)
    office.works()

    assert not graph.boxes.left
    assert not graph.boxes.messages, "it holds the student's links"
    assert not office.world.rows(troubles)
    assert "corrected in the student records" in office.shown("direct:alice")


def test_an_email_of_which_nothing_was_asked_yet_waits_while_answers_make_no_sense(
    office: Office, graph: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such an answer is a proxy's sign-in page, for a day."""
    office.has_approved_mails(1)
    with monkeypatch.context() as proxy:
        proxy.setattr(graph.routes, "answer", lambda *_: (200, ["Please sign in"]))
        for _ in range(24):
            works(office, 2)
            office.clock.forward(minutes=58)
        assert state(office) == ("due", "approved")
        assert not graph.asked["draft"]

    works(office, 180)

    assert state(office) == ("sent", "sent")
    assert len(graph.boxes.left) == 1


def test_while_the_permission_is_gone_mail_waits_and_none_is_lost(
    office: Office, graph: FakeGraph
) -> None:
    keys = office.has_approved_mails(3)
    graph.allowed.remove(BOX)
    works(office, 60)
    assert {row["state"] for row in office.world.rows(outbox, kind=OutboxKind.MAIL)} == {"due"}

    graph.allowed.add(BOX)
    works(office, 10)

    assert sorted(each.key for each in graph.boxes.left) == sorted(keys)


def test_a_revoked_token_is_replaced_on_the_way(office: Office, graph: FakeGraph) -> None:
    keys = office.has_approved_mails(2)
    graph.entra.issued = {}
    works(office, 1)
    graph.entra.revoke_all()
    works(office, 1)

    assert sorted(each.key for each in graph.boxes.left) == sorted(keys)


def test_an_answer_is_known_though_nobody_has_recorded_yet_that_its_mail_left(
    office: Office, graph: FakeGraph
) -> None:
    """Its mailbox is read before the sending is recorded, since another email from it is
    recorded."""
    cases = office.has_approved_mails(2)

    def second_answer_is_lost() -> None:
        if graph.asked["send"] == 2:
            graph.faults.planned.append(("send", Fault.LOST))

    graph._takes = second_answer_is_lost
    send_due(office.services)
    mails = [row["status"] for row in office.world.rows(outreach)]
    assert mails == ["sent", "approved"]
    second = list(graph.boxes.messages.values())[1]
    graph.boxes.deliver(BOX, second.conversation, "Thank you.")

    collect_replies(office.services)

    assert [office.world.case(case).status for case in cases.values()] == [
        CaseStatus.IN_CONTACT,
        CaseStatus.RESPONDED,
    ]
    works(office, 3)
    assert len(graph.boxes.left) == 2


def test_who_lost_the_lease_asks_nothing_more(office: Office) -> None:
    office.has_approved_mails(1)
    row = claims.claim(office.services.store, OutboxKind.MAIL, "slow")
    assert row
    office.clock.forward(minutes=3)
    assert claims.claim(office.services.store, OutboxKind.MAIL, "quick")

    assert not results.record_attempt(office.services.store, row)


class Woken:
    """A queue that counts the jobs."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, int | str]]] = []

    def enqueue(self, name: str, **ids: int | str) -> None:
        self.asked.append((name, ids))


def test_after_a_turn_others_get_theirs_and_another_is_asked_for(
    office: Office, graph: FakeGraph
) -> None:
    office.has_approved_mails(20)
    queue = Woken()
    start = office.clock.now

    send_due(replace(office.services, queue=queue))

    assert TURN <= office.clock.now - start < TURN + dt.timedelta(seconds=5)
    assert 5 < len(graph.boxes.left) < 20
    assert queue.asked == [("deliver", {"kind": "mail"})]
