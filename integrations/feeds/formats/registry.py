"""The registry: every format that Lantern reads, in the order in which a file is tried."""

from __future__ import annotations

from collections.abc import Sequence

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.mappings.mapping import Mapped
from integrations.feeds.formats.mappings.registers import format_of
from integrations.feeds.formats.model import Format
from integrations.feeds.formats.readers import (
    caliper,
    canvas_events,
    events,
    gates,
    gradebook,
    groups,
    meetings,
    moodle,
    moodle_attendance,
    oneroster,
    panopto,
    udd,
    xapi,
)
from integrations.feeds.text_files import FeedError

FORMATS: tuple[Format, ...] = (
    events.FORMAT,
    moodle.FORMAT,
    moodle_attendance.FORMAT,
    xapi.FORMAT,
    caliper.FORMAT,
    canvas_events.FORMAT,
    meetings.TEAMS_FORMAT,
    meetings.ZOOM_FORMAT,
    panopto.FORMAT,
    gates.FORMAT,
    udd.FORMAT,
)

ROSTERS: tuple[Format, ...] = (oneroster.FORMAT, groups.FORMAT)
"""Formats of people, without activity: an archive that is converted into the documented roster, and
the groups that fairness reports compare."""


def recognise(opened: Opened, mappings: Sequence[Mapped] = ()) -> Format:
    """Recognise a file's format by its content; confirmed mappings are tried first.

    Raises ``FeedError`` where no format fits.
    """
    for each in (*map(format_of, mappings), *FORMATS):
        if each.recognises(opened):
            return each
    if gradebook.recognises(opened):
        raise FeedError(f"{opened.name} {gradebook.WHY_NOT}")
    raise FeedError(
        f"{opened.name} is not in a format that Lantern knows ({opened.described}). "
        "`lantern formats` lists them. A table of another kind is read through a mapping: "
        "lantern ingest FILE --map drafts one."
    )
