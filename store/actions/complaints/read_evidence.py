"""Read a complaint's frozen evidence, without what this reader may not see."""

from __future__ import annotations

import json

import sqlalchemy as sa

from store.actions.authority import authorise_evidence_on
from store.actions.complaints.freeze_case import canonical_json
from store.actions.disclose import disclose
from store.actions.request import record_refusal
from store.db.repository import actor as actor_of
from store.db.repository import case as case_by_id
from store.db.student_keys import open_words
from store.db.unit_of_work import Store
from store.encryption import SealBroken
from store.rules.access.confidentiality import may_read
from store.rules.access.disclosures import Implied, Shows
from store.rules.cases.case import Actor
from store.rules.cases.frozen_evidence import FrozenEvidence, evidence_fingerprint
from store.rules.errors import NotAllowed, NotPossibleNow
from store.tables import complaints

WITHHELD = "(saved, but not shown here: only its chosen readers may open it)"
"""Shown in place of a confidential note's words."""


def export_evidence(store: Store, actor_id: int, case_id: int) -> FrozenEvidence:
    """Return the newest complaint's evidence for the lead or data protection officer; audited.

    Raises ``NotPossibleNow`` where no complaint is recorded.
    """
    try:
        with store.unit_of_work() as work:
            case = case_by_id(work.connection, case_id)
            actor = actor_of(work.connection, actor_id)
            authorise_evidence_on(work.connection, actor, case)
            row = work.connection.execute(
                sa.select(complaints)
                .where(complaints.c.case_id == case_id)
                .order_by(complaints.c.id.desc())
                .limit(1)
            ).one_or_none()
            if row is None:
                raise NotPossibleNow(
                    f"No complaint about {case.reference} is recorded, so there is no "
                    "evidence for one."
                )
            whole = _opened(work.connection, row.evidence)
            is_intact = evidence_fingerprint(whole) == row.evidence_hash
            text, withheld = _as_read_by(actor, case.school, whole) if is_intact else (whole, 0)
            disclose(
                work,
                actor.id,
                f"case:{case_id}",
                # Its letters greet the student by name, and say where they were sent.
                (
                    *(Shows.IDENTITY, Shows.ADDRESS, Shows.LETTER),
                    *(Shows.NOTES, Shows.ANSWERS, Shows.EVIDENCE),
                ),
                Implied.COMPLAINT,
                action="export-evidence",
                complaint=row.id,
                sha256=row.evidence_hash,
                withheld=withheld,
            )
            return FrozenEvidence(
                case=case_id,
                reference=case.reference,
                complaint=row.id,
                school=case.school,
                at=row.at,
                text=text,
                sha256=row.evidence_hash,
                is_intact=is_intact,
                withheld=withheld,
            )
    except NotAllowed:
        record_refusal(store, actor_id, "export-evidence", f"case:{case_id}")
        raise


def _opened(connection: sa.Connection, sealed: str) -> str:
    """Decrypt the text; '' where its fingerprint does not match, so that it is not trusted."""
    try:
        return open_words(connection, sealed)
    except SealBroken:
        return ""


def _as_read_by(reader: Actor, school: int, text: str) -> tuple[str, int]:
    """Remove the words that this reader may not see, and count the notes they are from."""
    found = json.loads(text)
    hidden = [
        note
        for note in found["interventions"]
        if not may_read(reader, school, note["author_id"], note["readable_by"])
    ]
    for note in hidden:
        note["note"] = WITHHELD
    return (canonical_json(found), len(hidden)) if hidden else (text, 0)
