"""``lantern doctor``: what has to be true of the records, one check after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from integrations.bootstrap import Services
from store.queries.schools.no_case import SilentStudent, students_without_case
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


CHECKS: tuple[Callable[[Services], Iterator[Finding]], ...] = (explain_silent_students,)
"""Each yields what it finds; one that is not fine makes the command fail."""
