"""Post a card in a school's channels, update it in place, and delete it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.cards.kit.model import Card
from bot.cards.kit.reply_cards import notice
from bot.cards.notices.thread_notice import Line
from bot.sandbox.renderer import card_html, line_html
from bot.slack.renderer import message as slack_message
from bot.slack.thread_notice import line_message as slack_line
from bot.teams.renderer import message as teams_message
from bot.teams.thread_notice import line_message as teams_line
from integrations.chat.interface import Address, DeliveryError, MessageRef, Payload, Workspace
from store.db.unit_of_work import Store
from store.delivery import closed_channels
from store.queries.schools.staff import Channel, school_channels
from store.rules.model import Platform
from store.tables import posts

WITHDRAWN = "This message has been withdrawn."
UNSURE = ""
"""A hash that no content has: it makes the next update write the message again."""


def _sandbox(card: Card) -> Payload:
    return {"html": card_html(card), "summary": card.summary}


def _sandbox_line(line: Line) -> Payload:
    return {"html": line_html(line), "summary": line.summary}


RENDERERS: Mapping[Platform, Callable[[Card], Payload]] = {
    Platform.SANDBOX: _sandbox,
    Platform.SLACK: slack_message,
    Platform.TEAMS: teams_message,
}

LINES: Mapping[Platform, Callable[[Line], Payload]] = {
    Platform.SANDBOX: _sandbox_line,
    Platform.SLACK: slack_line,
    Platform.TEAMS: teams_line,
}


def put(
    store: Store, workspaces: Mapping[Platform, Workspace], school: int, subject: str, card: Card
) -> None:
    """Show ``card`` as the message about ``subject`` in every channel of a school.

    Updates a message about the subject where one exists, and does nothing where it would stay
    the same. Tries every channel before it raises ``DeliveryError``, so that one failing channel
    stops no other; what was posted stays recorded. If two workers change one message at once, one
    of them gets the error and shows the newest card afterwards.
    """
    with store.database.read() as connection:
        channels = school_channels(connection, school)
        closed = closed_channels.closed_channels(connection)
    refused = []
    for channel in channels:
        if channel.platform in workspaces and channel.id not in closed:
            try:
                _put(store, workspaces[channel.platform], channel, subject, card)
            except DeliveryError as error:
                refused.append(error)
    if refused:
        # A retryable error is raised first: the row is then retried, and done where it was not.
        raise min(refused, key=lambda error: error.permanent)


def erase(workspace: Workspace, platform: Platform, message: MessageRef) -> bool:
    """Delete a message; False where it could only be emptied and is still there.

    Raises ``DeliveryError``: the message is still there with its text.
    """
    try:
        workspace.delete(message)
    except DeliveryError as refused:
        if not refused.permanent:
            raise
        try:
            workspace.update(message, RENDERERS[platform](notice(WITHDRAWN)))
        except DeliveryError:
            raise refused from None
        return False
    return True


def _put(store: Store, workspace: Workspace, channel: Channel, subject: str, card: Card) -> None:
    payload = RENDERERS[channel.platform](card)
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    address = Address(channel.platform, channel.tenant, channel.channel)
    with store.database.read() as connection:
        known = connection.execute(
            sa.select(posts).where(posts.c.subject == subject, posts.c.channel_id == channel.id)
        ).one_or_none()
    if known is None:
        posted = workspace.post(address, payload, key=f"{subject}@{channel.id}")
        _record_first(store, workspace, channel, subject, posted, digest)
    elif known.content_hash != digest:
        try:
            workspace.update(MessageRef(address, known.message), payload)
        except DeliveryError as error:
            if not error.gone:
                raise
            # A colleague deleted it by hand; the case continues, and needs a card.
            closed_channels.set_aside(store, known.id)
            _put(store, workspace, channel, subject, card)
        else:
            _record_change(store, known.id, known.content_hash, digest)


def _record_first(
    store: Store,
    workspace: Workspace,
    channel: Channel,
    subject: str,
    posted: MessageRef,
    digest: str,
) -> None:
    row = {"subject": subject, "channel_id": channel.id, "message": posted.message}
    try:
        with store.unit_of_work() as work:
            work.connection.execute(
                sa.insert(posts).values(**row, content_hash=digest, posted_at=work.now)
            )
    except IntegrityError:
        mine = [posts.c[name] == value for name, value in row.items()]
        with store.unit_of_work() as work:
            # Both posted under one key. Where the platform kept two messages, one has to go.
            kept = work.connection.execute(sa.select(posts.c.id).where(*mine)).first()
            work.connection.execute(sa.update(posts).where(*mine[:2]).values(content_hash=UNSURE))
        if kept is None:
            workspace.delete(posted)
        raise _at_once() from None


def _record_change(store: Store, post: int, before: str, digest: str) -> None:
    with store.unit_of_work() as work:
        this = sa.update(posts).where(posts.c.id == post)
        unchanged = posts.c.content_hash == before
        if work.connection.execute(this.where(unchanged).values(content_hash=digest)).rowcount:
            return
        work.connection.execute(this.values(content_hash=UNSURE))
    raise _at_once()


def _at_once() -> DeliveryError:
    """Report that another worker changed the message at once, so it may show the older card."""
    return DeliveryError("another worker changed the same message at the same moment")
