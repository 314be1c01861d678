"""The measures of random classes against their definitions in plain Python."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.activity.engine import ActivityEngine
from integrations.activity.lake import Lake, RosterRow
from integrations.activity.relations import AgreedSource
from store.rules.flag_rules.base import Clearing, Criterion
from store.rules.model import MarkerFamily
from tests.integrations.reference import Reference
from tests.integrations.small_lake import MONDAY, Event, before, write

MODULES = {"FRE1": "LANG", "HIS1": "HIST"}
FAMILIES = [
    MarkerFamily.VLE,
    MarkerFamily.ATTENDANCE,
    MarkerFamily.SUBMISSIONS,
    MarkerFamily.MEETINGS,
]
# Few days, mostly next to a boundary, so that boundaries are reached often.
days = st.sampled_from([0, 1, 2, 7, 8, 28, 29, 56, 57, 119]).map(before)
events = st.builds(
    Event,
    st.sampled_from(["moodle", "register"]),
    days,
    st.integers(1, 3),
    st.sampled_from([*MODULES, "GONE"]),
    st.sampled_from([str(family) for family in FAMILIES]),
    st.sampled_from([None, "A", "A", "B"]),
    st.integers(0, 1),
    st.integers(0, 2),
)
enrolments = st.tuples(
    st.integers(1, 3), st.sampled_from(list(MODULES)), days, st.none() | days
).map(lambda e: (e[0], "LANG" if e[0] % 2 else "HIST", e[1], MODULES[e[1]], e[2], e[3]))
agreements = st.builds(
    AgreedSource,
    st.sampled_from(["LANG", "HIST"]),
    st.sampled_from(FAMILIES),
    st.sampled_from(["moodle", "register", "moodle", "register", "never"]),
)
nets = st.builds(
    Criterion,
    silent_since=st.none() | days,
    missed_due_by=days,
    missed_due_from=days,
    arrived_share=st.sampled_from([0.0, 0.5, 1.0]),
    attended_below=st.none() | st.sampled_from([0.4, 1.0]),
    expected_at_least=st.integers(1, 3),
    quiet_weeks=st.none() | st.integers(1, 2),
    quiet_below=st.sampled_from([0.5, 1.0]),
    absent_in_a_row=st.none() | st.integers(1, 2),
    meetings_in_a_row=st.none() | st.integers(1, 2),
    first_due_by=st.none() | st.just(MONDAY),
    unseen_since=st.none() | days,
)

# Every day counts, or every second one.
periods = st.builds(
    Clearing, st.sampled_from([1, 2, 5]), st.sampled_from([2**56 - 1, int("10" * 28, 2)])
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(events, min_size=5, max_size=40, unique_by=lambda e: e[:6]),
    st.lists(enrolments, min_size=1, max_size=6, unique_by=lambda e: e[:3:2]),
    st.lists(agreements, min_size=3, max_size=8),
    st.fixed_dictionaries({"LANG": nets, "HIST": nets}),
    st.sets(st.integers(1, 3), max_size=1),
    st.dictionaries(st.sampled_from(["LANG", "HIST"]), periods),
)
def test_it_agrees_with_the_definitions(
    happened: list[Event],
    roster: list[RosterRow],
    agreed: list[AgreedSource],
    criteria: dict[str, Criterion],
    also: set[int],
    clearing: dict[str, Clearing],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        lake.write_roster(roster)
        write(lake, happened)
        found = dict(
            ActivityEngine(lake).evidence(MONDAY, agreed, criteria, also, clearing=clearing)
        )
    reference = Reference(MONDAY, happened, roster, agreed, criteria, clearing, also)
    assert found == {name: reference.evidence(name) for name in ("HIST", "LANG")}
