"""Pictures that Slack holds for Lantern: files of the app, in no channel.

An upload takes three requests: Slack names the file and an address, the content is sent there, and
then the upload is completed; without channels, so that the file stays the app's own and can be seen
only in messages that show it. One that is not completed is discarded by Slack.

Sources: docs.slack.dev/reference/methods/files.getUploadURLExternal, files.completeUploadExternal
and files.delete.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from integrations.chat.interface import PictureUpload
from integrations.chat.slack.client import TIMEOUT, Client
from integrations.chat.slack.errors import SlackError

_HOSTS = ("slack.com", "slack-gov.com")
_NAME = "chart.png"
"""The same for every picture, so that it tells nothing."""
_ARE_GONE = ("file_not_found", "file_deleted")


def begin(client: Client, team: str, size: int) -> PictureUpload:
    """Ask for a file of ``size`` bytes. Slack takes these arguments as a form only."""
    answer = client.read(team, "files.getUploadURLExternal", filename=_NAME, length=size)
    return PictureUpload(str(answer["file_id"]), str(answer["upload_url"]))


def complete(
    client: Client, team: str, upload: PictureUpload, content: bytes, api_url: str
) -> None:
    """Send the content, and complete the upload. ``api_url`` is the address of Slack's API."""
    _send(upload.address, content, api_url)
    # With the kind of file Slack can show it before it has looked at it.
    file = {"id": upload.file, "title": _NAME, "highlight_type": "png"}
    client.ask(team, "files.completeUploadExternal", creates=True, files=[file])


def delete(client: Client, team: str, file: str) -> bool:
    """Delete a file; False where Slack has none of this id, or no more."""
    try:
        client.ask(team, "files.delete", file=file)
    except SlackError as error:
        if error.code not in _ARE_GONE:
            raise
        return False
    return True


def _send(address: str, content: bytes, api_url: str) -> None:
    """Send the content to an address of Slack, without the token, which it does not need."""
    sent_to, api = urlsplit(address), urlsplit(api_url)
    is_slacks = sent_to.scheme == "https" and (sent_to.hostname or "").endswith(
        tuple(f".{host}" for host in _HOSTS)
    )
    if not is_slacks and (sent_to.scheme, sent_to.netloc) != (api.scheme, api.netloc):
        raise SlackError("unreadable")
    try:
        taken = httpx.post(address, content=content, timeout=TIMEOUT)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
        # The address is as good as a secret, and stands in the error's text.
        raise SlackError("unreachable") from None
    if taken.status_code != 200:
        raise SlackError("service_unavailable")
