"""The two schools as time passes, and what people see and do there.

``school.morning("2026-11-24")`` moves time forward: the night is screened, digests are posted,
emails are sent. ``school.person("alice").types("take GLAS-1")`` is a colleague's action in a
browser. ``school.lives_until(...)`` delivers the data of the universities' systems.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email import policy as email_policy
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from bot.app import create_app
from integrations import bootstrap
from integrations.bootstrap import Services
from integrations.job_queue import InProcessQueue
from integrations.moved_clock import MovedClock
from integrations.settings import load_settings
from tests.policy.colleague import Card, Person, reference_in
from tests.policy.document import TOLD, write_policies
from tests.policy.doors import ORIGIN, Printed, Tab, command_line
from tests.policy.emails import Email, mails, reply_to
from tests.policy.numbers import set_apart
from tests.policy.people import GLAS, TERM, TODAY, Habit, Student, write_roster, write_rows
from tests.policy.weeks import COLUMNS, Row, days_between, write_weeks
from tests.stores import spare_the_disk
from tests.worker.played import once
from worker import jobs
from worker.processes import clock

LONDON = ZoneInfo("Europe/London")
Day = dt.date | str
MORNING = ("05:30", "09:00")
"""The night's screening; then the digests, the morning's drafts and the day's first emails."""


def the_day(day: Day) -> dt.date:
    """Return the date of a day given as a date or as text."""
    return dt.date.fromisoformat(day) if isinstance(day, str) else day


@dataclass
class School:
    """Everything that runs, in one folder."""

    home: Path
    services: Services
    clock: MovedClock
    habits: dict[str, Habit] = field(default_factory=dict)
    known_until: dt.date = TODAY - dt.timedelta(days=1)
    """The last day that has been delivered."""
    _people: dict[str, Person] = field(default_factory=dict)
    _app: Starlette | None = None

    # -- Interfaces ------------------------------------------------------------------------------

    def tab(self) -> Tab:
        """Return a new tab of a browser."""
        if self._app is None:
            self._app = create_app(self.services)
        return Tab(self._app)

    def person(self, name: str) -> Person:
        """Return a colleague with a browser of their own."""
        if name not in self._people:
            home = {"goran": "RIVE", "hana": "RIVE", "jonas": "RIVE"}.get(name, GLAS)
            self._people[name] = Person(name, self, home)
        return self._people[name]

    def people(self, *names: str) -> tuple[Person, ...]:
        """Return several colleagues."""
        return tuple(self.person(name) for name in names)

    def lantern(self, *words: object) -> Printed:
        """Run a command on the command line."""
        where = {"LANTERN_HOME": str(self.home), "LANTERN_CLOCK": str(self.clock.file)}
        return command_line(where, *words)

    # -- Time ------------------------------------------------------------------------------------

    @property
    def today(self) -> dt.date:
        """Return today's date."""
        return self.clock().astimezone(LONDON).date()

    def at(self, time: str, day: Day | None = None) -> None:
        """Move time forward and do everything due by then, as the clock and the worker would."""
        when = dt.datetime.combine(the_day(day or self.today), dt.time.fromisoformat(time), LONDON)
        self.clock.set(max(when, self.clock()))
        clock.tick(self.services)
        self.works(sweep=True)

    def works(self, *, sweep: bool = False) -> None:
        """Do all waiting jobs, as the worker would a moment later."""
        queue = self.services.queue
        assert isinstance(queue, InProcessQueue)
        if sweep:
            queue.enqueue("sweep")
        queue.run_waiting(jobs.run_with(self.services))

    def morning(self, day: Day) -> None:
        """Move on to the morning of this day: what happened until yesterday is delivered, the night
        is screened and the digests are posted.

        A process lives the same morning once: many stories begin alike.
        """
        wanted = the_day(day)
        self.lives_until(wanted - dt.timedelta(days=1))
        once(self.services, ("morning", wanted), partial(self._morning, wanted))

    def _morning(self, day: dt.date) -> None:
        for time in MORNING:
            self.at(time, day)

    def mornings(self, last: Day, first: Day | None = None) -> Iterator[dt.date]:
        """Move through every school morning until this day, one after the other."""
        begin = the_day(first) if first else self.today + dt.timedelta(days=1)
        for day in days_between(begin, the_day(last)):
            if day.weekday() < 5 and not dt.date(2026, 12, 21) <= day <= dt.date(2027, 1, 3):
                self.morning(day)
                yield day

    # -- What the university's systems deliver ---------------------------------------------------

    def lives_until(self, last: dt.date, *, without: Collection[str] = ()) -> None:
        """Deliver everything until this day into the feed folder that the night's job reads."""
        first = self.known_until + dt.timedelta(days=1)
        if first <= last:
            write_weeks(self.home / "feeds", first, last, self.habits, without=without)
            self.known_until = last

    def drops(self, source: str, name: str, *rows: Row, complete: bool = False) -> None:
        """Write a file into the feed folder; ``complete``: it is declared to hold all rows."""
        path = self.home / "feeds" / source / f"{name}.csv"
        write_rows(path, COLUMNS, rows)
        if complete:
            path.with_name(f"{path.name}.toml").write_text("complete = true\n", encoding="utf-8")

    def changes(self, who: Student, habit: Habit) -> None:
        """Change the student's habit from the next delivery on."""
        self.habits[who.number] = habit

    # -- Reading the state -----------------------------------------------------------------------

    def case_of(self, who: Student, by: str = "") -> str:
        """Return the reference of the student's newest case, as found by a colleague who may look
        it up; '' where there is none."""
        finder = by or ("alice" if who.school == GLAS else "hana")
        said = self.person(finder).types(f"find {who.number}").text
        found = re.findall(rf"\b{who.school}-\d+\b", said)
        return max(found, key=lambda each: int(each.split("-")[1]), default="")

    def cards(self, name: str = "alice") -> dict[str, Card]:
        """Return every case's card in a person's channel."""
        page = self.person(name).channel()
        cards = [
            Card(each, reference_in(each)) for each in page.all("article", **{"data-kind": "case"})
        ]
        return {each.reference: each for each in cards}

    def emails(self, who: Student | None = None) -> list[Email]:
        """Return the emails sent to a student (or to all), oldest first."""
        return [
            each
            for each in mails(self.home / "mail", "sent")
            if who is None or each.to in (who.university_email, who.personal_email)
        ]

    def answers(
        self, email: Email, words: str, sender: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer an email as the student: put a file in the mailbox and have it read."""
        sent = message_from_bytes(email.file.read_bytes(), policy=email_policy.default)
        reply = reply_to(sent, words, sender or email.to, self.clock())
        for name, value in (headers or {}).items():
            reply[name] = value
        inbox = email.file.parent.parent / "inbox"
        inbox.mkdir(exist_ok=True)
        taken = len(list(inbox.iterdir()))
        (inbox / f"answer-{taken}.eml").write_bytes(reply.as_bytes())
        self.works(sweep=True)

    def audit(self) -> str:
        """Return the newest page of the audit, as everyone may read it in the sandbox."""
        return self.person("alice").tab.get("/sandbox/audit").text

    def audited(self, words: str) -> bool:
        """Return whether the audit's newest page contains these words."""
        return words in self.audit()


# -- Opening and copying --------------------------------------------------------------------------


def prepare(home: Path) -> None:
    """Set up both schools by the command line, with seven weeks of data and this morning's cards.

    This takes some seconds, so it is done once; ``open_school`` works on a copy.
    """
    home.mkdir(parents=True)
    start = dt.datetime.combine(TERM, dt.time(9), LONDON)
    moved = MovedClock(home / "clock")
    moved.set(start)
    where = {"LANTERN_HOME": str(home), "LANTERN_CLOCK": str(moved.file)}

    def run(*words: object) -> None:
        done = command_line(where, *words)
        assert done.code == 0, f"lantern {' '.join(map(str, words))}: {done.text}"

    run("ingest", "roster", write_roster(home / "roster"))
    set_apart(home / "lantern.db")
    for file in write_policies(home / "policies"):
        run("policy", "publish", file, *TOLD)
    last = TODAY - dt.timedelta(days=1)
    # An action cannot be recorded before its day.
    moved.set(dt.datetime.combine(last, dt.time(23), LONDON))
    for source, file in write_weeks(home / "weeks", TERM, last).items():
        run("ingest", "events", file, "--source", source, "--from", TERM, "--to", last)
    with open_school(home) as school:
        school.morning(TODAY)


@contextmanager
def open_school(home: Path, public_url: str = ORIGIN) -> Iterator[School]:
    """Run Lantern on this folder: pages, jobs and clock in this process, as ``lantern web`` does.

    The students' links need a public address, and with one set no setting may move the clock, so
    the clock is passed in.
    """
    moved = MovedClock(home / "clock")
    settings = load_settings(home=home, public_url=public_url)
    services = bootstrap.build(settings, now=moved)
    spare_the_disk(services.store.database)
    try:
        yield School(home, services, moved)
    finally:
        services.close()


def copy_of(prepared: Path, home: Path) -> Path:
    """Copy the school into a folder of its own. Files of the lake are only ever replaced, so they
    are linked; the others are copied."""

    def copy(source: str, target: str) -> None:
        if f"{os.sep}lake{os.sep}" in source:
            os.link(source, target)
        else:
            shutil.copy2(source, target)

    shutil.copytree(prepared, home, copy_function=copy)
    return home
