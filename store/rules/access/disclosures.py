"""What is shown about a student, and for which purpose, as the access log names it."""

from __future__ import annotations

from enum import StrEnum


class Shows(StrEnum):
    """What a person reads about a student, as the access log names it."""

    IDENTITY = "identity"
    ADDRESS = "address"
    LETTER = "letter"
    NOTES = "notes"
    ANSWERS = "answers"
    EARLIER_CASES = "earlier cases"
    EVIDENCE = "evidence"
    TRACES = "digital traces"
    SWIPES = "card swipes"
    STEPS = "contact steps"
    LOOKS = "who looked"
    DOCUMENT = "a document from the student"
    DATA_REQUEST = "a request about their data"


class Implied(StrEnum):
    """The purpose implied by a step. For a reveal, the colleague chooses a ``RevealPurpose``."""

    LOOKING = "looking-at-the-case"
    NAMES_SHOWN = "school-shows-names"
    HISTORY = "history"
    DRAFTING = "drafting-an-email"
    APPROVING = "reading-an-email-to-approve"
    REJECTING = "sending-a-draft-back"
    REVIEWING = "reviewing-the-welfare-route"
    ANSWERING = "answering-the-student"
    ABSENCE = "deciding-on-an-absence"
    CHECKING = "checking-a-reply"
    COMPLAINT = "reading-evidence-of-a-complaint"
    COMPLAINT_WORDS = "reading-a-complaint"
    FINDING = "looking-a-student-up"
    COVERAGE = "looking-into-coverage"
    QUEUE = "looking-at-the-queue"
    LOOKS = "seeing-who-is-worth-a-look"
    LADDER = "looking-at-the-contact-ladder"
    TRACES = "looking-at-digital-traces"
    FITNESS = "deciding-on-fitness-to-study"
    CASELOAD = "exporting-a-list-of-cases"
    PREVIEWING = "previewing-a-letter"
    SANDBOX = "reading-mail-in-the-sandbox"
    WHO_SAW = "reading-who-looked"
    DATA_REQUEST = "handling-a-request-about-data"
    HARM = "deciding-what-a-copy-holds"
    EXPORTING = "gathering-everything-for-the-student"


SHOWS_NO_READER = frozenset({Implied.SANDBOX, Implied.EXPORTING, Implied.HARM})
"""A page of the sandbox that plays the student, and the work on an export, show an answer to no one
who acts on it, so it stays unread."""
