"""Decode the text of an email, whatever character set it declares.

An unknown, misspelt or missing name does not lose an answer: bytes that cannot be decoded become a
replacement character, and the words around them are read. Names are understood as browsers do
(source: the WHATWG Encoding Standard, section 4.2), where they mean more than Python.
"""

from __future__ import annotations

import codecs
import string
from collections.abc import Iterator

_MEANT = {
    # Browsers and mail programs use Windows' character sets under the names of smaller ones.
    "ascii": "cp1252",
    "usascii": "cp1252",
    "latin1": "cp1252",
    "iso88591": "cp1252",
    "iso88599": "cp1254",
    "iso885911": "cp874",
    "tis620": "cp874",
    "iso88598i": "iso8859_8",
    "iso88598e": "iso8859_8",
    "iso88596i": "iso8859_6",
    "iso88596e": "iso8859_6",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "xgbk": "gb18030",
    "big5": "big5hkscs",
    "ksc56011987": "cp949",
    "euckr": "cp949",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "xsjis": "cp932",
    "mskanji": "cp932",
    "xmacroman": "mac_roman",
    "xmaccyrillic": "mac_cyrillic",
    "macintosh": "mac_roman",
    "unicode11utf7": "utf-7",
    "utf8mb4": "utf-8",
    "windows31j": "cp932",
    "cswindows31j": "cp932",
    "big5eten": "big5hkscs",
    "koi8ru": "koi8_u",
    "xmacce": "mac_latin2",
    "ucs2": "utf-16",
    "iso10646ucs2": "utf-16",
}
"""Letters and digits of a name, in lower case → Python's codec."""

_NO_TEXT = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
"""Python's codecs that are not character sets, and would misread the bytes."""

_OF_SEVERAL_BYTES = frozenset({"utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})
_LONGEST_NAME = 60
_PLAIN = frozenset(string.ascii_lowercase + string.digits)


def decoded(raw: bytes, charset: str = "") -> str:
    """Decode ``raw``. Bytes that cannot be decoded become U+FFFD.

    A specific charset, such as ``big5``, is used as named. Text in Latin-1, Windows-1252 or an
    unknown charset is read as UTF-8 where it is valid, which is hardly ever so by chance.
    """
    codec = _codec(charset)
    if codec == "utf-16" and not raw.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        # Big-endian where nothing says otherwise (RFC 2781, section 4.3), and many forget it:
        # the zeros of Latin letters tell.
        codec = "utf-16-le" if raw[1::2].count(0) > raw[::2].count(0) else "utf-16-be"
    if codec in _OF_SEVERAL_BYTES and raw.isascii() and 0 not in raw:
        # ASCII under another's name: as pairs of bytes it would be letters of no language.
        codec = "utf-8"
    if codec not in (None, "utf-8", "cp1252"):
        return raw.decode(codec, "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # One broken byte in a long UTF-8 text is better replaced than all of it read as Latin.
        return raw.decode("utf-8" if _is_nearly_utf8(raw) else "cp1252", "replace")


def _codec(charset: str) -> str | None:
    """Return Python's name for the character set meant; None where it is unknown."""
    name = "".join(each for each in charset[:_LONGEST_NAME].casefold() if each in _PLAIN)
    said = charset.strip()[:_LONGEST_NAME]
    short = said.casefold().removeprefix("x-")
    for tried in (_MEANT.get(name), said, name, short, *_without(name)):
        if not tried:
            continue
        try:
            found = codecs.lookup(tried)
        except (LookupError, ValueError):
            continue
        # Only those that turn bytes into text; "hex" and "zlib" turn them into other bytes.
        is_text = getattr(found, "_is_text_encoding", True)
        if is_text and found.name.replace("-", "_") not in _NO_TEXT:
            return found.name
    return None


def _without(name: str) -> Iterator[str]:
    """Return the name without mail programs' prefixes."""
    for prefix in ("windows", "win", "xcp", "ms", "xwindows", "ibm", "x"):
        if name.startswith(prefix) and name[len(prefix) :].isdigit():
            yield f"cp{name[len(prefix) :]}"
    for prefix in ("x", "cs"):
        if name.startswith(prefix):
            yield name[len(prefix) :]


def _is_nearly_utf8(raw: bytes) -> bool:
    broken = raw.decode("utf-8", "replace").count("\N{REPLACEMENT CHARACTER}")
    beyond_ascii = sum(byte >= 0xC2 for byte in raw)
    return broken * 4 <= beyond_ascii
