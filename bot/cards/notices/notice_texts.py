"""What Lantern says to a colleague in private, and the command that usually follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from store.queries.notices.notices import ReadAgain
from store.rules.model import NoticeKind


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A sentence with ``{case}`` in it, and the command that usually follows."""

    sentence: str
    label: str = "Show"
    action: str = "show"
    opens_dialog: bool = True
    step: str = ""
    is_all: bool = False
    """Whether the person may do nothing else, so that no other button is offered."""


NOTICE_TEXTS: Mapping[NoticeKind, NoticeText] = {
    NoticeKind.ASKED: NoticeText(
        "{asker} asks whether you have anything to add about {case}.", "Add view", "view"
    ),
    NoticeKind.ASSIGNED: NoticeText("{case} is assigned to you."),
    NoticeKind.ANSWERED: NoticeText("The student of {case} has answered."),
    NoticeKind.SAID: NoticeText("The student of {case} {said}."),
    NoticeKind.READ_NOW: NoticeText(
        "Read this now: the student of {case} has written.", "Read now", "read-now"
    ),
    NoticeKind.BOUNCED: NoticeText(
        "The email of {case} bounced: it has not reached the student. The contact ladder shows "
        "the next step.",
        "Contact ladder",
        "ladder",
        opens_dialog=False,
    ),
    NoticeKind.DOUBTFUL: NoticeText(
        "A message for {case} may be an answer from the student, or an automatic reply. Read it "
        "and decide.",
        "Check reply",
        "check-reply",
    ),
    NoticeKind.RETURNED: NoticeText(
        "Your draft for {case} was returned with a reason.", "Edit the draft", "draft"
    ),
    NoticeKind.NOT_SENT: NoticeText("The approved email of {case} was not sent."),
    NoticeKind.PREPARED: NoticeText(
        "The student of {case} has not answered in the agreed time. {tried}Lantern has drafted "
        "the next email in your name. Read it, edit it or leave it.",
        "Edit the draft",
        "draft",
    ),
    NoticeKind.EMERGENCY: NoticeText(
        "A colleague used the welfare route on {case}. Review it today.",
        "Review",
        "review",
    ),
    NoticeKind.REMINDER: NoticeText("{case} needs action."),
    NoticeKind.ESCALATION: NoticeText(
        "{case} has been waiting for several days. Make sure a colleague looks after it.",
        "Assign",
        "assign",
    ),
    NoticeKind.UNANSWERED: NoticeText(
        "{case} was closed before its student had an answer to what they reported or asked for. "
        "Make sure a colleague answers.",
        "Read and answer",
        "said",
    ),
    NoticeKind.ALERT: NoticeText(
        "{case} needs your school: another school has sent an alert, or handed the case over.",
        "Acknowledge",
        "acknowledge",
        opens_dialog=False,
    ),
    NoticeKind.ALERT_NOW: NoticeText(
        "Read this now: another school has alerted yours about {case}, and someone may be in "
        "danger."
    ),
    NoticeKind.ACKNOWLEDGED: NoticeText("The home school has seen your alert about {case}."),
    NoticeKind.COMPLAINT: NoticeText(
        "A complaint about {case} was recorded. Read it: you handle it, or resolve it as engagement"
        " lead. Engagement emails are stopped.",
        "Read the complaint",
        "complaint",
        step="read",
    ),
    NoticeKind.RESOLVE: NoticeText(
        "A complaint about {case} was recorded. No engagement lead of its school can decide on it, "
        "so you need to resolve it. Read the saved evidence first.",
        "Resolve the complaint",
        "complaint",
        step="resolve",
        is_all=True,
    ),
    NoticeKind.REVIEW: NoticeText(
        "A colleague used the welfare route on {case}. No engagement lead of its school can review "
        "it. Review it today.",
        "Review",
        "review",
        is_all=True,
    ),
    NoticeKind.FITNESS: NoticeText(
        "Every step was tried on {case}, and there is no sign of activity. Decide whether Fitness "
        "to Study is right.",
        "Fitness to Study",
        "fitness",
    ),
    NoticeKind.DEATH: NoticeText(
        "The student of {case} is reported to have died. All contact has stopped, in "
        "every school. Confirm it, or correct it if it is not right.",
        "Confirm or correct",
        "death",
        step="decide",
        is_all=True,
    ),
    NoticeKind.DEATH_TAKEN_BACK: NoticeText(
        "The report that the student of {case} has died was not right. Everything is restored. "
        "Any email that had been approved is a draft again."
    ),
    NoticeKind.DEATH_DOUBTED: NoticeText(
        "The death of the student of {case} is confirmed, and the newest roster no longer says it. "
        "If it is not right, the engagement lead or the data protection officer undoes it, and "
        "everything is restored.",
        "Undo the report",
        "death",
        step="undo",
        is_all=True,
    ),
    NoticeKind.CORRECTED: NoticeText(
        "Later data corrected what an email of {case} told the student. Tell the student that it "
        "was wrong, for example by phone, and log it."
    ),
    NoticeKind.STANDS_AGAIN: NoticeText(
        "The correction of what an email of {case} told the student was withdrawn: what the email "
        "said stands. If you have told the student that it was wrong, tell them this too."
    ),
    NoticeKind.RESUMED: NoticeText("The pause of {case} has ended. The case has resumed."),
    NoticeKind.DIGEST: NoticeText("Your cases for today.", "My cases", "mine", opens_dialog=False),
    NoticeKind.WEEK: NoticeText("Your school's week.", "Report", "report", opens_dialog=False),
    NoticeKind.CHANNEL: NoticeText(
        "People outside the institution can read one of your school's channels. Lantern has "
        "stopped posting there and is removing its own messages, newest first. Check what "
        "colleagues wrote there: Lantern cannot remove it.",
    ),
    NoticeKind.ANCHOR: NoticeText(
        "The audit has new rows. Keep this message: with it you can check later that none of the "
        "rows up to this one was changed or deleted."
    ),
    NoticeKind.DATA_REQUEST: NoticeText("A student has asked about their data."),
    NoticeKind.DATA_NOW: NoticeText("Read this now: a student has written about their data."),
    NoticeKind.DATA_MAIL: NoticeText("An email about a data request needs action."),
    NoticeKind.DATA_DUE: NoticeText("Students wait for an answer about their data."),
    NoticeKind.ERASED: NoticeText("An erasure is complete."),
    NoticeKind.TROUBLE: NoticeText("There is a problem with {case} that needs action."),
    NoticeKind.TROUBLE_OVER: NoticeText("A problem in your school has ended."),
}


SEEN_AFTER_FITNESS = NoticeText(
    "The student of {case} has been in touch, or was seen, since Fitness to Study was invoked. "
    "Tell the people who have the referral, and decide whether it is still right."
)


AFTER_A_DEATH = NoticeText(
    "A message has come in about {case}, whose student is reported to have died. Read it today: "
    "it may be from the family, or mean that the report is not right.",
    "Reveal",
    "reveal",
    is_all=True,
)


DRAFT_CANCELLED = NoticeText("Your draft for {case} was cancelled.")


STOPPED_BY_DEATH = NoticeText(
    "The student of {case} is reported to have died, so the email to them is not sent. You need "
    "not do anything."
)


READ_AGAIN: Mapping[ReadAgain, str] = {
    ReadAgain.RECORDS: (
        "The records behind your draft for {case} have changed. Read it again before it is "
        "approved."
    ),
    ReadAgain.CONTACT: (
        "A colleague has been in touch with the student of {case} since your draft was written. "
        "Read it again before it is approved."
    ),
    ReadAgain.OVER: (
        "Every reason for {case} has ended, so your draft is returned: there is nothing to write "
        "to "
        "the student about. Close the case."
    ),
    ReadAgain.AUTHOR: (
        "The author of the draft for {case} may no longer write to its student. Write it again "
        "in your "
        "own name, or leave it."
    ),
    ReadAgain.LEFT_LADDER: (
        "Your school's contact ladder no longer has the step of the draft for {case}, so the draft "
        "is cancelled. Take the next step with Contact ladder."
    ),
}
"""What a notice says about a draft that has to be read again, though no colleague returned it."""
