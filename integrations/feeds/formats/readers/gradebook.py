"""The export of Moodle's gradebook, which is known and not read: it says nothing of any day.

Source: ``grade/export/txt/grade_export_txt.php`` of Moodle. A cell is a grade, which a student may
have without handing anything in, and the one time in a row is that of the download. Read as
activity, each nightly export would show every student as active on that night.
"""

from __future__ import annotations

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import Headings, has_columns

HEADINGS: Headings = {
    "given": ("first name",),
    "exported": ("last downloaded from this course",),
}

WHY_NOT = (
    "is an export of Moodle's gradebook. It has grades and no day on which work was handed in, so "
    "nothing of it can be used. Export the course's log report instead (Reports, Logs), which says "
    "when work was submitted."
)


def recognises(opened: Opened) -> bool:
    """Return whether the file is a gradebook: columns of a person, and a time of download."""
    return has_columns(opened, HEADINGS, tuple(HEADINGS))
