"""A student in a browser, with the links of their emails."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.student.app import student_mount
from store.rules.students.links import LinkPurpose
from store.signed_links import StudentLinks
from tests.bot.visitor import Visitor
from tests.stores import SEAL
from tests.world import World, world_in

SERVER = "https://lantern.example.ac.uk"
ELSEWHERE = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


@dataclass
class Reader:
    """A student with an email, and a browser that reaches the pages."""

    world: World
    visitor: Visitor
    case: int
    links: dict[LinkPurpose, str]
    """Paths by purpose."""

    def reads(self, purpose: LinkPurpose) -> str:
        answer = self.visitor.get(self.links[purpose])
        assert answer.status_code == 200
        return answer.text

    def sends(self, purpose: LinkPurpose, do: str, page: str = "", **fields: str) -> httpx.Response:
        """Press a button of the page as it was read, or of the page given."""
        page = page or self.reads(purpose)
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page)
        given = {} if do == "opt-out" else {"number": "1001"}
        return self.visitor.post(self.links[purpose], dict(hidden) | {"do": do} | given | fields)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with world_in(f"sqlite:///{tmp_path / 'lantern.db'}") as world:
        world.store.links = StudentLinks(SEAL.secrets_for("student links"), SERVER)
        case = world.open_case()
        world.approved_mail(case)
        mail = world.send()
        links = {}
        for path in re.findall(rf"{SERVER}(\S+)", mail.footer):
            purpose = world.store.links.read(path.rpartition("/")[2], world.clock()).purpose
            links[purpose] = path
        visitor = Visitor(Starlette(routes=[student_mount(world.store)]))
        yield Reader(world, visitor, case, links)


def personal(reader: Reader) -> Reader:
    """Provide the same student, with the email sent to their personal address."""
    world = reader.world
    world.clock.forward(days=7)
    mail = world.write_draft(reader.case)
    world.approve(reader.case)
    mail = world.send("conversation-2")
    (path,) = re.findall(rf"{SERVER}(\S+)", mail.footer)
    reader.links = {LinkPurpose.DOOR: path}
    return reader
