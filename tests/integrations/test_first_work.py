"""The first work of a student in a module, found while it is still to come."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from integrations.activity.lake import Lake
from integrations.activity.relations import EXCUSES, EXTENDED_TO, EXTENSIONS
from store.rules.flag_rules.base import Criterion
from store.rules.flag_rules.evidence import FirstWork
from tests.integrations.small_lake import (
    MONDAY,
    TERM,
    VLE,
    WORK,
    Event,
    School,
    before,
    did,
    due,
    handed_in,
    write,
)

SOON = before(-3)
NET = {"LANG": Criterion(first_due_by=SOON, unseen_since=before(11))}


def said(student: int, family: str, *parts: object) -> Event:
    item = EXTENDED_TO.join(map(str, parts))
    return Event("turned-in", before(2), student, "FRE1", family, item, 1, 0)


def test_only_the_first_work_that_is_owed_and_not_begun_is_found(tmp_path: Path) -> None:
    plain, later, begun, second, extended, excused, joined, long_ago, active = range(1, 10)
    starts = {joined: before(5), long_ago: dt.date(2025, 1, 6)}
    roster = [
        (who, "LANG", "FRE1", "LANG", starts.get(who, TERM), None)
        for who in range(plain, active + 1)
    ]
    lake = Lake(tmp_path / "lake")
    school = School(lake, roster)
    events = [
        *(due(who, SOON) for who in range(plain, active + 1) if who != later),
        *(did(who, before(30)) for who in (plain, later, begun, second, extended, excused)),
        due(later, before(-9)),
        due(plain, before(-9), "Second"),
        handed_in(begun, before(1)),
        due(second, before(20), "Earlier"),
        said(extended, EXTENSIONS, "Essay", before(-20)),
        said(excused, EXCUSES, "submissions", "Essay", before(2)),
        due(joined, before(20), "Earlier"),
        did(active, before(2)),
    ]
    write(
        lake, events, [(each.source, before(day)) for each in (VLE, WORK) for day in range(1, 60)]
    )
    found = {each.student: each.first_work for each in school.caught(NET, (VLE, WORK))}
    # Who joined five days ago owes this work as their first, but was not unseen for long.
    assert found == {plain: (FirstWork("FRE1", "Essay", SOON),)}
    known = {e.student: e.first_work for e in school.caught(NET, (VLE, WORK), also=range(1, 10))}
    assert {who for who, work in known.items() if work} == {plain, joined, active}
    assert MONDAY < SOON
