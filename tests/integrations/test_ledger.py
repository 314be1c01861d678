"""The delivery ledger: which deliveries decide a day's rows."""

from __future__ import annotations

import datetime as dt
import errno
import itertools
from pathlib import Path

import pytest

from integrations.activity import lake as lake_module
from integrations.activity.day_files import write_file
from integrations.activity.errors import LakeError, cannot_write
from integrations.activity.scratch_database import ScratchDatabase
from integrations.feeds.ledger import changes as ledger_changes
from integrations.feeds.ledger.deliveries import Entry, Ledger
from store.rules.errors import InvalidInput
from tests.integrations.ledger_place import OCTOBER, Place, place, saw

__all__ = ["place"]


def test_two_faculties_files_of_one_day_stand_side_by_side(place: Place) -> None:
    place.deliver(saw("0100", 6))
    place.deliver(saw("0200", 6, "BIO1"))
    assert place.rows() == [("2025-10-06", 1, "FRE1", 1), ("2025-10-06", 2, "BIO1", 1)]


def test_the_newer_covers_the_older_within_its_modules_and_days_alone(place: Place) -> None:
    place.deliver(saw("0100", 6), saw("0100", 7), saw("0100", 6, "FRE2"))
    place.deliver(saw("0100", 6, count=5))
    assert place.rows() == [
        ("2025-10-06", 1, "FRE1", 5),
        ("2025-10-06", 1, "FRE2", 1),
        ("2025-10-07", 1, "FRE1", 1),
    ]


def test_a_declared_school_speaks_for_all_of_its_modules(place: Place) -> None:
    place.deliver(saw("0100", 6, "FRE2"), saw("0100", 6, "BIO1"), saw("0100", 6))
    day = (OCTOBER[5], OCTOBER[5])
    place.deliver(saw("0200", 6), covers=day, complete=True, schools=("LANG",))
    assert place.rows() == [("2025-10-06", 1, "BIO1", 1), ("2025-10-06", 2, "FRE1", 1)]


def test_a_file_of_another_day_is_no_word_on_the_day_that_it_is_declared_for(place: Place) -> None:
    seventh, eighth = ((day, day) for day in OCTOBER[6:8])
    place.deliver(saw("0100", 7), covers=seventh)
    again = place.deliver(saw("0100", 7), covers=eighth)
    assert (again.accepted, again.rejected_total) == (0, 1)
    assert place.known() == [7]
    place.deliver(covers=eighth)
    assert place.known() == [7, 8], "a file without rows is of a quiet day"


@pytest.mark.parametrize("where", ["first day", "eighth day", "record"])
def test_a_delivery_of_many_days_on_a_full_disk_is_all_or_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    place.deliver(*(saw("0100", day) for day in range(1, 11)))
    before, deliveries = place.made(), len(place.ledger.entries())
    newer = [saw(number, day) for number in ("0100", "0200") for day in range(1, 21)]
    written = itertools.count(1)

    def write(work: ScratchDatabase, path: Path, rows: str) -> Path:
        if next(written) == (1 if where == "first day" else 8):
            raise cannot_write(path.name, OSError(errno.ENOSPC, "No space left on device"))
        return write_file(work, path, rows)

    def save(_ledger: Ledger, _entry: Entry) -> None:
        raise cannot_write("entry.json", OSError(errno.ENOSPC, "No space left on device"))

    with monkeypatch.context() as full:
        if where == "record":
            full.setattr(Ledger, "save", save)
        else:
            full.setattr(lake_module, "write_file", write)
        with pytest.raises(
            LakeError, match=r"the disk is full\. What was there before is unchanged"
        ):
            place.deliver(*newer)
    assert place.made() == before
    assert len(place.ledger.entries()) == deliveries
    assert not (place.lake.root / "deliveries" / "moodle" / "000002").exists()

    place.deliver(*newer)
    assert place.known() == list(range(1, 21))
    assert len(place.rows()) == len(newer)


def test_much_that_would_be_taken_away_waits_for_a_person(place: Place) -> None:
    many = [f"0100,FRE1,attendance,done,2025-10-06,Session {number}," for number in range(40)]
    place.deliver(*many)
    report = place.deliver(*many[:20])
    assert "would remove 20 of the 40 rows of Monday 6 October" in report.waiting
    assert "lantern feeds accept 2" in report.waiting
    assert "lantern feeds withdraw 2" in report.waiting
    assert report.days == ()
    assert len(place.rows()) == 40
    ledger_changes.accept(place.ledger, 2)
    assert len(place.rows()) == 20
    ledger_changes.withdraw(place.ledger, 2)
    assert len(place.rows()) == 40


def test_a_little_of_every_day_is_much_together(place: Place) -> None:
    """A class is small, so no day alone loses ten rows."""
    days = range(1, 9)
    place.deliver(*(saw(number, day) for day in days for number in ("0100", "0200", "0300")))
    less = [saw(number, day) for day in days for number in ("0100", "0200")]
    assert place.deliver(*less[:-4]).waiting == "", "six days lose six rows, and that is few"
    assert "and much of 7 other days" in place.deliver(*(saw("0100", day) for day in days)).waiting
    assert place.deliver(*(saw("0100", day) for day in days), complete=True).waiting == ""


def test_days_of_last_year_are_asked_about(place: Place) -> None:
    today = dt.date(2025, 11, 3)
    place.deliver(saw("0100", 30), today=today)
    old = place.deliver(saw("0100", 30).replace("2025", "2024"), today=today)
    assert "If the year is wrong, run: lantern feeds withdraw 2" in old.notes[-1]
    assert not any(
        "long past" in note for note in place.deliver(saw("0100", 29), today=today).notes
    )


def test_a_day_that_would_be_emptied_waits_unless_the_file_is_complete(place: Place) -> None:
    place.deliver(saw("0100", 6), saw("0100", 7), saw("0100", 8))
    less = saw("0100", 6), saw("0100", 8)
    assert "1 of the 1 row of Tuesday 7 October" in place.deliver(*less).waiting
    assert len(place.rows()) == 3
    assert place.deliver(*less, complete=True).waiting == ""
    assert len(place.rows()) == 2
    assert 7 in place.known()


def test_what_is_not_waiting_or_not_there_is_said(place: Place) -> None:
    place.deliver(saw("0100", 6))
    with pytest.raises(InvalidInput, match="is not waiting"):
        ledger_changes.accept(place.ledger, 1)
    with pytest.raises(InvalidInput, match="There is no delivery 7"):
        ledger_changes.withdraw(place.ledger, 7)
    ledger_changes.withdraw(place.ledger, 1)
    assert place.known() == []
    with pytest.raises(InvalidInput, match="withdrawn already"):
        ledger_changes.withdraw(place.ledger, 1)
