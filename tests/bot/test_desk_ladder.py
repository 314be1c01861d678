"""The commands ask, welfare, review, draft-welfare, reject, ladder and attempt, and threads."""

from bot.interaction import Person, Reply
from bot.thread_capture import capture, capture_deletion, capture_edit
from store.actions.schools.channels import SANDBOX_TENANT
from store.rules.model import Platform
from store.tables import asks, attempts, emergencies, interventions, posts, remarks
from tests.worker.office import Office, words


def test_several_colleagues_are_asked_in_one_line(office: Office) -> None:
    case = office.world.open_case()
    said = office.types("alice", "ask LANG-1 Bob Brown, sana and lena: isn't she on placement?")
    assert "asked them privately" in words(said.card)
    rows = office.world.rows(asks, case_id=case)
    assert len(rows) == 3
    assert {row["question"] for row in rows} == {"isn't she on placement?"}


def test_asking_by_the_dialog_and_a_name_that_nobody_has(office: Office) -> None:
    case = office.world.open_case()
    dialog = office.dialog("alice", "ask", case)
    assert "Charlie" not in words(dialog)
    wrong = office.submits("alice", dialog, colleague=str(office.world.staff("charlie")))
    assert "colleague" in wrong.errors
    assert "Name one of these" in words(office.types("alice", "ask LANG-1 nobody").card)
    bob = str(office.world.staff("bob"))
    assert office.submits("alice", dialog, colleague=bob, question="") == Reply()
    assert len(office.world.rows(asks)) == 1


def test_the_welfare_route_from_concern_to_review(office: Office) -> None:
    case = office.world.open_case()
    refused = office.clicks("alice", "draft-welfare", case=case)
    assert "welfare route first" in words(refused.card)
    dialog = office.dialog("alice", "welfare", case)
    assert "why" in office.submits("alice", dialog, why="now").errors
    assert office.submits("alice", dialog, why="She sounded unsafe today") == Reply()
    draft = office.dialog("alice", "draft-welfare", case)
    assert draft.action == "draft-welfare"
    assert (
        office.submits("alice", draft, subject="Hello", body="How are you? Shall we meet?")
        == Reply()
    )
    assert office.submits("alice", office.dialog("alice", "approve", case)) == Reply()
    office.works()
    assert len(office.left()) == 1, "without anybody's view"

    review = office.dialog("lena", "review", case)
    assert "She sounded unsafe today" in words(review)
    assert "recorded" in words(office.types("lena", "review LANG-1 it was right to act").card)
    assert office.world.rows(emergencies)[0]["review"] == "it was right to act"
    assert "no welfare route" in words(office.types("lena", "review LANG-1").card)


def test_a_draft_goes_back_with_a_reason_that_its_drafter_reads(office: Office) -> None:
    case = office.world.open_case()
    assert "no draft" in words(office.types("alice", "reject LANG-1").card)
    office.drafts_a_mail(case)
    dialog = office.dialog("alice", "reject", case)
    assert office.submits("alice", dialog, reason="Please mention the extension") == Reply()
    assert "Please mention the extension" in words(office.dialog("sana", "draft", case))


def test_the_ladder_shows_its_order_and_the_next_step(office: Office) -> None:
    case = office.world.open_case()
    assert "this comes next" in words(office.types("bob", "ladder LANG-1").card)
    office.approves_a_mail(case)
    office.works()
    assert "waiting until Monday 27 October" in words(
        office.clicks("bob", "ladder", case=case).card
    )
    office.clock.forward(days=5)
    shown = office.clicks("bob", "ladder", case=case).card
    assert "Next step of the contact ladder: personal email" in words(shown)
    assert "Dana" not in words(shown)


def test_an_attempt_is_typed_or_filled_in_and_other_logs_stay(office: Office) -> None:
    case = office.world.open_case()
    assert "logged" in words(office.types("alice", "log LANG-1 phone no-answer rang twice").card)
    assert office.world.rows(attempts)[0]["note"] == "rang twice"
    dialog = office.types("alice", "log LANG-1 phone").dialog
    assert dialog
    assert "result" in office.submits("alice", dialog, rung="phone", result="traces-seen").errors
    log = office.dialog("alice", "log", case)
    early = office.submits("alice", log, kind="meeting", note="We talked")
    assert "No colleague had given a view before this contact" in words(early.card)
    assert len(office.world.rows(attempts)) == 1
    assert len(office.world.rows(interventions)) == 1


def test_a_reply_under_the_card_is_kept_and_one_elsewhere_is_not(office: Office) -> None:
    case = office.world.open_case()
    office.works()
    store, at = office.services.store, office.clock.now
    root = office.world.rows(posts, subject=f"case:{case}")[0]["message"]
    bob = Person(Platform.SANDBOX, SANDBOX_TENANT, "bob")
    stranger = Person(Platform.SANDBOX, SANDBOX_TENANT, "nobody")

    assert capture(store, bob, "lang", root, "77", "I saw her on Monday", at)
    assert not capture(store, stranger, "lang", root, "78", "So did I", at)
    assert not capture(store, bob, "lang", "no such card", "79", "Good morning", at)
    assert not capture(store, bob, "math", root, "80", "Wrong channel", at)

    assert [row["case_id"] for row in office.world.rows(remarks)] == [case]
    assert capture_edit(store, bob, "lang", "77", "It was Tuesday")
    assert capture_deletion(store, bob, "lang", "77")
    assert office.world.rows(remarks) == []
