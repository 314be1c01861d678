"""The columns of the documented event feed."""

from __future__ import annotations

from integrations.activity.excuses import LONGEST_EXCUSE
from integrations.feeds.documented import Column, DocumentedFile
from store.rules.model import MarkerFamily
from store.rules.text.formatting import listed

EVENT_KINDS = ("expected", "done", "extended", "excused")
MOST_COUNTED = 1_000_000
"""The highest ``count`` of one row."""

_FAMILIES = listed(
    [
        family.value if family.label == family.value else f"{family} ({family.label})"
        for family in MarkerFamily
    ]
)

EVENTS = DocumentedFile(
    "events.csv",
    (
        Column(
            "student_number",
            "the student's number as on the roster, or an identifier that the roster has for them",
            is_required=True,
        ),
        Column(
            "module",
            "the module's code as on the roster. Empty only where a student is excused from all",
            is_required=True,
        ),
        Column("family", f"the kind of evidence: {_FAMILIES}", is_required=True),
        Column(
            "kind",
            "done: the student did it. expected: it was on the student's timetable, or due. "
            "extended: the student has more time for a submission, until the day in until. "
            "excused: attendance, a meeting or a submission was not expected of this student "
            "after all, on that day or up to the day in until",
            is_required=True,
        ),
        Column(
            "at",
            "the day or time, as 2025-10-06, 2025-10-06T10:00 or 2025-10-06T09:00Z, or seconds "
            "since 1970. A time without an offset is that of the module's school. Of an expected "
            "submission: the day it is due. Of an extended one: the day on which that was agreed",
            is_required=True,
        ),
        Column(
            "item",
            "which session or piece of work, the same in its expected and its done row. Needed of "
            "submissions. Rows with an item count once, however often they are repeated; rows "
            "without one add up",
        ),
        Column(
            "count",
            f"a whole number from 1 to {MOST_COUNTED:,}, in a row without item. Empty: 1",
        ),
        Column(
            "until",
            "of an extended row: the new day, which it needs. Of an excused one: the last day, at "
            f"most {LONGEST_EXCUSE} days later. Empty in other rows",
        ),
    ),
)
