"""Show progress bars for long commands, day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from integrations.bootstrap import Services
from integrations.feeds.loading import Progress as Report
from store.policies.versions import PublishedPolicy, policy_in_force
from store.queries.flags.queue import HeldLine, held
from store.queries.schools.staff import all_schools
from store.rules.flags.capacity import Room
from store.rules.text.formatting import counted, on_day
from worker.jobs.flags import screen, totals


@contextmanager
def loading(what: str) -> Iterator[Report]:
    """Show a bar while a file is loaded; report the days written and their total to it."""
    with count_days(f"Loading {what}") as report:
        yield report


@contextmanager
def count_days(what: str) -> Iterator[Report]:
    """Show a bar while days are processed one by one; report the days done and their total to
    it."""
    with _bar() as bar:
        task = bar.add_task(what, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report


def screen_days(services: Services, first: dt.date, last: dt.date) -> None:
    """Screen every day from ``first`` to ``last``, and print the days that raised flags."""
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    flags = cases = looks = 0
    with _bar() as bar:
        for day in bar.track(days, description="Screening"):
            raised, opened, looks = totals(screen(services, day))
            flags, cases = flags + raised, cases + opened
            if raised or len(days) == 1:
                bar.console.print(f"{day}: {_raised(raised, opened)}")
    for line in _held(services):
        Console().print(line)
    Console().print(f"{counted(len(days), 'day')}: {_raised(flags, cases)}")
    if looks:
        who = counted(looks, "student is", "students are")
        Console().print(f"{who} worth a look on {last}, without a flag: /lantern looks")


def _raised(flags: int, cases: int) -> str:
    return f"{counted(flags, 'flag')} raised, {counted(cases, 'case')} opened"


def _held(services: Services) -> Iterator[str]:
    """Yield a sentence for each held day and why: its flags are stored, but open no cases."""
    with services.store.database.read() as connection:
        questions = held(connection, [each.id for each in all_schools(connection)])
        limits = {
            each.id: _limit(policy_in_force(connection, each.school, each.day), each)
            for each in questions
        }
    for each in questions:
        mostly = f" The reason of most: {each.reasons[0]}" if each.reasons else ""
        yield (
            f"Held: {each.flagged} of {counted(each.cohort, 'student')} in {each.name} were "
            f"flagged at once on {on_day(each.day)}, {limits[each.id]}.{mostly} No cases are "
            "opened for them until a colleague answers whether the data is right: /lantern queue, "
            f"question {each.id}."
        )


def _limit(published: PublishedPolicy | None, line: HeldLine) -> str:
    """Say which limit of the policy a held day is over."""
    room = Room.of(published.policy) if published else Room()
    allowed = counted(room.before_a_surge(line.cohort), "student")
    return f"more than the policy allows in a class of this size, which is {allowed}"


def _bar() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=Console(stderr=True))
