"""Capture what colleagues say below the card of a case, where the school's policy keeps it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.interaction import Person
from bot.slack.gateway import Gateway
from bot.slack.inbound_request import InboundRequest, part
from bot.slack.plain_text import without_mentions
from bot.thread_capture import capture, capture_deletion, capture_edit
from store.rules.errors import CaseworkError
from store.rules.model import Platform

_BY_PEOPLE = (None, "thread_broadcast", "file_share")
"""The subtypes of what a person says; the others report joining, renaming and bots."""


def save_thread_message(gateway: Gateway, arrived: InboundRequest) -> bool:
    """Save, change or delete one message; return whether there was anything to do."""
    event = part(arrived.body, "event")
    here = Person(Platform.SLACK, arrived.team, "")
    if arrived.team not in gateway.workspace.account.teams:
        return False
    match event.get("subtype"):
        case "message_changed":
            edited = part(event, "message")
            stamp, words = str(edited.get("ts")), without_mentions(edited.get("text"))
            return gateway.is_first(arrived) and capture_edit(
                gateway.store, here, arrived.channel, stamp, words
            )
        case "message_deleted":
            stamp = str(event.get("deleted_ts"))
            return capture_deletion(gateway.store, here, arrived.channel, stamp)
        case subtype if subtype in _BY_PEOPLE and "bot_id" not in event:
            return _said(gateway, arrived, event)
    return False


def _said(gateway: Gateway, arrived: InboundRequest, event: Mapping[str, Any]) -> bool:
    stamp, words = str(event.get("ts")), str(event.get("text") or "")
    if arrived.thread in (None, stamp) or _is_command(arrived, words):
        return False
    try:
        person = gateway.authenticator.person(arrived)
    except CaseworkError:
        return False
    at = dt.datetime.fromtimestamp(float(stamp), dt.UTC)
    root = str(arrived.thread)
    return gateway.is_first(arrived) and capture(
        gateway.store, person, arrived.channel, root, stamp, without_mentions(words), at
    )


def _is_command(arrived: InboundRequest, words: str) -> bool:
    """Return whether the line addresses Lantern, which also arrives as a mention."""
    installed = arrived.body.get("authorizations") or [{}]
    return f"<@{installed[0].get('user_id')}>" in words
