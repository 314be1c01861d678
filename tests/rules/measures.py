"""One student's measures on a day in term, and a helper that runs a rule on them."""

import datetime as dt

from store.rules.calendar import Calendar, Period
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, MissedItem
from store.rules.model import MarkerFamily

CONTINUOUS = Calendar()
TERM = Calendar(
    terms=(Period("Autumn", dt.date(2025, 9, 22), dt.date(2026, 1, 9)),),
    closures=(Period("Winter closure", dt.date(2025, 12, 20), dt.date(2026, 1, 4)),),
)
DAY = dt.date(2025, 10, 21)
YESTERDAY = dt.date(2025, 10, 20)


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def measure(
    family: MarkerFamily = MarkerFamily.VLE,
    *,
    last: dt.date | None = None,
    fresh: dt.date = YESTERDAY,
    done: int = 0,
    expected: int = 0,
    missed: tuple[MissedItem, ...] = (),
) -> Measure:
    return Measure(
        student=7,
        module="FR101",
        family=family,
        source={MarkerFamily.VLE: "moodle"}.get(family, "registers"),
        fresh=fresh,
        last_done=last,
        active_days_28=0,
        expected_28=expected,
        done_28=done,
        missed=missed,
    )


def found(
    rule: Rule,
    *measures: Measure,
    day: dt.date = DAY,
    calendar: Calendar = CONTINUOUS,
    joined: dt.date | None = None,
) -> list[Finding]:
    return rule.findings(calendar, Evidence(7, measures, enrolled_since=joined), day)


# -- Missed submissions ------------------------------------------------------------------------


def missed(due: dt.date) -> Measure:
    item = MissedItem("FR101", "Essay 1", due)
    return measure(MarkerFamily.SUBMISSIONS, missed=(item,))


# -- Attendance --------------------------------------------------------------------------------


def attended(done: int, expected: int, fresh: dt.date = YESTERDAY) -> Measure:
    return measure(MarkerFamily.ATTENDANCE, done=done, expected=expected, fresh=fresh)
