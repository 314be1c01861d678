"""Card swipes are checked last, for a purpose of their own, and are never a marker."""

from __future__ import annotations

import datetime as dt

import pytest

from store.policies.document import PolicyProblems, parse
from store.rules.model import AttemptResult, MarkerFamily
from store.tables import attempts, audit
from tests.people import policy_document
from tests.worker.office import Office
from tests.worker.unanswered import LADDER, TODAY, deliver, office, said, unanswered
from worker.jobs.schools.ingest import forget_swipes, ingest_events

__all__ = ["office", "unanswered"]

# -- Card swipes -------------------------------------------------------------------------------

SWIPES = '\n[traces]\nswipes = ["doors"]\nkeep_days = 14\n'


def swiped(office: Office, *days: dt.date) -> None:
    """Write the doors' file: Dana's card on these days, in the event feed's columns or its own."""
    path = office.services.settings.home / "doors.csv"
    path.write_text("student_number,at,door\n" + "".join(f"1001,{day},library\n" for day in days))
    report = ingest_events(office.services, path, "doors", (min(days), office.world.today))
    assert report.rejected_total == 0


def test_swipes_are_looked_at_last_for_a_purpose_of_their_own(office: Office) -> None:
    office.world.publish(policy_document() + LADDER + SWIPES)
    swiped(office, TODAY - dt.timedelta(days=3))
    early = said(office.types("alice", "traces LANG-1 swipes her parents are worried"))
    assert "log-ins and use of the learning space come first" in early
    assert office.world.rows(attempts) == []

    dialog = office.dialog("alice", "traces", 1)
    looked = said(office.submits("alice", dialog, what="logins", purpose="Nobody can reach her"))
    assert "moodle: nothing seen" in looked
    assert "doors" not in looked

    missing = office.submits("alice", dialog, what="swipes", purpose="no")
    assert list(missing.errors) == ["purpose"]
    found = said(office.submits("alice", dialog, what="swipes", purpose="Her parents are worried"))
    assert "doors: last seen on Sunday 30 November" in found
    assert "library" not in found
    row = office.world.rows(attempts)[-1]
    assert (row["result"], row["note"]) == (AttemptResult.TRACES_SEEN, "Her parents are worried")
    kept = [each["details"] for each in office.world.rows(audit, action="attempt")]
    assert ["swipes" in str(each) for each in kept] == [False, True]


def test_where_log_ins_showed_something_or_nothing_was_agreed_nobody_looks(office: Office) -> None:
    office.types("alice", "traces LANG-1 nobody can reach her")
    assert "has agreed no source" in said(
        office.types("alice", "traces LANG-1 swipes they worry a lot")
    )
    office.world.publish(policy_document() + LADDER + SWIPES)
    seen = TODAY - dt.timedelta(days=2)
    deliver(office, seen, seen, seen=seen)
    office.types("alice", "traces LANG-1 nobody can reach her")
    refused = said(office.types("alice", "traces LANG-1 swipes her parents are worried"))
    assert "showed activity of the student" in refused
    assert "you need to be" in said(office.types("bob", "traces LANG-1 swipes I am curious"))


def test_a_policy_that_makes_swipes_a_marker_is_refused() -> None:
    with pytest.raises(PolicyProblems, match="never evidence for a flag"):
        parse(policy_document() + SWIPES.replace("doors", "moodle"), "lang.toml")


def test_swipes_are_in_no_markers_family_and_go_after_the_days_that_the_school_set(
    office: Office,
) -> None:
    office.world.publish(policy_document() + LADDER + SWIPES)
    swiped(office, TODAY - dt.timedelta(days=20), TODAY - dt.timedelta(days=3))
    lake = office.services.lake
    day = TODAY - dt.timedelta(days=3)
    with lake.workspace() as work:
        path = str(lake.path("doors", day))
        rows = work.con.execute("SELECT DISTINCT family FROM read_parquet(?)", [path]).fetchall()
    assert rows == [("access",)]
    assert "access" not in set(MarkerFamily)

    assert forget_swipes(office.services, TODAY) == 6
    kept = {key.day for key in lake.files(dt.date.min, TODAY) if key.source == "doors"}
    assert min(kept) == TODAY - dt.timedelta(days=14)
    assert any(
        key.source == "moodle" and key.day < min(kept) for key in lake.files(dt.date.min, TODAY)
    )
