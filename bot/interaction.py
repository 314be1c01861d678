"""What comes in from any platform, and what goes back to the person who asked.

A listener translates its platform's request into an ``Interaction``, hands it to
``commands.Desk.handle`` and renders the ``Reply``. Cards in channels are not part of a reply: they
change through the outbox, so that everybody sees the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.cards.kit.model import Card, Dialog
from store.rules.model import Platform


@dataclass(frozen=True, slots=True)
class Person:
    """A platform's own account of who acts. ``tenant`` is the Slack team or Entra tenant."""

    platform: Platform
    tenant: str
    user: str


@dataclass(frozen=True, slots=True)
class Interaction:
    """One thing that a person did, in neutral words.

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
    """What only this person sees: a private card, a dialog to fill in, or wrong answers.

    ``errors`` maps a dialog field's name to the sentence that stands beside it; the dialog
    stays open. An empty reply closes the dialog or says nothing.
    """

    card: Card | None = None
    dialog: Dialog | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
