"""§13: colleagues discuss whether and how to act; an emoji, a dot or a click is not a view."""

import re

import pytest

from tests.policy.acts import VIEW, emailed, raises_concern, tries_to_approve
from tests.policy.colleague import Person
from tests.policy.document import TOLD, policy
from tests.policy.people import GLAS, NO_ESSAY, SILENT, SILENT_TOO
from tests.policy.school import School


def _is_open(school: School, reference: str) -> bool:
    """Return whether Bob can approve the email and have it sent now."""
    said = tries_to_approve(school.person("bob"), reference)
    school.works(sweep=True)
    return not said


NO_WORDS = (
    "👍 👍 👍",
    ". . . . .",
    "ok ok ok",
    "aaa",
    "yes yes yes yes",
    "- - -",
    "a b c d",
    "…",
    "12 34 56",
    "asdf qwer zxcv",
    "Asdfgh, qwertz yxcv!",
    "poiuy lkjhg mnbvc",
    "qaz wsx edc",
    "lorem ipsum dolor sit amet",
)


def test_what_is_not_words_is_no_view(school: School) -> None:
    """Typed in one line, as by a colleague in a hurry."""
    alice, dora = school.people("alice", "dora")
    reference = school.case_of(SILENT)
    dora.looks_at(reference)
    for reason in NO_WORDS:
        said = dora.types(f"view {reference} contact-now {reason}")
        assert said.is_refused, f"“{reason}” is taken for a view"
    alice.drafts(reference)
    school.person("bob").looks_at(reference)
    assert not _is_open(school, reference), f"one of {NO_WORDS} opened the way for an email"
    assert not school.emails()


def test_the_cards_own_text_is_no_view(school: School) -> None:
    alice, dora = school.people("alice", "dora")
    reference = school.case_of(SILENT)
    dora.looks_at(reference)
    dora.types(f"view {reference} contact-now Not seen since Friday 6 November.")
    alice.drafts(reference)
    assert not _is_open(school, reference), "the card's own sentence came back as a view"


def test_a_view_is_given_by_who_opened_the_case(school: School) -> None:
    alice, dora = school.people("alice", "dora")
    reference = school.case_of(SILENT)
    dora.types(f"view {reference} contact-now {VIEW}")
    alice.drafts(reference)
    assert not _is_open(school, reference), "Dora never looked at the evidence, and her view counts"


def test_neither_the_drafters_nor_the_approvers_own_view_counts(school: School) -> None:
    alice, bob = school.people("alice", "bob")
    reference = school.case_of(SILENT)
    for who in (alice, bob):
        who.views(reference, f"{VIEW}, says {who.name}")
    alice.drafts(reference)
    assert not _is_open(school, reference)
    assert not school.emails()


def test_what_is_said_in_the_thread_is_no_view(school: School) -> None:
    alice, dora = school.people("alice", "dora")
    reference = school.case_of(SILENT)
    dora.looks_at(reference)
    dora.says("Yes, please write to her today, she was ill", under=reference)
    alice.drafts(reference)
    assert not _is_open(school, reference)


def test_one_sentence_pasted_on_many_cases_is_shown_to_the_lead(school: School) -> None:
    dora, edgar = school.people("dora", "edgar")
    before = edgar.types("coverage").text + edgar.types("digest week").text
    for reference in sorted(school.cards())[:5]:
        dora.views(reference, "I think that we should write to this student")
    after = edgar.types("coverage").text + edgar.types("digest week").text
    assert "Dora Dune" in after.replace(before, ""), "five pasted views, and the lead hears nothing"


def test_a_colleagues_considered_view_opens_the_way(school: School) -> None:
    assert emailed(school, SILENT).to == SILENT.university_email
    assert school.audited("Dora Dune")


def test_a_button_that_must_fail_is_not_the_green_one(school: School) -> None:
    """A12: the card says what is missing before the click."""
    alice, bob = school.people("alice", "bob")
    reference = school.case_of(SILENT)
    alice.drafts(reference)
    school.works(sweep=True)
    card = bob.card(reference)
    assert card.primary != "approve", "“Read and approve” stands out, and is refused on the click"
    assert "1 view" in card.text or "1 more view" in card.text, card.text


def test_each_card_tells_its_reader_their_own_next_step(school: School) -> None:
    """A12: a module organiser may not approve, so no card offers it to her."""
    alice, bob, dora = school.people("alice", "bob", "dora")
    reference = school.case_of(SILENT)
    dora.views(reference, VIEW)
    alice.drafts(reference)
    school.works(sweep=True)
    assert "You can read and approve" in bob.card(reference).text
    assert bob.card(reference).primary == "approve"
    card = dora.card(reference)
    assert "A colleague reads and approves the email next" in card.text, card.text
    assert not card.primary, f"her view is given, and {card.primary} stands out"


@pytest.mark.parametrize("rests", ["", "pause", "exempt"])
def test_a_draft_about_welfare_is_the_next_step_even_where_all_else_rests(
    school: School, rests: str
) -> None:
    """A12: the card said *no action for now*, yet *Add view* was the primary button."""
    bob, otto, dora = school.people("bob", "otto", "dora")
    reference = school.case_of(SILENT)
    if rests == "pause":
        bob.fills(f"pause {reference}", until="2026-12-21", why="Waiting for the doctor's letter")
    if rests == "exempt":
        _exempts(bob, reference)
    school.works(sweep=True)
    if rests:
        assert not bob.card(reference).primary, "nothing is to be done, and a button stands out"
    raises_concern(bob, reference, "Her neighbour has not heard her for two days")
    bob.drafts(reference, command="draft-welfare")
    school.works(sweep=True)
    card = otto.card(reference)
    assert "You can read and approve the email next" in card.text, card.text
    assert card.primary == "approve"
    assert not dora.card(reference).primary


def test_a_case_that_rests_is_not_said_to_lack_a_view(school: School) -> None:
    """A16: an exempt or snoozed student needs no view, yet the lead's week counted them."""
    bob, otto, edgar = school.people("bob", "otto", "edgar")
    _exempts(bob, school.case_of(SILENT))
    otto.fills(f"snooze {school.case_of(NO_ESSAY)}", until="2026-12-07")
    school.morning("2026-12-01")
    said = edgar.types("digest week").text
    (open_now,) = re.findall(r"Open now (\d+)", said)
    (unseen,) = re.findall(r"(\d+) cases? without a view", said)
    assert int(unseen) == int(open_now) - 2, said


def _exempts(person: Person, reference: str) -> None:
    person.types(f"exempt {reference}").sends(
        kind="placement", last="2027-02-01", reason="Placement at the glass works"
    )


def test_the_welfare_route_skips_the_wait_is_named_and_is_reviewed(school: School) -> None:
    alice, bob, otto, edgar = school.people("alice", "bob", "otto", "edgar")
    reference = school.case_of(SILENT_TOO)
    otto.looks_at(reference)
    said = raises_concern(otto, reference, "His flatmate has not heard him for two days")
    alice.drafts(reference, command="draft-welfare")
    tried = tries_to_approve(bob, reference)
    school.works(sweep=True)
    assert school.emails(SILENT_TOO), f"a concern that cannot wait waited: {said} {tried}"
    card = edgar.card(reference).text
    assert "Otto Opal" in card, card
    assert reference in edgar.direct(), "the lead is not asked to review it"
    assert otto.types(f"review {reference} it was right to act at once").said, "reviewed by herself"
    edgar.types(f"review {reference} it was right to act at once")
    assert school.audited("Edgar Ember")


def test_an_answer_that_cannot_wait_is_read_now(school: School) -> None:
    """A14: the answer is written at ten in the evening."""
    email = emailed(school, SILENT)
    owner = (
        "bob" if "Bob Beryl" in school.person("bob").card(school.case_of(SILENT)).text else "otto"
    )
    before = school.person(owner).direct()
    school.at("22:00")
    school.answers(email, "I cannot go on any more. I do not want to live like this.")
    told = school.person(owner).direct().replace(before, "")
    assert re.search(r"read this.{0,40}now", told, re.IGNORECASE), (
        f"a student writes that they cannot go on, and their officer is told only: {told[-400:]}"
    )
    for label in ("suicid", "risk", "mentally"):
        assert label not in told.casefold(), f"a label or a diagnosis: {told}"


def test_a_case_is_closed_past_words_that_cannot_wait_only_after_a_question(
    school: School,
) -> None:
    email = emailed(school, SILENT)
    reference, bob = school.case_of(SILENT), school.person("bob")
    school.answers(email, "I cannot go on any more. I do not want to live like this.")
    asked = bob.types(f"close {reference} re-engaged").said
    assert "may speak of danger, and the case records nothing done since" in asked, asked
    assert "Closed" not in bob.card(reference).text
    bob.types(f"close {reference} re-engaged")
    assert "Closed" in bob.card(reference).text
    raises_concern(bob, reference, "He does not want to live like this")
    assert "Student answered" in bob.card(reference).text, "the answer is still to be acted on"
    assert "may speak of danger" not in bob.types(f"close {reference} re-engaged").said


def test_a_concern_on_a_closed_case_reopens_it(school: School) -> None:
    reference, otto = school.case_of(SILENT_TOO), school.person("otto")
    otto.looks_at(reference)
    said = [otto.types(f"close {reference} re-engaged").said for _ in range(2)]
    assert "Closed" in otto.card(reference).text, said
    raises_concern(otto, reference, "His flatmate has not heard him for two days")
    school.works()
    card = school.person("edgar").card(reference).text
    assert "Closed" not in card, card
    assert reference in school.person("edgar").direct(), "the lead is not asked to review it"


def test_a_tired_answer_is_an_ordinary_answer(school: School) -> None:
    email = emailed(school, SILENT)
    school.answers(email, "Thank you for asking. I was at my sister's wedding and am back now.")
    told = school.person("bob").direct() + school.person("otto").direct()
    assert "read this now" not in told.casefold()


def _digest(school: School) -> str:
    """Return the newest digest in the channel, as all see it."""
    page = school.person("edgar").channel()
    return [each.text for each in page.all("article", **{"data-kind": "digest"})][-1]


def test_the_digest_says_what_a_draft_lacks_and_offers_what_can_be_approved(
    school: School,
) -> None:
    """The digest said "cannot be approved yet" without a reason, also of drafts that the worker
    rewrote in the same minute."""
    alice = school.person("alice")
    emailed(school, SILENT)
    waits, lacks = school.case_of(SILENT), school.case_of(SILENT_TOO)
    alice.drafts(lacks)
    for day in school.mornings("2026-12-03"):
        said = _digest(school)
        drafts = said.partition("Drafts that cannot be approved yet")[2].partition("New today")[0]
        missing = ("Needs 1 view, not from Alice Amber", "Write it again")
        assert any(each in drafts for each in missing), (day, said)
        assert waits not in drafts, f"{day}: what the worker prepared can be approved: {said}"
        if "Read and approve" in school.person("bob").card(waits).text:
            assert waits in said.partition("Emails to read and approve")[2], (day, said)
    assert "Has an email that you can read and approve" in school.person("bob").direct()
    own = school.person("otto").direct() + school.person("bob").direct()
    assert "Needs 1 view, not from Alice Amber" in own
    assert "is not approved yet" not in own


def test_a_new_case_says_how_many_views_its_school_needs(school: School) -> None:
    """Trap: the school asks for two views, and the card said "needs 1 view"."""
    file = school.home / "two-views.toml"
    file.write_text(policy(GLAS, top="views_needed = 2", effective="2026-11-24"), encoding="utf-8")
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    school.morning("2026-11-24")
    card = school.person("alice").card(school.case_of(SILENT)).text
    assert "needs 2 views, the first by Wednesday 25 November" in card, card
