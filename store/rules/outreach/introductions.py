"""Cut what a mail program writes above the email that it quotes: headers, or who wrote when."""

from __future__ import annotations

from store.rules.outreach.quoted_lines import Ours, QuotedLine, letters_of
from store.rules.outreach.quoting_words import FORWARDED, WROTE

_RULES = frozenset("-_=*–—")
_FEWEST_RULES = 5
_EDGES = frozenset("-=–—")
"""Signs on either side of a divider's words, as in *-----Original Message-----*. Asterisks and
underscores are a person's emphasis."""
_EDGE = 3
_LONGEST_INTRODUCTION = 5
_LONGEST_HEADERS = 12
_LONGEST_LABEL = 30
"""Characters, or letters of a divider."""
_LONGEST_NAME = 80
"""Characters of a line with a person's name and that they wrote."""


def cut_introduction(lines: list[QuotedLine], before: int, ours: Ours) -> bool:
    """Cut what a mail program wrote above line ``before``; return whether there was anything.

    That is a divider, headers, or one sentence on who wrote when.
    """
    at_end = before == len(lines)
    last = _above(lines, before)
    if last is None:
        return False
    first = None if at_end else _headers_from(lines, last, ours)
    if first is None:
        first = _sentence_from(lines, last)
    if first is None and not at_end and lines[before].is_quoted and _says_who(lines[last].bare):
        first = last
    above = _above(lines, last + 1 if first is None else first)
    if above is not None and not at_end and _is_divider(lines[above]):
        first = above
    for line in lines[first : last + 1] if first is not None else ():
        line.is_cut = True
    return first is not None


def _above(lines: list[QuotedLine], before: int) -> int | None:
    """Find the nearest line above that is not empty."""
    for at in range(before - 1, -1, -1):
        if lines[at].is_cut:
            return None
        if lines[at].bare.strip():
            return at
    return None


def _is_divider(line: QuotedLine) -> bool:
    if line.letters in FORWARDED:
        return True
    said = "".join(line.bare.split())
    if not line.letters:
        return len(said) >= _FEWEST_RULES and _RULES.issuperset(said)
    is_edged = _EDGES.issuperset(said[:_EDGE] + said[-_EDGE:])
    return is_edged and len(line.letters) <= _LONGEST_LABEL


def _sentence_from(lines: list[QuotedLine], last: int) -> int | None:
    """Return the first line of the introduction that ends in line ``last``; None for none.

    It ends with a colon, as in *On Monday, at 10:49, School <address> wrote:*, in any language.
    """
    if not lines[last].bare.rstrip().endswith((":", "：")):
        return None
    for first in range(last, max(last - _LONGEST_INTRODUCTION, -1), -1):
        if not lines[first].bare.strip():
            return None
        said = " ".join(line.bare for line in lines[first : last + 1])
        begins = first == 0 or not lines[first - 1].bare.strip() or lines[first - 1].is_cut
        is_rest = said.startswith("<")  # of a long name's address, whose name stands above
        if _says_when(said) and (begins or not (is_rest or _goes_before(lines[first - 1].bare))):
            return first
    return None


def _says_who(line: str) -> bool:
    """Return whether the line is a name and that they wrote, without a day: *Sana wrote:*"""
    said = line.strip().casefold().replace("：", ":")
    return len(said) <= _LONGEST_NAME and said.endswith(WROTE)


def _goes_before(line: str) -> bool:
    """Return whether a sentence continues below this line: a mail program breaks only long ones."""
    said = line.rstrip()
    return len(said) >= 45 and not said.endswith((".", "!", "?", "。"))


def _says_when(said: str) -> bool:
    """Return whether it contains a day and an hour, or an address as mail programs write it."""
    if "<" in said and "@" in said:
        return True
    digits = sum(each.isdigit() for each in said)
    between = [
        each
        for before, each, after in zip(said, said[1:], said[2:], strict=False)
        if before.isdigit() and after.isdigit()
    ]
    has_time = any(each in ":.h" for each in between)
    has_day = any(each in "/.-年月" for each in between)
    return digits >= 4 and ("@" in said or (has_time and digits >= 5) or (has_day and digits >= 6))


def _headers_from(lines: list[QuotedLine], last: int, ours: Ours) -> int | None:
    """Return the first line of the headers that end in line ``last``; None for none.

    Headers are *From: …*, *Sent: …* in any language. A student's signature may look like them, but
    holds nothing of ours.
    """
    if _is_in_one_line(lines[last], ours):
        return last
    first = last + 1
    found: list[str] = []
    while first > 0 and len(found) < _LONGEST_HEADERS:
        above = first - 1
        # Some programs leave an empty line between headers in bold.
        if found and above and not lines[above].bare.strip() and lines[above - 1].bare[:1] == "*":
            above -= 1
        label, value = _label(lines[above].bare)
        if not label:
            break
        found.append(value)
        first = above
    # "Re: " and what a gateway put before the subject end with a colon or a bracket.
    ends = [letters_of(each.replace("]", ":").rpartition(":")[2]) for each in found]
    names_ours = any(len(each) >= 8 and each in ours.letters for each in ends)
    has_hour = any(":" in value and _says_when(value) for value in found)
    is_block = len(found) >= 3 and has_hour and any("@" in value for value in found)
    return first if is_block or (len(found) >= 2 and names_ours) else None


def _is_in_one_line(line: QuotedLine, ours: Ours) -> bool:
    """Return whether the headers stand in one line, whose end is the subject of ours."""
    is_headers = line.bare.count(":") >= 4 and "@" in line.bare and _says_when(line.bare)
    return is_headers and letters_of(line.bare.rpartition(":")[2]) in ours.lines


def _label(line: str) -> tuple[str, str]:
    label, colon, value = line.strip().replace("：", ":").partition(":")
    is_label = bool(colon) and len(label) <= _LONGEST_LABEL
    return (label, value) if is_label and not any(c.isdigit() for c in label) else ("", "")
