"""A trouble ends once its work is done, even if the worker died before it recorded that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.actions.notices.post_thread_notice import TOLD_THERE
from store.actions.notices.settled_troubles import NOT_ASKED_FOR, ROWS_OF
from store.actions.notices.troubles import Trouble, record_trouble
from store.delivery import outbox as rows
from store.queries.privacy.retention import Overdue
from store.rules.model import NoticeKind, OutboxKind, OutboxState, TroubleKind
from store.tables import notices, outbox, troubles
from tests.worker import loops
from tests.worker.fault import Fault
from tests.worker.office import Office, office_in
from worker.jobs import retention
from worker.jobs.sweep import sweep

MESSAGES = [(kind, row) for kind, found in ROWS_OF.items() for row in found]


@pytest.fixture
def office(tmp_path: Path, migrated_database_url: str) -> Iterator[Office]:
    with office_in(tmp_path, migrated_database_url) as made:
        yield made


def asked(office: Office, kind: OutboxKind) -> int:
    """Add a single row of this kind that is due far in the future, and return its id."""
    with office.world.store.unit_of_work() as work:
        later = office.clock.now.replace(year=office.clock.now.year + 1)
        rows.put(work, kind, "the row", school=office.world.school(), not_before=later)
    (row,) = office.world.rows(outbox, idem_key="the row")
    return int(row["id"])


def ends(office: Office, state: OutboxState, trouble: str | None = None) -> None:
    """Settle the row without ending its trouble, as a worker that dies then."""
    with office.world.store.unit_of_work() as work:
        this = sa.update(outbox).where(outbox.c.idem_key == "the row")
        values = {"state": state, "trouble": trouble, "settled_at": work.now}
        work.connection.execute(this.values(**values))


def key_of(office: Office, row: OutboxKind) -> str:
    """Return the key under which ``worker.jobs.notices.places`` records a failed message."""
    number = asked(office, row)
    if row is OutboxKind.ERASURE:
        return "the row"
    column = {
        OutboxKind.CARD: "case_id",
        OutboxKind.NOTICE: "notice_id",
        OutboxKind.MAIL: "outreach_id",
    }.get(row)
    if column is None:
        return f"{row}:{office.world.school() if row is OutboxKind.DIGEST else number}"
    return f"{row}:7"


def left(office: Office, kind: TroubleKind) -> list[str]:
    sweep(office.services)
    return [row["key"] for row in office.world.rows(troubles, kind=kind)]


@pytest.mark.parametrize(("kind", "row"), MESSAGES)
@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.CANCELLED])
def test_it_is_over_once_its_row_has_ended(
    office: Office, kind: TroubleKind, row: OutboxKind, state: OutboxState
) -> None:
    key = key_of(office, row)
    record_trouble(office.world.store, Trouble(kind, key, "It failed.", office.world.school()))
    if key.endswith(":7"):
        # A row whose case, notice or email no longer exists: no trouble of it is open.
        with office.world.store.unit_of_work() as work:
            work.connection.execute(sa.delete(outbox))
    else:
        assert left(office, kind) == [key], "while its row waits"
        ends(office, state)

    assert left(office, kind) == []


def test_what_was_refused_for_good_stays_for_people_to_read(office: Office) -> None:
    asked(office, OutboxKind.DIGEST)
    key = f"digest:{office.world.school()}"
    record_trouble(
        office.world.store, Trouble(TroubleKind.CHANNEL, key, "Too long.", is_final=True)
    )
    ends(office, OutboxState.CANCELLED, "the message is too long")

    assert left(office, TroubleKind.CHANNEL) == [key]


def test_what_was_said_elsewhere_was_not_refused(office: Office) -> None:
    """A private message is not sent if the thread below the card says the same."""
    world = office.world
    with world.store.unit_of_work() as work:
        notify_person(work, world.staff("bob"), Notice(NoticeKind.ASSIGNED, world.school(), "1"))
        work.connection.execute(sa.update(outbox).values(idem_key="the row"))
    (row,) = world.rows(outbox)
    key = f"notice:{row['notice_id']}"
    record_trouble(world.store, Trouble(TroubleKind.COLLEAGUE, key, "The database is away."))

    ends(office, OutboxState.CANCELLED, TOLD_THERE)

    assert left(office, TroubleKind.COLLEAGUE) == []


def test_a_place_is_in_order_once_it_takes_something_or_nothing_is_known_of_it(
    office: Office,
) -> None:
    school = office.world.school()
    record_trouble(
        office.world.store,
        Trouble(TroubleKind.CHANNEL, str(school), "Archived.", school, is_final=True),
    )
    assert left(office, TroubleKind.CHANNEL) == [str(school)]

    office.clock.forward(minutes=1)
    asked(office, OutboxKind.DIGEST)
    ends(office, OutboxState.SENT)
    assert left(office, TroubleKind.CHANNEL) == []

    office.clock.forward(minutes=1)
    record_trouble(
        office.world.store, Trouble(TroubleKind.CHANNEL, str(school), "Archived.", school)
    )
    office.clock.forward(seconds=NOT_ASKED_FOR.total_seconds() + 1)
    assert left(office, TroubleKind.CHANNEL) == []


def test_a_place_that_no_one_was_told_of_is_over_with_what_waited_for_it(office: Office) -> None:
    """A colleague's message, on a morning without network, that was no longer needed at noon."""
    for told in (True, False):
        asked(office, OutboxKind.NOTICE)
        place = Trouble(TroubleKind.COLLEAGUE, "1", "No.", office.world.school(), is_final=told)
        record_trouble(office.world.store, place)
        ends(office, OutboxState.CANCELLED)
        assert left(office, TroubleKind.COLLEAGUE) == ["1"] * told
        with office.world.store.unit_of_work() as work:
            work.connection.execute(sa.delete(outbox))
            work.connection.execute(sa.delete(troubles))


def test_what_could_not_be_deleted_by_age_is_told_and_ends_when_it_is_kept_after_all(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault(monkeypatch)
    night, _, _ = loops.overdue_students(office, fault)
    night()
    assert left(office, TroubleKind.RETENTION) == ["student:1"]

    office.clock.forward(hours=24)
    night()
    left(office, TroubleKind.RETENTION)
    assert office.world.rows(notices, kind=NoticeKind.TROUBLE)

    fault.is_instead(retention, "overdue", lambda *_: Overdue((), ()))
    office.clock.forward(hours=24)
    night()
    assert left(office, TroubleKind.RETENTION) == []
