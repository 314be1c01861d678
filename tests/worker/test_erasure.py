"""Erasing a student: nothing of them is left where Lantern reaches, and the rest is listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.sandbox_workspace import Message
from integrations.workspace import DeliveryError, MessageRef
from store.casework import (
    asking,
    attempts,
    closing,
    complaints,
    context,
    emergency,
    erasing,
    exempting,
    notes,
    reading,
)
from store.casework.complaints import Complaint
from store.casework.discussion import log
from store.casework.exempting import Exemption
from store.casework.roster import load_roster
from store.casework.student_links import visit
from store.casework.student_voice import say
from store.links import Link, LinkBroken
from store.queries.receipt import receipt
from store.queries.report import report
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow, OvertakenError
from store.rules.model import (
    AttemptResult,
    ExemptionKind,
    InterventionKind,
    NoticeKind,
    Outcome,
    Platform,
    Role,
    Rung,
)
from store.rules.reading import Readers, RevealPurpose
from store.rules.roster import Roster, StaffEntry
from store.rules.student_links import LinkPurpose
from store.rules.student_voice import Said, Saying
from store.tables import audit, erasures, notices, outbox, outreach, remnants, students
from tests.people import LANGUAGES, MATHEMATICS
from tests.store.filled import stands_in
from tests.worker.office import Office, office_in
from worker import erasing as worker
from worker import sweeping
from worker.digests import request_digest, request_messages

CANARY = "Kanarienvogel"
WHY = "Asked for under Article 17"
TRACES = ("Dana", "Dvorak", "1001", "dana@", CANARY, "LANG-1")


@pytest.fixture
def office(tmp_path: Path, migrated_database_url: str) -> Iterator[Office]:
    with office_in(tmp_path, migrated_database_url) as made:
        joins(made, "priya", LANGUAGES)
        yield made


def joins(office: Office, name: str, school: str) -> None:
    """A data protection officer of this school."""
    roles = ((school, Role.DATA_PROTECTION_OFFICER),)
    entry = StaffEntry(f"{name}@example.ac.uk", name.title(), roles, sandbox_user=name)
    load_roster(office.world.store, Roster(staff=(entry,)))


def much_is_written(office: Office) -> int:
    """Colleagues write in every field; a digest, notices, a mail and an answer go round."""
    world, store = office.world, office.world.store
    case = world.open_case()
    office.works()
    asking.ask(store, world.by("alice"), case, [world.staff("bob")], f"{CANARY} ask?")
    office.works()
    office.approves_a_mail(case)
    office.works()
    (mail,) = office.left()
    mailer = office.services.mailer
    mailer.answer_as_student(mail.mailbox, mail.ref, f"{CANARY} answer from me")  # type: ignore[attr-defined]
    sweeping.sweep(office.services)
    office.works()
    log(store, world.by("sana"), case, InterventionKind.CALL, f"{CANARY} call log")
    notes.add_note(store, world.by("alice"), case, f"{CANARY} a note", Readers.LEAD)
    attempt = (Rung.PHONE, AttemptResult.NO_ANSWER, f"{CANARY} attempt")
    attempts.log_attempt(store, world.by("alice"), case, *attempt)
    emergency.use_welfare_route(store, world.by("alice"), case, f"{CANARY} said something worrying")
    emergency.review(store, world.by("lena"), case, f"{CANARY} it was right")
    reading.reveal(store, world.by("alice"), case, RevealPurpose.OTHER, f"{CANARY} why")
    said = MessageRefOf(office).says("bob", f"{CANARY} in the thread", case)
    assert said
    day = world.today
    away = Exemption(ExemptionKind.PLACEMENT, day, day, f"{CANARY} is on placement")
    exempting.exempt(store, world.by("alice"), case, away)
    complaints.record(store, world.by("bob"), case, Complaint(f"{CANARY} was hurt by the mail"))
    complaints.resolve(store, world.by("lena"), case, f"{CANARY} and we talked it over")
    with store.unit_of_work() as work:
        request_digest(work, world.school(), day)
        request_messages(work, world.school(), day)
    office.works()
    return case


class MessageRefOf:
    """What a colleague says below the newest card of the sandbox."""

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
    return str(erasing.preview(office.world.store, office.world.by(by), number))


def erase(office: Office, number: str = "1001", why: str = WHY, by: str = "priya") -> int:
    seen = look(office, number)
    return erasing.erase(office.world.store, office.world.by(by), number, why, seen)


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
    """Two students, three days, and the snapshot of the roster."""
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
    """Word → where it still stands: tables, and files in the data folder."""
    found: dict[str, list[str]] = {}
    for word in TRACES:
        for table, rows in office.world.dump().items():
            if stands_in(word, repr(rows)):
                found.setdefault(word, []).append(table)
        for path in home.rglob("*"):
            if path.is_file() and path.suffix in (".eml", ".part") and word in path.read_text():
                found.setdefault(word, []).append(path.name)
    return found


# -- Nothing is left -----------------------------------------------------------------------------


def test_neither_name_nor_number_nor_a_word_is_left_anywhere(
    office: Office, tmp_path: Path
) -> None:
    much_is_written(office)
    fill_lake(office)
    dana, eli = office.world.student("dana"), office.world.student("eli")
    with_her = scan(office, tmp_path)
    assert set(with_her) == set(TRACES), "the canary is where the tests look"
    assert {"sandbox_messages", "interventions", "reveals"} <= {*with_her[CANARY]}
    before = _report(office)

    done = erase(office)
    office.works()

    assert scan(office, tmp_path) == {}
    assert not lake_has(office, dana)
    assert lake_has(office, eli)
    (row,) = office.world.rows(erasures, id=done)
    assert row["finished_at"] is not None
    with office.world.store.database.read() as connection:
        made = receipt(connection, done)
    assert (made.waiting, made.left) == (0, ())
    assert made.gone > 5
    assert office.world.store.verify_audit() is None
    assert _report(office) == before, "the school's figures stay"
    (told,) = [m for m in office.messages("direct:priya") if m.payload]
    assert "everything that Lantern can reach is gone" in str(told.payload)


def test_the_others_are_untouched(office: Office) -> None:
    much_is_written(office)
    eli = office.world.open_case("eli")
    office.works()
    before = _of(office, eli)

    erase(office)
    office.works()

    assert _of(office, eli) == before
    assert "LANG-2" in office.shown()
    assert office.types("alice", "show LANG-2").dialog is not None
    assert "no case with that reference" in repr(office.types("alice", "show LANG-1"))


def test_an_old_button_of_the_case_finds_nothing(office: Office) -> None:
    case = much_is_written(office)
    erase(office)
    office.works()
    for action in ("show", "take", "reopen", "reveal", "draft", "history"):
        said = repr(office.clicks("alice", action, case=case))
        assert "does not exist" in said, action


def test_the_links_in_their_mails_lead_nowhere_any_more(office: Office) -> None:
    case = much_is_written(office)
    (mail,) = [row for row in office.world.rows(outreach) if row["case_id"] == case]
    store = office.world.store
    until = office.clock.now + dt.timedelta(days=1)
    token = store.links.sign(Link(mail["id"], LinkPurpose.PAGE), until)
    student = visit(store, token).student

    erase(office)

    with pytest.raises(LinkBroken):
        visit(store, token)
    with pytest.raises(InvalidInput):
        say(store, Said(student, Saying.TALK, mail=mail["id"]), "k")


def test_this_mornings_digest_says_what_is_true_now(office: Office) -> None:
    much_is_written(office)
    office.world.open_case("eli")
    office.works()
    erase(office)
    office.works()
    shown = office.shown()
    assert "Good morning" in shown
    assert "LANG-1" not in shown


def test_a_roster_that_still_names_them_does_not_bring_them_back(office: Office) -> None:
    from tests.worker.office import ENROLLED

    erase(office)
    load_roster(office.world.store, ENROLLED)
    numbers = {row["number"] for row in office.world.rows(students)}
    assert "1001" not in numbers
    assert {"1002", "2001"} <= numbers


# -- Who may, and when not -----------------------------------------------------------------------


def test_nobody_else_may(office: Office) -> None:
    names = ["alice", "sana", "lena", "bob", "charlie", "max"]
    for name in names:
        with pytest.raises(NotAllowed, match="data protection officer"):
            look(office, by=name)
        with pytest.raises(NotAllowed, match="data protection officer"):
            erasing.erase(office.world.store, office.world.by(name), "1001", WHY, "1/1")
    assert len(office.world.rows(audit, action="refused")) == 2 * len(names)
    assert office.world.rows(erasures) == []


def test_an_officer_of_another_school_learns_nothing(office: Office) -> None:
    joins(office, "olga", MATHEMATICS)
    with pytest.raises(InvalidInput, match="No student of your schools"):
        look(office, "1001", by="olga")


def test_not_while_a_complaint_is_open(office: Office) -> None:
    case = office.world.open_case()
    seen = look(office)
    said = Complaint("The tone of the mail hurt her")
    complaints.record(office.world.store, office.world.by("bob"), case, said)
    for do in (
        lambda: look(office),
        lambda: erasing.erase(office.world.store, office.world.by("priya"), "1001", WHY, seen),
    ):
        with pytest.raises(NotPossibleNow, match="A complaint about LANG-1 is open"):
            do()


def test_not_while_a_worker_is_at_it(office: Office) -> None:
    office.world.open_case()
    with office.world.store.unit_of_work() as work:
        work.connection.execute(sa.update(outbox).values(state="sending"))
    with pytest.raises(NotPossibleNow, match="at this moment") as refused:
        look(office)
    assert not refused.value.permanent


def test_the_second_look_has_to_be_of_what_is_there_now(office: Office) -> None:
    office.world.open_case()
    seen = look(office)
    office.works()
    with pytest.raises(OvertakenError, match="Please look again"):
        erasing.erase(office.world.store, office.world.by("priya"), "1001", WHY, seen)
    assert office.world.rows(erasures) == []


def test_a_reason_is_needed_and_names_nobody(office: Office) -> None:
    for why in ("", "because", "Dana asked for it today", "about 1001 she asked"):
        with pytest.raises(InvalidInput) as refused:
            erase(office, why=why)
        assert refused.value.field == "why"
        assert "Dana" not in refused.value.sentence


# -- Killed, refused -----------------------------------------------------------------------------


class Dies(BaseException):
    """The process is killed here."""


class Faulty:
    """The sandbox, with what goes wrong when a message is to be deleted."""

    def __init__(self, office: Office, fault: BaseException, after: int = 0) -> None:
        self.sandbox = office.services.workspaces[Platform.SANDBOX]
        self.fault = fault
        self.after = after

    def __getattr__(self, name: str) -> object:
        return getattr(self.sandbox, name)

    def delete(self, message: MessageRef) -> None:
        if self.after == 0:
            raise self.fault
        self.after -= 1
        self.sandbox.delete(message)

    def update(self, message: MessageRef, payload: object) -> None:
        raise self.fault


def with_workspace(office: Office, workspace: object) -> None:
    known = {Platform.SANDBOX: workspace}
    office.services = replace(office.services, workspaces=known)  # type: ignore[arg-type]


@pytest.mark.parametrize("after", [0, 1, 3])
def test_whoever_comes_after_a_killed_worker_goes_on(
    office: Office, tmp_path: Path, after: int
) -> None:
    much_is_written(office)
    done = erase(office)
    sound = office.services
    with_workspace(office, Faulty(office, Dies(), after))
    with pytest.raises(Dies):
        worker.erase_due(office.services)
    assert office.world.rows(erasures, id=done)[0]["finished_at"] is None

    office.services = sound
    office.clock.forward(minutes=3)
    worker.erase_due(office.services)
    office.works()
    assert scan(office, tmp_path) == {}
    assert office.world.rows(erasures, id=done)[0]["finished_at"] is not None


def test_killed_in_the_middle_of_the_tables_nothing_is_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    much_is_written(office)
    before = office.world.dump()
    seen = look(office)

    def dies(*_: object) -> None:
        raise Dies

    monkeypatch.setattr(erasing, "_ask_for", dies)
    with pytest.raises(Dies):
        erasing.erase(office.world.store, office.world.by("priya", "one"), "1001", WHY, seen)
    after = office.world.dump()
    assert {name for name in after if after[name] != before[name]} <= {
        "audit",
        "audit_head",
        "interactions",
    }
    monkeypatch.undo()
    erasing.erase(office.world.store, office.world.by("priya", "one"), "1001", WHY, seen)


def test_what_is_refused_is_listed_with_its_channel_and_time(office: Office) -> None:
    office.world.open_case()
    office.works()
    done = erase(office)
    sound = office.services
    with_workspace(
        office, Faulty(office, DeliveryError("this channel is archived", permanent=True))
    )
    office.works()

    with office.world.store.database.read() as connection:
        made = receipt(connection, done)
    (left,) = made.left
    assert (left.where, left.message) == ("sandbox lang-engagement", "1")
    assert left.at == office.clock.now
    assert "archived" in left.why
    assert made.finished_at is not None
    office.services = sound
    (told,) = office.messages("direct:priya")
    assert "Please delete by hand" in str(told.payload)


def test_what_passes_is_tried_again(office: Office) -> None:
    office.world.open_case()
    office.works()
    done = erase(office)
    sound = office.services
    with_workspace(office, Faulty(office, DeliveryError("too many", throttled=True)))
    for _ in range(worker.MOST_ATTEMPTS + 5):
        sweeping.sweep(office.services)
        office.works()
        office.clock.forward(minutes=16)
    with office.world.store.database.read() as connection:
        assert receipt(connection, done).waiting == 1
    office.services = sound
    office.clock.forward(minutes=1)
    sweeping.sweep(office.services)
    office.works()
    with office.world.store.database.read() as connection:
        assert receipt(connection, done).waiting == 0


def test_erasing_a_closed_case_keeps_its_outcome_in_the_figures(office: Office) -> None:
    case = office.world.open_case()
    closing.close(office.world.store, office.world.by("lena"), case, Outcome.RE_ENGAGED)
    office.works()
    before = _report(office)
    erase(office)
    office.works()
    assert _report(office) == before


def _report(office: Office) -> object:
    with office.world.store.database.read() as connection:
        return report(connection, office.world.school(), dt.date(2025, 1, 1))


def _is_a_case(message: Message) -> bool:
    return 'data-kind="digest"' not in str(message.payload)


def _of(office: Office, case: int) -> object:
    return [
        office.world.case(case),
        office.world.rows(students, number="1002"),
        # The digest named both of them, so it is written anew.
        [m for m in office.messages() if "LANG-2" in str(m.payload) and _is_a_case(m)],
    ]


def test_only_what_it_says_is_kept_of_the_erasure(office: Office) -> None:
    much_is_written(office)
    done = erase(office)
    office.works()
    (row,) = office.world.rows(erasures, id=done)
    assert row["why"] == WHY
    assert {each["message"] for each in office.world.rows(remnants)} == {""}
    (told,) = office.world.rows(notices, kind=NoticeKind.ERASED)
    assert told["about"] == done
