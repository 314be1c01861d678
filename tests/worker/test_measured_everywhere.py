"""A day that is not measured is one for every reader: no one is told that it was, or may say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.activity.day_notes import EVERYWHERE, DayNote, write_note
from store.rules.model import AttemptResult
from store.tables import attempts
from tests.people import policy_document
from tests.worker.office import Office, office_in, words
from worker.doctor.data import check_feeds as doctor_on_feeds

TODAY = dt.date(2025, 12, 3)
GAP = dt.date(2025, 11, 25)
"""A Tuesday, a school day."""
SAID = "Tuesday 25 November"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Dana's case, and moodle's files of every day, in which she is not seen."""
    with office_in(tmp_path) as made:
        made.world.publish(policy_document())
        made.world.open_case()
        made.clock.now = dt.datetime.combine(TODAY, dt.time(9, 30), dt.UTC)
        deliver(made)
        yield made


def deliver(office: Office) -> None:
    lake, eli = office.services.lake, office.world.student("eli")
    row = (
        f"SELECT {eli}::BIGINT AS student, 'FR101' AS module, 'vle' AS family, "
        "NULL::VARCHAR AS item, 0::BIGINT AS expected, 1::BIGINT AS done"
    )
    with lake.workspace() as work:
        for ago in range(1, 64):
            lake.replace_day(work, "moodle", TODAY - dt.timedelta(days=ago), row)


def leaves_open(office: Office, why: str) -> None:
    """The file of the day is there, and yet nothing is known of Dana on it."""
    dana = office.world.student("dana")
    notes = {
        "rows that no delivery speaks for": DayNote(covered=False),
        "her own rows were refused": DayNote(students=frozenset({dana})),
        "rows of unknown people were refused": DayNote(strangers={"LANG": 0.5}),
        "rows of unknown modules were refused": DayNote(strangers={EVERYWHERE: 0.5}),
    }
    write_note(office.services.lake.path("moodle", GAP), notes[why])


@pytest.mark.parametrize(
    "why",
    [
        "rows that no delivery speaks for",
        "her own rows were refused",
        "rows of unknown people were refused",
        "rows of unknown modules were refused",
    ],
)
def test_each_reader_says_that_the_day_was_not_measured(office: Office, why: str) -> None:
    leaves_open(office, why)
    fitness = words(office.types("lena", "fitness LANG-1").dialog)
    assert f"moodle has no data for {SAID}." in fitness
    refused = repr(office.types("alice", "attempt LANG-1 digital-traces nothing-seen I looked"))
    assert "so nothing was logged" in refused
    assert SAID in refused
    assert office.world.rows(attempts) == []
    if why != "her own rows were refused":
        assert SAID in repr(office.types("lena", "feeds"))
        doctor = [each.sentence for each in doctor_on_feeds(office.services)]
        assert any(SAID in each for each in doctor), doctor


def test_a_typed_result_says_no_more_than_a_look(office: Office) -> None:
    typed = "attempt LANG-1 digital-traces nothing-seen I looked"
    assert "logged" in repr(office.types("alice", typed))
    (row,) = office.world.rows(attempts)
    assert row["result"] == AttemptResult.NOTHING_SEEN
    office.types("alice", "attempt LANG-1 digital-traces traces-seen she was in the library")
    assert "showed something of the student" in repr(office.types("alice", typed))
    assert len(office.world.rows(attempts)) == 2
