"""The methods of Slack's Web API in the workspaces of one app, with their refusals.

Sources: docs.slack.dev/reference/methods and /reference/block-kit.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from tests.bot.block_kit import message_problems, shown_problems, view_problems
from tests.fakes.slack.records import (
    BOT,
    FEW,
    PROCESSED_AFTER,
    SCOPES,
    TEAM,
    TOKEN,
    TRIGGER_LIFE,
    Json,
    Message,
    Refused,
    SlackChannel,
    SlackFile,
    SlackPerson,
)


@dataclass
class Workspaces:
    """The workspaces of one app, with a function for each method: ``_chat_update`` and the rest."""

    clock: Callable[[], dt.datetime]
    people: dict[str, SlackPerson] = field(default_factory=dict)
    channels: dict[str, SlackChannel] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    ephemerals: list[tuple[str, str, Json]] = field(default_factory=list)
    windows: dict[str, Json] = field(default_factory=dict)
    opened: list[tuple[str, Json]] = field(default_factory=list)
    answered: list[tuple[str, Json]] = field(default_factory=list)
    """Answers at the addresses that come with requests: the person, and the body."""
    homes: dict[str, Json] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    tokens: dict[str, str] = field(default_factory=lambda: {TOKEN: TEAM})
    """The owner of each token: a workspace or an organisation."""
    organisations: dict[str, set[str]] = field(default_factory=dict)
    """Organisation → its workspaces that an administrator added the app to."""
    is_distributed: bool = False
    """Whether the app is sold outside the Marketplace, which limits how much it may read."""
    rotates: bool = False
    """Whether the app's tokens expire (token rotation); it cannot be switched off again."""
    ends: dict[str, dt.datetime] = field(default_factory=dict)
    refreshes: dict[str, str] = field(default_factory=dict)
    """The owner of each refresh token. A refresh token is valid once."""
    codes: dict[str, str] = field(default_factory=dict)
    """The workspace of each code that OAuth's redirect brings back."""
    socket: str = "wss://127.0.0.1/"
    """The address to which an app connects in Socket Mode."""
    files: dict[str, SlackFile] = field(default_factory=dict)
    """The app's files, those too whose upload is not completed."""
    processed_after: dt.timedelta | None = PROCESSED_AFTER
    """How long after its upload a file may be shown; None: never."""
    uploads: str = ""
    """The address below which files' contents are taken; a file's id follows it."""
    calls: list[str] = field(default_factory=list)
    too_fast: int = 0
    problems: list[str] = field(default_factory=list)
    """Descriptions of the blocks and windows that were refused."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = count(1)
        self._triggers: dict[str, tuple[str, dt.datetime]] = {}
        self._team = TEAM
        self._next_post: dict[str, dt.datetime] = {}
        self._asked: dict[tuple[str, str], list[dt.datetime]] = {}
        self.people[BOT] = SlackPerson(BOT, "", bot=True)

    def shown(self, channel: str, thread: str | None = None) -> list[Message]:
        """Return the messages of a channel, or of one thread."""
        return [m for m in self.messages if m.channel == channel and m.thread == thread]

    def _auth_test(self, _: Json) -> Json:
        whole = self._team if self._team in self.organisations else None
        return {
            "team_id": self._team,
            "user_id": BOT,
            "bot_id": "B0LANTERN",
            "enterprise_id": whole,
            "is_enterprise_install": bool(whole),
            "url": "https://university.enterprise.slack.com/",
        }

    def _auth_revoke(self, _: Json) -> Json:
        self.tokens = {token: team for token, team in self.tokens.items() if team != self._team}
        return {"revoked": True}

    def _chat_postMessage(self, given: Json) -> Json:  # noqa: N802 -- Slack's name
        channel = self._channel(given)
        self._acceptable(given)
        free = self._next_post.get(channel.id)
        if free and self.clock() < free:
            self.too_fast += 1
            raise Refused("ratelimited", 429)
        self._next_post[channel.id] = self.clock() + dt.timedelta(seconds=1)
        ts = f"{self.clock().timestamp():.0f}.{next(self._ids):06d}"
        root = given.get("thread_ts")
        if root and root not in {each.thread or each.ts for each in self.messages}:
            root = None  # Slack then posts in the channel, and says so here
        self.messages.append(Message(ts, channel.id, given, root))
        threaded = {"thread_ts": root} if root else {}
        return {"channel": channel.id, "ts": ts, "message": {"ts": ts, **threaded}}

    def _chat_update(self, given: Json) -> Json:
        self._acceptable(given)
        found = self._message(given)
        if found.body.get("user"):
            raise Refused("cant_update_message")
        found.body = {**found.body, **given}
        found.edits += 1
        return {"ts": found.ts}

    def _chat_delete(self, given: Json) -> Json:
        found = self._message(given)
        if found.body.get("user"):
            raise Refused("cant_delete_message")
        self.messages.remove(found)
        return {}

    def _chat_postEphemeral(self, given: Json) -> Json:  # noqa: N802 -- Slack's name
        channel = self._channel(given)
        self._acceptable(given)
        if given["user"] not in channel.members:
            raise Refused("user_not_in_channel")
        self.ephemerals.append((channel.id, given["user"], given))
        return {"message_ts": "1"}

    def _files_getUploadURLExternal(self, given: Json) -> Json:  # noqa: N802 -- Slack's name
        if not int(given.get("length") or 0) or not given.get("filename"):
            raise Refused("missing_argument")
        made = SlackFile(f"F0PICTURE{next(self._ids)}", self._team, int(given["length"]))
        self.files[made.id] = made
        return {"file_id": made.id, "upload_url": f"{self.uploads}{made.id}"}

    def take_content(self, file: str, content: bytes) -> bool:
        """Take the content of a file; False where it is not what was announced."""
        with self._lock:
            known = self.files.get(file)
            if known is None or known.size != len(content):
                return False
            known.content = content
            return True

    def _files_completeUploadExternal(self, given: Json) -> Json:  # noqa: N802 -- Slack's name
        for each in given["files"]:
            known = self.files.get(each["id"])
            # Each upload can be completed once, and only in its own workspace.
            if known is None or known.team != self._team or known.completed_at or not known.content:
                raise Refused("file_not_found")
            known.completed_at = self.clock()
        return {"files": [{"id": each["id"]} for each in given["files"]]}

    def _files_delete(self, given: Json) -> Json:
        known = self.files.get(given["file"])
        if known is None or known.completed_at is None or known.team != self._team:
            raise Refused("file_not_found")
        del self.files[known.id]
        return {}

    def held_files(self) -> list[SlackFile]:
        """Return the files whose upload was completed, and that were not deleted."""
        return [each for each in self.files.values() if each.completed_at]

    def _visible_files(self, given: Json) -> None:
        """Refuse blocks with a file that is unknown, not the app's here, or not processed yet."""
        for at, block in enumerate(given.get("blocks") or ()):
            if block["type"] != "image":
                continue
            known = self.files.get(block["slack_file"]["id"])
            done = known.completed_at if known and known.team == self._team else None
            wait = self.processed_after
            if done is None or wait is None or self.clock() - done < wait:
                where = f"[json-pointer:/blocks/{at}/slack_file]"
                raise Refused("invalid_blocks", said=f"[ERROR] invalid slack file {where}")

    def _conversations_open(self, given: Json) -> Json:
        user = given["users"]
        if user not in self.people:
            raise Refused("user_not_found")
        made = f"D{user[1:]}"
        self.channels.setdefault(made, SlackChannel(made, [user, BOT], team=self._team))
        return {"channel": {"id": made}}

    def _conversations_info(self, given: Json) -> Json:
        found = self._channel(given)
        return {
            "channel": {
                "id": found.id,
                "is_private": found.is_private,
                "is_ext_shared": found.is_ext_shared,
                "is_org_shared": found.is_org_shared,
                "is_shared": found.is_ext_shared or found.is_org_shared,
                "is_member": True,
            }
        }

    def _conversations_members(self, given: Json) -> Json:
        members, start = self._channel(given).members, int(given.get("cursor") or 0)
        end = start + 2
        more = str(end) if end < len(members) else ""
        return {"members": members[start:end], "response_metadata": {"next_cursor": more}}

    def _conversations_history(self, given: Json) -> Json:
        return self._read(self.shown(self._channel(given).id), given)

    def _conversations_replies(self, given: Json) -> Json:
        below = self.shown(self._channel(given).id, given["ts"])
        if not below and all(each.ts != given["ts"] for each in self.messages):
            raise Refused("thread_not_found")
        return self._read(below, given)

    def _read(self, messages: list[Message], given: Json) -> Json:
        recent = [m for m in messages if float(m.ts) >= float(given.get("oldest") or 0)]
        made = [{"ts": m.ts, "metadata": m.body.get("metadata", {})} for m in reversed(recent)]
        # The newest first; a cursor names the last one that was shown.
        after = given.get("cursor")
        start = [each["ts"] for each in made].index(after) + 1 if after else 0
        limit = min(int(given["limit"]), FEW) if self.is_distributed else int(given["limit"])
        page = made[start : start + limit]
        more = page[-1]["ts"] if len(made) > start + limit else ""
        return {"messages": page, "response_metadata": {"next_cursor": more}}

    def _users_info(self, given: Json) -> Json:
        found = self.people.get(given["user"])
        if found is None:
            raise Refused("user_not_found")
        return {
            "user": {
                "id": found.user,
                "team_id": found.team,
                "deleted": found.deleted,
                "is_restricted": found.guest,
                "is_bot": found.bot,
                "is_stranger": found.stranger,
                **_of_organisation(found),
                "profile": {"email": found.address} if "users:read.email" in self.scopes else {},
            }
        }

    def _views_open(self, given: Json) -> Json:
        user, at = self._triggers.pop(given["trigger_id"], ("", self.clock()))
        if not user:
            raise Refused("exchanged_trigger_id")
        if self.clock() - at > TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        self._valid_view(given["view"])
        name = f"V{next(self._ids)}"
        self.windows[name] = given["view"]
        self.opened.append((user, {"id": name, **given["view"]}))
        return {"view": {"id": name}}

    _views_push = _views_open

    def _views_update(self, given: Json) -> Json:
        if given["view_id"] not in self.windows:
            raise Refused("not_found")
        self._valid_view(given["view"])
        self.windows[given["view_id"]] = given["view"]
        return {}

    def _views_publish(self, given: Json) -> Json:
        self._valid_view(given["view"])
        self.homes[given["user_id"]] = given["view"]
        return {}

    def _channel(self, given: Json) -> SlackChannel:
        found = self.channels.get(given["channel"])
        if found is None:
            raise Refused("channel_not_found")
        if self._team in self.organisations:
            if found.team != self._team and found.team not in self.organisations[self._team]:
                raise Refused("team_access_not_granted")
        elif found.team != self._team:
            raise Refused("channel_not_found")
        if BOT not in found.members:
            raise Refused("not_in_channel")
        return found

    def _message(self, given: Json) -> Message:
        self._channel(given)
        for each in self.messages:
            if (each.channel, each.ts) == (given["channel"], given["ts"]):
                return each
        raise Refused("message_not_found")

    def _acceptable(self, given: Json) -> None:
        known = {"text", "blocks", "unfurl_links", "unfurl_media"}
        said = {"unfurl_links": False, "unfurl_media": False}
        said |= {name: each for name, each in given.items() if name in known}
        if problems := message_problems(said):
            self.problems += problems
            raise Refused("invalid_blocks")
        self._visible_files(given)

    def _valid_view(self, view: Json) -> None:
        check = view_problems if "private_metadata" in view else shown_problems
        if problems := check(view):
            self.problems += problems
            raise Refused("invalid_arguments")


def _of_organisation(person: SlackPerson) -> Json:
    if not person.organisation:
        return {}
    whole = {"id": person.user, "enterprise_id": person.organisation}
    return {"enterprise_user": {**whole, "teams": list(person.workspaces)}}
