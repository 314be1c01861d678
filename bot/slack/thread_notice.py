"""Render a line in a thread for Slack."""

from __future__ import annotations

from bot.cards.notices.thread_notice import Line
from bot.slack.markup import Json, neutral


def line_message(line: Line) -> Json:
    """Build the body of ``chat.postMessage``. Only the account is a mention, whatever the text."""
    said = neutral(line.summary)
    if line.account:
        said = f"<@{line.account}>: {neutral(line.sentence)}"
    return {"text": said, "unfurl_links": False, "unfurl_media": False}
