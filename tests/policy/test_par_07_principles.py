"""§7: nothing significant happens to a student without a human decision."""

import re

import pytest

from tests.policy.acts import VIEW, emailed
from tests.policy.colleague import Answer
from tests.policy.people import SILENT, SILENT_TOO
from tests.policy.school import School
from worker.demo.browser import Element, Form, NotThere


def test_weeks_of_nights_alone_contact_nobody_and_close_nothing(school: School) -> None:
    before = {reference: card.heading for reference, card in school.cards().items()}
    for day in ("2026-11-30", "2026-12-08", "2026-12-15"):
        school.morning(day)
    assert not school.emails(), "an email left though no human did anything"
    after = {reference: card.heading for reference, card in school.cards().items()}
    assert {reference: after[reference] for reference in before} == before


def test_an_email_is_approved_only_by_who_opened_this_very_text(school: School) -> None:
    """Trap: Bob sends Alice's form, which he never saw on his own screen."""
    alice, bob, dora = school.people("alice", "bob", "dora")
    reference = school.case_of(SILENT)
    dora.views(reference, VIEW)
    alice.drafts(reference)
    opened = alice.types(f"approve {reference}")
    if opened.dialog is None:
        pytest.fail(f"the author may not approve their own draft: {opened.text}")
    form = opened.dialog.one("form", action="/sandbox/submit")
    values = Form(form, Element("button")).filled_in({})
    values = {k: ("bob" if k == "as" else v) for k, v in values.items()}
    values |= {"channel": "direct:bob"} if "channel" in values else {}
    said = Answer(bob.tab, bob.tab.post("/sandbox/submit", values)).text
    school.works(sweep=True)
    assert not school.emails(), "Bob approved an email that he never opened"
    assert said, "and nothing told him so"


def test_a_draft_that_changed_after_it_was_opened_is_read_again(school: School) -> None:
    alice, bob, dora = school.people("alice", "bob", "dora")
    reference = school.case_of(SILENT)
    dora.views(reference, VIEW)
    alice.drafts(reference)
    bob.looks_at(reference)
    opened = bob.types(f"approve {reference}")
    alice.drafts(reference, "And bring the book that I lent you.")
    said = opened.sends().text
    school.works(sweep=True)
    assert not school.emails(SILENT), "the text that left is not the one that Bob read"
    assert said


def test_many_cannot_be_approved_at_once(school: School) -> None:
    alice, bob, dora = school.people("alice", "bob", "dora")
    both = [school.case_of(who) for who in (SILENT, SILENT_TOO)]
    for reference, reason in zip(both, (VIEW, "He has been moving house all month"), strict=True):
        dora.views(reference, reason)
        alice.drafts(reference)
        bob.looks_at(reference)
    for line in (f"approve {' '.join(both)}", "approve all", "approve"):
        try:
            bob.types(line).sends()
        except NotThere:
            continue
    school.works(sweep=True)
    assert len(school.emails()) <= 1, "one click approved two emails"


def test_the_audit_names_who_decided(school: School) -> None:
    emailed(school, SILENT)
    school.person("bob").fills(
        f"close {school.case_of(SILENT)}", outcome="circumstances-known", helped="time"
    )
    audit = school.audit()
    assert re.search(r"Bob Beryl.{0,80}approve", audit), audit[:3000]
    assert re.search(r"Bob Beryl.{0,80}clos", audit), audit[:3000]
    assert school.lantern("audit", "verify").code == 0
