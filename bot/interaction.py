"""Interactions from any platform, and the replies to the people who asked.

A listener translates its platform's request into an ``Interaction``, hands it to
``commands.Dispatcher.handle`` and renders the ``Reply``. Cards in channels are not part of a
reply: the outbox changes them, so that everyone sees the same card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.cards.kit.model import Card, Dialog
from store.rules.model import Platform


@dataclass(frozen=True, slots=True)
class Person:
    """A platform's account of the person who acts. ``tenant`` is the Slack team or Entra tenant."""

    platform: Platform
    tenant: str
    user: str


@dataclass(frozen=True, slots=True)
class Interaction:
    """One act of a person in neutral terms.

    ``action`` is a command's name: typed (``text`` holds what follows it), clicked (``ids`` say to
    what) or submitted (``values`` hold the dialog's answers, and are None for a click or a typed
    command). ``key`` identifies the interaction, so that the same one delivered twice acts once.
    """

    person: Person
    action: str
    channel: str
    key: str
    ids: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer that only this person sees: a private card, a dialog, or errors in a dialog.

    ``errors`` maps a dialog field's name to the sentence that is shown beside it; the dialog
    stays open. An empty reply closes the dialog or says nothing.
    """

    card: Card | None = None
    dialog: Dialog | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
