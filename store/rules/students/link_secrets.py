"""Find students' links in a text, however a mail filter or a mail program has changed them.

A link's secret is searched for in the text and in all repeated decodings of it, until nothing new
appears. Each decoding keeps the position of its letters in the text, so that exactly the secret is
removed. A part that cannot be fully decoded in bounded work is removed as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from store.rules.students.link_encodings import ALIKE, DECODINGS, INVISIBLE, Seen, Span

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
_RUN = re.compile(rf"(?:(?<=\n)[>|][>| ]{{0,19}})?([!-~{ALIKE}]*)")
"""A run that may hold a link: no spaces, only ASCII and its other forms, no quotation marks."""
_UNSEEN = re.compile(f"[{INVISIBLE}]+")
_WHOLE = re.compile(r"(?:[\w-]{1,600}\.){2}[\w-]{43}", re.ASCII)
"""A token with a whole signature."""
_MOST_RUNS = 40
_MOST_BEFORE = 1_500
"""Characters of a broken link that are read to decide whether it continues on the next line."""
_SHORTEST = 12
_CONTINUES = re.compile(r" {0,2}(?:=?\r?\n|\r)[ \t>|]*")
"""A line's end, with the space of a flowed one (RFC 3676), and what a mail program puts before the
next line of a quotation."""

_CODED = re.compile(r"(?:[=%][0-9A-Fa-f]{2}){6}|(?:[=%](?:25|3D){1,4}[0-9A-Fa-f]{2}){6}")
"""Letters that are written as their numbers, once or several times."""

_CUT = re.compile(r"[=%](?:25|3D){1,5}\Z")
"""A line's soft end, which was encoded once more."""

_ONE_SPACE = (" ", "\N{NO-BREAK SPACE}", "\t")

_MOST_WORK = 300_000
"""Characters decoded for one link, and ten times that for a whole text."""
_FOLDS_AT = 60
"""The least column at which mail programs break a line in the middle of a link."""


def secret_spans(text: str) -> list[Span]:
    """Return the spans of links' secrets in ``text``, in order and without overlaps."""
    found: list[Span] = []
    work = _MOST_WORK * 10
    for chunk in coded_chunks(text):
        spans, used = _in_chunk(chunk, min(_MOST_WORK, work))
        work -= used
        found += spans
    return _merged(found)


def coded_chunks(text: str) -> Iterator[Seen]:
    """Return the runs that may hold a link; runs that continue on the next line also joined."""
    runs = [match.span(1) for match in _RUN.finditer(text)]
    before: list[Span] = []
    for start, end in runs:
        if start == end:  # nothing but the marks of a quotation
            continue
        if before and not _goes_on(text, before, (start, end)):
            yield from _as_chunks(text, before)
            before = []
        before.append((start, end))
    yield from _as_chunks(text, before)


def _as_chunks(text: str, runs: list[Span]) -> Iterator[Seen]:
    """Return the runs as one chunk; a line's end between two stays, since it may belong to a
    coding.
    """
    letters: list[str] = []
    spans: list[Span] = []
    for at, (start, end) in enumerate(runs):
        if at and "\n" in text[runs[at - 1][1] : start]:
            letters.append("\n")
            spans.append((start, start))
        letters += text[start:end]
        spans += [(letter, letter + 1) for letter in range(start, end)]
    if len(letters) >= _SHORTEST:
        yield Seen("".join(letters), tuple(spans))


def _goes_on(text: str, runs: Sequence[Span], following: Span) -> bool:
    """Return whether the last of the runs, which belong together, continues in the next one.

    It does after invisible characters, or on the next line where a mail program breaks lines.
    """
    between = text[runs[-1][1] : following[0]]
    if not between or _UNSEEN.fullmatch(between):
        return True
    is_space = between in _ONE_SPACE
    if not is_space and not _CONTINUES.fullmatch(between):
        return False
    return _is_half(text, runs, following) or (not is_space and _is_cut(text, runs[-1], following))


def _is_half(text: str, runs: Sequence[Span], following: Span) -> bool:
    """Return whether the runs end within a token, and the next run is not a word."""
    so_far = "".join(text[slice(*each)] for each in runs[-_MOST_RUNS:])[-_MOST_BEFORE:]
    is_token = ("eyJ" in so_far or "student/" in so_far.lower()) and not _WHOLE.search(so_far)
    return is_token and not _is_word(text[slice(*following)])


def _is_cut(text: str, run: Span, following: Span) -> bool:
    """Return whether a line looks as if a mail program had cut off a link at its end."""
    word = text[slice(*run)]
    is_soft = _CUT.search(word[-12:]) is not None
    is_short = len(word) < _SHORTEST and not is_soft
    if is_short or word.endswith((">", '"')):
        return False
    if not is_soft and _is_word(text[slice(*following)]):
        return False
    column = run[1] - (text.rfind("\n", 0, run[1]) + 1)
    is_cut = word.endswith(("=", "/", ".", "-", "_", "%", "&")) or is_soft
    is_link = "http" in word.lower() or "student" in word.lower() or "eyJ" in word
    is_coded = _CODED.search(word) is not None
    return is_cut or column >= _FOLDS_AT or ((is_link or is_coded) and not _has_secret(word))


def _has_secret(word: str) -> bool:
    return any(pattern.search(word) for pattern in _SECRETS)


def _is_word(run: str) -> bool:
    """Return whether it reads as a word: the rest of a secret would have capitals and digits."""
    letters = run.strip(".,;:!?'\"()")
    return letters.isalpha() and (letters.islower() or letters.istitle())


def _in_chunk(chunk: Seen, most: int) -> tuple[list[Span], int]:
    """Return (spans of secrets, characters decoded). Past ``most``, the whole chunk is one span."""
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
        for read in DECODINGS:
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
