"""Put rows of the audit into words for the page that shows them.

The audit stores short codes, which never change; here they become phrases in the past tense.
"""

from __future__ import annotations

from collections.abc import Mapping

DID: Mapping[str, str] = {
    # On a case.
    "open": "opened the case",
    "see": "looked at",
    "history": "read the history of",
    "reveal": "saw details of",
    "find": "looked for a student in",
    "take": "took",
    "assign": "assigned",
    "ask": "asked a colleague about",
    "view": "added a view on",
    "remark": "wrote in the thread of",
    "log": "logged a contact on",
    "attempt": "logged an attempt on",
    "note": "added a note to",
    "draft": "drafted an email for",
    "draft-again": "asked for a new draft for",
    "prepare-draft": "prepared an email for",
    "open-draft": "read the draft of",
    "cancel-draft": "withdrew the draft of",
    "reject": "returned the draft of",
    "returned": "returned an outdated draft of",
    "approve": "approved the email of",
    "sent": "sent the email of",
    "not-sent": "did not send the email of",
    "sending-unknown": "could not find out whether it sent the email of",
    "found-sent": "found, after a restore, the sent email of",
    "bounced": "could not deliver the email of",
    "answered": "answered on",
    "automatic-reply": "sent an automatic reply on",
    "doubtful-reply": "sent a reply that a colleague checks, on",
    "decide-doubtful": "decided on a doubtful reply of",
    "read-doubtful": "read a doubtful reply of",
    "automatic-reply-sent": "sent an automatic reply to an answer on",
    "automatic-reply-not-sent": "sent no automatic reply to an answer on",
    "ask-to-read": "asked colleagues to read at once",
    "ask-more-to-read": "asked more colleagues to read at once",
    "read-saying": "read what the student said on",
    "answer-saying": "answered the student on",
    "read-absence": "read a request to be absent on",
    "open-document": "opened the document of a request to be absent on",
    "decide-absence": "decided on a request to be absent on",
    "withdraw-absence": "took back a request to be absent on",
    "pause": "paused",
    "snooze": "snoozed",
    "resume": "resumed",
    "woken": "ended the due pause of",
    "exempt": "exempted the student of",
    "adjust": "adjusted what is expected of the student of",
    "end-exemption": "ended the exemption of",
    "refer": "referred",
    "fitness-look": "looked at Fitness to Study for",
    "fitness": "decided on Fitness to Study for",
    "ladder": "looked at the contact steps of",
    "traces": "looked at digital traces of",
    "welfare": "used the welfare route for",
    "review": "reviewed the welfare route of",
    "alert-home": "alerted the home school about",
    "acknowledge": "acknowledged",
    "hand-over": "handed over",
    "complaint": "recorded a complaint on",
    "resolve-complaint": "resolved the complaint on",
    "read-complaint": "read the complaint about",
    "export-evidence": "exported the evidence of",
    "close": "closed",
    "reopen": "reopened",
    "merge": "merged",
    "report-death": "reported a death on",
    "confirm-death": "confirmed a death on",
    "take-back-death": "undid the report of a death on",
    # On a student.
    "clear-flags": "cleared the flags of",
    "renumber-student": "changed the student number of",
    "my-data": "looked at their own page",
    "chat": "wrote to Lantern",
    "sign-in": "signed in as",
    "sign-in-refused": "was refused a sign-in as",
    "sign-out": "signed out as",
    "own-page": "looked at everything kept about",
    "link-opened": "opened a link",
    "link-wrong-number": "typed a wrong student number on the page of",
    "link-number-refused": "typed too many wrong student numbers on the page of",
    "erase": "began to erase",
    "erased": "erased",
    "preview-erasure": "previewed the erasure of",
    "export-student": "exported the data held on",
    "ask-copy": "asked for a copy of the data held on",
    "ask-data-complaint": "complained about the data held on",
    "record-data-request": "recorded a request about the data of",
    "ask-about-data-request": "asked a question about a request of",
    "reply-about-data-request": "answered a question about a request of",
    "extend-data-request": "extended the time for a request of",
    "acknowledge-data-complaint": "acknowledged a complaint about data of",
    "answer-data-request": "answered a request about the data of",
    "give-copy": "gave a copy of their data to",
    "told-of-data-request": "sent an email about a request of",
    "not-told-of-data-request": "sent no email about a request of",
    "mark-harm": "marked words that may do serious harm, about",
    "decide-harm": "decided on words that may do serious harm, about",
    "access-log": "saw who looked at",
    "preserve": "placed a hold on the data of",
    "end-preservation": "ended the hold on the data of",
    "forget-account": "forgot the account for signing in of",
    "object-to-groups": "recorded an objection to the use of groups of",
    "end-objection": "ended the objection to the use of groups of",
    # On a school.
    "fairness": "compared groups of students in",
    "publish-fairness": "made a fairness report of",
    "exempt-group": "exempted a group in",
    "end-exempt-group": "ended an exemption of a group in",
    "hold": "held flags in",
    "decide-hold": "decided on held flags in",
    "screened": "screened",
    "cover": "arranged cover in",
    "end-cover": "ended cover in",
    "train": "recorded training of",
    "policy-review": "recorded a review of the policy of",
    "publish-policy": "published a policy of",
    "record-publication": "recorded where students can read the policy of",
    "approve-retention": "approved how long data is kept in",
    "retention": "deleted what was past its time in",
    "preview-letter": "previewed a letter of",
    "export-cases": "exported a list of",
    "digest": "chose whether to get the digest of",
    "stop-mail": "stopped all emails from",
    "start-mail": "restarted emails from",
    # On the installation.
    "add-channel": "added a channel",
    "close-channel": "closed a channel",
    "move-channel": "followed a channel to its new id",
    "replace-channel": "put another channel in place of one",
    "reopen-channel": "reopened a channel",
    "install": "installed Lantern in",
    "uninstall": "removed Lantern from",
    "enrol": "linked an account of",
    "bind-account": "linked an account of",
    "load-roster": "loaded the roster of",
    "confirm-directory": "confirmed the directory's change of",
    "match-account": "matched the directory's account of",
    "switch-off": "took all access from",
    "switch-on": "gave access back to",
    "forget-directory": "stopped following the directory beside",
    "ingest": "loaded activity of",
    "load-groups": "loaded groups of students from",
    "make-backup": "made a backup",
    "make-key-backup": "made a backup of the keys",
    "restore-backup": "restored a backup",
    "begin-student-keys": "began to seal words with students' own keys",
    "seal-words": "sealed stored words with students' own keys",
    "renew-student-keys": "gave every student a new key",
    "rotate-encryption-key": "sealed all keys with the newest ENCRYPTION_KEY",
    "begin-anchors": "began to anchor the audit in a new file",
    "refused": "was refused",
}

HIDDEN = frozenset({"sha256", "signature", "again", "policy", "erasure"})
"""Details that mean nothing to a reader: digests, and ids of the database."""


def did(action: str) -> str:
    """Return an action in words, to precede its subject; an unknown code as it is."""
    if action.startswith("said-"):
        return "told Lantern something on"
    return DID.get(action, action.replace("-", " "))


def detail(name: str, value: str | float | None) -> str:
    """Format one detail of a row, such as ``opinion: contact now``; '' for a hidden one."""
    if value is None or name in HIDDEN:
        return ""
    if isinstance(value, bool):
        said = "yes" if value else "no"
    else:
        said = str(value)
        # The value is a code or a date: only a code's hyphens become spaces.
        said = said if any(letter.isdigit() for letter in said) else said.replace("-", " ")
    return f"{name.replace('_', ' ')}: {said}"
