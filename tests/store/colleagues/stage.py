"""The people, cases and clock that all rules share."""

from __future__ import annotations

import functools
import tempfile
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from store.actions.schools.load_roster import load_roster
from store.rules.errors import CaseworkError
from store.rules.model import Role
from store.rules.schools import Roster, SchoolEntry, StaffEntry
from tests.people import LANGUAGES, MATHEMATICS, TRAINED, finding, policy_document
from tests.world import World, opened_world, populate

OUTSIDERS = ["charlie", "fay", "hana"]
"""Charlie is of the other school. Fay leads the faculty and Hana another school of it: they decide
where Lena cannot, and do nothing else."""
PEOPLE = st.sampled_from(["alice", "sana", "lena", "bob"] * 2 + OUTSIDERS)
COLLEAGUES = st.sampled_from(["bob", "bob", "alice", "sana"])
WRITERS = st.sampled_from(["alice", "sana"])
CASES = st.sampled_from([1, 1, 1, 2, 2, 3, 4])
"""The first two are Languages' cases, the third is Mathematics'. A fourth may not exist yet."""

_MORE = Roster(
    schools=(SchoolEntry("HIST", "School of History", "Humanities"),),
    staff=(
        StaffEntry("fay@example.ac.uk", "Fay Faculty", ((LANGUAGES, Role.FACULTY_LEAD),)),
        StaffEntry("hana@example.ac.uk", "Hana", (("HIST", Role.ENGAGEMENT_LEAD),), TRAINED),
    ),
)
_IN_THE_POLICY = """
[[ladder]]
rung = "phone"
wait_days = 1
[[ladder]]
rung = "digital-traces"
wait_days = 1
[[services]]
key = "advice"
name = "Student advice"
helps_with = "money and housing"
contact = "advice@example.ac.uk"
"""


@functools.cache
def _ready() -> bytes:
    """Return the database that every run begins with. It is made once, which takes seconds."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'a.db'}"
        populate(url)
        with opened_world(url) as world:
            load_roster(world.store, _MORE)
            for school in (LANGUAGES, MATHEMATICS):
                world.publish(policy_document(school) + _IN_THE_POLICY)
            world.screen(*(finding(world.student(name)) for name in ("dana", "eli")))
            world.screen(finding(world.student("mira")), school=MATHEMATICS)
        return (Path(folder) / "a.db").read_bytes()


def _without_waiting(connection: Any, _record: Any) -> None:
    """Turn off waiting for the disk: these tests are not about power cuts."""
    connection.execute("PRAGMA synchronous=OFF")


class Stage(RuleBasedStateMachine):
    """The state that rules share, and what the invariants remember of the step before."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.world: World
        self.now: dict[str, list[dict[str, Any]]] = {}
        self.opened: dict[int, tuple[int, str]] = {}
        """Email → the person who opened it last, and the fingerprint of what they saw."""
        self.closed: dict[int, dict[str, Any]] = {}
        self.hung_on_closed: dict[int, Counter[str]] = {}

    @initialize()
    def begin(self) -> None:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "a.db").write_bytes(_ready())
        self.world = self.stack.enter_context(opened_world(f"sqlite:///{folder / 'a.db'}"))
        sa.event.listen(self.world.store.database.engine, "connect", _without_waiting)

    def teardown(self) -> None:
        self.stack.close()

    def row_of(self, case: int) -> dict[str, Any]:
        return next(row for row in self.now["cases"] if row["id"] == case)

    def keep_closed(self, case: int) -> None:
        """Record the case as it is now; from here on it must not change."""
        self.now = self.world.dump()
        self.closed[case] = self.row_of(case)
        hanging = ("views", "interventions", "outreach", "replies", "flags", "attempts")
        self.hung_on_closed[case] = self.hanging_on(case, hanging)

    def forget_reopened(self) -> None:
        """Forget closed cases that a student's message has reopened."""
        for case in list(self.closed):
            if not self.world.case(case).is_closed:
                del self.closed[case]

    def hanging_on(self, case: int, tables: tuple[str, ...]) -> Counter[str]:
        return Counter(
            table for table in tables for row in self.now[table] if row["case_id"] == case
        )


def allowed_or_not() -> suppress:
    """Allow a refusal that says why (``CaseworkError``); any other error fails the test."""
    return suppress(CaseworkError)
