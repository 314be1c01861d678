"""The feed of groups for fairness reports: a table of student numbers and characteristics.

``GROUPS`` says what its columns hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from integrations.feeds.csv_tables import Rejections, column_name, first_record, shown_column
from integrations.feeds.documented import Column, DocumentedFile
from integrations.feeds.student_numbers import KnownNumbers, without_invisible
from integrations.feeds.text_files import FeedError, read_records
from store.rules.small_numbers import SMALLEST
from store.rules.text.formatting import counted, storable

NUMBERS = ("student_number", "number")
MOST_CHARACTERISTICS = 20
MOST_GROUPS = 25
"""A column with more values is no group: dates of birth, names and postcodes have more."""
LONGEST = 60
GROUPS = DocumentedFile(
    "groups.csv",
    (
        Column("student_number", "the student's number as on the roster", is_required=True),
        Column(
            "any other",
            "a characteristic that the university supplies, such as sex, ethnicity, disability, "
            "age, domicile, fee status or IMD quintile: in each row the student's group, at most "
            f"{LONGEST} characters, or empty where it is not known. At least 1 such column, at "
            f"most {MOST_CHARACTERISTICS}, each with at most {MOST_GROUPS} groups",
            is_required=True,
        ),
    ),
)
_EVENTS = frozenset({"family", "kind", "at", "system", "value", "module", "level", "given_name"})
"""Columns of other feeds with student numbers."""
_IDENTIFY = frozenset(
    {"name", "given_name", "family_name", "first_name", "surname", "email", "university_email"}
    | {"personal_email", "date_of_birth", "dob", "birth_date", "postcode", "address", "phone"}
)


@dataclass(frozen=True, slots=True)
class GroupsDelivery:
    """Student number → characteristic → group, and the rows left out.

    ``sizes`` counts the groups of each characteristic, ``small`` those of few students.
    """

    named: Mapping[str, Mapping[str, str]]
    sizes: Mapping[str, int]
    small: Mapping[str, int]
    rejections: Rejections


def is_groups_file(path: Path) -> bool:
    """Return whether a file is called ``groups…`` and has a header of this feed."""
    if not path.name.casefold().startswith("groups") or not path.is_file():
        return False
    try:
        header = {column_name(each) for each in first_record(path).fields}
    except FeedError:
        return False
    return bool(header & set(NUMBERS)) and not header & _EVENTS


def read_groups(path: Path, numbers: KnownNumbers) -> GroupsDelivery:
    """Read a file of groups. No message repeats a value.

    Raises ``FeedError`` where the file, or one of its columns, cannot be used.
    """
    rejections = Rejections()
    named: dict[str, dict[str, str]] = {}
    with closing(read_records(path)) as records:
        first = next(records, None)
        at, columns = _columns(path.name, first.fields if first else ())
        for line, fields, reason, _, _ in records:
            values = [without_invisible(each) for each in fields]
            found = numbers.find(values[at]) if at < len(values) else None
            if reason or len(values) > len(columns) + 1:
                rejections.add(path.name, line, reason or "it has more columns than the header")
            elif found is None:
                rejections.add(path.name, line, "the student number is not on the roster")
            elif found.number in named:
                rejections.add(path.name, line, "the student has a row already")
            elif any(len(each) > LONGEST or storable(each) != each for each in values):
                rejections.add(path.name, line, f"a group is longer than {LONGEST} characters")
            else:
                named[found.number] = {
                    name: values[place]
                    for place, name in columns.items()
                    if place < len(values) and values[place]
                }
    pairs = Counter(pair for groups in named.values() for pair in groups.items())
    small = Counter(name for (name, _), size in pairs.items() if size < SMALLEST)
    return GroupsDelivery(named, _sizes(path.name, pairs), small, rejections)


def _columns(name: str, header: Sequence[str]) -> tuple[int, dict[int, str]]:
    """Return the place of the student number, and of each characteristic its name."""
    called = [column_name(each) for each in header]
    places = [at for at, each in enumerate(called) if each in NUMBERS]
    columns = {at: shown_column(header[at]) for at, each in enumerate(called) if each}
    if len(places) != 1 or len(columns) < 2:
        raise FeedError(
            f"{name}: expected the column student_number and one for each characteristic, such as "
            "sex or disability. For an example: lantern formats groups"
        )
    (at,) = places
    del columns[at]
    if found := sorted(_IDENTIFY & {column_name(each) for each in columns.values()}):
        raise FeedError(f"{name}: take out the column {found[0]}, by which people can be known.")
    if len(columns) > MOST_CHARACTERISTICS or len({*called} - {""}) <= len(columns):
        raise FeedError(
            f"{name}: at most {MOST_CHARACTERISTICS} characteristics, each in one column."
        )
    return at, columns


def _sizes(name: str, pairs: Mapping[tuple[str, str], int]) -> dict[str, int]:
    sizes = Counter(characteristic for characteristic, _ in pairs)
    for characteristic, number in sorted(sizes.items()):
        if number > MOST_GROUPS:
            raise FeedError(
                f"{name}: {characteristic} has {counted(number, 'group')}, and {MOST_GROUPS} are "
                "allowed. Put its values into bands. Nothing was loaded."
            )
    return dict(sizes)
