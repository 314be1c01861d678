"""The screening with students who are exempt or active again, and with a level's own thresholds."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.activity.simulation import simulate
from store.policies.document import parse
from store.queries.flags.queue import held, waiting
from store.rules.model import ExemptionKind
from store.tables import cases, exemptions, flags
from tests.people import policy_document
from tests.worker.office import Office, office_in
from tests.worker.test_screening import DAY, SILENT_FROM, screen, write_feed

ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give an office where Dana has been inactive for 18 days."""
    with office_in(tmp_path / "home") as made:
        write_feed(made.services.settings.home)
        yield made


def exempt(office: Office, first: dt.date, last: dt.date | None) -> None:
    world = office.world
    with world.store.unit_of_work() as work:
        work.connection.execute(
            sa.insert(exemptions).values(
                student_id=world.student("dana"),
                school_id=world.school(),
                kind=ExemptionKind.APPROVED_ABSENCE,
                first=first,
                last=last,
                reason="a family matter",
                by_staff_id=world.staff("lena"),
                at=work.now,
            )
        )


def test_of_somebody_exempt_nothing_is_found(office: Office) -> None:
    exempt(office, DAY, DAY + ONE_DAY)
    screen(office)
    assert office.world.rows(flags) == []


def test_somebody_who_is_back_is_not_silent_for_the_days_they_were_away(office: Office) -> None:
    exempt(office, SILENT_FROM, DAY - ONE_DAY)
    screen(office)
    assert office.world.rows(flags) == []


def test_an_exemption_that_ended_long_ago_excuses_no_longer(office: Office) -> None:
    exempt(office, SILENT_FROM, SILENT_FROM + ONE_DAY)
    screen(office)
    assert len(office.world.rows(flags)) == 1


def test_a_draft_is_tried_out_with_the_exemptions_there_were(office: Office) -> None:
    exempt(office, SILENT_FROM - ONE_DAY, None)
    found = simulate(
        office.services, parse(policy_document(), "the draft"), DAY - 13 * ONE_DAY, DAY
    )
    assert (found.cases, found.cases_before) == (0, 0)


def test_a_level_has_thresholds_of_its_own(office: Office) -> None:
    """Dana is an undergraduate; a foundation student would be flagged earlier."""
    document = policy_document() + '[[overrides]]\nlevel = "undergraduate"\noff = ["inactivity"]\n'
    office.world.publish(document)
    screen(office)
    assert office.world.rows(flags) == []

    office.world.publish(document.replace("undergraduate", "foundation"))
    screen(office)
    (flag,) = office.world.rows(flags)
    assert flag["student_id"] == office.world.student("dana")


def test_a_flag_keeps_the_version_and_the_words_that_raised_it(office: Office) -> None:
    words = '[[words]]\nrule = "inactivity"\nstudent = "It has been {days} days. How are you?"\n'
    office.world.publish(policy_document() + words)
    screen(office)
    office.world.publish(policy_document(capacity=3))
    (flag,) = office.world.rows(flags)
    assert flag["reason_student"] == "It has been 14 days. How are you?"
    assert flag["policy_id"] == 3, "the third that was published, of both schools"


def test_nobody_waits_or_is_held_where_there_is_room(office: Office) -> None:
    screen(office)
    with office.services.store.database.read() as connection:
        assert waiting(connection, [office.world.school()]) == []
        assert held(connection, [office.world.school()]) == []
    assert len(office.world.rows(cases)) == 1
