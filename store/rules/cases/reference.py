"""Read a case reference, such as LANG-12, in any form that a colleague types."""

from __future__ import annotations

import re
from collections.abc import Collection

_DASHES = r"[-\u2010-\u2015\u2212]"
_WHOLE = re.compile(rf"(?P<code>\S+?)(?:\s*{_DASHES}|\s)\s*(?P<number>\d{{1,18}})")
_CLOSE = re.compile(r"(?P<code>\S*[^\W\d_])(?P<number>[1-9]\d{0,17})")
_AT_START = re.compile(
    rf"\s*(?P<code>[^\s\"“”]+?)(?:\s*{_DASHES}|\s)\s*(?P<number>\d{{1,18}})(?!\S)"
)


def as_reference(text: str) -> str | None:
    """Turn ``lang 12``, ``Lang – 12``, ``LANG12``, ``LANG-012`` into LANG-12; else None.

    The case need not exist.
    """
    word = text.strip().strip('"“”').strip()
    found = _WHOLE.fullmatch(word) or _CLOSE.fullmatch(word)
    return None if found is None else _written(found)


def may_be_split(line: str) -> bool:
    """Return whether a typed line begins with a word and a number, as in ``LANG 12``."""
    found = _AT_START.match(line)
    return found is not None and f"{_written(found)}{line[found.end() :]}" != line


def join_reference(line: str, codes: Collection[str]) -> str:
    """Join the reference at the start of a typed line: ``LANG 12 wait`` becomes LANG-12 wait.

    Only where the first word is one of ``codes``, those of the schools: ``show Dana 2`` asks for
    the second page about Dana.
    """
    found = _AT_START.match(line)
    if found is None or found["code"].upper() not in codes:
        return line
    return f"{_written(found)}{line[found.end() :]}"


def _written(found: re.Match[str]) -> str:
    return f"{found['code'].rstrip('-').upper()}-{int(found['number'])}"
