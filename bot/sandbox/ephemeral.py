"""Private replies: a card, a sentence or a dialog that only one person sees."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from bot.cards.kit.model import Dialog
from bot.interaction import Reply
from bot.sandbox.forms import completed, new_key
from bot.sandbox.renderer import card_html, dialog_html

MOST_DIALOGS = 200


@dataclass(frozen=True, slots=True)
class Private:
    """A reply rendered for one person alone; all parts are empty where there is none."""

    card: Markup | None = None
    sentence: str | None = None
    dialog: Markup | None = None


class PrivateReplies:
    """Renders replies, and remembers the dialogs that are open in a browser.

    A platform keeps a dialog open when an answer in it is wrong. The sandbox shows it again, so its
    content has to be known. The newest few are kept in memory, by the key of the form in which they
    were shown; one that is forgotten is opened again and filled in.
    """

    def __init__(self) -> None:
        self._open: OrderedDict[str, Dialog] = OrderedDict()

    def has_forgotten(self, reply: Reply, key: str) -> bool:
        """Return whether a form with errors is no longer in memory, so that it has to be opened
        anew."""
        return bool(reply.errors) and reply.dialog is None and key not in self._open

    def rendered(
        self, reply: Reply, *, channel: str, person: str, key: str, typed: Mapping[str, str] | None
    ) -> Private:
        """Render the reply to a person's form. ``key`` names the form, ``typed`` holds its
        answers."""
        card = completed(card_html(reply.card), channel, person) if reply.card else None
        dialog = reply.dialog or (self._open.get(key) if reply.errors else None)
        if dialog is None:
            return Private(card, " ".join(reply.errors.values()) or None)
        # A corrected form is a new attempt, so it gets a new key.
        again = self._remember(dialog)
        values = typed if reply.errors else None
        html = dialog_html(dialog, errors=reply.errors, values=values)
        return Private(card, None, completed(html, channel, person, lambda: again))

    def _remember(self, dialog: Dialog) -> str:
        key = new_key()
        self._open[key] = dialog
        while len(self._open) > MOST_DIALOGS:
            self._open.popitem(last=False)
        return key
