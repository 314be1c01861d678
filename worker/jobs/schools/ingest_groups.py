"""Load a file of groups for fairness reports. Nothing of it is kept but the groups themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from integrations.bootstrap import Services
from integrations.feeds.groups import GroupsDelivery, read_groups
from integrations.feeds.student_numbers import KnownNumbers
from store.actions.fairness.load_groups import GroupsLoaded, load_groups
from store.queries.schools.roster import student_numbers


@dataclass(frozen=True, slots=True)
class GroupsReport:
    """What was read from the file, and what was loaded of it; None for a trial."""

    read: GroupsDelivery
    loaded: GroupsLoaded | None


def ingest_groups(
    services: Services, path: Path, *, complete: bool = False, dry_run: bool = False
) -> GroupsReport:
    """Load a file of groups, or only read it. Raises ``FeedError`` where it cannot be used."""
    with services.store.database.read() as connection:
        numbers = [number for number, _ in student_numbers(connection)]
    known = KnownNumbers(dict.fromkeys(numbers, 0), services.settings.student_number_pattern)
    read = read_groups(path, known)
    if dry_run or not read.named:
        return GroupsReport(read, None)
    return GroupsReport(read, load_groups(services.store, read.named, complete=complete))
