"""Invented files of one day, or of many, as sources deliver them: CSV, and xAPI a line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from integrations.feeds.formats.readers.xapi import JISC

A_DAY = 675_000
"""Events of a day at a university of 50,000 students."""
MODULES = [f"M{n:04}" for n in range(600)]
SOURCE = "vle"

_CSV = """
SELECT 'B' || lpad(CAST(1 + hash(n) % {students} AS VARCHAR), 8, '0') AS student_number,
    'M' || lpad(CAST(hash(n, 1) % 600 AS VARCHAR), 4, '0') AS module,
    CASE hash(n, 2) % 4 WHEN 0 THEN 'attendance' ELSE 'vle' END AS family, 'done' AS kind,
    strftime(TIMESTAMP '2025-10-01' + to_days(CAST(n // {a_day} AS INTEGER))
        + to_seconds(CAST(hash(n, 3) % 80000 AS BIGINT)), '%Y-%m-%dT%H:%M:%S') AS "at",
    CASE hash(n, 2) % 4 WHEN 0 THEN 'L1' END AS item
FROM range({rows}) AS r(n)
"""

# A statement as Jisc's profile has it, with names and words that nobody needs. DuckDB writes it,
# since Python would take minutes.
_XAPI = """
SELECT replace(replace(replace(replace(replace(replace($shape,
    '<id>', md5(CAST(n AS VARCHAR))[:8] || '-0000-4000-8000-' || md5(CAST(n AS VARCHAR))[9:20]),
    '<who>', lpad(CAST(1 + hash(n) % {students} AS VARCHAR), 8, '0')),
    '<verb>', CASE hash(n, 2) % 4 WHEN 0 THEN 'played' WHEN 1 THEN 'loggedin' ELSE 'viewed' END),
    '<page>', CAST(hash(n, 4) % 9999 AS VARCHAR)),
    '<module>', lpad(CAST(hash(n, 1) % 600 AS VARCHAR), 4, '0')),
    '<at>', strftime(TIMESTAMP '2025-10-01'
        + to_seconds(CAST(hash(n, 3) % 80000 AS BIGINT)), '%Y-%m-%dT%H:%M:%SZ'))
FROM range({rows}) AS r(n)
"""
_SHAPE = (
    '{"id":"<id>","actor":{"objectType":"Agent","name":"Ada Example","account":{"name":"B<who>",'
    '"homePage":"https://vle.uni.example"}},"verb":{"id":"http://id.tincanapi.com/verb/<verb>",'
    '"display":{"en":"did"}},"object":{"objectType":"Activity","id":"https://vle.uni.example/page/'
    '<page>","definition":{"type":"http://activitystrea.ms/schema/1.0/page","name":{"en":"A page '
    'of the course"}}},"timestamp":"<at>","context":{"platform":"VLE","extensions":{"'
    f'{JISC}courseArea":{{"{JISC}uddModInstanceID":"M<module>"}}}}}}}}'
)


@dataclass(frozen=True)
class Deliveries:
    """The folder of the files, and how many rows each has."""

    root: Path
    rows: int

    @property
    def students(self) -> list[tuple[str, int]]:
        """Student number → internal number, as many as have so many events in a day."""
        return [(f"B{n:08}", n) for n in range(1, self._students + 1)]

    @property
    def _students(self) -> int:
        return max(200, min(50_000, self.rows * 50_000 // A_DAY))

    def file(self, name: str) -> Path:
        """Return the path of ``day.csv``, ``day.ndjson``, or another that was made of them."""
        return self.root / name

    def make(self) -> None:
        """Write the files of one day, and the CSV file again with a bad byte and an open quote."""
        self.make_csv("day.csv", self.rows)
        query = _XAPI.format(students=self._students, rows=self.rows)
        with duckdb.connect() as con:
            con.execute(
                f"COPY ({query}) TO '{self.file('day.ndjson')}' "
                "(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')",
                {"shape": _SHAPE},
            )
        whole = self.file("day.csv").read_bytes()
        middle = whole.index(b"\n", len(whole) // 2) + 1
        for name, line in {
            "bad_byte.csv": b"B00\xff01,M0001,vle,done,2025-10-01,\n",
            "open_quote.csv": b'"B00000001,M0001,vle,done,2025-10-01,\n',
        }.items():
            self.file(name).write_bytes(whole[:middle] + line + whole[middle:])

    def make_csv(self, name: str, rows: int) -> None:
        """Write a CSV file of so many rows, ``A_DAY`` on each day."""
        query = _CSV.format(students=self._students, rows=rows, a_day=max(self.rows, A_DAY))
        with duckdb.connect() as con:
            con.execute(f"COPY ({query}) TO '{self.file(name)}' (HEADER)")
