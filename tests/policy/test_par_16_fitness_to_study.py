"""§16: Fitness to Study after every step was tried and nothing was seen; never automatic.

The steps from 24 November to 9 December are taken once in a process; each story begins on the last
morning.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.policy.acts import emailed, tries_to_approve
from tests.policy.people import GLAS, MODULES, OTHERS, SILENT, Habit
from tests.policy.school import School, copy_of, open_school
from tests.policy.weeks import row

FAMILIES = (("registers", "attendance"), ("learning-space", "vle"), ("hand-in", "submissions"))


def walk_the_ladder(school: School, *, deliver: bool = True) -> str:
    """Try every step: email, personal email, two calls, a look at traces, all unanswered."""
    alice, bob = school.people("alice", "bob")
    reference = school.case_of(SILENT)
    emailed(school, SILENT)
    school.morning("2026-11-27")
    alice.drafts(reference)
    assert not tries_to_approve(bob, reference), "the personal email does not leave"
    school.works(sweep=True)
    school.morning("2026-12-02")
    for _ in range(2):
        alice.fills(f"attempt {reference}", rung="phone", result="no-answer")
    school.morning("2026-12-07")
    alice.types(f"traces {reference} we cannot reach her by any other way")
    alice.fills(f"attempt {reference}", rung="digital-traces", result="nothing-seen")
    if deliver:
        school.morning("2026-12-09")
    return reference


@pytest.fixture(scope="module")
def exhausted_home(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the school on 9 December: every step tried for a student who was never seen again."""
    home = copy_of(prepared, tmp_path_factory.mktemp("policy") / "exhausted")
    with open_school(home) as school:
        walk_the_ladder(school)
    return home


@pytest.fixture
def exhausted(exhausted_home: Path, tmp_path: Path) -> Iterator[School]:
    """Open a copy of that school for one story."""
    with open_school(copy_of(exhausted_home, tmp_path / "home")) as school:
        school.known_until = dt.date(2026, 12, 8)
        yield school


def test_it_surfaces_by_itself_and_a_named_lead_decides(exhausted: School) -> None:
    reference = exhausted.case_of(SILENT)
    edgar = exhausted.person("edgar")
    opened = edgar.types(f"fitness {reference}")
    assert opened.dialog, (
        f"everything was tried and nothing seen, and the lead reads: {opened.text}"
    )
    assert reference in edgar.direct(), "the lead was not told"
    assert not exhausted.person("alice").types(f"fitness {reference}").can_be_sent
    opened.sends(decision="invoke", why="We have tried every way since the sixth of November")
    assert exhausted.audited("Edgar Ember")


def test_whom_it_was_invoked_for_comes_back_on_no_card_while_it_goes_on(exhausted: School) -> None:
    """A1: not after the grace, nor for the essay that an absent student misses as well."""
    bob, edgar = exhausted.people("bob", "edgar")
    reference = exhausted.case_of(SILENT)
    why = "We have tried every way since the sixth of November"
    edgar.types(f"fitness {reference}").sends(decision="invoke", why=why)
    bob.fills(f"close {reference}", outcome="referral-agreed")
    for day in ("2026-12-18", "2027-01-04", "2027-01-11"):
        exhausted.morning(day)
    assert exhausted.case_of(SILENT) == reference
    assert f"{reference}: in Fitness to Study" in exhausted.lantern("doctor").text


def test_before_everything_was_tried_it_is_not_there(school: School) -> None:
    reference = school.case_of(SILENT)
    opened = school.person("edgar").types(f"fitness {reference}")
    assert not opened.can_be_sent, opened.text


@pytest.mark.parametrize(
    "contact",
    ["reply", "link", "meeting"],
)
def test_any_sign_of_the_student_blocks_it(exhausted: School, contact: str) -> None:
    """A4: a reply to the first email; a form sent through its link; a logged meeting."""
    reference = exhausted.case_of(SILENT)
    first = exhausted.emails(SILENT)[0]
    if contact == "reply":
        exhausted.answers(first, "Sorry, I only saw this now. I am all right.")
    elif contact == "link":
        exhausted.tab().press(first.links[0], number=SILENT.number)
    else:
        exhausted.person("bob").fills(
            f"log {reference}", kind="meeting", note="Met her for half an hour in the library"
        )
    exhausted.works(sweep=True)
    opened = exhausted.person("edgar").types(f"fitness {reference}")
    assert not opened.can_be_sent, f"after a {contact} today, Fitness to Study can be invoked"


def test_an_answer_from_another_address_blocks_it_too(exhausted: School) -> None:
    reference = exhausted.case_of(SILENT)
    first = exhausted.emails(SILENT)[0]
    exhausted.answers(
        first, "My student account is locked, it is me.", sender="sorrel@elsewhere.example"
    )
    opened = exhausted.person("edgar").types(f"fitness {reference}")
    assert not opened.can_be_sent, "an answer came in today, and Fitness to Study is offered"


def test_an_outage_in_the_window_blocks_it_and_names_the_days(
    prepared: Path, tmp_path: Path
) -> None:
    """A3: for a week every source delivers its Sunday only."""
    with open_school(copy_of(prepared, tmp_path / "home")) as school:
        school.known_until = dt.date(2026, 12, 31)  # nothing else is delivered
        for sunday in ("2026-11-29", "2026-12-06"):
            for source, family in FAMILIES:
                only = row(OTHERS[4], MODULES[GLAS][0], family, "done", sunday, "Sunday")
                school.drops(source, f"only-{sunday}", only)
        reference = walk_the_ladder(school)
        opened = school.person("edgar").types(f"fitness {reference}")
        assert not opened.can_be_sent, (
            "since 23 November all sources have delivered their Sundays alone, and Fitness to "
            f"Study is recommended all the same: {opened.text}"
        )
        assert re.search(r"2[3-7] (?:to|Nov)|2[3-7] November", opened.text), (
            f"it does not say which days are missing: {opened.text}"
        )
        said = opened.text + school.person("alice").card(reference).text
        assert not re.search(r"nothing (?:at all )?was seen", said), said


def _invoked(school: School) -> str:
    why = "We have tried every way since the sixth of November"
    reference = school.case_of(SILENT)
    school.person("edgar").types(f"fitness {reference}").sends(decision="invoke", why=why)
    return reference


@pytest.mark.parametrize("sign", ["reply", "link", "meeting", "reached", "traces"])
def test_the_lead_hears_of_any_sign_of_whom_it_was_invoked_for(
    exhausted: School, sign: str
) -> None:
    """Trap: the student answers the day after, and the referral goes on with no colleague told."""
    reference = _invoked(exhausted)
    bob, edgar = exhausted.people("bob", "edgar")
    first = exhausted.emails(SILENT)[0]
    if sign == "reply":
        exhausted.answers(first, "I am out of hospital now, and can come in on Friday.")
    elif sign == "link":
        exhausted.tab().press(first.links[0], number=SILENT.number)
    elif sign == "meeting":
        bob.fills(f"log {reference}", kind="meeting", note="Met her for an hour at the library")
    elif sign == "reached":
        bob.fills(f"attempt {reference}", rung="phone", result="reached")
    else:
        bob.fills(f"attempt {reference}", rung="digital-traces", result="traces-seen")
    exhausted.works(sweep=True)
    told = f"The student of {reference} has been in touch, or was seen, since Fitness to Study"
    assert told in edgar.direct()


def test_who_came_back_from_it_and_falls_silent_again_is_on_a_card(exhausted: School) -> None:
    """Trap: the student answered, was met, and the case was closed; an earlier use of Fitness to
    Study must not hide them for ever."""
    reference = _invoked(exhausted)
    exhausted.answers(exhausted.emails(SILENT)[0], "I was in hospital. I can come in on Friday.")
    exhausted.person("bob").fills(f"close {reference}", outcome="meeting-held")
    assert "in Fitness to Study" not in exhausted.lantern("doctor").text
    for day in ("2026-12-18", "2027-01-04", "2027-01-12"):
        exhausted.morning(day)
    found = exhausted.person("alice").types(f"find {SILENT.number}").text
    assert "no open case" not in found, found


def test_what_the_lead_reads_says_from_which_day_to_which(exhausted: School) -> None:
    """“Since Wednesday 11 November” read as if activity had been seen on that day."""
    read = exhausted.person("edgar").types(f"fitness {exhausted.case_of(SILENT)}").text
    assert "no activity from Wednesday 11 November to Wednesday 9 December, 28 days" in read


def test_the_lead_hears_that_whom_it_was_invoked_for_is_back_in_class(exhausted: School) -> None:
    reference = _invoked(exhausted)
    exhausted.changes(SILENT, Habit())
    told = f"The student of {reference} has been in touch, or was seen, since Fitness to Study"
    for day in ("2026-12-10", "2026-12-11", "2026-12-14"):
        exhausted.morning(day)
    edgar = exhausted.person("edgar")
    page = edgar.tab.get("/sandbox/c/direct:edgar")
    times = sum(told in each.text for each in page.all("li", class_="message"))
    assert times == 1, f"told {times} times"


def test_not_now_is_asked_again_while_nothing_changes(exhausted: School) -> None:
    """Trap: after one careless “not now” a student who is never seen is never asked about again."""
    reference = exhausted.case_of(SILENT)
    edgar = exhausted.person("edgar")
    asks = f"Every step was tried on {reference}"

    def times() -> int:
        page = edgar.tab.get("/sandbox/c/direct:edgar")
        return sum(asks in each.text for each in page.all("li", class_="message"))

    why = "Her parents say that she is on her way back this week"
    edgar.types(f"fitness {reference}").sends(decision="not-now", why=why)
    exhausted.morning("2026-12-18")
    assert times() == 1, "asked again within the school's ten days"
    for day in ("2027-01-08", "2027-01-11"):
        exhausted.morning(day)
    assert times() == 2, f"asked {times()} times"
