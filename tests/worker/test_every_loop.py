"""Each loop over external things is tested: the first item fails, the others are processed.

``test_each_by_itself`` tests the kinds of trouble. This module lists every function of the code
that processes items one by one, so that a new one must be added, and tests the loops of the lake.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from bot.posting import channel_privacy
from store.actions.schools.close_channel import close_channel
from store.delivery import closed_channels
from store.queries.schools.troubles import Noted, troubles_now
from store.rules.errors import CaseworkError
from tests.worker import loops
from tests.worker.fault import Fault
from tests.worker.office import Office
from worker.doctor import whole
from worker.doctor.findings import CheckResult
from worker.jobs import sweep
from worker.jobs.schools import reading

ROOT = Path(__file__).parents[2]
ONE_BY_ONE = {"one_by_one", "each_case", "each_school", "each_step", "do_all"}
BY_KIND: tuple[()] = ()


WALKED: dict[str, tuple[Callable[[Office, Fault], loops.Scenario], ...]] = {
    "bot.posting.channel_privacy:changed": (loops.channels_that_changed,),
    "bot.posting.channel_privacy:check_all": (loops.channels_of_a_changed_account,),
    "integrations.activity.lake:remove_student": (loops.an_erased_student,),
    "integrations.feeds.ledger.privacy:forget_student": (loops.an_erased_student,),
    "integrations.feeds.ledger.privacy:_forget_in": (loops.an_erased_student,),
    "integrations.feeds.ledger.privacy:forget_rows": (loops.kept_rows_past_their_time,),
    "worker.jobs:_screen": (loops.steps_of_the_night,),
    "worker.jobs:_prepare": (loops.outdated_drafts,),
    "worker.jobs.cases.fitness_to_study:surface_fitness": (loops.fitness,),
    "worker.jobs.cases.fitness_to_study:tell_of_activity": (loops.seen_after_fitness,),
    "worker.jobs.flags:screen": (loops.schools_screened,),
    "worker.jobs.flags:_resume_due": (loops.pauses,),
    "worker.jobs.outreach.drafts_left:erase_left": BY_KIND,
    "worker.jobs.outreach.receive_replies:collect_replies": BY_KIND,
    "worker.jobs.outreach.receive_replies:_read": BY_KIND,
    "worker.jobs.privacy:_lake": (loops.an_erased_student,),
    "worker.jobs.retention:delete_overdue": (loops.schools_with_a_schedule,),
    "worker.jobs.retention:_each": (loops.overdue_students,),
    "worker.jobs.retention:_delete_activity": (loops.old_activity,),
    "worker.jobs.schools.ingest:ingest_new_files": BY_KIND,
    "worker.jobs.schools.ingest:forget_swipes": (loops.old_swipes,),
    "worker.jobs.schools.kept_files:read_changed": (loops.deliveries_of_another_reader,),
    "worker.jobs.schools.look_at_directory:follow_look": (loops.schools_of_a_directory,),
    "worker.jobs.schools.look_at_directory:look_at_directory": (loops.a_directory,),
    "worker.jobs.schools.poll_feeds:poll_sources": (loops.polled_sources,),
    "worker.jobs.schools.reading:read_again": (loops.kept_rows_read_again,),
    "worker.jobs.schools.watch_channels:watch_channels": BY_KIND,
    "worker.jobs.schools.take_received:take_received": (loops.sending_sources,),
    "worker.jobs.schools.watch_channels:_look": (loops.channels_to_empty,),
    "worker.jobs.schools.weekly_standings:publish_standings": (loops.schools_of_a_week,),
    "worker.jobs.sweep:sweep": BY_KIND,
    "worker.jobs.sweep:_ask_more": (loops.unread_messages,),
    "worker.processes.clock:tick": BY_KIND,
}
"""Module and function of each loop → its test; ``BY_KIND``: ``test_each_by_itself``."""


def found() -> Iterator[str]:
    """Find every function of the product that processes items one by one."""
    for package in ("store", "integrations", "bot", "worker"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                members = node.body if isinstance(node, ast.ClassDef) else [node]
                for each in members:
                    if isinstance(each, ast.FunctionDef) and ONE_BY_ONE & names_in(each):
                        yield f"{name.removesuffix('.__init__')}:{each.name}"


def names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def test_every_loop_is_walked() -> None:
    helpers = {f"worker.one_by_one:{name}" for name in ONE_BY_ONE}
    assert set(found()) - helpers == set(WALKED)


@pytest.mark.parametrize("scenario", list(dict.fromkeys(chain.from_iterable(WALKED.values()))))
def test_the_others_are_done(
    office: Office, fault: Fault, scenario: Callable[[Office, Fault], loops.Scenario]
) -> None:
    run, others_are_done, key = scenario(office, fault)
    if key:
        run()
        noted = troubles_of(office, key)
        assert noted, "no one would ever hear of it"
        assert "Dana" not in noted[0].reason
    else:
        with pytest.raises(ValueError, match="Dana"):
            run()
    assert others_are_done()

    fault.is_on = False
    office.clock.forward(minutes=20)
    run()
    assert troubles_of(office, key) == []


def troubles_of(office: Office, key: str) -> list[Noted]:
    with office.world.store.database.read() as connection:
        return [each for each in troubles_now(connection) if each.key.startswith(key)]


def test_a_message_that_fails_keeps_no_other_in_a_channel_that_outsiders_can_read(
    office: Office, fault: Fault
) -> None:
    for name in ("dana", "eli"):
        office.world.open_case(name)
        office.works()
    channel = loops.lang_channel(office)
    close_channel(office.world.store, channel, channel_privacy.GUEST)
    workspace: Any = office.services.workspaces[channel.platform]
    watch = channel_privacy.Watch(office.world.store, workspace, channel.platform)
    fault.at(workspace, "update", lambda message, _payload: message.message)
    with pytest.raises(ValueError, match="Dana"):
        watch.withdraw(channel)
    assert len(closed_channels.shown_messages(office.world.store, channel.id)) == 1
    fault.is_on = False
    watch.withdraw(channel)
    assert closed_channels.shown_messages(office.world.store, channel.id) == []


def test_what_was_read_meanwhile_is_no_trouble_any_more(office: Office, fault: Fault) -> None:
    run, _, key = loops.unread_messages(office, fault)
    run()
    assert troubles_of(office, key)
    fault.is_instead(sweep, "unread_messages", lambda _store: [])
    run()
    assert not troubles_of(office, key)


def test_a_damaged_record_stops_its_own_source_alone_and_says_what_to_do(office: Office) -> None:
    ledger = loops.three_deliveries(office)
    (first, *_) = ledger.entries("a")
    (ledger.folder(first) / "entry.json").write_text('{"number": 1, "Dana', encoding="utf-8")
    with pytest.raises(CaseworkError, match="The record of delivery 000001 of a is damaged"):
        ledger.entries("a")
    arrived = reading.terms_of(office.services).arrived
    assert arrived, "the others are known"
    assert arrived > office.clock.now
    assert [each.number for each in ledger.entries("b")] == [2, 3]


def test_a_check_of_doctor_that_fails_unforeseen_is_a_line_and_hides_no_other(
    office: Office,
) -> None:
    def fails(_services: object) -> Iterator[CheckResult]:
        raise ValueError("Dana Dvorak, dana@students.example.ac.uk")

    (line,) = whole._tried(office.services, "roster", fails)
    assert (line.is_fine, line.about) == (False, "roster")
    assert "ValueError" in line.sentence
    assert "Dana" not in line.sentence
