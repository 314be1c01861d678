"""``lantern init`` in an empty folder, up to the first card."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from integrations.settings import Settings, WrongSetting, load_settings
from store.rules.errors import InvalidInput
from tests.fakes.slack.records import BOT, SIGNING_SECRET, TEAM, TOKEN, SlackChannel, SlackPerson
from tests.fakes.slack.service import FakeSlack
from tests.fakes.slack.wire import serving
from worker.cli.main import app
from worker.setup import begin
from worker.setup.env_file import env_text, read_env

WRONG = """\
place = "nowhere"
[settings]
DATABSE_URL = "x"
PORT = "many"
[[schools]]
code = "LANG"
name = "School of Languages"
lead_email = "alice"
effective = "soon"
published = ["handbook"]
colour = "red"
"""
NO_ONE_THERE = "http://127.0.0.1:9"
SETTINGS = ["sandbox", "", "", ""]
SMTP = ["smtp", "127.0.0.1", "", "lantern", "an-invented-password"]
SMTP += ["127.0.0.1", "", "", "", ""]
SCHOOL = ["LANG", "School of Languages", "Alice Example", "alice"]
SCHOOL += ["alice@languages.example", "Head of School", "2025-09-01", "handbook, email"]
SCHOOL += ["support@languages.example", "registers", "hand-in", "moodle", "n"]
TYPED = [*SETTINGS, "", *SCHOOL]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give an empty folder, and an environment without settings in which no service answers."""
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    monkeypatch.setenv("SLACK_API_URL", NO_ONE_THERE)
    monkeypatch.setenv("GRAPH_AUTHORITY", NO_ONE_THERE)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    structlog.reset_defaults()


def lantern(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=typed)


def answered(folder: Path, text: str = "") -> Result:
    file = folder / "answers.toml"
    file.write_text(text or lantern("init", "--example").stdout, encoding="utf-8")
    return lantern("init", "--answers", str(file))


def files(folder: Path) -> set[str]:
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}


def test_each_next_step_leads_to_the_first_card(folder: Path) -> None:
    said = answered(folder).stdout
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600
    typed = []
    while (line := said.splitlines()[-1].rpartition(": lantern ")[2]) and "web" not in line:
        typed.append(line)
        done = lantern(*shlex.split(line))
        assert done.exit_code == 0, (done.output, done.exception)
        said = lantern("init").stdout
    assert [each.split()[0] for each in typed] == [
        "ingest", "policy", "policy", "ingest", "ingest", "ingest", "screen",
    ]  # fmt: skip
    assert "Next: start Lantern: lantern web. Then open http://127.0.0.1:8765" in said
    assert lantern("sweep").exit_code == 0
    assert "The first card has been posted" in lantern("init").stdout


def test_a_token_that_slack_refuses_is_the_first_thing_to_correct(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = lantern("init", "--example").stdout.replace('place = "sandbox"', 'place = "slack"')
    given = {"SLACK_TEAMS": TEAM, "SLACK_BOT_TOKEN": "xoxb-wrong", "SLACK_SIGNING_SECRET": "s"}
    lines = "\n".join(f'{name} = "{value}"' for name, value in given.items())
    text = text.replace("[settings]", f"[settings]\n{lines}")
    said = answered(folder, text).stdout
    assert "SLACK_BOT_TOKEN could not be tried: " in said
    assert "Next: load a roster" in said
    with serving(FakeSlack(lambda: dt.datetime.now(dt.UTC))) as url:
        monkeypatch.setenv("SLACK_API_URL", url)
        said = lantern("init").stdout
    assert "Next: The setting SLACK_BOT_TOKEN cannot be used: Slack does not accept it" in said
    assert "xoxb-wrong" not in said


def test_the_lines_of_the_readme_lead_to_the_first_card_in_slack(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fake replaces Slack. Each line is the next step that Lantern names."""
    monkeypatch.setattr("worker.cli.policies.at_a_terminal", lambda: True)
    slack = FakeSlack(lambda: dt.datetime.now(dt.UTC))
    slack.channels["C0LANG"] = SlackChannel("C0LANG", ["U0ALICE", BOT])
    slack.people["U0ALICE"] = SlackPerson("U0ALICE", "alice@languages.example")
    text = lantern("init", "--example").stdout.replace('place = "sandbox"', 'place = "slack"')
    with serving(slack) as url:
        given = {"SLACK_TEAMS": TEAM, "SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": url}
        given |= {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
        monkeypatch.setenv("SLACK_API_URL", url)
        lines = "\n".join(f'{name} = "{value}"' for name, value in given.items())
        done = answered(folder, text.replace("[settings]", f"[settings]\n{lines}"))
        assert done.exit_code == 0, done.exception
        said, typed = done.stdout, 0
        while "start Lantern" not in said:
            _, _, line = said.splitlines()[-1].partition(": lantern ")
            for each in line.split(", then: lantern "):
                words = each.replace("LINK", "https://x.slack.com/archives/C0LANG").split()
                step = lantern(*words, typed="page 12\n\nall students\n\n")
                assert step.exit_code == 0, (each, step.output, step.exception)
            typed += 1
            said = lantern("init").stdout
        assert typed == 7
        assert lantern("sweep").exit_code == 0
        assert [each.channel for each in slack.messages] == ["C0LANG"]
        assert "The first card has been posted" in lantern("init").stdout


def test_a_person_is_asked_again_where_an_answer_is_wrong(folder: Path) -> None:
    done = lantern("init", typed="\n".join([*TYPED, ""]))
    assert done.exit_code == 0, (done.output, done.exception)
    assert "Enter one plain email address." in done.output
    assert {"policies/lang.toml", "sample/events/moodle.csv", ".env"} <= files(folder)
    assert lantern("policy", "check", "policies/lang.toml").exit_code == 0


def test_only_the_questions_whose_answers_do_not_go_together_are_asked_again(folder: Path) -> None:
    """Nothing is refused after the last answer, which would lose all of them."""
    slack = ["slack", TEAM, TOKEN, "", "", TEAM, TOKEN, "it's", "", SIGNING_SECRET, "", "", "", ""]
    school = [each for each in SCHOOL if each != "alice"]
    first = [*school[:7], "no-reply@languages.example", school[7], "", "", "", *school[8:-1], "y"]
    second = ["lang", "SCI", *school[1:]]
    done = lantern("init", typed="\n".join([*slack, *first, *second, ""]))
    assert done.exit_code == 0, (done.output, done.exception)
    for wrong in (
        "The setting SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN) is missing",
        "This holds a quotation mark",
        "Enter a mailbox that people read",
        "Another school has this code.",
        "Name at least one source of activity.",
    ):
        assert wrong in done.output
    asked = ("The school's name", "Redis, as", "The engagement lead's name")
    assert [done.output.count(each) for each in asked] == [2, 1, 2]
    assert {"policies/lang.toml", "policies/sci.toml"} <= files(folder)


@pytest.mark.usefixtures("folder")
def test_the_questions_suggest_the_names_that_the_readme_uses() -> None:
    readme = (Path(begin.__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    asked = lantern("init", typed="\n".join([*TYPED, ""])).output
    lines = r"^lantern ingest events sample/events/(.+)\.csv --source (.+)$"
    loaded = re.findall(lines, readme, re.MULTILINE)
    assert len(loaded) == 3
    for file, source in loaded:
        assert file == source
        assert f"such as {source} (Enter: none)" in asked
        assert f"`{source}`" in readme.partition("```\nmake install")[0]
    assert "such as LANG" in asked
    assert "lantern policy publish policies/lang.toml" in readme


def test_email_by_smtp_is_asked_for_until_its_answers_go_together(folder: Path) -> None:
    half = [*SMTP[:4], "", *SMTP[5:]]
    done = lantern("init", typed="\n".join([*SETTINGS, "post", *half, *SMTP, *SCHOOL, ""]))
    assert done.exit_code == 0, (done.output, done.exception)
    assert "Choose one of folder, graph, smtp." in done.output
    assert "The setting SMTP_PASSWORD is missing: it goes with SMTP_USER." in done.output
    assert "an-invented-password" not in done.output
    written = (folder / ".env").read_text()
    assert all(f"{each}_HOST=" in written for each in ("SMTP", "IMAP")), written


@pytest.mark.parametrize("answers", range(len(TYPED)))
def test_one_who_stops_in_the_middle_leaves_nothing_behind(folder: Path, answers: int) -> None:
    done = lantern("init", typed="\n".join(TYPED[:answers]))
    assert done.exit_code != 0
    assert files(folder) == set()


def test_everything_that_is_wrong_with_a_file_of_answers_is_named(folder: Path) -> None:
    done = answered(folder, WRONG)
    assert isinstance(done.exception, InvalidInput)
    said = str(done.exception)
    for key in (
        "place: Choose one of",
        "settings.DATABSE_URL is not a setting; did you mean DATABASE_URL?",
        "settings.PORT: ",
        "schools[1].lead_name: An answer is needed here.",
        "schools[1].lead_email: Enter one plain email address.",
        "schools[1].effective: Enter a date",
        "schools[1].published: Name two of",
        "schools[1].colour is not known",
        "schools[1]: Name at least one source",
    ):
        assert key in said
    assert files(folder) == {"answers.toml"}


def test_half_of_a_platform_is_named_before_anything_is_written(folder: Path) -> None:
    text = lantern("init", "--example").stdout.replace('place = "sandbox"', 'place = "slack"')
    text = text.replace("[settings]", '[settings]\nSLACK_TEAMS = "T01"\nSLACK_BOT_TOKEN = "xoxb-1"')
    done = answered(folder, text)
    assert isinstance(done.exception, WrongSetting)
    assert "SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN)" in str(done.exception)
    assert files(folder) == {"answers.toml"}


ENTRA = "11111111-2222-3333-4444-555555555555"
_OAUTH = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "s"}
OTHER_WAYS = {
    "oauth": ("slack", {"SLACK_TEAMS": "T01ABC, T02ABC", **_OAUTH}),
    "organisation": ("slack", {"SLACK_TEAMS": "E01ABC", **_OAUTH}),
    "socket": (
        "slack",
        {"SLACK_TEAMS": "T01ABC", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"},
    ),
    "identity": ("teams", {"TEAMS_TENANTS": ENTRA, "TEAMS_MANAGED_IDENTITY": ENTRA}),
    "secret": (
        "teams",
        {"TEAMS_TENANTS": ENTRA, "TEAMS_CLIENT_ID": ENTRA, "TEAMS_CLIENT_SECRET": "s"},
    ),
}
"""The ways to sign in that the set-up texts of Slack and Teams name."""


@pytest.mark.parametrize("way", OTHER_WAYS)
def test_every_way_to_sign_in_that_the_texts_name_can_be_answered(folder: Path, way: str) -> None:
    place, given = OTHER_WAYS[way]
    text = lantern("init", "--example").stdout.replace('"sandbox"', f'"{place}"')
    lines = "\n".join(f'{name} = "{value}"' for name, value in given.items())
    done = answered(folder, text.replace("[settings]", f"[settings]\n{lines}"))
    assert done.exit_code == 0, (done.output, done.exception)
    assert given.items() <= read_env(folder / ".env").items()


def test_settings_are_not_written_over_without_being_asked(folder: Path) -> None:
    answered(folder)
    before = (folder / ".env").read_text()
    (folder / ".env").write_text(before + "AUDIT_KEY='an old key that stays, 32 characters.'\n")
    again = answered(folder)
    assert isinstance(again.exception, InvalidInput)
    assert "nothing was written" in str(again.exception)
    (folder / "policies" / "lang.toml").write_text("my own")
    done = lantern("init", "--answers", str(folder / "answers.toml"), "--replace")
    assert "kept policies/lang.toml" in done.output
    assert (folder / "policies" / "lang.toml").read_text() == "my own"
    assert read_env(folder / ".env")["AUDIT_KEY"] == "an old key that stays, 32 characters."


def test_what_is_replaced_has_no_say_in_what_replaces_it(folder: Path) -> None:
    (folder / ".env").write_text(env_text({"SLACK_TEAMS": "T01", "LANTERN_HOME": "elsewhere"}))
    (folder / "answers.toml").write_text(lantern("init", "--example").stdout)
    done = lantern("init", "--answers", str(folder / "answers.toml"), "--replace")
    assert done.exit_code == 0, done.exception
    assert set(read_env(folder / ".env")) == {"LANTERN_HOME"}


def test_the_settings_come_last_so_that_a_failure_leaves_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise InvalidInput("The disk is full.")

    monkeypatch.setattr(begin, "write_whole", full)
    assert answered(folder).exit_code != 0
    assert not (folder / ".env").exists()


def test_the_environment_counts_more_than_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text(env_text({"PORT": "9000", "HOST": "192.0.2.1"}))
    assert (load_settings().port, load_settings().host) == (9000, "192.0.2.1")
    monkeypatch.setenv("PORT", "9001")
    assert load_settings().port == 9001


def test_a_value_that_no_line_can_hold_is_refused() -> None:
    with pytest.raises(InvalidInput, match="DATABASE_URL holds a quotation mark"):
        env_text({"DATABASE_URL": "postgresql://a:it's@host/db"})
