"""Cover for absence, and the choice of a case's first owner (paragraph 26)."""

import datetime as dt

import pytest
import sqlalchemy as sa

from store.actions.cases import assign as ownership
from store.actions.schools import arrange_cover as covering
from store.actions.schools.arrange_cover import Absence
from store.actions.schools.load_roster import load_roster
from store.queries.cases.owner_suggestions import candidates, default_owners, suggestion
from store.queries.schools.cover import acting_for, covered_by, stand_in
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.model import Role
from store.rules.schools import Roster, StaffEntry
from store.tables import audit, covers, staff, staff_roles
from tests.people import LANGUAGES, MATHEMATICS, finding, policy_document
from tests.store.together import together
from tests.world import World

ONE_DAY = dt.timedelta(days=1)


def away(
    world: World,
    absent: str,
    cover: str,
    days: int = 2,
    *,
    by: str = "sana",
    after: int = 0,
) -> None:
    """Make ``absent`` away for ``days`` days, from today or from ``after`` days later."""
    first = world.today + dt.timedelta(days=after)
    wanted = Absence(
        world.staff(absent), world.staff(cover), first, first + dt.timedelta(days=days)
    )
    covering.arrange_cover(world.store, world.by(by), world.school(), wanted)


def acts(world: World, name: str, *, day: dt.date | None = None, barred: str = "") -> int:
    with world.store.database.read() as connection:
        return stand_in(
            connection,
            world.school(),
            world.staff(name),
            day or world.today,
            {world.staff(barred)} if barred else (),
        )


# -- Arranging ---------------------------------------------------------------------------------


def test_somebody_acts_for_somebody_until_the_last_day(world: World) -> None:
    away(world, "alice", "sana", 2, by="alice")

    assert acts(world, "alice") == world.staff("sana")
    assert acts(world, "alice", day=world.today + 2 * ONE_DAY) == world.staff("sana")
    assert acts(world, "alice", day=world.today + 3 * ONE_DAY) == world.staff("alice")
    assert acts(world, "alice", day=world.today - ONE_DAY) == world.staff("alice")
    assert acts(world, "lena") == world.staff("lena")
    with world.store.database.read() as connection:
        found = covered_by(connection, world.school(), world.staff("sana"), world.today)
    assert found == [world.staff("alice")]
    assert world.rows(audit)[-1]["action"] == "cover"


def test_an_adviser_arranges_their_own_absence_only(world: World) -> None:
    with pytest.raises(NotAllowed, match="You can arrange cover only for yourself"):
        away(world, "sana", "lena", by="alice")
    away(world, "sana", "alice", by="lena")
    away(world, "lena", "alice", by="sana")


@pytest.mark.parametrize("name", ["bob", "charlie"])
def test_whoever_looks_after_no_case_of_the_school_arranges_nothing(
    world: World, name: str
) -> None:
    with pytest.raises(NotAllowed):
        away(world, "sana", "lena", by=name)
    assert world.rows(audit)[-1]["action"] == "refused"


@pytest.mark.parametrize(
    ("absent", "cover", "field", "said"),
    [
        ("sana", "sana", "cover", "cannot cover for themselves"),
        ("sana", "bob", "cover", "cannot look after cases"),
        ("sana", "charlie", "cover", "cannot look after cases"),
        ("charlie", "sana", "absent", "cannot look after cases"),
    ],
)
def test_a_cover_may_act_in_the_school(
    world: World, absent: str, cover: str, field: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        away(world, absent, cover)
    assert refused.value.field == field
    assert world.rows(covers) == []


@pytest.mark.parametrize(
    ("after", "days", "field"),
    [(-1, 3, "first"), (0, -1, "last"), (-9, 2, "last"), (0, 400, "last")],
)
def test_the_days_make_sense(world: World, after: int, days: int, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        away(world, "alice", "sana", days, after=after)
    assert refused.value.field == field


@pytest.mark.parametrize(("after", "days"), [(0, 0), (2, 5), (1, 0)])
def test_two_absences_of_one_person_do_not_overlap(world: World, after: int, days: int) -> None:
    away(world, "alice", "sana", 2)

    with pytest.raises(NotPossibleNow, match="Sana Support covers for Alice Adviser until Friday"):
        away(world, "alice", "lena", days, after=after)
    away(world, "alice", "lena", 1, after=3)


def test_nobody_covers_who_is_away_too(world: World) -> None:
    away(world, "alice", "sana", 2)

    with pytest.raises(InvalidInput, match="Alice Adviser is away until Friday 24 October as well"):
        away(world, "lena", "alice")
    away(world, "lena", "alice", after=3)


def test_a_cover_who_goes_away_is_covered_in_turn(world: World) -> None:
    away(world, "alice", "sana", 5)
    away(world, "sana", "lena", 1)

    assert acts(world, "alice") == world.staff("lena")
    assert acts(world, "alice", day=world.today + 2 * ONE_DAY) == world.staff("sana")
    with pytest.raises(InvalidInput, match="is away"):
        away(world, "lena", "alice")


def test_not_even_a_ring_of_covers_goes_on_for_ever() -> None:
    ring = {1: 2, 2: 3, 3: 1}

    assert acting_for(ring, 1) == 3
    assert acting_for(ring, 1, barred=[3]) == 2
    assert acting_for(ring, 4) == 4


def test_whom_a_complaint_is_about_stands_in_for_nobody_on_that_case(world: World) -> None:
    away(world, "alice", "sana")

    assert acts(world, "alice", barred="sana") == world.staff("alice")


def test_a_cover_who_loses_their_role_or_leaves_covers_no_more(world: World) -> None:
    away(world, "alice", "sana")
    away(world, "lena", "sana")
    with world.store.unit_of_work() as work:
        work.connection.execute(
            sa.delete(staff_roles).where(staff_roles.c.staff_id == world.staff("sana"))
        )
    assert acts(world, "alice") == world.staff("alice")


def test_an_inactive_cover_covers_no_more(world: World) -> None:
    away(world, "alice", "sana")
    with world.store.unit_of_work() as work:
        mine = staff.c.id == world.staff("sana")
        work.connection.execute(sa.update(staff).where(mine).values(active=False))
    assert acts(world, "alice") == world.staff("alice")


def test_two_who_cover_each_other_at_the_same_moment(world: World) -> None:
    """Each transaction sees the other's cover, so the two cannot form a circle."""

    got = together(
        lambda: away(world, "sana", "lena", by="sana"),
        lambda: away(world, "lena", "sana", by="lena"),
    )

    assert [isinstance(each, InvalidInput) for each in got].count(True) == 1
    assert len(world.rows(covers)) == 1


def test_whoever_is_back_acts_again(world: World) -> None:
    away(world, "alice", "sana", 5)

    with pytest.raises(NotAllowed):
        covering.end_cover(world.store, world.by("bob"), world.school(), world.staff("alice"))
    covering.end_cover(world.store, world.by("alice"), world.school(), world.staff("alice"))

    assert acts(world, "alice") == world.staff("alice")
    with pytest.raises(NotPossibleNow, match="No absence is arranged for Alice Adviser"):
        covering.end_cover(world.store, world.by("alice"), world.school(), world.staff("alice"))
    away(world, "alice", "lena")


# -- Choice of the first owner -----------------------------------------------------------------


def owner_of(world: World, student: str) -> int | None:
    return world.case(world.open_case(student)).owner


def test_a_new_case_does_not_go_to_somebody_who_is_away(world: World) -> None:
    second = StaffEntry("tom@example.ac.uk", "Tom", ((LANGUAGES, Role.STUDENT_SUPPORT_OFFICER),))
    load_roster(world.store, Roster(staff=(second,)))
    away(world, "sana", "lena")

    assert owner_of(world, "dana") == world.staff("tom")
    assert owner_of(world, "eli") == world.staff("tom"), "though Sana has less to do"


def test_where_all_are_away_their_cover_gets_it(world: World) -> None:
    away(world, "sana", "lena")

    assert owner_of(world, "dana") == world.staff("lena")


def with_duty(world: World, role: str, school: str = LANGUAGES) -> None:
    world.publish(f'{policy_document(school)}\n[duty]\ncases_go_to = "{role}"\n')


def test_a_school_can_give_new_cases_to_the_students_advisers(world: World) -> None:
    with_duty(world, "adviser")
    third = StaffEntry("ada@example.ac.uk", "Ada", ((LANGUAGES, Role.ADVISER),))
    load_roster(world.store, Roster(staff=(third,)))

    assert owner_of(world, "dana") == world.staff("alice"), "her own adviser"
    assert owner_of(world, "eli") == world.staff("ada"), "without one: who has least to do"


def test_or_to_the_lead(world: World) -> None:
    with_duty(world, "engagement-lead")

    assert owner_of(world, "dana") == world.staff("lena")


def test_a_school_without_anybody_in_that_role_leaves_it_open(world: World) -> None:
    world.screen(finding(world.student("mira")), school=MATHEMATICS)
    with world.store.database.read() as connection:
        school, mira = world.school(MATHEMATICS), world.student("mira")
        assert default_owners(connection, school, [mira], world.today) == [None]


def suggested(world: World, case: int) -> tuple[int, str] | None:
    with world.store.database.read() as connection:
        now = world.case(case)
        found = suggestion(connection, now, candidates(connection, now, world.today))
    return (found.person, found.why) if found else None


def test_the_adviser_is_suggested_then_the_officer_with_the_fewest_cases(world: World) -> None:
    danas, elis = world.open_case("dana"), world.open_case("eli")

    assert suggested(world, danas) == (
        world.staff("alice"),
        "Alice Adviser is the student's adviser.",
    )
    assert suggested(world, elis) is None, "it is with the only officer already"
    ownership.take_case(world.store, world.by("lena"), elis)
    assert suggested(world, elis) == (
        world.staff("sana"),
        "Sana Support has the fewest open cases: 1 open case.",
    )


def test_an_adviser_who_is_away_is_offered_as_their_cover(world: World) -> None:
    case = world.open_case("dana")
    away(world, "alice", "lena")

    with world.store.database.read() as connection:
        offered = candidates(connection, world.case(case), world.today)

    labels = {each.id: (each.person, each.label) for each in offered}
    assert labels[world.staff("alice")] == (
        world.staff("lena"),
        "Lena Lead, who covers for Alice Adviser",
    )
    assert labels[world.staff("lena")] == (world.staff("lena"), "Lena Lead")
    assert suggested(world, case) == (
        world.staff("lena"),
        "Alice Adviser is the student's adviser, and Lena Lead covers.",
    )
