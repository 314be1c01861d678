"""All text of the student's page is translated into Welsh, with no unused translations."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.student import form_texts, looks, pages, record_texts, sign_in_texts, signed_in_pages
from bot.student.welsh import WELSH
from integrations import documents
from store.actions.privacy import data_requests
from store.actions.students.request_absence import ASKED_ALREADY, TOO_MANY
from store.rules.errors import InvalidInput
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import ContactWay, Said, Saying, check_said

HERE = Path(str(pages.__file__)).parent
_SAY = re.compile(r'say\("([^"]*)"')


def _shown() -> set[str]:
    """Return each text with which a template or a page begins."""
    written = "".join(file.read_text("utf-8") for file in (HERE / "templates").glob("*.html"))
    found = set(_SAY.findall(written))
    for module in (pages, signed_in_pages):
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("_say", "say"):
                said = (each.value for each in node.args if isinstance(each, ast.Constant))
                found |= {each for each in said if isinstance(each, str)}
        found |= {value for name, value in vars(module).items() if re.fullmatch("_[A-Z_]+", name)
                  and isinstance(value, str)}  # fmt: skip
    found |= {value for name, value in vars(sign_in_texts).items() if name.isupper()
              and isinstance(value, str) and not name.startswith("_")}  # fmt: skip
    found |= {*sign_in_texts.REFUSED.values(), *record_texts.EVERY, *looks.EVERY}
    forms = (*form_texts.ANSWERS, form_texts.OPT_OUT, form_texts.OPT_IN, form_texts.STOP_AT_A_DOOR)
    for form in forms:
        found |= {form.heading, form.help, form.button, form.words}
    found |= {*form_texts.THANKS.values(), form_texts.THANKS_AT_A_DOOR}
    found |= {*form_texts.THANKS_FOR_ASKING.values(), form_texts.THANKS_FOR_REPLY}
    found |= {pages._title(purpose) for purpose in LinkPurpose}
    found |= {kind.label for kind in Saying} | {way.label.capitalize() for way in ContactWay}
    found |= {*documents.REFUSALS, TOO_MANY, ASKED_ALREADY}
    found |= {data_requests.ASKED_ALREADY, data_requests.TOO_MANY, data_requests.NOT_OPEN}
    return found - {""}


def test_each_text_of_the_page_is_there_in_welsh() -> None:
    assert len(_shown()) > 70
    assert _shown() - WELSH.keys() == set()


def test_no_template_has_words_of_its_own() -> None:
    """Text outside ``say`` would stay English."""
    for file in (HERE / "templates").glob("*.html"):
        if file.name == "export.html":
            continue  # the full copy of the data, whose rows are in the words of the records
        plain = re.sub(r"\{[{%].*?[%}]\}|<[^>]*>", " ", file.read_text("utf-8"), flags=re.DOTALL)
        assert not re.search(r"[A-Za-z]{2,}", plain), (file.name, plain.split())


@pytest.mark.parametrize(
    "said",
    [Said(1, Saying.WRONG), Said(1, Saying.CONTACT_BY), Said(1, Saying.TALK, "x" * 2001)],
)
def test_what_is_missing_is_said_in_welsh_too(said: Said) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_said(said)
    assert refused.value.sentence in WELSH


def test_both_have_the_same_places() -> None:
    for english, welsh in WELSH.items():
        assert re.findall(r"\{\w+\}", english) == re.findall(r"\{\w+\}", welsh)
