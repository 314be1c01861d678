"""Card swipes are part of the check of digital traces, which a colleague makes for a purpose."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from store.rules.model import NoticeKind
from store.tables import fitness, notices
from tests.people import policy_document
from tests.worker.office import Office, words
from tests.worker.test_swipes_looked_at import SWIPES
from tests.worker.unanswered import LADDER, TODAY, deliver, office, unanswered_in
from worker.jobs.cases.fitness_to_study import surface_fitness

__all__ = ["office"]

WHY = "nobody can reach her"


@pytest.fixture(scope="module")
def unanswered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a case with two unanswered emails; the school agreed to card swipes as a last resort."""
    home = tmp_path_factory.mktemp("unanswered") / "home"
    return unanswered_in(home, LADDER + SWIPES.replace("14", "28"))


def asks(office: Office) -> str:
    """Return what the lead reads two days later, with moodle delivered until then."""
    office.clock.forward(days=2)
    deliver(office, TODAY, office.world.today - dt.timedelta(days=1))
    return words(office.types("lena", "fitness LANG-1").dialog)


def doors(
    office: Office,
    last: dt.date,
    without: tuple[dt.date, ...] = (),
    seen: dt.date | None = None,
) -> None:
    """Load the door swipes up to this day; Dana is in them only on ``seen``."""
    lake, world = office.services.lake, office.world
    first = dt.date(2025, 10, 1)
    with lake.workspace() as work:
        for offset in range((last - first).days + 1):
            if (day := first + dt.timedelta(days=offset)) not in without:
                who = world.student("dana" if day == seen else "eli")
                row = (
                    f"SELECT {who}::BIGINT AS student, NULL::VARCHAR AS module, "
                    "'access' AS family, NULL::VARCHAR AS item, 0::BIGINT AS expected, "
                    "1::BIGINT AS done"
                )
                lake.replace_day(work, "doors", day, row)


def test_without_a_look_at_swipes_it_is_not_recommended(office: Office) -> None:
    doors(office, office.world.today + dt.timedelta(days=3))
    looked = repr(office.types("alice", f"traces LANG-1 {WHY}"))
    assert "Card swipes come next: Digital traces → Card swipes." in looked
    shown = asks(office)
    assert "Card swipes (doors) have not been looked at since" in shown
    assert "digital traces comes next" in shown
    assert surface_fitness(office.services, office.world.today) == 0
    refused = repr(office.types("lena", "fitness LANG-1 invoke there is nothing else left"))
    assert "is not recommended now" in refused
    assert office.world.rows(fitness) == []


def test_swipes_that_were_looked_at_in_vain_are_in_the_summary(office: Office) -> None:
    doors(office, office.world.today + dt.timedelta(days=3))
    office.types("alice", f"traces LANG-1 {WHY}")
    assert "doors: nothing seen" in repr(office.types("alice", f"traces LANG-1 swipes {WHY}"))
    shown = asks(office)
    assert "Card swipes (doors) on Wednesday 3 December: nothing seen." in shown
    assert surface_fitness(office.services, office.world.today) == 1

    assert "is referred" in repr(
        office.types("lena", "fitness LANG-1 invoke everything was tried for weeks")
    )
    office.works()
    doors(office, office.world.today, seen=office.world.today - dt.timedelta(days=1))
    assert "last seen" in repr(office.types("alice", f"traces LANG-1 swipes {WHY}"))
    office.works()
    told = office.world.rows(notices, kind=NoticeKind.FITNESS)
    assert [row["staff_id"] for row in told] == [office.world.staff("lena")] * 2
    heard = [str(message.payload) for message in office.messages("direct:lena")]
    assert any("since Fitness to Study was invoked" in each for each in heard)


def test_a_swipe_that_a_colleague_saw_blocks_it(office: Office) -> None:
    doors(office, office.world.today, seen=TODAY - dt.timedelta(days=3))
    office.types("alice", f"traces LANG-1 {WHY}")
    office.types("alice", f"traces LANG-1 swipes {WHY}")
    shown = asks(office)
    assert "A colleague saw traces of the student on Sunday 30 November." in shown
    assert "have not been looked at" not in shown


def test_days_without_swipes_block_it_and_are_named(office: Office) -> None:
    lost = dt.date(2025, 11, 26)
    doors(office, office.world.today + dt.timedelta(days=3), (lost,))
    office.types("alice", f"traces LANG-1 {WHY}")
    assert "no data for Wednesday 26" in repr(office.types("alice", f"traces LANG-1 swipes {WHY}"))
    shown = asks(office)
    assert "Some days of card swipes (doors) had no data on Wednesday 3 December." in shown
    assert "doors has no data for Wednesday 26 November." in shown
    assert "doors shows the student" not in shown, "read without a purpose"
    assert surface_fitness(office.services, office.world.today) == 0
    doors(office, office.world.today)
    assert "Look again" in words(office.types("lena", "fitness LANG-1").dialog)
    office.types("alice", f"traces LANG-1 swipes {WHY}")
    assert "You decide whether it is right" in asks(office)


def test_the_newest_look_counts_and_one_that_could_not_tell_blocks_it(office: Office) -> None:
    office.world.publish(policy_document() + LADDER)
    office.types("alice", f"traces LANG-1 {WHY}")
    assert "You decide whether it is right" in asks(office)
    office.services.lake.path("moodle", dt.date(2025, 11, 26)).unlink()
    assert "no data for Wednesday 26" in repr(office.types("alice", f"traces LANG-1 {WHY}"))
    shown = words(office.types("lena", "fitness LANG-1").dialog)
    assert "digital traces comes next" in shown
    assert "moodle has no data for Wednesday 26 November." in shown
    assert "nothing seen" not in shown
