"""Policy versions, each in force from its own day."""

import datetime as dt

import pytest
import sqlalchemy as sa

from store.policies.document import PolicyProblems
from store.policies.versions import PublishedPolicy, policy_in_force, school_policy
from store.queries.cases.case import case_view
from store.queries.schools.policy_gaps import weak_clearing_in_force
from store.rules.errors import InvalidInput
from store.tables import audit, policies
from tests.people import LANGUAGES, MATHEMATICS, finding, policy_document
from tests.world import World

NOVEMBER = dt.date(2025, 11, 1)
OCTOBER_31 = dt.date(2025, 10, 31)


def in_force(world: World, day: dt.date, school: str = LANGUAGES) -> PublishedPolicy:
    with world.store.database.read() as connection:
        found = policy_in_force(connection, world.school(school), day)
    assert found
    return found


def test_a_new_version_counts_up_for_its_own_school_only(world: World) -> None:
    assert world.publish(policy_document(views_needed=2)) == 2

    assert in_force(world, world.today).policy.views_needed == 2
    assert in_force(world, world.today, MATHEMATICS).version == 1


def test_the_same_text_again_is_not_a_new_version(world: World) -> None:
    before = world.dump()

    assert world.publish(policy_document()) == 1

    assert world.dump() == before


def test_going_back_to_an_older_text_is_a_new_version(world: World) -> None:
    world.publish(policy_document(views_needed=2))

    assert world.publish(policy_document()) == 3

    assert in_force(world, world.today).policy.views_needed == 1


def test_a_version_is_in_force_from_its_day_on(world: World) -> None:
    world.publish(policy_document(views_needed=3, effective=NOVEMBER))

    assert in_force(world, OCTOBER_31).version == 1
    assert in_force(world, NOVEMBER).policy.views_needed == 3


def test_before_the_first_version_there_is_none(world: World) -> None:
    with world.store.database.read() as connection:
        assert policy_in_force(connection, world.school(), dt.date(2025, 8, 31)) is None
        with pytest.raises(InvalidInput, match="no policy in force yet"):
            school_policy(connection, world.school(), dt.date(2025, 8, 31))


def test_a_flag_keeps_the_version_that_raised_it(world: World) -> None:
    case = world.open_case()
    world.publish(policy_document(views_needed=2))
    world.clock.forward(days=1)

    dana = world.student("dana")
    world.screen(finding(dana), finding(dana, "another", reason_staff="Essay 2 has not arrived."))

    with world.store.database.read() as connection:
        versions = [flag.policy_version for flag in case_view(connection, case).flags]
    assert versions == [1, 2]


def test_publishing_is_audited_without_the_text(world: World) -> None:
    world.publish(policy_document(views_needed=2))

    entry = world.rows(audit, action="publish-policy")[-1]
    assert entry["actor"] == "system:test"
    assert entry["subject"] == f"school:{world.school()}"
    assert entry["details"]["version"] == 2
    assert "Lena" not in str(entry)


@pytest.mark.parametrize(
    ("document", "error", "sentence"),
    [
        (policy_document("NONE"), InvalidInput, "policy.toml: there is no school NONE."),
        ("school = 1", PolicyProblems, "policy.toml, line 1: school is 1"),
    ],
    ids=["unknown school", "no policy"],
)
def test_what_is_not_a_policy_of_a_known_school_is_refused(
    world: World, document: str, error: type[InvalidInput], sentence: str
) -> None:
    with pytest.raises(error) as refused:
        world.publish(document)

    assert refused.value.sentence.startswith(sentence)
    assert len(world.rows(policies)) == 2


def test_a_clearing_period_that_one_evening_could_fill_is_refused_and_a_published_one_goes_on(
    world: World,
) -> None:
    weak = policy_document(clear_after_days=2)
    with pytest.raises(PolicyProblems, match="is 2; allowed is a whole number from 3"):
        world.publish(weak)
    with world.store.unit_of_work() as work:
        work.connection.execute(
            sa.update(policies)
            .where(policies.c.school_id == world.school())
            .values(document=weak, document_hash="published before")
        )
    with world.store.database.read() as connection:
        found = policy_in_force(connection, world.school(), world.today)
        assert found
        assert found.policy.clear_after_days == 2
        (line, *_) = weak_clearing_in_force(connection, world.today)
    assert line.startswith(f"LANG, policy version {found.version}: clear_after_days is 2;")
