"""Find students' links in a text, however a mail filter or a mail program has changed them.

A link's secret is looked for in the text as it stands and as every decoding of it, and of that
again, until nothing new appears. Each decoding keeps where in the text a letter came from, so that
exactly the secret is taken out. What cannot be decoded to its end in bounded work goes as a whole.
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from base64 import b32decode, b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape

Span = tuple[int, int]

# Every repetition is bounded, so that the time grows with the length alone.
_SECRETS = (
    # Three parts with dots between them behind our path.
    re.compile(r"student[/\\]{1,4}((?:[\w-]{1,600}\.){2}[\w-]{1,600})", re.IGNORECASE | re.ASCII),
    # A signed token anywhere (RFC 7519: its first part is an object in JSON).
    re.compile(r"(eyJ[\w-]{6,400}\.[\w-]{4,400}\.[\w-]{16,400})", re.ASCII),
)
_PARTS = (
    # What is signed and its signature: the part before them is the same in every link.
    re.compile(r"(eyJ[\w-]{8,400}\.[\w-]{16,400})", re.ASCII),
)
_RUN = re.compile(r"(?:(?<=\n)[>|]{1,20})?([!-~]*)")
"""What may hold a link: no spaces, no letters beyond ASCII, no marks of a quotation."""
_SHORTEST = 12
_PRINTABLE = re.compile(r"[ -~]{16}")
_CONTINUES = re.compile(r"(?:=?\r?\n|\r)[ \t>|]*")
"""A line's end and what a mail program puts before the next line of a quotation."""

_ONE_SPACE = (" ", "\N{NO-BREAK SPACE}", "\t")

_MOST_WORK = 300_000
"""Characters decoded for one link, and ten times that for a whole text."""
_FOLDS_AT = 60
"""The least column at which mail programs break a line in the middle of a link."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A reading of the text. ``at``: for each character the span in the text that it stands for."""

    text: str
    at: tuple[Span, ...]

    def replaced(self, pattern: re.Pattern[str], reading: Callable[[str], str | None]) -> _Seen:
        """The same with every match read otherwise; one whose reading is None stays."""
        texts: list[str] = []
        spans: list[Span] = []
        done = 0
        for match in pattern.finditer(self.text):
            new = reading(match[0])
            if new is None:
                continue
            texts += [self.text[done : match.start()], new]
            spans += self.at[done : match.start()]
            spans += [(self.at[match.start()][0], self.at[match.end() - 1][1])] * len(new)
            done = match.end()
        return _Seen("".join([*texts, self.text[done:]]), (*spans, *self.at[done:]))


def secret_spans(text: str) -> list[Span]:
    """Where the secrets of links stand in ``text``, in order and without overlaps."""
    found: list[Span] = []
    work = _MOST_WORK * 10
    for chunk in _chunks(text):
        spans, used = _in_chunk(chunk, min(_MOST_WORK, work))
        work -= used
        found += spans
    return _merged(found)


def _chunks(text: str) -> Iterator[_Seen]:
    """The runs that may hold a link, those that go on in the next line as one besides."""
    runs = [match.span(1) for match in _RUN.finditer(text)]
    before: list[Span] = []
    for start, end in runs:
        if start == end:  # nothing but the marks of a quotation
            continue
        if before and not _goes_on(text, before[-1], (start, end)):
            yield from _as_chunks(text, before)
            before = []
        before.append((start, end))
    yield from _as_chunks(text, before)


def _as_chunks(text: str, runs: list[Span]) -> Iterator[_Seen]:
    letters = [at for start, end in runs for at in range(start, end)]
    # At a line's end this is a soft line break of quoted-printable, or a part of the link.
    ends = {end - 1 for _, end in runs[:-1] if text[end - 1] == "="}
    readings: list[set[int]] = [set(), ends] if ends else [ends]
    for left_out in readings:
        kept = [at for at in letters if at not in left_out]
        if len(kept) >= _SHORTEST:
            yield _Seen("".join(text[at] for at in kept), tuple((at, at + 1) for at in kept))


def _goes_on(text: str, run: Span, following: Span) -> bool:
    """Whether a run goes on where the next one begins: after characters that are not visible, or in
    the next line where a mail program breaks a line."""
    between = text[run[1] : following[0]]
    if all(unicodedata.category(each) == "Cf" for each in between):
        return True
    word = text[run[0] : run[1]]
    if between in _ONE_SPACE:
        # In the middle of a token, where a mail program has folded the line at no letter's cost.
        next_word = text[slice(*following)]
        return "eyJ" in word and not _has_secret(word) and not _is_word(next_word)
    if not _CONTINUES.fullmatch(between) or run[1] - run[0] < _SHORTEST:
        return False
    if word.endswith((">", '"')):
        return False
    if _has_secret(word) and _is_word(text[slice(*following)]):
        return False
    column = run[1] - (text.rfind("\n", 0, run[1]) + 1)
    is_cut = word.endswith(("=", "/", ".", "-", "_", "%", "&"))
    is_link = "http" in word.lower() or "student" in word.lower() or "eyJ" in word
    return is_cut or column >= _FOLDS_AT or (is_link and not _has_secret(word))


def _has_secret(word: str) -> bool:
    return any(pattern.search(word) for pattern in _SECRETS)


def _is_word(run: str) -> bool:
    """Whether it reads as a word: the rest of a secret has capitals and figures within."""
    letters = run.strip(".,;:!?'\"()")
    return letters.isalpha() and (letters.islower() or letters.istitle())


def _in_chunk(chunk: _Seen, most: int) -> tuple[list[Span], int]:
    """(spans of secrets, characters worked through). Past ``most`` all of the chunk is one."""
    found: list[Span] = []
    waiting, known, used = [chunk], {chunk.text}, 0
    while waiting:
        seen = waiting.pop(0)
        used += len(seen.text)
        if used > most:
            return [(chunk.at[0][0], chunk.at[-1][1])], used
        for pattern in (*_SECRETS, *_PARTS):
            for match in pattern.finditer(seen.text):
                first, last = match.span(1)
                found.append((seen.at[first][0], seen.at[last - 1][1]))
        for read in _READINGS:
            other = read(seen)
            if other.text not in known:
                known.add(other.text)
                waiting.append(other)
    return found, used


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


_PERCENT = re.compile(r"%(?:u00)?[0-9A-Fa-f]{2}")
_QUOTED_PRINTABLE = re.compile(r"=[0-9A-Fa-f]{2}")
_ENTITY = re.compile(r"&#?\w{1,31};?", re.ASCII)
_BACKSLASH = re.compile(r"\\(?:u00|x)[0-9A-Fa-f]{2}|\\[^a-zA-Z0-9\s]")
_PROOFPOINT = re.compile(r"-[0-9A-Fa-f]{2}|_")
_DEFUSED = re.compile(r"\[[.:/]\]|\(\.\)|hxxp", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_BASE32 = re.compile(r"[A-Z2-7]{32,}={0,6}", re.IGNORECASE)
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){20,}")


def _hexadecimal(match: str) -> str:
    return _shown(bytes([int(match[-2:], 16)]))


def _shown(raw: bytes) -> str:
    return "".join(chr(each) if 32 <= each < 127 else "\N{REPLACEMENT CHARACTER}" for each in raw)


def _words(raw: bytes) -> str | None:
    """What was decoded, where there are words in it and not chance."""
    shown = _shown(raw)
    return shown if _PRINTABLE.search(shown) else None


def _base64(skipped: int) -> Callable[[str], str | None]:
    """Decoded from the first, second, third or fourth letter on: what stands before may count
    as letters of it too."""

    def read(match: str) -> str | None:
        letters = match.rstrip("=")[skipped:].replace("-", "+").replace("_", "/")
        whole = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
        try:
            decoded = _words(b64decode(whole + "=" * (-len(whole) % 4)))
        except (binascii.Error, ValueError):
            return None
        return decoded and match[:skipped] + decoded

    return read


def _base32(match: str) -> str | None:
    letters = match.rstrip("=").upper()
    try:
        return _words(b32decode(letters + "=" * (-len(letters) % 8)))
    except (binascii.Error, ValueError):
        return None


def _reading(
    pattern: re.Pattern[str], reading: Callable[[str], str | None]
) -> Callable[[_Seen], _Seen]:
    return lambda seen: seen.replaced(pattern, reading)


_READINGS = (
    _reading(_PERCENT, _hexadecimal),
    _reading(_QUOTED_PRINTABLE, _hexadecimal),
    _reading(_ENTITY, unescape),
    _reading(_BACKSLASH, lambda m: _hexadecimal(m) if len(m) > 2 else m[1]),
    # Proofpoint's second form writes / as _ and what is special as - and its number.
    _reading(_PROOFPOINT, lambda m: "/" if m == "_" else _hexadecimal(m)),
    _reading(_DEFUSED, lambda m: "http" if len(m) > 3 else m[1]),
    *(_reading(_BASE64, _base64(skipped)) for skipped in range(4)),
    _reading(_BASE32, _base32),
    _reading(_HEX, lambda m: _words(bytes.fromhex(m))),
)
