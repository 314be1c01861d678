"""A student writes at night that they cannot go on: people are asked to read it now (§13, §25)."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.app import create_app
from bot.cards.kit.model import Dialog
from store.actions.outreach.receive_reply import record_reply
from store.actions.privacy.export_student import export_student
from store.actions.schools.arrange_cover import Absence, arrange_cover
from store.actions.students.record_message import record_message
from store.policies.versions import publish
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import NoticeKind, OutreachStatus
from store.rules.students.messages import ROOM, Said, Saying
from store.tables import audit, notices, sayings
from store.tables import outreach as mails
from tests.bot.visitor import Visitor
from tests.people import LANGUAGES, policy_document
from tests.worker.erasures import joins
from tests.worker.office import Office, office_in, words
from tests.worker.played import plays
from worker.jobs.sweep import sweep

WORDS = "I cannot go on."
LABELS = ("urgent", "risk", "danger", "suicid", "crisis", "safe")
URGENT = """
[urgent]
duty_contact = "lena@example.ac.uk"
out_of_hours = "Security on 020 7946 0000"
emergency = "112"
listening = "Nightline on 020 7946 0001"
"""


def by_mail(office: Office) -> None:
    assert record_reply(
        office.world.store,
        message="m-1",
        conversation="conversation-1",
        body=WORDS,
        received_at=office.world.clock.now,
        sender="dana@students.example.ac.uk",
    )


def by_saying(office: Office) -> None:
    """Send the words as a form behind a link, the student's page or a chat in Teams does."""
    assert record_message(
        office.world.store, Said(office.world.student("dana"), Saying.FINE, WORDS), "s-1"
    )


WAYS = pytest.mark.parametrize("way", [by_mail, by_saying])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give an office at 22:00, after an email to Dana this morning. Sana is the owner."""
    with office_in(tmp_path) as made:
        plays(made, _an_email_to_dana)
        yield made


def _an_email_to_dana(office: Office) -> None:
    office.world.publish(policy_document(LANGUAGES) + URGENT)
    case = office.world.open_case()
    office.world.approved_mail(case)
    office.world.send()
    office.works()
    office.world.clock.now = dt.datetime(2025, 10, 22, 21, 0, tzinfo=dt.UTC)


def told(office: Office, name: str) -> list[str]:
    office.works()
    said = [str(message.payload) for message in office.messages(f"direct:{name}")]
    return [each for each in said if "Read this now" in each]


@WAYS
def test_the_owner_and_the_duty_contact_are_asked_at_once(
    office: Office, way: Callable[[Office], None]
) -> None:
    way(office)
    for name in ("sana", "lena"):
        (message,) = told(office, name)
        assert "the student of LANG-1 has written" in message
        assert not any(label in message.casefold() for label in LABELS)
        assert "go on" not in message, "their words are not in a message"
    assert told(office, "bob") == told(office, "alice") == []


@WAYS
def test_who_covers_for_the_owner_is_asked_too(
    office: Office, way: Callable[[Office], None]
) -> None:
    world = office.world
    absence = Absence(world.staff("sana"), world.staff("alice"), world.today, world.today)
    arrange_cover(world.store, world.by("lena"), world.school(LANGUAGES), absence)
    way(office)
    assert [len(told(office, name)) for name in ("sana", "alice", "lena")] == [1, 1, 1]


@WAYS
def test_one_click_opens_the_words_and_only_that_they_were_read_is_kept(
    office: Office, way: Callable[[Office], None]
) -> None:
    way(office)
    told(office, "sana")
    shown = office.clicks("sana", "read-now", case=1).dialog
    assert isinstance(shown, Dialog)
    assert WORDS in words(shown)
    read = {row["staff_id"]: row["read_at"] for row in office.world.rows(notices, kind="read-now")}
    assert read[office.world.staff("sana")] is not None
    assert read[office.world.staff("lena")] is None
    looks = [row for row in office.world.rows(audit) if row["action"] == "reveal"]
    assert looks[-1]["details"]["purpose"] == "answer-request"
    asked = [row for row in office.world.rows(audit) if row["action"] == "ask-to-read"]
    assert [row["details"] for row in asked] == [{"people": 2}]
    card = office.shown().casefold()
    assert not any(label in card for label in LABELS)


def test_without_a_case_or_a_contact_the_officer_and_the_leads_are_asked(office: Office) -> None:
    office.world.publish(policy_document(LANGUAGES))
    office.world.clock.forward(minutes=1)
    record_message(office.world.store, Said(office.world.student("eli"), Saying.TALK, WORDS), "s-2")
    (message,) = told(office, "lena")
    assert "a student of your school, who has no case" in message
    (row,) = office.world.rows(sayings)
    shown = office.clicks("lena", "read-now", saying=row["id"]).dialog
    assert shown
    assert WORDS in words(shown)


def test_what_is_calm_waits_for_the_morning(office: Office) -> None:
    record_message(
        office.world.store, Said(office.world.student("dana"), Saying.FINE, "All well"), "s-3"
    )
    assert told(office, "sana") == []
    assert office.world.rows(notices, kind=NoticeKind.READ_NOW) == []


def test_one_too_many_is_kept_all_the_same_where_it_cannot_wait(office: Office) -> None:
    dana = office.world.student("dana")
    for number in range(min(most for most, _ in ROOM)):
        record_message(office.world.store, Said(dana, Saying.FINE, "All well"), f"fine-{number}")
    with pytest.raises(NotPossibleNow):
        record_message(office.world.store, Said(dana, Saying.FINE, "All well"), "one too many")
    assert record_message(office.world.store, Said(dana, Saying.FINE, WORDS), "this one counts")
    assert told(office, "sana")


def test_a_duty_contact_is_a_colleague_who_may_read(office: Office) -> None:
    for address in ("bob@example.ac.uk", "nobody@example.ac.uk", "charlie@example.ac.uk"):
        document = policy_document(LANGUAGES) + URGENT.replace("lena@example.ac.uk", address)
        with pytest.raises(InvalidInput, match=r"urgent\.duty_contact"):
            publish(office.world.store, document, "policy.toml", actor="system:test")


def test_nothing_is_promised_for_today_when_the_working_day_is_over(office: Office) -> None:
    case = office.world.open_case("eli")
    office.world.give_view(case)
    office.world.write_draft(case, body="Hello Eli,\n\nhow are you? I can call you today.\n\nSana")
    with pytest.raises(NotPossibleNow, match="cannot promise anything for today"):
        office.world.approve(case)
    office.world.clock.now = dt.datetime(2025, 10, 23, 9, 30, tzinfo=dt.UTC)
    office.world.approve(case)
    assert office.world.rows(mails)[-1]["status"] == OutreachStatus.APPROVED


# -- What is not read is put before more people ---------------------------------------------------


def asked(office: Office) -> list[str]:
    """Return the colleagues who are asked to read, in the order of the requests."""
    names = {office.world.staff(name): name for name in ("alice", "bob", "sana", "lena")}
    return [names[row["staff_id"]] for row in office.world.rows(notices, kind=NoticeKind.READ_NOW)]


def later(office: Office, minutes: int) -> None:
    office.clock.now += dt.timedelta(minutes=minutes)
    sweep(office.services)
    office.works()


def without_contact(office: Office, **urgent: int) -> None:
    lines = "".join(f"{key} = {value}\n" for key, value in urgent.items())
    contact = 'duty_contact = "sana@example.ac.uk"\n'
    office.world.publish(f"{policy_document(LANGUAGES)}[urgent]\n{contact}{lines}")


@WAYS
def test_unread_it_goes_to_the_lead_and_then_to_everyone_who_may_read(
    way: Callable[[Office], None], office: Office
) -> None:
    without_contact(office)
    way(office)
    assert asked(office) == ["sana"]
    later(office, 29)
    assert asked(office) == ["sana"]
    later(office, 1)
    assert asked(office) == ["sana", "lena"]
    later(office, 29)
    assert asked(office) == ["sana", "lena"]
    later(office, 1)
    assert asked(office) == ["sana", "lena", "alice"], "Bob may not read it"
    for _ in range(30):
        later(office, 30)
    assert asked(office) == ["sana", "lena", "alice"], "once each"
    assert "Read this now" in str(office.messages("direct:alice")[-1].payload)


def test_the_cover_is_asked_who_was_arranged_since(office: Office) -> None:
    by_mail(office)
    assert asked(office) == ["sana", "lena"]
    store, school = office.world.store, office.world.school()
    absence = Absence(
        office.world.staff("sana"), office.world.staff("alice"), office.world.today,
        office.world.today + dt.timedelta(days=3),
    )  # fmt: skip
    arrange_cover(store, office.world.by("lena"), school, absence)
    later(office, 30)
    assert asked(office) == ["sana", "lena", "alice"]


@pytest.mark.parametrize("reader", ["sana", "lena", "alice"])
def test_it_stops_once_it_is_read_by_whomever(office: Office, reader: str) -> None:
    without_contact(office)
    by_mail(office)
    office.types(reader, "reveal LANG-1 answer-request")
    for _ in range(4):
        later(office, 30)
    assert asked(office) == ["sana"]


@pytest.mark.parametrize("way", ["draft", "export", "/sandbox/student", "/sandbox/outbox"])
def test_what_is_no_reading_ends_no_alarm(office: Office, way: str) -> None:
    """A draft does not show the answer, the sandbox's pages play the student, an export is a
    file."""
    without_contact(office)
    by_mail(office)
    if way == "draft":
        office.types("alice", "draft LANG-1")
    elif way == "export":
        joins(office, "priya", LANGUAGES)
        export_student(office.world.store, office.world.by("priya"), "1001", "She asked for it")
    else:
        visitor = Visitor(create_app(office.services))
        visitor.post("/sandbox/person", {"user": "alice"})
        assert "Dana" in visitor.get(way).text
    later(office, 30)
    assert asked(office) == ["sana", "lena"]


def test_another_message_after_the_reading_begins_anew(office: Office) -> None:
    without_contact(office)
    by_mail(office)
    office.types("sana", "read-now LANG-1")
    later(office, 60)
    by_saying(office)
    later(office, 29)
    assert "lena" not in asked(office)
    later(office, 1)
    assert asked(office) == ["sana", "sana", "lena"]


def test_a_school_sets_the_minutes(office: Office) -> None:
    without_contact(office, read_within_minutes=5)
    by_mail(office)
    later(office, 5)
    assert asked(office) == ["sana", "lena"]


def test_a_night_that_was_missed_asks_everyone_at_once(office: Office) -> None:
    """The clock stood still: everyone is asked once, and not about old messages."""
    without_contact(office)
    by_mail(office)
    later(office, 9 * 60)
    assert asked(office) == ["sana", "lena", "alice"]
    office.types("lena", "read-now LANG-1")
    later(office, 9 * 24 * 60)
    assert asked(office) == ["sana", "lena", "alice"]
