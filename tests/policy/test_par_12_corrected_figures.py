"""§12 and §18: corrected data change the figures of a reason that still holds.

No email states the old figures: one that has not been sent is written again.
"""

from __future__ import annotations

from tests.policy.acts import VIEW, corrects_register, tries_to_approve
from tests.policy.people import SELDOM, SILENT, Habit
from tests.policy.school import School

CORRECTED = "later data corrected its figures"


def was_seen_more_often(school: School) -> None:
    """Correct one week so that all sessions of one module were attended: it is still seldom."""
    of_one_module = Habit(skips=SELDOM.modules[1:])
    corrects_register(school, SELDOM, "2026-11-09", "2026-11-13", of_one_module)


def drafted(school: School) -> str:
    reference = school.case_of(SELDOM)
    alice, dora = school.people("alice", "dora")
    dora.views(reference, VIEW)
    assert not alice.drafts(reference).is_refused
    return reference


def test_a_draft_says_so_and_is_written_again(school: School) -> None:
    reference = drafted(school)
    alice, bob = school.people("alice", "bob")
    before = alice.types(f"draft {reference}").text
    was_seen_more_often(school)
    school.morning("2026-11-24")
    assert alice.card(reference).heading.startswith(reference)
    assert "Reasons ended" not in alice.card(reference).heading
    assert f"The records behind your draft for {reference} have changed" in alice.direct()
    assert CORRECTED in tries_to_approve(bob, reference)
    opened = alice.types(f"draft {reference}")
    assert CORRECTED in opened.text
    assert "a reason for it has ended" not in opened.text
    assert opened.fields["body"] not in before
    assert not opened.sends().is_refused
    bob.looks_at(reference)
    assert not bob.approves(reference).is_refused
    school.works(sweep=True)
    (email,) = school.emails(SELDOM)
    assert "came to 3 of 8 sessions" in email.text, email.text


def test_an_approved_email_comes_back(school: School) -> None:
    reference = drafted(school)
    alice, bob = school.people("alice", "bob")
    school.at("19:00")
    bob.looks_at(reference)
    assert "at 08:00" in bob.approves(reference).text
    was_seen_more_often(school)
    school.morning("2026-11-24")
    school.at("10:00")
    assert not school.emails(SELDOM)
    assert CORRECTED in alice.card(reference).text
    assert f"approved email of {reference} was not sent" in alice.direct()
    assert CORRECTED in alice.types(f"draft {reference}").text, alice.card(reference).text


def test_nothing_is_asked_where_the_figures_stay(school: School) -> None:
    """Another student's register is corrected, and this one's is delivered again unchanged."""
    reference = drafted(school)
    corrects_register(school, SILENT, "2026-11-02", "2026-11-06", SILENT.habit)
    corrects_register(school, SELDOM, "2026-11-09", "2026-11-13", SELDOM.habit)
    school.morning("2026-11-24")
    bob = school.person("bob")
    bob.looks_at(reference)
    assert not bob.approves(reference).is_refused


def test_days_that_only_go_on_correct_nothing(school: School) -> None:
    reference = drafted(school)
    for _ in school.mornings("2026-11-26"):
        assert CORRECTED not in school.person("alice").types(f"draft {reference}").text
