"""The measures of small, hand-made classes: which students are caught, on what evidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import sqlglot

from integrations.activity.catching import Asked, Net
from integrations.activity.engine import ActivityEngine
from integrations.activity.errors import LakeError
from integrations.activity.lake import Lake, RosterRow
from integrations.activity.lake_folders import SourceDay
from integrations.activity.measured import LOOKBACK_DAYS
from integrations.activity.queries import RELATIONS, query
from integrations.activity.relations import AgreedSource
from integrations.activity.spark import transpiled
from store.rules.flag_rules.base import Criterion
from store.rules.flag_rules.evidence import Evidence, Measure
from store.rules.flags.coverage import BurstLimits
from store.rules.model import MarkerFamily
from tests.integrations.small_lake import (
    MISSED,
    MONDAY,
    REGISTER,
    SILENT,
    TERM,
    VLE,
    WORK,
    Event,
    School,
    before,
    did,
    due,
    files_under,
    handed_in,
    lake,
    school,
    write,
)

__all__ = ["lake", "school"]


def test_a_student_of_whom_nothing_was_ever_seen_is_caught_with_a_row(school: School) -> None:
    write(school.lake, [did(s, before(1)) for s in (1, 2, 3)])
    measure = Measure(4, "FRE1", MarkerFamily.VLE, "moodle", before(1), None, 0, 0, 0)
    of_class = (0.0,) * 7 + (0.75,)
    assert school.caught(SILENT) == [
        Evidence(
            student=4,
            measures=(replace(measure, since=TERM, weeks=(0,) * 8, class_weeks=of_class),),
            weeks=(0,) * 8,
            enrolled_since=TERM,
            looked_from=before(1),
        )
    ]


def test_silence_counts_from_the_last_day_in_any_source(school: School) -> None:
    sessions = [
        Event("register", before(14), 3, "FRE1", "attendance", "Week 6", 1, 1),
        Event("register", before(15), 4, "FRE1", "attendance", "Week 6", 1, 1),
    ]
    seen = [did(1, before(14)), did(2, before(15)), did(3, before(30)), did(4, before(30))]
    write(school.lake, seen + sessions)
    assert school.students(SILENT) == [2, 4]


def test_the_screened_day_itself_does_not_count(school: School) -> None:
    write(school.lake, [did(1, MONDAY), did(2, before(1))])
    assert school.students(SILENT) == [1, 3, 4]


def test_a_source_that_was_not_agreed_is_not_looked_at(school: School) -> None:
    write(school.lake, [did(1, before(20)), did(1, before(1), source="wifi")])
    (evidence,) = (e for e in school.caught(SILENT) if e.student == 1)
    assert [measure.source for measure in evidence.measures] == ["moodle"]


def test_where_nothing_was_ever_delivered_nobody_is_silent(school: School) -> None:
    assert school.students(SILENT) == []


def test_someone_who_has_just_joined_is_not_silent(lake: Lake) -> None:
    joined = (9, "LANG", "FRE1", "LANG", before(5), None)
    long_ago = (8, "LANG", "FRE1", "LANG", TERM, None)
    school = School(lake, [joined, long_ago])
    write(lake, [did(1, before(1))])
    assert school.students(SILENT) == [8]


def test_an_enrolment_counts_on_its_first_and_last_day_and_not_beyond(lake: Lake) -> None:
    spans = {
        1: (TERM, MONDAY),
        2: (TERM, before(1)),
        3: (MONDAY, None),
        4: (MONDAY + dt.timedelta(days=1), None),
    }
    school = School(lake, [(s, "LANG", "FRE1", "LANG", *span) for s, span in spans.items()])
    write(lake, [did(1, before(1))])
    found = school.caught({"LANG": Criterion()}, also=[1, 2, 3, 4])
    assert [evidence.student for evidence in found] == [1, 3]


def test_counts_look_back_28_days_and_weeks_eight(school: School) -> None:
    days = [1, 2, 2, 28, 29, 56, 57, LOOKBACK_DAYS]
    events = [did(1, before(day)) for day in sorted(set(days))]
    write(school.lake, [*events, did(1, before(2), source="other"), did(2, before(300))])
    (evidence,) = school.caught({"LANG": Criterion()}, also=[1])
    (measure,) = evidence.measures
    assert (measure.last_done, measure.active_days_28, measure.done_28) == (before(1), 3, 3)
    assert evidence.weeks == measure.weeks == (1, 0, 0, 1, 1, 0, 0, 2)


def test_how_far_back_the_last_day_is_seen(school: School) -> None:
    write(school.lake, [did(1, before(LOOKBACK_DAYS)), did(2, before(LOOKBACK_DAYS + 1))])
    last = {e.student: e.measures[0].last_done for e in school.caught(SILENT)}
    assert last[1] == before(LOOKBACK_DAYS)
    assert last[2] is None


def test_attendance_below_the_share_with_enough_sessions(school: School) -> None:
    def came(student: int, attended: int, of: int, first: int = 1) -> list[Event]:
        return [
            Event("register", before(first + at), student, "FRE1", "attendance", f"S{at}", 1,
                  int(at < attended))
            for at in range(of)
        ]  # fmt: skip

    write(school.lake, came(1, 1, 4) + came(2, 2, 4) + came(3, 0, 3) + came(4, 0, 4, first=26))
    net = {"LANG": Criterion(attended_below=0.5, expected_at_least=4)}
    (evidence,) = school.caught(net)
    assert (evidence.student, evidence.measures[0].expected_28, evidence.measures[0].done_28) == (
        1, 4, 1,
    )  # fmt: skip


def test_joint_students_are_silent_at_home_only_and_miss_work_where_it_is_set(lake: Lake) -> None:
    roster: list[RosterRow] = [
        (1, "LANG", "FRE1", "LANG", TERM, None),
        (1, "LANG", "HIS1", "HIST", before(50), None),
        (2, "HIST", "HIS1", "HIST", TERM, None),
    ]
    school = School(lake, roster)
    at_history = AgreedSource("HIST", MarkerFamily.SUBMISSIONS, "turned-in")
    write(
        lake,
        [
            did(1, before(20)),
            did(2, before(1), module="HIS1"),
            due(1, before(10))._replace(module="HIS1"),
            due(2, before(10))._replace(module="HIS1"),
            handed_in(2, before(12))._replace(module="HIS1"),
        ],
    )
    agreed = [VLE, AgreedSource("HIST", MarkerFamily.VLE, "moodle"), at_history]
    nets = {"LANG": SILENT["LANG"], "HIST": MISSED["LANG"]}
    (at_home,) = school.caught(nets, agreed)
    assert [m.module for m in at_home.measures] == ["FRE1"]
    assert [m.module for m in at_home.elsewhere] == ["HIS1", "HIS1"]
    assert at_home.at_home
    (contributing,) = school.caught(nets, agreed, school="HIST")
    assert contributing.student == 1
    assert [m.module for m in contributing.measures] == ["HIS1", "HIS1"]
    assert contributing.elsewhere == ()
    assert not contributing.at_home
    assert contributing.enrolled_since == TERM


def test_activity_in_another_school_ends_the_silence(lake: Lake) -> None:
    school = School(
        lake,
        [(1, "LANG", "FRE1", "LANG", TERM, None), (1, "LANG", "HIS1", "HIST", TERM, None)],
    )
    write(lake, [did(1, before(20)), did(1, before(2), module="HIS1")])
    both = [VLE, AgreedSource("HIST", MarkerFamily.VLE, "moodle")]
    nets = {"LANG": SILENT["LANG"], "HIST": Criterion()}
    assert school.caught(nets, both) == []
    assert [e.student for e in school.caught(nets, [VLE])] == [1]


def test_students_with_flags_come_too_and_strangers_do_not(school: School) -> None:
    write(school.lake, [did(s, before(1)) for s in range(1, 5)])
    assert [e.student for e in school.caught(SILENT, also=[2, 77])] == [2]


def test_a_corrected_day_changes_what_is_found(school: School) -> None:
    write(school.lake, [did(s, before(1)) for s in (1, 2, 3)])
    assert school.students(SILENT) == [4]
    write(school.lake, [did(s, before(1)) for s in (1, 2, 4)])
    assert school.students(SILENT) == [3]


def test_a_damaged_file_does_not_stop_the_night(school: School, tmp_path: Path) -> None:
    write(school.lake, [did(s, before(day)) for s in range(1, 5) for day in (1, 2, 3)])
    whole = files_under(tmp_path)
    path = school.lake.path("moodle", before(2))
    path.write_bytes(path.read_bytes()[:100])
    found = school.caught(SILENT, also=[1])
    assert [(m.fresh, m.last_done, m.done_28) for m in found[0].measures] == [
        (before(3), before(1), 2)
    ]
    assert school.lake.damaged_days() == (SourceDay("moodle", before(2)),)
    write(school.lake, [did(s, before(2)) for s in range(1, 5)])
    assert files_under(tmp_path) == whole
    assert [m.fresh for m in school.caught(SILENT, also=[1])[0].measures] == [before(1)]


def test_many_days_measured_together_are_measured_as_one_by_one(school: School) -> None:
    write(school.lake, [did(s, before(d)) for s in (1, 2, 3) for d in range(2, 30) if d % s == 0])
    work = [due(s, before(9)) for s in (1, 2, 3, 4)] + [handed_in(s, before(8)) for s in (1, 2, 3)]
    write(school.lake, work)
    damaged = school.lake.path("moodle", before(4))
    asked = [
        Asked(
            MONDAY - dt.timedelta(days=ago),
            (VLE, REGISTER, WORK),
            [Net(SILENT, lambda: [1, 2, 3])],
            {3: before(12)} if ago < 6 else {},
            [(2, before(5))] if ago < 3 else [],
        )
        for ago in range(12, -1, -1)
    ]
    damaged.write_bytes(b"?")
    engine = ActivityEngine(school.lake)
    one_by_one = [
        dict(engine.evidence(a.day, a.agreed, SILENT, [1, 2, 3], a.back, a.met)) for a in asked
    ]
    damaged.write_bytes(b"?")
    assert [found for (found,) in engine.evidence_of_mornings(asked)] == one_by_one
    assert len({str(day) for day in one_by_one}) > 10


def test_a_source_all_of_whose_files_are_damaged_is_stale(school: School) -> None:
    write(school.lake, [did(s, before(2)) for s in range(1, 5)])
    school.lake.path("moodle", before(2)).write_bytes(b"?")
    (first, *_) = school.caught(SILENT)
    assert [(m.fresh, m.last_done) for m in first.measures] == [(before(3), None)]


def test_a_missing_or_damaged_roster_says_what_to_do(lake: Lake) -> None:
    engine = ActivityEngine(lake)
    with pytest.raises(LakeError, match="no roster in the lake yet"):
        dict(engine.evidence(MONDAY, [VLE], SILENT))
    lake.roster.write_bytes(b"?")
    with pytest.raises(LakeError, match="write the roster again"):
        dict(engine.evidence(MONDAY, [VLE], SILENT))


def test_a_school_with_nobody_and_an_empty_roster(lake: Lake) -> None:
    assert School(lake, []).caught(SILENT) == []


@pytest.mark.parametrize("name", RELATIONS)
def test_the_queries_can_be_transpiled(name: str) -> None:
    """``make counterparts`` runs them on Spark."""
    raises = sqlglot.ErrorLevel.RAISE
    sqlglot.transpile(query(name), read="duckdb", write="spark", unsupported_level=raises)
    values = {"through": MONDAY, "first": MONDAY, "least": 10, "school": "LANG"} | asdict(
        BurstLimits()
    )
    assert ":" not in transpiled(query(name), values), "every parameter is filled in"
