"""``lantern doctor``: what has to be true of the records, one check after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from integrations.bootstrap import Services
from store.policies.versions import policy_in_force
from store.queries.schools.no_case import SilentStudent, students_without_case
from store.queries.schools.staff import all_schools
from store.queries.schools.troubles import troubles_now
from store.rules.calendar import institution_day
from store.rules.flags.no_case import NoCase
from store.rules.text.formatting import counted
from worker.doctor.findings import Finding


def examine(services: Services) -> Iterator[Finding]:
    """Run every check, in order."""
    for check in CHECKS:
        yield from check(services)


def explain_silent_students(services: Services) -> Iterator[Finding]:
    """Explain every student with an active flag and no open case (§3)."""
    with services.store.database.read() as connection:
        found = students_without_case(connection, institution_day(services.now()))
    lost = sum(each.explained.why is NoCase.UNEXPLAINED for each in found)
    students = counted(len(found), "student has an", "students have an")
    said = f"{students} active flag and no open case, {lost} of them unexplained"
    yield Finding(not lost, f"{said}. Run lantern screen and look again." if lost else said)
    lines = Counter((_line(each), each.explained.why) for each in found)
    for (line, why), number in sorted(lines.items()):
        many = f" ({number} students)" if number > 1 else ""
        yield Finding(why is not NoCase.UNEXPLAINED, f"  {line}{many}")


def _line(each: SilentStudent) -> str:
    """One student by the reference of their last case; those without one are told together."""
    return f"{each.school}: {each.reference or 'no case yet'}: {each.explained}"


def explain_troubles(services: Services) -> Iterator[Finding]:
    """Name what could not be done, each with what to do (the same that its school's lead reads)."""
    with services.store.database.read() as connection:
        found = Counter(each.reason for each in troubles_now(connection) if each.told_at)
    for reason, number in sorted(found.items()):
        yield Finding(False, f"{reason} ({number} times)" if number > 1 else reason)


def explain_beginning(services: Services) -> Iterator[Finding]:
    """Say what is still missing before any student is looked at."""
    today = institution_day(services.now())
    with services.store.database.read() as connection:
        schools = all_schools(connection)
        ruled = [each for each in schools if policy_in_force(connection, each.id, today)]
    if not schools:
        yield Finding(False, "no schools yet. Load a roster: lantern ingest roster FOLDER")
    elif not ruled:
        yield Finding(False, "no school has a policy in force. Publish one: lantern policy publish")


CHECKS: tuple[Callable[[Services], Iterator[Finding]], ...] = (
    explain_silent_students,
    explain_beginning,
    explain_troubles,
)
"""Each yields what it finds; one that is not fine makes the command fail."""
