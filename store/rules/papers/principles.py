"""How Lantern meets two codes: Jisc's code of practice for learning analytics, and the ICO's AI and
data protection risk toolkit. Both are named by their headings; the words are our own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principle:
    """A heading of a code, what Lantern does for it, and a command or document that shows it."""

    heading: str
    does: str
    shown_by: str


JISC = (
    Principle(
        "Responsibility",
        "Each school names its engagement lead, and a policy version names its approver and day. A "
        "named colleague stands behind every view, email and outcome.",
        "lantern policy statement; lantern audit export",
    ),
    Principle(
        "Transparency and consent",
        "A policy says how students were told before it takes effect. The statement to students is "
        "written from the policy, and their page shows every flag with its rule.",
        "lantern policy statement; the student's page",
    ),
    Principle(
        "Privacy",
        "Cards show a reference; a name is opened by a person, and that is recorded. Only what a "
        "marker needs enters the activity.",
        "lantern audit who-saw; access.md",
    ),
    Principle(
        "Validity",
        "A day or source that was not fully delivered raises no flag. The rules are measured on "
        "open data before a school adopts them, and replayed on its own.",
        "lantern feeds list; lantern evaluate; lantern policy simulate",
    ),
    Principle(
        "Access",
        "A student sees on their page what is kept, and gets a copy of everything from the data "
        "protection officer.",
        "the student's page; lantern student export",
    ),
    Principle(
        "Enabling positive interventions",
        "Colleagues give their views before anyone writes; emails follow an agreed ladder and name "
        "services that help. A flag never changes a mark or a status.",
        "lantern letters preview; lantern policy statement",
    ),
    Principle(
        "Minimising adverse impacts",
        "No score is kept or shown. Exemptions, agreed absences and deaths stop contact. Groups of "
        "students are compared without any flag knowing them.",
        "lantern report fairness",
    ),
    Principle(
        "Stewardship of data",
        "Free texts and addresses are encrypted where a person wrote them; periods are approved "
        "before anything is deleted by age; an erasure reaches chat, email and backups' lists.",
        "retention.md; lantern retention preview; lantern student erase",
    ),
)

ICO = (
    Principle(
        "Accountability and governance",
        "Every decision, refusal, opening and setting is in an audit that shows a change. Below "
        "stands whether its end is recorded in another place.",
        "lantern audit verify",
    ),
    Principle(
        "Lawfulness and purpose limitation",
        "Each kind of record has one purpose with its paragraphs of the policy. The basis is for "
        "the university to confirm.",
        "record-of-processing.md",
    ),
    Principle(
        "Fairness: accuracy",
        "Precision, reach and false flags are measured with intervals, by module and day.",
        "lantern evaluate",
    ),
    Principle(
        "Fairness: bias",
        "Rates of flags, contact and outcomes are compared by group, small numbers suppressed. The "
        "review calendar reminds the lead.",
        "lantern report fairness",
    ),
    Principle(
        "Transparency",
        "A flag is a counted sentence that a colleague and the student can check; no weights are "
        "fitted.",
        "lantern policy statement; the student's page",
    ),
    Principle(
        "Meaningful human review",
        "Lantern decides nothing about a student: it asks colleagues. An email leaves after a "
        "view, with an author and an approver; a welfare concern need not wait for the view, and a "
        "school may switch on one automatic reply to urgent words.",
        "access.md; lantern audit export",
    ),
    Principle(
        "Data minimisation",
        "Sources deliver people, days and kinds of activity; everything else is left out at the "
        "door, and what is not understood is listed rather than kept.",
        "lantern formats; lantern feeds refused",
    ),
    Principle(
        "Security",
        "Files are for their owner alone, words are encrypted, doors have limits, and secrets come "
        "from files or the environment.",
        "lantern doctor",
    ),
    Principle(
        "Individual rights",
        "Access, correction, objection, erasure and complaint each have a way on the student's "
        "page or through the officer, with a date to answer by.",
        "lantern student export; lantern student erase",
    ),
)
