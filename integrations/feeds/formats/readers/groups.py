"""The feed of groups, as ``lantern formats`` lists it; ``integrations.feeds.groups`` reads it."""

from __future__ import annotations

from collections.abc import Iterator

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.model import Declared, Format, Item, Tried
from integrations.feeds.groups import GROUPS, is_groups_file
from integrations.feeds.text_files import FeedError


def recognises(opened: Opened) -> bool:
    """Return whether the file is a table of groups, by its name and header."""
    return is_groups_file(opened.path)


def read(opened: Opened, _: Declared) -> Iterator[Item]:
    """Refuse the file: groups are no activity, and never go where activity is kept.

    Raises ``FeedError``, always.
    """
    raise FeedError(f"{opened.name} is a file of groups. Load it with lantern ingest groups.")


FORMAT = Format(
    key="groups",
    name="groups of students, for fairness reports alone (lantern ingest groups)",
    recognises=recognises,
    read=read,
    columns=("student_number", "a column for each characteristic, named as you name it"),
    example_name="groups.csv",
    tried=Tried.OWN,
    files=(GROUPS,),
    about=(
        "A row replaces what was known of its student. Columns by which people can be known, such "
        "as names, addresses, postcodes and dates of birth, are refused."
    ),
    command="lantern ingest groups {file} --dry-run",
)
