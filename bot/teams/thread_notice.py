"""Render a line in a thread for Teams: a message, since a card notifies no one in a channel."""

from __future__ import annotations

import html
import re

from bot.cards.notices.thread_notice import Line
from bot.teams import command_syntax as wording
from bot.teams.markup import Json

_NO_NAME = re.compile(r"[<>&]")


def line_message(line: Line) -> Json:
    """Build the message activity. A name cannot be read as a tag."""
    if not line.account:
        said = html.escape(wording.rewrite_sentence(line.summary), quote=False)
        return {"type": "message", "textFormat": "xml", "text": said}
    tag = f"<at>{_NO_NAME.sub('', line.name) or 'colleague'}</at>"
    mentioned = {"id": line.account, "name": line.name}
    return {
        "type": "message",
        "textFormat": "xml",
        "text": f"{tag}: {html.escape(wording.rewrite_sentence(line.sentence), quote=False)}",
        "entities": [{"type": "mention", "text": tag, "mentioned": mentioned}],
    }
