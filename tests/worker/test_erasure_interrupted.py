"""An erasure whose worker is killed, that a platform refuses, or that comes late."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from integrations.chat.interface import DeliveryError, MessageRef
from store.actions.cases import close as closing
from store.actions.privacy import erase as erasing
from store.queries.privacy.receipt import receipt
from store.rules.model import (
    NoticeKind,
    Outcome,
    Platform,
)
from store.tables import erasures, notices, remnants
from tests.worker.erasures import (
    WHY,
    erase,
    look,
    much_is_written,
    office,
    report_of,
    scan,
)
from tests.worker.office import Office
from worker.jobs import privacy as worker
from worker.jobs import sweep as sweeping

__all__ = ["office"]


class Dies(BaseException):
    """The process is killed here."""


class Faulty:
    """The sandbox, with a fault when a message is to be deleted."""

    def __init__(self, office: Office, fault: BaseException, after: int = 0) -> None:
        self.sandbox = office.services.workspaces[Platform.SANDBOX]
        self.fault = fault
        self.after = after

    def __getattr__(self, name: str) -> object:
        return getattr(self.sandbox, name)

    def delete(self, message: MessageRef) -> None:
        if self.after == 0:
            raise self.fault
        self.after -= 1
        self.sandbox.delete(message)

    def update(self, message: MessageRef, payload: object) -> None:
        raise self.fault


def with_workspace(office: Office, workspace: object) -> None:
    known = {Platform.SANDBOX: workspace}
    office.services = replace(office.services, workspaces=known)  # type: ignore[arg-type]


@pytest.mark.parametrize("after", [0, 1, 3])
def test_whoever_comes_after_a_killed_worker_goes_on(
    office: Office, tmp_path: Path, after: int
) -> None:
    much_is_written(office)
    done = erase(office)
    sound = office.services
    with_workspace(office, Faulty(office, Dies(), after))
    with pytest.raises(Dies):
        worker.erase_due(office.services)
    assert office.world.rows(erasures, id=done)[0]["finished_at"] is None

    office.services = sound
    office.clock.forward(minutes=3)
    worker.erase_due(office.services)
    office.works()
    assert scan(office, tmp_path) == {}
    assert office.world.rows(erasures, id=done)[0]["finished_at"] is not None


def test_killed_in_the_middle_of_the_tables_nothing_is_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    much_is_written(office)
    before = office.world.dump()
    seen = look(office)

    def dies(*_: object) -> None:
        raise Dies

    monkeypatch.setattr(erasing, "queue_deletions", dies)
    with pytest.raises(Dies):
        erasing.erase_student(
            office.world.store, office.world.by("priya", "one"), "1001", WHY, seen
        )
    after = office.world.dump()
    assert {name for name in after if after[name] != before[name]} <= {
        "audit",
        "audit_head",
        "interactions",
    }
    monkeypatch.undo()
    erasing.erase_student(office.world.store, office.world.by("priya", "one"), "1001", WHY, seen)


def test_what_is_refused_is_listed_with_its_channel_and_time(office: Office) -> None:
    office.world.open_case()
    office.works()
    done = erase(office)
    sound = office.services
    with_workspace(
        office, Faulty(office, DeliveryError("this channel is archived", permanent=True))
    )
    office.works()

    with office.world.store.database.read() as connection:
        made = receipt(connection, done)
    (left,) = made.left
    assert (left.where, left.message) == ("sandbox lang-engagement", "1")
    assert left.at == office.clock.now
    assert "archived" in left.why
    assert made.finished_at is not None
    office.services = sound
    (told,) = office.messages("direct:priya")
    assert "Delete these by hand" in str(told.payload)


def test_time_in_which_no_worker_tried_gives_nothing_up(office: Office) -> None:
    office.world.open_case()
    office.works()
    done = erase(office)
    sound = office.services
    with_workspace(office, Faulty(office, DeliveryError("it cannot be reached")))
    worker.erase_due(office.services)
    office.clock.forward(days=8)
    worker.erase_due(office.services)
    assert office.world.rows(erasures, id=done)[0]["finished_at"] is None

    office.services = sound
    office.clock.forward(minutes=16)
    worker.erase_due(office.services)
    with office.world.store.database.read() as connection:
        assert receipt(connection, done).left == ()


def test_what_passes_is_tried_again(office: Office) -> None:
    office.world.open_case()
    office.works()
    done = erase(office)
    sound = office.services
    with_workspace(office, Faulty(office, DeliveryError("too many", throttled=True)))
    for _ in range(25):
        sweeping.sweep(office.services)
        office.works()
        office.clock.forward(minutes=16)
    with office.world.store.database.read() as connection:
        assert receipt(connection, done).waiting == 1
    office.services = sound
    office.clock.forward(minutes=1)
    sweeping.sweep(office.services)
    office.works()
    with office.world.store.database.read() as connection:
        assert receipt(connection, done).waiting == 0


def test_erasing_a_closed_case_keeps_its_outcome_in_the_figures(office: Office) -> None:
    case = office.world.open_case()
    closing.close_case(office.world.store, office.world.by("lena"), case, Outcome.RE_ENGAGED)
    office.works()
    before = report_of(office)
    erase(office)
    office.works()
    assert report_of(office) == before


def test_only_what_it_says_is_kept_of_the_erasure(office: Office) -> None:
    much_is_written(office)
    done = erase(office)
    office.works()
    (row,) = office.world.rows(erasures, id=done)
    assert row["why"] == WHY
    assert {each["message"] for each in office.world.rows(remnants)} == {""}
    (told,) = office.world.rows(notices, kind=NoticeKind.ERASED)
    assert told["about"] == done
