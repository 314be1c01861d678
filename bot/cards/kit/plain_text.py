"""Make plain text fit to show: clean it, cut it at a word, and never leave it empty."""

from __future__ import annotations

import re

ELLIPSIS = "…"
NOTHING = "–"

# Control characters and lone surrogates, and marks that reverse the direction of what follows: with
# one in a name, a sentence about a person reads as another sentence. Letters of right-to-left
# scripts do not need them.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
_GAP = re.compile(r"\n[ \t]*\n\s*\n")


def clean(text: str) -> str:
    """Remove characters that no reader should see; give a dash where nothing is left.

    Removes control characters, lone surrogates and direction overrides; more than one empty line
    in a row becomes one. Platforms refuse empty texts, so a dash says "nothing" instead.
    """
    return _GAP.sub("\n\n", seen(text)).strip() or NOTHING


def seen(text: str) -> str:
    """Remove invisible characters and keep the rest: for fields, which may also be empty."""
    return _HIDDEN.sub("", _LINE_ENDS.sub("\n", text))


def cut(text: str, limit: int) -> str:
    """Clean the text and cut it to ``limit`` characters, with an ellipsis where it is longer.

    It is cut between words where one ends in the last third, else within the word.
    """
    text = clean(text)
    if len(text) <= limit:
        return text
    head = text[: limit - len(ELLIPSIS)]
    words = re.match(r"(?s)(.*)\s", text[:limit])
    if words and words.end(1) >= limit * 2 // 3:
        head = words.group(1)
    return head.rstrip() + ELLIPSIS


def one_line(text: str, limit: int) -> str:
    """Cut the text to one line, for labels and titles."""
    return cut(" ".join(clean(text).split()), limit)


def pieces(text: str, size: int) -> list[str]:
    """Split the clean text into pieces of at most ``size``, between lines or words."""
    rest, parts = clean(text), []
    while len(rest) > size:
        window = rest[: size + 1]
        at = max(window.rfind("\n"), window.rfind(" "))
        at = at if at > 0 else size
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*parts, rest]
