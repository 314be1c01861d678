"""A sent email that holds links, and helpers that use them as its student."""

import datetime as dt
import re

import pytest

from store.actions.students.use_link import say_by_link, visit_link
from store.rules.cases.case import Outreach
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import Said, Saying
from store.signed_links import StudentLink, StudentLinks
from tests.stores import SEAL
from tests.world import World

SERVER = "https://lantern.example.ac.uk"
KEYS = SEAL.secrets_for("student links")


@pytest.fixture(autouse=True)
def public(world: World) -> None:
    """Set the address of the server that students reach."""
    world.store.links = StudentLinks(KEYS, SERVER)


@pytest.fixture
def mail(world: World) -> Outreach:
    """Send an email to Dana and return it."""
    return world.begins_with(mail_to_dana)


def mail_to_dana(world: World) -> Outreach:
    world.approved_mail(world.open_case())
    return world.send()


def tokens(mail: Outreach) -> list[str]:
    return re.findall(rf"{SERVER}/student/(\S+)", mail.footer)


def token_for(world: World, mail: Outreach, purpose: LinkPurpose) -> str:
    found = {world.store.links.read(token, world.clock()).purpose: token for token in tokens(mail)}
    return found.get(purpose) or world.store.links.sign(
        StudentLink(mail.id, purpose), world.clock() + dt.timedelta(days=1)
    )


def says(world: World, mail: Outreach, kind: Saying, words: str = "", key: str = "k") -> bool:
    coming = visit_link(world.store, token_for(world, mail, LinkPurpose.PAGE))
    said = Said(coming.student, kind, words, mail=coming.mail)
    return say_by_link(world.store, coming, said, key)
