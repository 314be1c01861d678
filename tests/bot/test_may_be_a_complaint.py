"""§27: a student's words about complaining reach a colleague with how to record them."""

import pytest

from integrations.mail.folder import FolderMailer
from tests.worker.office import Office, words

HOW = "If this is a complaint, record it: /lantern complaint LANG-1"


@pytest.mark.parametrize(
    ("answer", "is_told"),
    [("I want to complain about Alice", True), ("I was moving house", False)],
)
def test_the_reader_of_a_complaint_is_told_how_to_record_it(
    office: Office, answer: str, is_told: bool
) -> None:
    case = office.world.open_case()
    office.approves_a_mail(case)
    office.works()
    (mail,) = office.left()
    assert isinstance(office.services.mailer, FolderMailer)
    office.services.mailer.answer_as_student(mail.mailbox, mail.ref, answer)
    office.services.queue.enqueue("collect-replies")
    office.works()

    shown = words(office.types("alice", "reveal LANG-1 answer-request").dialog)
    assert answer in shown
    assert (HOW in shown) is is_told
