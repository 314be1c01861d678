"""Every action is refused to every person without permission, however the request arrives."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from bot.commands.dispatcher import MODULES
from bot.commands.table import COMMANDS
from store.tables import staff, staff_roles
from tests.bot.teams.campus import LANG, MATH, OTHER_TENANT, Campus, Json, person


def _guest(campus: Campus) -> str:
    campus.people["lena"].role = "guest"
    return "lena"


def _external(campus: Campus) -> str:
    campus.people["lena"].address = "lena_other.example#EXT#@example.onmicrosoft.com"
    return "lena"


def _another_tenants(campus: Campus) -> str:
    campus.people["lena"].tenant = OTHER_TENANT
    return "lena"


def _not_there(campus: Campus) -> str:
    campus.teams.members[LANG] = []
    return "lena"


def _stranger(campus: Campus) -> str:
    campus.people["zoe"] = person("zoe")
    campus.teams.members[LANG].append(campus.people["zoe"])
    return "zoe"


def _deactivated(campus: Campus) -> str:
    campus.office.leaves("lena")
    return "lena"


def _wrong_school(_campus: Campus) -> str:
    return "charlie"


def _revoked(campus: Campus) -> str:
    with campus.office.world.store.unit_of_work() as work:
        mine = sa.select(staff.c.id).where(staff.c.email == "lena@example.ac.uk").scalar_subquery()
        work.connection.execute(sa.delete(staff_roles).where(staff_roles.c.staff_id == mine))
    return "lena"


def _no_account(campus: Campus) -> str:
    campus.people["lena"].user = ""
    return "lena"


WRONG = (
    _guest,
    _external,
    _another_tenants,
    _not_there,
    _stranger,
    _deactivated,
    _wrong_school,
    _revoked,
    _no_account,
)
assert MODULES, "they fill the table"
ACTIONS = (*(row.name for row in COMMANDS.rows()), "refresh", "add-to-case", "no-such-action")


def _submits(campus: Campus, name: str, data: Json) -> Json:
    typed = {"field.reason": "I know better", "field.note": "I know better"}
    return campus.invokes(name, "task/submit", {"data": data | typed, "context": {}})


WAYS: tuple[Callable[[Campus, str, Json], Json], ...] = (Campus.clicks, Campus.opens, _submits)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda each: each.__name__)
def test_every_action_is_refused_to_the_wrong_person(
    campus: Campus, wrong: Callable[[Campus], str], exhaustive: bool
) -> None:
    """Each action is tried one way for each person, so that all people together try each way."""
    world = campus.office.world
    case = world.open_case("dana")
    world.give_view(case)
    world.write_draft(case)
    campus.office.works()
    name = wrong(campus)
    before = world.case(case), world.draft(case), len(world.dump()["views"])
    refused = len(campus.audited("refused"))

    for turn, action in enumerate(ACTIONS, WRONG.index(wrong)):
        ids = {"case": str(case)}
        for way in WAYS if exhaustive else (WAYS[turn % len(WAYS)],):
            answer = way(campus, name, {"action": action, "ids": ids})
            assert "Dana" not in str(answer), action
            assert "R100" not in str(answer), action

    assert (world.case(case), world.draft(case), len(world.dump()["views"])) == before
    assert len(campus.audited("refused")) > refused
    assert campus.teams.shown(MATH) == []
