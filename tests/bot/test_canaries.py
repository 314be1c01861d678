"""200 invented words go through all three places, with faults, and none is where it must not be."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.exposition import generate_latest
from structlog.testing import capture_logs

from bot.metrics import registry_of
from store.actions.cases import discuss
from store.actions.cases.add_note import add_note
from store.actions.cases.log_attempt import log_attempt
from store.actions.complaints.handle import Complaint, record_complaint
from store.actions.privacy.data_request_steps import ask_student
from store.actions.privacy.data_requests import ask_about_data
from store.actions.privacy.harm import mark_harm
from store.actions.schools.load_roster import load_roster
from store.actions.students.adjust import Adjustment, adjust_student
from store.actions.students.record_message import record_message
from store.actions.students.request_absence import request_absence
from store.rules.access.confidentiality import Readers
from store.rules.model import AttemptResult, MarkerFamily, Rung
from store.rules.students.absences import AbsenceAsked, Document, DocumentKind
from store.rules.students.data_requests import ClockStop, DataAsk
from store.rules.students.harm import HarmPlace
from store.rules.students.messages import ContactWay, Said, Saying
from store.tables import audit, outbox, troubles, views
from tests.bot.canaries import Canaries, Leaving
from tests.bot.places import Place
from tests.bot.places.sandbox import sandbox_in
from tests.bot.places.slack import slack_in
from tests.bot.places.teams import teams_in
from tests.bot.test_desk_privacy import Overheard, Unreliable
from tests.people import LANGUAGES
from tests.worker.erasures import joins
from worker.backup.make import PROTECTIONS, WHOLE, make_backup
from worker.jobs.notices.digests import request_digest, request_messages

STUDENTS = 37
"""Each has five canaries: two names, a number and two addresses. The rest is said."""
LEAST = 200


@pytest.fixture(params=[sandbox_in, slack_in, teams_in], ids=["sandbox", "slack", "teams"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Provide each platform in turn, with nothing on it yet."""
    opened: Callable[[Path], AbstractContextManager[Place]] = request.param
    with opened(tmp_path / "home") as place:
        yield place


def test_no_canary_is_where_it_must_not_be(
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    canaries, leaving, jobs = Canaries(), Leaving(), Overheard()
    leaving.listen(monkeypatch)
    office = place.office
    mailer = Unreliable(office.services.settings.home / "mail", office.clock)
    office.services = replace(office.services, queue=jobs, mailer=mailer)
    office.services.store._wake = lambda kind: jobs.enqueue("deliver", kind=kind)
    with capture_logs() as logged, caplog.at_level(logging.DEBUG):
        load_roster(office.world.store, canaries.roster(STUDENTS))
        case = _journey(place, canaries)
        _fails(place, canaries, monkeypatch)
        shown = place.card("bob")
        _is_told(place, canaries, case)
        metrics = generate_latest(registry_of(office.services.store)).decode()
    assert len(canaries) >= LEAST
    made = [make_backup(office.services, tmp_path / "shelf", kind) for kind in (WHOLE, PROTECTIONS)]
    files = [each for folder in made for each in folder.rglob("*") if each.is_file()]
    printed = capfd.readouterr()
    assert leaving.carried
    assert leaving.addresses
    assert any(line["event"] == "interaction failed" for line in logged)
    assert any(line["event"] == "mail not sent" for line in logged)
    for where, text in {
        "the log": repr(logged),
        "libraries' logs": caplog.text,
        "standard output and error": printed.out + printed.err,
        "metrics": metrics,
        "jobs": repr(jobs.jobs),
        "the audit": repr(office.world.rows(audit)),
        "the outbox": repr(office.world.rows(outbox)),
        "troubles": repr(office.world.rows(troubles)),
        "addresses": "\n".join(leaving.addresses),
        "buttons, forms and hidden fields": "\n".join(leaving.carried),
        "backups": "\n".join(each.read_bytes().decode("latin-1") for each in files),
    }.items():
        assert canaries.in_text(text) == [], where
    # A channel shows colleagues' views, and nothing else that was said.
    assert canaries.in_text(shown, "view") == []
    assert canaries.in_text(shown), "the view is there"


def _journey(place: Place, canaries: Canaries) -> int:
    """Take a case from a flag to an answer, with the words of each step."""
    office = place.office
    greeting = canaries.kinds["name"][0]
    case = office.world.open_case(greeting)
    office.works()
    place.presses("alice", "Take")
    drafting = place.presses("sana", "Draft email")
    seen = f"I saw the {canaries.word('email')} are up again in the courtyard."
    body = f"Hello {greeting},\n\n{seen} How are you? We can meet.\n\nAlice"
    assert place.sends("sana", drafting.form, {"Email": body}).words == ""
    viewing = place.presses("bob", "Add view")
    said = {"What": "Contact now", "Why": f"They told me of a {canaries.word('view')} last week"}
    assert place.sends("bob", viewing.form, said).words == ""
    office.works()
    reading = place.presses("alice", "Read and approve")
    assert place.sends("alice", reading.form).words == ""
    for _ in range(4):
        office.works()
        office.clock.forward(minutes=1)
        office.services.queue.enqueue("sweep")
    office.works()
    place.answers_the_mail(f"Thank you, I met a {canaries.word('answer')} on Friday.")
    office.services.queue.enqueue("collect-replies")
    office.works()
    revealing = place.presses("alice", "Reveal")
    purpose = {"Why do you need to see it": "To prepare contact with the student"}
    shown = place.sends("alice", revealing.form, purpose).words
    assert canaries.kinds["answer"][0] in shown, "who may read it does"
    return case


def _is_told(place: Place, canaries: Canaries, case: int) -> None:
    """Have colleagues and the student say all that they can, and have everyone told."""
    office = place.office
    world, store, today = office.world, office.world.store, office.world.today
    student = world.case(case).student
    add_note(store, world.by("alice"), case, f"Of a {canaries.word('note')}", Readers.LEAD)
    rang = (Rung.PHONE, AttemptResult.NO_ANSWER, f"Rang of a {canaries.word('note')}")
    log_attempt(store, world.by("alice"), case, *rang)
    wrong = Said(student, Saying.WRONG, f"I saw a {canaries.word('message')}")
    record_message(store, wrong, "key 1")
    way = Said(student, Saying.CONTACT_BY, f"By {canaries.word('message')}", way=ContactWay.PHONE)
    record_message(store, way, "key 2")
    document = Document(DocumentKind.PDF, f"%PDF {canaries.word('document')}".encode())
    last = today + dt.timedelta(days=2)
    ill = AbsenceAsked(student, today, last, f"Ill of {canaries.word('absence')}", document)
    request_absence(store, ill, "key 3")
    less = f"Has a {canaries.word('adjustment')} at home"
    adjustment = Adjustment(MarkerFamily.ATTENDANCE, today, last, less)
    adjust_student(store, world.by("lena"), case, adjustment)
    hurt = Complaint(f"The email on a {canaries.word('complaint')} was hurtful")
    record_complaint(store, world.by("bob"), case, hurt)
    view = world.rows(views)[-1]["id"]
    harm = f"He fears a {canaries.word('request')}"
    mark_harm(store, world.by("bob"), case, HarmPlace.VIEW, view, harm)
    for kind in DataAsk:
        words = f"My emails on a {canaries.word('request')}"
        ask_about_data(store, student, kind, words, f"key {kind}")
    joins(office, "priya", LANGUAGES)
    question = f"Do you mean the {canaries.word('request')}?"
    ask_student(store, world.by("priya"), 1, ClockStop.SCOPE, question)
    with store.unit_of_work() as work:
        request_digest(work, world.school(), today)
        request_messages(work, world.school(), today)
    office.works()


def _fails(place: Place, canaries: Canaries, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have people type names and words in wrong places, and an action fail unforeseen."""
    number, name = canaries.kinds["number"][1], canaries.kinds["name"][2]
    for line in (
        f"find {name}",
        f"find {number}",
        f"fnid {name} {number}",
        f"show {name}",
        f"note LANG-99 {canaries.word('typed')}",
        f"log LANG-1 {canaries.word('typed')}",
        f"exempt {number} {canaries.word('typed')}",
        f"erase {number} {canaries.word('typed')}",
        f"{canaries.word('typed')} {name}",
    ):
        place.types("alice", line)
    place.types("charlie", f"show {name} {number}")
    logs = place.presses("alice", "Log a contact")
    words = f"Spoke of a {canaries.word('note')}"

    def fails(*_: object) -> None:
        raise ArithmeticError(words)

    said = {"What did you do": "Meeting", "What happened": words}
    with monkeypatch.context() as broken:
        broken.setattr(discuss, "was_in_touch", fails)
        told = place.sends("alice", logs.form, said).words
    assert canaries.in_text(told, "note") == []
    place.office.works()
