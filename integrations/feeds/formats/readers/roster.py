"""The documented roster, as ``lantern formats`` lists it; ``feeds.roster`` reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import find_columns, normal
from integrations.feeds.formats.model import Declared, Format, Item, Tried
from integrations.feeds.roster.columns import ROSTER
from integrations.feeds.roster.files import documented_name
from integrations.feeds.text_files import FeedError

_COLUMNS = {each.name: {name: (normal(name),) for name in each.required} for each in ROSTER}

WHY_NOT = (
    "is a roster, or a part of one. Load the folder that holds its files: lantern ingest roster "
    "FOLDER. For the columns of each file: lantern formats roster"
)


def recognises(opened: Opened) -> bool:
    """Return whether it is a file of the roster, by its name and header, or a folder of them."""
    if opened.members:
        return not _COLUMNS.keys().isdisjoint(opened.members)
    wanted = _COLUMNS.get(documented_name(Path(opened.name)) or "")
    if wanted is None:
        return False
    return any(find_columns(row, wanted).keys() == wanted.keys() for row in opened.first_rows[:1])


def read(opened: Opened, _: Declared) -> Iterator[Item]:
    """Refuse the file: a roster is loaded as a whole folder.

    Raises ``FeedError``, always.
    """
    raise FeedError(f"{opened.name} {WHY_NOT}")


FORMAT = Format(
    key="roster",
    name="Lantern's roster, a folder of CSV files",
    recognises=recognises,
    read=read,
    columns=(),
    example_name="roster",
    tried=Tried.OWN,
    files=ROSTER,
    about=(
        "One header row, columns in any order. Files, columns and rows that a later folder does "
        "not have leave what is stored as it is. An empty value deletes the stored one, except "
        "for trained_on and sandbox_user. A row may refer to schools, staff, modules and students "
        "of the same folder, or to those known from before."
    ),
    command="lantern ingest roster {file}",
)
