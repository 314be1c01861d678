"""Lines below a case's card: posted in the morning, once, and deleted by an erasure."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.cards.notices.thread_notice import Line
from bot.posting.cards import LINES
from integrations.chat.interface import DeliveryError
from store.actions.cases import close as closing
from store.actions.privacy import erase as erasing
from store.actions.schools.load_roster import load_roster
from store.rules.model import Outcome, Platform, Role
from store.rules.schools import Roster, StaffEntry
from store.tables import channels, line_posts, outbox, thread_lines
from tests.people import LANGUAGES
from tests.worker.office import Office
from tests.worker.threads import (
    FRIDAY_EVENING,
    MONDAY_MORNING,
    answers,
    case,
    mails,
    replies,
    said,
    told,
)
from worker.jobs import sweep as sweeping

__all__ = ["case"]


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
    """If the platform cannot be asked, there may be no line; then the person is told in private."""
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
    """This includes a line that is being posted at that moment."""
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
