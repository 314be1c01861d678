"""Exempt students are not flagged or written to until the exemption ends."""

from __future__ import annotations

import pytest

from store.actions.cases import close as closing
from store.actions.outreach import write_draft
from store.actions.students import exempt as exempting
from store.actions.students import report_death as death
from store.actions.students.exempt import Exemption
from store.policies.versions import policy_in_force
from store.queries.students.exemptions import exempt_on
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.model import ExemptionKind, Outcome, OutreachStatus
from store.tables import exemptions, outreach
from tests.people import finding
from tests.store.test_resting import in_days
from tests.world import World


@pytest.fixture
def case(world: World) -> int:
    return world.begins_with(World.open_case)


def exempt(
    world: World,
    case: int,
    kind: ExemptionKind = ExemptionKind.PLACEMENT,
    last: int | None = 10,
    by: str = "alice",
) -> None:
    until = None if last is None else in_days(world, last)
    wanted = Exemption(kind, world.today, until, "A term in another country")
    exempting.exempt_student(world.store, world.by(by), case, wanted)


def test_an_exempt_student_is_not_flagged_until_the_day_after_the_last(
    world: World, case: int
) -> None:
    exempt(world, case)
    dana = world.student("dana")
    with world.store.database.read() as connection:
        for day, is_exempt in ((0, True), (10, True), (11, False)):
            found = exempt_on(connection, world.school(), in_days(world, day))
            assert (dana in found) is is_exempt


def test_nobody_writes_to_an_exempt_student_and_an_end_is_an_end(world: World, case: int) -> None:
    world.approved_mail(case)
    exempt(world, case)
    assert {each["status"] for each in world.rows(outreach)} == {OutreachStatus.CANCELLED}
    with pytest.raises(NotPossibleNow, match="is exempt now \\(placement\\)"):
        world.write_draft(case)

    assert exempting.end_exemption(world.store, world.by("sana"), case) == 1
    with pytest.raises(NotPossibleNow, match="no exemption to end"):
        exempting.end_exemption(world.store, world.by("sana"), case)
    world.write_draft(case)


def test_an_exemption_that_begins_later_stops_nothing_yet(world: World, case: int) -> None:
    world.approved_mail(case)
    later = Exemption(ExemptionKind.PLACEMENT, in_days(world, 5), None, "A term in another country")
    exempting.exempt_student(world.store, world.by("alice"), case, later)
    assert world.send().status is OutreachStatus.SENT


def test_about_somebody_who_has_died_nobody_is_contacted_ever(world: World, case: int) -> None:
    with pytest.raises(InvalidInput, match="Use Report a death"):
        exempt(world, case, ExemptionKind.DECEASED, last=None)
    death.report_death(world.store, world.by("alice"), case, "The registry told us today")
    world.clock.forward(days=300)
    with pytest.raises(NotPossibleNow, match="all contact has stopped"):
        exempting.end_exemption(world.store, world.by("alice"), case)
    with pytest.raises(NotPossibleNow, match="all contact has stopped"):
        write_draft.compose(world.store, world.by("alice"), case)


def test_an_exemption_that_makes_no_sense_is_refused(world: World, case: int) -> None:
    with pytest.raises(InvalidInput, match="before the first"):
        exempt(world, case, last=-1)
    with pytest.raises(NotAllowed):
        exempt(world, case, by="bob")
    assert world.rows(exemptions) == []


def test_an_exempt_student_opens_no_case_in_a_screening(world: World) -> None:
    first = world.open_case()
    exempt(world, first)
    closing.close_case(world.store, world.by("alice"), first, Outcome.CIRCUMSTANCES_KNOWN)
    with world.store.database.read() as connection:
        published = policy_in_force(connection, world.school(), world.today)
        assert published
        left = exempt_on(connection, world.school(), world.today)
    found = [each for each in [finding(world.student("dana"))] if each.student not in left]
    done = world.screen(*found)
    assert done.cases_opened == 0
