"""An office whose staff follow groups of a fake Entra, on one clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace

import pytest
from typer.testing import CliRunner

from integrations.directory.graph_reader import GraphDirectory
from integrations.directory.groups_setting import groups_of
from store.actions.schools.load_roster import load_roster
from store.rules.model import Role
from store.rules.schools import Roster, StaffEntry
from store.tables import staff, staff_roles
from tests.fakes.graph.directory import FakeDirectory, directory_id
from tests.fakes.graph.service import FakeGraph
from tests.integrations.graph_post import client_of
from tests.people import LANGUAGES
from tests.worker.office import Office
from worker.cli import directory as command_line
from worker.cli import main as cli
from worker.doctor.directory import check_directory
from worker.processes import clock

ADVISERS, LEADS, NESTED = (directory_id(number) for number in (900, 901, 902))
MORE = ("ada", "ben", "cleo", "dora", "erik", "fay")
SETTING = f"LANG:adviser={ADVISERS} LANG:engagement-lead={LEADS}"


@dataclass
class DirectoryOffice:
    """The office, the directory behind it, and shortcuts for what is seen of both."""

    office: Office
    graph: FakeGraph

    @property
    def entra(self) -> FakeDirectory:
        return self.graph.directory

    def a_quarter_later(self) -> None:
        """Let the clock come to the next quarter of an hour, and the worker work."""
        self.office.clock.forward(minutes=15)
        clock.tick(self.office.services)
        self.office.works()

    def roles(self, name: str) -> set[str]:
        """Return a colleague's roles, in whatever school."""
        mine = self.office.world.staff(name)
        return {row["role"] for row in self.office.world.rows(staff_roles, staff_id=mine)}

    def is_active(self, name: str) -> bool:
        (row,) = self.office.world.rows(staff, email=f"{name}@example.ac.uk")
        return bool(row["active"])

    def types(self, *arguments: str) -> str:
        """Run ``lantern directory`` and return what it prints; an error's sentence instead."""
        result = CliRunner().invoke(cli.app, ["directory", *arguments])
        return result.output or str(result.exception)

    def doctor(self) -> list[tuple[bool | None, str]]:
        """Return the lines of doctor about the directory."""
        return [(each.is_fine, each.sentence) for each in check_directory(self.office.services)]


@contextmanager
def directory_behind(
    office: Office, monkeypatch: pytest.MonkeyPatch, setting: str = SETTING
) -> Iterator[DirectoryOffice]:
    """Give an office of ten colleagues in Languages whose advisers and lead are in groups."""
    entries = tuple(
        StaffEntry(f"{name}@example.ac.uk", name.title(), ((LANGUAGES, Role.ADVISER),))
        for name in MORE
    )
    load_roster(office.world.store, Roster(staff=entries))
    graph = FakeGraph(office.clock)
    directory = GraphDirectory(client_of(graph, office.clock), groups_of(setting))
    office.services = replace(office.services, directory=directory)
    monkeypatch.setattr(command_line, "open_services", lambda: nullcontext(office.services))
    made = DirectoryOffice(office, graph)
    for number, name in enumerate(("alice", *MORE)):
        made.entra.adds(f"{name}@example.ac.uk", number, ADVISERS)
    made.entra.adds("lena@example.ac.uk", 50, LEADS)
    yield made
    directory.close()
