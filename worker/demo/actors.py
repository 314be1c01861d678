"""People who act in the demo's story: they click and type as anyone would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from bot.cards.kit.model import Dialog
from bot.interaction import Interaction, Person, Reply
from bot.sandbox.local_backend import LiveBackend
from integrations.bootstrap import Services
from integrations.chat.sandbox import TENANT, SandboxWorkspace
from integrations.job_queue import InProcessQueue
from store.queries.students.references import newest_case, student_numbered
from store.rules.model import Platform
from worker import jobs
from worker.demo.clock import StoryClock
from worker.demo.habits import Part
from worker.demo.people import DemoSchool
from worker.processes import clock


class StoryError(Exception):
    """The story cannot continue: an action was refused that should have succeeded."""


@dataclass(slots=True)
class Actors:
    """Everyone in the story, with the dispatcher and the time."""

    services: Services
    clock: StoryClock
    backend: LiveBackend = field(init=False)
    _keys: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        workspace = self.services.workspaces[Platform.SANDBOX]
        if not isinstance(workspace, SandboxWorkspace):
            raise StoryError("the demo takes place in the sandbox")
        self.backend = LiveBackend(self.services, workspace)

    def at(self, day: dt.date, time: str) -> None:
        """Move the clock to this time, and do all work that is due by then, as the clock process
        does."""
        self.clock.set(day, time)
        clock.tick(self.services)
        self._work()

    def say(self, user: str, school: DemoSchool, text: str) -> None:
        """Post a message of a colleague in the school's channel."""
        self.backend.workspace.say(school.code.lower(), user, text)

    def take(self, user: str, case: int) -> None:
        """Make a colleague the owner of the case, by its button."""
        self._ask(user, "take", {"case": str(case)})

    def fill_in(self, user: str, action: str, case: int, **answers: str) -> None:
        """Open a dialog, change these answers in it, and submit it."""
        dialog = self._dialog(user, action, {"case": str(case)})
        as_shown = {each.name: _shown(each) for each in dialog.fields()}
        self._submit(user, dialog, as_shown | answers)

    def answer(self, school: DemoSchool, part: Part, text: str) -> None:
        """Answer the newest email as the student of this part."""
        mailboxes = {box.student: box for box in self.backend.student_mail("")}
        mail = mailboxes[str(self._student(school, part))].mails[0]
        self.backend.answer(mail.message, text, f"demo-{next(self._keys)}")
        self._work()

    def case_of(self, school: DemoSchool, part: Part) -> int:
        """Return the open case of the student who plays this part.

        Raises ``StoryError`` where there is none.
        """
        with self.services.store.database.read() as connection:
            found = newest_case(connection, self._student(school, part))
        if found is None:
            raise StoryError(f"there is no case for {part.name} of {school.code}")
        return found

    def _student(self, school: DemoSchool, part: Part) -> int:
        with self.services.store.database.read() as connection:
            return student_numbered(connection, part.number(school))

    def _dialog(self, user: str, action: str, ids: Mapping[str, str]) -> Dialog:
        reply = self._ask(user, action, ids)
        if reply.dialog is None:
            raise StoryError(f"{user} gets no dialog for {action}: {_said(reply)}")
        return reply.dialog

    def _submit(self, user: str, dialog: Dialog, answers: Mapping[str, str]) -> None:
        reply = self._ask(user, dialog.action, dialog.ids, answers)
        if reply != Reply():
            raise StoryError(f"{user} cannot {dialog.action}: {_said(reply)}")

    def _ask(
        self,
        user: str,
        action: str,
        ids: Mapping[str, str],
        values: Mapping[str, str] | None = None,
    ) -> Reply:
        person = Person(Platform.SANDBOX, TENANT, user)
        key = f"demo-{next(self._keys)}"
        reply = self.backend.handle(Interaction(person, action, "", key, ids, values))
        self._work()
        return reply

    def _work(self) -> None:
        if isinstance(self.services.queue, InProcessQueue):
            self.services.queue.run_waiting(jobs.run_with(self.services))


def _shown(item: object) -> str:
    return getattr(item, "value", None) or getattr(item, "chosen", None) or ""


def _said(reply: Reply) -> str:
    return reply.card.summary if reply.card else " ".join(reply.errors.values())
