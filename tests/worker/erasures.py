"""What an erasure must remove, how it is requested, and where data could remain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.actions.cases import add_note as notes
from store.actions.cases import ask_for_views as asking
from store.actions.cases import log_access as reading
from store.actions.cases import log_attempt as attempts
from store.actions.cases import thread_context as context
from store.actions.cases import use_welfare_route as emergency
from store.actions.cases.discuss import log_intervention
from store.actions.complaints import handle as complaints
from store.actions.complaints.handle import Complaint
from store.actions.privacy import erase as erasing
from store.actions.schools.load_roster import load_roster
from store.actions.students import exempt as exempting
from store.actions.students.exempt import Exemption
from store.queries.schools.report import school_report
from store.rules.access.confidentiality import Readers, RevealPurpose
from store.rules.model import (
    AttemptResult,
    ExemptionKind,
    InterventionKind,
    Platform,
    Role,
    Rung,
)
from store.rules.schools import Roster, StaffEntry
from store.rules.small_numbers import EXACT, ReportPeriod
from tests.people import LANGUAGES
from tests.store.filled import stands_in
from tests.worker.office import Office, office_in
from tests.worker.played import plays
from worker.jobs import sweep as sweeping
from worker.jobs.notices.digests import request_digest, request_messages

CANARY = "Kanarienvogel"
WHY = "Asked for under Article 17"
TRACES = ("Dana", "Dvorak", "1001", "dana@", CANARY, "LANG-1")


@pytest.fixture
def office(tmp_path: Path, migrated_database_url: str) -> Iterator[Office]:
    with office_in(tmp_path, migrated_database_url) as made:
        joins(made, "priya", LANGUAGES)
        yield made


def joins(office: Office, name: str, school: str) -> None:
    """Enrol a data protection officer of this school."""
    roles = ((school, Role.DATA_PROTECTION_OFFICER),)
    entry = StaffEntry(f"{name}@example.ac.uk", name.title(), roles, sandbox_user=name)
    load_roster(office.world.store, Roster(staff=(entry,)))


def much_is_written(office: Office) -> int:
    """Have colleagues write in every field, and send a digest, notices, an email and an answer."""
    return plays(office, _much_is_written)


def _much_is_written(office: Office) -> int:
    world, store = office.world, office.world.store
    case = world.open_case()
    office.works()
    asking.ask_colleagues(store, world.by("alice"), case, [world.staff("bob")], f"{CANARY} ask?")
    office.works()
    office.approves_a_mail(case)
    office.works()
    (mail,) = office.left()
    mailer = office.services.mailer
    mailer.answer_as_student(mail.mailbox, mail.ref, f"{CANARY} answer from me")  # type: ignore[attr-defined]
    sweeping.sweep(office.services)
    office.works()
    log_intervention(store, world.by("sana"), case, InterventionKind.CALL, f"{CANARY} call log")
    notes.add_note(store, world.by("alice"), case, f"{CANARY} a note", Readers.LEAD)
    attempt = (Rung.PHONE, AttemptResult.NO_ANSWER, f"{CANARY} attempt")
    attempts.log_attempt(store, world.by("alice"), case, *attempt)
    emergency.use_welfare_route(store, world.by("alice"), case, f"{CANARY} said something worrying")
    emergency.review_welfare_route(store, world.by("lena"), case, f"{CANARY} it was right")
    reading.reveal_student(
        store, world.by("alice"), case, RevealPurpose.OTHER, f"{CANARY} asked me to"
    )
    said = MessageRefOf(office).says("bob", f"{CANARY} in the thread", case)
    assert said
    day = world.today
    away = Exemption(ExemptionKind.PLACEMENT, day, day, f"{CANARY} is on placement")
    exempting.exempt_student(store, world.by("alice"), case, away)
    complaints.record_complaint(
        store, world.by("bob"), case, Complaint(f"{CANARY} was hurt by the mail")
    )
    complaints.resolve_complaint(store, world.by("lena"), case, f"{CANARY} and we talked it over")
    with store.unit_of_work() as work:
        request_digest(work, world.school(), day)
        request_messages(work, world.school(), day)
    office.works()
    return case


class MessageRefOf:
    """Adds a colleague's message below the newest card of the sandbox."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def says(self, name: str, text: str, case: int) -> bool:
        workspace = self.office.services.workspaces[Platform.SANDBOX]
        card = next(m for m in self.office.messages() if m.thread is None)
        message = workspace.say("lang", name, text, str(card.id))  # type: ignore[attr-defined]
        workspace.say("lang", name, f"{CANARY} not kept", str(card.id))  # type: ignore[attr-defined]
        world, key = self.office.world, f"sandbox/lang/{message}"
        author = world.staff(name)
        now = self.office.clock.now
        return context.remark(world.store, Platform.SANDBOX, key, author, case, text, now)


def look(office: Office, number: str = "1001", by: str = "priya") -> str:
    return str(erasing.preview_erasure(office.world.store, office.world.by(by), number))


def erase(office: Office, number: str = "1001", why: str = WHY, by: str = "priya") -> int:
    seen = look(office, number)
    return erasing.erase_student(office.world.store, office.world.by(by), number, why, seen)


def lake_has(office: Office, student: int) -> bool:
    lake = office.services.lake
    with lake.workspace() as work:
        paths = [*lake.files(dt.date.min, dt.date.max).values(), lake.roster]
        return any(
            work.con.execute(
                "SELECT 1 FROM read_parquet($path) WHERE student = $student",
                {"path": str(path), "student": student},
            ).fetchall()
            for path in paths
            if path.exists()
        )


def fill_lake(office: Office) -> None:
    """Load two students, three days, and the snapshot of the roster."""
    lake, world = office.services.lake, office.world
    with lake.workspace() as work:
        for day in range(1, 4):
            rows = " UNION ALL ".join(
                f"SELECT {world.student(name)}::BIGINT AS student, 'FR101' AS module, "
                "'vle' AS family, NULL::VARCHAR AS item, 0::BIGINT AS expected, 1::BIGINT AS done"
                for name in ("dana", "eli")
            )
            lake.replace_day(work, "moodle", dt.date(2025, 10, day), rows)
    roster = [(world.student(name), "LANG", "FR101", "LANG") for name in ("dana", "eli")]
    lake.write_roster((*each, dt.date(2025, 9, 22), None) for each in roster)


def scan(office: Office, home: Path) -> dict[str, list[str]]:
    """Return word → the tables and files of the data folder that still hold it."""
    found: dict[str, list[str]] = {}
    for word in TRACES:
        for table, rows in office.world.dump().items():
            if stands_in(word, repr(rows)):
                found.setdefault(word, []).append(table)
        for path in home.rglob("*"):
            if path.is_file() and path.suffix in (".eml", ".part") and word in path.read_text():
                found.setdefault(word, []).append(path.name)
    return found


def report_of(office: Office) -> object:
    with office.world.store.database.read() as connection:
        return school_report(
            connection, office.world.school(), ReportPeriod(dt.date(2025, 1, 1)), EXACT
        )
