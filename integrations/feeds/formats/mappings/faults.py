"""What is wrong with a mapping, line by line, as a person has to correct it."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from integrations.feeds.formats.mappings.words import OPEN
from integrations.feeds.text_files import FeedError
from store.rules.text.formatting import listed


class Fault(NamedTuple):
    """What is wrong, as a clause, at a key of a table; '' for the table as a whole, or the top.

    The clause never quotes a mark or a code: it may come from a column of names.
    """

    what: str
    table: str = ""
    key: str = ""


def refuse_faulty(name: str, text: str, faults: Iterable[Fault]) -> None:
    """Raise ``FeedError`` with all that is wrong with a mapping, where anything is.

    ``name`` is its path within LANTERN_HOME.
    """
    lines: dict[str, list[int]] = defaultdict(list)
    places = {(table, key): line for line, table, key in _keys(text)}
    for fault in faults:
        found = places.get((fault.table, fault.key)) or places.get((fault.table, ""))
        lines[fault.what] += [found] if found else []
    if not lines:
        return
    said = "; ".join(f"{_place(at)}{what}" for what, at in lines.items())
    raise FeedError(
        f"The mapping {name} cannot be used: {said}. Correct it in LANTERN_HOME, and load the "
        "file again."
    )


def table_of(said: Mapping[str, Any], key: str) -> dict[str, str]:
    """Return a table of a mapping as texts; {} where it has none."""
    found = said.get(key, {})
    pairs = found.items() if isinstance(found, dict) else ()
    return {str(name): str(value) for name, value in pairs}


def open_columns(columns: Mapping[str, str], known: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with the columns: an unknown name, or a heading still to be named."""
    for name, heading in columns.items():
        if name not in known:
            yield Fault(f"columns may only be {', '.join(known)}", "columns", name)
        elif heading == OPEN:
            yield Fault(f'the column of {name} is still open ("{OPEN}")', "columns", name)


def _place(lines: list[int]) -> str:
    if not lines:
        return ""
    return f"{'line' if len(lines) == 1 else 'lines'} {listed([str(each) for each in lines])}, "


def _keys(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield (line, table, key), with '' as the key of a table's own heading."""
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        try:
            found = tomllib.loads(line)
        except tomllib.TOMLDecodeError:  # a value that goes on over several lines
            continue
        for key in found:
            is_heading = line.lstrip().startswith("[")
            table = key if is_heading else table
            yield number, table, "" if is_heading else key
