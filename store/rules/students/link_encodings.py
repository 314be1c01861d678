"""Undo what mail filters and mail programs do to a link, keeping the position of each letter.

Each decoding is applied once, everywhere in a text: percent signs, entities, quoted-printable,
base64, and Proofpoint's. The caller applies them again until nothing new appears.
"""

from __future__ import annotations

import binascii
import contextlib
import re
import string
import unicodedata
import zlib
from base64 import b32decode, b64decode, urlsafe_b64decode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from html import unescape
from itertools import islice

Span = tuple[int, int]

_DOTS = "\u3002\uff61"
"""What counts as a dot in an address (RFC 3490, section 3.1), and is none elsewhere."""

_BLOCKS = ((0x2000, 0x2C00), (0xFE50, 0xFFEF), (0x1D400, 0x1D800), (0x1F100, 0x1F200))
_FORMS = {
    chr(code): unicodedata.normalize("NFKC", chr(code))
    for first, last in _BLOCKS
    for code in range(first, last)
}
_ALIKE = {
    each: plain for each, plain in _FORMS.items() if len(plain) == 1 and "!" <= plain <= "~"
} | dict.fromkeys(_DOTS, ".")
"""Letters in another form, such as full width or bold, with the ASCII that they stand for."""
ALIKE = re.escape("".join(_ALIKE))
"""Those letters, for a class of a regular expression."""

_PRINTABLE = re.compile("[ -~\uff01-\uff5e]{16}")
_LETTER = re.compile(
    # One letter beyond ASCII as the bytes of UTF-8: a wide form, or what is not visible.
    r"%[CDcd][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]|%[Ee][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2}"
    r"|=[CDcd][0-9A-Fa-f]=[89ABab][0-9A-Fa-f]|=[Ee][0-9A-Fa-f](?:=[89ABab][0-9A-Fa-f]){2}"
)
_PERCENT = re.compile(r"%(?:u00)?[0-9A-Fa-f]{2}")
_QUOTED_PRINTABLE = re.compile(r"=[0-9A-Fa-f]{2}")
_ENTITY = re.compile(r"&#?\w{1,31};?", re.ASCII)
_BACKSLASH = re.compile(r"\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[01][0-7]{2}|\\[^a-zA-Z0-9\s]")
_UTF_7 = re.compile(r"\+(A[A-H][AEIMQUYcgkosw048])-?", re.ASCII)
"""One letter of ASCII in UTF-7 (RFC 2152)."""
_PROOFPOINT = re.compile(r"-[0-9A-Fa-f]{2}|_")
_DEFUSED = re.compile(r"\[[.:/]\]|\(\.\)|\[dot\]|\(dot\)|\{dot\}|hxxp", re.IGNORECASE)
_SOFT_END = re.compile(r"=(?:\r\n|\r|\n)[ \t]*")
_LINE_END = re.compile(r"(?:\r\n|\r|\n)[ \t>|]*")
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
"""Letters of no width, for a class of a regular expression (Unicode, default ignorable)."""
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_WIDE = re.compile(f"[{ALIKE}]")
_BEYOND_ASCII = (_INVISIBLE, _WIDE)
"""Found in no plain text, which most are."""
_NUMBERS = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}-_"
_GAP = re.compile(r"\*(?:\*([\w-]))?", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_BASE32 = re.compile(r"(?:[A-Z2-7]{32,}|[a-z2-7]{32,})={0,6}")
_HEX = re.compile(r"[0-9A-Fa-f]{40,}")


_PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_MOST_BEGINNINGS = 8
_WITH_ZEROS = re.compile(rb"(?:[\t\n\r -~]\0){8,}|(?:\0[\t\n\r -~]){8,}")
"""UTF-16, in lines or not; a link has no letters beyond ASCII."""
_LONGEST_UNPACKED = 200_000
"""Bytes; a link has some two hundred, and its other encodings make it longer."""


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
        if not done:
            return self
        return Seen("".join([*texts, self.text[done:]]), (*spans, *self.at[done:]))


def _letter(match: str) -> str:
    raw = bytes.fromhex(match.replace(match[0], ""))
    return raw.decode("utf-8", "replace")


def _backslash(match: str) -> str:
    if len(match) == 2:
        return match[1]
    base = 8 if match[1].isdecimal() else 16
    letter = chr(int(match[1:].lstrip("ux"), base))
    return letter if letter.isascii() or not letter.isalpha() or _WIDE.match(letter) else match


def _defused(match: str) -> str:
    if match.casefold() == "hxxp":
        return "http"
    return "." if "dot" in match.casefold() else match[1]


def _hexadecimal(match: str) -> str:
    return _shown(bytes([int(match[-2:], 16)]))


def _shown(raw: bytes) -> str:
    return _without_controls(raw.decode("utf-8", "replace"))


def _without_controls(text: str) -> str:
    return "".join(
        each
        if each in "\r\n"
        or not unicodedata.category(each).startswith("C")
        or _INVISIBLE.match(each)
        else "\N{REPLACEMENT CHARACTER}"
        for each in text
    )


def _words(raw: bytes) -> str | None:
    """Return the decoded text if it holds words, else None: chance bytes do not. Also reads letters
    of two bytes (UTF-16), and compressed bytes (RFC 1950 and 1952).

    The text may begin with nonsense, since letters before the code were decoded with it.
    """
    narrow = _WITH_ZEROS.sub(lambda found: found[0].replace(b"\0", b""), _unpacked(raw))
    text = narrow.decode("utf-8", "replace")
    # Most of what is tried is chance, so words are looked for before each letter is looked at.
    return _without_controls(text) if _PRINTABLE.search(_INVISIBLE.sub("", text)) else None


def _unpacked(raw: bytes) -> bytes:
    """Return the content of the first compressed part that can be unpacked; else the bytes."""
    for found in islice(_PACKED.finditer(raw), _MOST_BEGINNINGS):
        with contextlib.suppress(zlib.error):
            return zlib.decompressobj(47).decompress(raw[found.start() :], _LONGEST_UNPACKED)
    return raw


def _base64(skipped: int, match: str) -> str | None:
    """Decode from the first, second, third or fourth letter on: letters before the code may look
    like a part of it.
    """
    letters = match[skipped:].replace("-", "+").replace("_", "/")
    whole = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    try:
        decoded = _words(b64decode(whole + "=" * (-len(whole) % 4)))
    except (binascii.Error, ValueError):
        return None
    return decoded and match[:skipped] + decoded


def _base32(skipped: int, match: str) -> str | None:
    letters = match[skipped:].upper()
    # Of eight letters one, three or six are never the last ones.
    whole = letters[: len(letters) - (len(letters) % 8 in (1, 3, 6))]
    try:
        decoded = _words(b32decode(whole + "=" * (-len(whole) % 8)))
    except (binascii.Error, ValueError):
        return None
    return decoded and match[:skipped] + decoded


def _hex(skipped: int, match: str) -> str | None:
    letters = match[skipped:]
    decoded = _words(bytes.fromhex(letters[: len(letters) // 2 * 2]))
    return decoded and match[:skipped] + decoded


def _from_proofpoint_3(seen: Seen) -> Seen:
    """Undo Proofpoint's third form: ``/v3/__``, the address with gaps, ``__;``, their letters,
    ``!!``
    """
    return seen.replaced(_gapped(seen.text), _without_gaps)


def _gapped(text: str) -> Iterator[Span]:
    at = 0
    while (gaps := text.find("__;", at)) >= 0 and (end := text.find("!!", gaps)) >= 0:
        start = text.find("/v3/__", at, gaps)
        # A space in the address, which no filter leaves there, has cut off its beginning.
        yield (at if start < 0 else start), end
        at = end


def _without_gaps(match: str) -> str | None:
    """Return the address with the letters put back for ``*``, or ``**`` and their number."""
    address, _, coded = match.partition("__;")
    address = address.removeprefix("/v3/__")
    try:
        known = _shown(urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
    except (binascii.Error, ValueError):
        return None
    # The last letters are those of the last gaps, wherever the address begins.
    letters = iter(known[-sum(map(_size, _GAP.finditer(address))) :])
    return _GAP.sub(lambda gap: "".join(islice(letters, _size(gap))), address)


def _size(gap: re.Match[str]) -> int:
    return _NUMBERS.index(gap[1]) + 2 if gap[1] else 1


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads what a pattern finds, everywhere in a text."""

    pattern: re.Pattern[str]
    reading: Callable[[str], str | None]

    def __call__(self, seen: Seen) -> Seen:
        if self.pattern in _BEYOND_ASCII and seen.text.isascii():
            return seen
        parts = (match.span() for match in self.pattern.finditer(seen.text))
        return seen.replaced(parts, self.reading)


DECODINGS: tuple[Callable[[Seen], Seen], ...] = (
    _Reading(_LETTER, _letter),
    _Reading(_INVISIBLE, lambda _: ""),
    _Reading(_PERCENT, _hexadecimal),
    _Reading(_QUOTED_PRINTABLE, _hexadecimal),
    _Reading(_ENTITY, unescape),
    _Reading(_BACKSLASH, _backslash),
    _Reading(_UTF_7, lambda m: _shown(b64decode(f"{m[1:4]}A")[1:2])),
    # Proofpoint's second form writes / as _ and what is special as - and its number.
    _Reading(_PROOFPOINT, lambda m: "/" if m == "_" else _hexadecimal(m)),
    _from_proofpoint_3,
    _Reading(_SOFT_END, lambda _: ""),
    _Reading(_LINE_END, lambda _: ""),
    _Reading(_WIDE, _ALIKE.__getitem__),
    _Reading(_DEFUSED, _defused),
    *(_Reading(_BASE64, partial(_base64, skipped)) for skipped in range(4)),
    *(_Reading(_BASE32, partial(_base32, skipped)) for skipped in range(8)),
    *(_Reading(_HEX, partial(_hex, skipped)) for skipped in range(2)),
)
