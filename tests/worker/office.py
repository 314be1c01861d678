"""The invented world with all services of a Lantern process, embedded.

``office.types("alice", "take LANG-1")``, ``office.clicks(…)`` and ``office.submits(…)`` are what
people do; ``office.works()`` is what the worker does afterwards, here and now.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from pathlib import Path
from unittest import mock

import sqlalchemy as sa

from bot.cards.kit.model import Card, Dialog, Input
from bot.commands.dispatcher import Dispatcher
from bot.interaction import Interaction, Person, Reply
from integrations import bootstrap
from integrations.activity.lookups import lookups
from integrations.bootstrap import Services
from integrations.chat.sandbox import Message, SandboxWorkspace
from integrations.job_queue import InProcessQueue
from integrations.mail.folder import FolderMail, FolderMailer
from integrations.settings import Settings, load_settings
from store.actions.schools.channels import SANDBOX_TENANT, ensure_sandbox_channels
from store.actions.schools.load_roster import load_roster
from store.db import answering
from store.rules.model import Level, Platform
from store.rules.schools import Roster, StudentEntry
from store.tables import cases, staff
from tests.people import LANGUAGES, MATHEMATICS, ROSTER, finding, policy_document
from tests.policy.school import copy_of
from tests.stores import TOLD, FakeClock, spare_the_disk
from tests.worker.played import plays
from tests.world import World
from worker import jobs

ENROLLED = replace(
    ROSTER,
    staff=tuple(
        replace(person, sandbox_user=person.email.partition("@")[0]) for person in ROSTER.staff
    ),
)


@dataclass
class Office:
    """A running Lantern, its people, and what they do."""

    services: Services
    world: World
    _keys: Iterator[int] = field(default_factory=count)

    @property
    def clock(self) -> FakeClock:
        return self.world.clock

    # -- What people do ----------------------------------------------------------------------

    def types(self, name: str, line: str) -> Reply:
        """Type ``/lantern <line>`` as this person."""
        action, _, text = line.partition(" ")
        return self.asks(name, action, text=text)

    def clicks(self, name: str, action: str, key: str | None = None, **ids: object) -> Reply:
        """Click a button that carries these ids, as this person."""
        return self.asks(name, action, key, ids={k: str(v) for k, v in ids.items()})

    def submits(self, name: str, dialog: Dialog, key: str | None = None, **values: str) -> Reply:
        """Fill in and submit a dialog, as this person."""
        return self.asks(name, dialog.action, key, ids=dict(dialog.ids), values=values)

    def asks(
        self,
        name: str,
        action: str,
        key: str | None = None,
        *,
        ids: dict[str, str] | None = None,
        values: dict[str, str] | None = None,
        text: str = "",
    ) -> Reply:
        """Send any interaction, valid or tampered with."""
        key = key or f"office-{next(self._keys)}"
        who = Person(Platform.SANDBOX, SANDBOX_TENANT, name)
        asked = Interaction(who, action, "lang", key, ids or {}, values, text)
        return Dispatcher(self.services.store, lookups(self.services)).handle(asked)

    def dialog(self, name: str, action: str, case: int) -> Dialog:
        """Return the dialog that this person's click opens."""
        dialog = self.clicks(name, action, case=case).dialog
        assert dialog, f"{action} opened no dialog"
        return dialog

    def drafts_a_mail(self, case: int) -> None:
        """Record Bob's view and Sana's draft, as Lantern suggests it."""
        seen = self.dialog("bob", "view", case)
        said = {"opinion": "contact-now", "reason": "She was ill last week"}
        assert self.submits("bob", seen, **said) == Reply()
        draft = self.dialog("sana", "draft", case)
        kept = {each.name: each.value for each in draft.fields() if isinstance(each, Input)}
        assert self.submits("sana", draft, **kept) == Reply()

    def approves_a_mail(self, case: int) -> None:
        """Do the same, and have Alice approve it."""
        self.drafts_a_mail(case)
        assert self.submits("alice", self.dialog("alice", "approve", case)) == Reply()

    def has_approved_mails(self, number: int) -> dict[str, int]:
        """Add students, each with a case and an approved email; return key in the outbox → case."""
        return dict(plays(self, _approve_mails, number))

    def leaves(self, name: str) -> None:
        """Deactivate this person's account."""
        with self.world.store.unit_of_work() as work:
            mine = staff.c.email == f"{name}@example.ac.uk"
            work.connection.execute(sa.update(staff).where(mine).values(active=False))

    # -- What the worker does, and the results -------------------------------------------------

    def works(self) -> None:
        """Run all queued jobs until none are left."""
        assert isinstance(self.services.queue, InProcessQueue)
        self.services.queue.run_waiting(jobs.run_with(self.services))

    def messages(self, channel: str = "lang") -> list[Message]:
        """Return the messages in a channel of the sandbox."""
        workspace = self.services.workspaces[Platform.SANDBOX]
        assert isinstance(workspace, SandboxWorkspace)
        return workspace.messages(channel)

    def shown(self, channel: str = "lang") -> str:
        """Return all messages of a channel as one text."""
        return "\n".join(str(message.payload) for message in self.messages(channel))

    def left(self) -> list[FolderMail]:
        """Return the emails that were sent."""
        assert isinstance(self.services.mailer, FolderMailer)
        return [mail for mail in self.services.mailer.sent() if mail.is_sent]


def _approve_mails(office: Office, number: int) -> dict[str, int]:
    world = office.world
    world.publish(policy_document(LANGUAGES, capacity=10_000))
    names = [f"{chr(ord('a') + n // 26)}{chr(ord('a') + n % 26)}mo".title() for n in range(number)]
    load_roster(world.store, Roster(students=tuple(_student(name) for name in names)))
    world.screen(*(finding(world.student(name)) for name in names))
    who = [world.student(name) for name in names]
    opened = [row["id"] for row in world.rows(cases) if row["student_id"] in who]
    return {world.mail_key(world.approved_mail(case).id): case for case in opened}


def _student(name: str) -> StudentEntry:
    address = f"{name.lower()}@students.example.ac.uk"
    return StudentEntry(
        name, name, "Extra", Level.UNDERGRADUATE, "R100", LANGUAGES, university_email=address
    )


@contextmanager
def office_in(
    home: Path, database_url: str = "", redis_url: str = "", *, begun: Path | None = None
) -> Iterator[Office]:
    """Give an office on an empty database; the default is the embedded one in ``home``.

    ``begun`` is the home of another office, which is closed: this one continues with a copy of it.
    """
    clock = FakeClock()
    settings = settings_for(home, database_url, redis_url)
    is_file = settings.database.startswith("sqlite")
    if begun:
        copy_of(begun, home)
    elif is_file:
        _copy_to(home, Path(settings.database.removeprefix("sqlite:///")))
    # A busy machine may not answer within a click's few seconds while it makes all of the tables.
    with mock.patch.object(answering, "ASKED", 60):
        services = bootstrap.build(settings, now=clock, migrate=not is_file)
    spare_the_disk(services.store.database)
    try:
        # An office that continues must not repeat the keys of earlier clicks.
        first = 1_000 if begun else 0
        world = World(services.store, clock, _keys=count(first))
        if not is_file:
            _fill(world)
        yield Office(services, world, _keys=count(first))
    finally:
        services.close()


def _fill(world: World) -> None:
    load_roster(world.store, ENROLLED)
    ensure_sandbox_channels(world.store)
    for school in (LANGUAGES, MATHEMATICS):
        world.publish(policy_document(school), TOLD)


def _copy_to(home: Path, database: Path) -> None:
    for name, content in _filled().items():
        path = database if name.suffix == ".db" else home / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(content)


@cache
def _filled() -> dict[Path, bytes]:
    """Return an office's files before any activity: the database with its people, and its keys.

    Making them takes longer than most tests, so it is done once.
    """
    with tempfile.TemporaryDirectory() as folder:
        home, clock = Path(folder), FakeClock()
        services = bootstrap.build(settings_for(home), now=clock)
        try:
            _fill(World(services.store, clock))
        finally:
            services.close()
        files = [path for path in home.rglob("*") if path.is_file()]
        return {path.relative_to(home): path.read_bytes() for path in files}


def settings_for(home: Path, database_url: str = "", redis_url: str = "") -> Settings:
    """Return settings that do not depend on the environment."""
    return load_settings(
        home=home,
        database_url=database_url,
        redis_url=redis_url,
        audit_key=None,
        encryption_key=None,
        port=8765,
    )


def words(shown: Card | Dialog | None) -> str:
    """Return the whole text of a private card or dialog."""
    assert shown is not None
    return repr(shown)
