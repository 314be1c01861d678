"""Take a document that a student sends: recognised by its content, and made harmless.

An image is written anew, so that nothing of the file itself stays: no metadata, no second file
behind the picture. A PDF stays as it came, since no colleague could rely on one that was changed;
it is only ever handed out as a file. Source of the decoders: Pillow, JPEG, PNG and WebP alone.
"""

from __future__ import annotations

import io
import re
import threading
import warnings

from integrations.error_summary import GOES_THROUGH
from store.rules.errors import InvalidInput
from store.rules.students.absences import LONGEST_DOCUMENT, Document, DocumentKind

MOST_PIXELS = 50_000_000
"""Pixels: what telephones photograph. As colours they fill 200 MB."""
LONGEST_SIDE = 3000
"""Pixels of the image as it is stored: an A4 page at 250 dots per inch."""

_TOO_LONG = "The document is larger than 10 MB. Choose a smaller one, or send a photograph of it."
_EMPTY = "The document is empty. Choose another one."
_NEITHER = "The document is neither a PDF nor an image (JPEG, PNG or WebP). Choose another one."
_BROKEN = "The image cannot be read. Take the photograph again, or choose another one."
_HUGE = "The image has too many pixels. Choose a smaller one, or take a photograph of it."
_LOCKED = "The PDF is protected with a password. Choose one without, or send a photograph of it."
_ACTIVE = "The PDF holds programs or other files. Print it as a new PDF, or photograph it."
_NOT_WHOLE = "The PDF is not complete, or holds something else too. Choose another one."
REFUSALS = (_TOO_LONG, _EMPTY, _NEITHER, _BROKEN, _HUGE, _LOCKED, _ACTIVE, _NOT_WHOLE)
"""Every sentence, for the test of the Welsh."""

_IMAGES = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF"}
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTS = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)\b")
_ARCHIVES = (b"PK\x05\x06", b"PK\x03\x04", b"7z\xbc\xaf", b"Rar!\x1a\x07")
_MARKUP = re.compile(rb"<(?:!doctype|html|script|svg|body)", re.IGNORECASE)
# One image at a time is enough for a school, and bounds the memory.
_ONE = threading.Lock()


def take_document(content: bytes) -> Document:
    """Return the document as it may be stored. Raises ``InvalidInput``, with a sentence for the
    student, for everything but a plain PDF or an image.
    """
    if len(content) > LONGEST_DOCUMENT:
        raise _refused(_TOO_LONG)
    if not content:
        raise _refused(_EMPTY)
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return Document(DocumentKind.PDF, content)
    for name, mark in _IMAGES.items():
        if content.startswith(mark):
            return Document(DocumentKind.JPEG, _written_anew(content, name))
    raise _refused(_NEITHER)


def _check_pdf(content: bytes) -> None:
    """Refuse what is not a PDF alone, is locked, or says that it does something by itself.

    Names in compressed parts are not seen. No part of Lantern opens the file.
    """
    tail = content.rstrip(b"\r\n\t \0")
    if not tail.endswith(b"%%EOF") or _MARKUP.search(content[:1024]):
        raise _refused(_NOT_WHOLE)
    # What opens archives looks for their end within 64 KB of the end of the file.
    if any(mark in content[-(1 << 16) :] or mark in content[:1024] for mark in _ARCHIVES):
        raise _refused(_NOT_WHOLE)
    # A name may be written with escapes: /#45ncrypt.
    plain = _ESCAPED.sub(lambda each: bytes([int(each[1], 16)]), content)
    if re.search(rb"/Encrypt\b", plain):
        raise _refused(_LOCKED)
    if _ACTS.search(plain):
        raise _refused(_ACTIVE)


def _written_anew(content: bytes, name: str) -> bytes:
    from PIL import Image, ImageOps

    try:
        # Its warning of many pixels is ours to decide.
        with _ONE, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=(name,)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise _refused(_HUGE)
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                coloured = image.convert("RGBA")
            coloured.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            turned = ImageOps.exif_transpose(coloured)
            # Only the colours are taken over; what is transparent becomes white paper.
            paper = Image.new("RGB", turned.size, "white")
            paper.paste(turned, mask=turned.getchannel("A"))
            out = io.BytesIO()
            paper.save(out, "JPEG", quality=85)
    except (InvalidInput, *GOES_THROUGH):
        raise
    except Image.DecompressionBombError:
        raise _refused(_HUGE) from None
    except Exception:  # noqa: BLE001 -- whatever a decoder makes of a hostile file
        raise _refused(_BROKEN) from None
    return out.getvalue()


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, field="document")
