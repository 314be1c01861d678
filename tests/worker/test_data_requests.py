"""The data protection officer answers what students ask about their data, in time (§28)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot.interaction import Reply
from store.actions.privacy.data_requests import answer_question, ask_about_data
from store.actions.privacy.erase import erase_student, preview_erasure
from store.actions.privacy.export_student import export_student
from store.rules.calendar import institution_day
from store.rules.errors import NotPossibleNow
from store.rules.students.data_requests import DataAsk
from store.rules.students.harm import HELD_BACK, WITHHELD
from store.tables import audit, data_questions, data_requests, notices, remnants, staff, views
from tests.people import LANGUAGES
from tests.worker.erasures import joins
from tests.worker.office import Office, office_in, words
from worker.cli.main import app
from worker.jobs.notices.digests import request_messages
from worker.student_bundle import write_bundle

WORDS = "Only the Zzyzx emails, please"
WHY = "There are very many Zzyzx emails to read"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        joins(made, "priya", LANGUAGES)
        yield made


def asks(office: Office, kind: DataAsk, said: str = WORDS, key: str = "k") -> bool:
    return ask_about_data(office.world.store, office.world.student("dana"), kind, said, key)


def steps(office: Office, step: str, who: str = "priya", request: int = 1, **values: str) -> Reply:
    """Open the dialog of a step and submit it."""
    opened = office.clicks(who, "requests", request=request, step=step)
    return office.submits(who, opened.dialog, **values) if opened.dialog else opened


def listed(office: Office) -> str:
    return words(office.types("priya", "requests").card)


def later(office: Office, days: int) -> dt.date:
    office.clock.now += dt.timedelta(days=days)
    return institution_day(office.clock.now)


def morning(office: Office, day: dt.date) -> list[str]:
    """Return the kinds of the messages that this morning asks for."""
    known = len(office.world.rows(notices))
    with office.world.store.unit_of_work() as work:
        request_messages(work, office.world.school(), day)
    return [row["kind"] for row in office.world.rows(notices)[known:]]


def test_a_copy_is_asked_for_stopped_and_extended(office: Office) -> None:
    """22 October 2025 is a Wednesday; a month later is a Saturday."""
    world, store = office.world, office.world.store
    assert asks(office, DataAsk.COPY)
    assert not asks(office, DataAsk.COPY), "a form that arrives twice"
    with pytest.raises(NotPossibleNow):
        asks(office, DataAsk.COPY, key="another")
    office.works()
    told = office.shown("direct:priya")
    assert "A student has asked for a copy" in told
    assert "answer by Monday 24 November" in told
    assert "Zzyzx" not in told + office.shown("direct:lena") + office.shown()
    assert "asked for a copy" not in office.shown("direct:lena"), "not the school's lead"

    dialog = office.clicks("priya", "requests", request=1, step="open").dialog
    assert dialog is not None
    by = "Answer by Monday 24 November."
    for seen in ("Dana Dvorak", "1001", WORDS, by, "Ask the student", "Extend the time"):
        assert seen in words(dialog), seen
    assert world.rows(audit)[-1]["details"]["shows"] == "identity, a request about their data"

    later(office, 3)
    asked = steps(office, "ask", asks="scope", words="Do you want the Zzyzx ones too?")
    assert "The clock has stopped since Saturday 25 October" in words(asked.card)
    assert "the clock has stopped since Saturday 25 October" in listed(office)
    later(office, 10)
    office.works()
    answer_question(store, world.student("dana"), 1, "Yes, those as well")
    (row,) = world.rows(data_questions)
    assert (row["asks"], row["answered_at"].date()) == ("scope", institution_day(office.clock.now))
    # Ten days later than Saturday 22 November.
    assert "answer by Tuesday 2 December" in listed(office)
    office.works()
    assert "has answered your question" in office.shown("direct:priya")

    extended = steps(office, "extend", months="2", why=WHY)
    assert "The time is extended" in words(extended.card)
    assert "answer by Monday 2 February 2026" in listed(office)
    assert "allows it once" in str(steps(office, "extend", months="1", why=WHY))
    office.works()
    mails = [mail for mail in office.left() if "copy of your data" in mail.subject]
    assert [mail.recipient for mail in mails] == ["dana@students.example.ac.uk"] * 2
    assert "stops until you answer" in mails[0].body
    says = (WHY, "2 February 2026", "Information Commission", "Priya, data protection officer")
    assert [each for each in says if each not in mails[1].body] == []

    assert "Zzyzx" not in repr(world.dump()), "sealed"
    tables = export_student(store, world.by("priya"), "1001", "Asked for it").held.tables
    (kept,) = tables["data_requests"]
    assert (kept["words"], kept["extended_why"]) == (WORDS, WHY)
    assert tables["data_questions"][0]["answer"] == "Yes, those as well"


def test_a_copy_is_made_read_and_given(office: Office) -> None:
    """Making it does not close the request: the officer has not read it yet."""
    store = office.world.store
    asks(office, DataAsk.COPY)
    assert "No copy was made" in str(steps(office, "give")), "none to give"
    done = export_student(store, office.world.by("priya"), "1001", "Asked for it on their page")
    assert done.asked_in == 1
    assert "answer by Monday 24 November" in listed(office)
    assert "is closed" in words(steps(office, "give").card)
    assert "No open requests" in listed(office)
    office.works()
    assert len([mail for mail in office.left() if "has given you the copy" in mail.body]) == 1


def test_the_officer_is_reminded_and_told_what_is_overdue(office: Office) -> None:
    asks(office, DataAsk.COPY)
    assert "data-due" not in morning(office, later(office, 1))
    assert morning(office, later(office, 4)).count("data-due") == 1, "a Monday"
    assert "data-due" not in morning(office, later(office, 15))  # Tuesday 11 November
    assert "data-due" in morning(office, later(office, 7))  # Tuesday 18 November
    day = later(office, 10)
    assert "data-due" in morning(office, day)
    office.works()
    late = "overdue by 4 days. Answer it now: it was due by Monday 24 November"
    assert late in office.shown("direct:priya")
    assert "1 overdue" in office.shown("direct:priya")
    assert "data-due" not in office.shown("direct:lena")
    refused = steps(office, "extend", months="1", why=WHY)
    assert "no longer be extended" in str(refused)


def test_a_complaint_is_acknowledged_and_answered_by_the_officer_alone(office: Office) -> None:
    asks(office, DataAsk.COMPLAINT, "Someone read my Zzyzx emails to the class")
    office.works()
    assert "A student has complained" in office.shown("direct:priya")
    assert "complained" not in office.shown("direct:lena")
    assert "acknowledge by Friday 21 November" in listed(office)
    assert "Acknowledge" in words(office.clicks("priya", "requests", request=1, step="open").dialog)
    assert "is acknowledged" in words(steps(office, "acknowledge").card)
    assert "answer by Monday 24 November" in listed(office)
    answer = "We are sorry. The colleague has been trained again."
    assert "The answer is saved" in words(steps(office, "answer", words=answer).card)
    office.works()
    first, second = [mail.body for mail in office.left()]
    assert "are looking into it" in first
    assert answer in second
    assert "https://ico.org.uk/make-a-complaint" in second
    for who in ("lena", "alice", "bob"):
        assert "data protection officer" in words(office.types(who, "requests").card)
        refused = office.clicks(who, "requests", request=1, step="open")
        assert "data protection officer" in words(refused.card)
        assert refused.dialog is None


def test_what_came_otherwise_is_recorded_and_counts_from_its_day(office: Office) -> None:
    dialog = office.clicks("priya", "requests", step="record").dialog
    assert dialog is not None
    given = {"number": "1001", "kind": "copy", "received": "2025-10-01", "words": ""}
    bad = office.submits("priya", dialog, **given | {"received": "2026-01-01"})
    assert "today or in the last year" in str(bad)
    assert "No student" in str(office.submits("priya", dialog, **given | {"number": "9"}))
    assert "Recorded as number" in words(office.submits("priya", dialog, **given).card)
    assert "answer by Monday 3 November" in listed(office)
    office.works()
    assert "by Monday 3 November 2025" in office.left()[-1].body
    steps(office, "answer", words="You told us that you need no copy any more.")
    assert "No open requests" in listed(office)


def test_no_email_promises_a_day_that_is_over(office: Office) -> None:
    """What is recorded, acknowledged or asked too late is late; a late question saves no day."""
    late = {"number": "1001", "received": "2025-08-01", "words": "They read my notes out loud"}
    for kind, due in ((DataAsk.COPY, "Monday 1 September"), (DataAsk.COMPLAINT, "Monday 1 Sept")):
        dialog = office.clicks("priya", "requests", step="record").dialog
        assert dialog is not None
        said = words(office.submits("priya", dialog, kind=kind, **late).card)
        assert f"it was due by {due}" in said
    steps(office, "acknowledge", request=2)
    steps(office, "ask", asks="scope", words="Which of your emails do you mean?")
    assert "was due by Monday 1 September" in listed(office)
    assert "was asked about scope on Wednesday 22 October, after that day" in listed(office)
    assert "no longer be extended" in str(steps(office, "extend", months="1", why=WHY))
    office.works()
    told = [mail.body for mail in office.left()]
    assert sum("sorry that it is late" in each for each in told) == 4
    assert not [
        each for each in told if "at the latest" in each or "the time stops" in each.lower()
    ]


def test_no_email_is_no_secret(office: Office) -> None:
    """Where none can be sent the officer reads it, and tells the student otherwise."""
    asks(office, DataAsk.COMPLAINT)
    office.types("lena", "stop-mail LANG a wrong letter was sent")
    steps(office, "acknowledge")
    office.works()
    assert office.left() == []
    dialog = office.clicks("priya", "requests", request=1, step="open").dialog
    assert "was not sent: emails are stopped" in words(dialog)


def test_a_request_reaches_the_officer_who_is_named_later(office: Office) -> None:
    """Until then the leads hear that no one may read it, and nothing of what it says."""
    is_officer = staff.c.email == "priya@example.ac.uk"
    with office.world.store.database.write() as connection:
        connection.execute(sa.update(staff).where(is_officer).values(active=False))
    asks(office, DataAsk.COPY)
    office.works()
    assert "has no data protection officer" in office.shown("direct:lena")
    assert "Zzyzx" not in office.shown("direct:lena")
    assert office.shown("direct:priya") == ""
    with office.world.store.database.write() as connection:
        connection.execute(sa.update(staff).where(is_officer).values(active=True))
    for _ in range(2):
        morning(office, later(office, 1))
        office.works()
    assert [each["kind"] for each in office.world.rows(notices, kind="data-request")] == [
        "data-request"
    ]
    assert "has asked for a copy" in office.shown("direct:priya")


def test_what_is_asked_for_is_not_erased(office: Office) -> None:
    world = office.world
    asks(office, DataAsk.COPY)
    with pytest.raises(NotPossibleNow, match="request for a copy"):
        preview_erasure(world.store, world.by("priya"), "1001")
    steps(office, "answer", words="They took the request back today.")
    office.works()
    assert "They took the request back" in office.left()[-1].body
    figure = str(preview_erasure(world.store, world.by("priya"), "1001"))
    erase_student(world.store, world.by("priya"), "1001", "Asked for under Article 17", figure)
    assert world.rows(data_requests) == []
    copies = {row["message"] for row in world.rows(remnants) if row["kind"] == "mail"}
    assert copies == {"data-letter:1"}, "the copy in the mailbox goes too"


HARM = "Her father must not learn that she lives in Zzyzx Street"


def test_words_that_may_do_harm_wait_for_the_officer(office: Office, tmp_path: Path) -> None:
    world, store = office.world, office.world.store
    case = world.open_case()
    office.submits("bob", office.dialog("bob", "view", case), opinion="wait", reason=HARM)
    office.submits("bob", office.dialog("bob", "complaint", case), summary="The email came twice",
                   about="nobody", handler="suggested")  # fmt: skip
    view = world.rows(views)[-1]["id"]
    assert "Mark harmful text" in repr(office.clicks("bob", "show", case=case, all="1"))
    reply = office.types("bob", "mark-harm LANG-1")
    assert reply.dialog, reply
    dialog = reply.dialog
    assert "Zzyzx" not in words(dialog), "it shows no words"
    assert dialog is not None
    marked = office.submits("bob", dialog, words=f"views:{view}", why="Her father reads her post")
    assert "The text is marked" in str(marked)
    again = office.submits("bob", dialog, words=f"views:{view}", why="Her father reads her post")
    assert "marked already" in str(again)
    assert "no such words" in str(office.submits("bob", dialog, words="views:99", why=HARM))
    assert "Zzyzx" not in repr(world.dump())
    asks(office, DataAsk.COPY, "")

    def copied() -> tuple[str, str]:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        export = export_student(store, world.by("priya"), "1001", "Asked for it on their page")
        write_bundle(folder, export, ())
        given = (folder / "export.json").read_text("utf-8")
        assert (folder / "export.html").read_text("utf-8").count("Zzyzx") == given.count("Zzyzx")
        return given, (folder / "may-do-harm.csv").read_text("utf-8")

    given, for_officer = copied()
    assert "Zzyzx" not in given, "nor in the evidence of the complaint"
    assert json.loads(given)["tables"]["views"][-1]["reason"] == HELD_BACK
    assert "harm_marks" not in given
    assert "views/1" in for_officer
    assert "to decide" in for_officer
    assert HARM in for_officer
    assert "First decide on 1 text" in str(steps(office, "give"))

    shown = words(office.clicks("priya", "requests", request=1, step="harm").dialog)
    assert HARM in shown
    assert "Her father reads her post" in shown
    decided = steps(office, "harm", gives="withhold", why="It would put her in danger")
    assert "withheld" in words(decided.card)
    given, for_officer = copied()
    assert json.loads(given)["tables"]["views"][-1]["reason"] == WITHHELD
    assert "Zzyzx" not in given
    for seen in ("withheld", "It would put her in danger", "Priya"):
        assert seen in for_officer
    assert "is closed" in words(steps(office, "give").card)

    result = CliRunner().invoke(
        app,
        ["student", "decide", "1001", "views/1", "--give", "--why", "She lives elsewhere now",
         "--officer", "priya@example.ac.uk"],
        env={"LANTERN_HOME": str(tmp_path / "home")},
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert HARM in copied()[0]


def test_the_command_line_lists_what_is_open(office: Office, tmp_path: Path) -> None:
    asks(office, DataAsk.COPY)
    line = ["student", "requests", "--officer"]
    env = {"LANTERN_HOME": str(tmp_path / "home")}
    said = CliRunner().invoke(app, [*line, "priya@example.ac.uk"], env=env)
    assert (said.exit_code, "Request 1, School of" in said.output) == (0, True), said.output
    assert "Zzyzx" not in said.output
    refused = CliRunner().invoke(app, [*line, "lena@example.ac.uk"], env=env)
    assert refused.exit_code != 0
