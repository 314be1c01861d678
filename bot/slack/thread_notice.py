"""A line in a thread, as Slack takes it."""

from __future__ import annotations

from bot.cards.notices.thread_notice import Line
from bot.slack.markup import Json, neutral


def line_message(line: Line) -> Json:
    """The body of ``chat.postMessage``. Only the account is a mention, whatever is said."""
    said = neutral(line.summary)
    if line.account:
        said = f"<@{line.account}>: {neutral(line.sentence)}"
    return {"text": said, "unfurl_links": False, "unfurl_media": False}
