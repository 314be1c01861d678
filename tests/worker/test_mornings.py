"""A school's morning: each colleague's digest, reminders for others, the lead's weekly summary."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.cards.kit.model import Button
from bot.posting.channel_card import channel_card
from store.actions.cases import pause as resting
from store.actions.cases import use_welfare_route as emergency
from store.actions.schools.load_roster import load_roster
from store.actions.students.record_message import record_message
from store.rules.model import NoticeKind, Opinion
from store.rules.outreach.guards import SendingLimits
from store.rules.students.messages import Said, Saying
from store.tables import asks, audit, notices
from tests.people import finding
from tests.worker.office import ENROLLED, Office, words
from worker.jobs.notices.digests import request_messages

# The office's day is Wednesday, 22 October.
THURSDAY = dt.date(2025, 10, 23)
FRIDAY = dt.date(2025, 10, 24)
SATURDAY = dt.date(2025, 10, 25)
MONDAY = dt.date(2025, 10, 27)
TUESDAY = dt.date(2025, 10, 28)


@pytest.fixture
def case(office: Office) -> int:
    """Give a case of Sana's, as the only officer."""
    return office.world.open_case()


def morning(office: Office, day: dt.date) -> None:
    """Run 08:30 on this day twice, as two clocks would."""
    office.clock.now = dt.datetime.combine(day, dt.time(8, 30), dt.UTC)
    for _ in range(2):
        with office.world.store.unit_of_work() as work:
            request_messages(work, office.world.school(), day)
    office.works()


def told(office: Office, name: str) -> list[str]:
    return [str(message.payload) for message in office.messages(f"direct:{name}")]


def kinds(office: Office, name: str) -> list[str]:
    return [row["kind"] for row in office.world.rows(notices, staff_id=office.world.staff(name))]


def test_whoever_looks_after_cases_gets_one_message_with_what_waits(
    office: Office, case: int
) -> None:
    office.world.screen(finding(office.world.student("eli")))
    office.world.give_view(case, opinion=Opinion.WAIT)
    resting.snooze_case(office.world.store, office.world.by("alice"), case, MONDAY)
    morning(office, FRIDAY)
    (message,) = told(office, "sana")
    assert "2 cases with you: 1 needs action" in message
    assert "Needs your view" in message
    assert "Open LANG-2" in message, "what waits is a click away"
    assert "Open LANG-1" not in message
    assert "No action needed: LANG-1 (snoozed until Monday 27 October)" in message
    assert "Evans" not in message


def test_no_list_says_that_a_case_needs_no_action_where_its_card_asks_for_one(
    office: Office, case: int
) -> None:
    world = office.world
    world.approved_mail(case)
    world.send()
    world.give_view(world.open_case("eli"))
    for day, needs in (
        (FRIDAY, "1 needs action"),
        (dt.date(2025, 11, 26), "2 need action"),
    ):
        morning(office, day)
        mine = words(office.types("sana", "mine").card)
        for said in (told(office, "sana")[-1], words(office.types("sana", "digest mine").card)):
            assert needs in said
            assert ("No action needed: LANG-1 (email sent)" in said) == (day == FRIDAY)
            assert ("The next contact step is due" in said) == (day != FRIDAY)
            assert "decide next" in said
        assert ("The next contact step is due" in mine) == (day != FRIDAY)
        assert "Email sent" in mine


@pytest.mark.usefixtures("case")
def test_nobody_hears_anything_on_a_weekend(office: Office) -> None:
    morning(office, SATURDAY)
    assert office.world.rows(notices) == []


@pytest.mark.usefixtures("case")
def test_what_waits_too_long_goes_to_the_lead_and_mondays_bring_the_week(office: Office) -> None:
    morning(office, FRIDAY)
    assert kinds(office, "lena") == []
    eli = office.world.student("eli")
    record_message(office.world.store, Said(eli, Saying.WRONG, words="I was there"), "s1")
    morning(office, MONDAY)
    assert kinds(office, "lena") == [NoticeKind.WEEK]
    (week,) = told(office, "lena")
    assert "The week of School of Languages" in week
    assert "1 message from students to answer" in week, "Eli has no case, and is owed one"
    said = words(office.clicks("lena", "said").card)
    assert "1 message from students waits for an answer" in said
    morning(office, TUESDAY)
    assert kinds(office, "lena") == [NoticeKind.WEEK, NoticeKind.ESCALATION]
    assert "LANG-1 has been waiting for several days" in told(office, "lena")[-1]


def test_a_colleague_who_was_asked_is_reminded_of_that(office: Office, case: int) -> None:
    world = office.world
    with world.store.unit_of_work() as work:
        work.connection.execute(
            asks.insert().values(
                case_id=case,
                asker_id=world.staff("alice"),
                asked_id=world.staff("bob"),
                question="",
                at=work.now,
            )
        )
    morning(office, THURSDAY)
    assert told(office, "bob") == []
    morning(office, FRIDAY)
    (message,) = told(office, "bob")
    assert "A colleague has asked what you think about LANG-1." in message


@pytest.mark.usefixtures("case")
def test_an_owner_is_reminded_of_a_colleagues_case_that_waits_for_them(office: Office) -> None:
    """Their own digest lists their own cases alone."""
    office.world.open_case("eli")
    office.types("lena", "take LANG-2")
    office.types("alice", "welfare LANG-1 she sounded unsafe on the phone")
    morning(office, FRIDAY)
    assert NoticeKind.REMINDER in kinds(office, "lena")
    assert any("LANG-1" in each for each in told(office, "lena"))


def test_snoozed_and_paused_cases_remind_nobody(office: Office, case: int) -> None:
    world = office.world
    resting.snooze_case(world.store, world.by("alice"), case, MONDAY)
    morning(office, FRIDAY)
    assert "nothing to do today" in told(office, "sana")[0]
    resting.pause_case(
        world.store, world.by("alice"), case, dt.date(2025, 11, 20), "Away for a while"
    )
    morning(office, dt.date(2025, 11, 3))
    assert NoticeKind.ESCALATION not in kinds(office, "lena")


def test_what_is_owed_to_a_student_or_to_a_review_outlasts_the_case(
    office: Office, case: int
) -> None:
    store, by = office.world.store, office.world.by
    dana = office.world.student("dana")
    record_message(store, Said(dana, Saying.WRONG, words="I was there"), "s1")
    emergency.use_welfare_route(store, by("alice"), case, "She rang us today")
    asked_once = office.types("alice", "close LANG-1 data-error")
    assert "no one has read it yet" in words(asked_once.card)
    answer = office.types("alice", "close LANG-1 data-error")
    assert "still needs an answer" in words(answer.card)
    morning(office, FRIDAY)
    asked = told(office, "sana")[-1]
    assert "reported a mistake" in asked
    assert "Read and answer" in asked
    lead = "".join(told(office, "lena"))
    assert "was closed before its student had an answer" in lead
    assert "Review it" in lead

    emergency.review_welfare_route(store, by("lena"), case, "That was right")
    morning(office, TUESDAY)
    assert "reported a mistake" in told(office, "lena")[-1], "it goes up to the lead"
    office.types("sana", "said LANG-1 we corrected the register")
    before = [len(told(office, name)) for name in ("sana", "lena")]
    morning(office, dt.date(2025, 10, 29))
    assert [len(told(office, name)) for name in ("sana", "lena")] == before


@pytest.mark.usefixtures("case")
def test_the_digests_can_be_asked_for(office: Office) -> None:
    assert "Good morning" in words(office.types("alice", "digest").card)
    assert "1 case with you" in words(office.types("sana", "digest mine").card)
    assert "You have no open cases" in words(office.types("alice", "digest mine").card)
    assert "The week of" in words(office.types("lena", "digest week").card)
    assert "engagement lead" in words(office.types("alice", "digest week").card)
    assert "digest mine" in words(office.types("alice", "digest yours").card)


def test_a_day_that_is_over_and_one_of_another_year_say_so(office: Office, case: int) -> None:
    def card() -> str:
        with office.world.store.database.read() as connection:
            return repr(channel_card(connection, case, office.clock.now, SendingLimits()))

    assert "needs 1 view by Friday 24 October" in card()
    office.clock.now = dt.datetime(2025, 11, 12, 9, 0, tzinfo=dt.UTC)
    assert "needed 1 view by Friday 24 October" in card()
    far = "Sunday 11 October 2026"
    assert far in words(office.types("sana", "pause LANG-1 2026-10-11 on a year abroad").card)
    assert far in card()
    assert far in words(office.types("sana", "mine").card)
    typed = "exempt LANG-1 placement 2026-10-11 at a school abroad"
    assert far in words(office.types("sana", typed).card)


# -- One's own digest, off and on -----------------------------------------------------------------


def switch(office: Office, name: str) -> Button:
    """Return the button on this person's view of their own settings."""
    card = office.types(name, "me").card
    assert card
    (button,) = [each for each in card.buttons() if each.action == "digest"]
    return button


@pytest.mark.usefixtures("case")
def test_whoever_switched_it_off_is_still_reminded_of_what_waits(office: Office) -> None:
    assert "You still get reminders of cases" in words(office.types("sana", "digest off").card)

    morning(office, FRIDAY)

    assert kinds(office, "sana") == [NoticeKind.REMINDER], "once, not none and not both"
    (message,) = told(office, "sana")
    assert "LANG-1" in message
    morning(office, MONDAY)
    assert kinds(office, "sana") == [NoticeKind.REMINDER] * 2, "once each working day"


@pytest.mark.usefixtures("case")
def test_switched_on_again_it_comes_again_instead(office: Office) -> None:
    office.types("sana", "digest off")
    office.types("sana", "digest on")

    morning(office, FRIDAY)

    assert kinds(office, "sana") == [NoticeKind.DIGEST]


@pytest.mark.usefixtures("case")
def test_it_is_switched_by_a_button_on_the_digest_and_on_me(office: Office) -> None:
    digest = office.types("sana", "digest mine").card
    assert digest
    off = next(each for each in digest.buttons() if each.action == "digest")
    assert switch(office, "sana") == off
    office.clicks("sana", off.action, **off.ids)

    on = switch(office, "sana")
    assert (off.label, on.label) == ("Switch my digest off", "Switch my digest on")
    assert "('Your morning digest', 'off')" in words(office.types("sana", "me").card)
    again = office.types("sana", "digest mine").card
    assert again
    assert on in list(again.buttons())
    office.clicks("sana", on.action, **on.ids)
    assert switch(office, "sana") == off


@pytest.mark.usefixtures("case")
def test_it_is_ones_own_alone_and_a_new_roster_leaves_it(office: Office) -> None:
    office.world.open_case("eli")
    office.types("lena", "take LANG-2")
    office.types("sana", "digest off")
    load_roster(office.world.store, ENROLLED)

    morning(office, FRIDAY)

    assert kinds(office, "sana") == [NoticeKind.REMINDER]
    assert NoticeKind.DIGEST in kinds(office, "lena")
    (row,) = office.world.rows(audit, action="digest")
    assert row["actor"] == f"staff:{office.world.staff('sana')}"


@pytest.mark.usefixtures("case")
def test_the_digest_of_somebody_who_is_away_is_not_for_the_cover_to_switch_off(
    office: Office,
) -> None:
    office.types("lena", "cover sana alice friday")
    office.types("alice", "digest off")

    morning(office, FRIDAY)

    (message,) = told(office, "alice")
    assert "You cover for Sana Support" in message
    assert "Switch my digest" not in message


def test_what_is_no_switch_is_a_sentence(office: Office) -> None:
    assert "digest off or digest on" in words(office.types("sana", "digest never").card)
    assert "to see one" in words(office.clicks("sana", "digest", turn="away").card)
    assert office.world.rows(audit, action="digest") == []
