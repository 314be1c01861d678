"""Split the data set's files: each presentation's rows go into a folder of their own."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from integrations.feeds.csv_tables import first_record, read_header
from integrations.feeds.oulad_clicks import split_clicks
from integrations.feeds.oulad_files import OuladFiles
from integrations.feeds.text_files import FeedError

_KEY = ("code_module", "code_presentation")
_SMALL: Mapping[str, tuple[str, ...]] = {
    "courses": ("module_presentation_length",),
    "assessments": ("id_assessment", "assessment_type", "date"),
    "studentRegistration": ("id_student", "date_registration", "date_unregistration"),
    "studentInfo": ("id_student", "final_result"),
}
_WORK = ("id_assessment", "id_student", "date_submitted")
_CLICKS = (*_KEY, "id_student", "date", "sum_click")


def take_apart(reader: OuladFiles, room: Path, groups: Sequence[str]) -> Mapping[str, Path]:
    """Map each presentation to a folder under ``room`` with its rows of every file, and no others.

    Every file is read once, however many presentations it holds. ``groups`` are columns of
    ``studentInfo`` that are copied where the file has them. Raises ``FeedError`` where a file is
    missing or does not have the right columns.
    """
    names = sorted(reader.presentations())
    if not names:
        raise FeedError("courses.csv names no presentation with its length in days.")
    places = {name: room / str(number) for number, name in enumerate(names, 1)}
    for place in places.values():
        place.mkdir(parents=True)
    for stem, columns in _SMALL.items():
        optional = groups if stem == "studentInfo" else ()
        rows = reader.rows(stem, (*_KEY, *columns), optional)
        _write(stem, (*_KEY, *columns, *optional), _named(rows), places)
    of = {
        number: f"{module}-{presentation}"
        for _, (module, presentation, number) in reader.rows(
            "assessments", (*_KEY, "id_assessment")
        )
    }
    work = ((of.get(row[0], ""), row) for _, row in reader.rows("studentAssessment", _WORK))
    _write("studentAssessment", _WORK, work, places)
    _split_clicks(reader, room, places)
    return places


def _named(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[str, list[str]]]:
    return ((f"{row[0]}-{row[1]}", row) for _, row in rows)


def _write(
    stem: str,
    columns: Sequence[str],
    rows: Iterable[tuple[str, list[str]]],
    places: Mapping[str, Path],
) -> None:
    """Write each row into the folder of its presentation; skip rows of no presentation."""
    with ExitStack() as files:
        writers = {}
        for name, place in places.items():
            file = (place / f"{stem}.csv").open("w", encoding="utf-8", newline="")
            writers[name] = csv.writer(files.enter_context(file))
            writers[name].writerow(columns)
        for name, row in rows:
            if name in writers:
                writers[name].writerow(row)


def _split_clicks(reader: OuladFiles, room: Path, places: Mapping[str, Path]) -> None:
    """The one large file, in one pass. Lines that are no rows are left out.

    Quickly where it is well-formed; a line at a time where it is not.
    """
    path, clicks = reader.file("studentVle"), room / "clicks"
    read_header(path.name, first_record(path).fields, _CLICKS)
    if not split_clicks(path, _CLICKS, clicks, places):
        _write("studentVle", _CLICKS, _named(reader.rows("studentVle", _CLICKS)), places)
        return
    for place in places.values():
        found = next(clicks.glob(f"place={place.name}/*.csv"), None)
        if found is None:
            (place / "studentVle.csv").write_text(",".join(_CLICKS) + "\n", encoding="utf-8")
        else:
            found.rename(place / "studentVle.csv")
