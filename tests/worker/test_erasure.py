"""Erasing a student: Lantern removes all their data that it can reach, and lists the rest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.chat.sandbox import Message
from store.actions.complaints import handle as complaints
from store.actions.complaints.handle import Complaint
from store.actions.privacy import erase as erasing
from store.actions.privacy.data_requests import ask_about_data
from store.actions.schools.load_roster import load_roster
from store.actions.students.record_message import record_message
from store.actions.students.use_link import visit_link
from store.queries.notices.notices import notice_view
from store.queries.privacy.receipt import receipt
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow, OvertakenError
from store.rules.model import NoticeKind, OutboxState
from store.rules.students.data_requests import DataAsk
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import Said, Saying
from store.signed_links import LinkBroken, StudentLink
from store.tables import (
    audit,
    data_requests,
    erasures,
    notices,
    outbox,
    outreach,
    student_keys,
    students,
    troubles,
)
from tests.people import MATHEMATICS
from tests.worker.erasures import (
    CANARY,
    TRACES,
    WHY,
    erase,
    fill_lake,
    joins,
    lake_has,
    look,
    much_is_written,
    office,
    report_of,
    scan,
)
from tests.worker.office import Office
from worker.jobs import sweep as sweeping

__all__ = ["office"]


# -- All data is removed --------------------------------------------------------------------------


def test_neither_name_nor_number_nor_a_word_is_left_anywhere(
    office: Office, tmp_path: Path
) -> None:
    much_is_written(office)
    fill_lake(office)
    dana, eli = office.world.student("dana"), office.world.student("eli")
    with_her = scan(office, tmp_path)
    assert set(with_her) == set(TRACES), "the canary is where the tests look"
    assert {"sandbox_messages", "exemptions"} <= {*with_her[CANARY]}
    assert "key:" in str(office.world.dump()), "the others are sealed"
    before = report_of(office)

    done = erase(office)
    office.works()

    assert scan(office, tmp_path) == {}
    assert office.world.rows(student_keys, student_id=dana) == []
    assert "key:" not in str(office.world.dump()), "nothing sealed is left"
    assert not lake_has(office, dana)
    assert lake_has(office, eli)
    (row,) = office.world.rows(erasures, id=done)
    assert row["finished_at"] is not None
    with office.world.store.database.read() as connection:
        made = receipt(connection, done)
    assert (made.waiting, made.left) == (0, ())
    assert made.gone > 5
    assert office.world.store.verify_audit() is None
    assert report_of(office) == before, "The school's statistics are kept"
    (told,) = [m for m in office.messages("direct:priya") if m.payload]
    assert "everything that Lantern can delete has been deleted" in str(told.payload)


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


@pytest.mark.parametrize("words", ["I would like to talk", "I do not want to live any more"])
def test_no_one_is_asked_to_read_what_a_student_without_a_case_wrote(
    office: Office, words: str
) -> None:
    store, dana = office.world.store, office.world.student("dana")
    record_message(store, Said(dana, Saying.TALK, words), "k")
    ask_about_data(store, dana, DataAsk.COPY, words, "copy")
    with store.unit_of_work() as work:  # an open one is answered before its student is erased
        work.connection.execute(sa.update(data_requests).values(answered_at=work.now))
    kinds = {row["kind"] for row in office.world.rows(notices)}
    assert NoticeKind.SAID in kinds
    assert kinds & {NoticeKind.DATA_REQUEST, NoticeKind.DATA_NOW}

    erase(office)

    assert office.world.rows(notices) == []
    for _ in range(3):
        office.clock.forward(hours=1)
        sweeping.sweep(office.services)
        office.works()
    assert {row["kind"] for row in office.world.rows(notices)} == {NoticeKind.ERASED}
    assert office.world.rows(troubles) == []
    assert office.world.rows(outbox, state=OutboxState.DUE) == []


def test_a_message_that_a_worker_has_taken_already_is_not_sent(office: Office) -> None:
    store, dana = office.world.store, office.world.student("dana")
    record_message(store, Said(dana, Saying.TALK, "when you have time"), "k")
    (told, *_) = office.world.rows(notices)
    erase(office)
    with store.database.read() as connection, pytest.raises(InvalidInput, match="was erased"):
        notice_view(connection, told["id"], office.world.today)


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
    token = store.links.sign(StudentLink(mail["id"], LinkPurpose.PAGE), until)
    student = visit_link(store, token).student

    erase(office)

    with pytest.raises(LinkBroken):
        visit_link(store, token)
    with pytest.raises(InvalidInput):
        record_message(store, Said(student, Saying.TALK, mail=mail["id"]), "k")


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


# -- Who may erase, and when it is refused --------------------------------------------------------


def test_nobody_else_may(office: Office) -> None:
    names = ["alice", "sana", "lena", "bob", "charlie", "max"]
    for name in names:
        with pytest.raises(NotAllowed, match="data protection officer"):
            look(office, by=name)
        with pytest.raises(NotAllowed, match="data protection officer"):
            erasing.erase_student(office.world.store, office.world.by(name), "1001", WHY, "1/1")
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
    complaints.record_complaint(office.world.store, office.world.by("bob"), case, said)
    for do in (
        lambda: look(office),
        lambda: erasing.erase_student(
            office.world.store, office.world.by("priya"), "1001", WHY, seen
        ),
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
    case = office.world.open_case()
    seen = look(office)
    office.world.give_view(case)
    with pytest.raises(OvertakenError, match="Check again"):
        erasing.erase_student(office.world.store, office.world.by("priya"), "1001", WHY, seen)
    assert office.world.rows(erasures) == []


def test_a_reason_is_needed_and_names_nobody(office: Office) -> None:
    for why in ("", "because", "Dana asked for it today", "about 1001 she asked"):
        with pytest.raises(InvalidInput) as refused:
            erase(office, why=why)
        assert refused.value.field == "why"
        assert "Dana" not in refused.value.sentence


def _of(office: Office, case: int) -> object:
    return [
        office.world.case(case),
        office.world.rows(students, number="1002"),
        # The digest named both of them, so it is written again.
        [m for m in office.messages() if "LANG-2" in str(m.payload) and _is_a_case(m)],
    ]


def _is_a_case(message: Message) -> bool:
    return 'data-kind="digest"' not in str(message.payload)
