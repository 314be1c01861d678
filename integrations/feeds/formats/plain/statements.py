"""Read the plain statements of a large xAPI file at once, by DuckDB, the others by its reader.

A statement is plain where it stands on a line of its own, with an id that no other has, and where
its verb alone says what a known student did, at an instant written as usual, on a known module. All
other lines are *odd*. Both ways judge alike, since the meanings are the reader's own.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from integrations.activity.day_files import quoted
from integrations.activity.errors import no_room
from integrations.activity.scratch_database import ScratchDatabase, open_workspace, path_literal
from integrations.feeds.formats.files.json_items import objects, text_at
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.keeping import digest
from integrations.feeds.formats.matching.at_once import PlainStatements
from integrations.feeds.formats.matching.modules import Modules
from integrations.feeds.formats.matching.people import KnownPeople
from integrations.feeds.formats.model import Declared, Format
from integrations.feeds.formats.plain.fields import PLACE, look_at, tell
from integrations.feeds.formats.plain.meanings import find_deeds, find_places, find_who, same
from integrations.feeds.formats.readers import xapi
from store.rules.calendar import INSTITUTION

LEAST = 1 << 20
"""Bytes from which on a file is read in the two ways."""
_MOST_ODD = 0.5
"""With a larger share of odd lines a file is read by its reader as a whole."""
_MEMORY = "160MB"

_ID = '"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"'
_STAMP = (
    '"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?'
    '(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"'
)
_DIGEST = "left(sha256(lower(substr(id, 2, 36))), 32)"
_OFFSET = "CASE WHEN stamp[-2] = 'Z' OR stamp[-6:-2] = '00:00' THEN '+00:00' ELSE stamp[-7:-2] END"

# What a line lacks makes a comparison NULL: it is not plain then.
_JUDGED = f"""
CREATE TABLE judged AS SELECT
    line, who.rowid AS who, deeds.rowid AS deed, places.rowid AS place,
    substr(stamp, 2, 19) || {_OFFSET} AS instant,
    coalesce(
        who.rowid IS NOT NULL AND deeds.rowid IS NOT NULL AND places.rowid IS NOT NULL
        AND object IS NOT NULL AND NOT is_attendance AND regexp_full_match(id, '{_ID}')
        AND regexp_full_match(stamp, '{_STAMP}')
        AND TRY_CAST(substr(stamp, 2, 10) AS DATE) IS NOT NULL
        AND (stored IS NULL OR regexp_full_match(stored, '"[0-9A-Za-z:.+-]*"')), false
    ) AS is_plain
FROM told
LEFT JOIN who USING (actor)
LEFT JOIN deeds ON {same("deeds", "verb", "kind")}
LEFT JOIN places ON {same("places", *PLACE)}
"""
_IDS = "SELECT count(id), count(DISTINCT hash(lower(id))) FROM told"
_REPEATED = """
SELECT line FROM told SEMI JOIN (
    SELECT lower(id) AS id FROM told WHERE id IS NOT NULL GROUP BY 1 HAVING count(*) > 1
) AS repeated ON repeated.id = lower(told.id)
"""
_OF_OTHER_IDS = f"SELECT line FROM told WHERE NOT coalesce(regexp_full_match(id, '{_ID}'), false)"
"""Lines whose ids, if they have one, only the reader can tell."""

_PLAIN = "judged ANTI JOIN odd USING (line)"
_COUNTS = f"""
SELECT label, day, number, count(*)
FROM {_PLAIN}
JOIN who ON who.rowid = judged.who
JOIN deeds ON deeds.rowid = judged.deed
JOIN minutes ON minute = instant[:16] AND east = instant[20:]
GROUP BY label, day, number
"""
_ROWS = f"""
SELECT number, module, family, 'done', instant, NULL, 1, NULL
FROM {_PLAIN}
JOIN who ON who.rowid = judged.who
JOIN deeds ON deeds.rowid = judged.deed
JOIN places ON places.rowid = judged.place
"""


_RECORDS = f"""
SELECT line - 1 AS record, line, number, concat(
    '{{{{"id":', id, ',"timestamp":', stamp, ',"stored":' || stored, ',"actor":', who.kept,
    ',"verb":{{{{"id":', verb, '}}}},"object":{{{{"id":', object,
    ',"definition":{{{{"type":' || kind || '}}}}', '}}}}',
    ',"result":{{{{"completion":' || completed || '}}}}', ',"context":' || places.kept,
    ',"_":', line - 1, '}}}}') AS text
FROM {{plain}}
JOIN {{who}} USING (actor)
JOIN {{places}} ON {same("places", *PLACE)}
"""


def find_plain(
    opened: Opened,
    reader: Format,
    declared: Declared,
    people: KnownPeople,
    modules: Modules,
    scratch: Path,
) -> PlainStatements | None:
    """Read the plain statements of a file, and set ``opened.only`` to its odd lines.

    Returns None for other formats, where too few are plain, and where the file has not one
    statement on each line. Files in ``scratch`` are used as long as the result is. Raises
    ``LakeError`` where there is no room.
    """
    if reader is not xapi.FORMAT or opened.path.stat().st_size < LEAST:
        return None
    looked_at = look_at(opened.path)
    if looked_at is None:
        return None
    lines, odd = looked_at
    folder = scratch / "plain"
    folder.mkdir()
    counts = None
    try:
        with open_workspace(folder, _MEMORY) as work:
            # So that rows keep the order of the lines. Two threads would hold a part of each.
            work.con.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
            work.con.execute("SET threads = 1")
            if tell(work, opened.path, folder / "told", lines):
                find_who(work, people)
                voids = find_deeds(work)
                find_places(work, modules, declared)
                odd |= _odd(work, opened, declared, voids)
                if len(odd) <= _MOST_ODD * lines:
                    counts = _write(work, folder, odd)
            work.con.execute("RESET disabled_optimizers")
            work.con.execute("RESET threads")
            work.begin_again()  # The connection may stay open: its tables need not.
    except duckdb.IOException as error:
        raise no_room(opened.name, error) from None
    except (
        duckdb.InvalidInputException,
        duckdb.ConversionException,
        duckdb.OutOfMemoryException,
    ):
        counts = None  # Such as a line that is longer than any statement: its reader tells which.
    opened.only = None
    if counts is None:
        return None
    opened.only = frozenset(odd)
    plain = f"{_file(folder, 'told')} ANTI JOIN {_file(folder, 'odd')} USING (line)"
    return PlainStatements(
        lines,
        opened.only,
        counts,
        folder / "rows.csv",
        _RECORDS.format(plain=plain, who=_file(folder, "who"), places=_file(folder, "places")),
        f"SELECT unhex({_DIGEST}) AS digest FROM {plain} ORDER BY digest",
    )


def _file(folder: Path, name: str) -> str:
    return f"read_parquet('{path_literal(folder / name)}') AS {name}"


def _odd(work: ScratchDatabase, opened: Opened, declared: Declared, voids: bool) -> set[int]:
    """Make ``judged``; return the odd lines, among them those that share an id with an odd one."""
    work.con.execute(_JUDGED)
    odd = _lines(work, "SELECT line FROM judged WHERE NOT is_plain")
    (ids, differ) = work.con.execute(_IDS).fetchall()[0]
    if differ < ids:
        odd |= _lines(work, _REPEATED)
    opened.only = frozenset(odd)
    apart = declared.voided | (xapi.voided_in(opened) if voids else frozenset())
    opened.only = frozenset(_lines(work, _OF_OTHER_IDS))
    if opened.only:
        found = objects(opened, "statements")
        apart |= {digest(text_at(statement, "id")) for _, statement, _ in found}
    work.table("apart", {"digest": "VARCHAR"}, ((each.hex(),) for each in apart))
    if apart:
        odd |= _lines(work, f"SELECT line FROM told SEMI JOIN apart ON digest = {_DIGEST}")
    return odd


def _write(
    work: ScratchDatabase, folder: Path, odd: set[int]
) -> list[tuple[str, dt.date, str, int]]:
    """Write the rows of the plain statements, and what their records are made of; count them."""
    con = work.con
    work.table("odd", {"line": "BIGINT"}, ((line,) for line in odd))
    for name in ("who", "places", "odd"):
        con.execute(f"COPY {name} TO '{quoted(folder / name)}' (FORMAT parquet)")
    con.execute(f"COPY ({_ROWS}) TO '{quoted(folder / 'rows.csv')}' (FORMAT csv, HEADER false)")
    # Time zones take their time: they are asked once for each minute.
    con.execute(
        "CREATE TABLE minutes AS SELECT minute, east, "
        "CAST(timezone($zone, CAST(minute || ':00' || east AS TIMESTAMPTZ)) AS DATE) AS day "
        f"FROM (SELECT DISTINCT instant[:16] AS minute, instant[20:] AS east FROM {_PLAIN})",
        {"zone": str(INSTITUTION)},
    )
    return con.execute(_COUNTS).fetchall()


def _lines(work: ScratchDatabase, query: str) -> set[int]:
    return {line for (line,) in work.con.execute(query).fetchall()}
