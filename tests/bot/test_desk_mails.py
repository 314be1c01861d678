"""Commands from a drafted email to its answer: permissions, order and limits."""

import datetime as dt
from dataclasses import replace

from bot.cards.kit import sample_data as sample
from bot.cards.kit.examples import every_example
from bot.cards.kit.model import Input, Text, TextStyle
from bot.cards.outreach.mail import approve_dialog
from bot.interaction import Reply
from bot.sandbox.renderer import dialog_html
from bot.slack import renderer as slack
from bot.teams import renderer as teams
from integrations.mail.folder import FolderMailer
from store.queries.cases.case import case_view
from store.queries.outreach.draft_revisions import Edits
from store.rules.model import CaseStatus
from store.rules.text.diff import Change
from store.tables import outbox, outreach
from tests.worker.office import Office, words

NEW, MINE = "How are you now? Shall we meet?", "How are you? We can meet if you like."


def test_a_suggested_mail_is_drafted_approved_sent_and_answered(office: Office) -> None:
    case = office.world.open_case()
    office.approves_a_mail(case)
    office.works()

    (mail,) = office.left()
    assert mail.recipient == "dana@students.example.ac.uk"
    assert office.world.case(case).status is CaseStatus.IN_CONTACT
    assert "Email sent to the student, approved by Alice Adviser" in office.shown()

    mailer = office.services.mailer
    assert isinstance(mailer, FolderMailer)
    mailer.answer_as_student(mail.mailbox, mail.ref, "I was moving house")
    office.services.queue.enqueue("collect-replies")
    office.works()

    assert office.world.case(case).status is CaseStatus.RESPONDED
    assert "The student answered" in office.shown()
    assert "moving house" not in office.shown()
    assert "moving house" in words(office.types("alice", "reveal LANG-1 prepare-contact").dialog)
    assert "moving house" not in words(office.clicks("bob", "show", case=case).dialog)


def test_the_approver_reads_exactly_what_leaves(office: Office) -> None:
    case = office.world.open_case()
    office.drafts_a_mail(case)

    dialog = office.dialog("alice", "approve", case)

    (letter,) = [b for b in dialog.blocks if isinstance(b, Text) and b.style is TextStyle.LETTER]
    office.submits("alice", dialog)
    office.works()
    (mail,) = office.left()
    assert mail.body == letter.text
    assert f"'{mail.recipient}'" in words(dialog)
    assert f"'{mail.subject}'" in words(dialog)


def test_the_approver_reads_each_link_of_the_email_on_its_own_line() -> None:
    letters = [b for b in every_example()["dialog-approve"].blocks if isinstance(b, Text)]
    footer = next(b.text for b in letters if "Answer here" in b.text)
    assert [line.partition(":")[0] for line in footer.split("\n")[2:]] == [
        "- I am fine",
        "- This is wrong",
    ]


def test_no_mail_before_a_view_of_somebody_else(office: Office) -> None:
    case = office.world.open_case()
    draft = office.dialog("sana", "draft", case)
    assert (
        office.submits("sana", draft, subject="Hello", body="How are you? Shall we meet?")
        == Reply()
    )

    refusals = [office.clicks("alice", "approve", case=case)]
    office.world.give_view(case, "alice")
    refusals.append(office.clicks("alice", "approve", case=case))

    for refusal in refusals:
        assert refusal.dialog is None, "the email is not shown in vain"
        assert "Needs 1 view" in words(refusal.card)
    office.works()
    assert office.left() == []
    assert office.world.draft(case).approver is None


def test_a_draft_that_changed_after_it_was_opened_has_to_be_read_again(office: Office) -> None:
    case = office.world.open_case()
    office.drafts_a_mail(case)
    opened = office.dialog("alice", "approve", case)
    office.submits("sana", office.dialog("sana", "draft", case), subject="New", body=NEW)

    late = office.submits("alice", opened)

    assert "Read it again" in words(late.card)
    assert office.submits("alice", office.dialog("alice", "approve", case)) == Reply()
    office.works()
    assert [mail.body for mail in office.left()] == [NEW]


def test_a_mail_that_somebody_else_opened_cannot_be_approved_unread(office: Office) -> None:
    case = office.world.open_case()
    office.drafts_a_mail(case)
    opened_by_alice = office.dialog("alice", "approve", case)

    assert "Open and read" in words(office.submits("lena", opened_by_alice).card)

    office.works()
    assert office.left() == []


def test_approving_twice_sends_once(office: Office) -> None:
    case = office.world.open_case()
    office.drafts_a_mail(case)
    dialog = office.dialog("alice", "approve", case)

    assert office.submits("alice", dialog, key="one click") == Reply()
    assert office.submits("alice", dialog, key="one click") == Reply(), "delivered twice"
    assert "already approved" in words(office.submits("alice", dialog, key="a second click").card)
    office.works()
    office.works()

    assert len(office.left()) == 1
    assert len(office.world.rows(outbox, kind="mail")) == 1


def test_a_draft_that_is_being_edited_opens_with_its_own_words(office: Office) -> None:
    case = office.world.open_case()
    office.submits("sana", office.dialog("sana", "draft", case), subject="Mine", body=MINE)

    again = [f.value for f in office.dialog("lena", "draft", case).fields() if isinstance(f, Input)]

    assert again == ["Mine", MINE]
    office.submits(
        "lena",
        office.dialog("lena", "draft", case),
        subject="Ours",
        body="Our words: how are you? Shall we meet?",
    )
    (row,) = office.world.rows(outreach)
    sana, lena = office.world.staff("sana"), office.world.staff("lena")
    assert (row["subject"], row["drafter_id"]) == ("Ours", sana), "it is still signed by Sana"
    assert row["writers"] == sorted([sana, lena])


def test_words_that_hurt_are_refused_beside_the_field_that_has_them(office: Office) -> None:
    case = office.world.open_case()
    draft = office.dialog("sana", "draft", case)

    refused = office.submits("sana", draft, subject="Hello", body="You failed to engage.")

    assert list(refused.errors) == ["body"]
    assert office.world.rows(outreach) == []


def test_approve_without_a_draft_says_what_to_do(office: Office) -> None:
    office.world.open_case()
    assert "Use Draft email first" in words(office.types("alice", "approve LANG-1").card)


def test_in_quiet_hours_the_approver_hears_when_the_mail_leaves(office: Office) -> None:
    case = office.world.open_case()
    office.drafts_a_mail(case)
    dialog = office.dialog("alice", "approve", case)
    office.clock.forward(hours=10)  # 20:30 in London

    answer = office.submits("alice", dialog)
    office.works()

    assert "sent on Thursday 23 October at 08:00" in words(answer.card)
    assert office.left() == []
    office.clock.forward(hours=12)
    office.services.queue.enqueue("sweep")
    office.works()
    assert len(office.left()) == 1


def test_an_approved_email_is_no_step_taken_before_it_has_left(office: Office) -> None:
    case = office.world.open_case()
    office.clock.now = dt.datetime(2025, 10, 24, 17, 30, tzinfo=dt.UTC)
    office.drafts_a_mail(case)
    office.submits("alice", office.dialog("alice", "approve", case))
    office.works()
    ladder = words(office.types("bob", "ladder LANG-1").card)
    for said in (office.shown(), ladder):
        assert "will be sent on Monday 27 October at 08:00" in said
        for early in (
            "sent soon",
            "waiting until",
            "draft the email",
            "Ready to contact",
            "Email sent",
        ):
            assert early not in said
    assert "Email approved" in office.shown()

    office.clock.now = dt.datetime(2025, 10, 27, 8, 30, tzinfo=dt.UTC)
    office.services.queue.enqueue("sweep")
    office.works()
    assert "will be sent on" not in office.shown()
    assert "waiting until Thursday 30 October" in words(office.types("bob", "ladder LANG-1").card)


def test_a_refused_email_is_dated_on_the_day_of_the_refusal(office: Office) -> None:
    case = office.world.open_case()
    office.clock.now = dt.datetime(2025, 10, 24, 17, 30, tzinfo=dt.UTC)
    office.drafts_a_mail(case)
    office.submits("alice", office.dialog("alice", "approve", case))
    office.works()
    office.clock.now = dt.datetime(2025, 11, 10, 8, 30, tzinfo=dt.UTC)
    office.services.queue.enqueue("sweep")
    office.works()
    with office.world.store.database.read() as connection:
        shown = case_view(connection, case).mails[0]
    assert shown.not_sent
    assert shown.at.date() == dt.date(2025, 11, 10)


def test_a_case_closed_after_the_approval_keeps_the_mail_back(office: Office) -> None:
    case = office.world.open_case()
    office.approves_a_mail(case)
    office.submits("lena", office.dialog("lena", "close", case), outcome="data-error", note="")

    office.works()

    assert office.left() == []
    assert [row["status"] for row in office.world.rows(outreach)] == ["cancelled"]
    assert "Email sent to the student" not in office.shown()
    assert "it will be sent soon" not in office.shown()


def test_a_foreign_mail_id_opens_nothing(office: Office) -> None:
    case = office.world.open_case()
    office.drafts_a_mail(case)
    dialog = office.dialog("alice", "approve", case)
    mathematics = replace(dialog, ids={"case": str(case), "mail": dialog.ids["mail"]})
    assert "another school" in words(office.submits("charlie", mathematics).card)
    office.works()
    assert office.left() == []


def test_what_is_added_for_a_personal_address_is_asked_about_and_shown_to_the_approver(
    office: Office,
) -> None:
    """§15: no list of words can hold all that is revealing, so a person is asked each time."""
    case = office.world.open_case()
    office.world.approved_mail(case)
    office.world.send()
    office.world.clock.forward(days=8)
    dialog = office.dialog("sana", "draft", case)
    first, letter = (f.value for f in dialog.fields() if isinstance(f, Input))
    for kept in ("Your landlord says hello.", "FR101 meets in the new room."):
        said = {"subject": first, "body": f"{letter}\n\n{kept}"}
        asked = office.submits("sana", dialog, **said).errors["body"]
        assert kept in asked or "“FR101”" in asked
    assert "cannot name a module" in asked
    said["body"] = f"{letter}\n\nYour landlord says hello."
    assert office.submits("sana", dialog, **said) == Reply(), "asked once, and kept"
    shown = words(office.dialog("alice", "approve", case))
    assert "were added to the personal letter" in shown
    assert "Your landlord says hello." in shown

    for body, why in (
        ("Hello Ros,\n\nHow are you? We can meet.", "greets “Ros”"),
        ("Hello Dana,\n\nHow are you?\nThere was cake.", "leaves out an offer of help"),
    ):
        refused = office.submits(
            "sana", office.dialog("sana", "draft", case), subject="Hello", body=body
        )
        assert why in refused.errors["body"]


def test_every_change_can_be_read_on_every_platform_however_many_there_are() -> None:
    edits = Edits(tuple(Change("", f"Sentence number {n}.") for n in range(1, 26)))
    dialog = approve_dialog(sample.sample_case_view(CaseStatus.AGREED), sample.outreach(), edits)
    for shown in (slack.modal_view(dialog), teams.dialog(dialog), dialog_html(dialog)):
        text = str(shown)
        assert [n for n in range(1, 26) if f"Sentence number {n}." not in text] == []
