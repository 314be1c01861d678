"""Remember what a person types in a window, so that it is there again if the window is closed.

Slack does not say what was typed in a window when it is closed: its ``view_closed`` has no values
(slackapi/bolt-python, tests/slack_bolt/request). So a field whose words are worth it reports each
change (``dispatch_action``), and the last one is kept here: in this process's memory alone, for an
hour, and for that person only. What is saved or sent is forgotten.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.cards.kit.ids import unpack
from bot.cards.kit.model import Dialog, DialogBlock, Input, Text, TextStyle
from bot.cards.kit.plain_text import seen
from bot.slack.action_values import submitted

KEPT_FOR = dt.timedelta(hours=1)
MOST = 200
"""Windows of all people; the oldest are forgotten first."""
HERE_AGAIN = "What you wrote before is here again. Nothing has been sent yet."

Person = tuple[str, str]
"""A workspace and an account."""
_Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Field:
    """The words of a field: suggested by Lantern, shown when its window opened, and typed last."""

    suggested: str
    shown: str
    typed: str


@dataclass(frozen=True, slots=True)
class _Typed:
    """The changed fields of a window, by their names."""

    at: dt.datetime
    fields: Mapping[str, _Field]


class TypedWords:
    """What people have typed in windows that are still open, or were closed by accident."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._kept: dict[_Key, _Typed] = {}

    def keep(self, person: Person, view: Mapping[str, Any]) -> None:
        """Remember the words in a window's fields, as its ``block_actions`` have them."""
        click = submitted(view)
        values, key = click.values or {}, _key(person, click.action, click.ids)
        with self._lock:
            known = self._kept.pop(key, None)
            self._prune()
            earlier = known.fields if known else {}
            changed = {
                name: _typed(earlier.get(name), shown, values[name])
                for name, shown in _begun_with(view)
                if name in values
            }
            changed = {name: each for name, each in changed.items() if each.typed != each.suggested}
            if changed:
                self._kept[key] = _Typed(self._now(), changed)

    def restored(self, person: Person, dialog: Dialog) -> Dialog:
        """Return the dialog with the words that the person had typed in it, and a line about them.

        A field that begins with other words than before stays as it is: someone else changed them.
        """
        key = _key(person, dialog.action, dialog.ids)
        with self._lock:
            self._prune()
            known = self._kept.get(key)
            if known is None:
                return dialog
            blocks = tuple(_again(block, known.fields) for block in dialog.blocks)
            if blocks == dialog.blocks:
                return dialog
            fields = {name: replace(each, shown=each.typed) for name, each in known.fields.items()}
            self._kept[key] = replace(known, fields=fields)
        return replace(dialog, blocks=(Text(HERE_AGAIN, TextStyle.SUBTLE), *blocks))

    def forget(self, person: Person, view: Mapping[str, Any]) -> None:
        """Forget the words of a window, since they are saved."""
        key = _key(person, view["callback_id"], unpack(view["private_metadata"]))
        with self._lock:
            self._kept.pop(key, None)

    def _prune(self) -> None:
        latest = self._now() - KEPT_FOR
        self._kept = {key: each for key, each in self._kept.items() if each.at > latest}
        for key in list(self._kept)[: max(0, len(self._kept) - MOST)]:
            del self._kept[key]


def _key(person: Person, action: str, ids: Mapping[str, str]) -> _Key:
    return (*person, action, ids.get("case", ""))


def _begun_with(view: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the first words of each text field of a window."""
    elements = (block["element"] for block in view["blocks"] if block["type"] == "input")
    return [
        (each["action_id"], each.get("initial_value", ""))
        for each in elements
        if each["type"] == "plain_text_input"
    ]


def _typed(earlier: _Field | None, shown: str, typed: str) -> _Field:
    """Return a field as it is now; ``shown`` may be words that were typed before."""
    is_again = earlier is not None and shown in (earlier.suggested, earlier.shown)
    return _Field(earlier.suggested if earlier and is_again else shown, shown, typed)


def _again(block: DialogBlock, fields: Mapping[str, _Field]) -> DialogBlock:
    if not isinstance(block, Input) or block.name not in fields or not block.is_kept:
        return block
    known = fields[block.name]
    if seen(block.value) != known.suggested or len(known.typed) > block.max_length:
        return block
    return replace(block, value=known.typed)
