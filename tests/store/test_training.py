"""Training is recorded, and without a trained lead no email is sent (paragraph 19)."""

import datetime as dt

import pytest
import sqlalchemy as sa

from store.actions.schools.load_roster import load_roster
from store.actions.schools.record_training import record_training
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.model import Role
from store.rules.schools import Roster, StaffEntry
from store.tables import audit, staff
from tests.people import LANGUAGES
from tests.world import World

DAY = dt.date(2025, 10, 1)


def trained(world: World, name: str) -> dt.date | None:
    day: dt.date | None = world.rows(staff, id=world.staff(name))[0]["trained_on"]
    return day


def without_training(world: World, name: str = "lena") -> None:
    with world.store.unit_of_work() as work:
        mine = staff.c.id == world.staff(name)
        work.connection.execute(sa.update(staff).where(mine).values(trained_on=None))


def joins(
    world: World,
    name: str,
    role: Role,
    school: str = LANGUAGES,
    trained_on: dt.date | None = None,
) -> None:
    entry = StaffEntry(
        f"{name}@example.ac.uk", name.title(), ((school, role),), trained_on=trained_on
    )
    load_roster(world.store, Roster(staff=(entry,)))


def test_the_lead_records_a_colleagues_training(world: World) -> None:
    record_training(world.store, world.by("lena"), world.staff("bob"), DAY)
    assert trained(world, "bob") == DAY
    entry = world.rows(audit)[-1]
    assert (entry["action"], entry["subject"]) == ("train", f"staff:{world.staff('bob')}")


def test_nobody_certifies_their_own_training(world: World) -> None:
    """This holds above all for an only lead, without whose training no email is sent."""
    without_training(world)
    joins(world, "fay", Role.FACULTY_LEAD)
    for name in ("lena", "fay"):
        with pytest.raises(NotAllowed, match="You cannot record your own training"):
            record_training(world.store, world.by(name), world.staff(name), DAY)
        assert trained(world, name) is None
        assert world.rows(audit)[-1]["action"] == "refused"


@pytest.mark.parametrize("role", [Role.ENGAGEMENT_LEAD, Role.FACULTY_LEAD])
def test_another_lead_or_the_faculty_s_records_the_lead_s(world: World, role: Role) -> None:
    without_training(world)
    joins(world, "other", role)
    with pytest.raises(NotAllowed, match="Your own training is not recorded") as no:
        record_training(world.store, world.by("other"), world.staff("lena"), DAY)
    assert "administrator" in no.value.sentence, "it says who can"
    assert "engagement lead" in no.value.sentence
    assert world.rows(audit)[-1]["action"] == "refused"
    with pytest.raises(NotAllowed, match="Your own training is not recorded"):
        record_training(world.store, world.by("lena"), world.staff("other"), DAY)
    joins(world, "other", role, trained_on=DAY)
    record_training(world.store, world.by("other"), world.staff("lena"), DAY)
    assert trained(world, "lena") == DAY


def test_a_lead_of_another_faculty_does_not(world: World) -> None:
    without_training(world)
    joins(world, "fay", Role.FACULTY_LEAD, "MATH")
    with pytest.raises(NotAllowed, match="faculty lead"):
        record_training(world.store, world.by("fay"), world.staff("lena"), DAY)


@pytest.mark.parametrize("name", ["alice", "bob", "max", "charlie"])
def test_nobody_but_the_lead_of_the_colleagues_school_does(world: World, name: str) -> None:
    with pytest.raises(NotAllowed, match="by the engagement lead of the colleague's school"):
        record_training(world.store, world.by(name), world.staff("bob"), DAY)
    assert trained(world, "bob") is None
    assert world.rows(audit)[-1]["action"] == "refused"


def test_a_training_that_is_still_to_come_is_none(world: World) -> None:
    tomorrow = world.today + dt.timedelta(days=1)

    with pytest.raises(InvalidInput) as refused:
        record_training(world.store, world.by("lena"), world.staff("bob"), tomorrow)
    assert refused.value.field == "day"


def test_a_lesson_records_ones_own_and_nobody_elses(world: World) -> None:
    record_training(world.store, world.by("bob"), world.staff("bob"), DAY, lesson=True)
    assert trained(world, "bob") == DAY

    with pytest.raises(NotAllowed):
        record_training(world.store, world.by("bob"), world.staff("alice"), DAY, lesson=True)


def test_without_a_trained_lead_nothing_is_sent_until_the_training_is_recorded(
    world: World,
) -> None:
    case = world.open_case()
    world.give_view(case)
    world.write_draft(case)
    without_training(world)

    with pytest.raises(NotPossibleNow, match="the faculty's lead, to record it, for example") as no:
        world.approve(case)
    assert "/lantern train lena today" in no.value.sentence

    joins(world, "fay", Role.FACULTY_LEAD, trained_on=DAY)
    record_training(world.store, world.by("fay"), world.staff("lena"), world.today)
    world.approve(case)


def test_a_second_lead_who_is_trained_is_enough(world: World) -> None:
    case = world.open_case()
    world.give_view(case)
    world.write_draft(case)
    without_training(world)
    second = StaffEntry("li@example.ac.uk", "Li", ((LANGUAGES, Role.ENGAGEMENT_LEAD),), DAY)
    load_roster(world.store, Roster(staff=(second,)))

    world.approve(case)
