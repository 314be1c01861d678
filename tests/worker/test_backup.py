"""A backup is restored completely, and no email is sent twice."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from store.rules.errors import InvalidInput
from store.rules.model import OutreachStatus
from store.tables import audit, stops
from tests.worker.backups import either_office, office, restored, shelf
from tests.worker.loops import three_deliveries
from tests.worker.office import Office
from worker.backup.make import make_backup
from worker.backup.manifest import CHANGED, NAME, OTHER_KEYS
from worker.backup.restore import look_up, restore
from worker.jobs.outreach.send import send_due

__all__ = ["either_office", "office", "shelf"]

Dump = dict[str, list[dict[str, Any]]]
TOUCHED = {
    "audit",
    "audit_head",
    "stops",
    "outbox",
    "outreach",
    "erasures",
    "remnants",
    "student_keys",
}
"""Tables that a restore itself writes to."""


def untouched(dump: Dump) -> Dump:
    return {name: rows for name, rows in dump.items() if name not in TOUCHED}


def status(office: Office, number: int) -> str:
    return str(office.world.mail(number).status)


def test_every_table_comes_back_as_it_was(either_office: Office, shelf: Path) -> None:
    office = either_office
    case = office.world.open_case()
    office.world.approved_mail(case)
    lake = office.services.settings.home / "lake" / "activity" / "vle"
    lake.mkdir(parents=True, exist_ok=True)
    (lake / "2025-10-01.parquet").write_bytes(b"a day")
    before = office.world.dump()
    made = make_backup(office.services, shelf)
    office.world.give_view(office.world.open_case("eli"))
    (lake / "2025-10-01.parquet").write_bytes(b"another")

    restored(office, made)

    assert untouched(office.world.dump()) == untouched(before)
    assert office.services.store.verify_audit() is None
    assert "restore-backup" in {row["action"] for row in office.world.rows(audit)}
    assert (lake / "2025-10-01.parquet").read_bytes() == b"a day"
    office.world.open_case("eli")  # numbers continue after those that were restored


def test_deliveries_and_what_is_unknown_come_back_too(
    office: Office, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Missing data is not zero, after a restore as before it."""
    ledger, lake = three_deliveries(office), office.services.lake
    folder = office.services.settings.home / "lake"
    unfinished = folder / "activity" / "gone.parquet"
    unfinished.write_bytes(b"goes while the backup is made")
    before, notes = ledger.entries(), lake.notes(dt.date(2025, 10, 1), dt.date(2025, 10, 31))
    assert before
    assert notes
    copy = shutil.copyfile

    def goes_meanwhile(path: Path, place: Path) -> None:
        unfinished.unlink(missing_ok=True)
        copy(path, place)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", goes_meanwhile)
        made = make_backup(office.services, shelf)
    shutil.rmtree(folder)

    restored(office, made)

    assert ledger.entries() == before
    assert lake.notes(dt.date(2025, 10, 1), dt.date(2025, 10, 31)) == notes
    assert all((ledger.folder(each) / "rows.sealed").exists() for each in before)


def test_what_was_sent_since_is_found_and_not_sent_again(office: Office, shelf: Path) -> None:
    case = office.world.open_case()
    mail = office.world.approved_mail(case)
    made = make_backup(office.services, shelf)
    office.works()
    assert len(office.left()) == 1

    restored(office, made)
    assert status(office, mail.id) == OutreachStatus.SENT
    office.clock.forward(hours=1)
    office.works()
    send_due(office.services)
    assert len(office.left()) == 1


def test_a_draft_that_was_approved_and_sent_since_is_found_too(office: Office, shelf: Path) -> None:
    case = office.world.open_case()
    office.world.give_view(case)
    draft = office.world.write_draft(case)
    made = make_backup(office.services, shelf)
    office.world.approve(case)
    office.works()
    assert len(office.left()) == 1

    restored(office, made)
    assert status(office, draft.id) == OutreachStatus.SENT


def test_an_approval_from_before_is_given_again(office: Office, shelf: Path) -> None:
    case = office.world.open_case()
    mail = office.world.approved_mail(case)
    made = make_backup(office.services, shelf)

    restored(office, made)
    office.works()
    assert office.left() == []
    assert status(office, mail.id) == OutreachStatus.CANCELLED
    again = office.world.draft(case)
    assert again.status is OutreachStatus.DRAFT


def test_an_email_that_the_backup_does_not_know_is_said_and_its_number_is_not_confused(
    office: Office, shelf: Path
) -> None:
    made = make_backup(office.services, shelf)
    lost = office.world.approved_mail(office.world.open_case())
    office.works()
    assert len(office.left()) == 1

    said = restored(office, made)
    assert "1 email sent after the backup" in said[1]
    again = office.world.approved_mail(office.world.open_case("eli"))
    assert again.id == lost.id, "the number comes again"
    office.works()
    assert len(office.left()) == 2


def test_until_the_mailbox_was_asked_no_email_leaves(office: Office, shelf: Path) -> None:
    made = make_backup(office.services, shelf)
    restore(office.services, made, replace=True)
    (stop,) = office.world.rows(stops)
    assert stop["ended_at"] is None
    list(look_up(office.services))
    assert office.world.rows(stops)[0]["ended_at"] is not None


@pytest.mark.parametrize("damage", ["changed", "missing", "added", "list", "no list"])
def test_a_changed_or_partial_backup_is_refused(office: Office, shelf: Path, damage: str) -> None:
    office.world.open_case()
    made = make_backup(office.services, shelf)
    before = office.world.dump()
    file = made / "tables" / "cases.sealed"
    assert b"LANG" not in file.read_bytes()
    match damage:
        case "changed":
            file.write_bytes(file.read_bytes()[:-9])
        case "missing":
            file.unlink()
        case "added":
            (made / "tables" / "more.sealed").touch()
        case "list":
            whole = json.loads((made / NAME).read_text())
            (made / NAME).write_text(json.dumps({**whole, "rows": {}}))
        case _:
            (made / NAME).unlink()
    with pytest.raises(InvalidInput) as refused:
        restore(office.services, made, replace=True)
    assert str(refused.value) in (CHANGED, OTHER_KEYS) or "is not a backup" in str(refused.value)
    assert office.world.dump() == before


def test_what_is_there_is_not_replaced_without_being_asked(office: Office, shelf: Path) -> None:
    office.world.open_case()
    made = make_backup(office.services, shelf)
    with pytest.raises(InvalidInput, match="--replace"):
        restore(office.services, made)


def test_an_interrupted_backup_leaves_no_folder_that_looks_like_one(
    office: Office, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("worker.backup.make.write_manifest", full)
    with pytest.raises(InvalidInput, match="No space left"):
        make_backup(office.services, shelf)
    assert list(shelf.iterdir()) == []
