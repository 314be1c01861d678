"""Read text as it really arrives: any encoding, any line ends, broken quotes, huge fields.

Everything is read line by line in bounded memory, so that a bad line affects only itself.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import stat
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple, cast

from integrations.activity.errors import is_of_the_machine
from store.rules.errors import InvalidInput

LONGEST_LINE = 65_536
"""Bytes. No real row comes near; an unclosed quote or a binary file does."""

LONGEST_RECORD = 5
"""Physical lines that one quoted record may span."""

SEPARATORS = ",;\t|"
"""Possible separators. The header of a file decides, or a line ``sep=;`` above it."""

_BLOCK = 1 << 20
_SAID = re.compile(r'"?sep=([^\w"\s]|\t)"?[,;|\t]*$', re.IGNORECASE)
_GZIP = b"\x1f\x8b"
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


NOT_OPENED = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)
"""Why a file that a person named cannot be opened."""


class FeedError(InvalidInput):
    """A file cannot be used at all; the sentence names it and says what is expected."""


class Record(NamedTuple):
    """One record of a CSV file, from physical ``line`` (the first is 1) on.

    ``reason`` is why there are no ``fields``; '' where there are. ``guessed`` is True where the
    line was not UTF-8 and was read as Windows-1252. ``separator`` is the file's.
    """

    line: int
    fields: Sequence[str]
    reason: str = ""
    guessed: bool = False
    separator: str = ","


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file, unpacking gzip, whatever its name. Raises ``FeedError`` where it cannot be
    opened."""
    if not is_gzip(path):
        return as_it_is(path)
    return cast(IO[bytes], gzip.open(path))


def is_gzip(path: Path) -> bool:
    """Return whether a file is packed with gzip, by its first bytes. Raises ``FeedError``."""
    with as_it_is(path) as file:
        return file.read(2) == _GZIP


def as_it_is(path: Path) -> BufferedReader:
    """Open a file without unpacking it. Raises ``FeedError`` where it cannot be opened."""
    refuse_pipe(path)
    try:
        return path.open("rb")
    except NOT_OPENED as error:
        raise FeedError(
            f"{path.name} cannot be opened: {error.strerror}. Name a file that you may read."
        ) from None


def refuse_pipe(path: Path) -> None:
    """Refuse a pipe or a device: a file is read more than once, and a pipe is waited for for ever.

    Raises ``FeedError``. A name that cannot be looked at is left to whatever opens it.
    """
    with suppress(OSError):
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
            raise FeedError(
                f"{path.name} is a pipe or a device, and Lantern reads files. Save what comes "
                "from it as a file, and name that."
            )


def count_plain_lines(path: Path) -> int | None:
    """Count the lines of a file that DuckDB can read as we do; None for other files.

    Those have a NUL byte, a lone carriage return, a byte order mark inside, an endless line, bytes
    that are not UTF-8, or a quotation mark that is never closed.
    """
    lines, last, is_first, marks = 0, b"\n", True, 0
    decode = codecs.getincrementaldecoder("utf-8")().decode
    with open_bytes(path) as file:
        while block := _next_block(file, path):
            if (
                b"\0" in block
                or _has_mark(block[3:] if is_first else block)
                or _has_lone_return(block, last)
                or _has_endless_line(block)
            ):
                return None
            try:
                decode(block)
            except UnicodeDecodeError:
                return None
            marks += block.count(b'"')
            lines += block.count(b"\n")
            last, is_first = block[-1:], False
    if marks % 2:
        return None
    return None if last == b"\r" else lines + (last != b"\n")


def _has_mark(block: bytes) -> bool:
    return not block.isascii() and codecs.BOM_UTF8 in block


def _has_lone_return(block: bytes, last: bytes) -> bool:
    """Return whether a carriage return is not before a new line; ``last`` is the byte before."""
    if b"\r" not in block and last != b"\r":
        return False
    returns = block.count(b"\r\n") + (last == b"\r" and block.startswith(b"\n"))
    return block.count(b"\r") - block.endswith(b"\r") + (last == b"\r") != returns


def _has_endless_line(block: bytes) -> bool:
    """Return whether a file has a line longer than the limit, which DuckDB may silently lose."""
    starts = range(0, len(block) - LONGEST_LINE + 1, LONGEST_LINE)
    return any(block.find(b"\n", at, at + LONGEST_LINE) < 0 for at in starts)


def read_records(path: Path, separator: str = "") -> Generator[Record]:
    """Yield every record that is not blank; without a ``separator``, by the header's own.

    Raises ``FeedError`` where the file cannot be read.
    """
    pending: list[_Line] = []
    is_first = True
    with closing(_lines(path)) as lines:
        while True:
            line = pending.pop(0) if pending else next(lines, None)
            if line is None:
                return
            if is_first and line.text.strip():
                is_first, said = False, said_separator(line.text)
                separator = said or separator or _separator(line.text)
                if said:
                    continue
            if line.reason:
                yield Record(line.number, (), line.reason)
            elif '"' in line.text:
                record, used = _parse_quoted(line, pending, lines, separator)
                del pending[:used]
                yield record
            elif line.text and not line.text.isspace():
                fields = line.text.split(separator)
                yield Record(line.number, fields, "", line.guessed, separator)


def first_lines(path: Path, most: int) -> list[str]:
    """Return the first physical lines that can be read. Raises ``FeedError`` as ``read_records``
    does."""
    with closing(_lines(path)) as lines:
        return [line.text for line in islice(lines, most) if line.text]


def said_separator(line: str) -> str:
    """Return the separator that a line such as ``sep=;`` names; '' for any other line."""
    said = _SAID.match(line.strip(" "))
    return said[1] if said else ""


def _separator(header: str) -> str:
    """Return the most frequent separator in a header, outside of quotation marks."""
    outside = "".join(header.split('"')[::2])
    return max(SEPARATORS, key=outside.count)


class _Line(NamedTuple):
    number: int
    text: str
    reason: str = ""
    guessed: bool = False


def _parse_quoted(
    line: _Line, pending: list[_Line], lines: Iterator[_Line], separator: str
) -> tuple[Record, int]:
    """Return the record that starts here, and how many following lines belong to it.

    If a quotation mark is never closed, only this line is rejected: the following ones, kept in
    ``pending``, are read again on their own.
    """
    text = line.text
    for used in range(LONGEST_RECORD):
        try:
            fields = next(csv.reader([text], delimiter=separator, strict=True))
            return Record(line.number, fields, "", line.guessed, separator), used
        except csv.Error:
            if len(pending) == used and (following := next(lines, None)):
                pending.append(following)
            if len(pending) == used or pending[used].reason:
                break
            text = f"{text}\n{pending[used].text}"
    return Record(line.number, (), "a quotation mark is out of place or is never closed"), 0


def _lines(path: Path) -> Generator[_Line]:
    with open_bytes(path) as file:
        start = _next_block(file, path)[:4096]
        file.seek(0)
        encoding = _wide_encoding(start)
        source = _recode(file, encoding, path) if encoding else _blocks(file, path)
        for number, raw in enumerate(_split(source), start=1):
            # Joined exports each begin with a byte order mark.
            yield _decode(number, raw.removeprefix(codecs.BOM_UTF8))


def _wide_encoding(start: bytes) -> str | None:
    """Detect UTF-32 by its byte order mark, UTF-16 by its own or by every other byte being NUL."""
    if start.startswith(_UTF32):
        return "utf-32"
    if start.startswith(_UTF16):
        return "utf-16"
    even, odd = start[::2].count(0), start[1::2].count(0)
    half = max(len(start) // 4, 1)
    return "utf-16-le" if odd >= half > even else "utf-16-be" if even >= half > odd else None


def _recode(file: IO[bytes], encoding: str, path: Path) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for block in _blocks(file, path):
        yield decoder.decode(block).encode()


def _blocks(file: IO[bytes], path: Path) -> Iterator[bytes]:
    while block := _next_block(file, path):
        yield block


def _next_block(file: IO[bytes], path: Path) -> bytes:
    try:
        return file.read(_BLOCK)
    except (OSError, EOFError) as error:
        if is_of_the_machine(error):
            raise
        raise FeedError(
            f"{path.name} cannot be read completely ({type(error).__name__}): "
            "it is probably cut off or damaged; fetch it again."
        ) from None


def _split(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield physical lines without their ends (LF, CR LF or CR), cut one byte over the limit."""
    carry = b""
    for block in blocks:
        lines = (carry + block).splitlines(keepends=True) or [b""]  # a block may be a mark alone
        # A line may continue in the next block, and so may a CR LF.
        carry = b"" if lines[-1].endswith(b"\n") else lines.pop()
        for line in lines:
            yield line.rstrip(b"\r\n")[: LONGEST_LINE + 1]
        if not carry.endswith(b"\r"):
            carry = carry[: LONGEST_LINE + 1]
    if carry:
        yield carry.rstrip(b"\r\n")


def _decode(number: int, raw: bytes) -> _Line:
    if len(raw) > LONGEST_LINE:
        return _Line(number, "", f"the line is longer than {LONGEST_LINE:,} bytes")
    if b"\0" in raw:
        return _Line(number, "", "the line holds a NUL byte")
    try:
        return _Line(number, raw.decode())
    except UnicodeDecodeError:
        pass
    try:
        return _Line(number, raw.decode("cp1252"), guessed=True)
    except UnicodeDecodeError:
        return _Line(number, "", "the line is neither UTF-8 nor Windows-1252 text")
