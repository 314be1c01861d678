"""The app package that an administrator uploads to Teams."""

from __future__ import annotations

import io
import json
import struct
import zipfile

import pytest

from bot.add_to_case import ADD
from bot.teams import message_extension as extension
from bot.teams.manifest import PERMISSIONS, THREADS, Publisher, icon, manifest, package
from store.rules.errors import InvalidInput
from tests.bot.teams.manifest_schema import manifest_problems
from tests.fakes.graph.entra import CLIENT

WHO = Publisher("University of Example", "https://lantern.example.ac.uk/")


@pytest.mark.parametrize("threads", [False, True])
def test_the_manifest_is_valid(*, threads: bool) -> None:
    assert manifest_problems(manifest(CLIENT, WHO, threads=threads)) == []


def test_the_checker_finds_what_is_wrong() -> None:
    """Without this, the test above could pass on a checker that finds nothing."""
    made = manifest(CLIENT, WHO)
    made["name"]["short"] = "x" * 31
    made["bots"][0]["scopes"] = ["everywhere"]
    made["surprise"] = 1

    assert len(manifest_problems(made)) == 1
    del made["surprise"]
    assert len(manifest_problems(made)) == 2


def test_it_asks_for_nothing_that_is_not_explained() -> None:
    def asked(*, threads: bool) -> set[str]:
        permissions = manifest(CLIENT, WHO, threads=threads)["authorization"]["permissions"]
        return {each["name"] for each in permissions["resourceSpecific"]}

    assert asked(threads=False) == set(PERMISSIONS)
    assert asked(threads=True) == {*PERMISSIONS, *THREADS}


def test_the_package_holds_the_manifest_and_its_icons_and_is_the_same_again() -> None:
    packed = package(CLIENT, WHO)

    assert packed == package(CLIENT, WHO)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["manifest.json", "color.png", "outline.png"]
        written = json.loads(archive.read("manifest.json"))
        sizes = [struct.unpack(">II", archive.read(n)[16:24]) for n in archive.namelist()[1:]]
    assert written == manifest(CLIENT, WHO)
    assert sizes == [(192, 192), (32, 32)]
    ids = [each["id"] for each in written["composeExtensions"][0]["commands"]]
    assert ids == [ADD, extension.SEARCH]


def test_an_icon_is_a_png() -> None:
    assert icon(32, None, (255, 255, 255)).startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("who", [Publisher("x" * 33, WHO.url), Publisher("x", "http://x.example")])
def test_a_publisher_that_does_not_fit_is_said(who: Publisher) -> None:
    with pytest.raises(InvalidInput):
        manifest(CLIENT, who)
