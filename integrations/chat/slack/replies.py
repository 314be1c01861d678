"""List the replies below a message, also where Slack allows one page a minute."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from integrations.chat.interface import LostMessage
from integrations.chat.slack.client import Client
from integrations.chat.slack.errors import CURSOR_LOST, SlackError

PAGE = 200


@dataclass
class _Read:
    """The replies read so far; ``cursor`` is the next page."""

    found: list[str] = field(default_factory=list)
    cursor: str | None = None


class Replies:
    """The replies below messages. A list that could not be read to its end is read on from there at
    the next try."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._unfinished: dict[tuple[str, str, str], _Read] = {}

    def below(self, team: str, channel: str, message: str) -> list[str]:
        """Return the ids of the replies to a message; none where it is gone.

        Raises ``SlackError`` if the end is not reached yet.
        """
        place = (team, channel, message)
        with self._lock:
            read = self._unfinished.pop(place, None) or _Read()
        while True:
            try:
                answer = self._client.read(
                    team,
                    "conversations.replies",
                    channel=channel,
                    ts=message,
                    limit=PAGE,
                    cursor=read.cursor,
                )
            except SlackError as error:
                if error.lost is LostMessage.GONE:
                    return []
                if error.code != CURSOR_LOST:
                    with self._lock:
                        self._unfinished[place] = read
                raise
            stamps = (str(each["ts"]) for each in answer["messages"])
            read.found += [stamp for stamp in stamps if stamp != message]
            read.cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if read.cursor is None:
                return read.found
