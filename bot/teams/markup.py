"""Adaptive Card texts, safe for any text that a person typed.

A ``TextRun`` knows no Markdown, so longer text by people goes into one. Headings and facts are
Markdown in Teams (learn.microsoft.com/adaptive-cards/authoring-cards/text-features). They are
escaped only where needed for safety: clients on phones have shown the backslashes
(microsoft/AdaptiveCards issue 5590).
"""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

_INLINE = re.compile(r"[\\*`~\[\]<>]|(?<![^\W_])_|_(?![^\W_])")
_LIST_MARK = re.compile(r"^(\d*)([-+#.)])(?=\s|$)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_FUNCTION = re.compile(r"\{(?=\{)")
_SCHEME = re.compile(r":(?=//)")
_INVISIBLE = "\u2060"


def literal(text: str) -> str:
    """Escape text for a ``TextRun``: only Adaptive Cards' ``{{DATE(…)}}`` functions change."""
    return _FUNCTION.sub("{" + _INVISIBLE, text)


def escaped(text: str) -> str:
    """Escape one line that Teams reads as Markdown: no format, link, list or mention.

    An underscore within a word formats nothing and stays, so that email addresses stay intact.
    """
    text = _ENTITY.sub("&amp;", literal(text))
    text = _INLINE.sub(r"\\\g<0>", text)
    text = _LIST_MARK.sub(r"\1\\\2", text)
    return _SCHEME.sub(":" + _INVISIBLE, text)


def paragraph(text: str, **run: Any) -> Json:
    """Make a block of plain text; ``run`` styles it, e.g. ``isSubtle=True``. Newlines are kept."""
    return {
        "type": "RichTextBlock",
        "inlines": [{"type": "TextRun", "text": literal(text), **run}],
    }


def label(text: str, **style: Any) -> Json:
    """Make a line of Markdown-safe text; it wraps unless ``style`` says otherwise."""
    return {"type": "TextBlock", "text": escaped(text), "wrap": True, **style}
