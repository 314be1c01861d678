"""The platforms as a person at a screen uses them: text to read, buttons to press and forms.

Each one speaks its platform's own protocol underneath.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from integrations.mail.folder import FolderMailer
from tests.worker.office import Office


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person was shown: all the text that can be read, and the form if one is open.

    ``form`` is in the platform's own format and is passed to ``sends``.
    """

    words: str = ""
    form: Any = None


class Place(Protocol):
    """A platform with the invented schools on it. People are identified by their first name."""

    office: Office

    def card(self, name: str) -> str:
        """Return the newest card in the channel of Languages, as this person reads it."""
        ...

    def messages(self) -> int:
        """Return how many of Lantern's messages are in that channel."""
        ...

    def presses(self, name: str, button: str) -> Answer:
        """Press the button with this label on that card as this person, under More too."""
        ...

    def sends(self, name: str, form: Any, answers: Mapping[str, str] | None = None) -> Answer:
        """Fill in and send a form as this person, with labels and options as they are shown.

        Fields that are not named keep the values that were shown.
        """
        ...

    def types(self, name: str, line: str) -> Answer:
        """Type a command as this person in their own school's channel."""
        ...

    def answers_the_mail(self, text: str) -> None:
        """Answer, as the student, the email that was sent."""
        ...


def answer_in_folder(office: Office, text: str) -> None:
    """Deliver the student's answer to the email service, and fetch it from there."""
    (mail,) = office.left()
    assert isinstance(office.services.mailer, FolderMailer)
    office.services.mailer.answer_as_student(mail.mailbox, mail.ref, text)
    office.services.queue.enqueue("collect-replies")


def labelled(labels: Mapping[str, Any], wanted: str) -> Any:
    """Return the value whose label begins with these words."""
    found = [each for label, each in labels.items() if label.startswith(wanted)]
    assert found, f"{wanted!r} is not among {list(labels)}"
    return found[0]
