"""Slack's text objects, safe for any text that a person typed.

Text from data stands in ``plain_text`` or in rich text, where Slack reads neither a mention nor a
link nor formatting. ``mrkdwn`` is left for bold labels and the notification.
"""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

# mrkdwn has entities for three characters and no escape for the rest, so those are replaced by
# ones that look the same.
_NEUTRAL = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "*": "\u2217",
        "_": "\u02cd",
        "~": "\u223c",
        "`": "\u02cb",
    }
)
# A colon that begins an emoji's name or parts a link's scheme from its address.
_COLON = re.compile(r":(?=[\w+'-]+:|//)")
_LIKE_A_COLON = "\ua789"


def escape_plain(text: str) -> Json:
    """Make a text that Slack shows literally; ``emoji`` off keeps ``:smile:`` as it was typed."""
    return {"type": "plain_text", "text": text, "emoji": False}


def neutral(text: str) -> str:
    """Neutralise text for a ``mrkdwn`` field, so that it cannot mention, link or format."""
    return _COLON.sub(_LIKE_A_COLON, text).translate(_NEUTRAL)


def bold(text: str) -> Json:
    """Write a label in bold, in Slack's markup."""
    return {"type": "mrkdwn", "text": f"*{neutral(text)}*"}


def rich(kind: str, text: str, *, is_bold: bool = False) -> Json:
    """Make one part of a rich text block, e.g. ``rich_text_quote``. Its text is read literally."""
    run: Json = {"type": "text", "text": text}
    if is_bold:
        run["style"] = {"bold": True}
    return {"type": kind, "elements": [run]}
