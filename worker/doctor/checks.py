"""``lantern doctor``: checks of students, policies, problems, complaints and student numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from integrations.bootstrap import Services
from integrations.feeds.student_numbers import KnownNumbers
from store.policies.versions import policy_in_force
from store.queries.cases.waiting import overdue_complaints
from store.queries.schools.no_case import SilentStudent, students_without_case
from store.queries.schools.policy_gaps import (
    evidence_missing_in_force,
    letters_refused_in_force,
    unknown_sources_in_force,
    unpublished_in_force,
    weak_clearing_in_force,
)
from store.queries.schools.roster import student_numbers
from store.queries.schools.staff import all_schools
from store.queries.schools.troubles import troubles_now
from store.queries.students.identifiers import unsettled_students
from store.rules.calendar import institution_day
from store.rules.flags.no_case import NoCase
from store.rules.text.formatting import counted, on_day
from worker.doctor.findings import CheckResult
from worker.jobs.schools.feeds_folder import source_folders


def examine(services: Services) -> Iterator[CheckResult]:
    """Run every check in order and return its findings."""
    for check in CHECKS:
        yield from check(services)


def explain_silent_students(services: Services) -> Iterator[CheckResult]:
    """Give the reason for every student with an active flag and no open case (§3)."""
    with services.store.database.read() as connection:
        found = students_without_case(connection, institution_day(services.now()))
    lost = sum(each.explained.why is NoCase.UNEXPLAINED for each in found)
    students = counted(len(found), "student has an", "students have an")
    said = f"{students} active flag and no open case, {lost} of them unexplained"
    yield CheckResult(not lost, f"{said}. Run lantern screen and look again." if lost else said)
    lines = Counter((_line(each), each.explained.why) for each in found)
    for (line, why), number in sorted(lines.items()):
        many = f" ({counted(number, 'student')})" if number > 1 else ""
        yield CheckResult(why is not NoCase.UNEXPLAINED, f"  {line}{many}")


def _line(each: SilentStudent) -> str:
    """Describe a student by the reference of their last case; those without one share a line."""
    return f"{each.school}: {each.reference or 'no case yet'}: {each.explained}"


def explain_beginning(services: Services) -> Iterator[CheckResult]:
    """Name what is still missing before any student can be screened: a roster, or a policy."""
    today = institution_day(services.now())
    with services.store.database.read() as connection:
        schools = all_schools(connection)
        ruled = [each for each in schools if policy_in_force(connection, each.id, today)]
    if not schools:
        yield CheckResult(False, "no schools yet. Load a roster: lantern ingest roster FOLDER")
    elif not ruled:
        yield CheckResult(
            False, "no school has a policy in force. Publish one: lantern policy publish"
        )


def check_policies(services: Services) -> Iterator[CheckResult]:
    """Find what policies in force contain that a new version may not, and what is not recorded yet.

    The version stays in force, so a missing record does not fail the check (§15, §18, §22).
    """
    today = institution_day(services.now())
    with services.store.database.read() as connection:
        wrong = [
            *weak_clearing_in_force(connection, today),
            *unpublished_in_force(connection, today),
            *letters_refused_in_force(connection, today),
        ]
        missing = evidence_missing_in_force(connection, today)
        missing += unknown_sources_in_force(
            connection, today, source_folders(services.settings.home)
        )
    yield from (CheckResult(False, sentence) for sentence in wrong)
    yield from (CheckResult(None, sentence) for sentence in missing)


def list_troubles(services: Services) -> Iterator[CheckResult]:
    """List current problems with email, channels, files and jobs, the oldest first.

    A problem that may still end by itself does not fail the check.
    """
    with services.store.database.read() as connection:
        found = troubles_now(connection)
        codes = {each.id: each.code for each in all_schools(connection)}
    for each in found:
        school = f"{codes[each.school]}: " if each.school in codes else ""
        since = f"{on_day(institution_day(each.since))}, {counted(each.tries, 'try', 'tries')}"
        waits = each.told_at is None
        how = "Lantern tries again" if waits else "waiting for action"
        yield CheckResult(None if waits else False, f"{school}{each.reason} Since {since}: {how}.")


def list_overdue_complaints(services: Services) -> Iterator[CheckResult]:
    """List the complaints whose informal step is overdue, on open and closed cases (§27)."""
    with services.store.database.read() as connection:
        found = overdue_complaints(connection, institution_day(services.now()))
    for reference, day in found:
        yield CheckResult(
            None,
            f"{reference}: a complaint is open, and its informal step was due by {on_day(day)}. "
            f"Resolve it: /lantern complaint {reference} resolve, and how it was resolved.",
        )


def check_student_numbers(services: Services) -> Iterator[CheckResult]:
    """Check student numbers: their usual form, how many are in another form, and which are
    unclear."""
    with services.store.database.read() as connection:
        numbers = [number for number, _ in student_numbers(connection)]
        unsettled = unsettled_students(connection)
    if not numbers:
        return
    known = KnownNumbers(numbers, services.settings.student_number_pattern)
    odd = sum(not known.fits(number) for number in numbers)
    written = (
        f"student numbers: {known.said}"
        if known.said
        else (
            "student numbers have no single pattern, so lost zeros cannot be repaired. Set "
            "STUDENT_NUMBER_PATTERN if there is one"
        )
    )
    yield CheckResult(True, written)
    if odd:
        yield CheckResult(False, f"  {counted(odd, 'number')} in another form: see the roster")
    if unsettled:
        who = counted(len(unsettled), "student has", "students have")
        yield CheckResult(
            False,
            f"  {who} a second student number with the same email address. Add the pair to "
            "identifiers.csv, "
            "or correct the address",
        )


CHECKS: tuple[Callable[[Services], Iterator[CheckResult]], ...] = (
    explain_silent_students,
    explain_beginning,
    check_policies,
    check_student_numbers,
    list_troubles,
    list_overdue_complaints,
)
"""Each yields what it finds; one that is not fine makes the command fail."""
