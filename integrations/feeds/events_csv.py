"""The documented event feed: a CSV file, or a Parquet file with the same columns.

``event_columns`` says what each column holds.

Columns may come in any order and case; others are named in the report and not used. Commas,
semicolons, tabs or ``|`` separate values, under one header row; blanks around a value and missing
empty columns at the end do not matter. Rows with an item state a fact once, however often they are
repeated; rows without an item add up.

A file covers the days of its rows and short gaps between them, or the days it declares (``--from``
and ``--to``, or a record beside it: ``manifest``). On those days it replaces older files for the
modules that it has rows on (``ledger_rule``), and a day without a row means that nothing happened.
A few rows far from all others are added, but do not make their day known. ``done`` rows later than
the day after arrival are refused; ``expected`` rows are kept as future ones.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from integrations.activity.excuses import LONGEST_EXCUSE
from integrations.activity.lake import Lake
from integrations.activity.relations import EXCUSES, EXTENDED_TO, EXTENSIONS
from integrations.activity.scratch_database import ScratchDatabase
from integrations.feeds.event_columns import EVENTS
from integrations.feeds.loading import (
    ON_NO_TERMS,
    Delivery,
    LoadReport,
    Period,
    Progress,
    Terms,
    load_file,
    no_progress,
)
from integrations.feeds.people import UNKNOWN_STUDENT, People
from integrations.feeds.raw_table import Layout, unused_columns
from store.rules.calendar import INSTITUTION
from store.rules.model import MarkerFamily

LAYOUT = Layout(
    required=EVENTS.required,
    optional=EVENTS.optional,
    days=("at", "until"),
)

_FAMILIES = ", ".join(f"'{family}'" for family in MarkerFamily)
EXCUSABLE = (MarkerFamily.ATTENDANCE, MarkerFamily.MEETINGS, MarkerFamily.SUBMISSIONS)

# Families and kinds are enumerations rather than text, which takes less time to compare and group.
# Their order is the alphabet's, in which the rows of a day are kept.
_WORDS = f"""
CREATE TYPE fed_family AS ENUM ('{"', '".join(sorted([*MarkerFamily, EXTENSIONS, EXCUSES]))}');
CREATE TYPE fed_kind AS ENUM ('done', 'excused', 'expected', 'extended');
"""
_WORD = "coalesce(TRY_CAST({0} AS fed_{0}), TRY_CAST(lower(trim({0})) AS fed_{0})) AS {0}"

# Rows that state nothing, so that no student is unknown for them: a spreadsheet leaves blank rows,
# joined exports repeat their header, a report ends in its totals, and one that counts has zeros.
# Only a row without a known student is looked at for the first three, which takes no time then.
_WRITTEN = "lower(trim(student_number))"
_BLANK = "trim(concat(\"at\", student_number, module, family_said, kind_said, item)) = ''"
_HEADER = f"{_WRITTEN} IN ('student_number', 'student number')"
_TOTALS = (
    f"{_WRITTEN} IN ('total', 'totals', 'total:', 'grand total', 'subtotal', 'sub total', 'sum')"
)
_NONE = "lower(trim(kind)) = 'done' AND whole_number(\"count\") = 0"
ASIDE = {
    "repeats the header": _HEADER,
    "is of totals": f"{_TOTALS} AND day_of(\"at\", 'UTC') IS NULL",
    "says that nothing was done (count 0)": _NONE,
}

_NO_DATE = "at is not an ISO date or time"
_MANY = 0.05
_OTHER_DATES = (
    "Dates are read as they are in 2026-10-05. For 5/10/2026 declare their order, --dates "
    "day-first or month-first, or in the file's declaration; for 46300 format the column as a date."
)
"""The note where more than ``_MANY`` of the rows have other dates."""

_JUDGED = f"""
SELECT
    line,
    CASE
        WHEN student_number IS NULL THEN 'there is no student_number'
        WHEN student IS NULL THEN {{unknown}}
        WHEN NOT known AND NOT (kind = 'excused' AND module = '')
            THEN CASE module WHEN '' THEN 'there is no module'
                ELSE 'the module is not on the roster' END
        WHEN family IS NULL OR family NOT IN ({_FAMILIES})
            THEN 'the family is not one of {_FAMILIES.replace("'", "")}'
        WHEN kind IS NULL OR kind NOT IN ('expected', 'done', 'extended', 'excused')
            THEN 'the kind is neither expected nor done nor extended nor excused'
        WHEN kind = 'extended' AND family <> 'submissions' THEN 'only a submission is extended'
        WHEN kind = 'excused' AND family NOT IN ('{"', '".join(EXCUSABLE)}')
            THEN 'only {", ".join(EXCUSABLE)} can be excused'
        WHEN until IS NULL AND (kind = 'extended' OR kind = 'excused' AND has_until)
            THEN 'until is not an ISO date or time'
        WHEN day IS NULL THEN '{_NO_DATE}'
        WHEN kind = 'excused' AND until NOT BETWEEN day AND day + {LONGEST_EXCUSE}
            THEN 'until is before at, or more than {LONGEST_EXCUSE} days after it'
        WHEN day NOT BETWEEN DATE '{{first}}' AND DATE '{{last}}'
            THEN 'at is outside the days that this file covers'
        WHEN item IS NULL AND family = 'submissions' THEN 'a submission needs an item'
        WHEN length(item) > 200 THEN 'the item is longer than 200 characters'
        WHEN regexp_matches(item, '[[:cntrl:]]') THEN 'the item holds control characters'
        WHEN count IS NULL OR count NOT BETWEEN 1 AND 1000000
            THEN 'the count is not a whole number from 1 to 1,000,000'
    END AS reason,
    day, student, module,
    CASE kind WHEN 'extended' THEN CAST('{EXTENSIONS}' AS fed_family)
        WHEN 'excused' THEN CAST('{EXCUSES}' AS fed_family) ELSE family END AS family,
    CASE kind WHEN 'extended' THEN concat(item, '{EXTENDED_TO}', until)
        WHEN 'excused'
        THEN concat(family, '{EXTENDED_TO}', item, '{EXTENDED_TO}', coalesce(until, day))
        ELSE item END AS item,
    CASE WHEN kind <> 'done' THEN count ELSE 0 END AS expected,
    CASE WHEN kind = 'done' THEN count ELSE 0 END AS done
FROM (
    SELECT
        line, raw.student_number, coalesce(students.student, aliases.student) AS student,
        coalesce(module, '') AS module, known, family, family_said, kind, kind_said,
        "at", day, has_until, until, item, count
    FROM (
        SELECT
            line, student_number, modules.module IS NOT NULL AS known,
            coalesce(modules.module, trim(raw.module)) AS module,
            {_WORD.format("family")}, family AS family_said,
            {_WORD.format("kind")}, kind AS kind_said,
            "at", day_of("at", {{zone}}) AS day,
            "until" IS NOT NULL AS has_until, day_of("until", {{zone}}) AS until,
            nullif(trim(item), '') AS item,
            CASE WHEN "count" IS NULL THEN 1 ELSE whole_number("count") END AS count
        FROM raw
        LEFT JOIN modules ON modules.written = trim(raw.module)
    ) AS raw
    LEFT JOIN students USING (student_number)
    LEFT JOIN aliases ON aliases.student_number = raw.student_number
        AND raw.day BETWEEN aliases.first AND aliases.last
)
WHERE CASE WHEN student IS NOT NULL THEN true
        ELSE NOT coalesce(({_BLANK}) OR {_HEADER} OR ({_TOTALS} AND day IS NULL), false)
    END
    AND NOT coalesce(kind = 'done' AND count = 0, false)
"""


def load_events(
    lake: Lake,
    path: Path,
    source: str,
    students: People | Iterable[tuple[str, int]],
    modules: Iterable[str] | Mapping[str, str],
    covers: Period | None = None,
    progress: Progress = no_progress,
    terms: Terms = ON_NO_TERMS,
) -> LoadReport:
    """Load one file of events as ``source``; loading it again changes nothing.

    ``students`` are (student number, internal number), ``modules`` the known codes, or a mapping to
    their schools. ``covers`` is the first and last day that the file covers, ``terms`` how it is
    taken in. Raises ``FeedError`` where the file as a whole cannot be used and ``LakeError`` where
    the lake cannot be written.
    """
    schools = dict(modules) if isinstance(modules, Mapping) else {}
    first, last = covers or ("0001-01-01", "9999-12-31")
    away = {code: zone for code, zone in terms.zones.items() if zone != str(INSTITUTION)}
    zone = f"coalesce(zone, '{INSTITUTION}')" if away else f"'{INSTITUTION}'"
    judged = _JUDGED.format(first=first, last=last, zone=zone, unknown=UNKNOWN_STUDENT)
    people = students if isinstance(students, People) else People(students)
    with lake.workspace() as work:
        people.tables(work)
        module_table(work, modules, away)
        work.con.execute(_WORDS)
        delivery = Delivery(
            path,
            source,
            LAYOUT,
            judged,
            covers,
            people,
            terms=terms,
            schools=schools,
            aside=ASIDE,
        )
        report = load_file(lake, work, delivery, progress)
        unused = [] if terms.again else unused_columns(work, path, LAYOUT)
    undated = sum(row.reason == _NO_DATE for row in report.rejected)
    hint = [_OTHER_DATES] if undated > _MANY * report.accepted else []
    return replace(report, notes=(*report.notes, *unused, *hint))


def module_table(
    work: ScratchDatabase, modules: Iterable[str], zones: Mapping[str, str] | None = None
) -> None:
    """Create the table ``modules`` (written, module, zone); NULL is the institution's zone.

    A code may be written in capitals or without, unless it is then another module's.
    """
    codes = set(modules)
    written: dict[str, str | None] = {}
    for code in sorted(codes):
        for each in {code.lower(), code.upper()} - codes:
            written[each] = None if each in written else code
    spellings = {each: code for each, code in written.items() if code} | {c: c for c in codes}
    rows = ((each, code, (zones or {}).get(code)) for each, code in spellings.items())
    work.table("modules", {"written": "VARCHAR", "module": "VARCHAR", "zone": "VARCHAR"}, rows)
