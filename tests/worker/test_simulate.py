"""A replay of past weeks under a draft policy, beside the one in force, changes no live data."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from integrations.activity.simulation import simulate
from store.policies.document import parse
from store.rules.errors import InvalidInput
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.simulation import SimulatedGroup, Simulation, describe_simulation, trend
from tests.people import policy_document
from tests.worker.office import Office, office_in
from tests.worker.test_screening import DAY, screen, write_feed
from worker.cli.policies import _simulation_lines

FIRST, LAST = DAY - dt.timedelta(days=27), DAY
POLICY = parse(policy_document(), "the draft")


def _with_days(days: int) -> SchoolPolicy:
    changed = policy_document().replace("[rules.inactivity]", f"[rules.inactivity]\ndays = {days}")
    return parse(changed, "the draft")


SHORTER = _with_days(5)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give an office where Dana stopped 18 days ago and the screening opened her case.

    All tests here share it, since a replay does not change it.
    """
    with office_in(tmp_path_factory.mktemp("simulate") / "home") as made:
        write_feed(made.services.settings.home)
        screen(made)
        yield made


@pytest.fixture(scope="module")
def earlier(office: Office) -> Simulation:
    """Replay four weeks under a draft that flags earlier, and check that no live data changed."""
    before = office.world.dump()
    found = simulate(office.services, SHORTER, FIRST, LAST)
    assert office.world.dump() == before
    return found


def test_the_same_policy_finds_the_same_students(office: Office) -> None:
    found = simulate(office.services, POLICY, FIRST, LAST)

    assert (found.school, found.compared_with) == ("LANG", 1)
    assert (found.cases, found.cases_before) == (1, 1)
    assert (found.new, found.gone) == (SimulatedGroup(), SimulatedGroup())
    assert found.one_family == 1
    assert found.busiest == (DAY - dt.timedelta(days=4), 1)
    assert [(week.cases, week.room, week.waiting) for week in found.weeks] == [
        (0, 70, 0), (0, 70, 0), (0, 70, 0), (1, 70, 0),
    ]  # fmt: skip
    assert [(each.module, each.flagged, each.cohort) for each in found.shares] == [("FR101", 1, 3)]


def test_a_draft_that_looks_earlier_finds_them_earlier(earlier: Simulation) -> None:
    """The fixture also checks that no live data changed."""
    assert earlier.busiest == (DAY - dt.timedelta(days=13), 1)
    assert [week.cases for week in earlier.weeks] == [0, 0, 1, 0]


def test_who_would_be_new_and_who_would_drop_out_is_said_by_reference(office: Office) -> None:
    last = DAY - dt.timedelta(days=6)  # before the version in force flags her
    found = simulate(office.services, SHORTER, DAY - dt.timedelta(days=16), last)
    assert (found.new, found.gone) == (SimulatedGroup(("LANG-1",)), SimulatedGroup())

    found = simulate(office.services, _with_days(40), DAY - dt.timedelta(days=8), LAST)
    assert (found.new, found.gone, found.cases) == (
        SimulatedGroup(),
        SimulatedGroup(("LANG-1",)),
        0,
    )


def test_a_draft_that_takes_other_sources_is_measured_by_its_own(office: Office) -> None:
    other = parse(policy_document().replace('"moodle"', '"canvas"'), "the draft")
    found = simulate(office.services, other, DAY - dt.timedelta(days=5), LAST)
    assert (found.cases, found.cases_before) == (0, 1)
    assert found.gone == SimulatedGroup(("LANG-1",))


def test_it_fits_on_one_screen_and_names_nobody(earlier: Simulation) -> None:
    shown = "\n".join(_simulation_lines(earlier))
    assert len(shown.splitlines()) <= 24
    assert max(map(len, shown.splitlines())) <= 80
    assert "New cases a week" in shown
    assert "Dana" not in shown
    assert "Dvorak" not in shown


def test_the_sentences_say_it_all(office: Office) -> None:
    found = simulate(office.services, SHORTER, FIRST, DAY - dt.timedelta(days=6))
    assert describe_simulation(found) == [
        "1 case in 4 weeks, with room for 220.",
        "Busiest day: Thu 9 Oct, 1 new student.",
        "Based on only one family of evidence: 1 of 1.",
        "Version 1 gives 0 cases in the same days.",
        "New under the draft: 1 – LANG-1.",
        "No longer found: no students.",
        "Share of each cohort: FR101 33% (1 of 3).",
    ]
    assert trend(found).startswith("New cases: 0 in the week of Thu 25 Sep, ")


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (LAST, FIRST, "comes before the first"),
        (FIRST, DAY + dt.timedelta(days=1), "Choose days in the past"),
        (DAY - dt.timedelta(days=400), LAST, "26 weeks is the longest"),
    ],
)
def test_days_that_cannot_be_replayed_are_refused(
    office: Office, first: dt.date, last: dt.date, why: str
) -> None:
    with pytest.raises(InvalidInput, match=why):
        simulate(office.services, SHORTER, first, last)


def test_a_school_that_is_not_there_is_named(office: Office) -> None:
    with pytest.raises(InvalidInput, match="There is no school NOWHERE"):
        simulate(office.services, replace(POLICY, school="NOWHERE"), FIRST, LAST)


def test_a_school_without_a_policy_has_nothing_to_compare_with(office: Office) -> None:
    early = dt.date(2025, 8, 20)  # before the version in force
    found = simulate(office.services, SHORTER, early, early + dt.timedelta(days=2))
    assert found.compared_with is None
    assert "There is no version in force to compare with." in describe_simulation(found)
