"""``lantern letters preview`` and ``lantern policy check``: letters as a student will see them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from store.actions.outreach.preview_letter import preview_example
from store.policies.document import parse
from store.rules.letters.letter import Language, LetterKind
from tests.store.test_school_letters import TEXT, with_letter
from worker.cli.main import app


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_is_printed_for_an_invented_student(
    kind: LetterKind, language: Language
) -> None:
    shown = CliRunner().invoke(app, ["letters", "preview", "--kind", kind, "--language", language])
    assert shown.exit_code == 0
    assert shown.output.startswith("Subject: ")
    assert "Alice Example" in shown.output
    assert "{{" not in shown.output


def test_it_is_shown_as_the_page_that_leaves() -> None:
    shown = CliRunner().invoke(app, ["letters", "preview", "--language", "cy", "--html"])
    assert '<html lang="cy">' in shown.output
    assert "<h1" in shown.output


def test_the_links_stand_under_it_with_a_place_for_what_only_a_drafted_mail_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = CliRunner().invoke(app, ["letters", "preview"])
    assert "/student/" not in plain.output
    assert "PUBLIC_URL is not set" in plain.stderr

    monkeypatch.setenv("PUBLIC_URL", "https://lantern.example.ac.uk")
    shown = CliRunner().invoke(app, ["letters", "preview"])
    assert "- I am fine: https://lantern.example.ac.uk/student/…\n" in shown.stdout
    assert "Where a link has …" in shown.stderr
    asked = ["letters", "preview", "--kind", "personal-email", "--language", "cy", "--html"]
    page = CliRunner().invoke(app, asked)
    assert ">I'ch tudalen</a>" in page.stdout.replace("&#x27;", "'")
    assert page.stdout.count("<a href") == 1


def test_a_document_s_letters_are_shown_before_it_is_published(tmp_path: Path) -> None:
    file = tmp_path / "language.toml"
    file.write_text(with_letter(TEXT, "A word, {{ given_name }}"), encoding="utf-8")
    shown = CliRunner().invoke(app, ["letters", "preview", "--file", str(file)])
    assert shown.output.startswith("Subject: A word, Sam\n\nHello Sam,\n")


def test_what_is_wrong_with_a_letter_is_said_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "language.toml"
    file.write_text(with_letter(TEXT.replace("Just", "You must")), encoding="utf-8")
    shown = CliRunner().invoke(app, ["policy", "check", str(file)])
    assert shown.exit_code != 0
    assert "“You must reply” in line 15" in str(shown.exception)


def test_an_example_has_the_services_of_the_document() -> None:
    entry = {"key": "well", "name": "Wellbeing", "helps_with": "health", "contact": "w.example"}
    service = "\n".join(["[[services]]", *(f'{key} = "{value}"' for key, value in entry.items())])
    policy = parse(with_letter(TEXT) + service, "p.toml")
    _, body = preview_example(LetterKind.WELFARE, Language.ENGLISH, policy)
    assert "- Wellbeing, for health: w.example" in body
