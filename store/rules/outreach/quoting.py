"""Remove our own text from a reply, however a mail program has changed it.

The reply is compared with our emails by letters and digits only, so that line breaks, quotation
marks, rewritten links and lost formatting do not matter. A mail program's lines before the
quotation ("On … wrote:", a block of headers) are removed too. Words of the student between our
lines stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from store.rules.outreach.introductions import cut_introduction
from store.rules.outreach.quoted_lines import Ours, QuotedLine, letters_of, line_of
from store.rules.outreach.quoting_words import BANNERS, BANNERS_ALONE, DEVICES

_LONG = 20
"""Lines with at least this many letters count as ours anywhere; shorter ones may be chance."""
_BLOCK = 60
"""So many of our letters in a row occur only in a quotation."""
_LONGEST_BANNER = 8
"""Lines of a gateway's warning."""
_LONGEST_DEVICE = 80
"""Characters of a telephone's signature."""


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


def _looked_at(body: str, ours: Ours) -> list[QuotedLine]:
    every = [line_of(text) for text in body.split("\n")]
    lines = [line for line in every if not _is_banner(line.letters)]
    if ours.letters:
        _find_ours(lines, ours)
        _cut_ours(lines, ours)
    cut_introduction(lines, len(lines), ours)
    return lines


def _is_banner(letters: str) -> bool:
    return letters.startswith(BANNERS) or letters in BANNERS_ALONE


def _find_ours(lines: list[QuotedLine], ours: Ours) -> None:
    """Mark the lines that we wrote. A short one has to be a whole line of ours, or to continue
    where the line before it ended; behind a mark of quotation it need not."""
    # In our letters, of the line before; 0 where it is not ours.
    end = 0
    for line in lines:
        said = line.letters
        if not said:
            # A link of ours, which has no letters, below words of ours.
            line.is_ours = bool(end) and "http" in line.bare
            continue
        goes_on = bool(end) and ours.letters.startswith(said, end)
        at = end if goes_on else ours.letters.find(said)
        is_long = len(said) >= _LONG or line.is_quoted
        line.is_ours = goes_on or (at >= 0 and (is_long or said in ours.lines))
        end = at + len(said) if line.is_ours else 0
    _find_beginnings(lines, ours)


def _find_beginnings(lines: list[QuotedLine], ours: Ours) -> None:
    """Mark a short line as ours where ours continues below: a mail program broke it elsewhere."""
    below = ""
    for line in reversed(lines):
        if line.letters and below and not line.is_ours:
            line.is_ours = f"{line.letters}{below}" in ours.letters
        if line.letters:
            below = line.letters if line.is_ours else ""


def _cut_ours(lines: list[QuotedLine], ours: Ours) -> None:
    """Cut each run of lines of ours that is a quotation, and what introduces it. Where one is,
    the shorter ones between the student's answers are too."""
    short = []
    for first, last in _runs(lines):
        run = lines[first : last + 1]
        letters = sum(len(line.letters) for line in run)
        introduced = cut_introduction(lines, first, ours)
        _cut_above(lines, first, ours)
        is_block = introduced or letters >= min(_BLOCK, len(ours.letters) // 2)
        for line in run:
            line.is_cut = line.is_quoted or is_block
        if not is_block and letters >= _LONG:
            short.append(run)
    if any(line.is_cut for line in lines):
        for line in (each for run in short for each in run):
            line.is_cut = True


def _cut_above(lines: list[QuotedLine], first: int, ours: Ours) -> None:
    """Cut what a gateway put above our words, quoted like them below what introduces both."""
    for top in range(first - 1, max(first - 1 - _LONGEST_BANNER, 0), -1):
        if lines[top].bare.strip() and not lines[top].is_quoted:
            return
        if cut_introduction(lines, top, ours):
            for line in lines[top:first]:
                line.is_cut = True
            return


def _runs(lines: list[QuotedLine]) -> Iterator[tuple[int, int]]:
    """Return (first, last) of each run of our lines with nothing else in between.

    A mail program that marks what it quotes marks it from the first line to the last; only the rest
    of a line that it broke may lack the mark. So a line of ours without one above or below such a
    run is a run of its own: a student has answered with one of our options.
    """
    at = 0
    while at < len(lines):
        if not lines[at].is_ours:
            at += 1
            continue
        end = last = at
        while end < len(lines) and (lines[end].is_ours or not lines[end].letters):
            if lines[end].is_ours:
                is_rest = lines[at].is_quoted and lines[end - 1].is_ours
                if lines[end].is_quoted != lines[at].is_quoted and not is_rest:
                    break
                last = end
            end += 1
        yield at, last
        at = end


def _kept(lines: list[QuotedLine]) -> str:
    kept = [line for line in lines if not line.is_cut]
    while kept and (kept[-1].bare.strip() in ("", "--") or _is_device(kept[-1].bare)):
        kept.pop()
    said: list[str] = []
    for line in kept:
        # A line of quotation marks alone is left out.
        text = line.text.rstrip() if line.bare.strip() or not line.is_quoted else ""
        if text or (said and said[-1]):
            said.append(text)
    return "\n".join(said).strip("\n")


def _is_device(line: str) -> bool:
    return len(line) <= _LONGEST_DEVICE and line.casefold().startswith(DEVICES)
