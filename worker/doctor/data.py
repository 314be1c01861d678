"""``lantern doctor``: activity, feeds, policies, roster and engagement leads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from integrations.activity.measured import measured_days
from integrations.bootstrap import Services
from store.actions.privacy.seal_words import sealing
from store.policies.versions import PublishedPolicy, policy_in_force, waiting_version
from store.queries import health
from store.queries.privacy.data_requests import open_requests
from store.queries.privacy.retention import schedules
from store.queries.schools.leads import has_trained_lead, leads
from store.queries.schools.responsible import responsible
from store.queries.schools.staff import School, all_schools, protection_officers
from store.rules.calendar import institution_day
from store.rules.cases.fitness_to_study import window_first
from store.rules.flag_rules.base import through
from store.rules.flag_rules.measured_days import MOST_NAMED, days_said, missing_days
from store.rules.policies.publication import waits_said
from store.rules.text.formatting import counted, long_date, on_day
from worker.doctor.findings import CheckResult

STALE_SCHOOL_DAYS = 3
"""School days without a delivery after which a feed needs a person."""


def check_lake(services: Services) -> Iterator[CheckResult]:
    """Count the days of activity, and name files that were found damaged."""
    days = services.lake.newest_days(institution_day(services.now()))
    damaged = sorted((services.settings.home / "lake").rglob("*.corrupt"))
    if damaged:
        named = ", ".join(f"{each.parent.name} {each.name[:10]}" for each in damaged[:5])
        yield CheckResult(
            False,
            f"{counted(len(damaged), 'file')} found damaged ({named}). Load these days again: "
            "lantern ingest events",
        )
    else:
        yield CheckResult(True, f"activity of {counted(len(days), 'source')}")


def check_feeds(services: Services) -> Iterator[CheckResult]:
    """Check how recent the data of each agreed source of each school is."""
    today = institution_day(services.now())
    newest = services.lake.newest_days(today)
    measured = measured_days(services.lake, services.records, today)
    for school, published in _in_force(services):
        calendar = published.policy.calendar
        for _, source in published.policy.agreed_sources:
            last = newest.get(source)
            if last is None:
                told = f"{school.code}: no data from {source} yet. Put its files into "
                yield CheckResult(None, f"{told}{services.settings.home / 'feeds' / source}")
                continue
            after = (last + dt.timedelta(days=nth) for nth in range(1, (today - last).days))
            missing = sum(map(calendar.asks_for_data, after))
            said = f"{school.code}: {source} is up to date to {on_day(last)}"
            days = measured.of_school(school.code).get(source, frozenset())
            first = max(window_first(published.policy, today), min(days, default=today))
            gaps = missing_days(calendar, days, first, min(last, through(today)))
            if gaps:
                said += f", except for {days_said(gaps, calendar, MOST_NAMED)}"
            if missing > STALE_SCHOOL_DAYS:
                behind = counted(missing, "school day")
                yield CheckResult(
                    False, f"{said} ({behind} behind). Ask the team that delivers it."
                )
            elif gaps:
                yield CheckResult(None, f"{said}. Ask the team that delivers it.")
            else:
                yield CheckResult(True, said)


def check_policies_in_force(services: Services) -> Iterator[CheckResult]:
    """Name each school's policy in force, or say that it has none."""
    ruled = {school.id: published for school, published in _in_force(services)}
    schools = _schools(services)
    with services.store.database.read() as connection:
        waiting = {each.id: waiting_version(connection, each.id) for each in schools}
    if schools and not ruled and not any(waiting.values()):
        begin = "Begin one: lantern policy new CODE. Publish it: lantern policy publish FILE"
        yield CheckResult(False, f"no school has a policy in force. {begin}")
        return
    for school in schools:
        published = ruled.get(school.id)
        if published is None and (waits := waiting[school.id]):
            said = waits_said(waits.version)
            yield CheckResult(False, f"{school.code} has no policy in force: {said}")
        elif published is None:
            begin = f"Begin one: lantern policy new {school.code}"
            yield CheckResult(False, f"{school.code} has no policy in force. {begin}")
        else:
            since = long_date(published.policy.approval.effective)
            yield CheckResult(True, f"{school.code}: version {published.version}, since {since}")


def check_retention(services: Services) -> Iterator[CheckResult]:
    """Check each school's retention periods, and whether its officer has approved them (§28)."""
    with services.store.database.read() as connection:
        known = schedules(connection, institution_day(services.now()))
    for each in known:
        if each.approved:
            said = (
                f"approved by {each.approved.by} on {long_date(institution_day(each.approved.at))}"
            )
            yield CheckResult(True, f"{each.school.code}: {each.retention}; {said}")
        else:
            yield CheckResult(
                None,
                f"{each.school.code}: nothing is deleted by age, since the data protection "
                "officer has not approved the periods. See them: lantern retention preview",
            )


def check_student_keys(services: Services) -> Iterator[CheckResult]:
    """Check that each student's words are sealed by a key of their own (§28)."""
    with services.store.database.read() as connection:
        found = sealing(connection)
    if not found.begun:
        yield CheckResult(
            None,
            "words about students are not sealed by keys of their own yet. Once every process runs "
            "this version: lantern keys seal",
        )
    elif found.left:
        texts = counted(found.left, "text")
        yield CheckResult(
            None, f"{texts} not sealed by the student's newest key yet: lantern keys seal"
        )
    elif found.retired:
        number = counted(found.retired, "replaced key")
        yield CheckResult(None, f"{number} not destroyed yet. In an hour: lantern keys seal")
    else:
        yield CheckResult(True, "words about students are sealed by keys of their own")


def check_roster(services: Services) -> Iterator[CheckResult]:
    """Count schools, students, staff and enrolments."""
    with services.store.database.read() as connection:
        found = health.students_by_school(connection)
        staff, enrolments = health.people_counted(connection)
    if not found:
        yield CheckResult(False, "no schools yet. Load a roster: lantern ingest roster FOLDER")
        return
    for each in found:
        if not each.students:
            yield CheckResult(None, f"{each.code} has no students. Check students.csv.")
    everyone = counted(sum(each.students for each in found), "student")
    yield CheckResult(
        enrolments > 0 or None,
        f"{counted(len(found), 'school')}, {everyone}, {staff} staff, "
        f"{counted(enrolments, 'enrolment')}",
    )


def check_engagement_leads(services: Services) -> Iterator[CheckResult]:
    """Check that each school has an engagement lead whose training is recorded (§19)."""
    for school in _schools(services):
        with services.store.database.read() as connection:
            is_trained = has_trained_lead(connection, school.id)
            has_one = bool(leads(connection, school.id))
            others = len(responsible(connection, school.id))
        if is_trained:
            yield CheckResult(True, f"{school.code} has a trained engagement lead")
        elif has_one:
            yield CheckResult(
                False,
                f"{school.code}: no engagement lead has recorded training, so no email is sent. "
                "Fill in trained_on in staff.csv, or a trained lead types /lantern train.",
            )
        else:
            yield CheckResult(
                False,
                f"{school.code} has no engagement lead. Name one in staff.csv: "
                f"{school.code}:engagement-lead. Until then the lead's notices go to "
                f"{counted(others, 'other colleague') if others else 'no one'}.",
            )


def check_data_requests(services: Services) -> Iterator[CheckResult]:
    """Check that students' requests about data reach an officer, and are not overdue (§28)."""
    today = institution_day(services.now())
    for school in _schools(services):
        with services.store.database.read() as connection:
            found = open_requests(connection, [school.id], today)
            has_officer = bool(protection_officers(connection, school.id))
        late = sum(each.dates.is_overdue(today) for each in found)
        said = f"{school.code}: {counted(len(found), 'request')} about data open"
        if not has_officer:
            yield CheckResult(
                False,
                f"{said}, and the school has no data protection officer to hear of them. Name one "
                f"in staff.csv: {school.code}:data-protection-officer.",
            )
        elif late:
            yield CheckResult(False, f"{said}, {late} overdue: lantern student requests")
        elif found:
            yield CheckResult(True, said)


def _schools(services: Services) -> list[School]:
    with services.store.database.read() as connection:
        return list(all_schools(connection))


def _in_force(services: Services) -> list[tuple[School, PublishedPolicy]]:
    today = institution_day(services.now())
    with services.store.database.read() as connection:
        found = [
            (each, policy_in_force(connection, each.id, today)) for each in all_schools(connection)
        ]
    return [(school, published) for school, published in found if published]
