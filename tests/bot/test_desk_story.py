"""Every documented command in one week's story: it works, and refuses in a sentence."""

from __future__ import annotations

from pathlib import Path

from bot.cards.kit.model import Card, Dialog
from bot.interaction import Reply
from tests.bot.test_desk_help import PROMISED
from tests.people import LANGUAGES, finding, policy_document
from tests.worker.office import office_in, words

SERVICES = """
[[services]]
key = "advice"
name = "Student advice"
helps_with = "money and housing"
contact = "advice@example.ac.uk"
"""

# Who types what, and what the answer contains. For each command first the lines that work, in the
# order of the story, then those that are refused.
STORY = (
    ("alice", "today", "LANG-1"),
    ("alice", "queue", "No students are waiting"),
    ("sana", "mine", "Open LANG-1"),
    ("alice", "cases", "LANG-1"),
    ("alice", "show LANG-1", "No activity since"),
    ("alice", "find 1001", "Dana Dvorak, 1001"),
    ("alice", "take LANG-1", "LANG-1 is assigned to you"),
    ("alice", "assign LANG-1 sana", "LANG-1 is now assigned to Sana Support"),
    ("bob", "view LANG-1 contact-now she told me so", "Read why the case is open"),
    ("bob", "view LANG-1 contact-now she told me so", "has your view: contact now"),
    ("alice", "ask LANG-1 lena anything to add?", "asked them privately"),
    ("alice", "log LANG-1 call nobody picked up", "has a new log entry: call"),
    ("bob", "note LANG-1 met in the corridor", "the note is saved"),
    ("sana", "draft LANG-1", "How are things going"),
    ("alice", "reject LANG-1 a little shorter please", "has been returned to its author"),
    ("alice", "approve LANG-1", "Approve and send"),
    ("sana", "snooze LANG-1 friday", "snoozed until Friday 24 October"),
    ("alice", "pause LANG-2 in 2 weeks waiting for a note", "is paused until Wednesday 5 November"),
    ("alice", "resume LANG-2", "has resumed"),
    ("alice", "exempt LANG-2 placement in 2 weeks one term abroad", "exempt until Wednesday"),
    ("alice", "refer LANG-2 advice yes", "Student advice"),
    ("bob", "ladder LANG-1", "contact steps are on hold"),
    ("lena", "fitness LANG-1", "not recommended now"),
    ("bob", "alert-home MATH-1 she misses my seminar", "is alerted"),
    ("charlie", "acknowledge MATH-1", "MATH-1 is acknowledged"),
    ("bob", "complaint LANG-2 nobody the email came twice", "is recorded"),
    ("alice", "cover sana friday", "Sana Support covers for Alice Adviser"),
    ("alice", "close LANG-1 meeting-held", "LANG-1 is closed"),
    ("alice", "reopen LANG-1", "LANG-1 is open again"),
    ("alice", "digest", "Good morning"),
    ("alice", "feeds", "moodle: unknown"),
    ("alice", "policy", "Engagement policy of School of Languages"),
    ("lena", "simulate", "Test it"),
    ("alice", "statement", "What students read"),
    ("lena", "report", "School of Languages since"),
    ("alice", "me", "Alice Adviser"),
    ("alice", "help take", "/lantern take LANG-12"),
)
REFUSED = (
    ("zed", "today", "does not know you yet"),
    ("zed", "queue", "does not know you yet"),
    ("zed", "mine", "does not know you yet"),
    ("charlie", "show LANG-1", "belongs to another school"),
    ("bob", "find Dana", "Only colleagues who look after cases"),
    ("bob", "take LANG-1", "you need to be"),
    ("alice", "assign LANG-1 bob", "Name one of these"),
    ("bob", "view LANG-1 wait no", "your reason in a few words"),
    ("alice", "ask LANG-1 charlie", "Name one of these"),
    ("alice", "log LANG-1 dance with her", "Choose one of these: meeting"),
    ("charlie", "note LANG-1 all is well", "belongs to another school"),
    ("bob", "draft LANG-1", "you need to be"),
    ("alice", "approve LANG-1", "no email waiting for approval"),
    ("alice", "reject LANG-1 a little shorter please", "no draft that could be sent back"),
    ("alice", "snooze LANG-1 someday", "Give a day"),
    ("alice", "pause LANG-1 friday ill", "your reason in a few words"),
    ("alice", "resume LANG-1", "there is nothing to resume"),
    ("alice", "exempt LANG-1 holiday friday on a beach", "Choose one of these: approved"),
    ("alice", "refer LANG-1 moon yes", "Choose one of these services"),
    ("charlie", "ladder LANG-1", "belongs to another school"),
    ("alice", "fitness LANG-1", "you need to be an engagement lead"),
    ("alice", "alert-home LANG-1 she misses my seminar", "do not need to alert it"),
    ("charlie", "acknowledge MATH-1", "There is nothing to acknowledge on MATH-1"),
    ("alice", "complaint LANG-2 resolve we met and talked", "you need to be an engagement lead"),
    ("bob", "cover alice friday", "arrange cover"),
    ("alice", "close LANG-1 happily", "Choose one of these: meeting-held"),
    ("alice", "reopen LANG-1", "is open already"),
    ("alice", "digest sideways", "digest mine or digest week"),
    ("zed", "feeds", "does not know you yet"),
    ("zed", "policy", "does not know you yet"),
    ("alice", "simulate", "Only a school's engagement lead"),
    ("zed", "statement", "does not know you yet"),
    ("alice", "report", "Only the engagement lead of your school"),
    ("zed", "me", "does not know you yet"),
    ("zed", "cases", "does not know you yet"),
    ("alice", "help tkae", "Did you mean “take”"),
)


def told(reply: Reply) -> str:
    shown: Card | Dialog | None = reply.card or reply.dialog
    return words(shown)


def test_every_promised_command_does_what_it_says_and_refuses_in_a_sentence(
    tmp_path: Path,
) -> None:
    with office_in(tmp_path) as office:
        world = office.world
        world.publish(policy_document(LANGUAGES) + SERVICES)
        world.screen(*(finding(world.student(name)) for name in ("dana", "eli")))
        world.screen(finding(world.student("mira")), school="MATH")

        for name, line, answer in STORY:
            said = told(office.types(name, line))
            assert answer in said, (line, said)
            if line == "draft LANG-1":
                form = office.types(name, line).dialog
                assert form
                kept = {each.name: getattr(each, "value", "") for each in form.fields()}
                assert office.submits(name, form, **kept) == Reply()
        before = {row["id"]: world.case(row["id"]) for row in world.dump()["cases"]}
        for name, line, answer in REFUSED:
            said = told(office.types(name, line))
            assert answer in said, (line, said)
            assert "Dvorak" not in said, line
        assert {case: world.case(case) for case in before} == before

    for lines in (STORY, REFUSED):
        assert {line.split()[0] for _, line, _ in lines} == set(PROMISED)
