"""The nets of all rules again in plain Python from their definitions."""

from __future__ import annotations

import datetime as dt

from store.rules.flag_rules.base import Criterion
from store.rules.flag_rules.evidence import Evidence, Measure
from store.rules.model import MarkerFamily


def is_caught(evidence: Evidence, net: Criterion) -> bool:
    """Return whether the net of any rule catches what is known of a student."""
    last = max(
        (m.last_done for m in evidence.measures + evidence.elsewhere if m.last_done),
        default=None,
    )
    assert evidence.enrolled_since is not None
    since = last or evidence.enrolled_since - dt.timedelta(days=1)
    return (
        (evidence.at_home and net.silent_since is not None and since <= net.silent_since)
        or any(m.missed for m in evidence.measures)
        or any(
            net.attended_below is not None
            and m.family is MarkerFamily.ATTENDANCE
            and m.expected_28 >= net.expected_at_least
            and m.done_28 < net.attended_below * m.expected_28
            for m in evidence.measures
        )
        or any(_is_absent_or_quiet(m, net) for m in evidence.measures)
        or any(_is_unseen(evidence, work.module, net) for work in evidence.first_work)
    )


def _is_unseen(evidence: Evidence, module: str, net: Criterion) -> bool:
    of_module = [m for m in evidence.measures if m.module == module]
    if not of_module or net.unseen_since is None:
        return False
    since = max((m.last_done for m in of_module if m.last_done), default=None)
    assert of_module[0].since is not None
    return (since or of_module[0].since - dt.timedelta(days=1)) <= net.unseen_since


def _is_absent_or_quiet(m: Measure, net: Criterion) -> bool:
    quiet = sum(
        own < net.quiet_below * of_class
        for own, of_class in zip(m.weeks, m.class_weeks, strict=False)
        if of_class >= 1
    )
    return (
        (
            m.family is MarkerFamily.ATTENDANCE
            and net.absent_in_a_row is not None
            and m.absences >= net.absent_in_a_row
        )
        or (
            m.family is MarkerFamily.MEETINGS
            and net.meetings_in_a_row is not None
            and m.meetings_missed >= net.meetings_in_a_row
        )
        or (bool(m.class_weeks) and net.quiet_weeks is not None and quiet >= net.quiet_weeks)
    )
