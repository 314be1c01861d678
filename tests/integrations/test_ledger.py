"""The delivery ledger: a day follows from all deliveries, in any order of arrival."""

from __future__ import annotations

import datetime as dt
import errno
import itertools
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.activity import lake as lake_module
from integrations.activity.day_files import write_file
from integrations.activity.day_notes import read_note
from integrations.activity.errors import LakeError, cannot_write
from integrations.activity.lake import Lake
from integrations.activity.scratch_database import ScratchDatabase
from integrations.feeds.events_csv import load_events
from integrations.feeds.ledger import changes as ledger_changes
from integrations.feeds.ledger.deliveries import Entry, Ledger, State, Window
from integrations.feeds.ledger.kept_rows import open_kept_rows
from integrations.feeds.ledger.privacy import KEEP_ROWS, forget_before, forget_rows, forget_student
from integrations.feeds.loading import LoadReport, Period, Terms
from integrations.feeds.own_range import own_range
from store.encryption import Encryption
from store.rules.errors import InvalidInput
from tests.integrations.event_feed import HEADER
from tests.integrations.small_lake import files_under

OCTOBER = [dt.date(2025, 10, day) for day in range(1, 32)]
STUDENTS = {"0100": 1, "0200": 2, "0300": 3}
SCHOOLS = {"FRE1": "LANG", "FRE2": "LANG", "BIO1": "SCI"}
ARRIVED = dt.datetime(2025, 11, 3, 5, tzinfo=dt.UTC)
SEAL = Encryption("a key of these tests")


class Place:
    """A lake, and deliveries to it that arrive a minute after one another."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.lake = Lake(folder / "lake")
        self.ledger = Ledger(self.lake)
        self._minutes = itertools.count()

    def deliver(
        self,
        *rows: str,
        covers: Period | None = None,
        complete: bool = False,
        schools: tuple[str, ...] = (),
        arrived: dt.datetime | None = None,
        seal: Encryption | None = None,
        today: dt.date | None = None,
        polled: Window | None = None,
        polls: tuple[Period, ...] = (),
    ) -> LoadReport:
        path = self.folder / "d.csv"
        path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        terms = Terms(
            arrived=arrived or ARRIVED + dt.timedelta(minutes=next(self._minutes)),
            today=today,
            complete=complete,
            schools=schools,
            seal=seal,
            polled=polled,
            covered=polls,
        )
        return load_events(
            self.lake, path, "moodle", STUDENTS.items(), SCHOOLS, covers, terms=terms
        )

    def rows(self) -> list[tuple[str, int, str, int]]:
        """(day, student, module, done) of all that stands in the lake."""
        return [
            (str(which.day), row[0], row[1], row[5])
            for which, path in sorted(self.lake.files(dt.date.min, dt.date.max).items())
            for row in duckdb.read_parquet(str(path)).fetchall()
        ]

    def made(self) -> dict[str, bytes]:
        """Every file of the lake's days."""
        return files_under(self.folder / "lake" / "activity")

    def known(self) -> list[int]:
        """The days of October that are known."""
        found = self.lake.days_delivered(OCTOBER[0], OCTOBER[-1]).get("moodle", frozenset())
        return sorted(day.day for day in found)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "place")


def saw(number: str, day: int, module: str = "FRE1", count: int = 1) -> str:
    return f"{number},{module},vle,done,2025-10-{day:02},,{count}"


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


def test_a_correction_that_is_taken_back_takes_effect(place: Place) -> None:
    first = saw("0100", 6), saw("0200", 6)
    place.deliver(*first)
    place.deliver(first[0])
    assert len(place.rows()) == 1
    place.deliver(*first)
    assert len(place.rows()) == 2
    assert len(place.ledger.entries()) == 3


def test_much_that_would_be_taken_away_waits_for_a_person(place: Place) -> None:
    many = [f"0100,FRE1,attendance,done,2025-10-06,Session {number}," for number in range(40)]
    place.deliver(*many)
    report = place.deliver(*many[:20])
    assert "would take away 20 of the 40 rows of Monday 6 October" in report.waiting
    assert "lantern feeds accept 2" in report.waiting
    assert "lantern feeds withdraw 2" in report.waiting
    assert report.days == ()
    assert len(place.rows()) == 40
    ledger_changes.accept(place.ledger, 2)
    assert len(place.rows()) == 20
    ledger_changes.withdraw(place.ledger, 2)
    assert len(place.rows()) == 40


def test_a_day_that_would_be_emptied_waits_unless_the_file_is_complete(place: Place) -> None:
    place.deliver(saw("0100", 6), saw("0100", 7), saw("0100", 8))
    less = saw("0100", 6), saw("0100", 8)
    assert "1 of the 1 row of Tuesday 7 October" in place.deliver(*less).waiting
    assert len(place.rows()) == 3
    assert place.deliver(*less, complete=True).waiting == ""
    assert len(place.rows()) == 2
    assert 7 in place.known()


def test_files_of_one_night_are_joined_and_none_empties_another(place: Place) -> None:
    place.deliver(saw("0100", 4), arrived=ARRIVED)
    place.deliver(saw("0100", 3), saw("0200", 6), arrived=ARRIVED)
    place.deliver(saw("0300", 3), saw("0200", 6, count=2), arrived=ARRIVED)
    assert place.rows() == [
        ("2025-10-03", 1, "FRE1", 1),
        ("2025-10-03", 3, "FRE1", 1),
        ("2025-10-04", 1, "FRE1", 1),
        ("2025-10-06", 2, "FRE1", 2),
    ]


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


def test_days_from_before_the_ledger_come_back(place: Place) -> None:
    """A lake of an older version has days and no deliveries."""
    place.deliver(saw("0100", 6))
    (place.ledger.folder(place.ledger.entries()[0]) / "entry.json").unlink()
    place.deliver(saw("0200", 6, "BIO1"))
    assert len(place.rows()) == 2
    ledger_changes.withdraw(place.ledger, 2)
    assert place.rows() == [("2025-10-06", 1, "FRE1", 1)]


DELIVERIES = st.lists(
    st.tuples(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(STUDENTS)),
                st.integers(1, 6),
                st.sampled_from(sorted(SCHOOLS)),
                st.integers(1, 3),
            ),
            min_size=1,
            max_size=6,
        ),
        st.booleans(),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(DELIVERIES, st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory,
    deliveries: list[tuple[list[tuple[str, int, str, int]], bool, int]],
    chance: object,
) -> None:
    """The stamps of arrival decide, and content where they are the same."""
    made = []
    shuffled = list(deliveries)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    for order in (deliveries, shuffled):
        place = Place(tmp_path_factory.mktemp("order"))
        for rows, complete, minute in order:
            place.deliver(
                *(saw(*row) for row in rows),
                complete=complete,
                arrived=ARRIVED + dt.timedelta(minutes=minute),
            )
        for entry in place.ledger.entries():
            if entry.state is State.WAITING:
                ledger_changes.accept(place.ledger, entry.number)
        made.append(place.made())
    assert made[0] == made[1]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(DELIVERIES)
def test_withdrawn_is_as_if_it_had_never_come_and_again_as_if_it_had(
    tmp_path_factory: pytest.TempPathFactory,
    deliveries: list[tuple[list[tuple[str, int, str, int]], bool, int]],
) -> None:
    place = Place(tmp_path_factory.mktemp("withdrawn"))
    for rows, _, _ in deliveries:
        before = place.made()
        report = place.deliver(*(saw(*row) for row in rows))
        if report.waiting:
            ledger_changes.accept(place.ledger, report.number)
        after = place.made()
    numbers = {entry.number for entry in place.ledger.entries()}
    assert report.number in numbers
    newest = report.number
    is_new = len(numbers) == len(deliveries)
    ledger_changes.withdraw(place.ledger, newest)
    if is_new:
        assert place.made() == before
    again = place.deliver(*(saw(*row) for row in deliveries[-1][0]))
    if again.waiting:
        ledger_changes.accept(place.ledger, again.number)
    assert place.made() == after


def test_one_row_far_off_makes_nothing_fresh_and_blanks_nothing(place: Place) -> None:
    days = [saw(number, day) for number in STUDENTS for day in range(1, 15)]
    report = place.deliver(*days, "0100,FRE1,vle,done,2025-12-06,,")
    assert place.known() == list(range(1, 15))
    assert place.lake.newest_days(dt.date(2026, 1, 1)) == {"moodle": OCTOBER[13]}
    assert "Saturday 6 December" in report.notes[0]


def test_what_was_done_in_the_future_is_refused_and_what_is_expected_is_kept(
    place: Place,
) -> None:
    today = dt.date(2025, 10, 14)
    report = place.deliver(
        saw("0100", 13),
        saw("0100", 15),
        saw("0200", 16),
        "0100,FRE1,attendance,expected,2025-10-20,Seminar,",
        today=today,
    )
    assert [(row.line, row.reason[:23]) for row in report.rejected] == [
        (4, "at is in the future, an")
    ]
    assert [row[0] for row in place.rows()] == ["2025-10-13", "2025-10-15", "2025-10-20"]
    assert place.known() == [13]
    assert "Rows of 2 days to come" in report.notes[0]


@pytest.mark.parametrize(
    ("days", "covered"),
    [
        ({1: 9, 2: 9, 3: 9}, [(1, 3)]),
        ({1: 9, 4: 9}, [(1, 4)]),
        ({1: 1, 31: 1}, [(1, 1), (31, 31)]),
        ({1: 9, 2: 9, 3: 9, 20: 1}, [(1, 3)]),
        ({1: 9, 2: 9, 3: 9, 20: 9, 21: 9}, [(1, 3), (20, 21)]),
        ({1: 1, 12: 9, 13: 9, 14: 9}, [(12, 14)]),
        ({}, []),
    ],
)
def test_a_files_own_range(days: dict[int, int], covered: list[tuple[int, int]]) -> None:
    found = own_range({OCTOBER[day - 1]: rows for day, rows in days.items()})
    assert [(first.day, last.day) for first, last in found.covered] == covered


def test_a_refused_row_leaves_its_student_unknown(place: Place) -> None:
    place.deliver(saw("0100", 6), saw("0200", 7), "2E+02,FRE1,vle,done,2025-10-06,,")
    notes = {which.day.day: note for which, note in place.lake.notes(*OCTOBER[::30]).items()}
    assert notes[6].students == {2}, "it has lost its digits"
    assert 7 not in notes
    place.deliver("0300,FRE1,watching,done,2025-10-09,,", saw("0100", 9))
    assert read_note(place.lake.path("moodle", OCTOBER[8])).students == {3}


def test_a_rounded_number_leaves_all_unknown_whom_it_may_be(place: Place) -> None:
    place.deliver(saw("0100", 6), "1E+02,FRE1,vle,done,2025-10-06,,")
    assert read_note(place.lake.path("moodle", OCTOBER[5])).students == {1}


def test_an_unknown_person_is_a_share_of_the_schools_rows(place: Place) -> None:
    place.deliver(
        saw("0100", 6), saw("0200", 6), saw("0300", 6), saw("9999", 6), saw("0100", 6, "BIO1")
    )
    assert read_note(place.lake.path("moodle", OCTOBER[5])).strangers == {"LANG": 0.25}


def test_only_declared_columns_are_kept_and_they_are_sealed(place: Place) -> None:
    path = place.folder / "wide.csv"
    path.write_text(
        "student_number,password,module,family,kind,at,ethnicity\n"
        "0100,hunter2,FRE1,vle,done,2025-10-06,invented\n",
        encoding="utf-8",
    )
    load_events(place.lake, path, "moodle", STUDENTS.items(), SCHOOLS, terms=Terms(seal=SEAL))
    (entry,) = place.ledger.entries()
    sealed = place.ledger.folder(entry) / "rows.sealed"
    with place.lake.workspace() as work, open_kept_rows(work, SEAL, sealed) as plain:
        kept = duckdb.read_parquet(str(plain))
        assert "password" not in kept.columns
        assert "ethnicity" not in kept.columns
        assert "0100" in kept.fetchall()[0]
    everything = b"".join(files_under(place.folder / "lake").values())
    assert b"hunter2" not in everything
    assert b"0100" not in everything


def test_an_erased_student_is_in_no_delivery(place: Place) -> None:
    place.deliver(saw("0100", 6), saw("0200", 6), "100,FRE1,vle,done,2025-10-06,,", seal=SEAL)
    assert forget_student(place.ledger, SEAL, 1) == 1
    place.lake.remove_student(1)
    (entry,) = place.ledger.entries()
    assert entry.erasures == 1
    sealed = place.ledger.folder(entry) / "rows.sealed"
    with place.lake.workspace() as work, open_kept_rows(work, SEAL, sealed) as plain:
        numbers = duckdb.read_parquet(str(plain)).select("student_number").fetchall()
    assert numbers == [("0200",)]
    assert place.lake.notes(OCTOBER[0], OCTOBER[-1]) == {}
    ledger_changes.withdraw(place.ledger, 1)
    place.deliver(saw("0200", 6))
    assert [row[1] for row in place.rows()] == [2]
    assert forget_student(place.ledger, SEAL, 1) == 0


def test_kept_rows_go_after_their_time_and_the_facts_stay(place: Place) -> None:
    place.deliver(saw("0100", 6), seal=SEAL)
    assert forget_rows(place.ledger, ARRIVED + KEEP_ROWS) == 0
    assert forget_rows(place.ledger, ARRIVED + KEEP_ROWS + dt.timedelta(days=1)) == 1
    (entry,) = place.ledger.entries()
    assert not entry.rows_kept
    assert not (place.ledger.folder(entry) / "rows.sealed").exists()
    place.deliver(saw("0200", 6, "BIO1"))
    assert len(place.rows()) == 2


def test_what_may_be_kept_a_few_days_does_not_come_back(place: Place) -> None:
    place.deliver(*(saw("0100", day) for day in range(1, 11)))
    forget_before(place.ledger, "moodle", OCTOBER[7])
    place.lake.remove_before(OCTOBER[7], "moodle")
    place.deliver(*(saw("0200", day, "BIO1") for day in range(1, 11)))
    assert {row[0] for row in place.rows() if row[1] == 1} == {
        "2025-10-08",
        "2025-10-09",
        "2025-10-10",
    }


def test_polls_add_up_and_cover_nothing_in_any_order(tmp_path: Path) -> None:
    """Each brings what is new at its source; a file that speaks for the day covers them."""
    day, came = (OCTOBER[5], OCTOBER[5]), "0200,FRE1,attendance,done,2025-10-06,S1,"
    polls = ((saw("0100", 6, count=2), came), (saw("0100", 6, count=3), came), ())
    made = set()
    for order in itertools.permutations(range(3)):
        place = Place(tmp_path / str(order))
        for nth in order:
            at = ARRIVED + dt.timedelta(minutes=nth)
            place.deliver(*polls[nth], arrived=at, polled=(ARRIVED, at), polls=(day,))
        made.add(str(place.rows()))
    assert made == {"[('2025-10-06', 1, 'FRE1', 5), ('2025-10-06', 2, 'FRE1', 1)]"}
    assert place.known() == [6]
    place.deliver(saw("0100", 6, count=4), arrived=ARRIVED + dt.timedelta(hours=1))
    assert place.rows() == [("2025-10-06", 1, "FRE1", 4)]
    place.deliver(saw("0100", 6), arrived=ARRIVED + dt.timedelta(hours=2), polled=(at, at))
    assert place.rows() == [("2025-10-06", 1, "FRE1", 5)]
