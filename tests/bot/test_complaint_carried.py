"""§27: a complaint about an earlier case also applies to the same student's later case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cards.cases.lists import digest_card
from bot.posting.channel_card import channel_card
from bot.sandbox import renderer as sandbox
from bot.slack import renderer as slack
from bot.teams import renderer as teams
from store.actions.cases import close as closing
from store.db import repository
from store.queries.cases.school_digest import school_digest
from store.rules.model import CaseStatus, MarkerFamily, Outcome, OutreachStatus, Platform
from store.rules.outreach.guards import SendingLimits
from store.rules.text.formatting import first_sentence
from store.tables import cases, outreach
from tests.bot.read_html import in_sandbox
from tests.bot.shown import in_slack, in_teams
from tests.people import finding
from tests.worker.office import Office, office_in, words


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        closing.close_case(
            made.world.store, made.world.by("lena"), made.world.open_case(), Outcome.MEETING_HELD
        )
        yield made


def complains(office: Office) -> None:
    """Record a complaint about Sana on the closed LANG-1."""
    done = words(office.types("lena", 'complaint LANG-1 sana "the first email was unkind"').card)
    assert "is recorded" in done


def something_new(office: Office) -> int:
    """Open LANG-2 on the next day."""
    office.clock.now += dt.timedelta(days=1)
    office.world.screen(
        finding(
            office.world.student("dana"), family=MarkerFamily.SUBMISSIONS, rule="missed-submission"
        )
    )
    (row,) = [each for each in office.world.rows(cases) if each["status"] == CaseStatus.OPEN]
    assert row["reference"] == "LANG-2"
    return int(row["id"])


def card(office: Office, case: int) -> str:
    with office.world.store.database.read() as connection:
        return repr(channel_card(connection, case, office.clock.now, SendingLimits()))


def test_the_new_case_says_so_and_nothing_is_drafted(office: Office) -> None:
    complains(office)
    new = something_new(office)
    said = "A complaint about an earlier case of this student, LANG-1, is open."
    assert said in card(office, new)
    assert "Draft email" not in card(office, new)
    assert "Resolve the complaint" not in card(office, new)
    for line in ("today", "mine", "digest mine"):
        seen = words(office.types("sana", line).card)
        assert "LANG-2" not in seen, f"whom the complaint is about reads with {line}: {seen}"
    assert "LANG-2" in words(office.types("bob", "today").card)
    office.world.give_view(new, "bob")
    answer = words(office.types("alice", "draft LANG-2").card)
    assert "a complaint about the earlier case LANG-1 is open" in answer
    assert "a complaint about the earlier case LANG-1" in words(
        office.types("alice", "approve LANG-2").card
    ) or not office.world.rows(outreach)


@pytest.mark.parametrize("platform", Platform)
def test_no_digest_says_what_was_seen_while_whom_it_is_about_may_read_it(
    office: Office, platform: Platform
) -> None:
    complains(office)
    something_new(office)
    with office.world.store.database.read() as connection:
        view = school_digest(connection, office.world.school(), office.world.today)
    card = digest_card(view)
    shown = {
        Platform.SLACK: lambda: in_slack(slack.message(card)),
        Platform.TEAMS: lambda: in_teams(teams.message(card)),
        Platform.SANDBOX: lambda: in_sandbox(sandbox.card_html(card)),
    }[platform]()
    said = " ".join(shown.texts)
    assert "LANG-2" in said
    assert "No reasons are listed while a complaint is open." in said
    assert view.new[0].reasons
    for reason in view.new[0].reasons:
        assert first_sentence(reason) not in said
    others = words(office.types("bob", "today").card)
    assert "No reasons are listed while a complaint is open." in others


def test_whom_it_is_about_has_nothing_to_do_with_the_new_case(office: Office) -> None:
    complains(office)
    new = something_new(office)
    with office.world.store.database.read() as connection:
        case = repository.case(connection, new)
    sana = office.world.staff("sana")
    assert sana in case.barred
    assert case.owner != sana
    for line in ("show", "take", "draft", "reveal"):
        assert office.types("sana", f"{line} LANG-2").dialog is None, line
    assert "LANG-2" not in words(office.types("sana", "find 1001").card)


def test_an_email_that_was_approved_on_the_new_case_does_not_leave(office: Office) -> None:
    new = something_new(office)
    mail = office.world.approved_mail(new)
    complains(office)
    office.works()
    (row,) = [each for each in office.world.rows(outreach) if each["id"] == mail.id]
    assert row["status"] == OutreachStatus.CANCELLED
    assert "LANG-1, is open" in card(office, new)


def test_welfare_goes_on(office: Office) -> None:
    complains(office)
    new = something_new(office)
    office.types("alice", "welfare LANG-2 she sounded unsafe today")
    assert office.clicks("alice", "draft-welfare", case=new).dialog


def test_it_is_resolved_where_it_is_about_and_then_both_go_on(office: Office) -> None:
    complains(office)
    new = something_new(office)
    for answer in (
        office.types("lena", "complaint LANG-2 resolve"),
        office.types("lena", "complaint LANG-2 resolve we talked it over"),
    ):
        assert "The complaint is about LANG-1. Resolve it there" in words(answer.card)
    office.types("lena", "complaint LANG-1 resolve we talked it over")
    assert "complaint about an earlier case" not in card(office, new)
    office.world.give_view(new, "bob")
    assert office.types("alice", "draft LANG-2").dialog


def test_a_pause_of_the_new_case_is_its_own(office: Office) -> None:
    complains(office)
    new = something_new(office)
    office.types("alice", "pause LANG-2 in 2 days away with the choir")
    assert "Paused until" in card(office, new)
    office.types("alice", "resume LANG-2")
    assert "Paused until" not in card(office, new)
