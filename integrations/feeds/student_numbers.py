"""Match the spellings of student numbers in files to known numbers.

Spreadsheets and exports change numbers on the way: ``="00044"``, ``44`` for ``00044``, ``1001.0``,
a zero-width blank. Such a spelling is repaired if exactly one known number fits, and the report
mentions it. A number that has lost digits, such as ``1.23E+08``, is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from string import ascii_letters, digits

FIXED = 0.95
"""The share of known numbers with one shape from which it counts as the common shape."""
ENOUGH = 50
"""The number of known numbers from which a new one of another shape is refused."""

LOST_DIGITS = r"[0-9]+([.,][0-9]+)?[eE]\+[0-9]+"
"""A long number as a spreadsheet writes it. The rest of its digits is lost."""

_LOST = re.compile(LOST_DIGITS)
_FORMULA = re.compile(r'="?([^"]*)"?')
_DECIMAL = re.compile(r"([0-9]+)[.,]0+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,.' ][0-9]{3})+")
_NO_VALUE = re.compile(r"#.*|n/?a|nan|null|none|nil|-+|\?+", re.IGNORECASE)


class UnusableNumber(Exception):
    """The reason why a student number cannot be used, to follow the column's name."""


def without_invisible(value: str) -> str:
    """Remove byte order marks, zero-width and control characters, and surrounding blanks.

    Variants of characters, such as full-width digits, become the plain ones.
    """
    plain = unicodedata.normalize("NFKC", value)
    return "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc")).strip()


def plainly_written(value: str) -> str:
    """Remove what a spreadsheet puts around a number: ``="…"``, quotes, an apostrophe."""
    plain = without_invisible(value)
    if match := _FORMULA.fullmatch(plain):
        plain = match[1].strip()
    return plain.strip("\"'\u2018\u2019\u201c\u201d`").strip()


def has_lost_digits(value: str) -> bool:
    """Return whether a spreadsheet wrote the number in scientific notation."""
    return bool(_LOST.fullmatch(plainly_written(value)))


_SHAPES = str.maketrans(digits + ascii_letters, "9" * len(digits) + "A" * len(ascii_letters))


def number_shape(number: str) -> str:
    """Return the shape of a number: 9 for a digit, A for a letter, other characters unchanged."""
    if number.isascii():
        return number.translate(_SHAPES)
    return "".join("9" if c.isdigit() else "A" if c.isalpha() else c for c in number)


def shape_said(shape: str) -> str:
    """Put a shape in words: ``8 digits``, or ``like A999`` where it is not digits alone."""
    return f"{len(shape)} digits" if set(shape) == {"9"} else f"like {shape}"


@dataclass(frozen=True, slots=True)
class Repair:
    """A known number, and how the spelling was changed to find it."""

    number: str
    how: str


class KnownNumbers:
    """The institution's student numbers, and the pattern that they follow.

    ``pattern`` is the institution's own, a regular expression; '' where there is none, and the
    pattern is learnt from the numbers.
    """

    def __init__(self, numbers: Iterable[str], pattern: str = "") -> None:
        self.numbers = frozenset(numbers)
        self.pattern = re.compile(pattern) if pattern else None

    @cached_property
    def shape(self) -> str:
        """The shape of nearly all numbers; '' where they have no common one."""
        counted = Counter(map(number_shape, self.numbers)).most_common(1)
        if not counted or counted[0][1] < FIXED * len(self.numbers):
            return ""
        return counted[0][0]

    @cached_property
    def said(self) -> str:
        """The pattern in words for an administrator; '' where there is none."""
        if self.pattern:
            return f"as in STUDENT_NUMBER_PATTERN ({self.pattern.pattern})"
        return shape_said(self.shape) if self.shape else ""

    def fits(self, number: str) -> bool:
        """Return whether a number fits the pattern; True where there is none."""
        if self.pattern:
            return bool(self.pattern.fullmatch(number))
        return not self.shape or number_shape(number) == self.shape

    def find(self, spelling: str) -> Repair | None:
        """Find the one known number that a spelling stands for; None where none or several fit."""
        if spelling in self.numbers:
            return Repair(spelling, "")
        plain = plainly_written(spelling)
        if not plain or _LOST.fullmatch(plain):
            return None
        for candidate, how in self._candidates(plain):
            if found := self._only(candidate):
                return Repair(found, how)
            if zeros := self._with_zeros(candidate):
                return Repair(zeros, "leading zeros were lost")
        return None

    def check_new(self, spelling: str) -> str:
        """Check a new number and return it in the form to be saved.

        Raises ``UnusableNumber`` where it cannot be a number of this institution.
        """
        plain = plainly_written(spelling)
        if _LOST.fullmatch(plain):
            raise UnusableNumber(
                "has lost digits: a spreadsheet wrote it like 1.23E+08. Format the column as text "
                "and export it again"
            )
        if _NO_VALUE.fullmatch(plain):
            raise UnusableNumber("is empty or an error of a spreadsheet")
        if plain in self.numbers:
            return plain
        if repair := self.find(plain):
            return repair.number
        if self.pattern and not self.pattern.fullmatch(plain):
            raise UnusableNumber(f"is not written {self.said}")
        if self._is_odd(plain):
            raise UnusableNumber(
                f"is not written like those that are known ({shape_said(self.shape)}). Export it "
                "as text, or set STUDENT_NUMBER_PATTERN if the institution has new numbers"
            )
        return plain

    def _is_odd(self, number: str) -> bool:
        """Return whether it lost zeros or is a decimal, by the shape of known numbers."""
        if self.pattern or not self.shape or number_shape(number) == self.shape:
            return False
        digits = set(self.shape) == {"9"}
        is_short = digits and number.isdigit() and len(number) < len(self.shape)
        return bool(_DECIMAL.fullmatch(number)) or (is_short and len(self.numbers) >= ENOUGH)

    @staticmethod
    def _candidates(plain: str) -> Iterable[tuple[str, str]]:
        yield plain, "characters around it were removed"
        if match := _DECIMAL.fullmatch(plain):
            yield match[1], "it was written as a decimal"
        if _GROUPED.fullmatch(plain):
            yield re.sub(r"[,.' ]", "", plain), "its digits were grouped"
        if " " in plain:
            yield plain.replace(" ", ""), "it held blanks"

    def _only(self, candidate: str) -> str:
        """Find a number ignoring case; '' where none or several fit."""
        if candidate in self.numbers:
            return candidate
        found = self._folded.get(candidate.casefold(), [])
        return found[0] if len(found) == 1 else ""

    def _with_zeros(self, candidate: str) -> str:
        if set(self.shape) != {"9"} or not candidate.isdigit():
            return ""
        padded = candidate.zfill(len(self.shape))
        return padded if len(candidate) < len(self.shape) and padded in self.numbers else ""

    @cached_property
    def _folded(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for number in self.numbers:
            found[number.casefold()].append(number)
        return found
