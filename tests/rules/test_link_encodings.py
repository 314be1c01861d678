"""Decoding of links, one case for each change that filters and mail programs make."""

from __future__ import annotations

import base64
import gzip
import zlib

import pytest

from store.rules.students.link_encodings import DECODINGS, Seen

WORDS = "student/a-b_c.d???~~~g123456789"
"""Its base64 uses every character of that alphabet."""
BYTES = WORDS.encode()
BASE64 = base64.b64encode(BYTES).decode()
BASE32 = base64.b32encode(BYTES).decode()


def seen(text: str) -> Seen:
    return Seen(text, tuple((at, at + 1) for at in range(len(text))))


def undone(text: str) -> set[str]:
    """Return the results of each decoding by itself, without the text itself."""
    return {read(seen(text)).text for read in DECODINGS} - {text}


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        # One letter as the bytes of UTF-8, and bytes that are not UTF-8.
        ("%EF%BC%A1", "Ａ"),
        ("=ef=bc=a1", "Ａ"),
        ("%C3%A9", "é"),
        ("%C0%80", "\ufffd\ufffd"),
        ("a\u200b\u00adb", "ab"),
        ("%41%u0042%0d%0A", "AB\r\n"),
        ("%00%41%80", "\ufffdA\ufffd"),
        ("=41=3D", "A="),
        ("&#65;&sol;&#x42;", "A/B"),
        ("\\u0041\\x42\\103\\/", "ABC/"),
        # A letter of another alphabet is in no link, but its wide forms may be.
        ("\\u00e9\\uff21\\u200b\\x2e", "\\u00e9Ａ\u200b."),
        ("+AF8-+AD0", "_="),
        ("-2D_-5F", "-/_"),
        ("/v3/__a*b**Ac__;Li0u!!x$", "a.b-.c!!x$"),
        ("a*b**Bc__;LTEyMw!!x /v3/__d*e__;Lg!!", "a-b123c!!x d.e!!"),
        ("a**-b__;" + base64.urlsafe_b64encode(b"." * 64).decode().rstrip("=") + "!!",
         f"a{'.' * 64}b!!"),
        ("a**Ab*c__;Li0u!! d*e__;Lg==!!", "a.-b.c!! d.e!!"),
        ("/v3/__a*b__;Lg!! /v3/__c*d__;Lg!!", "a.b!! c.d!!"),
        ("b*c__;Li4-!!", "b>c!!"),  # the first gaps are cut off
        ("a=\nb=\r\n \tc=\rd", "abcd"),
        ("a\nb\r\n> |c\rd", "abcd"),
        ("Ａ．\u3002\U0001d41a", "A..a"),
        ("hxxp://a[.]b(.)c[dot]d(dot)e{dot}f[:]g[/]h", "http://a.b.c.d.e.f:g/h"),
        ("HXXP[DOT]", "http."),
        (BASE64, WORDS),
        (BASE64.rstrip("="), WORDS),
        (BASE64.replace("+", "-").replace("/", "_"), WORDS),
        (BASE32, WORDS),
        (BASE32.lower().rstrip("="), WORDS),
        (BYTES.hex(), WORDS),
        (BYTES.hex().upper(), WORDS),
        # Lines and invisible characters stay, and bytes that are no letter are marked.
        (base64.b64encode(f"{WORDS}\r\n\u200b\u200c é\0".encode()).decode(),
         f"{WORDS}\r\n\u200b\u200c é\ufffd"),
        (base64.b64encode(WORDS.encode("utf-16-le")).decode(), WORDS),
        (base64.b64encode(WORDS.encode("utf-16-be")).decode(), WORDS),
        (base64.b64encode(gzip.compress(BYTES, mtime=0)).decode(), WORDS),
        (base64.b64encode(zlib.compress(BYTES)).decode(), WORDS),
        # A random beginning of a packed text, before the right one.
        (base64.b64encode(b"\x1f\x8b\x08x\x9cz" + zlib.compress(BYTES)).decode(), WORDS),
        (base64.b64encode("\u200b".join(WORDS).encode()).decode(), "\u200b".join(WORDS)),
        # A piece without words stays, and what follows it is read.
        (f"{'A' * 24} {BASE64}", f"{'A' * 24} {WORDS}"),
    ],
)  # fmt: skip
def test_each_way_of_writing_is_undone(written: str, plain: str) -> None:
    assert plain in undone(written)


@pytest.mark.parametrize("cut", range(8))
def test_a_coding_is_read_from_any_letter_to_any_letter(cut: int) -> None:
    """A path before it may end in letters of the same alphabet, and a fold may end it early."""
    for coded, most, bits in ((BASE64, 4, 6), (BASE32, 8, 5), (BYTES.hex(), 2, 4)):
        before = "abcdefg2"[:cut].upper() if coded == BASE32 else "abcdefab"[:cut]
        if cut < most:
            assert f"{before}{WORDS}" in undone(f"{before}{coded}")
        letters = len(coded.rstrip("=")) - cut
        assert WORDS[: letters * bits // 8] in undone(coded[:letters])


@pytest.mark.parametrize(
    "text",
    [
        "an ordinary sentence",
        "A" * 40,
        "0" * 40,
        base64.b64encode(b"\xfe\x81\x9a" * 10).decode(),
        base64.b64encode(b"\x1f\x8b\x08 no packing at all\x80").decode()[:24],
        base64.b64encode(b"fifteen letters" + b"\xff" * 9).decode(),
    ],
)
def test_chance_is_not_taken_for_a_coding(text: str) -> None:
    assert undone(text) == set()
    assert undone("a*b__;L!!") == {"a*b//;L!!"}, "no letters of gaps"


def test_what_is_packed_is_unpacked_so_far_and_no_further() -> None:
    bomb = base64.b64encode(gzip.compress(b"a" * 1_000_000, mtime=0)).decode()
    assert max(map(len, undone(bomb))) == 200_000


def test_each_letter_keeps_its_place_in_the_text() -> None:
    spans = {read(seen("a%41%42b")).at for read in DECODINGS}
    assert ((0, 1), (1, 4), (4, 7), (7, 8)) in spans
    every = [read(seen(f"x {BASE64}")) for read in DECODINGS]
    (coded,) = {each.at for each in every if each.text == f"x {WORDS}"}
    assert coded == ((0, 1), (1, 2), *[(2, 2 + len(BASE64))] * len(WORDS))
