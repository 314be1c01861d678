"""``lantern doctor`` without a platform: every check, in one line each, with what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from integrations.bootstrap import Services, build
from integrations.error_summary import GOES_THROUGH
from integrations.fault_sentences import sentence
from integrations.settings import WrongSetting, load_settings
from store.rules.errors import AuditDamaged
from worker.doctor import checks, data, machine, outside
from worker.doctor.audit import check_audit
from worker.doctor.directory import check_directory
from worker.doctor.findings import CheckResult
from worker.doctor.polls import check_polls
from worker.setup.next_step import next_step

CHECKS: tuple[tuple[str, Callable[[Services], Iterator[CheckResult]]], ...] = (
    ("keys", machine.check_keys),
    ("access", machine.check_access),
    ("database", machine.check_database),
    ("redis", machine.check_redis),
    ("traces", machine.check_traces),
    ("disk", machine.check_disk),
    ("clock", machine.check_clock),
    ("lake", data.check_lake),
    ("feeds", data.check_feeds),
    ("polls", check_polls),
    ("policies", data.check_policies_in_force),
    ("retention", data.check_retention),
    ("students' keys", data.check_student_keys),
    ("roster", data.check_roster),
    ("directory", check_directory),
    ("leads", data.check_engagement_leads),
    ("data requests", data.check_data_requests),
    ("platforms", outside.check_platforms),
    ("sign-in", outside.try_credentials),
    ("students' sign-in", outside.check_student_sign_in),
    ("mail", outside.check_mail),
    ("processes", outside.check_processes),
    ("outbox", outside.check_outbox),
    ("audit", check_audit),
    ("backup", outside.check_backup),
    ("public address", outside.open_public_address),
    ("students", checks.explain_silent_students),
    ("policies", checks.check_policies),
    ("troubles", checks.list_troubles),
)
"""Each part of Lantern and its check."""


def examine_everything() -> Iterator[CheckResult]:
    """Run every check, the settings first. A check that cannot be run is reported as a finding."""
    try:
        settings = load_settings()
        services = build(settings, looks=True)
    except WrongSetting as error:
        yield CheckResult(False, str(error), "settings")
        return
    except AuditDamaged as damaged:
        yield CheckResult(False, damaged.sentence, "audit")
        return
    try:
        yield CheckResult(
            True, f"they are consistent; the files are in {settings.home}", "settings"
        )
        for about, check in CHECKS:
            yield from _tried(services, about, check)
        if step := next_step(services):
            yield CheckResult(None, step, "next")
    finally:
        services.close()


def _tried(
    services: Services, about: str, check: Callable[[Services], Iterator[CheckResult]]
) -> Iterator[CheckResult]:
    try:
        for found in check(services):
            yield CheckResult(found.is_fine, found.sentence, found.about or about)
    except GOES_THROUGH:
        raise
    except Exception as error:  # noqa: BLE001 -- said here; the other checks continue
        yield CheckResult(False, sentence(error), about)
