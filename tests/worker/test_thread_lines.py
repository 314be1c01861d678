"""Lines below a case's card: once, when a person is needed, who is mentioned and nobody else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.cards.notices.thread_notice import Line
from bot.posting.cards import LINES
from integrations.chat.interface import DeliveryError
from integrations.chat.sandbox import Message
from store.actions.cases import alert_home_school as alerting
from store.actions.cases import close as closing
from store.actions.outreach import return_draft as returning
from store.actions.outreach.receive_reply import record_reply
from store.actions.privacy import erase as erasing
from store.actions.schools.arrange_cover import Absence, arrange_cover
from store.actions.schools.load_roster import load_roster
from store.actions.students.record_message import record_message
from store.rules.model import AnswerKind, Outcome, Platform, Role
from store.rules.schools import Roster, StaffEntry
from store.rules.students.messages import Said, Saying
from store.tables import channels, line_posts, outbox, thread_lines
from tests.people import LANGUAGES
from tests.worker.office import Office
from worker.jobs import sweep as sweeping

FRIDAY_EVENING = dt.datetime(2025, 10, 24, 19, 0, tzinfo=dt.UTC)
MONDAY_MORNING = dt.datetime(2025, 10, 27, 8, 0, tzinfo=dt.UTC)
WORDS = "My grandmother is ill"


@pytest.fixture
def case(office: Office) -> int:
    """Alice's case, its card shown; what it took to get there is over."""
    opened = office.world.open_case()
    office.types("alice", "take LANG-1")
    office.works()
    return opened


def replies(office: Office, channel: str = "lang") -> list[Message]:
    """What stands in the threads of a channel."""
    office.works()
    return [each for each in office.messages(channel) if each.thread is not None]


def said(office: Office, channel: str = "lang") -> list[str]:
    return [str(each.payload["summary"]) for each in replies(office, channel)]


def mentioned(office: Office) -> list[str]:
    """Whom the lines mention, '' where they mention nobody."""
    found = [str(each.payload["html"]).partition('data-account="')[2] for each in replies(office)]
    return [each.partition('"')[0] for each in found]


def told(office: Office, name: str) -> list[str]:
    """The private messages of this person, when there was time for all of them."""
    office.works()
    office.clock.forward(minutes=2)
    sweeping.sweep(office.services)
    office.works()
    return [str(message.payload) for message in office.messages(f"direct:{name}")]


def answers(office: Office, kind: AnswerKind = AnswerKind.ANSWER, message: str = "m1") -> None:
    record_reply(
        office.world.store,
        message=message,
        conversation="conversation-1",
        body=WORDS,
        received_at=office.clock.now,
        kind=kind,
    )


def mails(office: Office, case: int) -> None:
    """A mail has left, and the lines about its draft are over."""
    office.world.approved_mail(case)
    office.world.send()
    with office.world.store.unit_of_work() as work:
        drafts = outbox.c.kind == "line"
        work.connection.execute(sa.update(outbox).where(drafts).values(state="cancelled"))


def test_an_answer_mentions_the_owner_once_below_the_card(office: Office, case: int) -> None:
    mails(office, case)
    answers(office)
    answers(office)
    (line,) = replies(office)
    assert line.payload["summary"] == "Alice Adviser: the student of LANG-1 has answered."
    assert mentioned(office) == ["alice"]
    card = next(each for each in office.messages() if each.thread is None)
    assert line.thread == card.id
    for private in ("Dana", "Dvorak", "grandmother"):
        assert private not in str(line.payload)
    assert told(office, "alice") == [], "who is mentioned is not told in private too"
    assert len(said(office)) == 1


def test_what_a_student_says_is_said_by_its_kind_alone(office: Office, case: int) -> None:
    del case
    dana = office.world.student("dana")
    record_message(office.world.store, Said(dana, Saying.WRONG, words=WORDS), "s1")
    (line,) = said(office)
    assert line == f"Alice Adviser: the student of LANG-1 {Saying.WRONG.told}."
    assert "grandmother" not in line


def test_a_bounce_and_a_mail_that_did_not_leave_say_what_happened(
    office: Office, case: int
) -> None:
    mails(office, case)
    answers(office, AnswerKind.BOUNCE)
    (bounced,) = said(office)
    assert bounced.startswith("Alice Adviser: the email of LANG-1 bounced")
    answers(office, AnswerKind.AUTOMATIC, "m2")
    assert len(said(office)) == 1, "an automatic reply needs nobody"


def test_a_mail_that_is_not_sent_says_why(office: Office, case: int) -> None:
    office.world.approved_mail(case)
    with office.world.store.unit_of_work() as work:
        work.connection.execute(sa.text("UPDATE students SET university_email = 'x@y.example'"))
    office.works()
    lines = [each for each in said(office) if "was not sent" in each]
    assert len(lines) == 1
    assert "LANG-1 was not sent: " in lines[0]
    assert "Dana" not in lines[0]


def test_a_draft_needs_the_owner_and_not_whoever_wrote_it(office: Office, case: int) -> None:
    office.world.give_view(case)
    office.world.write_draft(case, "sana")
    assert said(office) == [
        "Alice Adviser: an email of LANG-1 is waiting for another colleague to read and approve it."
    ]
    office.world.write_draft(case, "sana", "How are you now, and may we help with anything?")
    assert len(said(office)) == 1
    returning.return_draft(
        office.world.store, office.world.by("alice"), case, "a little shorter, please"
    )
    assert len(said(office)) == 1, "the drafter is told of that privately"
    office.world.write_draft(case, "sana", "How are you, and can we help?")
    assert len(said(office)) == 2


def test_the_owners_own_draft_needs_the_lead(office: Office, case: int) -> None:
    office.world.give_view(case)
    office.world.write_draft(case, "alice")
    assert mentioned(office) == ["lena"]


def test_whoever_gets_a_case_is_mentioned_and_nobody_who_takes_one(
    office: Office, case: int
) -> None:
    del case
    assert said(office) == []
    office.types("lena", "assign LANG-1 sana")
    office.types("bob", "take LANG-1")
    assert said(office) == ["Sana Support: LANG-1 is assigned to you."]
    office.types("lena", "assign LANG-1 lena")
    assert len(said(office)) == 1


def test_the_cover_of_today_is_mentioned(office: Office, case: int) -> None:
    mails(office, case)
    world = office.world
    away = Absence(world.staff("alice"), world.staff("sana"), world.today, world.today)
    arrange_cover(world.store, world.by("alice"), world.school(), away)
    answers(office)
    assert mentioned(office) == ["sana"]
    assert told(office, "sana") == []


def test_an_alert_is_said_at_home_and_not_where_it_came_from(office: Office) -> None:
    mira = office.world.open_case("mira")
    office.works()
    alerting.alert_home_school(
        office.world.store, office.world.by("bob"), mira, "She misses my seminar"
    )
    assert said(office) == []
    (line,) = said(office, "math")
    assert line.endswith("another school has alerted yours about MATH-1. Acknowledge it.")
    assert not line.startswith("Bob")
    assert "seminar" not in line


def test_quiet_hours_are_kept_and_it_is_said_once_in_the_morning(office: Office, case: int) -> None:
    mails(office, case)
    office.clock.now = FRIDAY_EVENING
    answers(office)
    assert said(office) == []
    assert told(office, "alice") == []
    office.clock.now = MONDAY_MORNING
    sweeping.sweep(office.services)
    assert len(said(office)) == 1
    assert told(office, "alice") == []


def test_nothing_is_said_of_a_case_that_has_ended(office: Office, case: int) -> None:
    office.clock.now = FRIDAY_EVENING
    office.types("lena", "assign LANG-1 sana")
    closing.close_case(office.world.store, office.world.by("lena"), case, Outcome.RE_ENGAGED)
    office.clock.now = MONDAY_MORNING
    sweeping.sweep(office.services)
    assert said(office) == []
    assert {row["state"] for row in office.world.rows(outbox, kind="line")} == {"cancelled"}


def test_what_was_seen_to_overnight_is_no_longer_said(office: Office, case: int) -> None:
    del case
    office.clock.now = FRIDAY_EVENING
    office.types("lena", "assign LANG-1 sana")
    office.types("alice", "take LANG-1")
    office.clock.now = MONDAY_MORNING
    sweeping.sweep(office.services)
    assert said(office) == []


def test_without_a_thread_the_private_message_goes(office: Office, case: int) -> None:
    mails(office, case)
    with office.world.store.unit_of_work() as work:
        work.connection.execute(sa.update(channels).values(platform=Platform.TEAMS))
    answers(office)
    assert said(office) == []
    (message,) = told(office, "alice")
    assert "The student of LANG-1 has answered." in message


@pytest.mark.parametrize(("remembers", "lines"), [(True, 1), (False, 0)])
def test_a_worker_that_dies_while_it_says_it_leaves_no_second_line(
    office: Office, case: int, monkeypatch: pytest.MonkeyPatch, remembers: bool, lines: int
) -> None:
    """Where the platform cannot be asked, it may be none; then it is told in private."""
    mails(office, case)
    workspace = type(office.services.workspaces[Platform.SANDBOX])
    post = workspace.post

    def lost(*given: object, **named: object) -> object:
        if named.get("thread"):
            raise DeliveryError("nobody can tell", unknown=True)
        return post(*given, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(workspace, "post", lost)
        answers(office)
        office.works()
    monkeypatch.setattr(workspace, "remembers", remembers)
    office.clock.forward(minutes=5)
    sweeping.sweep(office.services)
    assert len(said(office)) == lines
    assert len(told(office, "alice")) == 1 - lines
    sweeping.sweep(office.services)
    assert len(said(office)) == lines


def test_where_a_line_stands_is_kept_so_that_it_can_be_erased(office: Office, case: int) -> None:
    mails(office, case)
    answers(office)
    (line,) = replies(office)
    (post,) = office.world.rows(line_posts)
    assert (post["case_id"], post["message"]) == (case, str(line.id))
    assert office.world.rows(channels, id=post["channel_id"])[0]["channel"] == "lang"
    kept = str(office.world.rows(thread_lines))
    assert "Dana" not in kept
    assert "grandmother" not in kept


def test_a_case_that_is_erased_takes_its_lines_with_it(
    office: Office, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that is being posted at that very moment."""
    mails(office, case)
    workspace = type(office.services.workspaces[Platform.SANDBOX])
    post = workspace.post

    def erased(*given: object, **named: object) -> object:
        posted = post(*given, **named)  # type: ignore[arg-type]
        if named.get("thread"):
            with office.world.store.unit_of_work() as work:
                work.connection.execute(sa.delete(thread_lines))
        return posted

    monkeypatch.setattr(workspace, "post", erased)
    answers(office)
    office.works()
    assert [each.payload for each in office.messages() if each.thread and each.payload] == []
    assert office.world.rows(line_posts) == []


def test_slack_and_teams_mention_by_the_account_alone() -> None:
    line = Line("the student of LANG-1 has answered.", "<!channel> <at>Bob</at>", "U1")
    slack, teams = LINES[Platform.SLACK](line), LINES[Platform.TEAMS](line)
    assert slack["text"] == "<@U1>: the student of LANG-1 has answered."
    assert teams["text"].count("<at>") == 1
    assert teams["entities"][0]["mentioned"]["id"] == "U1"
    unknown = replace(line, account="")
    assert "<!" not in LINES[Platform.SLACK](unknown)["text"]
    assert "<at>" not in LINES[Platform.TEAMS](unknown)["text"]
    assert "entities" not in LINES[Platform.TEAMS](unknown)
    assert "<at>" not in LINES[Platform.SANDBOX](line)["html"]


def test_an_erasure_reaches_the_line_in_the_channel(office: Office, case: int) -> None:
    mails(office, case)
    answers(office)
    assert len(said(office)) == 1
    closing.close_case(office.world.store, office.world.by("lena"), case, Outcome.RE_ENGAGED)
    roles = ((LANGUAGES, Role.DATA_PROTECTION_OFFICER),)
    store, by = office.world.store, office.world.by
    load_roster(store, Roster(staff=(StaffEntry("priya@example.ac.uk", "Priya Privacy", roles),)))
    seen = erasing.preview_erasure(store, by("priya"), "1001")
    erasing.erase_student(store, by("priya"), "1001", "Asked for under Article 17", str(seen))
    office.works()
    sweeping.sweep(office.services)
    office.works()
    assert "LANG-1" not in office.shown()
    assert office.world.rows(line_posts) == []
    assert office.world.rows(thread_lines) == []
