"""The Open University Learning Analytics Dataset as a feed: a year of real, anonymous students.

A folder with ``courses``, ``assessments``, ``studentRegistration``, ``studentAssessment`` and
``studentVle``, each ``.csv`` or ``.csv.gz``. The data set counts days from the start of each
presentation; day 0 becomes a given date. Its students have numbers only: a student is called
"Student 11391", and the address is of a domain that can receive no email.

Kuzilek, Hlosta, Zdrahal: Open University Learning Analytics dataset, Scientific Data 4:170171
(2017), CC BY 4.0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from integrations.activity.lake import Lake
from integrations.activity.scratch_database import ScratchDatabase
from integrations.feeds.events_csv import module_table
from integrations.feeds.loading import Delivery, LoadReport, Progress, load_file, no_progress
from integrations.feeds.oulad_files import FURTHEST, SCHOOL, OuladFiles
from integrations.feeds.people import People
from integrations.feeds.raw_table import Layout
from integrations.feeds.roster.delivery import RosterDelivery
from store.rules.schools import ModuleEntry, Roster, SchoolEntry

VLE = "oulad-vle"
ASSESSMENTS = "oulad-assessments"

_VLE_LAYOUT = Layout(("code_module", "code_presentation", "id_student", "date", "sum_click"))
_VLE_JUDGED = """
SELECT
    line,
    CASE
        WHEN student IS NULL THEN 'the student is not on the roster'
        WHEN modules.module IS NULL THEN 'the presentation is not in courses.csv'
        WHEN number IS NULL OR abs(number) > {furthest} THEN 'date is not a number of days'
        WHEN clicks IS NULL OR clicks NOT BETWEEN 1 AND 1000000
            THEN 'sum_click is not a whole number from 1 to 1,000,000'
    END AS reason,
    DATE '{start}' + TRY_CAST(number AS INTEGER) AS day,
    student, modules.module, 'vle' AS family, CAST(NULL AS VARCHAR) AS item,
    0 AS expected, clicks AS done
FROM (
    SELECT
        line, id_student, concat(code_module, '-', code_presentation) AS module,
        whole_number("date") AS number, whole_number(sum_click) AS clicks
    FROM raw
) AS clicked
LEFT JOIN students ON student_number = id_student
LEFT JOIN modules ON modules.written = clicked.module
"""

_DONE_LAYOUT = Layout(("id_assessment", "id_student", "date_submitted"))
_DONE_JUDGED = """
SELECT
    line,
    CASE
        WHEN student IS NULL THEN 'the student is not on the roster'
        WHEN assessments.id IS NULL THEN 'the assessment is not in assessments.csv'
        WHEN number IS NULL OR abs(number) > {furthest}
            THEN 'date_submitted is not a number of days'
    END AS reason,
    DATE '{start}' + TRY_CAST(number AS INTEGER) AS day,
    student, assessments.module, 'submissions' AS family, assessments.item,
    0 AS expected, 1 AS done
FROM (
    SELECT line, id_student, id_assessment, whole_number(date_submitted) AS number FROM raw
) AS submitted
LEFT JOIN students ON student_number = id_student
LEFT JOIN assessments ON assessments.id = id_assessment
WHERE assessments.id IS NULL OR assessments.due IS NOT NULL
"""
_EXPECTED = """
SELECT due AS day, student, assessments.module, 'submissions' AS family, item,
    1 AS expected, 0 AS done
FROM assessments
JOIN enrolled ON enrolled.module = assessments.module AND due BETWEEN starts AND ends
JOIN students USING (student_number)
"""


def read_oulad(folder: Path, start: dt.date) -> RosterDelivery:
    """Return the roster: one school, a module per presentation, and who was registered when.

    A student is enrolled from registration, day 0 at the earliest, to the day of withdrawal or the
    end of the presentation. Students who withdrew before day 0 have no enrolment. Raises
    ``FeedError`` where a file is missing or has the wrong columns.
    """
    reader = OuladFiles(folder, start)
    lengths = reader.presentations()
    students, enrolments = reader.registrations(lengths)
    roster = Roster(
        schools=(SchoolEntry(SCHOOL, "Open University (OULAD)"),),
        modules=tuple(ModuleEntry(code, f"Presentation {code}", SCHOOL) for code in lengths),
        students=students,
        enrolments=enrolments,
    )
    return RosterDelivery(roster, tuple(reader.rejections.rows), reader.rejections.total)


def load_oulad(
    lake: Lake,
    folder: Path,
    start: dt.date,
    students: Iterable[tuple[str, int]],
    progress: Progress = no_progress,
) -> tuple[LoadReport, LoadReport]:
    """Load clicks as ``oulad-vle`` and submissions as ``oulad-assessments``.

    ``students`` are (student number, internal number). An assessment is expected, on its due day,
    of everyone enrolled on that day; exams and assessments without a due day are left out. Problems
    in the roster's files are reported by ``read_oulad``. Raises ``FeedError`` and ``LakeError``.
    """
    reader = OuladFiles(folder, start)
    roster = read_oulad(folder, start).roster
    days = {"start": start, "furthest": FURTHEST}
    with lake.workspace() as work:
        People(students).tables(work)
        module_table(work, (module.code for module in roster.modules))
        clicks = load_file(
            lake,
            work,
            Delivery(reader.file("studentVle"), VLE, _VLE_LAYOUT, _VLE_JUDGED.format(**days)),
            progress,
        )
        _assessment_tables(work, reader, roster)
        handed_in = load_file(
            lake,
            work,
            Delivery(
                reader.file("studentAssessment"),
                ASSESSMENTS,
                _DONE_LAYOUT,
                _DONE_JUDGED.format(**days),
                covers=_until_the_last_click(lake, work, start),
                follows=_EXPECTED,
            ),
            progress,
        )
    return clicks, replace(
        handed_in,
        rejected=(*reader.rejections.rows, *handed_in.rejected),
        rejected_total=reader.rejections.total + handed_in.rejected_total,
    )


def _until_the_last_click(
    lake: Lake, work: ScratchDatabase, start: dt.date
) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of the whole data set, which the file of work covers.

    None without any work or clicks: then the file covers the days of its rows.
    """
    last = lake.newest_days(dt.date.max).get(VLE)
    (work_to_do,) = work.con.execute("SELECT count(*) FROM assessments").fetchall()[0]
    return (start, last) if work_to_do and last and last > start else None


def _assessment_tables(work: ScratchDatabase, reader: OuladFiles, roster: Roster) -> None:
    work.table(
        "assessments",
        {"id": "VARCHAR", "module": "VARCHAR", "item": "VARCHAR", "due": "DATE"},
        reader.assessments({module.code for module in roster.modules}),
    )
    work.table(
        "enrolled",
        {"student_number": "VARCHAR", "module": "VARCHAR", "starts": "DATE", "ends": "DATE"},
        ((e.number, e.module, e.starts, e.ends) for e in roster.enrolments),
    )
