"""What DuckDB reads of xAPI statements, one on each line, and which lines it can read as we do.

``told`` has a row for each line: ``line``, and the fields as they are in JSON, with their quotation
marks, NULL where there is none. Of a line that is no JSON object all are NULL.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from integrations.activity.day_files import quoted
from integrations.activity.scratch_database import ScratchDatabase, path_literal
from integrations.feeds.formats.files import json_values
from integrations.feeds.formats.readers.xapi import JISC

PLACE = ("udd", "vle", "parent", "around")
"""The columns from which a module is told."""

_BLOCK = 1 << 20
_LENIENT = re.compile(rb",\s*[}\]]")
"""A comma before the end, which DuckDB does not mind."""
_DEEP = tuple(each * 100 for each in (b"}", b"]", b"}]", b"]}"))
"""Objects nested so deeply that a reader may refuse them."""

_EVENT, _LATE = f"{JISC}event_id", f"{JISC}attendance_late"
_UDD, _VLE = f"{JISC}uddModInstanceID", f"{JISC}vle_mod_id"
_FIELDS = {
    "id": "JSON",
    "actor": "JSON",
    "verb": "STRUCT(id JSON)",
    "object": "STRUCT(id JSON, definition STRUCT("
    f'"type" JSON, extensions STRUCT("{_EVENT}" JSON)))',
    "timestamp": "JSON",
    "stored": "JSON",
    "statements": "JSON",
    "result": f'STRUCT(completion JSON, extensions STRUCT("{_LATE}" JSON))',
    "context": f'STRUCT(extensions STRUCT("{JISC}courseArea" STRUCT("{_UDD}" JSON, "{_VLE}" JSON)),'
    ' "contextActivities" STRUCT(parent JSON, "grouping" JSON))',
}
_TEXTS = {
    "id": "id",
    "actor": "actor",
    "verb": "verb.id",
    "object": "object.id",
    "kind": 'object.definition."type"',
    "stamp": "timestamp",
    "stored": "stored",
    "completed": "result.completion",
    "udd": f'context.extensions."{JISC}courseArea"."{_UDD}"',
    "vle": f'context.extensions."{JISC}courseArea"."{_VLE}"',
    "parent": 'context."contextActivities".parent',
    "around": 'context."contextActivities"."grouping"',
}
_PICKED = f"""
    row_number() OVER () AS line,
    object.definition.extensions."{_EVENT}" IS NOT NULL
        OR result.extensions."{_LATE}" IS NOT NULL AS is_attendance,
    statements IS NOT NULL AS is_list,
    {", ".join(f"CAST({where} AS VARCHAR) AS {name}" for name, where in _TEXTS.items())}
"""


def look_at(path: Path) -> tuple[int, set[int]] | None:
    """Return the number of lines, and those that DuckDB reads less strictly than a reader.

    Returns None for a file that has not one value on each of its lines.
    """
    lines, odd = 0, set[int]()
    with path.open("rb") as file:
        for block in _whole_lines(file):
            if b"\r" in block or (not lines and not _begins(block)):
                return None
            for match in _LENIENT.finditer(block):
                odd.add(lines + block.count(b"\n", 0, match.start()) + 1)
            if any(each in block for each in _DEEP):
                numbered = enumerate(block.split(b"\n"), lines + 1)
                odd |= {at for at, line in numbered if any(each in line for each in _DEEP)}
            # Splitting copies what counting looks at, and takes a tenth of its time.
            lines += len(block.split(b"\n")) - block.endswith(b"\n")
    return lines, odd


def _begins(block: bytes) -> bool:
    return not block.startswith(codecs.BOM_UTF8) and json_values.starts_lines(block)


def _whole_lines(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block + file.readline()


def tell(work: ScratchDatabase, path: Path, told: Path, lines: int) -> bool:
    """Write ``told`` as a Parquet file, and make a view of it; return whether it has all lines."""
    columns = ", ".join(f"\"{name}\": '{kind}'" for name, kind in _FIELDS.items())
    work.con.execute(
        f"COPY (SELECT {_PICKED} FROM read_json('{path_literal(path)}', "
        "format = 'newline_delimited', ignore_errors = true, "
        f"maximum_object_size = {json_values.LONGEST_VALUE}, columns = {{{columns}}})) "
        f"TO '{quoted(told)}' (FORMAT parquet, COMPRESSION lz4, "
        "DICTIONARY_SIZE_LIMIT 1000, ROW_GROUP_SIZE 20480)"
    )
    work.con.execute(f"CREATE VIEW told AS FROM read_parquet('{path_literal(told)}')")
    (rows, lists) = work.con.execute(
        "SELECT count(*), count(*) FILTER (is_list) FROM told"
    ).fetchall()[0]
    return bool(rows == lines and not lists)
