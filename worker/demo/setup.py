"""Set up the demo's two schools through the feeds, as a university's data would be loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from importlib import resources
from itertools import pairwise
from pathlib import Path
from string import Template

from integrations.bootstrap import Services
from integrations.feeds.loading import LoadReport
from integrations.settings import Settings
from store.policies.document import parse
from store.policies.versions import publish
from store.rules.flag_rules.inactivity import Inactivity
from worker.demo import people
from worker.demo.activity import covers, split_off, write_activity, write_coming_work
from worker.demo.clock import school_days
from worker.demo.roster_files import write_roster
from worker.jobs.schools.ingest import ingest_events, ingest_roster

POLICIES = ("lang.toml", "tide.toml")
TERM_GOES_ON = dt.timedelta(days=45)


def embedded_settings(home: Path, url: str = "") -> Settings:
    """Make settings that ignore the environment, so that no invented data gets into a real system
    and no real service sends it."""
    return Settings.model_construct(
        home=home.resolve(), public_url=url, university="Lantern University"
    )


def policy_documents(day: dt.date) -> dict[str, str]:
    """Return each school's policy document by file name, with its term around ``day``."""
    first, _ = covers(day)
    dates = {
        "first": first,
        "last": day + TERM_GOES_ON,
        "closed": day + TERM_GOES_ON - dt.timedelta(days=7),
    }
    folder = resources.files(__package__).joinpath("policies")
    return {
        name: Template(folder.joinpath(name).read_text(encoding="utf-8")).substitute(dates)
        for name in POLICIES
    }


def load_people(services: Services, day: dt.date) -> LoadReport:
    """Write the roster's files and load them."""
    folder = services.settings.home / "roster"
    write_roster(people.build_roster(covers(day)[0]), folder)
    return ingest_roster(services, folder)


def publish_policies(services: Services, day: dt.date) -> None:
    """Publish the policies of both schools, in force from their first day."""
    for name, document in policy_documents(day).items():
        publish(services.store, document, name, actor="system:demo")


def write_feeds(home: Path, day: dt.date) -> dict[str, Path]:
    """Write the event files where the nightly load looks for them; source → file."""
    return write_activity(home / "feeds", day, silent_after(day))


def load_feed(services: Services, source: str, file: Path, day: dt.date) -> LoadReport:
    """Load one source's file, on the story's first day, for the days before it."""
    first, _ = covers(day)
    return ingest_events(services, file, source, (first, _eve(story_days(day)[0])))


def load_coming_work(services: Services, day: dt.date) -> None:
    """Load what the hand-in plans for the days after the story."""
    file = write_coming_work(services.settings.home / "later", day)
    ingest_events(services, file, "hand-in")


def keep_for_later(home: Path, files: Mapping[str, Path], day: dt.date) -> None:
    """Take out of the files what the students do during the story, for its own mornings."""
    for since, morning in reversed([*pairwise(story_days(day))]):
        for source, file in files.items():
            split_off(file, home / "later" / source / f"{morning}.csv", since)


def deliver(services: Services, day: dt.date, morning: dt.date) -> None:
    """Load what came between the story's mornings; on its first, everything is there."""
    for since, other in pairwise(story_days(day)):
        if other == morning:
            for file in sorted((services.settings.home / "later").glob(f"*/{morning}.csv")):
                ingest_events(services, file, file.parent.name, (since, _eve(morning)))


def _eve(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=1)


def story_days(day: dt.date) -> list[dt.date]:
    """Return the three school days of the story, ``day`` the last of them."""
    return school_days(day, 3)


def silent_after(day: dt.date) -> dict[str, int]:
    """Map each school to the days of inactivity after which its policy raises a flag."""
    policies = [parse(document, name) for name, document in policy_documents(day).items()]
    return {
        policy.school: rule.days
        for policy in policies
        for rule in policy.rules
        if isinstance(rule, Inactivity)
    }
