"""Scenarios that run a loop over external things so that its first item fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb

from bot.posting import channel_privacy
from integrations.bootstrap import Services
from integrations.directory.graph_reader import GraphDirectory
from integrations.directory.groups_setting import groups_of
from integrations.feeds.events_csv import load_events
from integrations.feeds.inbox import Kind
from integrations.feeds.ledger import privacy as ledger_privacy
from integrations.feeds.ledger.deliveries import Ledger
from integrations.feeds.loading import Terms
from store.actions.notices.escalate_unread import UnreadMessage
from store.actions.privacy import retention as deletion
from store.db import repository
from store.queries.privacy.retention import Approved, Overdue, schedules
from store.queries.schools.staff import Channel, school_channels
from store.rules.model import NoticeKind
from tests.fakes.graph.directory import directory_id
from tests.fakes.graph.service import FakeGraph
from tests.integrations.event_feed import HEADER
from tests.integrations.graph_post import client_of
from tests.worker.fault import Fault
from tests.worker.office import Office
from worker import jobs
from worker.jobs import flags, retention, sweep
from worker.jobs import privacy as erasing
from worker.jobs.cases import fitness_to_study
from worker.jobs.schools import (
    ingest,
    kept_files,
    look_at_directory,
    poll_feeds,
    reading,
    take_received,
    watch_channels,
    weekly_standings,
)

Scenario = tuple[Callable[[], object], Callable[[], bool], str]
"""The function that runs the loop, whether all other items were processed, and the prefix of the
key under which the failure is recorded; '' if it is raised to the caller."""


def two_cases(office: Office, fault: Fault, place: Any, listed: str, does: str) -> list[int]:
    """Open two cases of which the first fails, and return the list of processed cases."""
    done: list[int] = []
    cases = [office.world.open_case(name) for name in ("dana", "eli")]
    fault.is_instead(place, listed, lambda *_: dict.fromkeys(cases, office.world.school()))

    def do(_: object, case: int, *__: object) -> int:
        done.append(case)
        return 1

    fault.is_instead(place, does, do)
    fault.at(place, does, lambda _, case, *__: case)
    return done


def fitness(office: Office, fault: Fault) -> Scenario:
    done = two_cases(office, fault, fitness_to_study, "cases_being_worked_on", "surface")
    fault.is_instead(repository, "case", lambda _connection, case: case)
    run = lambda: fitness_to_study.surface_fitness(office.services, office.world.today)  # noqa: E731
    return run, lambda: len(done) >= 1, "fitness:"


def seen_after_fitness(office: Office, fault: Fault) -> Scenario:
    done = two_cases(office, fault, fitness_to_study, "cases_in_fitness", "watch_after_fitness")
    fault.is_instead(repository, "case", lambda _connection, case: case)
    run = lambda: fitness_to_study.tell_of_activity(office.services, office.world.today)  # noqa: E731
    return run, lambda: len(done) >= 1, "after-fitness:"


def pauses(office: Office, fault: Fault) -> Scenario:
    done = two_cases(office, fault, flags, "cases_to_resume", "resume_one")
    run = lambda: flags._resume_due(office.services.store, office.world.today)  # noqa: E731
    return run, lambda: len(done) >= 1, "resume:"


def outdated_drafts(office: Office, fault: Fault) -> Scenario:
    done = two_cases(office, fault, jobs, "drafts_waiting", "send_back_outdated")
    school = office.world.school()
    run = lambda: jobs.JOBS["follow-up"](office.services, school=school)  # noqa: E731
    return run, lambda: len(done) >= 1, "drafts:"


def schools_screened(office: Office, fault: Fault) -> Scenario:
    done: list[int] = []
    deliver(office, "moodle", "100,FRE101,vle,done,2025-10-06,,")
    fault.is_instead(flags, "_record", lambda _, published, *__: done.append(published.school))
    fault.at(flags, "_record", lambda _, published, *__: published.school)
    run = lambda: flags.screen(office.services, office.world.today)  # noqa: E731
    return run, lambda: len(done) >= 1, "screening:"


def steps_of_the_night(office: Office, fault: Fault) -> Scenario:
    done: list[str] = []
    fault.is_instead(jobs, "_screen_schools", lambda *_, **__: done.append("screened"))
    fault.at(ingest, "ingest_new_files", lambda *_: "files")
    run = lambda: jobs.JOBS["screen"](office.services, day=str(office.world.today))  # noqa: E731
    return run, lambda: "screened" in done, "new files"


def old_swipes(office: Office, fault: Fault) -> Scenario:
    done: list[str] = []
    fault.is_instead(ingest, "swipe_sources", lambda *_: {"gate": 1, "library": 1})
    fault.is_instead(ledger_privacy, "forget_before", lambda _, source, *__: done.append(source))
    fault.at(ledger_privacy, "forget_before", lambda _, source, *__: source)
    run = lambda: ingest.forget_swipes(office.services, office.world.today)  # noqa: E731
    return run, lambda: "library" in done, "gate"


def polled_sources(office: Office, fault: Fault) -> Scenario:
    done: list[str] = []
    for source in ("library", "vle"):
        folder = office.services.settings.home / "feeds" / source
        folder.mkdir(parents=True)
        (folder / "feed.toml").write_text("[poll]\n")

    def poll(_services: object, source: str, _sleep: object) -> list[str]:
        done.append(source)
        return []

    fault.is_instead(poll_feeds, "poll_source", poll)
    fault.at(poll_feeds, "poll_source", lambda _services, source, _sleep: source)
    run = lambda: poll_feeds.poll_sources(office.services)  # noqa: E731
    return run, lambda: "vle" in done, "poll:library"


def schools_of_a_directory(office: Office, fault: Fault) -> Scenario:
    done: list[str] = []
    services = with_directory(office)
    fault.is_instead(
        look_at_directory, "follow_in_school", lambda _store, school, _answer: done.append(school)
    )
    fault.at(look_at_directory, "follow_in_school", lambda _store, school, _answer: school)
    run = lambda: look_at_directory.look_at_directory(services)  # noqa: E731
    return run, lambda: "MATH" in done, "directory:"


def a_directory(office: Office, fault: Fault) -> Scenario:
    services = with_directory(office)
    fault.at(look_at_directory, "look", lambda *_: "directory")
    run = lambda: look_at_directory.look_at_directory(services)  # noqa: E731
    return run, lambda: True, "directory"


def schools_of_a_week(office: Office, fault: Fault) -> Scenario:
    done: list[int] = []
    fault.is_instead(
        weekly_standings, "publish_standing", lambda _store, school, _day: done.append(school)
    )
    fault.at(weekly_standings, "publish_standing", lambda _store, school, _day: school)
    run = lambda: weekly_standings.publish_standings(office.services, office.world.today)  # noqa: E731
    return run, lambda: len(done) >= 1, "standing:"


def with_directory(office: Office) -> Services:
    """Return services whose directory has a group with nobody in it for each school."""
    graph = FakeGraph(office.clock)
    group = directory_id(900)
    graph.directory.groups[group] = set()
    setting = f"LANG:faculty-lead={group} MATH:faculty-lead={group}"
    directory = GraphDirectory(client_of(graph, office.clock), groups_of(setting))
    return replace(office.services, directory=directory)


def sending_sources(office: Office, fault: Fault) -> Scenario:
    done: list[str] = []
    for source in ("library", "vle"):
        inbox = take_received.inbox_of(office.services)
        inbox.put(source, Kind.XAPI, [{"id": "invented"}], office.clock.now)

    def take(_services: object, source: str) -> list[str]:
        done.append(source)
        return []

    fault.is_instead(take_received, "take_source", take)
    fault.at(take_received, "take_source", lambda _services, source: source)
    run = lambda: take_received.take_received(office.services)  # noqa: E731
    return run, lambda: "vle" in done, "received:library"


def unread_messages(office: Office, fault: Fault) -> Scenario:
    done: list[UnreadMessage] = []
    school, now = office.world.school(), office.clock.now
    case = office.world.open_case()
    found = [
        UnreadMessage(NoticeKind.READ_NOW, school, case, None, now, frozenset(), frozenset()),
        UnreadMessage(NoticeKind.READ_NOW, school, None, 1, now, frozenset(), frozenset()),
    ]
    fault.is_instead(sweep, "unread_messages", lambda _store: found)
    fault.is_instead(sweep, "escalate_unread", lambda _store, unread: done.append(unread))
    fault.at(sweep, "escalate_unread", lambda _store, unread: unread)
    return lambda: sweep.sweep(office.services), lambda: found[1] in done, "unread:"


def two_channels(office: Office, fault: Fault, does: str) -> tuple[Any, list[str]]:
    """Watch two channels of which the first fails, and return the list of processed channels."""
    channel, done = lang_channel(office), list[str]()
    workspace: Any = office.services.workspaces[channel.platform]
    watch: Any = channel_privacy.Watch(office.world.store, workspace, channel.platform)
    both = [channel, replace(channel, id=channel.id + 1000, channel="C2")]
    watch._channels = watch.uncovered = lambda: both

    def do(each: Channel) -> bool:
        done.append(each.channel)
        return True

    setattr(watch, does, do)
    fault.at(watch, does, lambda each: each.channel)
    return watch, done


def channels_to_empty(office: Office, fault: Fault) -> Scenario:
    """Use two channels that people outside can read, each with a card."""
    channel = lang_channel(office)
    watch, done = two_channels(office, fault, "withdraw")
    fault.is_instead(watch_channels, "_is_first", lambda _, job, __: job.startswith("cover-"))
    run = lambda: watch_channels._look(office.services, watch, channel.platform)  # noqa: E731
    return run, lambda: "C2" in done, str(channel.id)


def channels_that_changed(office: Office, fault: Fault) -> Scenario:
    watch, done = two_channels(office, fault, "check")
    return lambda: watch.changed(lang_channel(office).tenant, ""), lambda: "C2" in done, ""


def channels_of_a_changed_account(office: Office, fault: Fault) -> Scenario:
    watch, done = two_channels(office, fault, "check")
    watch.in_turn = watch._channels
    return watch.check_all, lambda: "C2" in done, ""


def lang_channel(office: Office) -> Channel:
    with office.world.store.database.read() as connection:
        found = school_channels(connection)
    return next(each for each in found if each.school == office.world.school())


def deliver(office: Office, source: str, *rows: str, minutes: int = 0) -> None:
    """Load a delivery with activity, and save its rows."""
    path = office.services.settings.home / f"{source}.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    at = office.clock.now + dt.timedelta(minutes=minutes)
    terms = Terms(arrived=at, seal=office.world.store.seal)
    numbers, modules = {"100": 1, "200": 2}, {"FRE101": "LANG"}
    load_events(office.services.lake, path, source, numbers.items(), modules, terms=terms)


def three_deliveries(office: Office) -> Ledger:
    for source, day in (("a", 6), ("b", 7), ("b", 8)):
        row = f"100,FRE101,vle,done,2025-10-0{day},,"
        deliver(office, source, row, f"900,FRE101,vle,done,2025-10-0{day},,", minutes=day)
    return Ledger(office.services.lake)


def kept_rows_read_again(office: Office, fault: Fault) -> Scenario:
    three_deliveries(office)
    kept: list[int] = []
    fault.is_instead(reading, "read_rows_again", lambda _services, entry: entry.number)
    fault.at(reading, "read_rows_again", lambda _services, entry: entry.number)
    keep = lambda entry, _report: kept.append(entry.number)  # noqa: E731
    return lambda: reading.read_again(office.services, keep), lambda: {2, 3} <= set(kept), ""


def deliveries_of_another_reader(office: Office, fault: Fault) -> Scenario:
    three_deliveries(office)
    done: list[int] = []
    fault.is_instead(kept_files, "_if_changed", lambda *given: done.append(given[-1].number))
    fault.at(kept_files, "_if_changed", lambda *given: given[-1].number)
    return lambda: kept_files.read_changed(office.services), lambda: {2, 3} <= set(done), "again:1"


def _approved(office: Office, fault: Fault) -> None:
    """Have both schools approve their retention periods."""
    with office.world.store.database.read() as connection:
        known = schedules(connection, office.world.today)
    approved = [replace(each, approved=Approved("Petra", office.clock())) for each in known]
    fault.is_instead(retention, "schedules", lambda *_: approved)


def schools_with_a_schedule(office: Office, fault: Fault) -> Scenario:
    done: list[int] = []
    _approved(office, fault)
    fault.is_instead(retention, "_delete_in", lambda _, each, *__: done.append(each.school.id))
    fault.at(retention, "_delete_in", lambda _, each, *__: each.school.id)
    run = lambda: retention.delete_overdue(office.services, office.world.today)  # noqa: E731
    return run, lambda: len(done) >= 1, "retention:"


def overdue_students(office: Office, fault: Fault) -> Scenario:
    done: list[int] = []
    _approved(office, fault)
    theirs = {office.world.school(): Overdue((1, 2), ())}
    fault.is_instead(
        retention, "overdue", lambda _, school, *__: theirs.get(school, Overdue((), ()))
    )

    def delete(*asked: Any) -> bool:
        done.append(asked[2])
        return True

    fault.is_instead(deletion, "delete_overdue_student", delete)
    fault.at(deletion, "delete_overdue_student", lambda *asked: asked[2])
    run = lambda: retention.delete_overdue(office.services, office.world.today)  # noqa: E731
    return run, lambda: 2 in done, "student:"


def old_activity(office: Office, fault: Fault) -> Scenario:
    done: list[str] = []
    _approved(office, fault)
    fault.is_instead(Ledger, "sources", lambda _: ["gate", "library"])
    fault.is_instead(ledger_privacy, "forget_before", lambda _, source, *__: done.append(source))
    fault.at(ledger_privacy, "forget_before", lambda _, source, *__: source)
    run = lambda: retention.delete_overdue(office.services, office.world.today)  # noqa: E731
    return run, lambda: "library" in done, "activity:gate"


def kept_rows_past_their_time(office: Office, fault: Fault) -> Scenario:
    ledger = three_deliveries(office)
    office.clock.forward(days=90)
    fault.at(Ledger, "save", lambda _ledger, entry: entry.number)

    def others_are_gone() -> bool:
        return {2, 3} <= {each.number for each in ledger.entries() if not each.rows_kept}

    return lambda: reading.forget_old_deliveries(office.services), others_are_gone, ""


def an_erased_student(office: Office, fault: Fault) -> Scenario:
    """Erase a student, with one file that cannot be rewritten: no other keeps their rows."""
    ledger, lake = three_deliveries(office), office.services.lake
    fault.at(ledger_privacy, "without_student", lambda *args: args[2])
    remnant: Any = SimpleNamespace(message="1")

    def others_are_done() -> bool:
        erased = {each.number for each in ledger.entries() if each.erasures}
        days = lake.files(dt.date.min, dt.date.max).values()
        return {2, 3} <= erased and not any(map(_has_one, days))

    return lambda: erasing._lake(office.services, remnant), others_are_done, ""


def _has_one(path: Path) -> bool:
    query = f"SELECT count(*) FROM read_parquet('{path}') WHERE student = 1"
    with duckdb.connect() as connection:
        return bool(connection.execute(query).fetchall()[0][0])
