"""A school in memory whose days are screened with given findings."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.evidence import Finding
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.flags.reconcile import FlagRun, Judge, reconcile
from store.rules.model import FlagState, MarkerFamily
from store.rules.policies.policy import Approval, Marker, SchoolPolicy
from tests.people import back

FIRST = dt.date(2025, 10, 6)
CLEAR_AFTER = 4
POLICY = SchoolPolicy(
    school="LANG",
    approval=Approval("Alice Adviser", FIRST, ("handbook", "email")),
    markers=(Marker(MarkerFamily.VLE, ("moodle",)),),
    rules=(Inactivity(days=14), MissedSubmission(), Attendance()),
)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def finding(key: str, student: int = 1) -> Finding:
    rule, _, subject = key.partition("|")
    return Finding(student, rule, MarkerFamily.VLE, None, subject, "", "", "moodle", FIRST)


@dataclass
class School:
    """The smallest possible store: a list of flags, screened day by day."""

    flags: list[FlagRun] = field(default_factory=list)
    judge: Judge = back

    def screen(self, number: int, found: Iterable[str]) -> bool:
        """Screen a day on which these rules fire; return whether anything changed."""
        today = day(number)
        result = reconcile(
            [finding(each) for each in found], self.known(today), today, CLEAR_AFTER, self.judge
        )
        changed = {run.id: run for run in result.changed}
        self.flags = [changed.get(run.id, run) for run in self.flags]
        for each in result.raised:
            state = FlagState.ACTIVE
            self.flags.append(FlagRun(len(self.flags), each.student, each.key, state, today, today))
        active = [run.key for run in self.flags if run.state is FlagState.ACTIVE]
        assert len(active) == len(set(active)), "a flag is active twice"
        return bool(result.raised or result.changed)

    def known(self, today: dt.date) -> list[FlagRun]:
        """Return the known flags in the form that ``reconcile`` takes."""
        since = today - dt.timedelta(days=CLEAR_AFTER)
        return [
            f
            for f in self.flags
            if f.state is FlagState.ACTIVE or f.last_found_on > since or f.ended_on == today
        ]

    def screen_all(self, days: Sequence[tuple[int, Sequence[str]]]) -> "School":
        for number, found in days:
            self.screen(number, found)
        return self

    @property
    def active(self) -> list[tuple[str, dt.date]]:
        return sorted((f.key, f.last_found_on) for f in self.flags if f.state is FlagState.ACTIVE)


def in_order(*found: Sequence[str]) -> list[tuple[int, Sequence[str]]]:
    return list(enumerate(found))


SILENT = finding("silent").key


def only(school: School) -> FlagRun:
    (flag,) = school.flags
    return flag
