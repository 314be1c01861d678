"""The places where staff talk, as somebody in front of a screen has them: what can be read, what
can be pressed, and which forms open. Each speaks its platform's own protocol underneath.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from integrations.mail.folder import FolderMailer
from tests.worker.office import Office


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person got: everything that can be read of it, and the form, where one is open.

    ``form`` is the platform's own, to be given back to ``sends``.
    """

    words: str = ""
    form: Any = None


class Place(Protocol):
    """A platform with the invented schools on it. People are called by their given name."""

    office: Office

    def card(self, name: str) -> str:
        """The newest card in the channel of Languages, as this person reads it."""
        ...

    def messages(self) -> int:
        """How many messages of Lantern's stand in that channel."""
        ...

    def presses(self, name: str, button: str) -> Answer:
        """This person presses the button of that card that is labelled so, under More too."""
        ...

    def sends(self, name: str, form: Any, answers: Mapping[str, str] | None = None) -> Answer:
        """This person fills in a form and sends it; labels and options as they are read.

        What is not named stays as it was shown.
        """
        ...

    def types(self, name: str, line: str) -> Answer:
        """This person types a command in their own school's channel."""
        ...

    def answers_the_mail(self, text: str) -> None:
        """The student answers the mail that left."""
        ...


def answer_in_folder(office: Office, text: str) -> None:
    """The student's answer arrives at the mail service, and is fetched."""
    (mail,) = office.left()
    assert isinstance(office.services.mailer, FolderMailer)
    office.services.mailer.answer_as_student(mail.mailbox, mail.ref, text)
    office.services.queue.enqueue("collect-replies")


def labelled(labels: Mapping[str, Any], wanted: str) -> Any:
    """What stands behind the label that begins with these words."""
    found = [each for label, each in labels.items() if label.startswith(wanted)]
    assert found, f"{wanted!r} is not among {list(labels)}"
    return found[0]
