"""Format dates and lists, the same in every reason, card and email."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence

_ENDS = re.compile(r"(?<!\w)(\w+)[.!?](?= {1,9}[A-Z])")
_BEGINS_FORMULA = ("=", "+", "-", "@", "|", "%")
_FAR = 300
_ABBREVIATED = frozenset({"prof", "vol", "nos", "rev", "hon", "sen", "jun", "inc", "ltd", "dept"})


def storable(text: str) -> str:
    """Return the text without what databases reject: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def folded(text: str) -> str:
    """Return the text normalised for comparing: without case, accents or extra spaces."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(each for each in apart if not unicodedata.combining(each)).split())


def on_day(day: dt.date) -> str:
    """Write ``Monday 6 October``: the year is left out, since reasons speak of this term."""
    return f"{day:%A} {day.day} {day:%B}"


def day_ahead(day: dt.date, since: dt.date) -> str:
    """Write a day that may be far after ``since``: ``Sunday 10 October 2027``.

    The year is written where it is another one or the day is far ahead.
    """
    is_far = day.year != since.year or (day - since).days > _FAR
    return f"{on_day(day)} {day.year}" if is_far else on_day(day)


def long_date(day: dt.date) -> str:
    """Write ``4 July 2033``, for a day that may be years away."""
    return f"{day.day} {day:%B %Y}"


def short_day(day: dt.date) -> str:
    """Write ``Mon 6 Oct``, for places with little room."""
    return f"{day:%a} {day.day} {day:%b}"


def either(words: Sequence[str]) -> str:
    """Write ``a, b or c``; '' for none."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def listed(words: Sequence[str]) -> str:
    """Write ``a, b and c``; '' for none."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """Write a number with its noun: ``1 case``, ``1,200 cases``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def csv_safe(value: str) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula, however it begins."""
    is_formula = value.lstrip()[:1] in _BEGINS_FORMULA or value[:1] in ("\t", "\r", "\n")
    return f"'{value}" if is_formula else value


def first_sentence(text: str) -> str:
    """Return the first sentence of a reason; the whole text where no end is certain.

    A full stop after a word of one or two letters, or after a usual abbreviation, is part of a
    title rather than the end of a sentence.
    """
    for found in _ENDS.finditer(text):
        word = found[1].casefold()
        if (len(word) > 2 or word.isdigit()) and word not in _ABBREVIATED:
            return text[: found.end()]
    return text
