"""Graph's answers to requests that were let through, for the part that Lantern uses."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any
from urllib.parse import unquote

import httpx

from tests.fakes.graph.mailboxes import DRAFTS, INBOX, Mailboxes, Message

READABLE = frozenset(
    [
        "id",
        "hasAttachments",
        "conversationId",
        "internetMessageId",
        "isDraft",
        "createdDateTime",
        "receivedDateTime",
        "subject",
        "body",
        "uniqueBody",
        "from",
        "toRecipients",
        "ccRecipients",
        "bccRecipients",
        "internetMessageHeaders",
        "parentFolderId",
    ]
)
WRITABLE = frozenset(
    [
        "attachments",
        "subject",
        "body",
        "from",
        "toRecipients",
        "ccRecipients",
        "bccRecipients",
        "replyTo",
        "importance",
        "internetMessageHeaders",
        "singleValueExtendedProperties",
    ]
)
LISTED = frozenset({"conversationId", "receivedDateTime", "from", "internetMessageHeaders"})
"""The fields that a list of changes shows on request."""

_PROPERTY = re.compile(r"(String|Integer) (\{[0-9a-fA-F-]{36}\} Name \S+|0x[0-9A-Fa-f]{1,4})")
_BY_PROPERTY = re.compile(
    r"singleValueExtendedProperties/Any\(ep: ep/id eq '([^']+)' and ep/value eq '((?:[^']|'')*)'\)"
)
_EXPAND = re.compile(
    r"singleValueExtendedProperties\(\$filter=(id eq '[^']+'(?: or id eq '[^']+')*)\)"
)
_SINCE = re.compile(r"receivedDateTime ge (\S+)")

ROUTES = (
    ("find", "GET", r"messages"),
    ("draft", "POST", r"messages"),
    ("folder", "GET", r"mailFolders/inbox"),
    ("delta", "GET", r"mailFolders/inbox/messages/delta"),
    ("look", "GET", r"messages/([^/]+)"),
    ("delete", "DELETE", r"messages/([^/]+)"),
    ("send", "POST", r"messages/([^/]+)/send"),
)


class Refused(Exception):
    """An error answer of Graph."""

    def __init__(self, status: int, code: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = headers or {}


def kind_of(method: str, path: str) -> tuple[str, str]:
    """Return (kind of request, the message's id or '') of a path below ``/users/{mailbox}/``."""
    for kind, verb, pattern in ROUTES:
        if verb == method and (found := re.fullmatch(pattern, path)):
            return kind, unquote(found[1]) if found.groups() else ""
    raise Refused(400, "BadRequest")


class Routes:
    """The answers, given once the fake has checked the caller and holds its lock."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._mailboxes = mailboxes
        self.epoch = 0
        self.forgets_with = 410
        """The status for forgotten delta tokens; a test raises ``epoch`` to have all forgotten."""

    def answer(
        self, kind: str, mailbox: str, ref: str, request: httpx.Request
    ) -> tuple[int, dict[str, Any] | None]:
        """Return (status, body) of the request, after its effect."""
        match kind:
            case "find":
                found = self._found(mailbox, request)
                # As Graph does, where there may be more.
                is_full = len(found) == int(request.url.params.get("$top", "0"))
                return 200, {"value": found, **({"@odata.nextLink": "more"} if is_full else {})}
            case "draft":
                return 201, self._draft(mailbox, request)
            case "delta":
                return 200, self._delta(mailbox, request)
            case "look" | "folder":
                shown = kind == "look" and _shown(self._message(mailbox, ref), request)
                return 200, shown or {"id": INBOX}
            case "delete":
                del self._mailboxes.messages[self._message(mailbox, ref).id]
                return 204, None
            case _:
                self._mailboxes.submit(self._message(mailbox, ref))
                return 202, None

    def _message(self, mailbox: str, ref: str) -> Message:
        if found := self._mailboxes.seen(mailbox, ref):
            return found
        raise Refused(404, "ErrorItemNotFound")

    def _found(self, mailbox: str, request: httpx.Request) -> list[dict[str, Any]]:
        if "$filter" not in request.url.params:
            everything = [m for m in self._mailboxes.messages.values() if m.mailbox == mailbox]
            return [_shown(m, request) for m in everything[: int(request.url.params["$top"])]]
        if since := _SINCE.fullmatch(request.url.params["$filter"]):
            return self._since(mailbox, since[1], request)
        query = _BY_PROPERTY.fullmatch(request.url.params["$filter"])
        if query is None or not _PROPERTY.fullmatch(query[1]):
            raise Refused(400, "ErrorInvalidUrlQueryFilter")
        value = query[2].replace("''", "'")
        found = self._mailboxes.with_property(mailbox, query[1], value)
        return [_shown(message, request) for message in found]

    def _since(self, mailbox: str, since: str, request: httpx.Request) -> list[dict[str, Any]]:
        """Return a page of the messages that arrived in any folder of the mailbox."""
        every = [m for m in self._mailboxes.messages.values() if m.mailbox == mailbox]
        start = int(request.url.params.get("$skip", "0"))
        # Sent messages are among them as well, and settle only after a while.
        late = sorted((m for m in every if _stamp(m) >= since), key=_stamp)
        return [_shown(m, request) for m in late[start : start + int(request.url.params["$top"])]]

    def _draft(self, mailbox: str, request: httpx.Request) -> dict[str, Any]:
        content = json.loads(request.content)
        if set(content) - WRITABLE or content["body"]["contentType"] not in ("html", "text"):
            raise Refused(400, "RequestBodyRead")
        properties = {
            each["id"]: each["value"] for each in content.pop("singleValueExtendedProperties", ())
        }
        if not all(map(_PROPERTY.fullmatch, properties)):
            raise Refused(400, "ErrorInvalidProperty")
        if content.get("from", {}).get("emailAddress", {}).get("address", mailbox) != mailbox:
            raise Refused(403, "ErrorSendAsDenied")
        return _shown(self._mailboxes.add_draft(mailbox, content, properties), request)

    def _delta(self, mailbox: str, request: httpx.Request) -> dict[str, Any]:
        query = dict(request.url.params)
        mark = query.get("$deltatoken") or query.get("$skiptoken")
        arrived = self._mailboxes.inbox.get(mailbox, [])
        if mark:
            epoch, start, since, listed = mark.split("_")
            if int(epoch) != self.epoch:
                raise Refused(self.forgets_with, "SyncStateNotFound")
        else:
            since_given = _SINCE.fullmatch(query.get("$filter", "receivedDateTime ge 2000-01-01"))
            if since_given is None or query.get("changeType", "created") != "created":
                raise Refused(400, "ErrorInvalidUrlQueryFilter")
            start, since = "0", since_given[1]
            listed = ".".join(sorted(_selected(request) & LISTED))
        size = re.search(r"odata\.maxpagesize=(\d+)", request.headers.get("Prefer", ""))
        end = min(int(start) + int(size[1] if size else 10), len(arrived))
        page = [self._mailboxes.messages[each] for each in arrived[int(start) : end]]
        is_last = end == len(arrived)
        link, token = ("deltaLink", "$deltatoken") if is_last else ("nextLink", "$skiptoken")
        here = str(request.url.copy_with(query=None))
        return {
            "value": [
                _listed(each, request, listed.split("."))
                for each in page
                if _stamp(each) >= since and each.folder == INBOX
            ],
            f"@odata.{link}": f"{here}?{token}={self.epoch}_{end}_{since}_{listed}",
        }


def _selected(request: httpx.Request) -> set[str]:
    names = set(filter(None, request.url.params.get("$select", "").split(",")))
    if names - READABLE:
        raise Refused(400, "RequestBroker--ParseUri")
    return names or set(READABLE)


def _listed(message: Message, request: httpx.Request, names: list[str]) -> dict[str, Any]:
    """Return an entry of a list, with the fields that its first page asked for."""
    shown = _shown(message, request, brief=True)
    return shown | {name: message.content[name] for name in names if name in message.content}


def _shown(message: Message, request: httpx.Request, *, brief: bool = False) -> dict[str, Any]:
    names = {"conversationId", "receivedDateTime"} if brief else _selected(request)
    immutable = 'IdType="ImmutableId"' in request.headers.get("Prefer", "")
    everything = {
        "conversationId": message.conversation,
        "isDraft": message.folder == DRAFTS,
        "parentFolderId": message.folder,
        "createdDateTime": _stamp(message),
        "receivedDateTime": _stamp(message),
        "internetMessageId": message.internet_id,
        **message.content,
        "hasAttachments": bool(message.content.get("attachments")),
    }
    shown = {name: value for name, value in everything.items() if name in names}
    if expanded := _EXPAND.fullmatch(request.url.params.get("$expand", "")):
        wanted = re.findall("'([^']+)'", expanded[1].lower().replace("0x001a", "0x1a"))
        shown["singleValueExtendedProperties"] = [
            {"id": name, "value": value}
            for name, value in message.properties.items()
            if name.lower() in wanted
        ]
    return {"id": message.id if immutable else f"{message.id}~{message.folder}", **shown}


def _stamp(message: Message) -> str:
    return message.created.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
