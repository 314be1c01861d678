"""Every row that depends on a student is found, also in tables that are added later."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from store.actions.cases.discuss import add_view
from store.actions.cases.log_access import show_case
from store.actions.privacy import erase as erasing
from store.actions.request import Request
from store.actions.schools.load_roster import load_roster
from store.db import dependents as reach
from store.rules.model import Opinion, Role
from store.rules.schools import Roster, StaffEntry
from store.tables import cases, flags, metadata, outreach, replies, students, views
from tests.people import LANGUAGES
from tests.store.filled import CANARY, fill, hanging, stands_in
from tests.world import World

ABOUT_NOBODY = {
    "audit": "ids, states and digests",
    "audit_head": "the chain's end",
    "begun": "digests of keys, for two days",
    "channels": "a school's channels",
    "closed_channels": "a school's channels",
    "covers": "colleagues",
    "policy_reviews": "colleagues",
    "directory_looks": "groups and accounts of colleagues, sealed",
    "directory_people": "colleagues",
    "directory_places": "roles in schools",
    "directs": "where private messages stand; direct_cases says of whom",
    "erased_numbers": "keyed digests",
    "erasures": "why, without a name, and how much",
    "fairness_figures": "rounded figures, and keyed digests of those counted",
    "holds": "a module's day",
    "identities": "colleagues",
    "ingests": "files",
    "interactions": "ids of clicks",
    "mailboxes": "a school's mailboxes",
    "modules": "modules",
    "policies": "a school's policy",
    "publications": "how students were told of a policy",
    "posts": "where cards and digests stand; the subject says of which case",
    "quarantine": "lines of files, by number",
    "remnants": "where something stood",
    "retention_approvals": "periods of a school, and who approved them",
    "revisions": "copies",
    "sandbox_messages": "reached as messages",
    "schools": "schools",
    "screenings": "days",
    "seal_checks": "keys",
    "sign_ins": "sign-ins under way, of no student yet",
    "slack_installations": "where Lantern is installed",
    "slots": "the clock",
    "staff": "colleagues",
    "staff_roles": "colleagues",
    "stops": "a school's mail",
    "teams_tenants": "addresses of a platform",
    "turns": "a conversation's pace",
    "weekly_standings": "rounded figures of a school",
}
"""Tables without a key to a student or a case, and what they hold instead. A new table about
students has such a key and needs no entry here."""


def test_every_table_hangs_on_a_student_or_somebody_has_said_why_not() -> None:
    loose = {table.name for table in metadata.sorted_tables} - {each.name for each in hanging()}
    assert loose == set(ABOUT_NOBODY)


@pytest.mark.parametrize("table", list(reach.BLANKED), ids=lambda table: table.name)
def test_each_column_of_a_row_that_stays_was_looked_at(table: sa.Table) -> None:
    blanked, kept = set(reach.BLANKED[table]), reach.KEPT[table]
    assert blanked | kept == {column.name for column in table.c}
    assert not blanked & kept


def test_nothing_of_a_student_is_left_in_any_table(world: World) -> None:
    case = world.open_case()
    eli = world.open_case("eli")
    show_case(world.store, world.by("bob"), eli)
    add_view(world.store, world.by("bob"), eli, Opinion.WAIT, "He was in hospital")
    others = _others(world)
    with world.store.unit_of_work() as work:
        filled = fill(work.connection, world.student("dana"), case)
        assert set(filled) >= {"enrolments", "remarks", "complaints", "reveals", "outbox"}
    priya = joins(world)

    seen = erasing.preview_erasure(world.store, priya("look"), "1001")
    erasing.erase_student(world.store, priya("do"), "1001", "Asked for under Article 17", str(seen))

    stored = world.dump()
    # Objects to delete outside the database, listed until the worker has deleted them.
    assert stored.pop("remnants")
    for word in (CANARY, "Dana", "Dvorak", "1001", "dana@"):
        assert [name for name, rows in stored.items() if stands_in(word, repr(rows))] == [], word
    told = {row["student_id"] for row in world.rows(flags) if row["reason_staff"]}
    assert told == {world.student("eli")}
    assert _others(world) == others
    assert world.store.verify_audit() is None


def test_what_counts_stays(world: World) -> None:
    case = world.open_case()
    world.give_view(case)
    world.write_draft(case)
    world.approve(case)
    world.send()
    with world.store.unit_of_work() as work:
        reached = reach.reach(work.connection, students, [world.student("dana")])
        reach.wipe(work.connection, reached, work.now)
    kept = {table.name: len(world.rows(table)) for table in (cases, flags, views, outreach)}
    assert kept == {"cases": 1, "flags": 1, "views": 1, "outreach": 1}
    assert world.rows(replies) == []


def joins(world: World) -> Callable[[str], Request]:
    """Add Priya, the data protection officer of Languages, and return her clicks."""
    roles = ((LANGUAGES, Role.DATA_PROTECTION_OFFICER),)
    priya = StaffEntry("priya@example.ac.uk", "Priya Privacy", roles)
    load_roster(world.store, Roster(staff=(priya,)))
    return lambda key: world.by("priya", key)


def _others(world: World) -> list[object]:
    eli = world.student("eli")
    case = [row["id"] for row in world.rows(cases, student_id=eli)]
    return [
        world.rows(students, id=eli),
        world.rows(cases, student_id=eli),
        world.rows(flags, student_id=eli),
        *(world.rows(views, case_id=each) for each in case),
    ]
