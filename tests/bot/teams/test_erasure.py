"""Erasure in Teams deletes Lantern's cards and private answers."""

from __future__ import annotations

from store.queries.privacy.receipt import receipt
from tests.bot.teams.campus import LANG, Campus
from tests.worker.erasures import erase, joins


def test_every_message_of_a_student_is_deleted(campus: Campus) -> None:
    office, teams = campus.office, campus.teams
    joins(office, "priya", "LANG")
    office.world.open_case("dana")
    office.world.open_case("eli")
    office.works()
    (answer,) = campus.says("alice", "today")
    assert "LANG-1" in str(answer.activity)

    done = erase(office)
    office.works()

    assert [each for each in teams.messages.values() if "LANG-1" in str(each.activity)] == []
    assert "LANG-2" in str([each.activity for each in teams.shown(LANG)])
    with office.world.store.database.read() as connection:
        made = receipt(connection, done)
    assert (made.left, made.waiting) == ((), 0)


def test_what_teams_refuses_is_listed_and_the_rest_goes(campus: Campus) -> None:
    office, teams = campus.office, campus.teams
    joins(office, "priya", "LANG")
    office.world.open_case("dana")
    office.works()
    teams.faults += [("DELETE activities", 405), ("PUT activities", 405)]

    done = erase(office)
    office.works()

    with office.world.store.database.read() as connection:
        (left,) = receipt(connection, done).left
    assert left.where.startswith("teams")
    assert left.why
