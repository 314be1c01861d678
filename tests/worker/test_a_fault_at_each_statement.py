"""A database fault at each statement of each path: no work is lost or done twice.

A hook raises an error at the n-th statement, once; then the work is repeated as the sweeper would.
Whatever the kind and place of the fault, the work is done exactly once in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from rq.timeouts import JobTimeoutException

from store.rules.model import OutboxKind
from store.tables import outbox
from tests.worker.mail_service import MailService
from tests.worker.office import Office, office_in
from tests.worker.troubles import sent_mails
from worker.jobs.notices import deliver as announce
from worker.jobs.outreach import receive_replies as replies
from worker.jobs.outreach.send import send_due

FAULTS: list[Callable[[], Exception]] = [
    lambda: sa.exc.OperationalError("INSERT", {}, Exception("database is locked")),
    lambda: sa.exc.TimeoutError("QueuePool limit of size 5 overflow 10 reached"),
    lambda: sa.exc.InternalError("INSERT", {}, Exception("read-only transaction")),
    lambda: sa.exc.InterfaceError("INSERT", {}, Exception("connection already closed")),
    lambda: JobTimeoutException("the job's time is over"),
    MemoryError,
]
STRIDE, EXHAUSTIVE_STRIDE = 61, 5
"""Statements between two tries of one kind of fault. Each kind starts one statement later.

Each try makes a new office, which takes time. With a stride of 5, at least one of the six kinds
hits each statement.
"""
MOST = 1_000


class At:
    """Counts statements, and raises an error at the n-th."""

    def __init__(self, number: int, fault: Callable[[], Exception]) -> None:
        self.left, self.fault, self.has_struck = number, fault, False

    def __call__(self, *_: object) -> None:
        self.left -= 1
        if self.left == 0:
            self.has_struck = True
            raise self.fault()


@contextmanager
def faulty(office: Office, number: int, fault: Callable[[], Exception]) -> Iterator[At]:
    engine, at = office.services.store.database.engine, At(number, fault)
    sa.event.listen(engine, "before_cursor_execute", at)
    try:
        yield at
    finally:
        sa.event.remove(engine, "before_cursor_execute", at)


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_an_answer_is_recorded_once(tmp_path: Path, number: int, exhaustive: bool) -> None:
    def once(office: Office) -> None:
        replies.collect_replies(office.services)

    def begun(office: Office) -> None:
        sent_mails(office)

    def is_right(office: Office) -> bool:
        return sorted(office.world.answers()) == ["Answer 0", "Answer 1"]

    _struck_everywhere(tmp_path, number, exhaustive, begun, once, is_right)


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_an_email_leaves_once(tmp_path: Path, number: int, exhaustive: bool) -> None:
    def begun(office: Office) -> None:
        office.services = replace(office.services, mailer=MailService())
        office.has_approved_mails(1)

    def is_right(office: Office) -> bool:
        mailer = office.services.mailer
        assert isinstance(mailer, MailService)
        states = [row["state"] for row in office.world.rows(outbox, kind=OutboxKind.MAIL)]
        return list(mailer.left.values()) == [1] and states == ["sent"]

    _struck_everywhere(
        tmp_path, number, exhaustive, begun, lambda o: send_due(o.services), is_right
    )


@pytest.mark.parametrize("number", range(len(FAULTS)))
@pytest.mark.parametrize("kind", [OutboxKind.CARD, OutboxKind.NOTICE])
def test_a_card_and_a_notice_come_once(
    tmp_path: Path, kind: OutboxKind, number: int, exhaustive: bool
) -> None:
    def begun(office: Office) -> None:
        case = office.world.open_case()
        if kind is OutboxKind.NOTICE:
            office.works()
            assert not office.types("lena", "assign LANG-1 alice").errors
            assert case

    def once(office: Office) -> None:
        announce.announce_due(office.services, kind)

    def is_right(office: Office) -> bool:
        states = {row["state"] for row in office.world.rows(outbox, kind=kind)}
        return states <= {"sent", "cancelled"} and len(office.messages()) <= 1

    _struck_everywhere(tmp_path, number, exhaustive, begun, once, is_right)


@pytest.mark.parametrize("number", range(len(FAULTS) - 2))
def test_a_click_is_done_or_answered_with_a_sentence_and_can_be_repeated(
    tmp_path: Path, number: int, exhaustive: bool
) -> None:
    def begun(office: Office) -> None:
        office.world.open_case()

    def once(office: Office) -> None:
        reply = office.clicks("alice", "take", key="click-1", case=1)
        assert reply.card is None or reply.card.summary

    def is_right(office: Office) -> bool:
        return office.world.case(1).owner == office.world.staff("alice")

    _struck_everywhere(tmp_path, number, exhaustive, begun, once, is_right)


def _struck_everywhere(
    folder: Path,
    number: int,
    is_exhaustive: bool,
    begun: Callable[[Office], None],
    once: Callable[[Office], None],
    is_right: Callable[[Office], bool],
) -> None:
    """Cause a fault at a statement, start again, and move on until no statement is left."""
    stride = EXHAUSTIVE_STRIDE if is_exhaustive else STRIDE
    for place in range(number + 1, MOST, stride):
        home = folder / str(place)
        with office_in(home) as office:
            begun(office)
            with faulty(office, place, FAULTS[number]) as at, suppress(Exception):
                once(office)
            for _ in range(6):
                office.clock.forward(minutes=3)
                once(office)
            assert is_right(office), f"statement {place}"
        if not at.has_struck:
            return
    raise AssertionError("the path has more statements than are tried")
