"""Remove our own text from a reply, however a mail program has changed it.

The reply is compared with our emails by letters and digits only, so that line breaks, quotation
marks, rewritten links and lost formatting do not matter. A mail program's lines before the
quotation ("On … wrote:", a block of headers) are removed too. Words of the student between our
lines stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from store.rules.outreach.quoting_words import (
    BANNERS,
    BANNERS_ALONE,
    DEVICES,
    FORWARDED,
    WROTE,
)

_MARKS = (
    "> \t|»│＞\N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\u2063\u200e\u200f"
)
_INITIALS = re.compile(r"[^\W\d_]{1,3}>(?=\s|\Z)")
"""The writer's, which some mail programs put before each line that they quote."""
_RULES = "-_=*–—"
_LONG = 20
"""Lines with at least this many letters count as ours anywhere; shorter ones may be chance."""
_BLOCK = 60
"""So many of our letters in a row occur only in a quotation."""
_LONGEST_INTRODUCTION = 5
_LONGEST_HEADERS = 12
_LONGEST_BANNER = 8
"""Lines of a gateway's warning."""
_LONGEST_LABEL = 30
_LONGEST_NAME = 80
"""Characters of a line with a person's name and that they wrote."""


@dataclass(slots=True)
class _Line:
    text: str
    bare: str
    """The line without quotation marks (``>``)."""
    is_quoted: bool
    letters: str
    is_ours: bool = False
    is_cut: bool = False


@dataclass(slots=True)
class Ours:
    """Our emails in a case: subjects, bodies and links, reduced to letters and digits."""

    sent: Iterable[str]
    letters: str = field(init=False)
    lines: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        every = [letters_of(line) for text in self.sent for line in text.splitlines()]
        self.lines = frozenset(filter(None, every))
        self.letters = "".join(every)


def letters_of(line: str) -> str:
    """Return only the letters and digits, in lower case, without links."""
    words = " ".join(word.partition("http")[0] for word in line.split())
    plain = unicodedata.normalize("NFKC", words).casefold()
    return "".join(each for each in plain if each.isalnum())


def student_words(body: str, sent: Iterable[str]) -> str:
    """Return what the student wrote in ``body``, which may quote ``sent``; '' for nothing."""
    return _kept(_looked_at(body, Ours(sent)))


def own_subject(subject: str, sent: Iterable[str]) -> str:
    """Return the subject where the student wrote it; '' where it is one of ours.

    Mail programs and gateways put *Re:*, *[EXTERNAL]* and the like before ours.
    """
    said = " ".join(subject.split())
    own = letters_of(said.replace("]", ":").replace("：", ":").rpartition(":")[2])
    return "" if not own or own in Ours(sent).letters else said


def has_words_between(body: str, sent: Iterable[str]) -> bool:
    """Return whether the student wrote between lines of ours that the body quotes."""
    lines = _looked_at(body, Ours(sent))
    ours = [at for at, line in enumerate(lines) if line.is_ours and line.is_cut]
    if not ours:
        return False
    return any(
        not line.is_cut and not line.is_quoted and line.letters
        for line in lines[ours[0] : ours[-1]]
    )


def _looked_at(body: str, ours: Ours) -> list[_Line]:
    every = [_line(text) for text in body.replace("\r\n", "\n").split("\n")]
    lines = [line for line in every if not _is_banner(line.letters)]
    if ours.letters:
        _find_ours(lines, ours)
        _cut_ours(lines, ours)
    _cut_introduction(lines, len(lines), ours)
    return lines


def _is_banner(letters: str) -> bool:
    return letters.startswith(BANNERS) or letters in BANNERS_ALONE


def _line(text: str) -> _Line:
    bare = text.lstrip(_MARKS)
    if initials := _INITIALS.match(bare):
        bare = bare[initials.end() :].lstrip(_MARKS)
    marks = text[: len(text) - len(bare)]
    return _Line(text, bare, bool(marks.strip()), letters_of(bare))


def _find_ours(lines: list[_Line], ours: Ours) -> None:
    """Mark the lines that we wrote. A short one has to be a whole line of ours, or to continue
    where the line before it ended; behind a mark of quotation it need not."""
    end = -1
    for line in lines:
        said = line.letters
        if not said:
            # A link of ours, which has no letters, below words of ours.
            line.is_ours = end >= 0 and "http" in line.bare
            continue
        goes_on = end >= 0 and ours.letters.startswith(said, end)
        at = end if goes_on else ours.letters.find(said)
        is_long = len(said) >= _LONG or line.is_quoted
        line.is_ours = goes_on or (at >= 0 and (is_long or said in ours.lines))
        end = at + len(said) if line.is_ours else -1
    _find_beginnings(lines, ours)


def _find_beginnings(lines: list[_Line], ours: Ours) -> None:
    """Mark a short line as ours where ours continues below: a mail program broke it elsewhere."""
    below = ""
    for line in reversed(lines):
        if line.letters and below and not line.is_ours:
            line.is_ours = f"{line.letters}{below}" in ours.letters
        if line.letters:
            below = line.letters if line.is_ours else ""


def _cut_ours(lines: list[_Line], ours: Ours) -> None:
    """Cut each run of lines of ours that is a quotation, and what introduces it. Where one is,
    the shorter ones between the student's answers are too."""
    short = []
    for first, last in _runs(lines):
        run = lines[first : last + 1]
        letters = sum(len(line.letters) for line in run)
        introduced = _cut_introduction(lines, first, ours) or _cut_above(lines, first, ours)
        is_block = introduced or letters >= min(_BLOCK, len(ours.letters) // 2)
        for line in run:
            line.is_cut = line.is_quoted or is_block
        if not is_block and letters >= _LONG:
            short.append(run)
    if any(line.is_cut for line in lines):
        for line in (each for run in short for each in run):
            line.is_cut = True


def _cut_above(lines: list[_Line], first: int, ours: Ours) -> bool:
    """Cut what a gateway put above our words, quoted like them below what introduces both."""
    top = first
    while top > max(first - _LONGEST_BANNER, 0) and _is_quoted_or_empty(lines[top - 1]):
        top -= 1
    if not any(line.letters for line in lines[top:first]):
        return False
    is_introduced = _cut_introduction(lines, top, ours)
    for line in lines[top:first] if is_introduced else ():
        line.is_cut = True
    return is_introduced


def _is_quoted_or_empty(line: _Line) -> bool:
    return line.is_quoted or not line.bare.strip()


def _runs(lines: list[_Line]) -> Iterator[tuple[int, int]]:
    """Return (first, last) of each run of our lines with nothing else in between."""
    at = 0
    while at < len(lines):
        if not lines[at].is_ours:
            at += 1
            continue
        end = last = at
        while end < len(lines) and (lines[end].is_ours or not lines[end].letters):
            last = end if lines[end].is_ours else last
            end += 1
        yield at, last
        at = end


def _cut_introduction(lines: list[_Line], before: int, ours: Ours) -> bool:
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


def _above(lines: list[_Line], before: int) -> int | None:
    """Find the nearest line above that is not empty."""
    for at in range(before - 1, -1, -1):
        if lines[at].is_cut:
            return None
        if lines[at].bare.strip():
            return at
    return None


def _is_divider(line: _Line) -> bool:
    if line.letters in FORWARDED:
        return True
    said = line.bare.strip()
    marks = sum(each in _RULES for each in said)
    return marks >= 5 and len(said) <= 120 and said[0] in _RULES and said[-1] in _RULES


def _sentence_from(lines: list[_Line], last: int) -> int | None:
    """Return the first line of the introduction that ends in line ``last``; None for none.

    It ends with a colon, as in *On Monday, at 10:49, School <address> wrote:*, in any language.
    """
    if not lines[last].bare.rstrip().endswith((":", "：")):
        return None
    for first in range(last, max(last - _LONGEST_INTRODUCTION, -1), -1):
        if first < last and not lines[first].bare.strip():
            return None
        said = " ".join(line.bare for line in lines[first : last + 1])
        begins = first == 0 or not lines[first - 1].bare.strip() or lines[first - 1].is_cut
        is_rest = said.startswith("<")  # of a long name's address, whose name stands above
        if (
            _says_when(said)
            and not (is_rest and not begins)
            and (begins or not _goes_before(lines[first - 1].bare))
        ):
            return first
    return None


def _says_who(line: str) -> bool:
    """Say whether it is a name and that they wrote, without a day, as in *Sana wrote:*"""
    said = line.strip().casefold().replace("：", ":")
    return len(said) <= _LONGEST_NAME and said.endswith(WROTE)


def _goes_before(line: str) -> bool:
    """Return whether a sentence continues below this line: a mail program breaks only long ones."""
    said = line.rstrip()
    return len(said) >= 45 and not said.endswith((".", "!", "?", "。"))


def _says_when(said: str) -> bool:
    """Return whether it contains a day and an hour, or an address as mail programs write it."""
    digits = sum(each.isdigit() for each in said)
    if "<" in said and "@" in said and digits < 4:
        return True
    between = [
        each
        for before, each, after in zip(said, said[1:], said[2:], strict=False)
        if before.isdigit() and after.isdigit()
    ]
    has_time = any(each in ":.h" for each in between)
    has_day = any(each in "/.-年月" for each in between)
    return digits >= 4 and ("@" in said or (has_time and digits >= 5) or (has_day and digits >= 6))


def _headers_from(lines: list[_Line], last: int, ours: Ours) -> int | None:
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


def _is_in_one_line(line: _Line, ours: Ours) -> bool:
    """Return whether the headers stand in one line, whose end is the subject of ours."""
    is_headers = line.bare.count(":") >= 4 and "@" in line.bare and _says_when(line.bare)
    return is_headers and letters_of(line.bare.rpartition(":")[2]) in ours.lines


def _label(line: str) -> tuple[str, str]:
    said = line.strip().replace("：", ":").replace("*", "")
    label, colon, value = said.partition(":")
    is_label = bool(colon) and 0 < len(label.strip()) <= _LONGEST_LABEL
    return (label, value) if is_label and not any(c.isdigit() for c in label) else ("", "")


def _kept(lines: list[_Line]) -> str:
    kept = [line for line in lines if not line.is_cut]
    while kept and (kept[-1].bare.strip() in ("", "--") or _is_device(kept[-1].bare)):
        kept.pop()
    said: list[str] = []
    for line in kept:
        # Of marks of a quotation nothing is left but themselves.
        text = line.text.rstrip() if line.bare.strip() or not line.is_quoted else ""
        if text or (said and said[-1]):
            said.append(text)
    return "\n".join(said).strip("\n")


def _is_device(line: str) -> bool:
    said = line.strip(" \u200b").casefold()
    return len(said) <= 80 and said.startswith(DEVICES)
