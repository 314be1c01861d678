"""Set up the demo's two schools through the feeds, as a university's data would be loaded."""

from __future__ import annotations

import datetime as dt
from importlib import resources
from pathlib import Path
from string import Template

from integrations.bootstrap import Services
from integrations.feeds.loading import LoadReport
from integrations.settings import Settings
from store.policies.document import parse
from store.policies.versions import publish
from store.rules.flag_rules.inactivity import Inactivity
from worker.demo import people
from worker.demo.activity import covers, write_activity
from worker.demo.roster_files import write_roster
from worker.jobs.schools.ingest import ingest_events, ingest_roster

POLICIES = ("lang.toml", "tide.toml")
TERM_GOES_ON = dt.timedelta(days=45)


def embedded_settings(home: Path, url: str = "") -> Settings:
    """Make settings that ignore the environment, so that no invented data gets into a real system
    and no real service sends it."""
    return Settings.model_construct(home=home.resolve(), public_url=url)


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
    """Load one source's file for the days that it covers, ahead of the story's first day."""
    return ingest_events(services, file, source, covers(day), today=day)


def silent_after(day: dt.date) -> dict[str, int]:
    """Map each school to the days of inactivity after which its policy raises a flag."""
    policies = [parse(document, name) for name, document in policy_documents(day).items()]
    return {
        policy.school: rule.days
        for policy in policies
        for rule in policy.rules
        if isinstance(rule, Inactivity)
    }
