"""The Open University Learning Analytics Dataset as a school of its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from integrations.bootstrap import Services
from integrations.feeds import oulad
from integrations.feeds.loading import LoadReport, Progress, no_progress, sha256_of
from integrations.feeds.oulad_files import SCHOOL
from store.policies.document import default_document
from store.policies.versions import policy_in_force, publish
from store.queries.schools.roster import student_numbers
from store.queries.schools.staff import all_schools
from store.rules.model import MarkerFamily, Role
from store.rules.policies.policy import Marker
from store.rules.schools import StaffEntry
from worker.jobs.schools.ingest import keep_report, load_delivery

_COLLEAGUES = tuple(
    StaffEntry(
        email=f"{user}@oulad.example",
        name=f"{user.capitalize()} Example",
        roles=((SCHOOL, role),),
        sandbox_user=user,
    )
    for user, role in (
        ("alice", Role.ADVISER),
        ("bob", Role.STUDENT_SUPPORT_OFFICER),
        ("lena", Role.ENGAGEMENT_LEAD),
    )
)


def ingest_oulad(
    services: Services, folder: Path, start: dt.date, progress: Progress = no_progress
) -> list[LoadReport]:
    """Load an Open University Learning Analytics folder, its day 0 being ``start``.

    Its school gets three invented colleagues to act as in the sandbox, and the default policy,
    unless one was published for it before.
    """
    delivery = oulad.read_oulad(folder, start)
    with_staff = replace(delivery.roster, staff=_COLLEAGUES)
    reports = [load_delivery(services, "oulad-roster", replace(delivery, roster=with_staff))]
    _publish_default(services, start)
    with services.store.database.read() as connection:
        students = student_numbers(connection)
    reports += oulad.load_oulad(services.lake, folder, start, students, progress)
    sha256 = sha256_of(*sorted(folder.glob("*.csv*")))
    for report in reports:
        keep_report(services, folder.name, sha256, report)
    return reports


def _publish_default(services: Services, start: dt.date) -> None:
    with services.store.database.read() as connection:
        school = next(s for s in all_schools(connection) if s.code == SCHOOL)
        if policy_in_force(connection, school.id, dt.date.max):
            return
    markers = [
        Marker(MarkerFamily.VLE, (oulad.VLE,)),
        Marker(MarkerFamily.SUBMISSIONS, (oulad.ASSESSMENTS,)),
    ]
    document = default_document(SCHOOL, "engagement@oulad.example", start, markers)
    publish(services.store, document, "the default policy", actor="system:oulad")
