"""``/lantern feeds`` shows the day up to which data exist, not when a file was last loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.tables import ingests
from tests.people import policy_document
from tests.worker.office import Office, office_in, words
from tests.worker.test_screening import HEADER
from worker.jobs.schools.feed_problems import source_of_no_policy
from worker.jobs.schools.ingest import ingest_events, ingest_new_files

TODAY = dt.date(2025, 10, 22)
"""A Wednesday."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        yield made


def loads(office: Office, last: dt.date, row: str = "", source: str = "moodle") -> None:
    """Load a file now, for a week that ends on this day."""
    days = [last - dt.timedelta(days=number) for number in range(7)]
    lines = [HEADER, *(f"1001,FR101,vle,done,{day}" for day in days), *([row] if row else [])]
    file = office.services.settings.home / f"{source}-{last}.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ingest_events(office.services, file, source)


def feeds(office: Office, name: str = "bob") -> str:
    return words(office.types(name, "feeds").card)


def test_a_source_that_came_tonight_is_known_up_to_yesterday(office: Office) -> None:
    loads(office, TODAY - dt.timedelta(days=1), row="9999,FR101,vle,done,2025-10-21")

    said = feeds(office)

    assert "moodle: up to date to Tuesday 21 October." in said
    assert "loaded on Wednesday 22 October, 7 rows, 1 row left out." in said
    assert "unknown" not in said
    assert "1 of 1 feed up to date" in said


def test_a_source_that_no_policy_has_is_said_to_count_for_nothing(office: Office) -> None:
    assert "The sources are moodle" in source_of_no_policy(office.services, "moodel")
    assert source_of_no_policy(office.services, "moodle") == ""


def test_an_old_file_that_is_loaded_today_makes_nothing_fresh(office: Office) -> None:
    loads(office, dt.date(2025, 10, 10))

    said = feeds(office)

    assert "moodle: unknown. Its data stops on Friday 10 October" in said
    assert "13 to 21 October (15 school days)" in said
    assert "loaded on Wednesday 22 October" in said
    assert "0 of 1 feed up to date" in said


def test_a_correction_of_old_days_takes_nothing_from_what_is_fresh(office: Office) -> None:
    loads(office, TODAY - dt.timedelta(days=1))
    loads(office, dt.date(2025, 10, 10))

    assert "moodle: up to date to Tuesday 21 October." in feeds(office)


@pytest.mark.parametrize(("behind", "unknown"), [(1, False), (3, False), (4, True), (40, True)])
def test_it_is_unknown_exactly_where_the_screening_takes_it_so(
    office: Office, behind: int, unknown: bool
) -> None:
    loads(office, TODAY - dt.timedelta(days=behind))

    assert ("moodle: unknown." in feeds(office)) is unknown


def test_it_stops_with_time_alone_though_nobody_does_anything(office: Office) -> None:
    loads(office, TODAY - dt.timedelta(days=1))
    assert "unknown" not in feeds(office)
    office.clock.forward(days=4)
    assert "moodle: unknown. Its data stops on Tuesday 21 October" in feeds(office)


def test_days_on_which_the_school_is_closed_are_not_missing(office: Office) -> None:
    closed = '[[calendar.closures]]\nname = "break"\nfirst = 2025-10-18\nlast = 2025-10-20\n'
    office.world.publish(policy_document() + closed)
    loads(office, dt.date(2025, 10, 16))

    said = feeds(office)
    assert "stops on Thursday 16 October." in said
    assert "17 to 21 October (16 school days)" in said


def test_the_day_is_the_schools_own_though_it_is_still_yesterday_in_utc(office: Office) -> None:
    """At 23:30 in UTC it is already the next day in the school's summer time."""
    loads(office, TODAY - dt.timedelta(days=3))
    office.clock.now = dt.datetime(2025, 10, 22, 22, 30, tzinfo=dt.UTC)
    assert "moodle: up to date" in feeds(office)
    office.clock.now = dt.datetime(2025, 10, 22, 23, 30, tzinfo=dt.UTC)
    assert "moodle: unknown" in feeds(office)


def test_each_source_stands_for_itself_and_only_what_was_agreed_is_told(office: Office) -> None:
    office.world.publish(
        policy_document().replace('sources = ["moodle"]', 'sources = ["moodle", "panopto"]')
    )
    loads(office, TODAY - dt.timedelta(days=1))
    loads(office, TODAY - dt.timedelta(days=1), source="swipes")

    said = feeds(office)

    assert "moodle: up to date to" in said
    assert "panopto: unknown. No data received yet" in said
    assert "swipes" not in said
    assert "1 of 2 feeds up to date" in said


def test_a_file_that_could_not_be_used_is_told_and_makes_nothing_fresh(office: Office) -> None:
    folder = office.services.settings.home / "feeds" / "moodle"
    folder.mkdir(parents=True)
    (folder / "bad.csv").write_text("this,is,no,feed\n1,2,3,4\n", encoding="utf-8")

    ingest_new_files(office.services)

    (row,) = office.world.rows(ingests)
    assert row["trouble"]
    said = feeds(office)
    assert "moodle: unknown. No data received yet" in said
    assert row["trouble"] in said
    assert "moodle: unknown" in words(office.types("bob", "home").card), "on one's own page too"
