"""complaint: typed, clicked and submitted, resolved, and its evidence read."""

from dataclasses import replace

import pytest

from bot.cards.cases.card import case_card
from bot.cards.complaints import PART, PARTS_ON_A_PAGE, evidence_dialog
from bot.cards.kit.model import Dialog, Text, TextStyle
from bot.cards.kit.sample_data import sample_case_view
from bot.sandbox.renderer import dialog_html
from bot.slack.renderer import modal_view as slack_view
from bot.teams.renderer import dialog as teams_dialog
from store.actions.complaints.read_evidence import export_evidence
from store.rules.calendar import Calendar
from store.rules.cases.frozen_evidence import FrozenEvidence, evidence_fingerprint
from store.rules.model import CaseStatus, OutboxKind
from store.tables import complaints
from tests.people import MORNING
from tests.worker.office import Office, words
from worker.jobs.notices.deliver import announce_due

WHY = "Dana found the mail unkind"


def test_a_click_asks_what_it_is_about_and_records_it(office: Office) -> None:
    case = office.world.open_case()
    dialog = office.dialog("bob", "complaint", case)
    assert "As suggested: Lena Lead" in words(dialog)

    sana = str(office.world.staff("sana"))
    said = office.submits("bob", dialog, about=sana, summary=WHY, handler="suggested")

    assert "Lena Lead handles it" in words(said.card)
    assert "Wednesday 5 November" in words(said.card)
    assert office.world.case(case).barred == {office.world.staff("sana")}
    announce_due(office.services, OutboxKind.CARD)
    assert WHY not in office.shown()


@pytest.mark.parametrize(("who", "barred"), [("sana", ["sana"]), ("nobody", [])])
def test_typed_with_all_its_words_it_is_recorded_at_once(
    office: Office, who: str, barred: list[str]
) -> None:
    case = office.world.open_case()

    said = words(office.types("bob", f"complaint LANG-1 {who} {WHY}").card)

    assert "The complaint about LANG-1 is recorded." in said
    now = office.world.case(case)
    assert now.status is CaseStatus.PAUSED
    assert now.barred == {office.world.staff(name) for name in barred}
    assert [row["summary"] for row in office.world.rows(complaints)] == [WHY]
    taken = words(office.types("sana", "take LANG-1").card)
    assert ("until a complaint about it is resolved" in taken) is bool(barred)


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("bob", "complaint", "Which case?"),
        ("bob", "complaint LANG-1 zoe the mail was unkind", "Name one of these"),
        ("bob", "complaint LANG-1 nobody unkind", "what the complaint is about in a few words"),
        ("charlie", f"complaint LANG-1 nobody {WHY}", "belongs to another school"),
        ("charlie", "complaint LANG-1", "belongs to another school"),
        ("lena", "complaint LANG-1 resolve we met and talked", "No complaint about LANG-1 is open"),
        ("alice", "complaint LANG-1 resolve", "need to be an engagement lead"),
        ("lena", "complaint LANG-1 export", "No complaint about LANG-1 is recorded"),
        (
            "alice",
            "complaint LANG-1 export",
            "need to be a data protection officer or an engagement lead",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_happens(
    office: Office, name: str, line: str, said: str
) -> None:
    case = office.world.open_case()
    before = office.world.case(case)

    assert said in words(office.types(name, line).card)

    assert office.world.case(case) == before
    assert office.world.rows(complaints) == []


@pytest.mark.parametrize("status", [CaseStatus.PAUSED, CaseStatus.RESPONDED])
def test_the_card_offers_nothing_that_an_open_complaint_refuses(status: CaseStatus) -> None:
    view = sample_case_view(status)
    card = case_card(replace(view, case=replace(view.case, complaint=True)), Calendar())
    labels = [button.label for button in card.buttons()]
    assert "Resolve the complaint" in labels
    assert not {"Resume", "Draft email"} & set(labels)
    assert not [each for each in words(card).split("'") if each.startswith("Paused")]


def test_a_form_that_was_tampered_with_is_refused_beside_its_field(office: Office) -> None:
    case = office.world.open_case()
    dialog = office.dialog("bob", "complaint", case)
    for field, value in (("about", "999"), ("about", "x"), ("handler", "999"), ("summary", "no")):
        given = {"about": "nobody", "summary": WHY, "handler": "suggested"} | {field: value}
        assert field in office.submits("bob", dialog, **given).errors
    bob = {"about": "nobody", "summary": WHY, "handler": str(office.world.staff("bob"))}
    assert "handler" in office.submits("bob", dialog, **bob).errors
    assert office.world.rows(complaints) == []


def test_the_lead_resolves_it_typed_or_in_a_form(office: Office) -> None:
    case = office.world.open_case()
    office.types("bob", f"complaint LANG-1 nobody {WHY}")

    dialog = office.types("lena", "complaint LANG-1 resolve").dialog
    assert dialog
    assert "due by Wednesday 5 November" in words(dialog)
    assert office.submits("lena", dialog, resolution="ok").errors
    assert "is resolved" in words(
        office.submits("lena", dialog, resolution="We met and talked it over").card
    )
    assert office.world.case(case).status is CaseStatus.OPEN

    office.types("bob", f"complaint LANG-1 nobody {WHY}")
    answer = office.types("lena", "complaint LANG-1 resolve we met and talked")
    assert "is resolved" in words(answer.card)


def test_the_evidence_is_shown_word_for_word_with_its_fingerprint(office: Office) -> None:
    case = office.world.open_case()
    for note in range(9):
        office.types("bob", f"note LANG-1 {note} {'She was there. ' * 130}")
    office.types("bob", f"complaint LANG-1 nobody {WHY}")
    kept = export_evidence(office.services.store, office.world.staff("lena"), case)
    assert len(kept.text) > 2 * PART * PARTS_ON_A_PAGE

    text, page, turned = "", 1, office.types("lena", "complaint LANG-1 export").dialog
    while turned:
        assert turned == office.types("lena", f"complaint LANG-1 export {page}").dialog
        assert kept.sha256 in words(turned)
        assert "unchanged" in words(turned)
        text, page = text + _shown(turned), page + 1
        onward = [button for button in turned.buttons() if button.label == "Next page"]
        turned = office.clicks("lena", "complaint", **onward[0].ids).dialog if onward else None

    assert page > 2
    assert text == kept.text
    assert evidence_fingerprint(text) == kept.sha256
    # A page past the end shows the last one, and a word that is not a number the first.
    for odd in ("999", "x", "0", "-1", "9" * 40):
        assert office.types("lena", f"complaint LANG-1 export {odd}").dialog


def _shown(dialog: Dialog | None) -> str:
    assert dialog
    return "".join(
        block.text
        for block in dialog.blocks
        if isinstance(block, Text) and block.style is TextStyle.LETTER
    )


def test_no_platform_cuts_a_page_of_evidence() -> None:
    text = '{"a":"' + 'é\\n"' * 4000
    kept = FrozenEvidence(
        1, "LANG-12", 3, 1, MORNING, text, evidence_fingerprint(text), is_intact=True
    )
    dialog = evidence_dialog(kept, 1, Calendar())

    for render in (slack_view, teams_dialog, dialog_html):
        shown = repr(render(dialog))
        assert "…" not in shown
        assert "left out" not in shown
