"""Text in languages that the checks cannot read is found; English and Welsh pass."""

from __future__ import annotations

import pytest

from store.rules.students.urgent_words import may_speak_of_danger
from store.rules.text.languages import unread
from tests.rules import halves
from tests.rules.halves import labelled

FOREIGN = """
No quiero seguir viviendo.
Ya no puedo más, estoy pensando en acabar con todo.
Je ne veux plus vivre.
Ich halte es nicht mehr aus.
Non ce la faccio più, voglio morire.
Nie chcę już żyć.
Não quero mais viver.
Ik wil niet meer leven.
Jag orkar inte leva längre.
Я больше не хочу жить.
我不想活了。
もう生きたくない
لا أريد أن أعيش بعد الآن
Δεν θέλω να ζω άλλο.
Artık yaşamak istemiyorum.
मैं अब और जीना नहीं चाहता
Tôi không muốn sống nữa.
Saya tidak mahu hidup lagi.
Nem akarok tovább élni.
En jaksa enää elää näin.
Už nechci dál žít.
Не искам да живея повече.
""".strip().splitlines()


@pytest.mark.parametrize("words", FOREIGN)
def test_an_answer_in_another_language_is_read_at_once(words: str) -> None:
    """§13: text that Lantern cannot read is not treated as harmless."""
    assert unread(words) == [words]
    assert may_speak_of_danger(f"Hello,\n\n{words}\n\nDana")


def test_a_line_of_our_email_is_not_the_student_s() -> None:
    """§13: also behind quotation marks; the same words as the student's own are urgent."""
    letter = "If you want to die, call us."
    answer = f">  {letter} \n\nThanks, I am well and back on Monday."
    assert may_speak_of_danger(answer)
    assert not may_speak_of_danger(answer, f"Hello,\n{letter}")


def test_two_short_sentences_are_read_as_one_thing() -> None:
    assert may_speak_of_danger("I've decided when. It's after my sister's birthday.")
    assert not may_speak_of_danger("I've decided when.")
    assert not may_speak_of_danger("It's after my sister's birthday.")
    lemon = "I cut my finger slicing a lemon in the nurses' kitchen and had to fill in a whole"
    lino = "I cut my finger on the lino tool but the first aider put a plaster on it."
    assert not may_speak_of_danger(f"{lemon} accident form. {lino}"), "two long ones"


@pytest.mark.parametrize(
    "words",
    [
        "Sorry, I had the flu last week. I am back on Monday.",
        "Diolch am eich neges, dwi'n iawn ac yn dod ddydd Llun.",
        "Thanks\nDana Dvorak",
        "Merci!",
        "see https://exemplo.example/inscripcion/formulario",
        "write to ola.kowalska.brzoza@wydzial.przyklad",
        "www.przyklad.example/wydzial/jezykow",
        "Zofia Brzoza",
        "I met Zofia in the library on Monday.",
        "",
    ],
)
def test_an_ordinary_answer_is_not(words: str) -> None:
    assert unread(words) == []


def test_names_are_known_in_any_language() -> None:
    sentence = "Yours, Zdzisława Brzęczyszczykiewicz of Nieistniejący Wydział"
    assert unread(sentence) == [sentence]
    assert unread(sentence, ["Zdzisława Brzęczyszczykiewicz", "Nieistniejący Wydział"]) == []


def test_english_and_welsh_are_read() -> None:
    files = (*halves.DANGER_LISTS, halves.DANGER_THIRD, *halves.THREAT_LISTS, halves.THREATS_THIRD)
    texts = [each.text for file in files for each in labelled(file)]
    assert sum(bool(unread(each)) for each in texts) <= len(texts) / 500
