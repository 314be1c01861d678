"""The registry: every format that Lantern reads, in the order in which a file is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from integrations.feeds.formats.files import workbooks
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import normal
from integrations.feeds.formats.mappings.mapping import Mappings
from integrations.feeds.formats.mappings.registers import format_of
from integrations.feeds.formats.model import Format
from integrations.feeds.formats.readers import (
    caliper,
    canvas_events,
    canvas_pages,
    canvas_sis,
    events,
    gates,
    gradebook,
    groups,
    meetings,
    moodle,
    moodle_attendance,
    oneroster,
    panopto,
    roster,
    student_extracts,
    udd,
    xapi,
)
from integrations.feeds.formats.readers.roster_files import Delivered, RosterNumbers
from integrations.feeds.formats.times import Dates
from integrations.feeds.text_files import FeedError
from store.rules.text.formatting import counted, listed

FORMATS: tuple[Format, ...] = (
    events.FORMAT,
    moodle.FORMAT,
    moodle_attendance.FORMAT,
    xapi.FORMAT,
    caliper.FORMAT,
    canvas_events.FORMAT,
    canvas_pages.FORMAT,
    meetings.TEAMS_FORMAT,
    meetings.ZOOM_FORMAT,
    panopto.FORMAT,
    gates.FORMAT,
    udd.FORMAT,
)


MAPPED = ("CELCAT", "SEAtS", "Echo360", "Blackboard", "Brightspace", "SITS")
"""Systems whose files are read through a mapping, since no specification of them can be had."""

_HEADER_WITHIN = 8
"""The rows in which a header is looked for."""


class RosterFormat(NamedTuple):
    """A format of people that is converted into the documented roster."""

    format: Format
    convert: Callable[[Opened, Path, RosterNumbers, Dates | None], Delivered]
    """Write the roster files of an opened file into a folder."""


CONVERTED: tuple[RosterFormat, ...] = (
    RosterFormat(oneroster.FORMAT, oneroster.convert),
    RosterFormat(canvas_sis.FORMAT, canvas_sis.convert),
)

ROSTERS: tuple[Format, ...] = (
    roster.FORMAT,
    *(each.format for each in CONVERTED),
    groups.FORMAT,
)
"""Formats of people, without activity: rosters, and the groups that fairness reports compare."""


def recognise_roster(opened: Opened, mappings: Mappings | None = None) -> RosterFormat | None:
    """Recognise a file of people by its content; None where it is none."""
    mapped = mappings.students if mappings else ()
    own = (
        RosterFormat(student_extracts.format_of(each), partial(student_extracts.convert, each))
        for each in mapped
    )
    return next((each for each in (*own, *CONVERTED) if each.format.recognises(opened)), None)


def recognise(opened: Opened, mappings: Mappings | None = None) -> Format:
    """Recognise a file's format by its content; confirmed mappings are tried first.

    Raises ``FeedError`` where no format fits.
    """
    mappings = Mappings() if mappings is None else mappings
    formats = (*map(format_of, mappings.tables), *FORMATS)
    for each in formats:
        if each.recognises(opened):
            return each
    if mappings.faults:
        raise FeedError(mappings.faults[0])
    if gradebook.recognises(opened):
        raise FeedError(f"{opened.name} {gradebook.WHY_NOT}")
    if opened.is_web_page:
        raise FeedError(
            f"{opened.name} is a web page, not a file of data: perhaps the page that asks for a "
            "sign-in, or a table saved as a page. Export it as CSV or as a workbook."
        )
    if roster.recognises(opened):
        raise FeedError(f"{opened.name} {roster.WHY_NOT}")
    if opened.members:
        raise FeedError(
            f"{opened.name} holds {counted(len(opened.members), 'file')}, which together are in no "
            "format that Lantern knows. Take them out, and load each by itself."
        )
    if found := _resembled(opened, formats):
        raise FeedError(found)
    sheets = workbooks.sheet_names(opened.path) if opened.is_workbook else []
    if len(sheets) > 1 and not opened.sheet:
        raise FeedError(
            f"The first sheet of {opened.name} is not in a format that Lantern knows. Its sheets "
            f"are {', '.join(sheets)}. Name another one with --sheet, or in the file's declaration."
        )
    raise FeedError(
        f"{opened.name} is not in a format that Lantern knows ({opened.described}). "
        "`lantern formats` lists them. A table of another kind is read through a mapping: "
        "lantern ingest FILE --map drafts one."
    )


def _resembled(opened: Opened, formats: Iterable[Format]) -> str:
    """Say which format's columns a table has, all but a few: most likely one was renamed."""
    for each in formats:
        wanted = {normal(column): column for column in each.columns}
        for row in opened.first_rows[:_HEADER_WITHIN]:
            lacking = wanted.keys() - {normal(field) for field in row}
            if len(wanted) > 2 and len(lacking) <= len(wanted) / 3:
                return (
                    f"{opened.name} has the columns of {each.name}, but not "
                    f"{listed([wanted[name] for name in wanted if name in lacking])}. If a column "
                    "has another name now, give it the one before, or draft a mapping: lantern "
                    "ingest FILE --map."
                )
    return ""
