"""The texts of the forms on the student's page."""

from __future__ import annotations

from dataclasses import dataclass

from store.rules.students.data_requests import (
    COMMISSION_PAGE,
    COMMISSION_PHONE,
    COMMISSION_POST,
    DataAsk,
)
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import Saying


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """One form: its heading, what to know before sending it, and its button."""

    kind: Saying
    heading: str
    help: str
    button: str
    words: str = ""
    """The label of a field for words; '' for none."""
    needs_words: bool = False


ANSWERS = (
    AnswerForm(
        Saying.FINE,
        "I am fine",
        "Your school will know that you are well. You do not need to say why.",
        "Send: I am fine",
        "Anything you would like to add (optional)",
    ),
    AnswerForm(
        Saying.WRONG,
        "This is wrong",
        "Our systems can be wrong. A register may have missed you, or you may have left a module. "
        "Say what is not right. A member of staff will look at it and answer you.",
        "Report a mistake",
        "What is wrong?",
        needs_words=True,
    ),
    AnswerForm(
        Saying.CONTACT_BY,
        "Please contact me another way",
        "Choose how you would like to hear from us.",
        "Save how to contact me",
        "A number or a good time (optional)",
    ),
    AnswerForm(
        Saying.TALK,
        "I would like to talk",
        "A member of staff will get in touch to find a time that suits you.",
        "Ask to talk",
        "What about, or when (optional)",
    ),
    AnswerForm(
        Saying.CIRCUMSTANCES,
        "What you should know about me",
        "Records never show the whole picture. Say what your school should know, such as work, "
        "caring for someone or your health. Those who look after you read it.",
        "Tell my school",
        "What should we know?",
        needs_words=True,
    ),
)

OPT_OUT = AnswerForm(
    Saying.OPT_OUT,
    "Emails about engagement",
    "You can ask us not to write to you about your engagement. If we are worried about your "
    "wellbeing, we may still write.",
    "Stop emails about engagement",
)
OPT_IN = AnswerForm(
    Saying.OPT_IN,
    "Emails about engagement",
    "You asked us not to write to you about your engagement. You can change your mind here.",
    "Start emails again",
)

STOP_AT_A_DOOR = AnswerForm(
    Saying.OPT_OUT,
    "Stop emails",
    "You can ask us to stop emails like this one. You do not need to give your student number.",
    "Stop emails",
)
"""For a mailbox that others may read: it says nothing of what the emails are about."""
THANKS_AT_A_DOOR = "Done. We will not send you emails like this one any more."

TAKEN_BACK = "Done. Your request is taken back, and its document is deleted."

THANKS = {
    Saying.FINE: "Thank you. Your school has your answer, and a member of staff will read it.",
    Saying.WRONG: "Thank you. A member of staff will look at it and answer you.",
    Saying.CONTACT_BY: "Thank you. Your school now knows how to contact you.",
    Saying.TALK: "Thank you. A member of staff will get in touch with you.",
    Saying.CIRCUMSTANCES: "Thank you. The people who look after you will read it.",
    Saying.OPT_OUT: "Done. We will not write to you about your engagement any more.",
    Saying.OPT_IN: "Done. We may write to you about your engagement again.",
    Saying.ABSENCE: "Thank you. A member of staff will read your request, and you will see the "
    "decision here.",
}

THANKS_FOR_ASKING = {
    DataAsk.COPY: "Thank you. Your request has arrived. Below you can see when you will get it.",
    DataAsk.COMPLAINT: (
        "Thank you. Your complaint has arrived. Below you can see what happens to it."
    ),
}
THANKS_FOR_REPLY = "Thank you. Your answer has arrived."

COMMISSION = {"page": COMMISSION_PAGE, "phone": COMMISSION_PHONE, "post": COMMISSION_POST}
"""How to reach the Information Commission."""


def answers_for(purpose: LinkPurpose) -> tuple[AnswerForm, ...]:
    """Return the forms for a visit by a link of this purpose."""
    return tuple(each for each in ANSWERS if each.kind in purpose.may_say)
