"""Who looked at a student's data and why, in the student's words (§5, §28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.student.welsh import colleague_in, day_in, said_in
from store.queries.privacy.who_saw import Viewing
from store.rules.access.confidentiality import RevealPurpose
from store.rules.access.disclosures import Implied, Shows
from store.rules.calendar import institution_day
from store.rules.letters.letter import Language

SHOWN: Mapping[str, str] = {
    Shows.IDENTITY: "your name and number",
    Shows.ADDRESS: "how to reach you",
    Shows.LETTER: "an email to you",
    Shows.NOTES: "what colleagues wrote",
    Shows.ANSWERS: "what you answered",
    Shows.EARLIER_CASES: "your earlier cases",
    Shows.EVIDENCE: "the records of your activity",
    Shows.TRACES: "when you were last seen",
    Shows.SWIPES: "where your card was used",
    Shows.STEPS: "how we tried to reach you",
    Shows.LOOKS: "who looked",
    Shows.DOCUMENT: "a document that you sent",
    Shows.DATA_REQUEST: "your request about your data",
}
WITHOUT_NAME = "your case, without your name"
EVERYTHING = "everything that we hold about you"
PURPOSES: Mapping[str, str] = {
    RevealPurpose.PREPARE_CONTACT: "to prepare to contact you",
    RevealPurpose.CHECK_CIRCUMSTANCES: "to check what is known of your circumstances",
    RevealPurpose.ANSWER_REQUEST: "to answer a request",
    RevealPurpose.COMPLAINT_OR_REVIEW: "for a complaint or a review",
    RevealPurpose.OTHER: "for another reason",
    Implied.LOOKING: "as part of their work on your case",
    Implied.NAMES_SHOWN: "since your school shows names on cases",
    Implied.HISTORY: "to read your earlier cases",
    Implied.DRAFTING: "to draft an email to you",
    Implied.APPROVING: "to read an email before it went to you",
    Implied.REJECTING: "to send a draft back",
    Implied.REVIEWING: "to review what was done for your welfare",
    Implied.ANSWERING: "to answer you",
    Implied.ABSENCE: "to decide on an absence that you asked for",
    Implied.CHECKING: "to check whether a message was from you",
    Implied.COMPLAINT: "to read the evidence of a complaint",
    Implied.COMPLAINT_WORDS: "to read a complaint",
    Implied.FINDING: "to look you up",
    Implied.COVERAGE: "to see whose activity is not known",
    Implied.QUEUE: "to see who waits for help",
    Implied.LADDER: "to see how we tried to reach you",
    Implied.TRACES: "to see when you were last seen",
    Implied.FITNESS: "to decide on Fitness to Study",
    Implied.CASELOAD: "to list the cases they look after",
    Implied.PREVIEWING: "to see how an email would read",
    Implied.SANDBOX: "to try out emails",
    Implied.WHO_SAW: "to see who looked",
    Implied.DATA_REQUEST: "to deal with your request about your data",
    Implied.HARM: "to decide what your copy holds",
    Implied.EXPORTING: "to gather your data for you",
}
LINE = "{day}: {who} looked at {shows}, {purpose}."
EVERY = (*SHOWN.values(), WITHOUT_NAME, EVERYTHING, *PURPOSES.values(), LINE)
"""Every text, for the test of the Welsh translations."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """One person's looks for one purpose on one day, taken together."""

    day: dt.date
    who: str
    purpose: str
    shown: set[str] = field(default_factory=set)


def looks_told(looks: Iterable[Viewing], language: Language) -> list[str]:
    """Return a sentence for each person, day and purpose, newest first."""
    together: dict[tuple[dt.date, str, str], _Looked] = {}
    for each in looks:
        key = institution_day(each.at), each.who, each.code
        together.setdefault(key, _Looked(*key)).shown.update(each.shows.split(", "))
    return [_sentence(each, language) for each in together.values()]


def _sentence(each: _Looked, language: Language) -> str:
    shown = [said for shows, said in SHOWN.items() if shows in each.shown]
    if len(shown) == len(SHOWN):
        shown = [EVERYTHING]
    return said_in(
        language,
        LINE,
        day=f"{day_in(language, each.day)} {each.day.year}",
        who=colleague_in(language, each.who),
        shows=", ".join(said_in(language, said) for said in shown or [WITHOUT_NAME]),
        purpose=said_in(language, PURPOSES.get(each.purpose, PURPOSES[RevealPurpose.OTHER])),
    )
