"""Remarks about a person are found by kind, in both languages; plain reports pass."""

import time

import pytest

from store.rules.text.remarks import Remark, RemarkKind, remarks_in

REMARKS = {
    RemarkKind.ORIGIN: (
        "Her visa will be cancelled anyway",
        "Overseas, only came for the degree",
        "Typical Chinese student",
        "These Nigerian students never reply",
        "His English is terrible",
        "Where she comes from that is normal",
        "He can go back to his own country",
        "Mae'n dod o dramor",
        "Dim ond yma am y fisa",
    ),
    RemarkKind.MONEY: (
        "Daddy pays for everything",
        "She's rich, so why worry",
        "From a poor family",
        "He can't afford the rent",
        "Only here for the grant",
        "Teulu tlawd, dim arian",
    ),
    RemarkKind.FAITH: (
        "A devout Christian",
        "Muslim girl",
        "Always praying instead of studying",
        "She wears a headscarf",
        "Mwslim yw hi",
    ),
    RemarkKind.FAMILY: (
        "Just another single mother",
        "Her family is a mess",
        "She is pregnant",
        "Pushy parents as ever",
        "Mae hi'n feichiog",
    ),
    RemarkKind.LOOKS: (
        "She's fat and scruffy",
        "He smells",
        "Always in short skirts",
        "Pretty girl, she is fine",
        "Mae hi'n dew a blêr",
    ),
    RemarkKind.SELF: ("He is gay I think", "Too old to learn this", "Typical girl"),
    RemarkKind.CHARACTER: (
        "He's a liar",
        "She is not very bright",
        "A waste of space",
        "Drama queen",
        "Mae e'n dwp",
        "Mae hi mor ddiog, ac mae ei ffrind yr un fath",
        "Mae o'n hollol anobeithiol",
        "Rhy ddwl i'r cwrs yma",
    ),
}
HARMLESS = (
    "The family called the office this evening",
    "Her landlord has sold the house last week",
    "Her husband died last week",
    "He is overseas until Monday",
    "She has a French class on Monday",
    "He came to the English seminar",
    "I pretty much agree with Bob",
    "Referred to money advice",
    "Sent her to the visa advice service",
    "Christian told me he is fine",
    "Faith called, all is well",
    "Attendance is high in both modules",
    "Something is odd about the register",
    "Her mother is ill and she looks after her",
    "The tone of the mail hurt her",
    "Roedd hi'n sâl yr wythnos diwethaf",
    "Roedd hi'n rhy brysur i ddod, ac mor falch o'n gweld ni",
)


@pytest.mark.parametrize("kind", RemarkKind)
def test_each_kind_is_found(kind: RemarkKind) -> None:
    for said in REMARKS[kind]:
        assert kind in {each.kind for each in remarks_in(said)}, said


def test_what_only_tells_passes() -> None:
    assert [(said, remarks_in(said)) for said in HARMLESS if remarks_in(said)] == []


def test_the_words_are_given_with_their_line() -> None:
    (found,) = remarks_in("We spoke today.\nHer VISA\u00a0runs out.")
    assert (found.line, found.word) == (2, "VISA")
    text = "Visa trouble.\ndana@example.org:\n\nShe is a mess, and her mother is\ndrunk.\nBye"
    assert remarks_in(text) == [
        Remark(RemarkKind.ORIGIN, 1, "Visa"),
        Remark(RemarkKind.LOOKS, 4, "is a mess"),
        Remark(RemarkKind.FAMILY, 4, "mother is drunk"),
    ]
    assert [each.line for each in remarks_in("\nvisa")] == [2]


def test_a_text_is_read_in_time_that_grows_with_its_length_alone() -> None:
    def seconds(times: int) -> float:
        text = "her visa is so very really quite rich where she a.b@ " * times
        began = time.process_time()
        remarks_in(text)
        return time.process_time() - began

    seconds(20)
    assert seconds(1600) < 40 * max(seconds(100), 0.01)
