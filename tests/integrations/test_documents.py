"""Students' documents: recognised by content, made harmless, or refused with a sentence."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from integrations.documents import LONGEST_SIDE, take_document
from store.rules.errors import InvalidInput
from store.rules.students.absences import LONGEST_DOCUMENT, DocumentKind

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
SECRET = b"Canary-51.5074N"


def image(kind: str = "JPEG", size: tuple[int, int] = (60, 30), **saved: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **saved)
    return out.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = 6  # turned by a quarter
    return image(exif=exif, comment=SECRET)


def bomb() -> bytes:
    """Return a PNG of a few bytes that claims to have 40,000 by 40,000 pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + crc

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("run.me", SECRET)
    return out.getvalue()


def test_a_plain_pdf_stays_as_it_came() -> None:
    kept = take_document(PDF)
    assert (kept.kind, kept.content) == (DocumentKind.PDF, PDF)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_image_is_written_anew(kind: str) -> None:
    kept = take_document(image(kind))
    assert kept.kind is DocumentKind.JPEG
    with Image.open(io.BytesIO(kept.content)) as again:
        assert (again.format, again.size) == ("JPEG", (60, 30))


def test_nothing_of_the_file_but_its_picture_stays() -> None:
    """Place and time of the photo and hidden content are removed; the picture is turned upright."""
    came = with_exif() + archive()
    assert SECRET in came
    kept = take_document(came).content
    assert SECRET not in kept
    assert b"PK" not in kept[-200:]
    with Image.open(io.BytesIO(kept)) as again:
        assert (again.size, dict(again.getexif())) == ((30, 60), {})


def test_a_large_photograph_becomes_a_readable_page() -> None:
    with Image.open(io.BytesIO(take_document(image(size=(6000, 4000))).content)) as again:
        assert again.size == (LONGEST_SIDE, 2000)


def test_what_is_transparent_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(take_document(out.getvalue()).content)) as again:
        assert again.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (PDF + b" " * LONGEST_DOCUMENT, "larger than 10 MB"),
        (b"GIF89a" + b"\0" * 50, "neither a PDF nor an image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>", "neither a PDF"),
        (b"MZ\x90\0" + PDF, "neither a PDF"),
        (archive(), "neither a PDF"),
        (image()[:200], "cannot be read"),
        (b"\xff\xd8\xff" + b"\0" * 500, "cannot be read"),
        (b"RIFF\0\0\0\0WAVEfmt ", "cannot be read"),
        (bomb(), "too many pixels"),
        (PDF[:-8], "not complete"),
        (PDF + archive(), "not complete"),
        (PDF.replace(b"trailer", b"% " + archive() + b"\ntrailer"), "not complete"),
        (PDF.replace(b"1 0 obj", b"<html><script>x()</script>\n1 0 obj"), "something else too"),
        (PDF.replace(b"/Root", b"/Encrypt 5 0 R /Root"), "password"),
        (PDF.replace(b"/Root", b"/#45ncrypt 5 0 R /Root"), "password"),
        (PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>"), "programs"),
        (PDF.replace(b"/Catalog", b"/Catalog /Names << /EmbeddedFiles 3 0 R >>"), "other files"),
    ],
)  # fmt: skip
def test_everything_else_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        take_document(content)
    assert said in refused.value.sentence
    assert refused.value.field == "document"
