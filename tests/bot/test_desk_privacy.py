"""Personal data stays in its own tables: not in logs, jobs, cards or the audit."""

import logging
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.commands.dispatcher import Dispatcher
from bot.interaction import Interaction, Person
from integrations.job_queue import InProcessQueue
from integrations.mail.folder import FolderMailer
from integrations.mail.interface import GoingOut, MailError, unnoted
from store.rules.model import Platform
from store.tables import audit, outbox
from tests.people import policy_document
from tests.store.filled import stands_in
from tests.worker.office import Office, words
from worker import jobs

PERSONAL = (
    "Dana", "Dvorak", "1001", "dana@", "She was ill", "Rang her", "moving house", "Hello Dana",
    "spoke about money", "alice@", "sana@",
)  # fmt: skip


class Overheard(InProcessQueue):
    """A queue that records every job put in it."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[tuple[str, dict[str, int | str]]] = []

    def enqueue(self, name: str, **ids: int | str) -> None:
        self.jobs.append((name, ids))
        super().enqueue(name, **ids)


class Unreliable(FolderMailer):
    """A mailer that fails before its first send, and again after its second took effect."""

    calls = 0

    def send(self, mailbox: str, ref: str, going_out: GoingOut = unnoted) -> None:
        self.calls += 1
        if self.calls == 1:
            raise MailError("the service is busy")
        super().send(mailbox, ref, going_out)
        if self.calls == 2:
            raise MailError("no answer", unknown=True)


def whole_journey(office: Office) -> None:
    """Take a case through all that people and the worker can do, faults included."""
    case = office.world.open_case()
    office.types("alice", "take LANG-1")
    office.types("charlie", "show LANG-1")
    office.asks("mallory", "show", ids={"case": str(case)}, text="Dana Dvorak")
    logged = office.dialog("alice", "log", case)
    office.submits("alice", logged, kind="call", note="Rang her, we spoke about money")
    office.approves_a_mail(case)
    for _ in range(4):
        office.works()
        office.clock.forward(minutes=1)  # until the lost send can be checked
        office.services.queue.enqueue("sweep")
    office.works()
    (mail,) = office.left()
    assert isinstance(office.services.mailer, FolderMailer)
    office.services.mailer.answer_as_student(mail.mailbox, mail.ref, "I was moving house")
    office.services.queue.enqueue("collect-replies")
    office.works()
    assert "moving house" in words(office.types("alice", "reveal LANG-1 answer-request").dialog)
    closing = office.dialog("alice", "close", case)
    office.submits("alice", closing, outcome="circumstances-known", note="Rang her again")
    office.works()


def test_a_whole_journey_leaves_nothing_personal_in_logs_jobs_cards_or_audit(
    office: Office, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    overheard = Overheard()
    mailer = Unreliable(office.services.settings.home / "mail", office.clock)
    office.services = replace(office.services, queue=overheard, mailer=mailer)
    office.services.store._wake = lambda kind: overheard.enqueue("deliver", kind=kind)

    with capture_logs() as logged, caplog.at_level(logging.DEBUG):
        whole_journey(office)

    printed = capfd.readouterr()
    everywhere = {
        "the structured log": repr(logged),
        "libraries' logs": caplog.text,
        "standard output and error": printed.out + printed.err,
        "the jobs": repr(overheard.jobs),
        "the audit": repr(office.world.rows(audit)),
        "the outbox": repr(office.world.rows(outbox)),
    }
    assert any(line["event"] == "mail not sent" for line in logged), "the faults were logged"
    for place, text in everywhere.items():
        for personal in PERSONAL:
            assert not stands_in(personal, text), f"{personal!r} in {place}"
    # A channel shows colleagues' reasons, but no identity and no message.
    channel = office.shown()
    for personal in set(PERSONAL) - {"She was ill"}:
        assert personal not in channel, f"{personal!r} in the channel"
    assert channel.count("LANG-1</a> ·") == 1
    assert office.world.store.verify_audit() is None


def test_names_stand_in_the_channel_only_where_the_school_has_chosen_so(office: Office) -> None:
    office.world.publish("show_names = true\n" + policy_document("LANG"))
    office.world.open_case("dana")
    office.works()
    assert "Dana Dvorak" in office.shown("lang")
    assert "dana@" not in office.shown("lang")
    assert "1001" not in office.shown("lang")


def test_what_nobody_foresaw_gives_a_reference_and_logs_nothing_personal(office: Office) -> None:
    case = office.world.open_case()
    dialog = office.dialog("alice", "view", case)
    with office.world.store.unit_of_work() as work:
        work.connection.exec_driver_sql("ALTER TABLE views RENAME COLUMN reason TO gone")

    with capture_logs() as logged:
        reply = office.submits("alice", dialog, opinion="wait", reason="She was ill last week")

    (line,) = logged
    said = words(reply.card)
    assert line["reference"] in said
    assert line["event"] == "interaction failed"
    assert line["command"] == "view"
    assert "went wrong" in said
    for personal in ("She was ill", "Alice", "OperationalError", "views"):
        assert personal not in said
    assert "She was ill" not in repr(logged)
    assert office.world.case(case).version == 1, "nothing was changed, as the sentence says"


def test_what_somebody_typed_is_not_logged_as_a_command(office: Office) -> None:
    asked = Interaction(Person(Platform.SANDBOX, "sandbox", "alice"), "Dana is ill", "lang", "k")
    office.services.store.database.close()
    with office.world.store.unit_of_work() as work:
        work.connection.exec_driver_sql("ALTER TABLE identities RENAME COLUMN staff_id TO gone")

    with capture_logs() as logged:
        reply = Dispatcher(office.services.store).handle(asked)

    assert "went wrong" in words(reply.card)
    assert [line["command"] for line in logged] == ["unknown"]
    assert "Dana" not in repr(logged)


def test_a_job_that_fails_tells_rq_its_kind_and_not_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """rq logs a failure and stores it in Redis for a day."""

    def fails(_services: object) -> None:
        raise ValueError("Dana Dvorak, dana@home.example")

    monkeypatch.setattr(jobs, "JOBS", {"sweep": fails})
    monkeypatch.setattr(jobs, "_services", lambda: None)
    with pytest.raises(jobs.JobFailed, match=r"^sweep: ValueError at fails:\d+$") as failed:
        jobs.run("sweep")

    assert failed.value.__suppress_context__
