"""The people in a file: known student numbers, and other identifiers of the same people.

As tables of a workspace: ``students`` (student_number, student) and ``aliases`` (student_number,
student, first, last), which holds other spellings and identifiers that a file really uses.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from integrations.activity.scratch_database import ScratchDatabase
from integrations.feeds.student_numbers import LOST_DIGITS, KnownNumbers, plainly_written
from store.rules.calendar import INSTITUTION
from store.rules.text.formatting import counted

LINES_NAMED = 5
"""Lines of a repair that the report names; the rest are counted."""

UNKNOWN_STUDENT = f"""CASE
    WHEN regexp_full_match(trim(student_number), '{LOST_DIGITS}')
    THEN 'the student_number has lost digits: format the column as text and export it again'
    ELSE 'the student_number is not on the roster' END"""
"""SQL for the reason why a row has no known student."""

_UNKNOWN = """
SELECT student_number, count(*), list(line ORDER BY line)[:5]
FROM raw ANTI JOIN students USING (student_number)
WHERE student_number IS NOT NULL
GROUP BY student_number ORDER BY min(line)
"""
ANY_MODULE = "*"
"""The module of a row that is of each module of its student, who is not known yet."""

_SPREAD = f"""
CREATE OR REPLACE TEMP TABLE spread AS
WITH of_student AS (
    SELECT raw.line, enrolled.module, count(*) OVER (PARTITION BY raw.line) AS modules
    FROM raw
    JOIN (
        SELECT student_number, student, NULL AS first, NULL AS last FROM students
        UNION ALL FROM aliases
    ) AS known USING (student_number)
    JOIN enrolled USING (student)
    WHERE raw.module = '{ANY_MODULE}'
        AND day_of(raw.at, '{INSTITUTION}') >= greatest(known.first, enrolled.first)
        AND day_of(raw.at, '{INSTITUTION}') <= coalesce(
            least(known.last, enrolled.last), DATE '9999-12-31'
        )
)
SELECT raw.* REPLACE (coalesce(of_student.module, raw.module) AS module)
FROM raw
LEFT JOIN of_student
    ON of_student.line = raw.line AND (modules = 1 OR raw.family IN ('vle', 'recordings'))
"""


@dataclass(frozen=True, slots=True)
class Identifier:
    """Another identifier of a student, such as a username; both days included, None for open."""

    value: str
    student: int
    first: dt.date | None = None
    last: dt.date | None = None


class People:
    """Students by their numbers and other identifiers.

    ``pattern`` is the institution's pattern of student numbers; '' to learn it from them.
    ``enrolled`` are (student, module, first day, last day or None) of their modules.
    """

    def __init__(
        self,
        students: Iterable[tuple[str, int]],
        identifiers: Iterable[Identifier] = (),
        pattern: str = "",
        enrolled: Iterable[tuple[int, str, dt.date, dt.date | None]] = (),
    ) -> None:
        self._enrolled = enrolled
        self._students = list(students)
        self._identifiers = identifiers
        self._pattern = pattern

    def tables(self, work: ScratchDatabase) -> None:
        """Create ``students`` and ``aliases`` for rows to be judged against."""
        work.table("students", {"student_number": "VARCHAR", "student": "BIGINT"}, self._students)
        self._aliases(work, ())

    def repair(self, work: ScratchDatabase) -> list[str]:
        """Fill ``aliases`` with spellings of known people in ``raw``; return notes on them."""
        spans: list[tuple[str, int, dt.date, dt.date]] = []
        repaired: dict[str, list[int]] = defaultdict(list)
        counts: dict[str, int] = defaultdict(int)
        for spelling, rows, lines in work.con.execute(_UNKNOWN).fetchall():
            found, how = self._find(str(spelling))
            spans += [(str(spelling), *span) for span in found]
            if found:
                counts[how] += int(rows)
                repaired[how] += lines
        if not spans:
            return []
        self._aliases(work, spans)
        return [_note(how, counts[how], sorted(lines)) for how, lines in repaired.items()]

    def spread(self, work: ScratchDatabase) -> None:
        """Give rows in ``raw`` that are of all modules of their student those, once it is known.

        As for a student who was known at once: use of the online learning space and of recordings
        counts on each of their modules, anything else on their only one.
        """
        columns = {"student": "BIGINT", "module": "VARCHAR", "first": "DATE", "last": "DATE"}
        work.table("enrolled", columns, self._enrolled)
        work.con.execute(_SPREAD)
        work.con.execute("CREATE OR REPLACE TEMP VIEW raw AS FROM spread")

    def _find(self, spelling: str) -> tuple[list[tuple[int, dt.date, dt.date]], str]:
        named = self._named.get(plainly_written(spelling).casefold(), [])
        if named:
            spans = [(i.student, i.first or dt.date.min, i.last or dt.date.max) for i in named]
            return (spans if _are_apart(spans) else []), "it is an identifier of a known student"
        if repair := self._numbers.find(spelling):
            return [(self.numbers[repair.number], dt.date.min, dt.date.max)], repair.how
        return [], ""

    @staticmethod
    def _aliases(work: ScratchDatabase, spans: Iterable[tuple[str, int, dt.date, dt.date]]) -> None:
        work.table(
            "aliases",
            {"student_number": "VARCHAR", "student": "BIGINT", "first": "DATE", "last": "DATE"},
            spans,
        )

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Map each student number to the internal number."""
        return dict(self._students)

    @cached_property
    def _numbers(self) -> KnownNumbers:
        return KnownNumbers(self.numbers, self._pattern)

    @cached_property
    def _named(self) -> dict[str, list[Identifier]]:
        found: dict[str, list[Identifier]] = defaultdict(list)
        for each in self._identifiers:
            found[plainly_written(each.value).casefold()].append(each)
        return found


def _are_apart(spans: Sequence[tuple[int, dt.date, dt.date]]) -> bool:
    """Return whether no two people have the identifier on the same day."""
    ordered = sorted(spans, key=lambda span: span[1:])
    return all(one[0] == other[0] or one[2] < other[1] for one, other in pairwise(ordered))


def _note(how: str, rows: int, lines: Sequence[int]) -> str:
    named = ", ".join(map(str, lines[:LINES_NAMED]))
    more = f" and {rows - LINES_NAMED} more" if rows > LINES_NAMED else ""
    called = counted(rows, "row was", "rows were")
    return (
        f"{called} counted for a known student whose number has another form: {how} "
        f"(line {named}{more})."
    )
