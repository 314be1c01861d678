"""A day without data is shown as such everywhere: no text may say that it was measured."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.activity.day_notes import EVERYWHERE, DayNote, write_note
from store.rules.model import AttemptResult, Rung
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
    """Give Dana's case, and moodle's files of every day, without her in them."""
    with office_in(tmp_path) as made:
        made.world.publish(policy_document())
        made.world.both_emails_unanswered(made.world.open_case())
        made.types("alice", "attempt LANG-1 phone wrong-number")
        made.clock.now = dt.datetime.combine(TODAY, dt.time(9, 30), dt.UTC)
        deliver(made)
        yield made


def looks(office: Office) -> list[str]:
    rows = office.world.rows(attempts, rung=Rung.DIGITAL_TRACES)
    return [row["result"] for row in rows]


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
    """Deliver the file of the day in a way that leaves Dana's activity unknown."""
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
    refused = repr(
        office.types("alice", "attempt LANG-1 digital-traces nothing-seen no email reaches her")
    )
    assert "so nothing was logged" in refused
    assert SAID in refused
    assert looks(office) == []
    if why != "her own rows were refused":
        assert SAID in repr(office.types("lena", "feeds"))
        doctor = [each.sentence for each in doctor_on_feeds(office.services)]
        assert any(SAID in each for each in doctor), doctor


def test_a_typed_result_says_no_more_than_a_look(office: Office) -> None:
    typed = "attempt LANG-1 digital-traces nothing-seen no email reaches her"
    assert "logged" in repr(office.types("alice", typed))
    assert looks(office) == [AttemptResult.NOTHING_SEEN]
    office.types("alice", "attempt LANG-1 digital-traces traces-seen she was in the library")
    assert "showed activity of the student" in repr(office.types("alice", typed))
    assert len(looks(office)) == 2


def test_both_doors_of_a_look_ask_for_its_turn_and_its_purpose(office: Office) -> None:
    office.world.open_case("eli")
    typed = "attempt LANG-{} digital-traces not-measured"
    doors = ("traces LANG-2 no email reaches her", typed.format(2) + " no email reaches her")
    for line in doors:
        assert "Digital traces are the last step of contact" in repr(office.types("alice", line))
    assert "Give the purpose" in repr(office.types("alice", typed.format(1)))
    assert looks(office) == []
