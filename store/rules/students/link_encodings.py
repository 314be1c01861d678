"""Undo what mail filters and mail programs do to a link, keeping the position of each letter.

Each decoding is applied once, everywhere in a text: percent signs, entities, quoted-printable,
base64, and Proofpoint's. The caller applies them again until nothing new appears.
"""

from __future__ import annotations

import binascii
import re
import string
from base64 import b32decode, b64decode, urlsafe_b64decode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

Span = tuple[int, int]

_PRINTABLE = re.compile(r"[ -~]{16}")
_PERCENT = re.compile(r"%(?:u00)?[0-9A-Fa-f]{2}")
_QUOTED_PRINTABLE = re.compile(r"=[0-9A-Fa-f]{2}")
_ENTITY = re.compile(r"&#?\w{1,31};?", re.ASCII)
_BACKSLASH = re.compile(r"\\(?:u00|x)[0-9A-Fa-f]{2}|\\[^a-zA-Z0-9\s]")
_PROOFPOINT = re.compile(r"-[0-9A-Fa-f]{2}|_")
_DEFUSED = re.compile(r"\[[.:/]\]|\(\.\)|hxxp", re.IGNORECASE)
_SOFT_END = re.compile(r"=(?:\r\n|\r|\n)[ \t]*")
_LINE_END = re.compile(r"(?:\r\n|\r|\n)[ \t]*")
_WIDE = re.compile(r"[\uff01-\uff5e]")
_NUMBERS = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}-_"
_GAP = re.compile(r"\*(?:\*([\w-]))?", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_BASE32 = re.compile(r"[A-Z2-7]{32,}={0,6}", re.IGNORECASE)
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){20,}")


@dataclass(frozen=True, slots=True)
class Seen:
    """A decoded text. ``at`` has, for each character, the span of the original text behind it."""

    text: str
    at: tuple[Span, ...]

    def replaced(self, parts: Iterable[Span], reading: Callable[[str], str | None]) -> Seen:
        """Return a copy with each part replaced by its ``reading``, unless that is None."""
        texts: list[str] = []
        spans: list[Span] = []
        done = 0
        for start, end in parts:
            new = reading(self.text[start:end])
            if new is None:
                continue
            texts += [self.text[done:start], new]
            spans += self.at[done:start]
            spans += [(self.at[start][0], self.at[end - 1][1])] * len(new)
            done = end
        return Seen("".join([*texts, self.text[done:]]), (*spans, *self.at[done:]))


def _hexadecimal(match: str) -> str:
    return _shown(bytes([int(match[-2:], 16)]))


def _shown(raw: bytes) -> str:
    return "".join(
        chr(each) if 32 <= each < 127 or each in b"\r\n" else "\N{REPLACEMENT CHARACTER}"
        for each in raw
    )


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


def _from_proofpoint_3(seen: Seen) -> Seen:
    """Proofpoint's third form: ``/v3/__``, the address with gaps, ``__;``, their letters, ``!!``"""
    return seen.replaced(_gapped(seen.text), _without_gaps)


def _gapped(text: str) -> Iterator[Span]:
    at = 0
    while (start := text.find("/v3/__", at)) >= 0 and (gaps := text.find("__;", start)) >= 0:
        if (at := text.find("!!", gaps)) < 0:
            return
        yield start, at


def _without_gaps(match: str) -> str | None:
    """The address with ``*``, or ``**`` and how many, given their letters back."""
    address, _, coded = match.rstrip("=").partition("__;")
    try:
        letters = iter(_shown(urlsafe_b64decode(coded + "=" * (-len(coded) % 4))))
    except (binascii.Error, ValueError):
        return None

    def put_back(gap: re.Match[str]) -> str:
        many = _NUMBERS.index(gap[1]) + 2 if gap[1] else 1
        return "".join(islice(letters, many))

    return _GAP.sub(put_back, address.removeprefix("/v3/")[2:])


def _reading(
    pattern: re.Pattern[str], reading: Callable[[str], str | None]
) -> Callable[[Seen], Seen]:
    return lambda seen: seen.replaced(_matches(pattern, seen.text), reading)


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (match.span() for match in pattern.finditer(text))


DECODINGS = (
    _reading(_PERCENT, _hexadecimal),
    _reading(_QUOTED_PRINTABLE, _hexadecimal),
    _reading(_ENTITY, unescape),
    _reading(_BACKSLASH, lambda m: _hexadecimal(m) if len(m) > 2 else m[1]),
    # Proofpoint's second form writes / as _ and what is special as - and its number.
    _reading(_PROOFPOINT, lambda m: "/" if m == "_" else _hexadecimal(m)),
    _from_proofpoint_3,
    _reading(_SOFT_END, lambda _: ""),
    _reading(_LINE_END, lambda _: ""),
    _reading(_WIDE, lambda m: chr(ord(m) - 0xFEE0)),
    _reading(_DEFUSED, lambda m: "http" if len(m) > 3 else m[1]),
    *(_reading(_BASE64, _base64(skipped)) for skipped in range(4)),
    _reading(_BASE32, _base32),
    _reading(_HEX, lambda m: _words(bytes.fromhex(m))),
)
