"""SQLite plans a statement once for a connection, also where one of its indexes is partial.

A parameter that an index's condition is about is looked at again at every run, and the whole
statement is planned anew: that was a tenth of the time of a screening.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.people import finding
from tests.world import world_in


def test_nothing_is_planned_again_while_a_case_is_worked_on(tmp_path: Path) -> None:
    with world_in(f"sqlite:///{tmp_path / 'lantern.db'}") as world:
        again = _planned_again(world.store.database.engine)
        world.store.database.close()  # connections that are open already are not watched
        world.writes_to_dana()
        for flagged in (("dana", "eli"), ("dana",), (), ("eli",)):
            world.clock.forward(days=1)
            world.screen(*(finding(world.student(name)) for name in flagged))
    assert again == []


def _planned_again(engine: sa.Engine) -> list[str]:
    """Return a list that fills with the statements that a connection plans more than once."""
    again: list[str] = []
    run: dict[int, set[str]] = defaultdict(set)
    looks = [0]

    def look(*_: object) -> int:
        looks[0] += 1  # SQLite asks this while it plans
        return sqlite3.SQLITE_OK

    @sa.event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_authorizer(look)

    @sa.event.listens_for(engine, "before_cursor_execute")
    def _begins(*_: Any) -> None:
        looks[0] = 0

    @sa.event.listens_for(engine, "after_cursor_execute")
    def _ran(_: object, cursor: sqlite3.Cursor, statement: str, *_rest: Any) -> None:
        known = run[id(cursor.connection)]
        if statement in known and looks[0]:
            again.append(statement)
        known.add(statement)

    return again
