"""The system behind the sandbox's pages: the real dispatcher, store and mail folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from bot.cards.kit.model import Card
from bot.commands.dispatcher import Dispatcher
from bot.commands.table import COMMANDS
from bot.interaction import Interaction, Person, Reply
from bot.posting.channel_card import own_cards
from bot.sandbox.backend import (
    MAILS_ON_A_PAGE,
    OutboxEntry,
    OutboxPage,
    SandboxChannel,
    SandboxPerson,
    StudentAnswer,
    StudentMail,
    StudentMailbox,
)
from bot.sandbox.lesson import LessonView
from bot.sandbox.lesson_progress import LessonRoom
from bot.thread_capture import capture
from integrations.activity.lookups import lookups
from integrations.bootstrap import Services
from integrations.chat.sandbox import DIRECT, TENANT, SandboxWorkspace
from integrations.mail.folder import FolderMailer
from store.actions.disclose import disclose_all
from store.db.read_once import Of, shown_together
from store.policies.versions import why_not_screened
from store.queries.audit import AuditLine, audit_lines
from store.queries.cases.posted import case_messages
from store.queries.outreach.mails import OutboxLine, outbox_lines, sent_mails
from store.queries.schools.staff import (
    EnrolledPerson,
    actor_by_identity,
    on_platform,
)
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action, may_in_role
from store.rules.calendar import INSTITUTION, institution_day
from store.rules.model import OutboxKind, Platform

_MAIL = (Shows.IDENTITY, Shows.ADDRESS, Shows.LETTER, Shows.ANSWERS)


class LiveBackend:
    """The ``Backend`` that uses the services of this process.

    ``forward`` moves the sandbox's own clock; ``room`` keeps the lesson. Both are only for a
    process that was started for training.
    """

    def __init__(
        self,
        services: Services,
        workspace: SandboxWorkspace,
        forward: Callable[[], object] | None = None,
        room: LessonRoom | None = None,
    ) -> None:
        self._services = services
        self._desk = Dispatcher(services.store, lookups(services))
        self._forward = forward
        self._room = room
        self.workspace = workspace
        self.zone = INSTITUTION

    def today(self) -> dt.date:
        """Return the current day in the institution's time zone."""
        return institution_day(self._services.now())

    def people(self) -> Sequence[SandboxPerson]:
        """List everyone who is enrolled on the sandbox."""
        with self._services.store.database.read() as connection:
            found = on_platform(connection, Platform.SANDBOX, TENANT)
            names = {school.id: school.name for school in found.schools}
            shown_together(connection, Of.SCHOOL, names)
            channels = [
                (each.school, SandboxChannel(each.channel, each.name, names[each.school], why))
                for each in found.channels
                for why in [why_not_screened(connection, each.school, self.today())]
            ]
        return [_person(each, channels) for each in found.people]

    def looks(self) -> AbstractContextManager[None]:
        """Open a block in which all reads of one page see the same state."""
        return self._services.store.database.reads_together()

    def handle(self, interaction: Interaction) -> Reply:
        """Run a click, a form or a typed line through the dispatcher."""
        return self._desk.handle(interaction)

    def commands(self, user: str) -> Sequence[tuple[str, str, str]]:
        """List the commands that this person's roles allow."""
        with self._services.store.database.read() as connection:
            person = actor_by_identity(connection, Platform.SANDBOX, TENANT, user)
        rows = COMMANDS.rows_for(person) if person else ()
        return [(row.name, row.help, row.example) for row in rows]

    def own_cards(self, user: str, channel: str, messages: Sequence[int]) -> Mapping[int, Card]:
        """Build the current cards, with the buttons that can succeed for this person."""
        store = self._services.store
        with store.database.read() as connection:
            person = actor_by_identity(connection, Platform.SANDBOX, TENANT, user)
            if person is None:
                return {}
            found = case_messages(connection, Platform.SANDBOX, channel)
            shown = {each: found[str(each)] for each in messages if str(each) in found}
            cards = own_cards(connection, store, person, set(shown.values()))
        return {each: cards[case] for each, case in shown.items() if case in cards}

    def heard(self, user: str, channel: str, thread: str, message: str, text: str) -> None:
        """Capture a reply under a case's card, where the school's policy keeps it."""
        person = Person(Platform.SANDBOX, TENANT, user)
        store = self._services.store
        capture(store, person, channel, thread, message, text, self._services.now())

    def outbox(self, user: str, page: int = 1) -> OutboxPage:
        """List what was sent and what waits, newest first. Records that this person read it."""
        skip = (page - 1) * MAILS_ON_A_PAGE
        with self._services.store.database.read() as connection:
            mails = outbox_lines(connection, mails=True, limit=MAILS_ON_A_PAGE + 1, skip=skip)
            others = outbox_lines(connection, mails=False)
        shown = mails[:MAILS_ON_A_PAGE]
        self._read(user, [line.case for line in shown if line.case and line.body])
        entries = [_entry(line) for line in (*shown, *others)]
        return OutboxPage(entries, page, has_older=len(mails) > len(shown))

    def student_mail(self, user: str) -> Sequence[StudentMailbox]:
        """List students' emails and answers. Records that this person read them."""
        with self._services.store.database.read() as connection:
            mails = sent_mails(connection)
        self._read(user, [mail.case for mail in mails])
        boxes: dict[int, list[StudentMail]] = {}
        names = {mail.student: mail.student_name for mail in mails}
        for mail in mails:
            answers = tuple(StudentAnswer(text, at) for at, text in mail.answers)
            boxes.setdefault(mail.student, []).append(
                StudentMail(
                    message=str(mail.outreach),
                    sender=mail.school_name,
                    subject=mail.subject,
                    body=mail.body,
                    at=mail.sent_at,
                    answers=answers,
                    replies=tuple(StudentAnswer(text, at) for at, text in mail.replies),
                )
            )
        return [StudentMailbox(str(who), names[who], tuple(each)) for who, each in boxes.items()]

    def _read(self, user: str, cases: Sequence[int]) -> None:
        with self._services.store.unit_of_work() as work:
            actor = actor_by_identity(work.connection, Platform.SANDBOX, TENANT, user)
            if actor is not None:
                disclose_all(work, actor.id, cases, _MAIL, Implied.SANDBOX)

    def audit(self, before: int | None, about: str = "") -> Sequence[AuditLine]:
        """List rows of the audit, with names instead of ids."""
        with self._services.store.database.read() as connection:
            return audit_lines(connection, before=before, about=about)

    def audit_trouble(self) -> str:
        """Verify the whole chain; return a sentence on where it is broken, or ''."""
        broken = self._services.store.verify_audit()
        return f"The chain is broken at row {broken.seq}: {broken.reason}." if broken else ""

    @property
    def can_forward(self) -> bool:
        """Return whether this sandbox has its own clock."""
        return self._forward is not None

    def forward(self) -> None:
        """Move the clock to the next school morning, with its screening and its digests."""
        if self._forward:
            self._forward()

    def lesson(self) -> LessonView | None:
        """Return the learner's progress; None where there is no lesson."""
        return self._room.view() if self._room else None

    def begin_lesson(self, user: str) -> None:
        """Start the lesson for this person."""
        if self._room:
            self._room.begin(user)

    def finish_lesson(self) -> None:
        """Record the training of the learner, where a lesson is open."""
        if self._room:
            self._room.finish()

    def answer(self, message: str, text: str, key: str) -> None:
        """Put the student's answer into the mailbox, and have the mailbox read.

        Raises ``LookupError`` where there is no such email, or emails do not go to the local
        folder.
        """
        mailer = self._services.mailer
        if not isinstance(mailer, FolderMailer):
            raise LookupError("emails do not go to the local folder, so you cannot answer here")
        with self._services.store.database.read() as connection:
            found = [mail for mail in sent_mails(connection) if str(mail.outreach) == message]
        if not found:
            raise LookupError("there is no such email")
        mailer.answer_as_student(found[0].sender, found[0].provider_ref, text, key)
        self._services.queue.enqueue("collect-replies")


def _person(
    enrolled: EnrolledPerson, channels: Sequence[tuple[int, SandboxChannel]]
) -> SandboxPerson:
    schools = {school.id for school, role in enrolled.roles if may_in_role(role, Action.SEE)}
    own = tuple(channel for school, channel in channels if school in schools)
    silences = {each.silence for each in own}
    return SandboxPerson(
        user=enrolled.user,
        name=enrolled.name,
        roles="; ".join(
            f"{role.label.capitalize()}, {school.name}" for school, role in enrolled.roles
        ),
        channels=own,
        direct=SandboxChannel(
            f"{DIRECT}{enrolled.user}",
            "Messages from Lantern",
            "Direct messages",
            silences.pop() if len(silences) == 1 else "",
        ),
        sees=_sees(enrolled),
    )


def _sees(enrolled: EnrolledPerson) -> str:
    """Say what a person can see whose role opens no case and has no channel."""
    if any(may_in_role(role, Action.FIGURES) for _, role in enrolled.roles):
        return "You see figures of your faculty's schools: /lantern report"
    return (
        "Your role does not open cases. What you can do is in /lantern help"
        if enrolled.roles
        else ""
    )


def _entry(line: OutboxLine) -> OutboxEntry:
    about = {
        OutboxKind.CARD: f"Card of {line.reference}",
        OutboxKind.DIGEST: f"Digest of {line.school_name}",
        OutboxKind.MAIL: f"{line.reference}, email to the student",
        OutboxKind.AUTOMATIC_REPLY: f"{line.reference}, automatic reply to the student",
        OutboxKind.DATA_LETTER: "Email to a student about their own request",
        OutboxKind.LINE: f"Line in the thread of {line.reference}",
        OutboxKind.PICTURE: f"Picture of the chart of {line.reference}",
        OutboxKind.NOTICE: "Message to a colleague"
        + (f" about {line.reference}" if line.reference else ""),
        OutboxKind.ERASURE: "A message or file to delete",
    }[line.kind]
    return OutboxEntry(
        id=line.id,
        kind=line.kind,
        state=line.state,
        at=line.at,
        about=about,
        to=line.recipient,
        subject=line.subject,
        body=line.body,
        trouble=line.trouble,
    )
