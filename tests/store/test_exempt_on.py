"""Students exempt on a day, and the day from which a returned student counts again."""

import datetime as dt

import pytest
import sqlalchemy as sa

from store.queries.students.exemptions import back_since, exempt_on, group_members
from store.rules.errors import InvalidInput
from store.rules.model import ExemptionKind
from store.rules.students.exemptions import ExemptGroup, GroupMember, check_period, members
from store.tables import exemptions
from tests.people import LANGUAGES, MATHEMATICS
from tests.world import World

ONE_DAY = dt.timedelta(days=1)
LATELY = dt.timedelta(days=60)


def exempt(
    world: World,
    name: str,
    first: dt.date,
    last: dt.date | None,
    *,
    kind: ExemptionKind = ExemptionKind.PLACEMENT,
    school: str = LANGUAGES,
    ended: dt.datetime | None = None,
) -> None:
    with world.store.unit_of_work() as work:
        work.connection.execute(
            sa.insert(exemptions).values(
                student_id=world.student(name),
                school_id=world.school(school),
                kind=kind,
                first=first,
                last=last,
                reason="agreed in September",
                by_staff_id=world.staff("lena"),
                at=work.now,
                ended_at=ended,
            )
        )


def who(world: World, day: dt.date, school: str = LANGUAGES) -> frozenset[int]:
    with world.store.database.read() as connection:
        return exempt_on(connection, world.school(school), day)


def back(world: World, day: dt.date) -> dict[int, dt.date]:
    with world.store.database.read() as connection:
        return back_since(connection, day, LATELY)


def test_an_exemption_holds_from_its_first_day_to_its_last(world: World) -> None:
    exempt(world, "dana", world.today, world.today + ONE_DAY)
    dana = frozenset({world.student("dana")})
    days = [world.today + n * ONE_DAY for n in (-1, 0, 1, 2)]
    assert [who(world, day) for day in days] == [frozenset(), dana, dana, frozenset()]


def test_one_without_an_end_goes_on_until_it_is_ended(world: World) -> None:
    exempt(world, "dana", world.today, None, kind=ExemptionKind.INTERRUPTION)
    exempt(world, "eli", world.today, None, ended=world.clock.now)
    assert who(world, world.today + 90 * ONE_DAY) == {world.student("dana")}


def test_the_home_schools_word_counts_everywhere_and_anothers_only_there(world: World) -> None:
    day = world.today
    exempt(world, "mira", day, day, school=MATHEMATICS)
    assert who(world, day) == who(world, day, MATHEMATICS) == {world.student("mira")}
    exempt(world, "eli", day, day, school=MATHEMATICS)
    assert world.student("eli") not in who(world, day)


def test_a_death_counts_wherever_it_was_recorded(world: World) -> None:
    exempt(world, "eli", world.today, None, kind=ExemptionKind.DECEASED, school=MATHEMATICS)
    assert world.student("eli") in who(world, world.today)


def test_who_is_back_counts_from_the_day_after(world: World) -> None:
    day = world.today
    exempt(world, "dana", day - 30 * ONE_DAY, day - 3 * ONE_DAY)
    exempt(world, "dana", day - 20 * ONE_DAY, day - 9 * ONE_DAY)
    exempt(world, "eli", day - 30 * ONE_DAY, day)
    assert back(world, day) == {world.student("dana"): day - 2 * ONE_DAY}


def test_one_that_was_ended_early_counts_up_to_then_and_an_old_one_not_at_all(
    world: World,
) -> None:
    day = world.today
    exempt(
        world, "dana", day - 30 * ONE_DAY, day + 9 * ONE_DAY, ended=world.clock.now - 4 * ONE_DAY
    )
    exempt(world, "eli", day - 300 * ONE_DAY, day - 200 * ONE_DAY)
    assert back(world, day) == {world.student("dana"): day - 3 * ONE_DAY}


def test_one_that_was_ended_before_it_began_never_was(world: World) -> None:
    day = world.today
    exempt(world, "dana", day - ONE_DAY, None, ended=world.clock.now - 3 * ONE_DAY)
    assert back(world, day) == {}


def test_a_programme_or_a_module_is_exempted_together(world: World) -> None:
    def group(text: str, school: str = LANGUAGES) -> set[int]:
        with world.store.database.read() as connection:
            found = group_members(
                connection, world.school(school), ExemptGroup.named(text), world.today
            )
        return set(found)

    dana, eli, mira = (world.student(name) for name in ("dana", "eli", "mira"))
    assert group("programme R100") == {dana, eli}
    assert group("module FR101") == {dana, eli, mira}
    assert group("programme G100") == set(), "another school's students are not ours to exempt"
    assert group("module FR101", MATHEMATICS) == set()


def test_a_group_is_named_by_its_kind_and_code() -> None:
    assert (
        ExemptGroup.named(" Module: FR101 ").key
        == ExemptGroup.named("module FR101").key
        == "module:FR101"
    )
    for text in ("", "FR101", "school LANG", "module "):
        with pytest.raises(InvalidInput, match="Name the group as in"):
            ExemptGroup.named(text)


def test_members_are_those_of_the_code() -> None:
    ours = [
        GroupMember(3, "R100", frozenset({"FR101"})),
        GroupMember(1, "R200", frozenset({"FR101"})),
    ]
    assert members(ExemptGroup.named("module FR101"), ours) == [1, 3]
    assert members(ExemptGroup.named("programme R200"), ours) == [1]


@pytest.mark.parametrize(
    ("kind", "last", "said"),
    [
        (ExemptionKind.PLACEMENT, None, "Enter the last day of the placement"),
        (ExemptionKind.PLACEMENT, -1, "comes before"),
        (ExemptionKind.PLACEMENT, 400, "lasts a year at most"),
        (ExemptionKind.DECEASED, 3, "has no last day"),
    ],
)
def test_days_that_make_no_sense_are_refused(
    kind: ExemptionKind, last: int | None, said: str
) -> None:
    first = dt.date(2025, 10, 1)
    with pytest.raises(InvalidInput, match=said):
        check_period(kind, first, None if last is None else first + last * ONE_DAY)


def test_days_that_make_sense_pass() -> None:
    day = dt.date(2025, 10, 1)
    check_period(ExemptionKind.INTERRUPTION, day, None)
    check_period(ExemptionKind.DECEASED, day, None)
    check_period(ExemptionKind.APPROVED_ABSENCE, day, day)
