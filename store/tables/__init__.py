"""Every table of the record store. The migrations create exactly this; a test compares them.

People, policies, cases, decisions, the outbox and the audit live here. Activity does not: it is
bulk, and lies in the Parquet lake under internal student numbers (``students.id``).
"""

from __future__ import annotations

from store.tables.arrangements import covers, exemptions, notices, stops
from store.tables.audit import audit, audit_head, seal_checks
from store.tables.base import Instant, metadata
from store.tables.casework import (
    CASE_IS_OPEN,
    alerts,
    asks,
    attempts,
    cases,
    complaints,
    emergencies,
    fitness,
    interventions,
    referrals,
    remarks,
    reveals,
    views,
)
from store.tables.delivery import (
    interactions,
    mailboxes,
    outbox,
    outreach,
    posts,
    replies,
    slots,
    turns,
    wordings,
)
from store.tables.evidence import flags, holds, ingests, quarantine, screenings, waiting
from store.tables.platforms import (
    closed_channels,
    sandbox_messages,
    slack_installations,
    teams_students,
    teams_tenants,
)
from store.tables.protection import (
    direct_cases,
    directs,
    erased_numbers,
    erasures,
    preservations,
    remnants,
)
from store.tables.roster import (
    channels,
    contributing_schools,
    enrolments,
    identities,
    modules,
    policies,
    revisions,
    schools,
    staff,
    staff_roles,
    students,
)
from store.tables.voice import preferences, sayings

__all__ = [
    "CASE_IS_OPEN",
    "Instant",
    "alerts",
    "asks",
    "attempts",
    "audit",
    "audit_head",
    "cases",
    "channels",
    "closed_channels",
    "complaints",
    "contributing_schools",
    "covers",
    "direct_cases",
    "directs",
    "emergencies",
    "enrolments",
    "erased_numbers",
    "erasures",
    "exemptions",
    "fitness",
    "flags",
    "holds",
    "identities",
    "ingests",
    "interactions",
    "interventions",
    "mailboxes",
    "metadata",
    "modules",
    "notices",
    "outbox",
    "outreach",
    "policies",
    "posts",
    "preferences",
    "preservations",
    "quarantine",
    "referrals",
    "remarks",
    "remnants",
    "replies",
    "reveals",
    "revisions",
    "sandbox_messages",
    "sayings",
    "schools",
    "screenings",
    "seal_checks",
    "slack_installations",
    "slots",
    "staff",
    "staff_roles",
    "stops",
    "students",
    "teams_students",
    "teams_tenants",
    "turns",
    "views",
    "waiting",
    "wordings",
]
