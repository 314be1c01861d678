"""The check after a bad day, from the fakes' and the campus' own records and plain SQL."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from integrations.mail.eml import KEY_HEADER
from store.db.database import Database
from store.db.student_keys import open_all
from store.db.unit_of_work import Store
from store.rules.model import AnswerKind
from tests.chaos.bad_services import PRIVATE, BadSlack
from tests.chaos.campus import Campus, channel_of, mailbox_of
from tests.chaos.misfortunes import OF_CHANNEL, OF_MAILBOX, OF_WORKSPACE, Kind, Spell
from tests.chaos.students import Students
from tests.fakes.graph.mailboxes import DRAFTS

FELT = dt.timedelta(minutes=30)
"""A shorter wait ends by itself before people would be told."""
_TELLS = {
    **dict.fromkeys((*OF_CHANNEL, *OF_WORKSPACE), ("channel", "watch")),
    **dict.fromkeys((*OF_MAILBOX, Kind.SECRET), ("mailbox", "sending")),
    Kind.NETWORK: ("channel", "watch", "mailbox", "sending"),
    Kind.DISK: ("sending",),
}
"""The troubles that people are told of while a spell lasts."""

Rows = list[dict[str, Any]]


@dataclass
class Reckoning:
    """The results. Each list names what is wrong, and must be empty."""

    answers: int = 0
    emails: int = 0
    cards: int = 0
    returned: int = 0
    """Approved emails that were not sent and whose people were told the reason."""
    told: int = 0
    """How often a colleague was told that work waits for a repair."""
    wrong: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    seconds: float = 0
    worked: float = 0
    """Seconds of this process's processor time; the machine may have other work."""

    @property
    def is_right(self) -> bool:
        """Whether all checks passed."""
        return not self.wrong and not self.unexplained

    def reads_log(self, log: str) -> None:
        """Find personal data and tracebacks in the log."""
        for what in sorted(set(PRIVATE.findall(log)))[:3]:
            self.wrong.append(f"in the log: {what}")
        if "Traceback" in log:
            self.wrong.append("a traceback in the log")

    def line(self) -> str:
        """Return one line for a terminal."""
        faults = sum(self.happened.values())
        state = "right" if self.is_right else "WRONG"
        return (
            f"{self.cards} cards, {self.emails} emails ({self.returned} returned), "
            f"{self.answers} answers, {self.told} told, {faults} faults of "
            f"{len(self.happened)} kinds, {self.seconds:.0f} s "
            f"({self.worked:.0f} of work): {state}"
        )


def is_quiet(database: Database) -> bool:
    """Return whether no work is left."""
    waits = _rows(database, "SELECT id FROM outbox WHERE state IN ('due', 'sending') LIMIT 1")
    return not waits and not _rows(database, "SELECT id FROM troubles LIMIT 1")


def is_explained(database: Database, spell: Spell) -> bool:
    """Return whether a colleague was told of what a long spell held up, and of its current cause
    unless that is new."""
    kinds = _TELLS.get(spell.kind)
    if kinds is None or spell.was_felt_for < FELT:
        return True
    school = "AND s.code = :code" if spell.school else ""
    since = spell.since - dt.timedelta(hours=1)  # the clock may have been put back
    given = {"code": spell.school} if spell.school else {}
    named = ", ".join(f"'{kind}'" for kind in kinds)
    known = _rows(
        database,
        f"SELECT t.reason, t.told_of, t.reason_since FROM troubles t "
        f"JOIN schools s ON s.id = t.school_id "
        f"WHERE t.told_at IS NOT NULL AND t.kind IN ({named}) {school}",
        **given,
    )
    lately = spell.refused[-1] - FELT
    is_known = any(
        each["told_of"] == each["reason"] or _instant(each["reason_since"]) > lately
        for each in known
    )
    told = _rows(
        database,
        f"SELECT n.id, n.at FROM notices n JOIN schools s ON s.id = n.school_id "
        f"WHERE n.kind = 'trouble' {school} ORDER BY n.id DESC LIMIT 1",
        **given,
    )
    return is_known or any(_instant(each["at"]) >= since for each in told)


def reckon(store: Store, students: Students, slack: BadSlack) -> Reckoning:
    """Make the check."""
    found, database = Reckoning(), store.database
    found.told = len(_rows(database, "SELECT id FROM notices WHERE kind = 'trouble'"))
    found.answers = len(students.said)
    left = list(_left(students))
    times = Counter(each.key for each in left)
    found.emails = len(times)
    found.wrong += _waiting(database)
    found.wrong += _answers(store, students)
    found.wrong += _as_approved(left, students.campus)
    found.wrong += _as_recorded(found, database, times, students.campus)
    found.wrong += _drafts(students)
    found.wrong += _cards(found, database, slack)
    found.wrong += _notices(database, slack)
    return found


def _waiting(database: Database) -> Iterator[str]:
    for each in _rows(database, "SELECT * FROM outbox WHERE state IN ('due', 'sending')"):
        yield f"still waits: {each['idem_key']} ({each['trouble']})"
    for each in _rows(database, "SELECT * FROM troubles"):
        yield f"still in trouble: {each['kind']} {each['key']}: {each['reason']}"


def _answers(store: Store, students: Students) -> Iterator[str]:
    """Check that each answer is recorded once, for the student who wrote it."""
    rows = _rows(
        store.database,
        "SELECT r.body, r.kind, r.outreach_id, st.number FROM replies r "
        "JOIN cases c ON c.id = r.case_id JOIN students st ON st.id = c.student_id",
    )
    kept: dict[str, Rows] = {}
    with store.database.read() as connection:
        opened = open_all(connection, [row["body"] for row in rows])
    for row, text in zip(rows, opened, strict=True):
        for words in re.findall(r"Words[a-z]+\d+", text):
            kept.setdefault(words, []).append(row)
    for said in students.said:
        here, student = kept.get(said.words, []), students.campus.approved[said.key].student
        if said.kind is not AnswerKind.ANSWER:
            continue
        if len(here) != 1:
            yield f"answer {'lost' if not here else 'doubled'}: {said.words} to {said.key}"
        elif here[0]["number"] != student.number:
            yield f"answer with another student: {said.words}"
        elif here[0]["kind"] != "answer":
            yield f"answer taken for {here[0]['kind']}: {said.words}"
    if len(rows) != len(students.said):
        yield f"{len(rows)} records of {len(students.said)} answers"


@dataclass(frozen=True, slots=True)
class _Left:
    """An email as the student received it."""

    key: str
    mailbox: str
    to: list[str]
    subject: str
    content: str


def _left(students: Students) -> Iterator[_Left]:
    for each in students.graph.boxes.left:
        yield _Left(each.key, each.mailbox, each.recipients, each.subject, each.content)
    for file, mail in students.files.items():
        box, text = file.parent.parent.name, str(mail.get_body(("plain",)))
        yield _Left(str(mail[KEY_HEADER]), box, [str(mail["To"])], str(mail["Subject"]), text)


def _as_approved(left: list[_Left], campus: Campus) -> Iterator[str]:
    """Check that each email was sent once, to its own student, and names no other student."""
    for key, number in Counter(each.key for each in left).items():
        if number > 1:
            yield f"email doubled: {key}"
    for each in left:
        mail = campus.approved.get(each.key)
        if mail is None:
            yield f"email that no one approved: {each.key}"
            continue
        wanted = (mailbox_of(mail.school), [mail.student.address], mail.subject)
        if (each.mailbox, each.to, each.subject) != wanted:
            yield f"email to another person, or with another subject: {each.key}"
        named = {name.casefold() for name in PRIVATE.findall(each.content)}
        if named - {mail.student.given.casefold()}:
            yield f"email with another student's name: {each.key}"


def _as_recorded(
    found: Reckoning, database: Database, times: Counter[str], campus: Campus
) -> Iterator[str]:
    """Check that each approved email was sent and recorded, or people were told the reason."""
    rows = _rows(
        database,
        "SELECT o.idem_key, o.state, o.outreach_id, m.approver_id, m.not_sent FROM outbox o "
        "JOIN outreach m ON m.id = o.outreach_id WHERE o.kind = 'mail'",
    )
    states = {row["idem_key"]: row for row in rows}
    told = {
        (row["about"], row["staff_id"])
        for row in _rows(database, "SELECT about, staff_id FROM notices WHERE kind = 'not-sent'")
    }
    for key in campus.approved:
        row = states[key]
        if row["state"] == "sent":
            if not times[key]:
                yield f"email lost: {key}"
            continue
        found.returned += 1
        if times[key]:
            yield f"email left, and recorded as {row['state']}: {key}"
        elif (row["outreach_id"], row["approver_id"]) not in told or not row["not_sent"]:
            yield f"email {row['state']}, and the approver was not told why: {key}"


def _drafts(students: Students) -> Iterator[str]:
    """Check that no draft with a student's links is in a mailbox."""
    for message in students.graph.boxes.messages.values():
        if message.folder == DRAFTS and message.settles_at is None:
            yield f"draft left: {message.id} of {message.mailbox}"
    for file in students.home.glob("mail/*/drafts/*"):
        yield f"draft left: {file.name}"


def _cards(found: Reckoning, database: Database, slack: BadSlack) -> Iterator[str]:
    """Check that each case has one card, in its school's channel, which names it."""
    stand: dict[str, list[tuple[str, str]]] = {}
    for message in slack.messages:
        if message.thread is None and "metadata" in message.body:
            stand.setdefault(_mark(message.body), []).append(
                (message.channel, json.dumps(message.body["blocks"], ensure_ascii=False))
            )
    rows = _rows(
        database,
        "SELECT c.id, c.reference, c.status, s.code, ch.id AS channel FROM cases c "
        "JOIN schools s ON s.id = c.school_id JOIN channels ch ON ch.school_id = s.id",
    )
    found.cards = len(rows)
    for row in rows:
        key = hashlib.sha256(f"case:{row['id']}@{row['channel']}".encode()).hexdigest()[:32]
        here = stand.get(key, [])
        if len(here) != 1:
            yield f"card {'missing' if not here else 'doubled'}: {row['reference']}"
        elif here[0][0] != channel_of(row["code"]) or row["reference"] not in here[0][1]:
            yield f"card in another channel, or of another case: {row['reference']}"


def _notices(database: Database, slack: BadSlack) -> Iterator[str]:
    """Check that each private message recorded as sent was sent once."""
    marks = Counter(
        _mark(message.body)
        for message in slack.messages
        if message.channel.startswith("D") and "metadata" in message.body
    )
    for row in _rows(
        database, "SELECT notice_id, state FROM outbox WHERE kind = 'notice' AND state = 'sent'"
    ):
        key = hashlib.sha256(f"notice:{row['notice_id']}".encode()).hexdigest()[:32]
        if marks[key] != 1:
            yield f"private message said {marks[key]} times: notice {row['notice_id']}"


def _mark(body: dict[str, Any]) -> str:
    return str(body["metadata"]["event_payload"]["key"])


def _rows(database: Database, query: str, **given: object) -> Rows:
    with database.read() as connection:
        return [dict(row) for row in connection.execute(sa.text(query), given).mappings()]


def _instant(value: object) -> dt.datetime:
    """Return an instant from PostgreSQL's own type or SQLite's text."""
    found = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
