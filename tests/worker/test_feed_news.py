"""A school's lead is told once of each trouble with its feeds, and once when it ends."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from integrations.feeds.ledger import changes as ledger_changes
from integrations.feeds.ledger.deliveries import Ledger
from store.queries.schools.troubles import gaps_of_sources
from store.rules.model import NoticeKind
from store.tables import notices
from tests.people import policy_document
from tests.worker.office import ENROLLED, Office, office_in, words
from tests.worker.test_screening import HEADER
from worker.doctor.checks import list_troubles
from worker.jobs import run_with

ONE_DAY = dt.timedelta(days=1)
NUMBERS = sorted(each.number for each in ENROLLED.students)
MONDAY = dt.date(2025, 10, 13)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        two = policy_document().replace('sources = ["moodle"]', 'sources = ["moodle", "panopto"]')
        made.world.publish(two)
        yield made


def usual(day: dt.date) -> list[str]:
    """Have every student open eight pages."""
    return [f"{who},FR101,vle,done,{day}T10:00:00,page {n}" for who in NUMBERS for n in range(8)]


def puts(
    office: Office, source: str, day: dt.date, lines: Iterable[str] = (), name: str = ""
) -> Path:
    """Put a file into the folder of a source."""
    file = office.services.settings.home / "feeds" / source / (name or f"{day}.csv")
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = list(lines) or usual(day)
    file.write_text("\n".join([f"{HEADER},item", *rows]) + "\n", encoding="utf-8")
    return file


def night(office: Office, day: dt.date, *without: str) -> None:
    """Run the night before this morning: the files of the day before, and the jobs."""
    for source in {"moodle", "panopto"} - set(without):
        puts(office, source, day - ONE_DAY)
    works(office, day)


def works(office: Office, day: dt.date) -> None:
    office.clock.now = dt.datetime.combine(day, dt.time(5, 30), dt.UTC)
    run_with(office.services)("screen", day=day.isoformat())
    office.clock.now = dt.datetime.combine(day, dt.time(9), dt.UTC)
    office.works()


def told(office: Office) -> list[str]:
    """Return what the lead was told of troubles, newest last."""
    kinds = {NoticeKind.TROUBLE, NoticeKind.TROUBLE_OVER}
    lead = office.world.staff("lena")
    rows = [each for each in office.world.rows(notices, staff_id=lead) if each["kind"] in kinds]
    shown = [str(each.payload) for each in office.messages("direct:lena")]
    of_feeds = [each for each in shown if "problem in your school" in each.lower()]
    return [
        html.unescape(re.findall(r"lc-quote.>(.*?)</blockquote>", each)[0]) for each in of_feeds
    ][-len(rows) :]


def doctor(office: Office) -> str:
    return "\n".join(each.sentence for each in list_troubles(office.services))


def test_each_trouble_is_told_once_and_so_is_its_end(office: Office) -> None:
    home, ledger = office.services.settings.home, Ledger(office.services.lake)
    night(office, MONDAY + ONE_DAY)
    assert told(office) == [], "a clean night"

    # A source is late, one has no files, and no row of another can be used.
    day = MONDAY + 3 * ONE_DAY
    (home / "feeds" / "stray.csv").write_text("x\n", encoding="utf-8")
    strangers = [f"99{row:02},FR101,vle,done,{day - ONE_DAY}T10:00:00," for row in range(20)]
    bad = puts(office, "moodle", day, strangers, "strangers.csv")
    night(office, day, "panopto")
    late, *files = sorted(told(office), key=lambda each: "panopto" not in each)
    assert len(files) == 2, "each once"
    assert "panopto has not arrived since Monday 13 October" in late
    assert "the online learning space is unknown" in late
    assert "stray.csv is not in a source's folder" in "".join(files)
    assert "Nothing of strangers.csv was loaded: 20 rows refused." in "".join(files)
    for said in ("panopto has not arrived", "stray.csv", "strangers.csv"):
        assert said in doctor(office), "the doctor names the same"
    gap = "panopto has not arrived since Monday 13 October."
    assert gap in words(office.types("bob", "feeds").card)
    with office.world.store.database.read() as connection:
        assert gaps_of_sources(connection, office.world.school()) == {"panopto": gap}

    # All of these are settled. One delivery removes many rows, and many of another are refused.
    (home / "feeds" / "stray.csv").unlink()
    bad.unlink()
    again = day - ONE_DAY
    puts(
        office,
        "moodle",
        again,
        [f"{NUMBERS[0]},FR101,vle,done,{again}T10:00:00,page 0"],
        "again.csv",
    )
    puts(office, "moodle", day, [*usual(day), *strangers], "mixed.csv")
    puts(office, "panopto", again)
    night(office, day := day + ONE_DAY)
    (number,) = [each.number for each in ledger.entries() if each.why]
    new = "".join(told(office)[3:])
    assert len(told(office)) == 8, "\n".join(told(office))
    assert "panopto has arrived. panopto is complete to" in new
    assert "No flags changed." in new
    assert f"lantern feeds accept {number}" in new
    assert "were refused" in new
    assert "stray.csv" not in doctor(office)

    # A person's decision answers the question.
    ledger_changes.withdraw(ledger, number)
    for source in ("moodle", "panopto"):
        puts(office, source, day)
    night(office, day + 3 * ONE_DAY)
    assert f"Delivery {number} of moodle was withdrawn: again.csv." in told(office)[-1]
    assert len(told(office)) == 9, "nothing twice"
