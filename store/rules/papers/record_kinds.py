"""Every kind of record that Lantern keeps: what it holds, what for, how long, and who sees it.

The record of processing (UK GDPR, article 30) is written from this list. A test compares it with
the tables, so that a new table cannot be left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from store.rules.access.permissions import Action, may_in_role
from store.rules.model import Role
from store.rules.policies.retention import Retention
from store.rules.text.formatting import counted


class RetentionPeriod(Enum):
    """What ends the time for which a kind of record is kept."""

    ACTIVITY = "activity"
    CASE = "case"
    STUDENT = "student"
    STAFF = "staff"
    DELIVERY = "delivery"
    ALWAYS = "always"

    def words(self, retention: Retention) -> str:
        """Return the period as a school's policy sets it."""
        match self:
            case RetentionPeriod.ACTIVITY:
                return f"{counted(retention.activity_months, 'month')} after the day measured"
            case RetentionPeriod.CASE:
                return (
                    f"{counted(retention.case_years, 'year')} after the case closes, and not "
                    "beyond the student's own period"
                )
            case RetentionPeriod.STUDENT:
                return f"{counted(retention.student_years, 'year')} after the last enrolment ends"
            case RetentionPeriod.STAFF:
                return "As long as cases name the colleague; an account is switched off by roster"
            case RetentionPeriod.DELIVERY:
                return (
                    "With the case or message that is delivered; ids of clicks after 30 days; "
                    "what else names no one stays"
                )
            case RetentionPeriod.ALWAYS:
                return "Not deleted: it names people by internal numbers alone"


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One row of the record of processing.

    ``action`` is the permission that opens it, None where no person opens it; ``tables`` are the
    names of the tables that hold it, and ``elsewhere`` is where it lies outside the database.
    """

    name: str
    holds: str
    purpose: str
    paragraphs: str
    period: RetentionPeriod
    action: Action | None
    tables: tuple[str, ...]
    elsewhere: str = ""
    sooner: tuple[tuple[str, str], ...] = ()
    """Parts that are deleted earlier, each with when."""
    is_sensitive: bool = False
    """Whether its words may speak of health, belief or other special categories (article 9)."""

    @property
    def seen_by(self) -> tuple[Role, ...]:
        """Return the roles that may open it, in their own school."""
        if self.action is None:
            return ()
        return tuple(role for role in Role if may_in_role(role, self.action))


KINDS = (
    RecordKind(
        "Students and their enrolments",
        "Number, name, university and private email address, programme and level, adviser, home "
        "school, modules with their dates, other numbers and usernames of the same person",
        "To know whose engagement is expected where, and to write to the right person",
        "§3, §15, §24",
        RetentionPeriod.STUDENT,
        Action.REVEAL,
        (
            "students",
            "enrolments",
            "student_identifiers",
            "number_questions",
            "contributing_schools",
            "modules",
        ),
    ),
    RecordKind(
        "Engagement activity",
        "Attendance, use of the learning environment, recordings, submissions and, where a school "
        "agrees it, card swipes, by student, source, module and day. No content, titles, marks "
        "or addresses of machines",
        "To notice that a student has stopped engaging",
        "§3, §9, §12",
        RetentionPeriod.ACTIVITY,
        Action.SEE,
        ("ingests", "quarantine"),
        elsewhere="The lake's files, and what was delivered, sealed",
        sooner=(
            ("What was delivered, as it was", "60 days after it arrived"),
            ("Card swipes", "After the days that the school's policy sets"),
        ),
    ),
    RecordKind(
        "Flags",
        "Which markers a student met on which days, with the figures as they were, and days on "
        "which a module's flags were held as a question about the data; until the next screening, "
        "who is worth a look without a flag",
        "To bring students who stopped engaging to a colleague's attention",
        "§3, §5, §21",
        RetentionPeriod.CASE,
        Action.SEE,
        ("flags", "worth_a_look", "holds", "waiting", "screenings"),
    ),
    RecordKind(
        "Cases",
        "Views, notes, replies below a card, meetings, calls, referrals, welfare steps, alerts to "
        "another school, Fitness to Study, complaints, outcome",
        "To discuss before contact, to help, and to show afterwards what was done and why",
        "§11, §13, §15, §16, §24 to §27",
        RetentionPeriod.CASE,
        Action.SEE,
        (
            "cases",
            "views",
            "interventions",
            "referrals",
            "asks",
            "remarks",
            "attempts",
            "emergencies",
            "fitness",
            "alerts",
            "complaints",
        ),
        elsewhere="Cards and the replies below them, in the school's channel",
        is_sensitive=True,
    ),
    RecordKind(
        "Emails and answers",
        "The emails that colleagues approved, with author and approver, their earlier wordings, "
        "and what students answered",
        "To contact the student supportively, in a colleague's name",
        "§7, §13 to §15",
        RetentionPeriod.CASE,
        Action.SEE,
        ("outreach", "wordings", "replies", "automatic_replies"),
        elsewhere="The school's mailbox",
        sooner=(
            ("Drafts in the mailbox that are not to be sent", "As soon as the mailbox allows it"),
        ),
        is_sensitive=True,
    ),
    RecordKind(
        "What students say and ask for",
        "Contact preference, circumstances, corrections and requests for an absence that a "
        "student writes on their page; a document until the request is decided",
        "To be open with the student, and to hear them",
        "§5, §23",
        RetentionPeriod.STUDENT,
        Action.SEE,
        ("sayings", "preferences", "absence_requests"),
        sooner=(("Documents for an absence", "Once the request is decided"),),
        is_sensitive=True,
    ),
    RecordKind(
        "Exemptions and deaths",
        "From when to when a student is not screened or less is expected, who granted it, and a "
        "reported death; no diagnosis",
        "To leave a student in peace where contact would do harm",
        "§6, §24",
        RetentionPeriod.STUDENT,
        Action.SEE,
        ("exemptions", "deaths", "adjustments"),
        is_sensitive=True,
    ),
    RecordKind(
        "Students' sign-in",
        "The account that signed in as a student, and open sessions as digests",
        "To show a student their own data and no one else's",
        "§23, §28",
        RetentionPeriod.STUDENT,
        None,
        ("student_accounts", "sign_ins", "student_sessions", "teams_students"),
    ),
    RecordKind(
        "Groups for fairness",
        "Protected characteristics that the university supplied, sealed; no flag can read them",
        "To see whether the school treats groups of students alike, in figures of ten or more",
        "§17, §18",
        RetentionPeriod.STUDENT,
        None,
        ("student_groups", "group_objections", "fairness_figures"),
        is_sensitive=True,
    ),
    RecordKind(
        "Colleagues",
        "Name, email address, roles, training, cover, chat account, account in the directory, and "
        "private messages that Lantern sent them; members of groups of the directory, sealed",
        "To let the right people act, and to name the person behind each action",
        "§7, §19, §26",
        RetentionPeriod.STAFF,
        Action.SEE,
        (
            "staff",
            "staff_roles",
            "identities",
            "directory_looks",
            "directory_people",
            "directory_places",
            "covers",
            "notices",
            "directs",
            "direct_cases",
            "stops",
        ),
    ),
    RecordKind(
        "Who saw and who did",
        "Every decision, refusal, opening of a name or export, by internal numbers, in a chain "
        "that shows a change",
        "To answer for what was done with a student's data",
        "§17, §28",
        RetentionPeriod.ALWAYS,
        Action.ACCESS_LOG,
        ("audit", "audit_head", "reveals", "exports"),
        elsewhere="The audit's anchor, as counts and hashes",
    ),
    RecordKind(
        "Requests and complaints about data",
        "Requests for a copy and complaints about data protection with their legal days, the "
        "questions to the student and answers, emails about them; words that colleagues marked as "
        "likely to do serious harm, and what the officer decided",
        "To answer within the legal time, and to show it",
        "§23, §27, §28",
        RetentionPeriod.STUDENT,
        Action.DATA_REQUESTS,
        ("data_requests", "data_questions", "data_letters", "harm_marks"),
        elsewhere="The school's mailbox",
        is_sensitive=True,
    ),
    RecordKind(
        "Data protection",
        "Erasures and what is left of them, holds, approved periods; erased students as digests",
        "To carry out rights and periods, and to show it",
        "§28",
        RetentionPeriod.ALWAYS,
        Action.PRESERVE,
        (
            "student_keys",
            "preservations",
            "retention_approvals",
            "erasures",
            "remnants",
            "erased_numbers",
        ),
    ),
    RecordKind(
        "Schools and policies",
        "Schools, channels, policies with how students were told, reviews. No students",
        "To act by what the school has agreed",
        "§4, §21, §22",
        RetentionPeriod.ALWAYS,
        Action.INFORM,
        (
            *("schools", "channels", "closed_channels", "policies", "publications"),
            *("policy_reviews", "weekly_standings"),
        ),
    ),
    RecordKind(
        "Delivery",
        "What has to be posted or sent, where it stands, and what failed; installations, sealed. "
        "Students by internal numbers",
        "To deliver each message once",
        "§3",
        RetentionPeriod.DELIVERY,
        None,
        (
            "outbox",
            "posts",
            "pictures",
            "thread_lines",
            "line_posts",
            "mailboxes",
            "turns",
            "begun",
            "slots",
            "troubles",
            "interactions",
            "sandbox_messages",
            "slack_installations",
            "teams_tenants",
            "revisions",
            "seal_checks",
        ),
    ),
)
"""In the order in which a reader meets them."""
