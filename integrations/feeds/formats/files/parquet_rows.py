"""Read a Parquet file as rows of text below a header, whatever the columns' types."""

# ruff: noqa: S608 -- the SQL is put together from quoted names alone.

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import duckdb

from integrations.activity.errors import is_of_the_machine, signals_go_through
from integrations.feeds.text_files import FeedError, Record

_ROWS = 10_000
QUOTE, MARK = "'", '"'


def rows(path: Path, name: str) -> Generator[Record]:
    """Yield the header, then every row. Raises ``FeedError`` where the file is damaged."""
    with signals_go_through(), duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        try:
            source = f"read_parquet('{str(path).translate(_PLAIN).replace(QUOTE, QUOTE * 2)}')"
            described = con.execute(f"DESCRIBE FROM {source}").fetchall()
            columns = [str(name) for name, *_ in described]
            texts = ", ".join(
                f'CAST("{each.replace(MARK, MARK * 2)}" AS VARCHAR)' for each in columns
            )
            result = con.execute(f"SELECT {texts} FROM {source}")
            yield Record(1, columns)
            line = 1
            while batch := result.fetchmany(_ROWS):
                for values in batch:
                    line += 1
                    yield Record(line, ["" if each is None else each for each in values])
        except duckdb.Error as error:
            if is_of_the_machine(error):
                raise
            raise FeedError(f"{name} cannot be read as Parquet: fetch it again.") from None


_PLAIN = {ord(each): f"[{each}]" for each in "*?["}
"""Escapes for the characters of a glob pattern."""
